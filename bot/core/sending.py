"""Sending: the words that all senders and channels share, and what becomes of a message that was not confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

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


@dataclass(frozen=True)
class Patience:
    """How long a kind of message is tried. All in seconds.

    back_off: before the second try, the third and so on. trouble: while the account itself is in trouble. counted: whether
    such a time uses up a try. at_least: what a platform asks for only lengthens a wait, and never shortens it.
    """

    back_off: tuple[float, ...]
    trouble: float
    counted: bool = False
    at_least: bool = False

    @property
    def most_tries(self) -> int:
        """After so many it is given up, unless the error names another number."""
        return len(self.back_off) + 1

    def before(self, attempts: int) -> float:
        """The wait after so many tries that failed."""
        return self.back_off[min(attempts, len(self.back_off)) - 1]


MESSAGES = Patience((5.0, 60.0, 300.0, 600.0), trouble=60.0)  # replies and campaigns
# The answer to a cry for help: a connection that could not be made is tried again within seconds.
URGENT_MESSAGES = Patience((1.0, 3.0, 10.0, 30.0, 60.0, 300.0, 600.0), trouble=15.0)
# Of officers: an urgent tip climbs after 15 minutes unread in any case.
NOTICES = Patience((10.0, 30.0, 120.0, 300.0, 900.0), trouble=300.0, counted=True, at_least=True)


class Fate(str, Enum):
    """What becomes of a message that was not confirmed."""

    REPEAT = "repeat"  # it may have arrived, and is sent once more
    UNKNOWN = "unknown"  # it may have arrived, and is never sent again
    STOPPED = "stopped"  # nothing goes to this person any more
    REFUSED = "refused"  # our bug, or a content the platform does not take
    EXHAUSTED = "exhausted"  # tried too often
    WAITS = "waits"  # not the message's fault: no try is counted
    AGAIN = "again"


@dataclass(frozen=True)
class Settled:
    """wait: seconds until the next try, where there is one. attempts: tries counted from now on.

    rest: the channel itself has to wait for so long.
    """

    fate: Fate
    attempts: int
    wait: float = 0.0
    rest: bool = False


def settle(
    error: SendError, attempts: int, patience: Patience, *, repeat: float | None = None, pauses: bool = False
) -> Settled:
    """What the error's policy means for a message that was tried `attempts` times before. The one place to decide.

    repeat: see `repeat_after`. pauses: the platform asked the whole channel to wait.
    """
    policy = error.policy
    if policy is SendPolicy.UNKNOWN:
        return Settled(Fate.UNKNOWN, attempts) if repeat is None else Settled(Fate.REPEAT, attempts, repeat)
    if policy in _ENDS:
        return Settled(_ENDS[policy], attempts)
    trouble = policy in {SendPolicy.ALERT, SendPolicy.REFRESH}
    if (trouble or pauses) and not patience.counted:
        return Settled(Fate.WAITS, attempts, error.retry_after or patience.trouble, rest=True)
    attempts += 1
    if attempts >= (error.tries or patience.most_tries):
        return Settled(Fate.EXHAUSTED, attempts)
    wait = patience.before(attempts)
    if trouble:
        wait = max(wait, patience.trouble)
    if error.retry_after is not None:
        wait = max(wait, error.retry_after) if patience.at_least else error.retry_after
    return Settled(Fate.AGAIN, attempts, wait)


_ENDS = {SendPolicy.STOP: Fate.STOPPED, SendPolicy.FIX: Fate.REFUSED}


class Moved(SendError):
    """The chat has a new id (`to`); send there, and remember it."""

    def __init__(self, to: str) -> None:
        super().__init__(SendPolicy.RETRY, "moved")
        self.to = to
