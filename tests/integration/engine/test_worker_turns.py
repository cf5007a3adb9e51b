"""What a turn is: a pure function of state and message, with the guards stock Rasa lacks."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from tests.support.engine_worker import Worker

OPEN_FORM = ("tôi muốn báo tin",)


def test_answer_has_the_documented_shape(worker: Worker) -> None:
    answer = worker.turn("xin chào", state=None, choice="", intent="", context={}, conversation="x")
    assert set(answer) == {"id", "ok", "state", "replies", "commands", "nlu"}
    assert answer["replies"] == [{"say": "greeting", "args": {}}]
    assert answer["commands"] == []
    assert set(answer["state"]) == {"v", "model", "events", "draft"}
    nlu = answer["nlu"]
    assert nlu["intent"] == "greet"
    assert nlu["confidence"] > 0.5
    assert nlu["emergency"] is False
    assert nlu["ranking"][0] == ["greet", nlu["confidence"]]
    assert len(nlu["ranking"]) == 5


def test_ping(worker: Worker) -> None:
    answer = worker.ask(op="ping")
    assert answer["ready"] is True
    assert 50 * 2**20 < answer["rss"] < 300 * 2**20, "the aim is under 300 MiB a worker"
    assert answer["model"] == worker.turn("xin chào")["state"]["model"]


def test_same_state_and_message_give_the_same_answer(worker: Worker) -> None:
    _, opened = worker.talk(*OPEN_FORM)
    answers = [worker.turn("họ giữ giấy tờ của chị ấy", state=opened["state"]) for _ in range(3)]
    assert len({json.dumps(a["replies"]) for a in answers}) == 1
    assert len({json.dumps(a["state"]["draft"]) for a in answers}) == 1


def test_conversations_do_not_mix(worker: Worker) -> None:
    _, opened = worker.talk(*OPEN_FORM)
    assert worker.talk("xin chào")[0] == [["greeting"]]
    said, _ = worker.talk("họ giữ giấy tờ của chị ấy", state=opened["state"])
    assert said == [["ask_where"]]


def test_form_fills_the_draft_and_commands_come_out_in_order(worker: Worker) -> None:
    said, last = worker.talk(*OPEN_FORM, "họ giữ giấy tờ của chị ấy", "nhà trọ gần bến xe")
    assert said == [["ask_what"], ["ask_where"], ["tip_sent"]]
    args = {"tip_what": "họ giữ giấy tờ của chị ấy", "tip_where": "nhà trọ gần bến xe"}
    assert last["commands"] == [{"command": "CreateTip", "args": args, "after": 0}]
    assert last["state"]["draft"] == {}


def test_trap_2_a_second_form_starts_empty(worker: Worker) -> None:
    said, _ = worker.talk(*OPEN_FORM, "việc một", "chỗ một", *OPEN_FORM, "việc hai", "chỗ hai")
    assert said[3:] == [["ask_what"], ["ask_where"], ["tip_sent"]]


def test_trap_4_a_question_inside_the_form_is_answered_and_the_form_goes_on(worker: Worker) -> None:
    said, last = worker.talk(*OPEN_FORM, "gọi số nào để được giúp", "họ giữ giấy tờ của chị ấy")
    assert said == [["ask_what"], ["hotlines", "ask_what"], ["ask_where"]]
    assert last["state"]["draft"] == {"tip_what": "họ giữ giấy tờ của chị ấy"}


def test_cancel_ends_the_form_and_empties_the_draft(worker: Worker) -> None:
    said, last = worker.talk(*OPEN_FORM, "họ giữ giấy tờ của chị ấy", "thôi không báo nữa", "xin chào")
    assert said[2:] == [["cancelled"], ["greeting"]]
    assert last["state"]["draft"] == {}


def test_words_are_in_the_draft_only(worker: Worker) -> None:
    _, last = worker.talk("xin chào MARKA", *OPEN_FORM, "MARKB giữ giấy tờ của chị ấy", "gọi số nào để được giúp MARKC")
    assert last["state"]["draft"] == {"tip_what": "MARKB giữ giấy tờ của chị ấy"}
    assert "MARK" not in json.dumps(last["state"]["events"])


def test_actions_see_the_turn_and_rasa_sees_a_reference(worker: Worker) -> None:
    answer = worker.turn("chào", choice="c1", intent="test_echo", context={"language": "vi"})
    seen = answer["replies"][0]["args"]
    assert (seen["text"], seen["choice"], seen["context"]["language"]) == ("chào", "c1", "vi")
    assert seen["tracker_text"] == "@choice"
    assert seen["context"]["nlu"]["intent"] == "test_echo"


def test_a_tapped_button_bypasses_the_model(worker: Worker) -> None:
    assert worker.turn("", choice="c1")["nlu"] == {
        "intent": "choose",
        "confidence": 1.0,
        "emergency": False,
        "ranking": [["choose", 1.0]],
    }
    assert worker.turn("xin chào", intent="ask_hotline")["replies"] == [{"say": "hotlines", "args": {}}]


@pytest.mark.parametrize(
    ("intent", "code"),
    [
        ("test_raise", "action_failed"),
        ("test_silent", "no_reply"),
        ("test_stuck", "not_listening"),
        ("test_plain", "bad_reply"),
        ("test_draft", "action_failed"),
    ],
)
def test_traps_1_and_7_a_bad_turn_is_an_error_and_has_no_effect(worker: Worker, intent: str, code: str) -> None:
    _, opened = worker.talk(*OPEN_FORM)
    assert worker.turn("x", intent=intent, state=None)["error"] == code
    said, _ = worker.talk("họ giữ giấy tờ của chị ấy", state=opened["state"])
    assert said == [["ask_where"]], "the conversation goes on with the state it had"


def test_trap_7_an_exception_in_form_validation_fails_the_turn(worker: Worker) -> None:
    _, opened = worker.talk(*OPEN_FORM)
    answer = worker.turn("bom nổ", state=opened["state"])
    assert (answer["ok"], answer["error"]) == (False, "action_failed")


def test_trap_1_fallback_comes_to_rest(worker: Worker) -> None:
    said, _ = worker.talk("zzzz qqqq", "zzzz qqqq", "xin chào")
    assert said == [["not_understood"], ["not_understood"], ["greeting"]]


def test_an_intent_without_a_rule_is_answered(worker: Worker) -> None:
    answer = worker.turn("x", intent="no_rule")
    assert answer["replies"] == [{"say": "not_understood", "args": {}}]


@pytest.mark.parametrize(
    "text",
    [
        "/greet",
        '/greet{"a": "b"}',
        "/restart",
        "/session_start",
        "//back",
        " / greet",
        "/",
        "///",
        "\x00/greet",
        "\n/restart",
        "/\u2003/restart",
    ],
)
def test_slash_is_never_a_command(worker: Worker, text: str) -> None:
    _, opened = worker.talk(*OPEN_FORM)
    answer = worker.turn(text, state=opened["state"])
    assert answer["ok"]
    assert answer["nlu"]["confidence"] < 1.0
    said, _ = worker.talk("x", state=answer["state"])
    assert said != [["greeting"]], "the form is still open"


@pytest.mark.parametrize("text", ["", " ", "\n", "😀😀", "...", "\x00", "\ud83d", "\u200b"])
def test_trap_8_no_words_is_not_understood(worker: Worker, text: str) -> None:
    answer = worker.turn(text)
    assert answer["ok"]
    assert answer["nlu"]["intent"] == "nlu_fallback"
    assert answer["replies"]


def test_trap_8_long_text_is_cut_for_the_model_and_whole_for_actions(worker: Worker) -> None:
    text = "a" * 100_000
    assert worker.turn(text)["ok"]
    words = "tôi muốn báo tin " + " " * 1_000 + "xin chào " * 500 + " " * 1_000 + "tố giác"
    assert worker.turn(words)["nlu"]["intent"] == "report", "the beginning and the end count"
    answer = worker.turn(text, intent="test_echo")
    assert answer["replies"][0]["args"]["text"] == text


def test_trap_8_decomposed_letters_are_composed(worker: Worker) -> None:
    text = "cho mình xin số tổng đài"
    composed, decomposed = (worker.turn(unicodedata.normalize(form, text))["nlu"] for form in ("NFC", "NFD"))
    assert composed == decomposed


def test_parse(worker: Worker) -> None:
    answer = worker.ask(op="parse", texts=["xin chào", "", "/restart"])
    assert [r["intent"] for r in answer["results"]][:2] == ["greet", "nlu_fallback"]
    assert all(set(r) == {"intent", "confidence", "emergency", "ranking", "clauses"} for r in answer["results"])
    assert worker.ask(op="parse", texts=[])["results"] == []


@pytest.mark.parametrize(
    "request_",
    [
        {"op": "turn", "text": 3},
        {"op": "turn", "text": None},
        {"op": "turn", "text": "x", "state": []},
        {"op": "turn", "text": "x", "context": "c"},
        {"op": "turn", "text": "x", "choice": {}},
        {"op": "parse"},
        {"op": "parse", "texts": [1]},
        {"op": "parse", "texts": ["x"] * 257},
        {"op": "restart"},
        {},
    ],
)
def test_bad_requests(worker: Worker, request_: dict[str, Any]) -> None:
    answer = worker.ask(**request_)
    assert (answer["ok"], answer["error"]) == (False, "bad_request")


def test_a_broken_line_does_not_end_the_connection(worker: Worker) -> None:
    worker.send(b"{MARK\n")
    assert worker.receive() == {"id": None, "ok": False, "error": "bad_request"}
    assert worker.ask(op="ping")["ok"]


def test_many_requests_in_flight_are_answered_in_order(worker: Worker) -> None:
    from bot.engine import protocol

    worker.send(b"".join(protocol.encode({"id": 900 + i, "op": "turn", "text": "xin chào"}) for i in range(20)))
    assert [worker.receive()["id"] for _ in range(20)] == list(range(900, 920))
