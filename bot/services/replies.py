"""What a reporter writes after a tip was sent: it is put where the unit sees it, and danger in it moves the tip.

Only numbers, times and one flag are kept in clear; the words stay sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from bot.core.clocks import DAY, Clocks, receive_deadline
from bot.core.referrals.states import REOPENABLE, State, reopen
from bot.services import audit, tips
from bot.services.minutes import minute
from bot.services.notices import queue_notice
from bot.services.signin import SignedIn
from bot.storage.tables import Referral, Tip, Unit

# A closed tip that is about to be erased stays long enough for somebody to read what was written last.
READ_WAIT = 7 * DAY
SENT, URGENT, CLOSED, REOPENED = "", "urgent", "closed", "reopened"


def note(session: Session, clocks: Clocks, tip: Tip, *, danger: bool, now: float) -> str:
    """Mark a message on the desk of the unit that has the tip, and tell the unit.

    tip: its row, locked. danger: the message says that somebody is in danger now or soon; then the tip becomes urgent, its
    clocks begin, and what was closed or refused is open again. Returns what the reporter may be told: SENT, URGENT, CLOSED
    (marked, an officer decides whether to reopen) or REOPENED.
    """
    current = tips.current_referral(session, tip.id)
    if current is None:
        return SENT
    referral = session.execute(
        select(Referral).where(Referral.id == current.id).with_for_update().execution_options(populate_existing=True)
    ).scalar_one()
    at, ended = minute(now), State(referral.state) in REOPENABLE
    referral.reply_at, referral.replies = at, referral.replies + 1
    if danger:
        _press(session, clocks, tip, referral, at, now)
    elif ended and tip.erase_at and tip.erase_at < now + READ_WAIT:
        tip.erase_at, tip.erase_warned = now + READ_WAIT, False
    queue_notice(session, referral.unit_id, referral.id, "reply_urgent" if danger else "reply", now)
    if ended:
        return REOPENED if danger else CLOSED
    return URGENT if danger else SENT


def _press(session: Session, clocks: Clocks, tip: Tip, referral: Referral, at: float, now: float) -> None:
    """Danger: the tip is urgent from now on, and somebody has to see it within the minutes of an urgent tip."""
    before, state = tip.urgency, State(referral.state)
    if before != "urgent":
        tip.urgency = "urgent"
        audit.record(session, now, "reporter", "urgency_raised", tip.id, f"referral={referral.id}")
    if state in REOPENABLE:
        _reopen(session, clocks, tip, referral, at, now)
    elif state is State.NEW and before != "urgent":
        start_receiving(session, clocks, tip, referral, at)
    elif state is not State.NEW or referral.escalation:
        referral.reply_danger_at = referral.reply_danger_at or at
    # An officer who acts on what they saw before is told that somebody was faster.
    referral.version += 1


def _reopen(session: Session, clocks: Clocks, tip: Tip, referral: Referral, at: float, now: float) -> None:
    for name, value in reopened_values(referral, seen=False, at=at).items():
        setattr(referral, name, value)
    start_receiving(session, clocks, tip, referral, at)
    keep_open(tip)
    audit.record(session, now, "reporter", "reopened", tip.id, f"referral={referral.id}")


def start_receiving(session: Session, clocks: Clocks, tip: Tip, referral: Referral, at: float) -> None:
    """Let the clock of receiving count from `at`, with every step of it still to come."""
    remote = bool(session.execute(select(Unit.remote).where(Unit.id == referral.unit_id)).scalar())
    wait = receive_deadline(clocks, urgent=tip.urgency == "urgent", remote=remote, escalation=0)
    referral.clock_from, referral.escalation, referral.next_clock_at = at, 0, at + wait


def reopened_values(referral: Referral, *, seen: bool, at: float) -> dict[str, Any]:
    """What a referral's row says once its end was taken back. Raises InvalidInput('act_not_possible')."""
    return {
        "state": reopen(State(referral.state), seen=seen).value, "reason": "", "reopened": referral.reopened + 1,
        "closed_at": 0.0, "decided_at": 0.0, "extended_until": 0.0, "escalation": 0, "clock_from": at,
        "reply_danger_at": 0.0, "reply_steps": 0,
    }  # fmt: skip


def keep_open(tip: Tip) -> None:
    """A reopened tip is not erased; closing it again begins that time anew."""
    tip.closed_at, tip.erase_at, tip.erase_warned, tip.reporter_news = 0.0, 0.0, False, True


@dataclass(frozen=True)
class Unseen:
    """Messages the unit had not seen: how many, when the last came, whether one speaks of danger."""

    count: int
    at: float
    danger: bool


def unseen(referral: Referral) -> Unseen:
    """What lies unseen on a referral."""
    return Unseen(referral.replies, referral.reply_at, bool(referral.reply_danger_at))


def see(session: Session, officer: SignedIn, referral: Referral) -> Unseen:
    """Somebody opens the tip. The mark goes only when it is an officer of the unit that has to act on it.

    A message that came after `referral` was read stays marked.
    """
    found = unseen(referral)
    if found.count and referral.unit_id in officer.unit_keys:
        session.execute(
            update(Referral)
            .where(Referral.id == referral.id, Referral.replies == found.count, Referral.reply_at == found.at)
            .values(reply_at=0.0, replies=0, reply_danger_at=0.0, reply_steps=0)
            .execution_options(synchronize_session=False)
        )
    return found
