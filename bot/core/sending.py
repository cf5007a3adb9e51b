"""Words for sending that the outbox and the channels share."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.errors import SendError, SendPolicy

NUMBER_FROM = "number_from"  # key in OutboundMessage.meta: the number of its first choice where choices are numbered


@dataclass(frozen=True)
class Address:
    """Where to send. person: the platform's id; reply_to: extra addressing (an anonymous Zalo conversation)."""

    person: str
    reply_to: str = ""


@dataclass(frozen=True)
class Pace:
    """How fast a platform may be used. per_second and burst hold for all processes together; per_chat in seconds."""

    per_second: float
    burst: int
    per_chat: float
    at_once: int = 8


@dataclass(frozen=True)
class Judgement:
    """Whether a message may go out now. code: why not; wait: seconds until it may, or None for never."""

    ok: bool = True
    code: str = ""
    wait: float | None = None


class Moved(SendError):
    """The chat has a new id (`to`); send there, and remember it."""

    def __init__(self, to: str) -> None:
        super().__init__(SendPolicy.RETRY, "moved")
        self.to = to
