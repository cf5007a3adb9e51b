"""The plans' own measures: every tip passed on, over 90 % resolved, received in time. Counts in clear, nothing opened."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, case, exists, func, not_, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from bot.core.clocks import Clocks
from bot.core.referrals.states import FINAL, REASONS, Act, State
from bot.services.reports.statistics import erased
from bot.services.tips.desk import joined, receive_wait
from bot.storage.tables import Referral, Tip

_ENDED = frozenset({State.CLOSED.value, State.REFUSED.value})
_END_REASONS = frozenset({*REASONS[Act.CLOSE], *REASONS[Act.REFUSE]})


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; nothing to measure while `whole` is 0."""

    part: int
    whole: int

    @property
    def percent(self) -> int:
        """Rounded down: 99.9 % of a target of 100 % is not reached."""
        return self.part * 100 // self.whole if self.whole else 0


@dataclass(frozen=True)
class Targets:
    """passed_on: tips that are on a unit's desk, of all that exist. resolved: tips closed or refused with a reason, of those
    that are or whose time for a decision is over. in_time: referrals received before their clock ran out, of those
    received or late. verified: verifications with a result before their clock ran out, of those with one or late."""

    passed_on: Share
    resolved: Share
    in_time: Share
    verified: Share


def targets(session: Session, clocks: Clocks, now: float, province: str = "") -> Targets:
    """Measure the country, or the tips of one province."""
    own = [col(Tip.province_code) == province] if province else []
    tips = session.execute(select(func.count(col(Tip.id))).where(*own)).scalar_one()
    on_desk = exists().where(col(Referral.tip_id) == col(Tip.id))
    passed_on = session.execute(select(func.count(col(Tip.id))).where(on_desk, *own)).scalar_one()
    ended, late = _counts(session, own, col(Referral.state).in_(_ENDED), _undecided(clocks, now))
    gone = sum(
        row.count
        for row in erased(session)
        if row.outcome in _END_REASONS and (not province or row.province_code == province)
    )
    wait = receive_wait(clocks)
    received = col(Referral.received_at) > 0
    # A tip made urgent or ordinary after it was received is measured by the clock that ran until then.
    until = case((col(Referral.receive_by) > 0, col(Referral.receive_by)), else_=col(Referral.created_at) + wait)
    timely = and_(received, col(Referral.received_at) <= until)
    never = and_(col(Referral.state) == State.NEW.value, col(Referral.received_at) == 0)
    overdue = and_(
        never,
        case((col(Referral.clock_from) > 0, col(Referral.clock_from)), else_=col(Referral.created_at)) + wait < now,
    )
    in_time, measured = _counts(session, own, timely, or_(received, overdue))
    return Targets(
        Share(passed_on, tips), Share(ended + gone, ended + gone + late), Share(in_time, measured),
        _verified(session, clocks, own, now, province),
    )  # fmt: skip


def _verified(session: Session, clocks: Clocks, own: list, now: float, province: str) -> Share:
    """Every tip with a result once, and every unit that owes one and is late with it."""
    results = select(func.count(col(Tip.id))).where(col(Tip.verify_result) != "", *own)
    done = session.execute(results).scalar_one()
    timely = session.execute(results.where(col(Tip.verified_at) <= col(Tip.verify_by))).scalar_one()
    begun = case(
        (col(Referral.clock_from) > col(Referral.received_at), col(Referral.clock_from)),
        else_=col(Referral.received_at),
    )
    until = begun + clocks.verify
    owed = and_(
        col(Referral.received_at) > 0, col(Tip.verify_result) == "", col(Referral.state) != State.TRANSFERRED.value
    )
    ended = col(Referral.state).in_(_ENDED)
    late = and_(
        owed, or_(and_(ended, col(Referral.closed_at) > until), and_(col(Referral.state).not_in(_ENDED), until < now))
    )
    (missed,) = _counts(session, own, late)
    gone = [row for row in erased(session) if not province or row.province_code == province]
    part, whole = sum(row.verified_in_time for row in gone), sum(row.verified for row in gone)
    return Share(timely + part, done + missed + whole)


def _undecided(clocks: Clocks, now: float) -> ColumnElement[bool]:
    """The time for a decision is over (BLTTHS, Đ.147) and there is none."""
    first = case((col(Referral.received_at) > 0, col(Referral.received_at)), else_=col(Referral.created_at))
    begun = case((col(Referral.clock_from) > first, col(Referral.clock_from)), else_=first)
    until = case(
        (col(Referral.extended_until) > begun + clocks.decide, col(Referral.extended_until)),
        else_=begun + clocks.decide,
    )
    decided = and_(col(Tip.decision) != "", col(Tip.decided_at) >= begun)
    return and_(col(Referral.state).not_in([state.value for state in FINAL]), not_(decided), until < now)


def _counts(session: Session, own: list, *conditions: ColumnElement[bool]) -> list[int]:
    columns = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in conditions]
    return [int(number) for number in session.execute(joined(select(*columns)).where(*own)).one()]
