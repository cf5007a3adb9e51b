"""The tree of units as the database has it: who stands above whom, and who answers where nobody is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.units.model import LOCAL_SUPPORT, UnitKind
from bot.services.units import posts
from bot.services.units.register import staffed
from bot.storage.tables import Unit

_LOCAL = frozenset(kind.value for kind in LOCAL_SUPPORT)
LEVELS = 7  # commune, province, centre: more is a mistake in the directory


def climb(session: Session, unit_id: str) -> Iterator[tuple[Unit, bool]]:
    """A unit and those above it, each once, with whether an officer there can open tips.

    It ends at a unit whose row the server did not write: what stands above it there is somebody else's word.
    """
    seen: set[str] = set()
    current = unit_id
    while current and current not in seen and len(seen) < LEVELS:
        seen.add(current)
        found = session.execute(select(Unit, staffed()).where(col(Unit.id) == current)).first()
        if found is None:
            return
        unit, sound = found[0], posts.is_unit_sound(session, found[0])
        yield unit, bool(found[1]) and sound
        current = unit.parent_id if sound else ""


def above(session: Session, unit_id: str, without: str = "") -> str:
    """The first unit above with an officer who can open tips, or "". without: another unit that is passed over."""
    for unit, reads in climb(session, unit_id):
        if reads and unit.id not in {unit_id, without}:
            return unit.id
    return ""


def central_desk(session: Session) -> str:
    """The central desk's id, or "" while nobody is enrolled there."""
    query = select(Unit).where(col(Unit.kind) == "central_desk", staffed()).order_by(col(Unit.id))
    desks = (unit.id for unit in session.execute(query).scalars().all() if posts.is_unit_sound(session, unit))
    return next(desks, "")


def asked(session: Session, unit_id: str) -> str:
    """Who answers for a unit: the first above with an officer, the central desk where there is none, or "" for now.

    For a support service of a commune or province it is the police there, who know its people; the central desk knows none of three
    thousand communes and is never asked.
    """
    unit = session.get(Unit, unit_id)
    if unit is not None and unit.kind in _LOCAL and (unit.commune_code or unit.province_code):
        return _police_of(session, unit)
    return above(session, unit_id) or central_desk(session)


def _police_of(session: Session, unit: Unit) -> str:
    """The police of a unit's commune, else of its province, where somebody there can open tips; "" for now."""
    if not posts.is_unit_sound(session, unit):
        return ""
    places = (
        (UnitKind.COMMUNE_POLICE, col(Unit.commune_code), unit.commune_code),
        (UnitKind.PROVINCE_POLICE, col(Unit.province_code), unit.province_code),
    )
    for kind, column, place in places:
        query = select(Unit).where(col(Unit.kind) == kind.value, column == place, staffed()).order_by(col(Unit.id))
        for found in session.execute(query).scalars() if place else ():
            if posts.is_unit_sound(session, found):
                return found.id
    return ""
