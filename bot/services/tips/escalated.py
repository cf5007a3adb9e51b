"""What was escalated to a unit, on its own first page: whose it is, what is late, since when, and whom to ring.

Metadata only. The central desk cannot open the tips of a commune, and need not: it has to ring somebody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, delete, or_, select
from sqlmodel import Session, col

from bot.core.clocks import DAY
from bot.core.referrals.escalation import Kind
from bot.core.referrals.states import FINAL, State
from bot.storage.tables import Raised, Referral, Tip, Unit

if TYPE_CHECKING:  # signing in tells units by the clocks, and the clocks come here
    from bot.services.units.signin import SignedIn

MOST_ROWS = 3_000
FRESH = DAY  # what climbed longer ago is folded: it must not bury tonight's


@dataclass(frozen=True)
class Line:
    """One unit that is late with one kind of thing. kind: of Kind. since: of the one that is late longest; last: of the one
    that began last; told_at: when this unit was told last. Seconds since the epoch."""

    unit_id: str
    unit: str
    phone: str
    kind: str
    urgent: bool
    count: int
    children: int
    since: float
    newest: float
    told_at: float


@dataclass(frozen=True)
class Band:
    """fresh: what climbed within a day, the newest first. old: the rest."""

    fresh: tuple[Line, ...] = ()
    old: tuple[Line, ...] = ()
    tips: int = field(default=0)

    def __bool__(self) -> bool:
        return bool(self.fresh or self.old)


def raise_to(session: Session, referral_id: str, unit_id: str, kind: str, now: float) -> None:
    """Put it on the page of the unit that is told, once; told again, it counts from then."""
    mine = (col(Raised.referral_id) == referral_id, col(Raised.unit_id) == unit_id, col(Raised.kind) == kind)
    session.execute(delete(Raised).where(*mine).execution_options(synchronize_session=False))
    session.add(Raised(referral_id=referral_id, unit_id=unit_id, kind=kind, at=now))
    session.flush()


def band(session: Session, officer: SignedIn, now: float) -> Band:
    """What other units owe and this officer's unit was told of. A unit that acts leaves the band at once."""
    own = {officer.unit_id, *officer.unit_keys} - {""}
    rows = session.execute(_query(own, now)).all()
    groups: dict[tuple[str, str, bool], list[tuple]] = {}
    for row in rows:
        groups.setdefault((row.unit_id, row.kind, row.urgency == "urgent"), []).append(row)
    lines = [_line(key, found) for key, found in groups.items()]
    lines.sort(key=lambda line: (not line.urgent, line.kind == Kind.OVERDUE.value, -line.newest))
    fresh = tuple(line for line in lines if line.told_at > now - FRESH)
    return Band(fresh, tuple(line for line in lines if line.told_at <= now - FRESH), len(rows))


def _query(own: set[str], now: float):
    begun = case(
        (col(Referral.clock_from) > col(Referral.created_at), col(Referral.clock_from)), else_=col(Referral.created_at)
    )
    running = col(Referral.state).not_in([state.value for state in FINAL])
    still_late = or_(
        and_(
            col(Raised.kind) == Kind.ESCALATION.value, col(Referral.state) == State.NEW.value, col(Raised.at) >= begun
        ),
        and_(
            col(Raised.kind) == Kind.REPLY.value,
            col(Referral.reply_danger_at) > 0,
            col(Referral.reply_steps) > 0,
            running,
        ),
        and_(
            col(Raised.kind) == Kind.OVERDUE.value,
            running,
            col(Referral.extended_until) < now,
            col(Raised.at) >= col(Referral.clock_from),
        ),
    )
    since = case(
        (col(Raised.kind) == Kind.REPLY.value, col(Referral.reply_danger_at)),
        (col(Raised.kind) == Kind.OVERDUE.value, col(Raised.at)),
        else_=begun,
    )
    return (
        select(
            col(Referral.unit_id), col(Raised.kind), col(Raised.at), col(Tip.urgency), col(Tip.child), since.label("since"),
            col(Unit.name), col(Unit.phone),
        )
        .select_from(Raised)
        .join(Referral, col(Referral.id) == col(Raised.referral_id))
        .join(Tip, col(Tip.id) == col(Referral.tip_id))
        .outerjoin(Unit, col(Unit.id) == col(Referral.unit_id))
        .where(col(Raised.unit_id).in_(own), col(Referral.unit_id).not_in(own), still_late)
        .order_by(col(Raised.at).desc())
        .limit(MOST_ROWS)
    )  # fmt: skip


def _line(key: tuple[str, str, bool], rows: list) -> Line:
    unit_id, kind, urgent = key
    return Line(
        unit_id=unit_id, unit=rows[0].name or unit_id, phone=rows[0].phone or "", kind=kind, urgent=urgent, count=len(rows),
        children=sum(bool(row.child) for row in rows), since=min(row.since for row in rows),
        newest=max(row.since for row in rows), told_at=max(row.at for row in rows),
    )  # fmt: skip
