"""Accounts of officers: invited, renewed after a loss, switched off. Whoever manages them reads no tip."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed
from bot.core.units.model import UnitKind
from bot.services import audit
from bot.services.units import enrolment, hierarchy, notices, posts, public_keys
from bot.services.units.signin import SignedIn
from bot.storage.tables import ConsoleSession, Officer, Passkey, Unit, UnitKey
from bot.storage.write_ahead import leave_no_trace

ROLES = ("officer", "supervisor", "central", "admin", "auditor")
WITHOUT_UNIT = frozenset({"admin", "auditor"})
PAGE_ROWS = 50
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{2,59}")
# Which units a role can belong to; the others may be anywhere.
_KINDS = {
    "supervisor": {UnitKind.PROVINCE_POLICE.value, UnitKind.NATIONAL.value},
    "central": {UnitKind.CENTRAL_DESK.value, UnitKind.NATIONAL.value},
}


def invite(session: Session, by: SignedIn | None, *, login: str, name: str, unit_id: str, role: str, now: float) -> str:
    """Create an account; returns its one-time token. by: None on the server's own command line.

    Raises InvalidInput('login_taken' | 'login' | 'name' | 'role_unit').
    """
    login, name = login.strip().lower(), " ".join(name.split())
    if not _LOGIN.fullmatch(login):
        raise InvalidInput("login")
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise InvalidInput("name")
    _check_place(session, role, unit_id)
    return enrolment.invite(session, login=login, name=name, unit_id=unit_id, role=role, by=by, now=now)


def _check_place(session: Session, role: str, unit_id: str) -> None:
    if role not in ROLES:
        raise InvalidInput("role_unit")
    if role in WITHOUT_UNIT:
        if unit_id:
            raise InvalidInput("role_unit")
        return
    unit = session.get(Unit, unit_id) if unit_id else None
    if unit is None or unit.kind not in _KINDS.get(role, {unit.kind}):
        raise InvalidInput("role_unit")


def renew(session: Session, officer_id: str, by: SignedIn | None, now: float) -> str:
    """A new one-time link for a lost password or device; ends the account's sessions and takes its keys away.

    Raises NotAllowed, InvalidInput('account_doubtful') for one that somebody else wrote on.

    Old tips open again only when a colleague, the recovery key or the unit above gives the unit's key back.
    """
    officer = _account(session, officer_id)
    if not posts.is_officer_sound(session, officer):
        raise InvalidInput("account_doubtful")
    _leave_waiting_units(session, officer, by, now)
    token = enrolment.new_token(session, officer, now)
    officer.private_key, officer.public_key, officer.totp, officer.totp_last = None, None, None, -1
    officer.key_mark = None
    leave_no_trace(session)
    officer.invite_key, officer.failures, officer.locked_until = None, 0, 0.0
    session.execute(delete(UnitKey).where(col(UnitKey.officer_id) == officer.id))
    session.execute(delete(Passkey).where(col(Passkey.officer_id) == officer.id))
    session.execute(delete(ConsoleSession).where(col(ConsoleSession.officer_id) == officer.id))
    audit.record(session, now, by.officer_id if by else "system", "officer_renewed", officer.id)
    return token


def _leave_waiting_units(session: Session, officer: Officer, by: SignedIn | None, now: float) -> None:
    """A unit that waits to be confirmed begins anew when anybody who holds its key loses the account.

    Otherwise whoever redeemed the first invitation would keep the recovery key, and could use it after the unit above has
    confirmed somebody else. Nothing is sealed to such a key yet, so nothing is lost with it.
    """
    held = select(col(UnitKey.unit_id)).where(col(UnitKey.officer_id) == officer.id)
    units = (
        session.execute(select(Unit).where(col(Unit.id).in_(held), col(Unit.waiting_key).is_not(None))).scalars().all()
    )
    for unit in units:
        public_keys.forget_waiting(unit)
        session.execute(delete(UnitKey).where(col(UnitKey.unit_id) == unit.id))
        actor = by.officer_id if by else "system"
        audit.record(session, now, actor, "unit_began_anew", officer.id, f"unit={unit.id}")


def _leave_staffed_units(session: Session, officer: Officer) -> list[str]:
    """Take the keys of units away that somebody else who can sign in holds too: a colleague can give them back. Returns which.

    The last holder keeps theirs sealed, because nothing but the recovery key would bring it back.
    """
    left = []
    for key in session.execute(select(UnitKey).where(col(UnitKey.officer_id) == officer.id)).scalars().all():
        others = (
            select(col(UnitKey.id))
            .join(Officer, col(Officer.id) == col(UnitKey.officer_id))
            .where(col(UnitKey.unit_id) == key.unit_id, col(UnitKey.officer_id) != officer.id, col(Officer.active))
        )
        if session.execute(others).first() is not None:
            session.delete(key)
            left.append(key.unit_id)
    return left


@dataclass(frozen=True)
class AtStake:
    """Whom a change of an account concerns. last: nobody else who can sign in holds the key of its unit."""

    name: str
    login: str
    unit_name: str
    active: bool
    last: bool


def at_stake(session: Session, officer_id: str) -> AtStake:
    """What there is to know before an account is renewed or switched. Raises NotAllowed."""
    officer = _account(session, officer_id)
    holders = (
        select(Officer)
        .join(UnitKey, col(Officer.id) == col(UnitKey.officer_id))
        .where(col(UnitKey.unit_id) == officer.unit_id, col(Officer.active))
    )
    held = {one.id for one in session.execute(holders).scalars().unique() if posts.works(session, one)}
    unit = session.get(Unit, officer.unit_id) if officer.unit_id else None
    return AtStake(officer.name, officer.login, unit.name if unit else "", officer.active, held == {officer.id})


def switch(session: Session, officer_id: str, by: SignedIn, now: float) -> None:
    """Deactivate an account and end its sessions, or activate it again. Nobody switches themselves off.

    An account that somebody else wrote on is not made good by it: it can be switched off and not on. Raises
    NotAllowed, InvalidInput('account_doubtful').
    """
    if officer_id == by.officer_id:
        raise NotAllowed("self")
    officer = _account(session, officer_id)
    sound = posts.is_officer_sound(session, officer)
    if not officer.active and not sound:
        raise InvalidInput("account_doubtful")
    waiting = _waiting_for(session, officer.unit_id)
    officer.active, left = not officer.active, list[str]()
    if sound:
        posts.set_officer(session, officer)
    if not officer.active:
        _leave_waiting_units(session, officer, by, now)
        left = _leave_staffed_units(session, officer)
        leave_no_trace(session)
    session.execute(delete(ConsoleSession).where(col(ConsoleSession.officer_id) == officer.id))
    seq = audit.record(session, now, by.officer_id, "officer_on" if officer.active else "officer_off", officer.id)
    for unit_id in left:  # they may have kept a copy of the key: the unit is advised to change it
        notices.queue_once(session, notices.once("left", seq, unit_id), unit_id, "", "left", now)
    session.flush()
    _pass_on(session, waiting, officer, by, now)


def _waiting_for(session: Session, unit_id: str) -> list[Unit]:
    """Units that wait to be confirmed by `unit_id`."""
    if not unit_id:
        return []
    rows = session.execute(select(Unit).where(col(Unit.waiting_key).is_not(None)).order_by(col(Unit.id))).scalars()
    return [row for row in rows if hierarchy.asked(session, row.id) == unit_id]


def _pass_on(session: Session, waiting: list[Unit], officer: Officer, by: SignedIn, now: float) -> None:
    """Whoever could confirm these units is switched off: it is noted, and the next who can, and the unit itself, are told."""
    for unit in waiting:
        asked = hierarchy.asked(session, unit.id)
        if unit.waiting_key is None or asked == officer.unit_id:
            continue
        detail = f"unit={unit.id} was={officer.unit_id} now={asked}"
        seq = audit.record(session, now, by.officer_id, "unit_confirmer_off", officer.id, detail)
        for told in {asked, officer.unit_id} - {""}:
            notices.queue_once(session, notices.once("unit", seq, told), told, "", "unit", now)


@dataclass(frozen=True)
class Found:
    """A page of accounts or units with the number of all that match."""

    rows: list
    total: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_ROWS))


def search(session: Session, words: str, page: int) -> Found:
    """Accounts whose login, name or unit contains `words`: (officer, unit's name)."""
    match = or_(
        *(
            column.icontains(words, autoescape=True)
            for column in (col(Officer.login), col(Officer.name), col(Unit.name))
        )
    )
    base = select(Officer, col(Unit.name)).join(Unit, col(Unit.id) == col(Officer.unit_id), isouter=True)
    if words:
        base = base.where(match)
    rows = session.execute(base.order_by(col(Officer.login)).limit(PAGE_ROWS).offset(page * PAGE_ROWS)).all()
    total = session.execute(select(func.count()).select_from(base.subquery())).scalar_one()
    return Found([(row[0], row[1] or "") for row in rows], total)


def units(session: Session, words: str, page: int) -> Found:
    """Units whose name or id contains `words`: (unit, name of the unit above, accounts that can sign in)."""
    above = select(col(Unit.id), col(Unit.name)).subquery()
    staff = (
        select(col(Officer.unit_id), func.count().label("number"))
        .where(col(Officer.active), col(Officer.private_key).is_not(None))
        .group_by(col(Officer.unit_id))
        .subquery()
    )
    base = (
        select(Unit, above.c.name, func.coalesce(staff.c.number, 0))
        .join(above, above.c.id == col(Unit.parent_id), isouter=True)
        .join(staff, staff.c.unit_id == col(Unit.id), isouter=True)
    )
    if words:
        base = base.where(
            or_(col(Unit.name).icontains(words, autoescape=True), col(Unit.id).icontains(words, autoescape=True))
        )
    total = session.execute(
        select(func.count()).select_from(base.with_only_columns(col(Unit.id)).subquery())
    ).scalar_one()
    rows = session.execute(base.order_by(col(Unit.id)).limit(PAGE_ROWS).offset(page * PAGE_ROWS)).all()
    return Found([(row[0], row[1] or "", row[2]) for row in rows], total)


def _account(session: Session, officer_id: str) -> Officer:
    officer = session.get(Officer, officer_id)
    if officer is None:
        raise NotAllowed("account")
    return officer
