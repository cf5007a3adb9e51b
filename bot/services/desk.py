"""The officer's desk: which referrals wait, the pressing ones first. Only what is in clear; nothing is opened here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlmodel import Session

from bot.core.clocks import Clocks
from bot.core.referrals.states import FINAL, State
from bot.services.signin import SignedIn
from bot.storage.tables import Referral, Tip, TipKey, Unit

PAGE_ROWS = 50
_FINAL = [state.value for state in FINAL]


@dataclass(frozen=True)
class Row:
    """A line of the desk.

    due_at: when the unit's next duty is due (core/referrals/duties), 0.0 where none is left. readable: the officer holds
    a key; a tip handed on leaves its line and not its words.
    """

    referral: Referral
    tip: Tip
    due_at: float
    readable: bool


@dataclass(frozen=True)
class Wanted:
    """What to list. state: one of State, or "" ; show: "open" | "all" | "urgent" | "late"; unit, category: "" for any."""

    state: str = ""
    show: str = "open"
    unit: str = ""
    category: str = ""
    page: int = 0


@dataclass(frozen=True)
class Listed:
    """One page. total: rows of all pages. counts: of everything visible, by the name of a filter. units: with rows. newest: when
    the last of all unread referrals came."""

    rows: list[Row]
    total: int
    counts: Mapping[str, int]
    units: tuple[str, ...]
    newest: float

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_ROWS))


def listing(session: Session, officer: SignedIn, clocks: Clocks, wanted: Wanted, now: float) -> Listed:
    """The officer's own referrals and those of units below that were sealed to them as well."""
    seen, due = _visible(officer), _due(clocks)
    chosen = and_(seen, *_conditions(wanted, due, now))
    query = joined(select(Referral, Tip, due)).where(chosen).order_by(*_order(wanted, due))
    found = session.execute(query.limit(PAGE_ROWS).offset(wanted.page * PAGE_ROWS)).all()
    readable = _readable(session, officer, [tip.id for _, tip, _ in found])
    return Listed(
        rows=[Row(referral, tip, due_at or 0.0, tip.id in readable) for referral, tip, due_at in found],
        total=session.execute(joined(select(func.count(Referral.id))).where(chosen)).scalar_one(),
        counts=_counts(session, seen, due, now),
        units=tuple(session.execute(joined(select(Referral.unit_id)).where(seen).distinct()).scalars()),
        newest=pulse(session, officer).newest,
    )


@dataclass(frozen=True)
class Pulse:
    """What a waiting page asks for now and then: unread referrals, urgent ones among them, and when the newest came."""

    unread: int
    urgent: int
    newest: float


def pulse(session: Session, officer: SignedIn) -> Pulse:
    """Whether something new lies on the desk."""
    query = joined(
        select(
            func.count(Referral.id),
            func.coalesce(func.sum(case((Tip.urgency == "urgent", 1), else_=0)), 0),
            func.coalesce(func.max(Referral.created_at), 0.0),
        )
    )
    row = session.execute(query.where(_visible(officer), Referral.state == State.NEW.value)).one()
    return Pulse(int(row[0]), int(row[1]), float(row[2]))


def joined(query: Select[Any]) -> Select[Any]:
    """Referrals with their tips and units."""
    return query.join(Tip, Tip.id == Referral.tip_id).outerjoin(Unit, Unit.id == Referral.unit_id)


def receive_wait(clocks: Clocks) -> ColumnElement[float]:
    """Seconds within which a referral has to be received."""
    return case(
        (Tip.urgency == "urgent", clocks.urgent_steps[0] if clocks.urgent_steps else clocks.receive),
        (Unit.remote, clocks.receive_remote),
        else_=clocks.receive,
    )


def _due(clocks: Clocks) -> ColumnElement[float]:
    """The first of core/referrals/duties, for the database to sort by."""
    wait = receive_wait(clocks)
    decide = Referral.received_at + clocks.decide
    extended = case((Referral.extended_until > decide, Referral.extended_until), else_=decide)
    verify = Referral.received_at + clocks.verify
    first = case((extended < verify, extended), else_=verify)
    return case(
        (Referral.state == State.NEW.value, Referral.created_at + wait),
        (Referral.state.in_([State.RECEIVED.value, State.ACCEPTED.value]), first),
        (Referral.state == State.VERIFYING.value, extended),
        else_=0.0,
    )


def _visible(officer: SignedIn) -> Any:
    own = list(officer.unit_keys)
    keyed = select(TipKey.tip_id).where(TipKey.holder.in_([f"unit:{unit_id}" for unit_id in own]))
    # What another unit handed on is that unit's own history.
    below = and_(Tip.id.in_(keyed), Referral.state != State.TRANSFERRED.value)
    return or_(Referral.unit_id.in_(own), below)


def _conditions(wanted: Wanted, due: ColumnElement[float], now: float) -> list[Any]:
    found: list[Any] = []
    if wanted.show != "all":
        found.append(Referral.state.not_in(_FINAL))
    if wanted.show == "urgent":
        found.append(Tip.urgency == "urgent")
    if wanted.show == "late":
        found.append(due < now)
    for column, value in (
        (Referral.state, wanted.state),
        (Referral.unit_id, wanted.unit),
        (Tip.category, wanted.category),
    ):
        if value:
            found.append(column == value)
    return found


def _order(wanted: Wanted, due: ColumnElement[float]) -> tuple[Any, ...]:
    if wanted.show == "all":
        return (Referral.created_at.desc(), Referral.id)
    urgent_first = case((Tip.urgency == "urgent", 0), else_=1)
    return (urgent_first, due, Referral.created_at, Referral.id)


def _readable(session: Session, officer: SignedIn, tip_ids: list[str]) -> set[str]:
    holders = [f"unit:{unit_id}" for unit_id in officer.unit_keys]
    query = select(TipKey.tip_id).where(TipKey.tip_id.in_(tip_ids), TipKey.holder.in_(holders))
    return set(session.execute(query).scalars())


def _counts(session: Session, seen: Any, due: ColumnElement[float], now: float) -> dict[str, int]:
    by_state = joined(select(Referral.state, func.count(Referral.id))).where(seen).group_by(Referral.state)
    counts = dict(session.execute(by_state).all())
    for show in ("open", "all", "urgent", "late"):
        query = joined(select(func.count(Referral.id))).where(seen, *_conditions(Wanted(show=show), due, now))
        counts[show] = session.execute(query).scalar_one()
    return counts
