"""Public keys of units and officers: set together with the server's mark, and trusted only with it.

Somebody who can write to the database and has no server key could otherwise put a key of their own in the place of a
unit's, and read every later tip. A key without its mark gets nothing: the tip goes to the unit above, and that is told.
Which key a unit has is also in the audit log since it was made, so that an older key that was marked once shows as well.
"""

from __future__ import annotations

import hashlib
import re

from sqlalchemy import or_, select
from sqlmodel import Session, col

from bot.services import audit
from bot.services.units import hierarchy, notices
from bot.storage import marks, sealing
from bot.storage.tables import Audit, Notice, Officer, Unit

# Entries of the audit log that say which key a unit has from then on.
NOTED = ("unit_opened", "unit_key_restored", "unit_key_noted", "unit_key_mended", "unit_key_changed")
_ANEW = frozenset({"unit_key_restored", "unit_key_mended", "unit_key_changed"})  # those that replace what was known
_DETAIL = re.compile(r"\bunit=(\S+)(?=.*\bkey=([0-9a-f]{16})\b)")


def fingerprint(public: bytes) -> str:
    """What names a key in the audit log: 16 hex digits."""
    return hashlib.sha256(public).hexdigest()[:16]


def spoken(public: bytes) -> str:
    """Six digits of a key that two people can compare by telephone: '123 456'."""
    number = int.from_bytes(hashlib.sha256(b"spoken" + public).digest()[:8], "big") % 1_000_000
    return f"{number // 1000:03d} {number % 1000:03d}"


def set_unit(session: Session, unit: Unit, public: bytes) -> None:
    """From now on tips are sealed to `public`. The caller's audit entry names it by `fingerprint`."""
    unit.public_key, unit.waiting_key = public, None
    unit.key_mark = marks.mark(session, "unit", unit.id, public)


def set_waiting(session: Session, unit: Unit, public: bytes) -> None:
    """The key of a first officer whom nobody has confirmed yet."""
    unit.waiting_key = public
    unit.key_mark = marks.mark(session, "waiting", unit.id, public)


def forget_waiting(unit: Unit) -> None:
    """Throw the key of a unit that waits away, and what its recovery key would open."""
    unit.waiting_key, unit.recovery_key, unit.key_mark = None, None, None


def of(holder: Unit | Officer) -> bytes:
    """The key to seal to, of somebody whose key was found sound."""
    assert holder.public_key is not None
    return holder.public_key


def set_officer(session: Session, officer: Officer, public: bytes) -> None:
    officer.public_key = public
    officer.key_mark = marks.mark(session, "officer", officer.id, public)


def is_sound(session: Session, unit: Unit) -> bool:
    """Whether the key tips would be sealed to was put there by the server."""
    return unit.public_key is not None and marks.is_good(session, "unit", unit.id, unit.public_key, unit.key_mark)


def is_waiting_sound(session: Session, unit: Unit) -> bool:
    return unit.waiting_key is not None and marks.is_good(session, "waiting", unit.id, unit.waiting_key, unit.key_mark)


def is_officer_sound(session: Session, officer: Officer) -> bool:
    public = officer.public_key
    return public is not None and marks.is_good(session, "officer", officer.id, public, officer.key_mark)


def fits(session: Session, unit: Unit | None, private: bytes) -> bool:
    """Whether the private key an officer holds is the other half of what the database says the unit's key is."""
    if unit is None or not private:
        return False
    public = sealing.public_of(private)
    if unit.public_key is not None:
        return unit.public_key == public and is_sound(session, unit)
    return unit.waiting_key == public and is_waiting_sound(session, unit)


def alarm(session: Session, unit: Unit, now: float) -> None:
    """Note that a unit's key was changed behind the product's back, and tell it and the unit above.

    Once for each key, and once more when it comes back after the true one was put in its place again.
    """
    public = unit.public_key or unit.waiting_key or b""
    again = str(_repairs(session, unit.id))
    first = False
    for told in {unit.id, hierarchy.asked(session, unit.id)} - {""}:
        key = notices.once("key", unit.id, fingerprint(public), again, told)
        if session.get(Notice, key) is None:
            first = True
            notices.queue_once(session, key, told, "", "key", now)
    if first:
        audit.record(session, now, "system", "unit_key_doubtful", "", f"unit={unit.id} found={fingerprint(public)}")


def _repairs(session: Session, unit_id: str) -> int:
    query = select(col(Audit.detail)).where(
        col(Audit.action).in_(("unit_key_mended", "unit_key_restored", "unit_keys_marked", "unit_key_changed"))
    )
    said = (f" {detail} " for detail in session.execute(query).scalars())
    return sum(f" unit={unit_id} " in detail or " unit=" not in detail for detail in said)


def noted(session: Session) -> dict[str, str]:
    """The fingerprint of each unit's key as the audit log has it.

    A unit is opened once: a later opening counts for nothing unless its key was made anew by the unit above, so that it
    shows as another key than the one that is known.
    """
    query = select(col(Audit.action), col(Audit.detail)).where(col(Audit.action).in_(NOTED)).order_by(col(Audit.seq))
    known: dict[str, str] = {}
    for action, detail in session.execute(query):
        match = _DETAIL.search(detail)
        if match and (action in _ANEW or match[1] not in known):
            known[match[1]] = match[2]
    return known


def was_opened(session: Session, unit: Unit) -> bool:
    """Whether the audit log knows a key of this unit."""
    return unit.id in noted(session)


def any_opened(session: Session) -> bool:
    """Whether any unit has, or ever had, a key that tips were sealed to."""
    keyed = select(col(Unit.id)).where(col(Unit.public_key).is_not(None)).limit(1)
    opened = select(col(Audit.seq)).where(col(Audit.action).in_(NOTED)).limit(1)
    return any(session.execute(query).first() is not None for query in (keyed, opened))


def contradicted(session: Session, unit: Unit) -> bool:
    """Whether the audit log names another key for a unit than the one it has, or than none."""
    known = noted(session).get(unit.id)
    return known is not None and (unit.public_key is None or known != fingerprint(unit.public_key))


def note_all(session: Session, now: float) -> int:
    """Write the keys of units into the audit log that are not there yet: those made by an older release. How many."""
    known, done = noted(session), 0
    for unit in session.execute(select(Unit).where(col(Unit.public_key).is_not(None))).scalars():
        if unit.id not in known and is_sound(session, unit):
            audit.record(
                session, now, "system", "unit_key_noted", "", f"unit={unit.id} key={fingerprint(unit.public_key)}"
            )
            done += 1
    return done


def mark_noted(session: Session, now: float) -> tuple[list[str], list[str]]:
    """Mark the keys of units anew that are the ones the audit log names: after the server's own key was lost or changed.

    For the server's command line only. Returns the ids of units that were marked, and of those that are left as they are
    because the log names another key or none.
    """
    known, done, left = noted(session), [], []
    for unit in (
        session.execute(select(Unit).where(col(Unit.public_key).is_not(None)).order_by(col(Unit.id))).scalars().all()
    ):
        if is_sound(session, unit):
            continue
        if known.get(unit.id) == fingerprint(unit.public_key):
            set_unit(session, unit, unit.public_key)
            done.append(unit.id)
        else:
            left.append(unit.id)
    if done:
        audit.record(session, now, "system", "unit_keys_marked", "", f"units={len(done)} left={len(left)}")
    return done, left


def unmarked(session: Session) -> list[Unit]:
    """Units with a key that the server did not put there. Cheap enough for every minute."""
    query = (
        select(Unit)
        .where(or_(col(Unit.public_key).is_not(None), col(Unit.waiting_key).is_not(None)))
        .order_by(col(Unit.id))
    )
    rows = session.execute(query).scalars()
    return [row for row in rows if not (is_sound(session, row) if row.public_key else is_waiting_sound(session, row))]


def doubtful(session: Session) -> list[Unit]:
    """Units whose key has not the server's mark, or is not the one that the audit log names."""
    known = noted(session)
    found = []
    for unit in session.execute(select(Unit).order_by(col(Unit.id))).scalars():
        if unit.public_key is None:
            wrong = unit.id in known or (unit.waiting_key is not None and not is_waiting_sound(session, unit))
        else:
            wrong = not is_sound(session, unit) or known.get(unit.id) != fingerprint(unit.public_key)
        if wrong:
            found.append(unit)
    return found


def doubtful_officers(session: Session) -> list[Officer]:
    """Officers whose public key has not the server's mark: nothing is sealed to them."""
    rows = session.execute(
        select(Officer).where(col(Officer.public_key).is_not(None)).order_by(col(Officer.login))
    ).scalars()
    return [row for row in rows if not is_officer_sound(session, row)]
