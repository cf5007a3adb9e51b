"""How far the people behind a campaign may reach: a supervisor answers for one province, the central desk for the country."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.campaigns.audience import Audience, lies_within
from bot.core.units.model import UnitKind
from bot.services.units import posts
from bot.storage.tables import Officer, Unit

_EVERYWHERE = {UnitKind.CENTRAL_DESK.value, UnitKind.NATIONAL.value}


def covered(session: Session, audience: Audience, officers: Iterable[str], province_of: Callable[[str], str]) -> bool:
    """Whether at least one of these officers answers for everybody the audience can hold."""
    query = (
        select(Officer, Unit)
        .join(Unit, col(Unit.id) == col(Officer.unit_id))
        .where(col(Officer.id).in_(set(officers)), col(Officer.active))
    )
    for officer, unit in session.execute(query):
        if not posts.works(session, officer) or not posts.is_unit_sound(session, unit):
            continue
        role, kind, province = officer.role, unit.kind, unit.province_code
        if kind in _EVERYWHERE and role in {"central", "supervisor"}:
            return True
        if role == "supervisor" and lies_within(audience, province, province_of):
            return True
    return False
