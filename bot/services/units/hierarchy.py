"""The tree of units as the database has it: who stands above whom, and who answers where nobody is."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from bot.services.units import posts
from bot.services.units.register import staffed
from bot.storage.tables import Unit

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
    """Who answers for a unit: the first above with an officer, the central desk where there is none, or "" for now."""
    return above(session, unit_id) or central_desk(session)
