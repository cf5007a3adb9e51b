"""Where units stand and what officers may do: rows of the directory and of accounts carry the server's mark.

Somebody who can only write to the database could otherwise put a unit of their own above another and be sealed its tips, take
over a commune's place in the directory, or make an account a supervisor's. A unit whose row has not its mark receives nothing and leads
nowhere up; an officer whose row has not is signed in nowhere and is given no key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.services import audit
from bot.storage import marks
from bot.storage.tables import Audit, Officer, Unit

SET = ("units_imported", "posts_marked")  # entries of the audit log that name the whole directory by `mark=`
_SWITCHED = ("officer_on", "officer_off")


def unit_said(unit: Unit) -> bytes:
    """Of a unit what its mark is made over: all that an import of the directory says."""
    flags = f"{int(unit.remote)}{int(unit.demo)}"
    said = (unit.kind, unit.name, unit.commune_code, unit.province_code, unit.parent_id, unit.phone, flags)
    return "\0".join(said).encode()


def officer_said(officer: Officer) -> bytes:
    """Of an officer: who they are called, of which unit, what they may do, and whether they may."""
    said = (officer.login, officer.name, officer.unit_id, officer.role, str(int(officer.active)))
    return "\0".join(said).encode()


def set_unit(session: Session, unit: Unit) -> None:
    """Mark a unit's row as it is now."""
    unit.post_mark = marks.mark(session, "unit-post", unit.id, unit_said(unit))


def set_officer(session: Session, officer: Officer) -> None:
    """Mark an account as it is now."""
    officer.post_mark = marks.mark(session, "officer-post", officer.id, officer_said(officer))


def is_unit_sound(session: Session, unit: Unit) -> bool:
    """Whether the server itself wrote where this unit stands."""
    return marks.is_good(session, "unit-post", unit.id, unit_said(unit), unit.post_mark)


def is_officer_sound(session: Session, officer: Officer) -> bool:
    """Whether the server itself wrote what this account is, as it is now."""
    return marks.is_good(session, "officer-post", officer.id, officer_said(officer), officer.post_mark)


def works(session: Session, officer: Officer | None) -> bool:
    """Whether an account may be used. An older row with its older mark does not bring a switched-off one back: the log knows."""
    if officer is None or not officer.active or not is_officer_sound(session, officer):
        return False
    switched = select(col(Audit.action)).where(col(Audit.action).in_(_SWITCHED), col(Audit.subject) == officer.id)
    return session.execute(switched.order_by(col(Audit.seq).desc()).limit(1)).scalar() != "officer_off"


def fingerprint(session: Session) -> str:
    """What names the whole directory with its marks: 16 hex digits."""
    rows = session.execute(select(col(Unit.id), col(Unit.post_mark)).order_by(col(Unit.id)))
    digest = hashlib.sha256()
    for unit_id, mark in rows:
        digest.update(f"{unit_id}\0{(mark or b'').hex()}\n".encode())
    return digest.hexdigest()[:16]


def note(session: Session, now: float, action: str) -> None:
    """Name the directory in the audit log. action: of SET."""
    session.flush()
    audit.record(session, now, "system", action, "", f"mark={fingerprint(session)}")


def note_known(session: Session, now: float) -> None:
    """Name the directory of an older release in the audit log, once."""
    there = session.execute(select(col(Unit.id)).limit(1)).first()
    if there and session.execute(select(col(Audit.seq)).where(col(Audit.action).in_(SET)).limit(1)).first() is None:
        note(session, now, "posts_marked")


@dataclass(frozen=True)
class Doubtful:
    """units: ids; accounts: logins. directory: units were added, taken out or put back as they once were."""

    units: tuple[str, ...]
    accounts: tuple[str, ...]
    directory: bool = False

    def __bool__(self) -> bool:
        return bool(self.units or self.accounts or self.directory)


def doubtful(session: Session, *, against_log: bool = True) -> Doubtful:
    """Rows that the server did not write. against_log: compare with the audit log as well."""
    units = session.execute(select(Unit).order_by(col(Unit.id))).scalars()
    wrong = tuple(unit.id for unit in units if not is_unit_sound(session, unit))
    officers = session.execute(select(Officer).order_by(col(Officer.login))).scalars().all()
    off = _switched_off(session)
    accounts = tuple(
        one.login for one in officers if not is_officer_sound(session, one) or (one.active and one.id in off)
    )
    return Doubtful(wrong, accounts, against_log and not wrong and _other_than_noted(session))


def _switched_off(session: Session) -> set[str]:
    """Ids of the accounts that the log knows as switched off."""
    switched = select(col(Audit.subject), col(Audit.action)).where(col(Audit.action).in_(_SWITCHED))
    last = {row.subject: row.action for row in session.execute(switched.order_by(col(Audit.seq)))}
    return {subject for subject, action in last.items() if action == "officer_off"}


def _other_than_noted(session: Session) -> bool:
    query = select(col(Audit.detail)).where(col(Audit.action).in_(SET)).order_by(col(Audit.seq).desc())
    noted = session.execute(query.limit(1)).scalar()
    return noted is not None and noted != f"mark={fingerprint(session)}"


def mark_all(session: Session, now: float) -> int:
    """Mark every unit and account as it is: after the server's own key was lost or changed. For the command line only.

    What was changed before cannot be told from what was not any more. Returns how many.
    """
    units = session.execute(select(Unit)).scalars().all()
    officers = session.execute(select(Officer)).scalars().all()
    for unit in units:
        set_unit(session, unit)
    for officer in officers:
        set_officer(session, officer)
    note(session, now, "posts_marked")
    return len(units) + len(officers)
