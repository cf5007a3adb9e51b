"""The state of a conversation between two messages. Pure; Python 3.10-compatible."""

from __future__ import annotations

from typing import Any

State = dict[str, Any]
IDLE_SECONDS = 3600.0  # a conversation that rests longer forgets what was being written


def asked(state: dict[str, Any] | None) -> str:
    """The slot that an open form asks for in a stored state, or ''."""
    for event in reversed((state or {}).get("events") or ()):
        if event.get("event") == "slot" and event.get("name") == "requested_slot":
            return str(event.get("value") or "")
    return ""


def in_form(state: State) -> bool:
    """Whether a form is open or a draft begun."""
    engine = state.get("engine") or {}
    return bool(asked(engine) or engine.get("draft"))
