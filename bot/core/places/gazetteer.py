"""The gazetteer in memory: lookups over what bot/content/places/compile.py laid out. About 30 MB, read-only."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from bot.core.places.model import PROVINCE_LEVEL, Commune, Entry, Kind, Province
from bot.core.places.syllables import Name, name

FORMAT = 3  # of the data a Gazetteer is made of
MAX_SYLLABLES = 8  # longest name looked for


class Gazetteer:
    """Every unit and every name. Attributes are dicts by official code; treat them as read-only."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.digest: str = data["digest"]
        self.counts: dict[str, int] = data["counts"]
        self.provinces = {row[0]: Province(*row) for row in data["provinces"]}
        self.communes = {row[0]: Commune(*row) for row in data["communes"]}
        self.old_districts: dict[str, list[str]] = data["old_districts"]  # type, name, old province
        self.old_provinces: dict[str, list[str]] = data["old_provinces"]  # type, name
        self.old_communes: dict[str, list[str]] = data["old_communes"]  # type, name, district, "codes it leads to"
        self.foreign_points: list[tuple[str, float, float]] = [tuple(row) for row in data["foreign_points"]]
        self._index_entries(data["entries"])
        self._former_of: dict[str, list[str]] = defaultdict(list)
        for code, (_, _, _, leads) in self.old_communes.items():
            for target in leads.split():
                self._former_of[target].append(code)
        self.hyphens = frozenset(data["hyphens"])  # beginnings of names up to the syllable after their hyphen
        self.common_keys = frozenset(
            data["common"]
        )  # names that are ordinary words too: letters, and letters with marks
        self.common_marked = frozenset(data["common"].values())

    def _index_entries(self, rows: list[list[Any]]) -> None:
        index: dict[str, list[Entry]] = defaultdict(list)
        self.openings: set[str] = set()
        kinds = {kind.value: kind for kind in Kind}
        for kind, unit, key, shapes, tones, loose, types, codes, districts, olds, province, weak in rows:
            written = Name(key, shapes, tones, bool(loose))
            entry = Entry(
                kinds[kind],
                unit,
                written,
                tuple(types),
                tuple(codes),
                tuple(districts),
                tuple(olds),
                province,
                bool(weak),
            )
            index[key].append(entry)
            cut = key.rfind(" ")
            while cut > 0 and key[:cut] not in self.openings:
                self.openings.add(key[:cut])
                cut = key.rfind(" ", 0, cut)
        self.index: dict[str, tuple[Entry, ...]] = {key: tuple(entries) for key, entries in index.items()}
        scopes: dict[str, dict[str, None]] = defaultdict(dict)
        for key, entries in self.index.items():
            for entry in entries:
                if entry.province and entry.kind not in PROVINCE_LEVEL and not key.isdigit():
                    scopes[entry.province][key] = None
        self._keys_in = {province: tuple(keys) for province, keys in scopes.items()}
        self.province_keys = tuple(
            key for key, entries in self.index.items() if any(e.kind in PROVINCE_LEVEL and not e.weak for e in entries)
        )

    def keys_in(self, province: str) -> tuple[str, ...]:
        """Letters of every name of a commune or district, today's or former, in a province."""
        return self._keys_in.get(province, ())

    def names_of(self, code: str) -> tuple[str, ...]:
        """Letters of a commune's name and of the former communes in it, numbers left out. Raises KeyError."""
        names = [self.communes[code].name, *(self.old_communes[old][1] for old in self._former_of.get(code, ()))]
        return tuple(dict.fromkeys(name(text).key for text in names if not text.isdigit()))

    def old_provinces_of(self, code: str) -> tuple[str, ...]:
        """Codes of the former provinces a commune's parts lay in."""
        districts = (self.old_communes[old][2] for old in self._former_of.get(code, ()))
        return tuple(dict.fromkeys(self.old_districts[district][2] for district in districts))

    @property
    def version(self) -> str:
        """Stable short name of the data this was built from."""
        return f"{FORMAT}.{self.digest[:12]}"

    def full_name(self, code: str) -> str:
        """'Phường Tân Phong, Lai Châu'. Raises KeyError for an unknown code."""
        commune = self.communes[code]
        return f"{commune.full_name}, {self.provinces[commune.province].name}"

    def province_of(self, codes: tuple[str, ...]) -> str | None:
        """The province all these communes lie in, or None."""
        found = {self.communes[code].province for code in codes}
        return found.pop() if len(found) == 1 else None
