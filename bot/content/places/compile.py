"""From the reviewed tables below content/places to one compact structure that loads in a moment.

Input: the five tables (see source.py), corrections, changes of 2026, spellings, nicknames, landmarks, foreign names.
Output: a JSON-ready dict; gazetteer.py turns it into lookups.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.content.places.tables import TYPE_WORDS, Row, Tables, common_words, rows
from bot.core.errors import ConfigError
from bot.core.places.gazetteer import FORMAT
from bot.core.places.model import Kind
from bot.core.places.syllables import Name, name

MOVED = "~"  # before the code of a district the commune lay in until it was moved to another
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9"}
_FORMER_PREFIXES = ("thitran", "phuong", "xa", "thanhpho", "thixa", "huyen", "quan", "tt", "tx", "tp")
_MINORITY = re.compile(
    r"['’]|^[kp][rl]|^[bdg][rl]|^hr|^hn|^m[đdl]|[wzjf]|đr|^sr|kn|^ay|\b(?:ia|ea|ya|đắk|đăk|đak|cư|chư|krông)\b",
    re.IGNORECASE,
)


def digest(content: Path) -> str:
    """Fingerprint of everything the gazetteer is built from; names the version together with the date of review."""
    sha = hashlib.sha256(str(FORMAT).encode())
    for path in sorted((*content.glob("*.csv"), *content.glob("*.txt"), *content.glob("tables/*.csv"))):
        sha.update(path.name.encode() + path.read_bytes())
    return sha.hexdigest()


def compile_gazetteer(content: Path) -> dict[str, Any]:
    """Read every table, apply corrections and changes, and lay out all entries. Raises ConfigError on bad tables."""
    if not (content / "tables" / "communes.csv").is_file():
        raise ConfigError("content/places/tables is missing: the gazetteer cannot be built without it")
    tables = _Entries(content)
    entries = [*tables.province_entries(), *tables.commune_entries(), *tables.old_commune_entries()]
    entries += [
        *tables.district_entries(),
        *tables.nickname_entries(),
        *tables.landmark_entries(),
        *tables.foreign_entries(),
    ]
    return {
        "format": FORMAT,
        "digest": digest(content),
        "counts": tables.counts(),
        "provinces": [
            [p["code"], p["type"], p["name"], float(p["lat"]), float(p["lon"])] for p in tables.provinces.values()
        ],
        "communes": [
            [
                c["code"],
                c["type"],
                c["name"],
                c["province"],
                float(c["lat"]),
                float(c["lon"]),
                float(c["area_km2"] or 0),
                c["before"],
            ]
            for c in tables.communes.values()
        ],
        "old_districts": {code: [d["type"], d["name"], d["province"]] for code, d in tables.districts.items()},
        "old_provinces": {code: [p["type"], p["name"]] for code, p in tables.old_provinces.items()},
        "old_communes": {
            code: [o["type"], o["name"], o["district"], o["leads_to"]] for code, o in tables.old_communes.items()
        },
        "foreign_points": [
            [r["country"], float(r["lat"]), float(r["lon"])] for r in rows(content / "foreign_points.csv")
        ],
        "entries": entries,
        "hyphens": tables.hyphens(),
        "common": common_words(content / "common_words.txt"),
    }


class _Entries(Tables):
    """The tables laid out as entries: each name, and what it may mean."""

    def __init__(self, content: Path) -> None:
        super().__init__(content)
        self.moved = self.moved_from()
        self.leading_to: dict[str, list[str]] = defaultdict(list)
        for code, row in self.old_communes.items():
            for target in row["leads_to"].split():
                self.leading_to[target].append(code)

    def _once(self, olds: list[str], districts: list[str]) -> list[str]:
        """Marked codes of the districts these old communes lay in before."""
        return sorted({MOVED + d for old in olds for d in self.moved.get(old, ()) if d not in districts})

    def province_entries(self) -> Iterator[list[Any]]:
        for code, row in self.provinces.items():
            types = sorted({TYPE_WORDS[row["type"]], TYPE_WORDS[row["before"] or row["type"]]})
            yield from _entries(Kind.PROVINCE, code, row["name"], types, [], [], [], code)
        for code, row in self.old_provinces.items():
            new = self.province_of_old[code]
            yield from _entries(Kind.OLD_PROVINCE, code, row["name"], [TYPE_WORDS[row["type"]]], [], [], [code], new)

    def commune_entries(self) -> Iterator[list[Any]]:
        for code, row in self.communes.items():
            types = sorted({TYPE_WORDS[row["type"]], TYPE_WORDS.get(row["before"], TYPE_WORDS[row["type"]])})
            districts = sorted(self.commune_districts[code])
            olds = self.old_provinces_of(districts)
            where = (types, [code], [*districts, *self._once(self.leading_to[code], districts)], olds, row["province"])
            yield from _entries(Kind.NEW, code, row["name"], *where)
            parts = row["name"].split(" - ")
            if len(parts) > 1 and not row["name"].endswith("Đà Lạt"):
                for part in parts:
                    yield from _entries(Kind.FORMER, code, part, *where)
            elif len(parts) > 1:
                yield from _entries(Kind.NEW, code, parts[0], *where)

    def old_commune_entries(self) -> Iterator[list[Any]]:
        known = {(o["district"], TYPE_WORDS[o["type"]], name(o["name"]).key) for o in self.old_communes.values()}
        for code, row in self.old_communes.items():
            district, codes = row["district"], row["leads_to"].split()
            districts = [district, *self._once([code], [district])]
            where = (districts, [self.districts[district]["province"]], self.communes[codes[0]]["province"])
            written = {(row["type"], row["name"])}
            for full in self.spellings.get(code, ()):
                written.add(_split_type(full) or (row["type"], full))
            for kind_word, text in sorted(written):
                yield from _entries(Kind.OLD, code, text, [TYPE_WORDS[kind_word]], codes, *where)
            for type_word, letters in self._former(row["former"]):
                if (district, type_word, letters) not in known:
                    yield [
                        Kind.FORMER.value,
                        code,
                        letters,
                        letters,
                        "0" * len(letters.split()),
                        1,
                        [type_word],
                        codes,
                        *where,
                        0,
                    ]

    def district_entries(self) -> Iterator[list[Any]]:
        for code, row in self.districts.items():
            codes = sorted(self.district_communes[code])
            where = (codes, [code], [row["province"]], self.province_of_old[row["province"]])
            yield from _entries(Kind.DISTRICT, code, row["name"], [TYPE_WORDS[row["type"]]], *where)
            if " - " in row["name"]:
                for part in row["name"].split(" - "):
                    yield from _entries(Kind.DISTRICT, code, part, [TYPE_WORDS[row["type"]]], *where)
            for type_word, letters in self._former(row["former"]):
                if not letters.isdigit():
                    tones = "0" * len(letters.split())
                    yield [Kind.DISTRICT.value, code, letters, letters, tones, 1, [type_word], *where, 0]

    def _former(self, raw: str) -> list[tuple[str, str]]:
        """The source's former names ("phuongyetkieu") as (type word, letters cut into syllables)."""
        found = []
        for alias in raw.split():
            prefix = next((p for p in _FORMER_PREFIXES if alias.startswith(p) and len(alias) > len(p)), None)
            if prefix is None:
                continue
            word = {"tt": "thi tran", "tx": "thi xa", "tp": "thanh pho", "thitran": "thi tran", "thixa": "thi xa"}
            letters = cut(alias.removeprefix(prefix), self.frequency)
            if letters:
                found.append((word.get(prefix, "thanh pho" if prefix == "thanhpho" else prefix), letters))
        return found

    def nickname_entries(self) -> Iterator[list[Any]]:
        for row in rows(self.content / "nicknames.csv"):
            weak, code = row["strength"] == "weak", row["code"]
            if row["kind"] == "province":
                yield from _entries(Kind.PROVINCE, code, row["name"], ["tinh", "thanh pho"], [], [], [], code, weak)
            elif row["kind"] == "old_province":
                new = self.province_of_old[code]
                yield from _entries(Kind.OLD_PROVINCE, code, row["name"], ["tinh"], [], [], [code], new, weak)
            else:
                yield from self._district_nickname(row, code, weak)

    def _district_nickname(self, row: Row, code: str, weak: bool) -> Iterator[list[Any]]:
        """A district, or a range of its old communes that used to be a district of its own ("769:27088-27118")."""
        code, _, span = code.partition(":")
        codes = self.district_communes[code]
        if span:
            first, last = span.split("-")
            parts = [o for o in self.old_communes.values() if o["district"] == code and first <= o["code"] <= last]
            codes = {target for o in parts for target in o["leads_to"].split()}
        old = self.districts[code]["province"]
        types = ["quan", "huyen", "thi xa", "thanh pho"]
        yield from _entries(
            Kind.DISTRICT,
            code,
            row["name"].removeprefix("Quận "),
            types,
            sorted(codes),
            [code],
            [old],
            self.province_of_old[old],
            weak,
        )

    def landmark_entries(self) -> Iterator[list[Any]]:
        for row in rows(self.content / "landmarks.csv"):
            olds = [self.old_communes[code] for code in row["old_communes"].split()]
            codes = sorted({code for old in olds for code in old["leads_to"].split()})
            districts = sorted({old["district"] for old in olds})
            province = self.communes[codes[0]]["province"]
            where = (codes, districts, self.old_provinces_of(districts), province)
            yield from _entries(Kind.LANDMARK, row["old_communes"], row["name"], [], *where)

    def foreign_entries(self) -> Iterator[list[Any]]:
        for row in rows(self.content / "foreign.csv"):
            yield from _entries(
                Kind.FOREIGN, row["country"], row["name"], [], [], [], [], "", row["strength"] == "weak"
            )


def _entries(kind: Kind, unit: str, text: str, types: list[str], *rest: Any) -> Iterator[list[Any]]:
    """One entry for each way the name is met in running text."""
    *where, weak = rest if len(rest) == 5 else (*rest, False)
    for variant in _variants(text):
        yield [
            kind.value,
            unit,
            variant.key,
            variant.shapes,
            variant.tones,
            int(variant.loose),
            types,
            *where,
            int(weak),
        ]


def _variants(text: str) -> list[Name]:
    loose = _MINORITY.search(text) is not None
    names = {name(text, loose)}
    if "'" in text or "’" in text:
        names.add(name(re.sub("['’]", " ", text), True))
        names.add(name(re.sub(r"\s*['’]\s*", "", text), True))
    words = text.split()
    if words[-1].lower() in _ROMAN and words[-1].isupper() and len(words) > 1:
        names.add(name(" ".join([*words[:-1], _ROMAN[words[-1].lower()]]), loose))
    if text in _ROMAN_NAMES:
        names.add(name(_ROMAN[text.lower()]))
    return sorted((n for n in names if n.key), key=lambda n: n.key)


_ROMAN_NAMES = frozenset(word.upper() for word in _ROMAN)


def _split_type(full: str) -> tuple[str, str] | None:
    """'Thị trấn NT Thái Bình' -> ('Thị trấn', 'NT Thái Bình')."""
    for type_name in TYPE_WORDS:
        if full.startswith(type_name + " "):
            return type_name, full.removeprefix(type_name).strip()
    return None


def cut(letters: str, frequency: Counter[str]) -> str:
    """Letters without spaces cut into known syllables: fewest pieces, then the commonest. "" when impossible.

    "yetkieu" -> "yet kieu". The source keeps names retired before 2025 only in this form.
    """
    best: list[tuple[int, int, str] | None] = [(0, 0, "")] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - 7), end):
            before, piece = best[start], letters[start:end]
            if before is None or (piece not in frequency and not piece.isdigit()):
                continue
            option = (before[0] + 1, before[1] - min(frequency[piece], 200), f"{before[2]} {piece}".strip())
            if best[end] is None or option < best[end]:  # type: ignore[operator]
                best[end] = option
    final = best[-1]
    return final[2] if final else ""
