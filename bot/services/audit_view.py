"""The audit log as those read it who check and do not read tips: filtered, and the entries that are alarms by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from bot.storage.tables import Audit, Officer, Referral, Unit

# What somebody should ask about, whoever did it: something was changed behind the product, guessed at, or could not be told.
ALARMS = (
    "tip_doubtful", "post_doubtful", "message_doubtful", "unit_key_doubtful", "officer_key_doubtful", "passkey_doubtful", "tip_marked",
    "posts_marked", "unit_keys_marked", "account_locked", "recovery_failed", "unit_key_recovered", "own_check_failed", "unit_turned_away",
    "unit_confirmer_off", "notice_failed",
)  # fmt: skip
_HEX = re.compile(r"[0-9a-f]{4,32}")


@dataclass(frozen=True)
class Wanted:
    """What to list; "" and 0 for any. action: a code. actor, unit: ids. number: of a tip, as officers see it. since, until: seconds
    since the epoch. alarms: only entries that are alarms. before: only entries older than this one."""

    action: str = ""
    actor: str = ""
    unit: str = ""
    number: str = ""
    since: float = 0.0
    until: float = 0.0
    alarms: bool = False
    before: int = 0


def entries(session: Session, wanted: Wanted, limit: int) -> list[Audit]:
    """The entries that fit, the newest first."""
    conditions = _conditions(wanted)
    query = select(Audit).where(*conditions).order_by(col(Audit.seq).desc()).limit(limit)
    return list(session.execute(query).scalars())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.before:
        found.append(col(Audit.seq) < wanted.before)
    if wanted.since:
        found.append(col(Audit.at) >= wanted.since)
    if wanted.until:
        found.append(col(Audit.at) < wanted.until)
    if wanted.alarms:
        found.append(col(Audit.action).in_(ALARMS))
    for column, value in ((col(Audit.action), wanted.action), (col(Audit.actor), wanted.actor)):
        found += [column == value] if value else []
    found += [_of_unit(wanted.unit)] if wanted.unit else []
    return found + ([_of_tip(wanted.number)] if wanted.number else [])


def _of_unit(unit: str) -> ColumnElement[bool]:
    """What officers of a unit did, and what was done about the unit itself."""
    officers = select(col(Officer.id)).where(col(Officer.unit_id) == unit)
    about = or_(
        col(Audit.detail).endswith(f"unit={unit}", autoescape=True),
        col(Audit.detail).contains(f"unit={unit} ", autoescape=True),
    )
    return or_(col(Audit.actor).in_(officers), about)


def _of_tip(number: str) -> ColumnElement[bool]:
    """What was done with one tip, by the number of any of its referrals."""
    found = re.sub(r"\s", "", number).lower()
    prefix = found if _HEX.fullmatch(found) else "-"
    tips = select(col(Referral.tip_id)).where(col(Referral.id).startswith(prefix, autoescape=True))
    return col(Audit.subject).in_(tips)


@dataclass(frozen=True)
class Names:
    """Names by id: of officers, of units, the unit of each officer, and the number of each tip that is still there."""

    officers: dict[str, str]
    units: dict[str, str]
    unit_of: dict[str, str]
    numbers: dict[str, str]


def names(session: Session, rows: list[Audit]) -> Names:
    """What the ids in these entries are called."""
    people = session.execute(
        select(col(Officer.id), col(Officer.name), col(Officer.unit_id)).order_by(col(Officer.name))
    ).all()
    units = {row.id: row.name for row in session.execute(select(col(Unit.id), col(Unit.name)))}
    tips = {row.subject for row in rows if row.subject}
    query = select(col(Referral.tip_id), col(Referral.id)).where(col(Referral.tip_id).in_(tips))
    numbers = {row.tip_id: row.id for row in session.execute(query.order_by(col(Referral.created_at)))}
    return Names({row.id: row.name for row in people}, units, {row.id: row.unit_id for row in people}, numbers)
