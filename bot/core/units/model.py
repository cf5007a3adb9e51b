"""The directory of responsible units. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum


class UnitKind(str, Enum):
    """What a unit is there for."""

    COMMUNE_POLICE = "commune_police"
    PROVINCE_POLICE = "province_police"  # the 24-hour criminal duty desk of a province
    CENTRAL_DESK = "central_desk"  # triages tips whose place is unknown
    NATIONAL = "national"
    CHILD_111 = "child_111"
    CONSULAR = "consular"
    HEALTH_STATION = "health_station"
    SOCIAL_AFFAIRS = "social_affairs"
    LEGAL_AID = "legal_aid"
    COMMUNE_COMMITTEE = "commune_committee"  # People's Committee of a commune, its desk for culture and social affairs
    SOCIAL_BANK = "social_bank"  # bank for social policies
    WOMENS_UNION = "womens_union"
    LABOUR_OFFICE = "labour_office"
    SHELTER = "shelter"
    BORDER_GUARD = "border_guard"
    COAST_GUARD = "coast_guard"
    MILITARY_COMMAND = "military_command"


# They support people: they get copies of the parts they need, never whole tips.
LOCAL_SUPPORT = (
    UnitKind.COMMUNE_COMMITTEE, UnitKind.HEALTH_STATION, UnitKind.SOCIAL_AFFAIRS, UnitKind.LEGAL_AID, UnitKind.SOCIAL_BANK,
    UnitKind.WOMENS_UNION, UnitKind.LABOUR_OFFICE, UnitKind.SHELTER, UnitKind.BORDER_GUARD, UnitKind.COAST_GUARD,
    UnitKind.MILITARY_COMMAND,
)  # fmt: skip
SUPPORT_KINDS = frozenset({*LOCAL_SUPPORT, UnitKind.CHILD_111})


class Key(str, Enum):
    """Whether what is sealed to a unit will be read there."""

    HELD = "held"  # an active officer can open it
    NOBODY = "nobody"  # no officer uses the system there
    DOUBTFUL = "doubtful"  # the key was not put there by the server: nothing is sealed to it


@dataclass(frozen=True)
class Unit:
    """One unit. remote: mountains or islands, where the law gives 48 hours instead of 24 (TTLT 01/2017).

    demo: an invented row for demonstrations; it must never receive a real tip. Codes are "" where they do not apply.
    """

    id: str
    kind: UnitKind
    name: str
    commune_code: str = ""
    province_code: str = ""
    parent_id: str = ""
    phone: str = ""
    remote: bool = False
    demo: bool = False


@dataclass(frozen=True)
class Directory:
    """All units, and which of them have an officer who can open tips (`enrolled`, unit ids)."""

    units: dict[str, Unit]
    enrolled: frozenset[str] = frozenset()
    _places: dict[tuple[UnitKind, str], str] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def of(units: Iterable[Unit], enrolled: Iterable[str] = ()) -> Directory:
        """Build the lookups; the first unit of a kind at a place counts (the import refuses a second)."""
        by_id = {unit.id: unit for unit in units}
        places: dict[tuple[UnitKind, str], str] = {}
        for unit in by_id.values():
            places.setdefault((unit.kind, unit.commune_code or unit.province_code), unit.id)
        return Directory(by_id, frozenset(enrolled), places)

    def at(self, kind: UnitKind, place: str = "") -> Unit | None:
        """The unit of this kind for a commune or province code, or the only one of its kind ("" as place)."""
        unit_id = self._places.get((kind, place))
        return self.units[unit_id] if unit_id else None

    def key_of(self, unit_id: str) -> Key:
        """What the directory knows of a unit's key: whether somebody holds it."""
        return Key.HELD if unit_id in self.enrolled else Key.NOBODY

    def climb(self, unit_id: str) -> Iterator[Unit]:
        """A unit and those above it, each once."""
        seen: set[str] = set()
        current = self.units.get(unit_id)
        while current is not None and current.id not in seen:
            seen.add(current.id)
            yield current
            current = self.units.get(current.parent_id)

    def support(self, commune: str, province: str) -> tuple[Unit, ...]:
        """The support services nearest to a commune: of each kind the commune's own, else the province's."""
        found = []
        for kind in LOCAL_SUPPORT:
            unit = self.at(kind, commune) if commune else None
            unit = unit or (self.at(kind, province) if province else None)
            if unit is not None:
                found.append(unit)
        return tuple(found)
