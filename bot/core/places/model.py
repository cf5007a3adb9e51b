"""What the gazetteer is made of and what the resolver answers. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from bot.core.places.syllables import Name


@dataclass(frozen=True, slots=True)
class Province:
    """One of the 34. lat, lon: degrees."""

    code: str
    type: str
    name: str
    lat: float
    lon: float

    @property
    def full_name(self) -> str:
        return f"{self.type} {self.name}"


@dataclass(frozen=True, slots=True)
class Commune:
    """One of the 3,321 phường, xã and đặc khu. lat, lon: a point inside it, degrees. area: square kilometres.

    before: what it was called until mid-2026 when its type changed, else "".
    """

    code: str
    type: str
    name: str
    province: str
    lat: float
    lon: float
    area: float
    before: str = ""

    @property
    def full_name(self) -> str:
        return f"{self.type} {self.name}"


class Kind(str, Enum):
    """What sort of name an entry is; one letter, because the compiled file holds 25,000 of them."""

    NEW = "N"  # a commune of today
    OLD = "O"  # a commune as it stood on 30 June 2025
    FORMER = "F"  # a name retired before that
    LANDMARK = "L"
    DISTRICT = "D"  # a district, gone since 1 July 2025
    PROVINCE = "P"
    OLD_PROVINCE = "Q"
    FOREIGN = "X"


COMMUNE_LEVEL = frozenset({Kind.NEW, Kind.OLD, Kind.FORMER, Kind.LANDMARK})
PROVINCE_LEVEL = frozenset({Kind.PROVINCE, Kind.OLD_PROVINCE})


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One name and what it may mean. Compared by identity: each exists once.

    unit: code of the named unit in its own table (or the country). types: folded unit words that fit ("xa", "quan").
    codes: communes of today it leads to; empty for provinces and countries. districts, old_provinces: codes of the
    former units it lies in. province: code of today's province, "" abroad. weak: needs a second sign (abbreviations).
    """

    kind: Kind
    unit: str
    name: Name
    types: tuple[str, ...]
    codes: tuple[str, ...]
    districts: tuple[str, ...]
    old_provinces: tuple[str, ...]
    province: str
    weak: bool = False


class Status(str, Enum):
    COMMUNE = "commune"
    CANDIDATES = "candidates"
    PROVINCE = "province"
    FOREIGN = "foreign"
    NONE = "none"


@dataclass(frozen=True)
class Resolution:
    """What a text says about where.

    status commune: `codes` holds the one commune; `alternatives` other readings worth offering when it is confirmed.
    candidates: `codes` is the complete set, likeliest first; empty when only provinces compete (see `provinces`).
    province: `province` is the code. foreign: `country` is named; `province` is the one in Vietnam also mentioned.
    `country` may be set with any status: "from xã A to Cambodia" is a commune with a country.
    corrects: the text puts a place right ("không phải A mà là B"); denied: codes of communes or
    provinces, or countries, it says are not meant.
    whole: it says nothing but where.
    """

    status: Status = Status.NONE
    codes: tuple[str, ...] = ()
    province: str | None = None
    country: str = ""
    alternatives: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    old_districts: tuple[str, ...] = ()
    old_provinces: tuple[str, ...] = ()
    corrects: bool = False
    denied: tuple[str, ...] = ()
    whole: bool = False
