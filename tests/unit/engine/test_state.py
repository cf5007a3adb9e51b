"""The state that leaves the engine: no words, bounded, slots kept."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

from bot.engine import state

CLOCK = count(1_000)


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {"event": kind, "timestamp": float(next(CLOCK))} | fields


def action(name: str) -> dict[str, Any]:
    return event("action", name=name)


def opening() -> list[dict[str, Any]]:
    return [action("action_session_start"), event("session_started"), action("action_listen")]


def turn(intent: str = "ask", *between: dict[str, Any]) -> list[dict[str, Any]]:
    return [event("user", intent=intent), *between, action("utter_answer"), action("action_listen")]


def turns(events: list[dict[str, Any]]) -> int:
    return sum(e["event"] == "user" for e in events)


def slots(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {e["name"]: e["value"] for e in events if e["event"] == "slot"}


def test_slim_erases_words_entities_tokens_and_bot_messages() -> None:
    user = event(
        "user",
        text="MARK",
        input_channel="MARK",
        message_id="MARK",
        metadata={"a": "MARK"},
        parse_data={
            "intent": {"name": "greet", "confidence": 0.9},
            "text": "MARK",
            "entities": [{"value": "MARK"}],
            "text_tokens": ["MARK"],
            "intent_ranking": [{"name": "MARK"}],
        },
    )
    others = [
        event("bot", text="MARK", data={"custom": "MARK"}),
        event("entities", entities=["MARK"]),
        event("slot", name="a", value="draft:a", metadata={"x": "MARK"}),
        event("action", name="utter_a", action_text="MARK", policy="MARK", hide_rule_turn=True),
        event("a_kind_of_a_later_rasa", text="MARK"),
    ]
    slimmed = [state.slim(e) for e in [user, *others]]
    assert "MARK" not in json.dumps(slimmed)
    assert slimmed[0] == {"event": "user", "timestamp": user["timestamp"], "intent": "greet"}
    assert slimmed[1] is None


def test_short_conversations_are_left_alone() -> None:
    events = opening() + turn() * 6
    assert state.bound(events) == events


def test_history_is_bounded_to_six_turns_with_slots_seeded_again() -> None:
    events = opening() + turn("ask", event("slot", name="topic", value="job"))
    for _ in range(50):
        events = state.bound(events + turn())
        assert turns(events) <= state.KEEP_TURNS
    assert slots(events) == {"topic": "job"}
    assert [e["event"] for e in events[:2]] == ["action", "session_started"]


def test_a_cut_never_falls_into_an_open_form() -> None:
    form = turn("report", action("tip_form"), event("active_loop", name="tip_form"))
    events = opening() + turn() * 2 + form
    for _ in range(10):
        events = state.bound(events + turn())
    assert events.count(form[2]) == 1, "the turn that opened the form is still there"
    assert turns(events) == 11, "what came before the form is gone, the form's own turns are kept"


def test_a_form_that_never_ends_is_rebuilt_from_slots_and_stays_open() -> None:
    events = opening() + turn("report", action("tip_form"), event("active_loop", name="tip_form"))
    events += turn("ask", event("slot", name="tip_what", value="draft:tip_what"))
    for _ in range(200):
        events = state.bound(events + turn())
        assert turns(events) <= state.MAX_TURNS
    loops = [e["name"] for e in events if e["event"] == "active_loop"]
    assert loops == ["tip_form"]
    assert slots(events)["tip_what"] == "draft:tip_what"


def test_what_a_reverted_message_set_is_not_seeded_again() -> None:
    events = opening() + turn("ask", event("slot", name="topic", value="job"))
    events += [event("user", intent="odd"), event("slot", name="topic", value="wrong"), event("rewind")]
    events += [action("action_listen")] + turn() * 12
    assert slots(state.bound(events)) == {"topic": "job"}


def test_restart_and_reset_forget_slots() -> None:
    for forgets in ("restart", "reset_slots", "session_started"):
        events = opening() + turn("ask", event("slot", name="topic", value="job")) + turn("stop", event(forgets))
        assert slots(state.bound(events + turn() * 12)) == {}


def test_carry_over_keeps_known_slots_and_the_open_form_only() -> None:
    events = opening() + turn("report", event("active_loop", name="tip_form"), event("slot", name="old", value=1))
    events += turn(
        "ask", event("slot", name="tip_what", value="draft:x"), event("slot", name="requested_slot", value="b")
    )
    kept = state.carry_over(events, slots={"tip_what", "requested_slot"}, loops={"tip_form"})
    assert turns(kept) == 0
    assert slots(kept) == {"tip_what": "draft:x", "requested_slot": "b"}
    assert [e["name"] for e in kept if e["event"] == "active_loop"] == ["tip_form"]
    assert kept[-1]["name"] == "action_listen"


def test_carry_over_closes_a_form_the_new_model_does_not_know() -> None:
    events = opening() + turn(
        "report", event("active_loop", name="gone"), event("slot", name="requested_slot", value="b")
    )
    kept = state.carry_over(events, slots={"requested_slot"}, loops={"tip_form"})
    assert slots(kept) == {}
    assert not [e for e in kept if e["event"] == "active_loop"]


def test_carry_over_of_nothing_is_nothing() -> None:
    assert state.carry_over([], slots=set(), loops=set()) == []


def test_last_user_time() -> None:
    assert state.last_user_time([]) is None
    events = opening() + turn()
    assert state.last_user_time(events) == events[3]["timestamp"]
    assert state.last_user_time(opening()) is not None
