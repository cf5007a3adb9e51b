"""What a reporter writes after a tip was sent: it is put where the unit sees it, and danger in it moves the tip.

Only numbers, times and one flag are kept in clear; the words stay sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.clocks import DAY, Clocks, receive_deadline
from bot.core.errors import Conflict, InvalidInput
from bot.core.referrals.states import REOPENABLE, State, reopen
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import binding, record
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage.database import changed
from bot.storage.tables import Correction, Referral, Tip, Unit

# A closed tip that is about to be erased stays long enough for somebody to read what was written last.
READ_WAIT = 7 * DAY
SENT, URGENT, CLOSED, REOPENED = "", "urgent", "closed", "reopened"


def note(session: Session, clocks: Clocks, tip: Tip, *, danger: bool, now: float, child: bool = False) -> str:
    """Mark a message on the desk of the unit that has the tip, and tell the unit.

    tip: its row, locked. danger: the message says that somebody is in danger now or soon; then the tip becomes urgent, its
    clocks begin, and what was closed or refused is open again. child: such a message also speaks of somebody under 18.
    Returns what the reporter may be told: SENT, URGENT, CLOSED (marked, an officer decides whether to reopen) or REOPENED.
    """
    current = record.current_referral(session, tip.id)
    if current is None:
        return SENT
    referral = session.execute(
        select(Referral)
        .where(col(Referral.id) == current.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    at, ended = minute(now), State(referral.state) in REOPENABLE
    referral.reply_at, referral.replies = at, referral.replies + 1
    if danger:
        if child and not tip.child:
            sound = binding.is_sound(session, tip)
            tip.child = True
            bound = binding.bind(session, tip) if sound else ""
            audit.record(session, now, "reporter", "child_marked", tip.id, f"referral={referral.id}{bound}")
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
    corrected = session.get(Correction, tip.id)
    if (
        corrected is not None
    ):  # what the machine says of the tip now; an officer who lowers it again does so against this
        corrected.urgency, corrected.child = "urgent", corrected.child or tip.child
    if before != "urgent":
        sound = binding.is_sound(session, tip)
        tip.urgency = "urgent"
        bound = binding.bind(session, tip) if sound else ""  # what was tampered with is not made good by it
        audit.record(session, now, "reporter", "urgency_raised", tip.id, f"referral={referral.id}{bound}")
    if state in REOPENABLE:
        _reopen(session, clocks, tip, referral, at, now)
    elif state is State.NEW and before != "urgent":
        start_receiving(session, clocks, tip, referral, at)
    # Whatever the state: it stays marked until an officer answers or says that it is dealt with.
    if not referral.reply_danger_at:
        referral.reply_danger_at, referral.reply_steps = at, 0
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
    remote = bool(session.execute(select(col(Unit.remote)).where(col(Unit.id) == referral.unit_id)).scalar())
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
    tip.closed_at, tip.erase_at, tip.erase_warned = 0.0, 0.0, False


@dataclass(frozen=True)
class Unseen:
    """Messages the unit has not dealt with: how many, when the last came, whether one speaks of danger and since when."""

    count: int
    at: float
    danger: bool
    danger_at: float = 0.0


def unseen(referral: Referral) -> Unseen:
    """What lies unseen on a referral."""
    return Unseen(referral.replies, referral.reply_at, bool(referral.reply_danger_at), referral.reply_danger_at)


def see(session: Session, officer: SignedIn, referral: Referral) -> Unseen:
    """Somebody opens the tip. The mark goes only when it is an officer of the unit that has to act on it.

    A message that came after `referral` was read stays marked, and so does what looking does not settle: danger, until
    it is answered or dealt with, and whatever was written to an ended tip, until somebody decides on opening it again.
    """
    found = unseen(referral)
    if not found.danger and State(referral.state) not in REOPENABLE:
        _clear(session, officer, referral, found)
    return found


def answered(session: Session, officer: SignedIn, referral: Referral, shown: int | None) -> None:
    """An officer has written to the reporter: that deals with what was written before, except for reopening an ended tip.

    shown: how many messages waited on the page the answer was written on; what came later is not answered by it.
    """
    found = unseen(referral)
    if State(referral.state) not in REOPENABLE and shown in {None, found.count}:
        _clear(session, officer, referral, found)


def handled(session: Session, officer: SignedIn, referral: Referral, shown: int, now: float) -> None:
    """An officer of the unit says that the message of danger is dealt with. shown: how many messages their page showed.

    Raises InvalidInput('act_not_possible') where it is not theirs to say or nothing waits, and Conflict when the reporter
    wrote again meanwhile.
    """
    found = unseen(referral)
    if not found.danger or referral.unit_id not in officer.unit_keys:
        raise InvalidInput("act_not_possible")
    if found.count != shown or not _clear(session, officer, referral, found):
        raise Conflict("referral")
    audit.record(session, now, officer.officer_id, "reply_handled", referral.tip_id, f"referral={referral.id}")


def stay_closed(session: Session, officer: SignedIn, referral: Referral, shown: int, now: float) -> None:
    """An officer of the unit read what was written to an ended tip and leaves it ended. Raises as `handled` does."""
    found = unseen(referral)
    if State(referral.state) not in REOPENABLE or referral.unit_id not in officer.unit_keys:
        raise InvalidInput("act_not_possible")
    if found.count != shown or (found.count and not _clear(session, officer, referral, found)):
        raise Conflict("referral")
    audit.record(session, now, officer.officer_id, "not_reopened", referral.tip_id, f"referral={referral.id}")


def _clear(session: Session, officer: SignedIn, referral: Referral, found: Unseen) -> bool:
    """Take the marks off, unless another message came since `referral` was read. Returns whether they went."""
    if not found.count or referral.unit_id not in officer.unit_keys:
        return False
    done = changed(
        session,
        update(Referral)
        .where(
            col(Referral.id) == referral.id, col(Referral.replies) == found.count, col(Referral.reply_at) == found.at
        )
        .values(reply_at=0.0, replies=0, reply_danger_at=0.0, reply_steps=0)
        .execution_options(synchronize_session=False),
    )
    return done == 1
