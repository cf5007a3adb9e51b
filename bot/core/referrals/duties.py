"""What a unit owes a referral next, and until when: what officers see counting down.

The clocks' own stages (escalation.py) say who is told next; once they have told the unit above, the unit itself is late
all the same, and its page must say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.core.clocks import Clocks
from bot.core.referrals.escalation import Kind, Standing, reply_stages, stages
from bot.core.referrals.states import State


class Task(str, Enum):
    REPLY = "reply"  # a message of the reporter that speaks of danger has to be answered or dealt with
    RECEIVE = "receive"
    VERIFY = "verify"  # of the victim, first (Luật 53/2024/QH15, Đ.27)
    DECIDE = "decide"  # BLTTHS, Đ.147


@dataclass(frozen=True)
class Duty:
    """due_at: seconds since the epoch."""

    task: Task
    due_at: float


def duties(standing: Standing, clocks: Clocks) -> tuple[Duty, ...]:
    """Everything that is still owed, the next one first; nothing once the referral has ended."""
    found = stages(standing, clocks)
    owed = [Duty(Task.REPLY, step.due_at) for step in reply_stages(standing, clocks)[:1]]
    if standing.state is State.NEW:
        owed.append(Duty(Task.RECEIVE, found[0].due_at))
    else:
        owed += [Duty(Task.VERIFY if step.kind is Kind.VERIFY else Task.DECIDE, step.due_at) for step in found]
    return tuple(sorted(owed, key=lambda duty: duty.due_at))
