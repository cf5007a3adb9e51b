"""Which unit receives a tip. A pure function of the facts and the directory.

    route(Facts(commune="10645", province="31"), directory) -> Route(unit_id=..., reason=Reason.COMMUNE)

Rules: the place of the events decides. A commune without a unit, or whose unit has no enrolled officer, goes
to the province's duty desk, and says so. Unknown place: the central desk. Abroad: the province of the family, and the
consular card. A child: 111 as well. Who is named in a tip never receives it: the unit above does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.core.errors import ConfigError
from bot.core.units.model import Directory, Unit, UnitKind

CARD_CONSULAR = "consular"  # ids of content/hotlines.yml
CARD_CHILD = "anti_trafficking"


@dataclass(frozen=True)
class Facts:
    """What routing needs to know; no words of the citizen.

    commune, province: codes of the place of the events, "" if unknown. A commune's province must be given with it.
    abroad: the events are abroad; then commune and province are those of the family. taken: somebody is abroad, but the
    commune where it began is known and responsible. child: a person under 18 is hurt
    or at risk. conflict: kinds of police, or ids of units, that the tip says are involved.
    """

    commune: str = ""
    province: str = ""
    abroad: bool = False
    child: bool = False
    conflict: frozenset[str] = frozenset()
    taken: bool = False


class Reason(str, Enum):
    """Why this unit; stored with the referral, shown to officers and, in words, to the citizen."""

    COMMUNE = "commune"
    COMMUNE_WITHOUT_UNIT = "commune_without_unit"
    COMMUNE_NOT_ENROLLED = "commune_not_enrolled"
    PROVINCE_ONLY = "province_only"
    PROVINCE_WITHOUT_UNIT = "province_without_unit"
    PLACE_UNKNOWN = "place_unknown"
    ABROAD = "abroad"
    ABROAD_FAMILY_UNKNOWN = "abroad_family_unknown"
    CONFLICT = "conflict_of_interest"


@dataclass(frozen=True)
class Route:
    """unit_id: who is responsible. copies: ids of units informed as well. cards: hotlines to show the citizen.

    fallback: it is not the commune police one would expect, and that must be visible.
    """

    unit_id: str
    copies: tuple[str, ...]
    cards: tuple[str, ...]
    reason: Reason
    fallback: bool = False


def route(facts: Facts, directory: Directory) -> Route:
    """Decide. Raises ConfigError when the directory has not even a central or national desk to fall back on."""
    unit, reason = _responsible(facts, directory)
    if unit is not None and _named(unit, facts):
        unit, reason = _above(unit, facts, directory), Reason.CONFLICT
    if unit is None:
        unit = _last_resort(facts, directory)
        if reason not in (Reason.PLACE_UNKNOWN, Reason.ABROAD_FAMILY_UNKNOWN, Reason.CONFLICT):
            reason = Reason.PROVINCE_WITHOUT_UNIT
    child = directory.at(UnitKind.CHILD_111) if facts.child else None
    copies = (child.id,) if child is not None and child.id != unit.id and not _named(child, facts) else ()
    cards: tuple[str, ...] = (CARD_CONSULAR,) if facts.abroad or facts.taken else ()
    cards += (CARD_CHILD,) if facts.child else ()
    return Route(unit.id, copies, cards, reason, fallback=reason is not Reason.COMMUNE)


def _responsible(facts: Facts, directory: Directory) -> tuple[Unit | None, Reason]:
    """The unit the place points to, before conflicts are looked at. None: nobody there."""
    province = directory.at(UnitKind.PROVINCE_POLICE, facts.province) if facts.province else None
    if facts.abroad:
        return (province, Reason.ABROAD) if facts.province else (None, Reason.ABROAD_FAMILY_UNKNOWN)
    if facts.commune:
        commune = directory.at(UnitKind.COMMUNE_POLICE, facts.commune)
        if commune is None:
            return province, Reason.COMMUNE_WITHOUT_UNIT
        if commune.id not in directory.enrolled and not _named(commune, facts):
            return province, Reason.COMMUNE_NOT_ENROLLED
        return commune, Reason.COMMUNE
    if facts.province:
        return province, Reason.PROVINCE_ONLY
    return None, Reason.PLACE_UNKNOWN


def _named(unit: Unit, facts: Facts) -> bool:
    """The tip says this unit, or its kind of police, is involved."""
    return unit.id in facts.conflict or unit.kind.value in facts.conflict


def _above(unit: Unit, facts: Facts, directory: Directory) -> Unit | None:
    """The first unit upwards that is not named: parents as entered, then province, then national."""
    seen = {unit.id}
    current: Unit | None = unit
    while current is not None and current.parent_id and current.parent_id not in seen:
        seen.add(current.parent_id)
        current = directory.units.get(current.parent_id)
        if current is not None and not _named(current, facts):
            return current
    for candidate in (directory.at(UnitKind.PROVINCE_POLICE, facts.province), directory.at(UnitKind.NATIONAL)):
        if candidate is not None and candidate.id not in seen and not _named(candidate, facts):
            return candidate
    return None


def _last_resort(facts: Facts, directory: Directory) -> Unit:
    """The central desk, or the national level if the desk itself is named."""
    for kind in (UnitKind.CENTRAL_DESK, UnitKind.NATIONAL):
        unit = directory.at(kind)
        if unit is not None and not _named(unit, facts):
            return unit
    raise ConfigError("the directory of units has no central desk to fall back on")
