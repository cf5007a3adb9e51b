"""Which unit receives a tip. A pure function of the facts and the directory.

    route(Facts(commune="10645", province="31"), directory) -> Route(unit_id=..., reason=Reason.COMMUNE)

Rules: the place of the events decides. A commune without a unit, or whose unit has no enrolled officer, goes to the
province's duty desk, and says so. Unknown place: the central desk. Abroad: the province of the family, and the consular
card. A child: 111 as well. Who is named in a tip never receives it: the unit above does. Where nobody could open what is
sealed, the first unit above gets it where somebody can, and the central desk where there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from enum import Enum

from bot.core.errors import ConfigError
from bot.core.units.model import Directory, Key, Unit, UnitKind

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
    UNIT_NOT_ENROLLED = "unit_not_enrolled"
    UNIT_KEY_DOUBTFUL = "unit_key_doubtful"
    NO_UNIT_ENROLLED = "no_unit_enrolled"


KeyOf = Callable[[str], Key]  # of a unit's id; NOBODY for a unit that is not there
MOST_READERS = 2  # the unit itself, and one above it for what it lets lie


@dataclass(frozen=True)
class Route:
    """unit_id: whose desk it goes to. wanted: the unit the place points to. copies: ids of units informed as well.

    cards: hotlines to show the citizen. readers: ids of those it is sealed to, the desk first; empty where nobody can open
    anything. doubtful: units that were passed over because their key is not the server's: an alarm.
    """

    unit_id: str
    copies: tuple[str, ...]
    cards: tuple[str, ...]
    reason: Reason
    wanted: str = ""
    readers: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()

    @property
    def fallback(self) -> bool:
        """It is not the commune police one would expect, and that must be visible."""
        return self.reason is not Reason.COMMUNE


@dataclass(frozen=True)
class Readers:
    """Who can open what is sealed now. ids: at most MOST_READERS, lowest first. doubtful: see Route."""

    ids: tuple[str, ...]
    doubtful: tuple[str, ...]


def readers(chain: Iterable[str], key_of: KeyOf, *, without: Container[str] = ()) -> Readers:
    """The first units of `chain`, which leads upwards, where somebody holds a key. without: units that must not read."""
    ids: list[str] = []
    doubtful: list[str] = []
    for unit_id in chain:
        key = key_of(unit_id)
        if key is Key.DOUBTFUL:
            doubtful.append(unit_id)
        elif key is Key.HELD and unit_id not in without:
            ids.append(unit_id)
        if len(ids) == MOST_READERS:
            break
    return Readers(tuple(ids), tuple(doubtful))


def route(facts: Facts, directory: Directory, key_of: KeyOf | None = None) -> Route:
    """Decide. key_of: what is known of the units' keys now, where that is more than the directory knows.

    Raises ConfigError when the directory has not even a central or national desk to fall back on.
    """
    key_of = key_of or directory.key_of
    unit, reason = _responsible(facts, directory, key_of)
    if unit is not None and _named(unit, facts):
        unit, reason = _above(unit, facts, directory), Reason.CONFLICT
    if unit is None:
        unit = _last_resort(facts, directory)
        if reason not in (Reason.PLACE_UNKNOWN, Reason.ABROAD_FAMILY_UNKNOWN, Reason.CONFLICT):
            reason = Reason.PROVINCE_WITHOUT_UNIT
    return deliver(unit, reason, facts, directory, key_of)


def deliver(wanted: Unit, reason: Reason, facts: Facts, directory: Directory, key_of: KeyOf) -> Route:
    """Who opens what belongs to `wanted`: itself, or whoever comes next because nobody there could."""
    named = {unit.id for unit in directory.climb(wanted.id) if _named(unit, facts)}
    found = readers((unit.id for unit in directory.climb(wanted.id)), key_of, without=named)
    ids = found.ids
    if not ids:
        ids, reason = _desk(facts, directory, key_of), _instead(reason, Reason.NO_UNIT_ENROLLED)
    elif ids[0] != wanted.id:
        why = Reason.UNIT_KEY_DOUBTFUL if wanted.id in found.doubtful else Reason.UNIT_NOT_ENROLLED
        reason = _instead(reason, why)
    unit_id = ids[0] if ids else wanted.id
    child = directory.at(UnitKind.CHILD_111) if facts.child else None
    copies = (child.id,) if child is not None and child.id != unit_id and not _named(child, facts) else ()
    cards: tuple[str, ...] = (CARD_CONSULAR,) if facts.abroad or facts.taken else ()
    cards += (CARD_CHILD,) if facts.child else ()
    return Route(unit_id, copies, cards, reason, wanted.id, ids, found.doubtful)


def _instead(reason: Reason, why: Reason) -> Reason:
    """A conflict of interest stays the reason, whoever reads it in the end: or they would send the tip back down."""
    return reason if reason is Reason.CONFLICT else why


def _desk(facts: Facts, directory: Directory, key_of: KeyOf) -> tuple[str, ...]:
    desks = sorted(unit.id for unit in directory.units.values() if unit.kind is UnitKind.CENTRAL_DESK)
    held = (unit_id for unit_id in desks if key_of(unit_id) is Key.HELD and not _named(directory.units[unit_id], facts))
    return tuple(held)[:1]


def _responsible(facts: Facts, directory: Directory, key_of: KeyOf) -> tuple[Unit | None, Reason]:
    """The unit the place points to, before conflicts are looked at. None: nobody there."""
    province = directory.at(UnitKind.PROVINCE_POLICE, facts.province) if facts.province else None
    if facts.abroad:
        return (province, Reason.ABROAD) if facts.province else (None, Reason.ABROAD_FAMILY_UNKNOWN)
    if facts.commune:
        commune = directory.at(UnitKind.COMMUNE_POLICE, facts.commune)
        if commune is None:
            return province, Reason.COMMUNE_WITHOUT_UNIT
        if key_of(commune.id) is Key.NOBODY and not _named(commune, facts):
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
    seen = set()
    for current in directory.climb(unit.id):
        seen.add(current.id)
        if not _named(current, facts):
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
