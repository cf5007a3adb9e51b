"""The conversation state that leaves the engine: few events, no words. Pure functions over Rasa's event dictionaries.

A state is `{"v": 1, "model": "<hash of what the model was made from>", "events": [...], "draft": {...}}`. The gateway
seals and stores it; the engine keeps nothing. Events are Rasa's own (`Event.as_dict`) with everything removed that a
later turn does not need: text, entities, tokens, rankings, bot messages, metadata, policy names.

Two bounds keep the cost of a turn flat, where stock Rasa grows by some 0.3 ms with every message of a conversation:
whole turns beyond the last KEEP_TURNS go, cut only where no form is active; and when a form stays open for longer than
MAX_TURNS the history is rebuilt from the slots and the open form. Slots are seeded again in both cases.

Standard library only, Python 3.10-compatible: tested by the product's own tests without Rasa.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

VERSION = 1
KEEP_TURNS = 6
MAX_TURNS = 12
LISTEN = "action_listen"

EventDict = dict[str, Any]

# What each kind of event keeps beside its kind and time. Kinds that are missing here are dropped.
_KEPT: dict[str, tuple[str, ...]] = {
    "action": ("name", "hide_rule_turn"),
    "slot": ("name", "value"),
    "active_loop": ("name",),
    "loop_interrupted": ("is_loop_interrupted",),
    "action_execution_rejected": ("name",),
    "user_featurization": ("use_text_for_featurization",),
    "followup": ("name",),
    "session_started": (),
    "restart": (),
    "rewind": (),
    "undo": (),
    "reset_slots": (),
    "pause": (),
    "resume": (),
}


def slim(event: EventDict) -> EventDict | None:
    """`event` without a citizen's words and without what no later turn reads; None if nothing is left of it."""
    kind = event.get("event")
    if kind == "user":
        intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        return {"event": "user", "timestamp": event.get("timestamp"), "intent": intent}
    kept = _KEPT.get(str(kind))
    if kept is None:
        return None
    return {"event": kind, "timestamp": event.get("timestamp")} | {k: event[k] for k in kept if k in event}


@dataclass(frozen=True)
class _Point:
    """What holds at the start of a turn: the index of its action_listen, the open loop, the slots that were set."""

    index: int
    loop: str | None = None
    interrupted: bool | None = None
    slots: dict[str, Any] = field(default_factory=dict)


def _apply(point: _Point, event: EventDict) -> _Point:
    kind = event["event"]
    if kind == "slot":
        return replace(point, slots=point.slots | {event["name"]: event.get("value")})
    if kind == "active_loop":
        return replace(point, loop=event.get("name"), interrupted=None)
    if kind == "loop_interrupted":
        return replace(point, interrupted=event.get("is_loop_interrupted"))
    if kind == "reset_slots":
        return replace(point, slots={})
    if kind in {"restart", "session_started"}:
        return _Point(point.index)
    return point


def _is_listen(event: EventDict) -> bool:
    return event["event"] == "action" and event.get("name") == LISTEN


def _points(events: list[EventDict]) -> Iterator[_Point]:
    """One point for each turn start, and last of all the point after every event."""
    now = _Point(0)
    before_user: list[_Point] = []  # to undo a "rewind", which takes back the last user message and what it set
    for i, event in enumerate(events):
        if event["event"] == "user":
            before_user.append(now)
            if i and _is_listen(events[i - 1]):
                yield replace(now, index=i - 1)
        elif event["event"] == "rewind" and before_user:
            now = before_user.pop()
        now = _apply(now, event)
    yield replace(now, index=len(events))


def _head(point: _Point, timestamp: float | None) -> list[EventDict]:
    """A session that starts with the slots of `point`."""
    events: list[EventDict] = [
        {"event": "action", "name": "action_session_start"},
        {"event": "session_started"},
        *({"event": "slot", "name": name, "value": value} for name, value in point.slots.items()),
    ]
    return [event | {"timestamp": timestamp} for event in events]


def _rebuild(events: list[EventDict], point: _Point) -> list[EventDict]:
    """Slots and the open form only, at rest; no user message is left."""
    timestamp = events[-1].get("timestamp")
    tail: list[EventDict] = []
    if point.loop is not None:
        tail += [{"event": "action", "name": point.loop}, {"event": "active_loop", "name": point.loop}]
        if point.interrupted is not None:
            tail.append({"event": "loop_interrupted", "is_loop_interrupted": point.interrupted})
    tail.append({"event": "action", "name": LISTEN})
    return _head(point, timestamp) + [event | {"timestamp": timestamp} for event in tail]


def bound(events: list[EventDict]) -> list[EventDict]:
    """`events` cut down to the last KEEP_TURNS turns if a cut is possible, and to a rebuilt state beyond MAX_TURNS."""
    *starts, end = _points(events)
    if len(starts) <= KEEP_TURNS:
        return events
    free = [p for p in starts[: len(starts) - KEEP_TURNS + 1] if p.loop is None and p.index > 0]
    if free:
        cut = free[-1]
        events = _head(cut, events[cut.index].get("timestamp")) + events[cut.index :]
        starts = [p for p in starts if p.index >= cut.index]
    return _rebuild(events, end) if len(starts) > MAX_TURNS else events


def carry_over(events: list[EventDict], slots: Collection[str], loops: Collection[str]) -> list[EventDict]:
    """A state made by another model, for a model that knows these slots and loops: history dropped, the rest kept."""
    if not events:
        return []
    *_, end = _points(events)
    loop = end.loop if end.loop in loops else None
    known = {name: value for name, value in end.slots.items() if name in slots}
    if loop is None:
        known.pop("requested_slot", None)
    return _rebuild(events, replace(end, loop=loop, slots=known))


def last_user_time(events: list[EventDict]) -> float | None:
    """Seconds since the epoch of the last message, or of the rebuilt state; None for a state without events."""
    times = [e["timestamp"] for e in events if e["event"] == "user" and isinstance(e.get("timestamp"), (int, float))]
    if times:
        return float(times[-1])
    last = events[-1].get("timestamp") if events else None
    return float(last) if isinstance(last, (int, float)) else None
