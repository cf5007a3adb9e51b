"""Notices on their way to officers: planned, claimed, watched, and passed to the unit above when nobody can be told.

A delivery is repeated as long as nothing can have arrived. The moment before the step that cannot be taken back it is
marked `handed`; a process that dies after that leaves it `unknown`, never sent again. A notice of which no delivery is
known to have arrived has failed, and the unit above is told that a unit could not be reached.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from sqlalchemy import and_, or_, select, update
from sqlmodel import Session, col

from bot.core import sending
from bot.core.errors import SendError
from bot.core.moments import SKEW
from bot.core.sending import Fate
from bot.services import audit
from bot.services.moments import stale
from bot.services.units import posts
from bot.services.units.hierarchy import above, central_desk
from bot.services.units.notices import once
from bot.services.units.officer_address import addresses
from bot.storage.database import changed, insert_ignore
from bot.storage.tables import Notice, NoticeDelivery, Officer, Referral
from bot.storage.vault import Vault

STALE_SECONDS = 180.0  # a claim this old belongs to a process that died; longer than any single try lasts
MOST_AGE = 24 * 3600.0  # a notice this late has failed
MOST_UNTOLD = 6  # units in a row that could not be told; a directory is not deeper
_READERS = ("officer", "supervisor", "central")
_ACTIVE = ("pending", "sending", "handed")


@dataclass(frozen=True)
class Parcel:
    """One claimed delivery. `claimed_at` proves the claim; the address appears in no log."""

    id: int
    notice_id: str
    kind: str
    route: str
    claimed_at: float
    attempts: int
    created_at: float
    message_id: str  # the same at every try
    address: str = field(repr=False)


def anything_due(session: Session, now: float) -> bool:
    """A look without a lock: whether a round is worth while."""
    if session.execute(select(col(Notice.id)).where(col(Notice.status) == "pending").limit(1)).first():
        return True
    waiting = select(col(NoticeDelivery.id)).where(
        or_(
            and_(col(NoticeDelivery.status) == "pending", _come(now)),
            and_(
                col(NoticeDelivery.status).in_(["sending", "handed"]),
                stale(col(NoticeDelivery.claimed_at), now, STALE_SECONDS),
            ),
        )
    )
    return session.execute(waiting.limit(1)).first() is not None


def _come(now: float):
    """A try was set by the same clock that had claimed the delivery; if that one ran ahead, the try is due."""
    return or_(col(NoticeDelivery.next_at) <= now, col(NoticeDelivery.claimed_at) > now + SKEW)


def plan(session: Session, vault: Vault, routes: Set[str], now: float, limit: int = 50) -> int:
    """Turn waiting notices into deliveries, one for each address of each officer of the unit. Returns how many notices.

    routes: what this installation can send by.
    """
    waiting = session.execute(
        select(Notice).where(col(Notice.status) == "pending").order_by(col(Notice.created_at)).limit(limit)
    )
    planned = 0
    for notice in waiting.scalars().all():
        if not _move(session, notice.id, "pending", "sending"):
            continue
        planned += 1
        rows = [
            {"notice_id": notice.id, "officer_id": officer_id, "route": route, "status": "pending", "attempts": 0,
             "next_at": 0.0, "claimed_at": 0.0, "code": ""}
            for officer_id, route in _addressed(session, vault, notice.unit_id, routes)
        ]  # fmt: skip
        if rows:
            insert_ignore(session, NoticeDelivery, rows)
        else:
            _fail(session, notice, "no_address" if routes else "not_configured", now)
    return planned


def _addressed(session: Session, vault: Vault, unit_id: str, routes: Set[str]) -> list[tuple[str, str]]:
    officers = session.execute(
        select(Officer)
        .where(
            col(Officer.unit_id) == unit_id,
            col(Officer.active),
            col(Officer.role).in_(_READERS),
            col(Officer.public_key).is_not(None),
        )
        .order_by(col(Officer.id))
    ).scalars()
    return [(officer.id, route) for officer in officers if posts.works(session, officer)
            for route in addresses(vault, officer) if route in routes]  # fmt: skip


def recover(session: Session, now: float) -> int:
    """Claims of processes that died: repeat what cannot have arrived, give up what may have. Returns how many."""
    old_claim = stale(col(NoticeDelivery.claimed_at), now, STALE_SECONDS)
    again = changed(
        session,
        update(NoticeDelivery)
        .where(col(NoticeDelivery.status) == "sending", old_claim)
        .values(status="pending", next_at=now, code="process_lost"),
    )
    lost = _give_up(session, and_(col(NoticeDelivery.status) == "handed", old_claim), "unknown", "process_lost", now)
    # A route that was switched off meanwhile is claimed by nobody.
    old = select(col(Notice.id)).where(col(Notice.status) == "sending", col(Notice.created_at) < now - MOST_AGE)
    waiting = and_(col(NoticeDelivery.status) == "pending", col(NoticeDelivery.notice_id).in_(old))
    return again + lost + _give_up(session, waiting, "failed", "expired", now)


def _give_up(session: Session, which, status: str, code: str, now: float) -> int:
    rows = session.execute(select(NoticeDelivery).where(which)).scalars().all()
    for row in rows:
        done = changed(
            session,
            update(NoticeDelivery)
            .where(col(NoticeDelivery.id) == row.id, col(NoticeDelivery.status) == row.status)
            .values(status=status, code=code)
            .execution_options(synchronize_session=False),
        )
        if done == 1:
            _close(session, row.notice_id, now)
    return len(rows)


def claim(session: Session, vault: Vault, routes: Set[str], now: float, room: int) -> list[Parcel]:
    """Take up to `room` deliveries that are due."""
    rows = session.execute(
        select(NoticeDelivery, Notice)
        .join(Notice, col(Notice.id) == col(NoticeDelivery.notice_id))
        .where(col(NoticeDelivery.status) == "pending", _come(now), col(NoticeDelivery.route).in_(routes))
        .order_by(col(Notice.created_at), col(NoticeDelivery.id))
        .limit(room)
    ).all()
    found: list[Parcel] = []
    for row, notice in rows:
        taken = changed(
            session,
            update(NoticeDelivery)
            .where(col(NoticeDelivery.id) == row.id, col(NoticeDelivery.status) == "pending")
            .values(status="sending", claimed_at=now)
            .execution_options(synchronize_session=False),
        )
        if taken != 1:
            continue
        officer = session.get(Officer, row.officer_id)
        address = addresses(vault, officer).get(row.route, "") if officer and posts.works(session, officer) else ""
        parcel = Parcel(
            id=row.id, notice_id=notice.id, kind=notice.kind, route=row.route, claimed_at=now, attempts=row.attempts,
            created_at=notice.created_at, message_id=once(notice.id, row.officer_id, row.route), address=address,
        )  # fmt: skip
        if not address:
            _end(session, parcel, "failed", "no_address", now)
        else:
            found.append(parcel)
    return found


def hand(session: Session, parcel: Parcel) -> bool:
    """The next step cannot be taken back. False: the claim was lost meanwhile, and the step must not be taken."""
    done = changed(
        session,
        update(NoticeDelivery)
        .where(
            col(NoticeDelivery.id) == parcel.id,
            col(NoticeDelivery.status) == "sending",
            col(NoticeDelivery.claimed_at) == parcel.claimed_at,
        )
        .values(status="handed"),
    )
    return done == 1


def arrived(session: Session, parcel: Parcel, now: float) -> None:
    """The server or platform took it."""
    _end(session, parcel, "sent", "", now)


def settle(session: Session, parcel: Parcel, error: SendError, now: float) -> str:
    """Do what the error's policy says. Returns the delivery's new status."""
    found = sending.settle(error, parcel.attempts, sending.NOTICES)
    if found.fate is not Fate.AGAIN:
        return _end(session, parcel, "unknown" if found.fate is Fate.UNKNOWN else "failed", error.code, now)
    session.execute(
        update(NoticeDelivery)
        .where(col(NoticeDelivery.id) == parcel.id, col(NoticeDelivery.claimed_at) == parcel.claimed_at)
        .values(
            status="pending", attempts=found.attempts, next_at=now + found.wait, code=error.code[:40],
        )
    )  # fmt: skip
    return "pending"


def _end(session: Session, parcel: Parcel, status: str, code: str, now: float) -> str:
    session.execute(
        update(NoticeDelivery)
        .where(col(NoticeDelivery.id) == parcel.id, col(NoticeDelivery.claimed_at) == parcel.claimed_at)
        .values(status=status, code=code[:40])
    )
    _close(session, parcel.notice_id, now)
    return status


def _close(session: Session, notice_id: str, now: float) -> None:
    """Settle a notice once the last of its deliveries has ended."""
    # The notice's row is taken first, so that two deliveries ending at once see each other.
    notice = session.execute(select(Notice).where(col(Notice.id) == notice_id).with_for_update()).scalar_one_or_none()
    if notice is None or notice.status != "sending":
        return
    states = list(
        session.execute(select(col(NoticeDelivery.status)).where(col(NoticeDelivery.notice_id) == notice_id)).scalars()
    )
    if any(state in _ACTIVE for state in states):
        return
    if "sent" in states:
        _move(session, notice_id, "sending", "sent")
    else:
        _fail(session, notice, "unknown" if "unknown" in states else "undelivered", now)


def _fail(session: Session, notice: Notice, code: str, now: float) -> None:
    """Nobody of the unit is known to have been told: note it, and tell the unit above, up to the central desk."""
    if not _move(session, notice.id, "sending", "failed") or code == "not_configured":
        return  # an installation that can send nothing has its console, and `lachan check` says so
    tip_id = session.execute(select(col(Referral.tip_id)).where(col(Referral.id) == notice.referral_id)).scalar() or ""
    detail = f"unit={notice.unit_id} kind={notice.kind} code={code}"
    audit.record(session, now, "system", "notice_failed", tip_id, detail)
    untold = notice.attempts + 1
    target = above(session, notice.unit_id) or central_desk(session)
    if target and target != notice.unit_id and untold < MOST_UNTOLD:
        row = {
            "id": once("undelivered", notice.id), "unit_id": target, "referral_id": notice.referral_id,
            "kind": "undelivered", "status": "pending", "attempts": untold, "next_at": 0.0, "created_at": now,
        }  # fmt: skip
        insert_ignore(session, Notice, [row])


def _move(session: Session, notice_id: str, before: str, after: str) -> bool:
    done = changed(
        session,
        update(Notice)
        .where(col(Notice.id) == notice_id, col(Notice.status) == before)
        .values(status=after)
        .execution_options(synchronize_session=False),
    )
    return done == 1
