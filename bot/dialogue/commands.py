"""What the conversation wants done: typed commands, read once where the engine's answer arrives. Pure; Python 3.10-compatible.

An action says `command(CreateTip(draft=..., ...))`; over the socket it is a name and a JSON object.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any

from bot.core.errors import BadCommand


@dataclass(frozen=True)
class CreateTip:
    """Seal what was told as a tip. draft: as the interview leaves it; category: see bot.core.tips.category; as_words: the code
    is shown as seven words first."""

    draft: dict[str, Any]
    category: str
    urgent: bool
    as_words: bool = False


@dataclass(frozen=True)
class LookUpTip:
    """Open the tip of the receipt code in the message. The code itself never reaches the engine."""


@dataclass(frozen=True)
class ShowSentTip:
    """Read back the tip that is open, as it was sent."""


@dataclass(frozen=True)
class AddReporterMessage:
    """Further words and packed references of files for the tip that is open."""

    text: str = ""
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddToSentTip:
    """The same for the tip just sent, while the interview about it goes on.

    question: whose answer it is, or ""; facts: what was read from it, see interview.afterwards.Addition; quiet: nothing is
    said of it, for the next question follows.
    """

    text: str = ""
    files: tuple[str, ...] = ()
    question: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    quiet: bool = False


@dataclass(frozen=True)
class CloseTipView:
    """Close the tip that is open."""


@dataclass(frozen=True)
class CheckOffer:
    """Judge an advert. topic: the item to answer with when it is none, or ""."""

    text: str = ""
    topic: str = ""


@dataclass(frozen=True)
class Subscribe:
    """Offer the newsletter."""


@dataclass(frozen=True)
class Unsubscribe:
    """End the newsletter."""


@dataclass(frozen=True)
class CallHuman:
    """Say how a person is reached."""


Command = (
    CreateTip
    | LookUpTip
    | ShowSentTip
    | AddReporterMessage
    | AddToSentTip
    | CloseTipView
    | CheckOffer
    | Subscribe
    | Unsubscribe
    | CallHuman
)
KINDS: dict[str, type[Command]] = {
    kind.__name__: kind
    for kind in (
        CreateTip, LookUpTip, ShowSentTip, AddReporterMessage, AddToSentTip, CloseTipView, CheckOffer, Subscribe, Unsubscribe,
        CallHuman,
    )
}  # fmt: skip
_OF_TYPE: dict[str, type[Any]] = {"str": str, "bool": bool, "dict[str, Any]": dict}


def parse(name: str, args: Mapping[str, Any]) -> Command:
    """The command that the engine names. Raises BadCommand, which names the command and the argument and quotes neither's value."""
    kind = KINDS.get(name)
    if kind is None:
        raise BadCommand("unknown")
    wanted = {one.name: one for one in fields(kind)}
    if not wanted.keys() >= args.keys():
        raise BadCommand(f"{name}: an argument it does not have")
    given: dict[str, Any] = {}
    for one in wanted.values():
        if one.name in args:
            given[one.name] = _typed(name, one.name, str(one.type), args[one.name])
        elif one.default is MISSING and one.default_factory is MISSING:
            raise BadCommand(f"{name}.{one.name}: missing")
    return kind(**given)


def _typed(name: str, argument: str, hint: str, value: Any) -> Any:
    if hint == "tuple[str, ...]":
        if isinstance(value, (list, tuple)) and all(isinstance(part, str) for part in value):
            return tuple(value)
    elif isinstance(value, _OF_TYPE[hint]):
        return value
    raise BadCommand(f"{name}.{argument}: not of its kind")
