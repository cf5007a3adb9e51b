"""Clocks that have run out: who is told, once, with an audit entry for each step.

Any number of processes may run this at once, and after any pause: a step belongs to whoever moves the referral's version,
and its notices carry an id made of the step itself.
"""

from __future__ import annotations

from sqlalchemy import and_, case, or_, select, update
from sqlmodel import Session, col

from bot.core.clocks import Clocks
from bot.core.moments import SKEW
from bot.core.referrals.escalation import Desk, Kind, Standing, Step, decide
from bot.core.referrals.states import FINAL, State
from bot.services import audit
from bot.services.tips import binding, escalated
from bot.services.units.hierarchy import above, central_desk
from bot.services.units.notices import once, queue_once
from bot.storage.database import changed
from bot.storage.tables import Referral, Tip, Unit

_ACTIONS = {
    Kind.ESCALATION: "escalated", Kind.VERIFY: "verify_reminded", Kind.OVERDUE: "overdue", Kind.REPLY: "reply_escalated",
}  # fmt: skip
CONFLICT_ROUTE = "transfer_conflict_of_interest"


def put_right(session: Session, now: float) -> int:
    """Deadlines of tips that a clock ahead of time has dated: they run from now. Returns how many."""
    dated = case(
        (col(Referral.received_at) > col(Referral.created_at), col(Referral.received_at)),
        else_=col(Referral.created_at),
    )
    return changed(
        session,
        update(Referral)
        .where(dated > now + SKEW + 60.0)  # stored times are rounded to the minute
        .values(
            next_clock_at=case((col(Referral.next_clock_at) > 0, col(Referral.next_clock_at) - dated + now), else_=0.0),
            created_at=case((col(Referral.created_at) > now, now), else_=col(Referral.created_at)),
            received_at=case((col(Referral.received_at) > now, now), else_=col(Referral.received_at)),
        )
        .execution_options(synchronize_session=False),
    )


def due(session: Session, clocks: Clocks, now: float, limit: int = 200) -> list[str]:
    """Ids of referrals with a clock that has run out, the oldest deadline first. A look without a lock."""
    unread = and_(col(Referral.next_clock_at) > 0, col(Referral.next_clock_at) <= now)
    # Receiving starts the clock of the decision; the one of the victim's verification runs out before it.
    unverified = and_(
        col(Referral.state).in_([State.RECEIVED.value, State.ACCEPTED.value, State.VERIFYING.value]),
        col(Referral.escalation) == 0,
        col(Referral.received_at) > 0,
        col(Referral.received_at) <= now - clocks.verify,
        col(Referral.clock_from) <= now - clocks.verify,
        col(Referral.tip_id).in_(select(col(Tip.id)).where(col(Tip.verify_result) == "")),
    )
    unseen = [
        and_(
            col(Referral.reply_steps) == taken,
            col(Referral.reply_danger_at) > 0,
            col(Referral.reply_danger_at) <= now - wait,
        )
        for taken, wait in enumerate(clocks.urgent_steps)
    ]
    # Until it is received, what made a tip urgent climbs by the clock of receiving: core/referrals/escalation.
    apart = or_(col(Referral.state) != State.NEW.value, col(Referral.clock_from) < col(Referral.reply_danger_at))
    running = col(Referral.state).not_in([state.value for state in FINAL])
    query = select(col(Referral.id)).where(running, or_(unread, unverified, and_(apart, or_(*unseen))))
    return list(session.execute(query.order_by(col(Referral.next_clock_at), col(Referral.id)).limit(limit)).scalars())


def escalate(session: Session, clocks: Clocks, referral_id: str, now: float) -> int:
    """Take the steps that are due, in the caller's transaction. Returns how many; 0 also when another process was first."""
    row = session.execute(
        select(Referral, Tip, col(Unit.remote))
        .join(Tip, col(Tip.id) == col(Referral.tip_id))
        .outerjoin(Unit, col(Unit.id) == col(Referral.unit_id))
        .where(col(Referral.id) == referral_id)
    ).first()
    if row is None:
        return 0
    referral, tip, remote = row
    decision = decide(standing(referral, tip, bool(remote)), clocks, now)
    if not decision.steps and decision.next_clock_at == referral.next_clock_at:
        return 0
    moved = changed(session, update(Referral)
        .where(col(Referral.id) == referral.id, col(Referral.version) == referral.version)
        .values(
            escalation=decision.escalation, next_clock_at=decision.next_clock_at, reply_steps=decision.reply_steps,
            version=referral.version + 1,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if moved != 1:
        return 0
    told: set[tuple[str, Kind]] = set()  # several steps caught up at once are one notice to a unit
    if binding.desks_sound(session, tip.id):
        desks = desks_of(session, referral.unit_id, without=_conflicted(session, referral))
    else:  # where it lies is somebody else's word: the central desk looks
        desks = dict.fromkeys(Desk, central_desk(session) or referral.unit_id)
    for step in decision.steps:
        _take(session, referral, step, desks, told, now)
    return len(decision.steps)


def _take(
    session: Session, referral: Referral, step: Step, desks: dict[Desk, str], told: set[tuple[str, Kind]], now: float
) -> None:
    units = list(dict.fromkeys(desks[desk] for desk in step.desks))
    for unit_id in units:
        if (unit_id, step.kind) not in told:
            told.add((unit_id, step.kind))
            key = once(referral.id, step.kind.value, f"{step.number}", f"{step.due_at:.0f}", unit_id)
            queue_once(session, key, unit_id, referral.id, step.kind.value, now)
            if unit_id != referral.unit_id:
                escalated.raise_to(session, referral.id, unit_id, step.kind.value, now)
    detail = f"referral={referral.id} step={step.number} told={','.join(units)}"
    audit.record(session, now, "system", _ACTIONS[step.kind], referral.tip_id, detail)


def standing(referral: Referral, tip: Tip, remote: bool) -> Standing:
    """What the clocks know of a referral."""
    return Standing(
        state=State(referral.state), urgent=tip.urgency == "urgent", remote=remote, created_at=referral.created_at,
        received_at=referral.received_at, extended_until=referral.extended_until, escalation=referral.escalation,
        clock_from=referral.clock_from, verified=bool(tip.verify_result), reply_danger_at=referral.reply_danger_at,
        reply_steps=referral.reply_steps,
        decided=bool(tip.decision) and tip.decided_at >= max(referral.received_at, referral.clock_from),
    )  # fmt: skip


def _conflicted(session: Session, referral: Referral) -> str:
    """The unit that gave the tip up because somebody of it is involved, or "": it must not hear how it goes on."""
    if referral.route_reason != CONFLICT_ROUTE:
        return ""
    return session.execute(select(col(Referral.unit_id)).where(col(Referral.id) == referral.previous_id)).scalar() or ""


def desks_of(session: Session, unit_id: str, without: str = "") -> dict[Desk, str]:
    """Which unit stands for each desk. Only units with an officer count; where there is none above, the next best.

    without: a unit that is passed over.
    """
    central, up = central_desk(session) or unit_id, above(session, unit_id, without)
    return {Desk.UNIT: unit_id, Desk.ABOVE: up or central, Desk.CENTRAL: central}
