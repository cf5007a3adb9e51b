"""Words for sending that the outbox and the channels share."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.errors import SendError, SendPolicy

URGENT, REPLY, NOTICE, BULK = -1, 0, 1, 2  # priorities in the outbox; URGENT: the answer to a cry for help
REPEAT_AFTER = (2.0, 10.0)  # seconds; the waits before an answer goes out again that may have been lost on the way
URGENT_REPEAT_AFTER = (0.5, 3.0)  # the same for the answer to a cry for help
NUMBER_FROM = "number_from"  # key in OutboundMessage.meta: the number of its first choice where choices are numbered


ONCE = "once"  # key in OutboundMessage.meta: a second copy is worse than none (a campaign)


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
    """Whether a message may go out now. code: why not; wait: seconds until it may, or None for never.

    paid: each copy costs money.
    """

    ok: bool = True
    code: str = ""
    wait: float | None = None
    paid: bool = False


def repeat_after(priority: int, unsure: int, *, paid: bool = False) -> float | None:
    """Seconds until a message is sent once more that may have been lost on the way; None for never. The one place to decide.

    unsure: how often that has happened to it. Somebody who waits for an answer is better off with two copies than with
    none; a campaign is not, nor is what costs money.
    """
    waits = URGENT_REPEAT_AFTER if priority <= URGENT else REPEAT_AFTER
    if priority >= BULK or paid or unsure >= len(waits):
        return None
    return waits[unsure]


class Moved(SendError):
    """The chat has a new id (`to`); send there, and remember it."""

    def __init__(self, to: str) -> None:
        super().__init__(SendPolicy.RETRY, "moved")
        self.to = to
