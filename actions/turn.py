"""What one turn knows beside Rasa's tracker, and how actions speak.

The citizen's words never enter a Rasa slot or event: they live in `Turn.draft`, which the gateway seals with the rest of
the conversation state. Slots hold references. The engine sets the current turn before Rasa runs and reads it afterwards.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field, fields
from typing import Any

from bot.dialogue.commands import Command


@dataclass
class Turn:
    """One message being answered.

    text: the citizen's words, NFC, at most 4,000 characters; "" for a tapped button.
    choice: the id of the tapped button, or "".
    context: read-only facts prepared by the gateway (language, place, receipt check...); JSON values.
    draft: what the citizen has told so far in a form; JSON values; written by actions.
    stepped_out: a form has read the message and given way to the rule that answers it; Rasa asks the form once more after that.
    """

    text: str = ""
    choice: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    draft: dict[str, Any] = field(default_factory=dict)
    stepped_out: bool = False


_current: ContextVar[Turn] = ContextVar("turn")


def current() -> Turn:
    """The turn being answered. Raises LookupError outside of one."""
    return _current.get()


def begin(turn: Turn) -> None:
    """Make `turn` the current one for this task."""
    _current.set(turn)


def command(wanted: Command) -> dict[str, Any]:
    """A command for the gateway's use cases, carried out in the transaction that ends the turn, as it goes over the socket."""
    args = {one.name: getattr(wanted, one.name) for one in fields(wanted)}
    return {
        "command": type(wanted).__name__,
        "args": {k: list(v) if isinstance(v, tuple) else v for k, v in args.items()},
    }
