"""What the clocks ask for: pure decisions over one referral.

    decide(standing, clocks, now) -> Decision(steps, escalation, next_clock_at)

A referral passes through stages, each taken once. Before it is received: the unit above after the first deadline, the
central desk after the second (TTLT 01/2021 and 01/2017), everybody when nobody has decided in 20 days. Once received: a
reminder of the victim's first verification after 3 days (Luật 53/2024/QH15, Đ.27), until there is a result of it, and the
decision (BLTTHS, Đ.147), put off by an extension, until there is one. `Referral.escalation` counts the stages passed; receiving resets it to 0,
an extension to at most 2. A machine that was off finds several stages due at once and takes them together.

Apart from these runs the clock of a reporter's message that speaks of danger and that nobody has dealt with: it climbs as an
urgent tip does, whatever the state, and counts its own steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.core.clocks import Clocks, receive_deadline
from bot.core.referrals.states import FINAL, State

VERIFY_STAGE, DECIDE_STAGE, EXTENDED_STAGE = 1, 2, 3  # of a referral that was received


class Kind(str, Enum):
    """What a step says; the kind of its notice."""

    ESCALATION = "escalation"  # nobody has received it in time
    VERIFY = "verify"  # the victim's first verification is due
    OVERDUE = "overdue"  # the time for a decision is over
    REPLY = "reply_unread"  # a message of the reporter that speaks of danger, which nobody has dealt with in time


class Desk(str, Enum):
    """Who is told."""

    UNIT = "unit"
    ABOVE = "above"
    CENTRAL = "central"


@dataclass(frozen=True)
class Standing:
    """What the clocks know of a referral. Times are seconds since the epoch, 0.0 where it has not happened."""

    state: State
    urgent: bool
    remote: bool
    created_at: float
    received_at: float = 0.0
    extended_until: float = 0.0
    escalation: int = 0
    clock_from: float = 0.0  # reopened, or urgent only since then
    verified: bool = False  # the verification has a result
    decided: bool = False  # the report of a crime is decided, since the clock of that began
    reply_danger_at: float = 0.0  # of the first message that speaks of danger and is not dealt with
    reply_steps: int = 0

    @property
    def begun_at(self) -> float:
        """From when the clock of receiving counts."""
        return max(self.created_at, self.clock_from)


@dataclass(frozen=True)
class Step:
    """One stage that is due. number: the value of `escalation` after it."""

    number: int
    kind: Kind
    due_at: float
    desks: tuple[Desk, ...]


@dataclass(frozen=True)
class Decision:
    """The steps to take now, oldest first, and what the referral's row says afterwards (0.0: no clock runs)."""

    steps: tuple[Step, ...]
    escalation: int
    next_clock_at: float
    reply_steps: int = 0


def decide(standing: Standing, clocks: Clocks, now: float) -> Decision:
    """Every stage that is due and was not taken. Deciding again after taking them finds none."""
    open_stages = [stage for stage in stages(standing, clocks) if stage.number > standing.escalation]
    due = tuple(stage for stage in open_stages if stage.due_at <= now)
    taken = max([standing.escalation, *(stage.number for stage in due)])
    left = [stage.due_at for stage in open_stages if stage.number > taken]
    replies = tuple(s for s in reply_stages(standing, clocks) if s.number > standing.reply_steps and s.due_at <= now)
    reply_steps = max([standing.reply_steps, *(stage.number for stage in replies)])
    return Decision((*due, *replies), taken, min(left, default=0.0), reply_steps)


def reply_stages(standing: Standing, clocks: Clocks) -> tuple[Step, ...]:
    """The stages of a message that speaks of danger and is not dealt with, numbered for themselves."""
    if not standing.reply_danger_at or standing.state is State.TRANSFERRED:
        return ()
    if standing.state is State.NEW and standing.clock_from >= standing.reply_danger_at:
        return ()  # the clock of receiving began with this very message; nobody is told twice
    return tuple(
        Step(number, Kind.REPLY, standing.reply_danger_at + wait, (Desk.ABOVE if number == 1 else Desk.CENTRAL,))
        for number, wait in enumerate(clocks.urgent_steps, 1)
    )


def stages(standing: Standing, clocks: Clocks) -> tuple[Step, ...]:
    """All stages of a referral as it stands, in order of number and of time."""
    if standing.state in FINAL:
        return ()
    if standing.state is State.NEW:
        return _unreceived(standing, clocks)
    received = max(standing.received_at or standing.created_at, standing.clock_from)
    found = []
    if not standing.verified:
        found.append(Step(VERIFY_STAGE, Kind.VERIFY, received + clocks.verify, (Desk.UNIT,)))
    both = (Desk.UNIT, Desk.ABOVE)
    if standing.decided:
        return tuple(found)
    if standing.extended_until:
        latest = max(received + clocks.decide, standing.extended_until)
        found.append(Step(EXTENDED_STAGE, Kind.OVERDUE, latest, both))
    else:
        found.append(Step(DECIDE_STAGE, Kind.OVERDUE, received + clocks.decide, both))
    return tuple(sorted(found, key=lambda step: step.number))


def _unreceived(standing: Standing, clocks: Clocks) -> tuple[Step, ...]:
    found: list[Step] = []
    count = len(clocks.urgent_steps) if standing.urgent else 2
    for taken in range(count):
        wait = receive_deadline(clocks, urgent=standing.urgent, remote=standing.remote, escalation=taken)
        desk = Desk.ABOVE if taken == 0 else Desk.CENTRAL
        found.append(Step(taken + 1, Kind.ESCALATION, standing.begun_at + wait, (desk,)))
    last = max([standing.begun_at + clocks.decide, *(step.due_at for step in found)])
    found.append(Step(count + 1, Kind.OVERDUE, last, (Desk.UNIT, Desk.ABOVE, Desk.CENTRAL)))
    return tuple(found)
