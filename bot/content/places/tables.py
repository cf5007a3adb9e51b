"""The reviewed tables below content/places in memory, with corrections and the changes of 2026 applied."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from bot.core.errors import ConfigError
from bot.core.places.syllables import name

Row = dict[str, str]
_NEAR, _MOST = 20, 5  # how far apart by code, and how many of eight neighbours, for a commune to have been theirs
TYPE_WORDS = {
    "Xã": "xa",
    "Phường": "phuong",
    "Thị trấn": "thi tran",
    "Đặc khu": "dac khu",
    "Huyện": "huyen",
    "Quận": "quan",
    "Thị xã": "thi xa",
    "Thành phố": "thanh pho",
    "Tỉnh": "tinh",
}


def lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines()


def common_words(path: Path) -> dict[str, str]:
    """Letters of each ordinary word -> its syllables with marks ("an ninh0"...), as mentions.py spells them."""
    text = " ".join(line for line in lines(path) if not line.startswith("#"))
    names = [name(word) for word in text.split(";") if word.strip()]
    return {n.key: " ".join(f"{shape}{tone}" for shape, tone in n.syllables) for n in names}


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _by_code(path: Path) -> dict[str, Row]:
    return {row["code"]: row for row in rows(path)}


class Tables:
    """The tables in memory, with corrections and the changes of 2026 applied."""

    def __init__(self, content: Path) -> None:
        tables = content / "tables"
        self.content = content
        self.provinces = _by_code(tables / "provinces.csv")
        self.communes = _by_code(tables / "communes.csv")
        self.old_provinces = _by_code(tables / "old_provinces.csv")
        self.districts = _by_code(tables / "old_districts.csv")
        self.old_communes = _by_code(tables / "old_communes.csv")
        self._correct()
        self.spellings: dict[str, list[str]] = defaultdict(list)
        for row in rows(content / "spellings.csv"):
            self.spellings[row["old_code"]] += [row["in_table"], row["also_written"]]
        self._relate()

    def _correct(self) -> None:
        for row in rows(self.content / "corrections.csv"):
            self.old_communes[row["old_code"]]["leads_to"] = row["leads_to"]
        for row in (*self.communes.values(), *self.provinces.values()):
            row["before"] = ""
        for row in rows(self.content / "changes_2026.csv"):
            target = (self.provinces if row["kind"] == "province" else self.communes)[row["code"]]
            if target["name"] != row["name"]:
                raise ConfigError(f"changes_2026.csv: {row['code']} is not {row['name']}")
            target["before"] = target["type"]
            target["type"] = row["new_type"]
        for row in self.old_communes.values():
            unknown = [code for code in row["leads_to"].split() if code not in self.communes]
            if unknown or not row["leads_to"]:
                raise ConfigError(f"old commune {row['code']} leads nowhere or to an unknown commune")

    def _relate(self) -> None:
        """For each commune of today: the old districts and provinces its parts came from; and the reverse."""
        self.commune_districts: dict[str, set[str]] = defaultdict(set)
        self.district_communes: dict[str, set[str]] = defaultdict(set)
        for row in self.old_communes.values():
            for code in row["leads_to"].split():
                self.commune_districts[code].add(row["district"])
                self.district_communes[row["district"]].add(code)
        for code, row in self.districts.items():
            for commune in row["leads_to"].split():
                self.commune_districts[commune].add(code)
                self.district_communes[code].add(commune)
        self.province_of_old: dict[str, str] = {}
        for code, communes in self.district_communes.items():
            self.province_of_old[self.districts[code]["province"]] = self.communes[min(communes)]["province"]
        words = itertools.chain(self.communes.values(), self.old_communes.values(), self.districts.values())
        self.frequency = Counter(part for row in words for part in name(row["name"]).key.split())

    def moved_from(self) -> dict[str, set[str]]:
        """Old communes -> districts they belonged to before they were moved into another, in 2023-25 or earlier.

        Codes were given out district by district and are kept for life: a commune whose neighbours by code nearly all lie
        in another district of its province was once theirs. A district with a commune of that name keeps its own.
        """
        names = {(row["district"], name(row["name"]).key) for row in self.old_communes.values()}
        order = sorted(code for code in self.old_communes if code.isdigit())
        moved: dict[str, set[str]] = defaultdict(set)
        for at, code in enumerate(order):
            row = self.old_communes[code]
            home = self.districts[row["district"]]["province"]
            near = [self.old_communes[c]["district"] for c in (*order[max(0, at - 4) : at], *order[at + 1 : at + 5])
                    if abs(int(c) - int(code)) <= _NEAR and self._province(c) == home]  # fmt: skip
            district, votes = max(Counter(near).items(), key=lambda pair: pair[1], default=("", 0))
            if votes >= _MOST and near.count(row["district"]) <= 2 and (district, name(row["name"]).key) not in names:
                moved[code].add(district)
        return moved

    def _province(self, old_commune: str) -> str:
        return self.districts[self.old_communes[old_commune]["district"]]["province"]

    def counts(self) -> dict[str, int]:
        """The five numbers everyone knows, and how many old communes are split."""
        split = sum(" " in row["leads_to"] for row in self.old_communes.values())
        return {
            "provinces": len(self.provinces),
            "communes": len(self.communes),
            "old_provinces": len(self.old_provinces),
            "old_districts": len(self.districts),
            "old_communes": len(self.old_communes),
            "old_communes_split": split,
            "wards": sum(row["type"] == "Phường" for row in self.communes.values()),
        }

    def hyphens(self) -> list[str]:
        """For names with a hyphen: the letters up to and with the syllable after it ("ba ria vung")."""
        found = set()
        names = [
            row["name"] for row in (*self.communes.values(), *self.districts.values(), *self.old_provinces.values())
        ]
        for text in (*names, *(row["name"] for row in rows(self.content / "nicknames.csv"))):
            for match in re.finditer(r"-", text):
                found.add(name(text[: match.start()] + " " + text[match.end() :].split()[0]).key)
        return sorted(found)

    def old_provinces_of(self, districts: Iterable[str]) -> list[str]:
        return sorted({self.districts[d]["province"] for d in districts})
