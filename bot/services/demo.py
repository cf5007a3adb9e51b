"""Demonstration units and officers for an empty data directory, clearly marked; refused outside of demonstration mode."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session

from bot.services import signin
from bot.storage.tables import Officer, Unit
from bot.storage.vault import Vault

UNITS = (
    ("central", "central_desk", "Bàn trực trung tâm (TRÌNH DIỄN)", "", "", ""),
    ("province-31", "province_police", "Trực ban Công an TP Hải Phòng (TRÌNH DIỄN)", "", "31", "central"),
    ("province-12", "province_police", "Trực ban Công an tỉnh Lai Châu (TRÌNH DIỄN)", "", "12", "central"),
    ("commune-10645", "commune_police", "Công an xã An Phú, Hải Phòng (TRÌNH DIỄN)", "10645", "31", "province-31"),
    ("commune-03390", "commune_police", "Công an xã Bình Lư, Lai Châu (TRÌNH DIỄN)", "03390", "12", "province-12"),
)
OFFICERS = (
    ("trungtam", "Cán bộ trực trung tâm (trình diễn)", "central", "central"),
    ("haiphong", "Chỉ huy trực ban Hải Phòng (trình diễn)", "province-31", "supervisor"),
    ("laichau", "Chỉ huy trực ban Lai Châu (trình diễn)", "province-12", "supervisor"),
    ("anphu", "Cán bộ xã An Phú (trình diễn)", "commune-10645", "officer"),
    ("binhlu", "Cán bộ xã Bình Lư (trình diễn)", "commune-03390", "officer"),
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


def seed(session: Session, vault: Vault, now: float) -> list[DemoOfficer]:
    """Create the demonstration units and enrol their officers."""
    for unit_id, kind, name, commune, province, parent in UNITS:
        session.add(
            Unit(
                id=unit_id,
                kind=kind,
                name=name,
                commune_code=commune,
                province_code=province,
                parent_id=parent,
                demo=True,
            )
        )
    session.flush()
    made = []
    for login, name, unit_id, role in OFFICERS:
        token = signin.invite(session, login=login, name=name, unit_id=unit_id, role=role, by=None, now=now, demo=True)
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        enrolled = signin.enrol(session, vault, token, password, now)
        made.append(DemoOfficer(login, password, enrolled.totp_secret, unit_id, enrolled.recovery_key))
    return made


def demo_accounts(session: Session) -> int:
    """How many demonstration accounts exist; `lachan check` complains about them in production."""
    return session.execute(select(func.count()).select_from(Officer).where(Officer.demo)).scalar_one()
