"""Demonstration units and officers, and tips on their desks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from bot.app import Core
from bot.services import demo, officer_address, referrals, tips
from bot.storage.tables import Officer, Referral

UNIT, ABOVE, CENTRAL = "ca.31.10645", "ca.31", "trung-uong.tiep-nhan"
REMOTE = "ca.12.03390"
DRAFT: dict[str, Any] = {
    "what": "nhà cô Lan nhốt ba đứa", "where": {"code": "10645", "province": "31", "text": "xã An Phú"}, "child": True
}  # fmt: skip


def seed(core: Core) -> None:
    """Units of the demonstration file, with their officers enrolled."""
    raw = (core.settings.content_dir / "units" / "demo.csv").read_bytes()
    with core.db.transaction() as session:
        demo.seed(session, core.vault, raw, 1000.0, core.gazetteer)


def submit(
    core: Core,
    now: float,
    *,
    unit: str = UNIT,
    urgent: bool = False,
    tell: bool = False,
    notify: str = "",
    **draft: Any,
) -> tuple[str, str, str]:
    """Make a tip. Returns its receipt code, its id and its referral's id."""
    prepared = tips.prepare(core.vault, DRAFT | draft)
    with core.db.transaction() as session:
        created = tips.create(
            session, core.vault, prepared, unit_id=unit, route_reason="commune", category="child", urgent=urgent,
            channel="web", language="vi", clocks=core.clocks, now=now, notify_conversation=notify,
        )  # fmt: skip
        session.flush()
        if tell:
            referrals.tell_unit(session, created.tip_id, "urgent" if urgent else "new", now)
        referral = session.execute(select(Referral.id).where(Referral.tip_id == created.tip_id)).scalar_one()
    return prepared.code, created.tip_id, referral


def give_email(core: Core, login: str, address: str) -> None:
    """An officer wants to be told by e-mail."""
    with core.db.transaction() as session:
        officer = session.execute(select(Officer).where(Officer.login == login)).scalar_one()
        officer_address.set_email(core.vault, officer, address)


def give_channel(core: Core, login: str, channel: str, address: str) -> None:
    """An officer wants to be told by a bot."""
    with core.db.transaction() as session:
        officer = session.execute(select(Officer).where(Officer.login == login)).scalar_one()
        officer_address.set_channel(core.vault, officer, channel, address)
