"""Demonstration units and officers for an empty data directory, clearly marked; refused outside of demonstration mode."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.content.passwords import common_words
from bot.content.places.built import load_gazetteer
from bot.core.errors import ConfigError
from bot.core.passwords import judge
from bot.core.places.gazetteer import Gazetteer
from bot.core.units.csv_format import parse_units_csv
from bot.services.units import enrolment, register
from bot.storage.tables import Officer, Unit
from bot.storage.vault import Vault

OFFICERS = (
    ("trungtam", "Cán bộ trực trung tâm (trình diễn)", "trung-uong.tiep-nhan", "central"),
    ("haiphong", "Chỉ huy trực ban Hải Phòng (trình diễn)", "ca.31", "supervisor"),
    ("laichau", "Chỉ huy trực ban Lai Châu (trình diễn)", "ca.12", "supervisor"),
    ("anphu", "Cán bộ xã An Phú (trình diễn)", "ca.31.10645", "officer"),
    ("binhlu", "Cán bộ xã Bình Lư (trình diễn)", "ca.12.03390", "officer"),
    ("quantri", "Quản trị (trình diễn)", "", "admin"),
    ("kiemtra", "Kiểm tra nhật ký (trình diễn)", "", "auditor"),
)


@dataclass(frozen=True)
class DemoOfficer:
    """Printed once, at the first start."""

    login: str
    password: str
    totp_secret: str
    unit: str
    recovery_key: str | None


def is_empty(session: Session) -> bool:
    """Whether no unit and no officer exists yet."""
    return session.execute(select(func.count()).select_from(Unit)).scalar_one() == 0


def seed(
    session: Session, vault: Vault, units_csv: bytes, now: float, gazetteer: Gazetteer | None = None
) -> list[DemoOfficer]:
    """Create the units of the demonstration file and enrol their officers. Raises ConfigError when the file is wrong."""
    rows, errors = parse_units_csv(units_csv, gazetteer or load_gazetteer())
    if errors:
        raise ConfigError(f"content/units/demo.csv has {len(errors)} errors; see `lachan units import --dry-run`")
    register.replace(session, rows, now)
    session.flush()
    made = []
    for login, name, unit_id, role in OFFICERS:
        token = enrolment.invite(
            session, login=login, name=name, unit_id=unit_id, role=role, by=None, now=now, demo=True
        )
        password = _password()
        enrolled = enrolment.enrol(session, vault, token, password, now, vouched=True)
        made.append(DemoOfficer(login, password, enrolled.totp_secret, unit_id, enrolled.recovery_key))
    return made


def _password() -> str:
    """A random one. Of some thousands one is all digits or says a piece twice, and is refused as anybody's would be."""
    while judge(password := "-".join(secrets.token_hex(2) for _ in range(4)), common_words()).why:
        continue
    return password


def demo_accounts(session: Session) -> int:
    """How many demonstration accounts exist; `lachan check` complains about them in production."""
    return session.execute(select(func.count()).select_from(Officer).where(col(Officer.demo))).scalar_one()
