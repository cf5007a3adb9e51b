"""Reading the tables of the vietnamadminunits wheel: data files only, by path, never its code.

Its `converter` would send a citizen's words to an outside geocoder; nothing here imports the package.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

from bot.core.errors import ConfigError

PACKAGE = "vietnamadminunits"
VERSION = "1.0.4"
SHA256 = {  # of the two data files inside the wheel of that version
    "dataset.db": "147cbbf81c8964bb594e1dda7ebab5649bce21efbfd6cb508cab7fefca62257d",
    "converter_2025.json": "84f0848bf401b047775cbb49768c181a9271f77e4a4ec706d293b09bcb4faddd",
}
TABLES = {
    "provinces.csv": ("code", "type", "name", "lat", "lon"),
    "communes.csv": ("code", "type", "name", "province", "lat", "lon", "area_km2"),
    "old_provinces.csv": ("code", "type", "name"),
    "old_districts.csv": ("code", "type", "name", "province", "former", "leads_to"),
    "old_communes.csv": ("code", "type", "name", "district", "former", "leads_to"),
}
Row = dict[str, Any]


def read_source(folder: Path) -> dict[str, list[tuple[str, ...]]]:
    """Rows of the five tables below content/places/tables, from the wheel's data folder.

    Raises ConfigError when a file is missing or is not the pinned one.
    """
    for filename, wanted in SHA256.items():
        path = folder / filename
        if not path.is_file():
            raise ConfigError(f"{filename} of {PACKAGE} {VERSION} is not in the folder given")
        if hashlib.sha256(path.read_bytes()).hexdigest() != wanted:
            raise ConfigError(f"{filename} is not the file of {PACKAGE} {VERSION}: its checksum differs")
    with sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        old = [dict(row) for row in database.execute("SELECT * FROM admin_units_legacy")]
        new = [dict(row) for row in database.execute("SELECT * FROM admin_units")]
    edges = _edges(json.loads((folder / "converter_2025.json").read_text("utf-8")), new)
    return {
        "provinces.csv": _unique(
            (
                r["provinceCode"],
                _type(r["province"], r["provinceShort"]),
                r["provinceShort"],
                r["provinceLat"],
                r["provinceLon"],
            )
            for r in new
        ),
        "communes.csv": _unique(
            (
                r["wardCode"],
                r["wardType"],
                r["wardShort"],
                r["provinceCode"],
                r["wardLat"],
                r["wardLon"],
                r["wardAreaKm2"],
            )
            for r in new
        ),
        "old_provinces.csv": _unique(
            (r["provinceCode"], _type(r["province"], r["provinceShort"]), r["provinceShort"]) for r in old
        ),
        "old_districts.csv": _old_districts(old, edges),
        "old_communes.csv": _unique(
            (
                r["wardCode"],
                r["wardType"],
                _bare(r["wardShort"]),
                r["districtCode"],
                _aliases(r["wardAlias"]),
                _to(r, edges),
            )
            for r in old
            if r["wardCode"]
        ),
    }


def _edges(converter: Row, new: list[Row]) -> dict[str, set[str]]:
    """Key of an old unit -> codes of the new communes it leads to."""
    code = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in new}
    edges: dict[str, set[str]] = defaultdict(set)
    for province, wards in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, olds in wards.items():
            for old in olds:
                edges[old].add(code[province, ward])
    for province, olds in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in olds.items():
            edges[old].update(code[province, part["newWardKey"]] for part in parts)
    return edges


def _to(row: Row, edges: dict[str, set[str]]) -> str:
    return " ".join(sorted(edges[f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"]))


def _old_districts(old: list[Row], edges: dict[str, set[str]]) -> list[tuple[str, ...]]:
    """Districts; the five islands without communes carry their own edge."""
    rows: dict[str, list[Any]] = {}
    for r in old:
        row = rows.setdefault(
            r["districtCode"],
            [
                r["districtCode"],
                r["districtType"],
                _bare(r["districtShort"]),
                r["provinceCode"],
                _aliases(r["districtAlias"]),
                "",
            ],
        )
        if not r["wardCode"]:
            row[5] = _to(r, edges)
    return _unique(tuple(row) for row in rows.values())


def _type(full: str, short: str) -> str:
    return full.removesuffix(short).strip()


def _bare(short: str) -> str:
    """'Yên Viên (Thị trấn)' is how the source keeps two units of one name apart; 'Phường 12' has the name 12."""
    return re.sub(r"^(?:Phường|Quận) (?=\d+$)", "", short.split(" (")[0])


def _aliases(raw: str | None) -> str:
    """The source's list of former names, letters only and without spaces, each once."""
    return " ".join(dict.fromkeys(json.loads(raw))) if raw else ""


def _unique(rows: Any) -> list[tuple[str, ...]]:
    return sorted({tuple("" if value is None else str(value) for value in row) for row in rows})


def to_csv(header: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """One table as the text that is committed: UTF-8, comma, one line per unit, sorted by code."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()
