"""Where a tip goes and who can open it: the rules of bot.core.units.routing, asked with the keys as they are now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.units import routing
from bot.core.units.model import Directory, Key, UnitKind
from bot.core.units.routing import Facts, KeyOf, Route
from bot.dialogue.interview.police import goes_above
from bot.services.units import hierarchy, post_watch, posts, public_keys
from bot.services.units.register import staffed
from bot.storage.tables import Unit


def facts_of(draft: Mapping[str, Any]) -> Facts:
    """What routing needs from a finished draft; no words."""
    where = draft.get("where") or {}
    return Facts(
        commune=str(where.get("code") or ""),
        province=str(where.get("province") or ""),
        abroad=where.get("status") == "foreign" or bool(where.get("country") and not where.get("code")),
        taken=bool(where.get("country")),
        child=bool(draft.get("child")),
        conflict=frozenset({UnitKind.COMMUNE_POLICE.value}) if goes_above(draft) else frozenset(),
    )


def decide(session: Session, directory: Directory, draft: Mapping[str, Any]) -> Route:
    """Route a finished draft. The directory may be some seconds old; keys are looked up in this transaction."""
    return routing.route(facts_of(draft), directory, keys_now(session))


def keys_now(session: Session) -> KeyOf:
    """What this transaction knows of a unit's key, with the server's marks on it and on where the unit stands looked at."""

    def of(unit_id: str) -> Key:
        found = session.execute(select(Unit, staffed()).where(col(Unit.id) == unit_id)).first()
        if found is None or not found[1]:
            return Key.NOBODY
        sound = public_keys.is_sound(session, found[0]) and posts.is_unit_sound(session, found[0])
        return Key.HELD if sound else Key.DOUBTFUL

    return of


def readers_of(session: Session, unit_id: str, now: float, *, without: str = "") -> list[Unit]:
    """Who can open what is sealed now: the unit itself and the first above it where somebody holds the key.

    A unit whose key has not the server's mark is passed over, and the alarm is raised. without: another unit that is passed
    over.
    """
    chain = (unit.id for unit, _ in hierarchy.climb(session, unit_id))
    found = routing.readers(chain, keys_now(session), without={without})
    return opened_by(session, found.ids, found.doubtful, now)


def opened_by(session: Session, ids: tuple[str, ...], doubtful: tuple[str, ...], now: float) -> list[Unit]:
    """The units with these ids, in order; raises the alarm about those whose key, or place in the directory, is not the server's."""
    for unit_id in doubtful:
        unit = session.get(Unit, unit_id)
        if unit is not None and not public_keys.is_sound(session, unit):
            public_keys.alarm(session, unit, now)
        elif unit is not None:
            post_watch.alarm(session, now)
    units = (session.get(Unit, unit_id) for unit_id in ids)
    return [unit for unit in units if unit is not None]
