"""The keys of units: handed to colleagues, taken with the recovery key, made anew by the unit above when all are lost."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlmodel import Session

from bot.core.errors import InvalidInput, NotAllowed
from bot.services import audit, clocks, enrolment, throttle
from bot.services.signin import SignedIn
from bot.services.throttle import Limit
from bot.storage import sealing
from bot.storage.tables import ConsoleSession, Officer, TipKey, Unit, UnitKey

RECOVERY_TRIES = Limit(5, 900.0)
_READERS = ("officer", "supervisor", "central")


def colleagues(session: Session, by: SignedIn) -> list[tuple[Officer, bool]]:
    """The officers of one's unit, and whether each holds the unit's key."""
    keyed = set(session.execute(select(UnitKey.officer_id).where(UnitKey.unit_id == by.unit_id)).scalars())
    rows = session.execute(select(Officer).where(Officer.unit_id == by.unit_id).order_by(Officer.login)).scalars()
    return [(row, row.id in keyed) for row in rows]


def grant(session: Session, by: SignedIn, officer_id: str, now: float) -> None:
    """Give the unit's key to a colleague of the same unit who has enrolled. Raises NotAllowed."""
    officer = session.get(Officer, officer_id)
    if officer is None or not officer.active or officer.unit_id != by.unit_id or officer.public_key is None:
        raise NotAllowed("grant")
    if officer.role not in _READERS or by.unit_id not in by.unit_keys:
        raise NotAllowed("grant")
    enrolment.give_unit_key(session, by.unit_id, officer, by.unit_keys[by.unit_id])
    audit.record(session, now, by.officer_id, "unit_key_given", officer.id, f"unit={by.unit_id}")


def recover(session: Session, by: SignedIn, recovery: str, now: float) -> bool:
    """Take the unit's key by its recovery key. False after a wrong one, which is counted: commit either way.

    Raises NotAllowed, InvalidInput('too_many_tries') after five wrong ones in a quarter of an hour.
    """
    unit, officer = session.get(Unit, by.unit_id), session.get(Officer, by.officer_id)
    if unit is None or officer is None or unit.recovery_key is None:
        raise NotAllowed("recover")
    tries = f"recover:{unit.id}"
    if throttle.blocked_for(session, tries, RECOVERY_TRIES, now):
        raise InvalidInput("too_many_tries")
    try:
        private = enrolment.recover_unit(unit, recovery)
    except sealing.CannotOpen:
        throttle.count_failure(session, tries, RECOVERY_TRIES, now)
        audit.record(session, now, by.officer_id, "recovery_failed", officer.id, f"unit={unit.id}")
        return False
    enrolment.give_unit_key(session, unit.id, officer, private)
    audit.record(session, now, by.officer_id, "unit_key_recovered", officer.id, f"unit={unit.id}")
    return True


def new_recovery(session: Session, by: SignedIn, now: float) -> str:
    """A fresh recovery key for one's unit, shown once; the old one opens nothing more. Raises NotAllowed."""
    unit = session.get(Unit, by.unit_id)
    if unit is None or unit.id not in by.unit_keys:
        raise NotAllowed("recovery")
    printed = enrolment.lock_with_recovery(unit, by.unit_keys[unit.id])
    audit.record(session, now, by.officer_id, "recovery_renewed", by.officer_id, f"unit={unit.id}")
    return printed


@dataclass(frozen=True)
class Lost:
    """A unit below whose key nobody holds any more. waiting: officers who would get the new one; tips: how many it
    could open, and of those how many the unit above can seal to it again."""

    unit: Unit
    waiting: tuple[Officer, ...]
    tips: int
    kept: int


def lost_below(session: Session, by: SignedIn) -> list[Lost]:
    """Units directly below the officer's own that are locked out of their tips."""
    if by.unit_id not in by.unit_keys:
        return []
    holder = exists().where(UnitKey.unit_id == Unit.id, UnitKey.officer_id == Officer.id, Officer.active)
    rows = session.execute(select(Unit).where(Unit.parent_id == by.unit_id, Unit.public_key.is_not(None), ~holder))
    return [_lost(session, by, unit) for unit in rows.scalars().all()]


def is_open(session: Session, by: SignedIn) -> bool:
    """Whether the officer's own unit receives tips already."""
    return session.execute(select(Unit.waiting_key).where(Unit.id == by.unit_id)).scalar() is None


def waiting_below(session: Session, by: SignedIn) -> list[tuple[Unit, list[Officer]]]:
    """Units whose first officer waits to be confirmed by the officer's own, with the accounts that would be let in."""
    if by.unit_id not in by.unit_keys:
        return []
    units = session.execute(select(Unit).where(Unit.waiting_key.is_not(None)).order_by(Unit.id)).scalars().all()
    asked = [unit for unit in units if _asked(session, unit.id) == by.unit_id]
    return [(unit, _holders(session, unit.id)) for unit in asked]


def _asked(session: Session, unit_id: str) -> str:
    return clocks.above(session, unit_id) or clocks.central_desk(session)


def _holders(session: Session, unit_id: str) -> list[Officer]:
    query = select(Officer).join(UnitKey, UnitKey.officer_id == Officer.id).where(UnitKey.unit_id == unit_id)
    return list(session.execute(query.order_by(Officer.login)).scalars())


def confirm(session: Session, by: SignedIn, unit_id: str, now: float) -> None:
    """Let a unit receive tips from now on: its first officer is who they say. Raises NotAllowed."""
    unit = _waiting(session, by, unit_id)
    enrolment.open_unit(unit)
    audit.record(session, now, by.officer_id, "unit_opened", "", f"unit={unit_id}")


def turn_away(session: Session, by: SignedIn, unit_id: str, now: float) -> None:
    """It is not them: the unit's key is thrown away and the accounts that held it are switched off. Raises NotAllowed."""
    unit = _waiting(session, by, unit_id)
    for officer in _holders(session, unit_id):
        officer.active = False
        session.execute(delete(ConsoleSession).where(ConsoleSession.officer_id == officer.id))
        audit.record(session, now, by.officer_id, "officer_off", officer.id)
    session.execute(delete(UnitKey).where(UnitKey.unit_id == unit_id))
    unit.waiting_key, unit.recovery_key = None, None
    audit.record(session, now, by.officer_id, "unit_turned_away", "", f"unit={unit_id}")


def _waiting(session: Session, by: SignedIn, unit_id: str) -> Unit:
    unit = session.get(Unit, unit_id)
    if (
        unit is None
        or unit.waiting_key is None
        or by.unit_id not in by.unit_keys
        or _asked(session, unit_id) != by.unit_id
    ):
        raise NotAllowed("confirm")
    return unit


def _lost(session: Session, by: SignedIn, unit: Unit) -> Lost:
    waiting = session.execute(
        select(Officer)
        .where(
            Officer.unit_id == unit.id, Officer.active, Officer.public_key.is_not(None), Officer.role.in_(_READERS)
        )
        .order_by(Officer.login)
    ).scalars()  # fmt: skip
    theirs = set(session.execute(select(TipKey.tip_id).where(TipKey.holder == f"unit:{unit.id}")).scalars())
    ours = set(session.execute(select(TipKey.tip_id).where(TipKey.holder == f"unit:{by.unit_id}")).scalars())
    return Lost(unit, tuple(waiting), len(theirs), len(theirs & ours))


def restore(session: Session, by: SignedIn, unit_id: str, now: float) -> int:
    """Make a lost unit a new key, give it to its enrolled officers, and seal to it all tips that the unit above opens.

    Tips that only the lost key opened stay closed for ever; returns how many. Raises NotAllowed, also while an officer
    of the unit still holds its key, and InvalidInput('nobody_enrolled').
    """
    lost = next((one for one in lost_below(session, by) if one.unit.id == unit_id), None)
    if lost is None or clocks.above(session, unit_id) != by.unit_id:
        raise NotAllowed("restore")
    if not lost.waiting:
        raise InvalidInput("nobody_enrolled")
    pair = sealing.new_pair()
    session.execute(delete(UnitKey).where(UnitKey.unit_id == unit_id))
    for officer in lost.waiting:
        enrolment.give_unit_key(session, unit_id, officer, pair.private)
    lost.unit.public_key, lost.unit.recovery_key = pair.public, None
    for kind in ("unit", "contact"):
        _seal_again(session, by, kind, unit_id, pair.public)
    gone = lost.tips - lost.kept
    detail = f"unit={unit_id} officers={len(lost.waiting)} tips={lost.kept} closed_for_ever={gone}"
    audit.record(session, now, by.officer_id, "unit_key_restored", "", detail)
    return gone


def _seal_again(session: Session, by: SignedIn, kind: str, unit_id: str, public: bytes) -> None:
    """Replace what was sealed to a lost key by what the unit above holds of the same tips."""
    query = select(TipKey.tip_id, TipKey.sealed).where(TipKey.holder == f"{kind}:{by.unit_id}")
    ours = {row.tip_id: row.sealed for row in session.execute(query)}
    theirs = session.execute(select(TipKey).where(TipKey.holder == f"{kind}:{unit_id}")).scalars().all()
    for row in theirs:
        if row.tip_id in ours:
            row.sealed = sealing.seal_to(public, sealing.open_sealed(by.unit_keys[by.unit_id], ours[row.tip_id]))
        else:
            session.delete(row)
