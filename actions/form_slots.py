"""Which slot of a form is open."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet


def asking(tracker: Tracker, slots: tuple[str, ...], slot: str) -> list[dict[str, Any]]:
    """Make `slot` the only open one. After a digression Rasa asks the first open slot, not the one asked before."""
    wanted = {name: None if name == slot else "kept" for name in slots}
    changed = [SlotSet(name, value) for name, value in wanted.items() if tracker.get_slot(name) != value]
    # The form must see a validated slot, or it would take the turn for a question of its own and step aside.
    return [*(changed or [SlotSet(slot, None)]), SlotSet("requested_slot", slot)]
