"""States over time: bounded, versioned, carried over to a new model, forgotten after an idle hour."""

from __future__ import annotations

import json

from tests.support.engine_worker import Worker

FORM = ("tôi muốn báo tin", "họ giữ giấy tờ của chị ấy")


def size(answer: dict) -> int:
    return len(json.dumps(answer["state"]))


def test_three_hundred_messages_do_not_grow_the_state(worker: Worker) -> None:
    _, answer = worker.talk("xin chào", *["việc nhẹ lương cao có thật không"] * 8)
    settled = size(answer)
    for i in range(290):
        _, answer = worker.talk(["cảm ơn bạn nhiều", "có số nào gọi không", "zzzz qqqq"][i % 3], state=answer["state"])
        assert size(answer) < settled * 1.5
    slots = {e["name"]: e["value"] for e in answer["state"]["events"] if e["event"] == "slot"}
    assert slots["topic"] == "job", "a slot set 290 messages ago still holds"


def test_a_form_with_a_hundred_questions_in_it_stays_bounded_and_can_be_finished(worker: Worker) -> None:
    _, answer = worker.talk(*FORM)
    for _ in range(100):
        said, answer = worker.talk("gọi số nào để được giúp", state=answer["state"])
        assert said == [["hotlines", "ask_where"]]
        assert len(answer["state"]["events"]) < 400
    said, answer = worker.talk("nhà trọ gần bến xe", state=answer["state"])
    assert said == [["tip_sent"]]
    assert answer["commands"][0]["args"]["tip_what"] == FORM[1]


def test_many_forms_one_after_the_other_stay_bounded(worker: Worker) -> None:
    answer = {"state": None}
    for _ in range(15):
        said, answer = worker.talk(*FORM, "nhà trọ gần bến xe", state=answer["state"])
        assert said == [["ask_what"], ["ask_where"], ["tip_sent"]]
    assert size(answer) < 8_000


def test_a_new_model_keeps_slots_form_and_draft_and_drops_history(worker: Worker) -> None:
    _, answer = worker.talk("việc nhẹ lương cao có thật không", *FORM)
    old = answer["state"] | {"model": "another"}
    said, after = worker.talk("gọi số nào để được giúp", "nhà trọ gần bến xe", state=old)
    assert said == [["hotlines", "ask_where"], ["tip_sent"]]
    assert after["commands"][0]["args"] == {"tip_what": FORM[1], "tip_where": "nhà trọ gần bến xe"}
    assert after["state"]["model"] != "another"


def test_a_new_model_without_the_form_answers_all_the_same(worker: Worker) -> None:
    _, answer = worker.talk(*FORM)
    events = [e | {"name": "gone_form"} if e.get("name") == "tip_form" else e for e in answer["state"]["events"]]
    said, _ = worker.talk("xin chào", state=answer["state"] | {"model": "another", "events": events})
    assert said == [["greeting"]]


def test_a_state_of_another_version_starts_afresh(worker: Worker) -> None:
    _, answer = worker.talk(*FORM)
    for odd in ({**answer["state"], "v": 2}, {}, {"v": 1}):
        said, after = worker.talk("xin chào", state=odd)
        assert said == [["greeting"]]
        assert after["state"]["draft"] == {}


def test_an_idle_hour_ends_the_conversation_and_the_draft(worker: Worker) -> None:
    _, answer = worker.talk(*FORM)
    for minutes, goes_on in ((50, True), (61, False)):
        events = [e | {"timestamp": e["timestamp"] - minutes * 60} for e in answer["state"]["events"]]
        said, after = worker.talk("xin chào bạn", state=answer["state"] | {"events": events})
        assert (said == [["tip_sent"]]) is goes_on
        assert (said == [["greeting"]]) is not goes_on
        assert after["state"]["draft"] == {}


def test_slots_are_not_carried_into_a_new_session(worker: Worker) -> None:
    _, answer = worker.talk("việc nhẹ lương cao có thật không")
    events = [e | {"timestamp": e["timestamp"] - 7_200} for e in answer["state"]["events"]]
    _, after = worker.talk("xin chào", state=answer["state"] | {"events": events})
    assert not [e for e in after["state"]["events"] if e["event"] == "slot"]
