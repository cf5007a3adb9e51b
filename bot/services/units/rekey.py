"""Another key for a unit, so that whoever left reads nothing that comes and nothing that lies there.

An officer who holds the key begins; the new one is given to everybody active who held the old one. What was sealed to the old key
is sealed to the new one in batches, each a transaction of its own that any holder's browser can carry on. Until the last, the
old private key lies beside the unit sealed to the new one; then it is thrown away.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed
from bot.services import audit
from bot.services.units import enrolment, hierarchy, holders, notices, posts, public_keys
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Audit, Officer, SupportCopy, TipKey, Unit, UnitKey
from bot.storage.tables.tips import TIP_KEYS
from bot.storage.write_ahead import leave_no_trace

CHANGED_SHOWN = 30 * 86_400.0
BATCH = 300  # rows of one transaction
_TIPS, _COPIES = (
    "tip:",
    "copy:",
)  # what Unit.rekey_after begins with: which table is gone through, and the last row done


def begin(session: Session, by: SignedIn, now: float) -> str:
    """Make the unit's new key and give it to the active colleagues who held the old one; returns the recovery key to print.

    The old recovery key and open invitations bring the old key only, so both are replaced or emptied. Raises NotAllowed, and
    InvalidInput('rekey_running' | 'key_doubtful').
    """
    # Held until the end: of two officers who begin at the same moment the second is told so.
    unit = session.get(Unit, by.unit_id, with_for_update=True, populate_existing=True)
    old = by.unit_keys.get(by.unit_id)
    if unit is None or old is None or unit.public_key is None:
        raise NotAllowed("rekey")
    if unit.old_key is not None:
        raise InvalidInput("rekey_running")
    if not public_keys.fits(session, unit, old) or public_keys.contradicted(session, unit):
        raise InvalidInput("key_doubtful")
    pair = sealing.new_pair()
    receivers = _receivers(session, unit.id)
    public_keys.set_unit(session, unit, pair.public)
    session.execute(delete(UnitKey).where(col(UnitKey.unit_id) == unit.id))
    for officer in receivers:
        enrolment.give_unit_key(session, unit.id, officer, pair.private)
    for officer in session.execute(select(Officer).where(col(Officer.unit_id) == unit.id)).scalars():
        officer.invite_key = None  # it holds the old one; a colleague gives the key when they have enrolled
    unit.old_key, unit.rekey_after = sealing.seal_to(pair.public, old), _TIPS
    printed = enrolment.lock_with_recovery(session, unit, pair.private)
    detail = f"unit={unit.id} key={public_keys.fingerprint(pair.public)} officers={len(receivers)}"
    seq = audit.record(session, now, by.officer_id, "unit_key_changed", "", detail)
    for told in {unit.id, hierarchy.asked(session, unit.id)} - {""}:
        notices.queue_once(session, notices.once("changed_key", seq, told), told, "", "key_changed", now)
    session.flush()
    _step(session, unit, by.officer_id, pair.private, old, now, BATCH)
    return printed


def _receivers(session: Session, unit_id: str) -> list[Officer]:
    query = (
        select(Officer)
        .join(UnitKey, col(UnitKey.officer_id) == col(Officer.id))
        .where(col(UnitKey.unit_id) == unit_id, col(Officer.active))
        .order_by(col(Officer.login))
    )
    return [row for row in session.execute(query).scalars().all() if _may_hold(session, row)]


def _may_hold(session: Session, officer: Officer) -> bool:
    return public_keys.is_officer_sound(session, officer) and posts.works(session, officer)


def receivers(session: Session, by: SignedIn) -> list[Officer]:
    """Who would get the new key: what the page shows before."""
    return _receivers(session, by.unit_id)


def carry_on(session: Session, by: SignedIn, now: float, limit: int = 0) -> int:
    """Seal up to `limit` rows to the new key (0: BATCH). Returns how many; after the last the old key is gone.

    What neither key opens is left as it is: somebody wrote to the database.
    """
    unit = session.execute(select(Unit).where(col(Unit.id) == by.unit_id).with_for_update()).scalar_one_or_none()
    private = by.unit_keys.get(by.unit_id)
    if unit is None or unit.old_key is None or private is None or not public_keys.fits(session, unit, private):
        return 0
    old = sealing.open_sealed(private, unit.old_key)
    return _step(session, unit, by.officer_id, private, old, now, limit or BATCH)


def _step(session: Session, unit: Unit, actor: str, private: bytes, old: bytes, now: float, limit: int) -> int:
    leave_no_trace(session)  # the copies that the old key opens
    done = 0
    if unit.rekey_after.startswith(_TIPS):
        done = _tips(session, unit, private, old, limit)
        if done < limit:
            unit.rekey_after = _COPIES
    if unit.rekey_after.startswith(_COPIES) and done < limit:
        done += _copies(session, unit, private, old, limit - done)
        if done < limit:
            unit.old_key, unit.rekey_after = None, ""
            audit.record(session, now, actor, "unit_key_resealed", "", f"unit={unit.id}")
    return done


def _tips(session: Session, unit: Unit, private: bytes, old: bytes, limit: int) -> int:
    after = int(unit.rekey_after.removeprefix(_TIPS) or 0)
    rows = session.execute(_waiting(unit.id).where(col(TipKey.id) > after).order_by(col(TipKey.id)).limit(limit))
    found = rows.scalars().all()
    for row in found:
        holders.seal_anew(session, row, _anew(row.sealed, private, old))
    if found:
        unit.rekey_after = f"{_TIPS}{found[-1].id}"
    return len(found)


def _waiting(unit_id: str):
    return select(TipKey).where(or_(*(col(TipKey.holder) == f"{kind}:{unit_id}" for kind in TIP_KEYS)))


def _copies(session: Session, unit: Unit, private: bytes, old: bytes, limit: int) -> int:
    after = unit.rekey_after.removeprefix(_COPIES)
    query = select(SupportCopy).where(col(SupportCopy.unit_id) == unit.id, col(SupportCopy.id) > after)
    found = session.execute(query.order_by(col(SupportCopy.id)).limit(limit)).scalars().all()
    for row in found:
        row.key = _anew(row.key, private, old)
    if found:
        unit.rekey_after = f"{_COPIES}{found[-1].id}"
    return len(found)


def _anew(sealed: bytes, private: bytes, old: bytes) -> bytes:
    try:
        return sealing.seal_to(sealing.public_of(private), sealing.open_sealed(old, sealed))
    except CannotOpen:
        return sealed  # sealed to the new key already, or to nobody's


@dataclass(frozen=True)
class Standing:
    """How far a unit is. running: some rows are still sealed to the old key. left: how many of tips. gone: names of colleagues whose
    accounts were switched off since the unit has its key, and who may have kept it."""

    running: bool
    left: int
    gone: tuple[str, ...]


def standing(session: Session, by: SignedIn) -> Standing:
    """What the unit's page says about its key."""
    unit = session.get(Unit, by.unit_id)
    if unit is None or by.unit_id not in by.unit_keys:
        return Standing(False, 0, ())
    left = 0
    if unit.old_key is not None and unit.rekey_after.startswith(_TIPS):
        after = int(unit.rekey_after.removeprefix(_TIPS) or 0)
        rest = _waiting(unit.id).where(col(TipKey.id) > after).subquery()
        left = session.execute(select(func.count()).select_from(rest)).scalar_one()
    return Standing(unit.old_key is not None, left, _gone(session, unit.id))


def _gone(session: Session, unit_id: str) -> tuple[str, ...]:
    made = select(func.max(col(Audit.seq))).where(
        col(Audit.action).in_(public_keys.NOTED),
        (col(Audit.detail) + " ").contains(f"unit={unit_id} ", autoescape=True),
    )
    since = session.execute(made).scalar() or 0
    off = select(col(Audit.subject)).where(col(Audit.action) == "officer_off", col(Audit.seq) > since)
    query = select(col(Officer.name)).where(
        col(Officer.unit_id) == unit_id, col(Officer.active).is_(False), col(Officer.id).in_(off)
    )
    return tuple(session.execute(query.order_by(col(Officer.name))).scalars())


@dataclass(frozen=True)
class Changed:
    """A unit got another key. spoken: six digits of the key it has now, which its holders see on their own page."""

    unit: str
    name: str
    at: float
    spoken: str


def changed_lately(session: Session, by: SignedIn, now: float) -> list[Changed]:
    """Changes of the last 30 days in the officer's own unit and in those that are below it, newest first."""
    query = (
        select(col(Audit.detail), col(Audit.at), col(Officer.name))
        .join(Officer, col(Officer.id) == col(Audit.actor))
        .where(col(Audit.action) == "unit_key_changed", col(Audit.at) > now - CHANGED_SHOWN)
        .order_by(col(Audit.seq).desc())
    )
    found = []
    for detail, at, name in session.execute(query):
        unit = session.get(Unit, detail.split()[0].removeprefix("unit="))
        if unit is None or unit.public_key is None:
            continue
        if unit.id == by.unit_id or hierarchy.asked(session, unit.id) == by.unit_id:
            found.append(Changed(unit.name, name, at, public_keys.spoken(unit.public_key)))
    return found
