"""Rasa's view of a turn: a tracker store that reads the state from the request and writes it into the answer."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core import events as rasa_events
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.engine import state


@dataclass
class TurnRecord:
    """What Rasa reads and leaves behind during one turn. `failed` is the name of an action that raised."""

    before: list[state.EventDict] = field(default_factory=list)
    after: list[state.EventDict] = field(default_factory=list)
    listening: bool = False
    failed: str = ""


record: ContextVar[TurnRecord] = ContextVar("record")


def _registry() -> dict[str, type[Event]]:
    """Kind -> class. Rasa's own look-up walks all subclasses for each event: 40 % of a stock turn."""
    found: dict[str, type[Event]] = {}
    for cls in all_subclasses(rasa_events.Event):
        if cls.__module__ == rasa_events.__name__:
            found.setdefault(cls.type_name, cls)
    return found


_CLASSES = _registry()


def load_event(event: state.EventDict) -> Event:
    """Rasa's event for a slim one. Raises KeyError for a kind no state contains."""
    if event["event"] == "user":
        intent = {"name": event.get("intent"), "confidence": 1.0}
        return UserUttered("", intent, timestamp=event.get("timestamp"))
    if event["event"] == "action":
        loaded: Event = ActionExecuted(
            event["name"], timestamp=event.get("timestamp"), hide_rule_turn=bool(event.get("hide_rule_turn"))
        )
        return loaded
    return _CLASSES[event["event"]]._from_parameters(event)


class TurnStore(TrackerStore):
    """Reads and writes the current TurnRecord; knows no other conversation and touches no disk."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        before = record.get().before
        if not before:
            return None
        return DialogueStateTracker.from_events(sender_id, [load_event(e) for e in before], self.domain.slots)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        return await self.retrieve(conversation_id)

    async def keys(self) -> list[str]:
        return []

    async def save(self, tracker: DialogueStateTracker) -> None:
        now = record.get()
        slimmed = (state.slim(event.as_dict()) for event in tracker.events)
        now.after = state.bound([event for event in slimmed if event is not None])
        now.listening = tracker.latest_action_name == state.LISTEN

    def __repr__(self) -> str:
        return "TurnStore()"


def turn_record(events: list[dict[str, Any]]) -> TurnRecord:
    """A fresh record made the current one of this task."""
    fresh = TurnRecord(before=events)
    record.set(fresh)
    return fresh
