"""The keys of units: handed to colleagues, taken with the recovery key, made anew by the unit above when all are lost."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, select
from sqlmodel import Session, col

from bot.core.errors import Conflict, InvalidInput, NotAllowed
from bot.core.units.model import UnitKind
from bot.services import audit, throttle
from bot.services.throttle import Limit
from bot.services.units import enrolment, hierarchy, holders, notices, posts, public_keys
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Audit, ConsoleSession, Officer, TipKey, Unit, UnitKey
from bot.storage.tables.tips import TIP_KEYS
from bot.storage.write_ahead import leave_no_trace

RECOVERY_TRIES = Limit(5, 900.0)
RECOVERED_SHOWN = 30 * 86_400.0
_READERS = ("officer", "supervisor", "central")


def colleagues(session: Session, by: SignedIn) -> list[tuple[Officer, bool]]:
    """The officers of one's unit, and whether each holds the unit's key."""
    keyed = set(session.execute(select(col(UnitKey.officer_id)).where(col(UnitKey.unit_id) == by.unit_id)).scalars())
    rows = session.execute(
        select(Officer).where(col(Officer.unit_id) == by.unit_id).order_by(col(Officer.login))
    ).scalars()
    return [(row, row.id in keyed) for row in rows]


def holds_own(session: Session, by: SignedIn) -> bool:
    """Whether the officer holds the key of their own unit, the one the server knows: what deciding for others takes."""
    return public_keys.fits(session, session.get(Unit, by.unit_id), by.unit_keys.get(by.unit_id, b""))


def grant(session: Session, by: SignedIn, officer_id: str, now: float) -> None:
    """Give the unit's key to a colleague of the same unit who has enrolled. Raises NotAllowed, InvalidInput('key_doubtful')."""
    officer = grantable(session, by, officer_id)
    enrolment.give_unit_key(session, by.unit_id, officer, by.unit_keys[by.unit_id])
    audit.record(session, now, by.officer_id, "unit_key_given", officer.id, f"unit={by.unit_id}")


def grantable(session: Session, by: SignedIn, officer_id: str) -> Officer:
    """The colleague to whom one may give the unit's key. Raises NotAllowed."""
    officer = session.get(Officer, officer_id)
    if officer is None or not officer.active or officer.unit_id != by.unit_id or officer.public_key is None:
        raise NotAllowed("grant")
    if officer.role not in _READERS or by.unit_id not in by.unit_keys:
        raise NotAllowed("grant")
    return officer


def recover(session: Session, by: SignedIn, recovery: str, now: float) -> bool:
    """Take the unit's key by its recovery key. False after a wrong one, which is counted: commit either way.

    Raises NotAllowed, InvalidInput('too_many_tries') after five wrong ones in a quarter of an hour, InvalidInput('key_doubtful')
    where it brings another key than the unit's.
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
    seq = audit.record(session, now, by.officer_id, "unit_key_recovered", officer.id, f"unit={unit.id}")
    # Colleagues and the unit above learn of it: a sheet of paper may have been found by somebody else.
    for told in {unit.id, hierarchy.asked(session, unit.id)} - {""}:
        notices.queue_once(session, notices.once("recovered", seq, told), told, "", "recovered", now)
    return True


@dataclass(frozen=True)
class Recovered:
    """Somebody took a unit's key by its recovery key."""

    unit: str
    name: str
    login: str
    at: float


def recovered_lately(session: Session, by: SignedIn, now: float) -> list[Recovered]:
    """Recoveries of the last 30 days in the officer's own unit and in those that are below it, newest first."""
    query = (
        select(col(Unit.name), col(Unit.id), col(Officer.name), col(Officer.login), col(Audit.at), col(Audit.detail))
        .join(Officer, col(Officer.id) == col(Audit.subject))
        .join(Unit, col(Unit.id) == col(Officer.unit_id))
        .where(col(Audit.action) == "unit_key_recovered", col(Audit.at) > now - RECOVERED_SHOWN)
        .order_by(col(Audit.seq).desc())
    )
    found = []
    for unit_name, unit_id, name, login, at, _ in session.execute(query):
        if unit_id == by.unit_id or hierarchy.asked(session, unit_id) == by.unit_id:
            found.append(Recovered(unit_name, name, login, at))
    return found


def doubtful(session: Session, by: SignedIn) -> list[Unit]:
    """The officer's units of which the database names another key than the officer holds."""
    units = {unit_id: session.get(Unit, unit_id) for unit_id in by.unit_keys}
    return [
        unit for unit_id, unit in units.items() if unit and not public_keys.fits(session, unit, by.unit_keys[unit_id])
    ]


def mend(session: Session, by: SignedIn, unit_id: str, now: float) -> None:
    """Put a unit's true key back in its place. The audit log has to name it: an officer's word is not enough.

    Raises NotAllowed, InvalidInput('key_not_noted').
    """
    unit = next((one for one in doubtful(session, by) if one.id == unit_id), None)
    if unit is None:
        raise NotAllowed("mend")
    public = sealing.public_of(by.unit_keys[unit_id])
    if public_keys.noted(session).get(unit_id) != public_keys.fingerprint(public):
        raise InvalidInput("key_not_noted")
    public_keys.set_unit(session, unit, public)
    detail = f"unit={unit_id} key={public_keys.fingerprint(public)}"
    audit.record(session, now, by.officer_id, "unit_key_mended", "", detail)


def new_recovery(session: Session, by: SignedIn, now: float) -> str:
    """A fresh recovery key for one's unit, shown once; the old one opens nothing more.

    Raises NotAllowed, and InvalidInput('key_doubtful') where the officer holds another key than the unit has: a colleague
    changed it this moment, or somebody wrote to the database. What would be printed would open nothing.
    """
    unit = session.get(Unit, by.unit_id, with_for_update=True, populate_existing=True)
    if unit is None or unit.id not in by.unit_keys:
        raise NotAllowed("recovery")
    printed = enrolment.lock_with_recovery(session, unit, by.unit_keys[unit.id])
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
    shown: str


def lost_below(session: Session, by: SignedIn) -> list[Lost]:
    """Units directly below the officer's own that are locked out of their tips."""
    if not holds_own(session, by):
        return []
    holder = exists().where(
        col(UnitKey.unit_id) == col(Unit.id), col(UnitKey.officer_id) == col(Officer.id), col(Officer.active)
    )
    rows = session.execute(
        select(Unit).where(col(Unit.parent_id) == by.unit_id, col(Unit.public_key).is_not(None), ~holder)
    )
    sound = [unit for unit in rows.scalars().all() if posts.is_unit_sound(session, unit)]
    return [_lost(session, by, unit) for unit in sound]


def can_recover(session: Session, by: SignedIn) -> bool:
    """Whether the officer's unit has a recovery key that could be typed in."""
    return session.execute(select(col(Unit.recovery_key)).where(col(Unit.id) == by.unit_id)).scalar() is not None


def is_open(session: Session, by: SignedIn) -> bool:
    """Whether the officer's own unit receives tips already."""
    return session.execute(select(col(Unit.waiting_key)).where(col(Unit.id) == by.unit_id)).scalar() is None


@dataclass(frozen=True)
class Waiting:
    """A unit that waits to be confirmed, and the accounts that would be let in.

    shown: stands in the form for exactly what the page shows, so that nothing else is agreed to. spoken: six digits that
    whoever holds the key sees on their own page, to be compared by telephone.
    """

    unit: Unit
    holders: tuple[Officer, ...]
    shown: str
    spoken: str


def waiting_below(session: Session, by: SignedIn) -> list[Waiting]:
    """Units whose first officer waits to be confirmed by the officer's own."""
    if not _confirms(session, by):
        return []
    units = (
        session.execute(select(Unit).where(col(Unit.waiting_key).is_not(None)).order_by(col(Unit.id))).scalars().all()
    )
    return [_waiting_one(session, unit) for unit in units if hierarchy.asked(session, unit.id) == by.unit_id]


def _confirms(session: Session, by: SignedIn) -> bool:
    """Whether an officer may confirm others at all: whoever leads a unit, and at a commune, where few are, every officer. Those are
    asked about the commune's support services alone."""
    unit = session.get(Unit, by.unit_id)
    leads = by.role in {"supervisor", "central"}
    at_commune = unit is not None and unit.kind == UnitKind.COMMUNE_POLICE.value and by.role == "officer"
    return (leads or at_commune) and holds_own(session, by)


def _waiting_one(session: Session, unit: Unit) -> Waiting:
    public = unit.waiting_key or b""
    holders = tuple(row for row in _holders(session, unit.id) if posts.works(session, row))
    return Waiting(unit, holders, _seal_of(public, holders), public_keys.spoken(public))


def own_spoken(session: Session, by: SignedIn, *, waiting: bool = False) -> str:
    """The six digits of the key that the officer holds for their own unit, made of the private key; "" for who holds none.

    waiting: only while the unit waits to be confirmed.
    """
    unit = session.get(Unit, by.unit_id)
    private = by.unit_keys.get(by.unit_id)
    if private is None or (waiting and not (unit and unit.waiting_key)):
        return ""
    return public_keys.spoken(sealing.public_of(private))


def _seal_of(public: bytes, officers: Sequence[Officer]) -> str:
    """One word for a key and exactly these accounts with the names and keys they have now."""
    parts = [public, *(f"{row.id}\0{row.login}\0{row.name}\0".encode() + (row.public_key or b"") for row in officers)]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[:32]


def _holders(session: Session, unit_id: str) -> list[Officer]:
    query = (
        select(Officer).join(UnitKey, col(UnitKey.officer_id) == col(Officer.id)).where(col(UnitKey.unit_id) == unit_id)
    )
    return list(session.execute(query.order_by(col(Officer.login))).scalars())


def confirm(session: Session, by: SignedIn, unit_id: str, shown: str, now: float) -> None:
    """Let a unit receive tips from now on: its first officer is who they say. shown: what the page's form says.

    Raises NotAllowed, InvalidInput('nobody_holds'), Conflict when others hold the key now than those who were shown.
    """
    unit = _waiting(session, by, unit_id)
    now_shown = _waiting_one(session, unit)
    if not now_shown.holders:
        raise InvalidInput("nobody_holds")
    if shown != now_shown.shown:
        raise Conflict("holders")
    enrolment.open_unit(session, unit)
    who = ",".join(row.id for row in now_shown.holders)
    detail = f"unit={unit_id} key={public_keys.fingerprint(unit.public_key or b'')} for={who}"
    audit.record(session, now, by.officer_id, "unit_opened", now_shown.holders[0].id, detail)


def turn_away(session: Session, by: SignedIn, unit_id: str, shown: str, now: float) -> None:
    """It is not them: the unit's key is thrown away and the accounts that held it are switched off. Raises NotAllowed."""
    unit = _waiting(session, by, unit_id)
    for officer in _holders(session, unit_id):
        officer.active = False
        posts.set_officer(session, officer)
        session.execute(delete(ConsoleSession).where(col(ConsoleSession.officer_id) == officer.id))
        audit.record(session, now, by.officer_id, "officer_off", officer.id)
    session.execute(delete(UnitKey).where(col(UnitKey.unit_id) == unit_id))
    public_keys.forget_waiting(unit)
    audit.record(session, now, by.officer_id, "unit_turned_away", "", f"unit={unit_id}")


def _waiting(session: Session, by: SignedIn, unit_id: str) -> Unit:
    unit = session.get(Unit, unit_id)
    if (
        unit is None
        or unit.waiting_key is None
        or not _confirms(session, by)
        or hierarchy.asked(session, unit_id) != by.unit_id
    ):
        raise NotAllowed("confirm")
    return unit


def _lost(session: Session, by: SignedIn, unit: Unit) -> Lost:
    rows = session.execute(
        select(Officer)
        .where(
            col(Officer.unit_id) == unit.id, col(Officer.active), col(Officer.public_key).is_not(None), col(Officer.role).in_(_READERS)
        )
        .order_by(col(Officer.login))
    ).scalars()  # fmt: skip
    waiting = tuple(row for row in rows if public_keys.is_officer_sound(session, row) and posts.works(session, row))
    theirs = set(session.execute(select(col(TipKey.tip_id)).where(col(TipKey.holder) == f"unit:{unit.id}")).scalars())
    ours = set(session.execute(select(col(TipKey.tip_id)).where(col(TipKey.holder) == f"unit:{by.unit_id}")).scalars())
    return Lost(unit, waiting, len(theirs), len(theirs & ours), _seal_of(unit.public_key or b"", waiting))


def restore(session: Session, by: SignedIn, unit_id: str, now: float, shown: str) -> int:
    """Make a lost unit a new key, give it to its enrolled officers, and seal to it all tips that the unit above opens.

    Tips that only the lost key opened stay closed for ever; returns how many. Raises NotAllowed, also while an officer
    of the unit still holds its key; InvalidInput('nobody_enrolled'), and Conflict when the accounts that would get the key
    are not those who were shown.
    """
    lost = next((one for one in lost_below(session, by) if one.unit.id == unit_id), None)
    if lost is None or hierarchy.above(session, unit_id) != by.unit_id:
        raise NotAllowed("restore")
    if not lost.waiting:
        raise InvalidInput("nobody_enrolled")
    if shown != lost.shown:
        raise Conflict("holders")
    pair = sealing.new_pair()
    leave_no_trace(session)
    session.execute(delete(UnitKey).where(col(UnitKey.unit_id) == unit_id))
    public_keys.set_unit(session, lost.unit, pair.public)
    for officer in lost.waiting:
        enrolment.give_unit_key(session, unit_id, officer, pair.private)
    lost.unit.recovery_key, lost.unit.old_key, lost.unit.rekey_after = None, None, ""
    for kind in TIP_KEYS:
        _seal_again(session, by, kind, unit_id, pair.public)
    gone = lost.tips - lost.kept
    key = public_keys.fingerprint(pair.public)
    detail = f"unit={unit_id} key={key} officers={len(lost.waiting)} tips={lost.kept} closed_for_ever={gone}"
    audit.record(session, now, by.officer_id, "unit_key_restored", "", detail)
    return gone


def _seal_again(session: Session, by: SignedIn, kind: str, unit_id: str, public: bytes) -> None:
    """Replace what was sealed to a lost key by what the unit above holds of the same tips."""
    query = select(col(TipKey.tip_id), col(TipKey.sealed)).where(col(TipKey.holder) == f"{kind}:{by.unit_id}")
    ours = {row.tip_id: row.sealed for row in session.execute(query)}
    theirs = session.execute(select(TipKey).where(col(TipKey.holder) == f"{kind}:{unit_id}")).scalars().all()
    for row in theirs:
        if row.tip_id in ours:
            holders.seal_anew(session, row, sealing.seal_to(public, by.open(by.unit_id, ours[row.tip_id])))
        else:
            session.delete(row)
