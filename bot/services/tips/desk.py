"""The officer's desk: which referrals wait, the pressing ones first. Only what is in clear; nothing is opened here
(bot/services/tips/glimpses.py does)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple, Unpack

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, not_, or_, select
from sqlmodel import Session, col

from bot.core.clocks import DAY, Clocks
from bot.core.referrals.states import FINAL, REOPENABLE, State
from bot.services.units.signin import SignedIn
from bot.storage.tables import Assignment, Correction, Referral, Tip, TipKey, Unit

Columns = TypeVarTuple("Columns")
PAGE_ROWS = 50
_FINAL = [state.value for state in FINAL]
SHOWS = ("open", "urgent", "replies", "late", "mine", "all")
NEWEST = "newest"
SORTS = ("", NEWEST)  # what presses first; the newest first


@dataclass(frozen=True)
class Row:
    """A line of the desk.

    due_at: when the unit's next duty is due (core/referrals/duties), 0.0 where none is left. readable: the officer holds
    a key; a tip handed on leaves its line and not its words. lowered, child_taken: an officer made it less urgent than the
    machine, or took the mark of a child off.
    """

    referral: Referral
    tip: Tip
    due_at: float
    readable: bool
    lowered: bool = False
    child_taken: bool = False


@dataclass(frozen=True)
class Wanted:
    """What to list. state: one of State, or "" ; show: one of SHOWS; unit, category: "" for any; sort: one of SORTS."""

    state: str = ""
    show: str = "open"
    unit: str = ""
    category: str = ""
    page: int = 0
    sort: str = ""


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


def listing(
    session: Session, officer: SignedIn, clocks: Clocks, wanted: Wanted, now: float, among: Sequence[str] | None = None
) -> Listed:
    """The officer's own referrals and those of units below that were sealed to them as well. among: only these of them."""
    seen, due = visible(officer), _due(clocks)
    chosen = and_(seen, *_conditions(wanted, officer, due, now))
    if among is not None:
        chosen = and_(seen, col(Referral.id).in_(among))
    query = joined(select(Referral, Tip, due)).where(chosen).order_by(*_order(officer, clocks, wanted, due, now))
    found = session.execute(query.limit(PAGE_ROWS).offset(wanted.page * PAGE_ROWS)).all()
    readable = _readable(session, officer, [tip.id for _, tip, _ in found])
    corrected = _corrected(session, [tip.id for _, tip, _ in found])
    return Listed(
        rows=[
            _row(referral, tip, due_at, tip.id in readable, corrected.get(tip.id)) for referral, tip, due_at in found
        ],
        total=session.execute(joined(select(func.count(col(Referral.id)))).where(chosen)).scalar_one(),
        counts=_counts(session, officer, seen, due, now),
        units=tuple(session.execute(joined(select(col(Referral.unit_id))).where(seen).distinct()).scalars()),
        newest=pulse(session, officer).newest,
    )


def _row(referral: Referral, tip: Tip, due_at: float | None, readable: bool, corrected: Correction | None) -> Row:
    lowered = corrected is not None and corrected.urgency == "urgent" != tip.urgency
    child_taken = corrected is not None and corrected.child and not tip.child
    return Row(referral, tip, due_at or 0.0, readable, lowered, child_taken)


def _corrected(session: Session, tip_ids: list[str]) -> dict[str, Correction]:
    rows = session.execute(select(Correction).where(col(Correction.tip_id).in_(tip_ids))).scalars()
    return {row.tip_id: row for row in rows}


@dataclass(frozen=True)
class Pulse:
    """What a waiting page asks for now and then: unread referrals, urgent ones among them, when the newest came, and how many
    tips of the officer's own unit have unseen messages of their reporters."""

    unread: int
    urgent: int
    newest: float
    replies: int = 0


def pulse(session: Session, officer: SignedIn) -> Pulse:
    """Whether something new lies on the desk."""
    new, own = col(Referral.state) == State.NEW.value, _own_reply(officer)
    query = joined(
        select(
            func.coalesce(func.sum(case((new, 1), else_=0)), 0),
            func.coalesce(func.sum(case((and_(new, col(Tip.urgency) == "urgent"), 1), else_=0)), 0),
            func.coalesce(func.max(case((new, _begun()), else_=0.0)), 0.0),
            func.coalesce(func.sum(case((own, 1), else_=0)), 0),
            func.coalesce(func.max(case((own, col(Referral.reply_at)), else_=0.0)), 0.0),
        )
    )
    row = session.execute(query.where(visible(officer), or_(new, col(Referral.reply_at) > 0))).one()
    return Pulse(int(row[0]), int(row[1]), max(float(row[2]), float(row[4])), int(row[3]))


def _own_reply(officer: SignedIn) -> ColumnElement[bool]:
    """The officer's own unit has not seen what the reporter wrote last."""
    return and_(col(Referral.reply_at) > 0, col(Referral.unit_id).in_(list(officer.unit_keys)))


def _begun() -> ColumnElement[float]:
    """From when the clock of receiving counts: core/referrals/escalation, Standing.begun_at."""
    return case(
        (col(Referral.clock_from) > col(Referral.created_at), col(Referral.clock_from)), else_=col(Referral.created_at)
    )


def joined(query: Select[Unpack[Columns]]) -> Select[Unpack[Columns]]:
    """Referrals with their tips and units."""
    return query.join(Tip, col(Tip.id) == col(Referral.tip_id)).outerjoin(Unit, col(Unit.id) == col(Referral.unit_id))


def receive_wait(clocks: Clocks) -> ColumnElement[float]:
    """Seconds within which a referral has to be received."""
    return case(
        (col(Tip.urgency) == "urgent", clocks.urgent_steps[0] if clocks.urgent_steps else clocks.receive),
        (col(Unit.remote), clocks.receive_remote),
        else_=clocks.receive,
    )


def _due(clocks: Clocks) -> ColumnElement[float]:
    """The first of core/referrals/duties, for the database to sort by."""
    wait = receive_wait(clocks)
    base = case(
        (col(Referral.clock_from) > col(Referral.received_at), col(Referral.clock_from)),
        else_=col(Referral.received_at),
    )
    decide = base + clocks.decide
    extended = case((col(Referral.extended_until) > decide, col(Referral.extended_until)), else_=decide)
    verify = base + clocks.verify
    decided = and_(col(Tip.decision) != "", col(Tip.decided_at) >= base)
    unverified = col(Tip.verify_result) == ""
    first = case(
        (and_(decided, unverified), verify),
        (decided, 0.0),
        (and_(unverified, verify < extended), verify),
        else_=extended,
    )
    own = case(
        (col(Referral.state) == State.NEW.value, _begun() + wait),
        (col(Referral.state).in_([State.RECEIVED.value, State.ACCEPTED.value, State.VERIFYING.value]), first),
        else_=0.0,
    )
    answer = col(Referral.reply_danger_at) + min(clocks.urgent_steps, default=0.0)
    return case((and_(_answer_due(clocks), or_(own == 0.0, answer < own)), answer), else_=own)


def _answer_due(clocks: Clocks) -> ColumnElement[bool]:
    """A message of danger has a clock of its own: core/referrals/escalation, reply_stages."""
    by_receiving = and_(
        col(Referral.state) == State.NEW.value, col(Referral.clock_from) >= col(Referral.reply_danger_at)
    )
    return and_(
        literal(bool(clocks.urgent_steps)), col(Referral.reply_danger_at) > 0,
        col(Referral.state) != State.TRANSFERRED.value, not_(by_receiving),
    )  # fmt: skip


def visible(officer: SignedIn) -> Any:
    """Referrals the officer sees: of their own units, and of units below that were sealed to them as well."""
    own = list(officer.unit_keys)
    keyed = select(col(TipKey.tip_id)).where(col(TipKey.holder).in_([f"unit:{unit_id}" for unit_id in own]))
    # What another unit handed on is that unit's own history.
    below = and_(col(Tip.id).in_(keyed), col(Referral.state) != State.TRANSFERRED.value)
    return or_(col(Referral.unit_id).in_(own), below)


def _written_after_end() -> ColumnElement[bool]:
    """A closed tip to which the reporter wrote is work again until somebody looked."""
    return and_(col(Referral.state).in_([state.value for state in REOPENABLE]), col(Referral.reply_at) > 0)


def _conditions(wanted: Wanted, officer: SignedIn, due: ColumnElement[float], now: float) -> list[Any]:
    found: list[Any] = []
    if wanted.show not in {"all", "replies"}:
        found.append(or_(col(Referral.state).not_in(_FINAL), _written_after_end()))
    if wanted.show == "urgent":
        found.append(col(Tip.urgency) == "urgent")
    if wanted.show == "mine":
        mine = select(col(Assignment.referral_id)).where(col(Assignment.officer_id) == officer.officer_id)
        found.append(col(Referral.id).in_(mine))
    if wanted.show == "late":
        found += [due > 0, due < now]
    if wanted.show == "replies":
        found += [col(Referral.reply_at) > 0, col(Referral.state) != State.TRANSFERRED.value]
    for column, value in (
        (col(Referral.state), wanted.state),
        (col(Referral.unit_id), wanted.unit),
        (col(Tip.category), wanted.category),
    ):
        if value:
            found.append(column == value)
    return found


def _order(officer: SignedIn, clocks: Clocks, wanted: Wanted, due: ColumnElement[float], now: float) -> tuple[Any, ...]:
    """What can still be averted tonight comes first: messages of danger that nobody has dealt with, urgent tips nobody has
    received within their minutes, then those of the last day (the newest first), then reporters who wrote, then what is due
    within a day, then the rest, however late, and what has ended last, the latest end first."""
    if wanted.sort == NEWEST:
        return (col(Referral.created_at).desc(), col(Referral.id))
    minutes = max(clocks.urgent_steps, default=0.0)
    pressing = case((and_(col(Referral.state) == State.NEW.value, col(Tip.urgency) == "urgent"), _begun()), else_=0.0)
    own_reply = _own_reply(officer)
    rank = case(
        (col(Referral.reply_danger_at) > 0, 0),
        (pressing >= now - minutes, 1),
        (pressing > now - DAY, 2),
        (own_reply, 3),
        (and_(due > now - DAY, due < now + DAY), 4),
        else_=5,
    )
    newest = case(
        (rank == 0, -col(Referral.reply_danger_at)),
        (rank == 2, -pressing),
        (rank == 3, -col(Referral.reply_at)),
        else_=0.0,
    )
    urgent_first = case((col(Tip.urgency) == "urgent", 0), else_=1)
    ended = case((and_(col(Referral.state).in_(_FINAL), not_(_written_after_end())), 1), else_=0)
    latest_end = case((ended == 1, -col(Referral.closed_at)), else_=0.0)
    return (ended, latest_end, rank, newest, urgent_first, due, col(Referral.created_at), col(Referral.id))


def _readable(session: Session, officer: SignedIn, tip_ids: list[str]) -> set[str]:
    holders = [f"unit:{unit_id}" for unit_id in officer.unit_keys]
    query = select(col(TipKey.tip_id)).where(col(TipKey.tip_id).in_(tip_ids), col(TipKey.holder).in_(holders))
    return set(session.execute(query).scalars())


def _counts(session: Session, officer: SignedIn, seen: Any, due: ColumnElement[float], now: float) -> dict[str, int]:
    by_state = (
        joined(select(col(Referral.state), func.count(col(Referral.id)))).where(seen).group_by(col(Referral.state))
    )
    counts = dict(session.execute(by_state).all())
    for show in SHOWS:
        query = joined(select(func.count(col(Referral.id)))).where(
            seen, *_conditions(Wanted(show=show), officer, due, now)
        )
        counts[show] = session.execute(query).scalar_one()
    return counts
