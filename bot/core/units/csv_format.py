"""The CSV in which the directory is exchanged, described in content/units/README.md. Pure functions.

Every error is found and named with its line; a file with any error gives no rows at all, so nothing is half-imported.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.places.gazetteer import Gazetteer
from bot.core.units.model import Unit, UnitKind

COLUMNS = ("id", "kind", "name", "commune_code", "province_code", "parent_id", "phone", "remote", "demo")
MAX_BYTES = 8 * 1024 * 1024
MAX_ERRORS = 500  # a file of another kind would otherwise report every line
_ID = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")
_PHONE = re.compile(r"^\+?[0-9][0-9 .]{1,18}[0-9]$")
_TRUE, _FALSE = frozenset({"1", "true", "yes", "có"}), frozenset({"", "0", "false", "no", "không"})

_ONLY_ONE = frozenset({UnitKind.CENTRAL_DESK, UnitKind.CHILD_111, UnitKind.NATIONAL, UnitKind.CONSULAR})


@dataclass(frozen=True)
class UnitError:
    """One fault. line: of the file, the header is 1; 0 for the file itself. code: names a sentence in
    content/units/errors.csv. value: what stood there, cut short."""

    line: int
    column: str
    code: str
    value: str = ""


def parse_units_csv(raw: bytes, gazetteer: Gazetteer) -> tuple[list[Unit], list[UnitError]]:
    """(units, errors) of a file's bytes; units is empty when there is any error."""
    if len(raw) > MAX_BYTES:
        return [], [UnitError(0, "", "too_large")]
    text = _decode(raw)
    if text is None:
        return [], [UnitError(0, "", "not_utf8")]
    rows, errors = _read(text)
    units: list[tuple[int, Unit]] = []
    for line, row in rows:
        unit, faults = _unit(line, row, gazetteer)
        errors += faults
        if unit is not None:
            units.append((line, unit))
        if len(errors) >= MAX_ERRORS:
            return [], [*errors[:MAX_ERRORS], UnitError(line, "", "too_many_errors")]
    if not errors or rows:
        errors += _across(units, {row["id"].strip() for _, row in rows if row.get("id")})
    if not rows and not errors:
        errors.append(UnitError(1, "", "no_rows"))
    return ([], sorted(errors, key=lambda e: (e.line, e.column))) if errors else ([unit for _, unit in units], [])


def format_units_csv(units: Iterable[Unit]) -> bytes:
    """The same format back: UTF-8 with a mark so that spreadsheets show Vietnamese, sorted by id."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for unit in sorted(units, key=lambda u: u.id):
        values = [getattr(unit, column) for column in COLUMNS]
        writer.writerow([_cell(value) for value in values])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if isinstance(value, UnitKind):
        return value.value
    if isinstance(value, bool):
        return "1" if value else "0"
    return str(value)


def _decode(raw: bytes) -> str | None:
    """UTF-8, with or without a byte-order mark; anything else is refused rather than guessed."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _read(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[UnitError]]:
    """Rows with their line numbers; faults of the header and of rows with too many or too few cells."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    errors: list[UnitError] = []
    rows: list[tuple[int, dict[str, str]]] = []
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        errors += [UnitError(1, column, "column_missing") for column in COLUMNS if column not in header]
        errors += [
            UnitError(1, column[:40], "column_unknown", column[:40]) for column in header if column not in COLUMNS
        ]
        if len(set(header)) != len(header):
            errors.append(UnitError(1, "", "column_twice"))
        if errors:
            return [], errors
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                errors.append(UnitError(line, "", "cell_count", str(len(cells))))
                continue
            rows.append((line, dict(zip(header, cells, strict=True))))
    except csv.Error:
        errors.append(UnitError(reader.line_num, "", "not_csv"))
    return rows, errors


def _unit(line: int, row: dict[str, str], gazetteer: Gazetteer) -> tuple[Unit | None, list[UnitError]]:
    """One row as a unit, or what is wrong with it."""
    cell = {column: row[column].strip() for column in COLUMNS}
    errors: list[UnitError] = []

    def wrong(column: str, code: str) -> None:
        errors.append(UnitError(line, column, code, cell[column][:40]))

    if not _ID.match(cell["id"]):
        wrong("id", "id_form")
    kind = next((k for k in UnitKind if k.value == cell["kind"]), None)
    if kind is None:
        wrong("kind", "kind_unknown")
    if not 3 <= len(cell["name"]) <= 200:
        wrong("name", "name_length")
    if cell["phone"] and not _PHONE.match(cell["phone"]):
        wrong("phone", "phone_form")
    for column in ("remote", "demo"):
        if cell[column].lower() not in _TRUE | _FALSE:
            wrong(column, "yes_or_no")
    province = _place(cell, kind, gazetteer, wrong)
    if errors or kind is None:
        return None, errors
    return (
        Unit(
            cell["id"],
            kind,
            cell["name"],
            cell["commune_code"],
            province,
            cell["parent_id"],
            cell["phone"],
            cell["remote"].lower() in _TRUE,
            cell["demo"].lower() in _TRUE,
        ),
        [],
    )


def _place(cell: dict[str, str], kind: UnitKind | None, gazetteer: Gazetteer, wrong) -> str:  # type: ignore[no-untyped-def]
    """Check the codes against the gazetteer; the province, taken from the commune when left empty."""
    commune, province = cell["commune_code"], cell["province_code"]
    if commune and commune not in gazetteer.communes:
        zeros = commune.isdigit() and commune.zfill(5) in gazetteer.communes
        wrong(
            "commune_code",
            "commune_zeros_lost"
            if zeros
            else "commune_old"
            if commune in gazetteer.old_communes
            else "commune_unknown",
        )
    elif commune:
        own = gazetteer.communes[commune].province
        if province and province != own:
            wrong("province_code", "province_not_of_commune")
        province = own
    if province and province not in gazetteer.provinces:
        zeros = province.isdigit() and province.zfill(2) in gazetteer.provinces
        wrong("province_code", "province_zeros_lost" if zeros else "province_unknown")
    if kind is UnitKind.COMMUNE_POLICE and not commune:
        wrong("commune_code", "commune_needed")
    if kind is UnitKind.PROVINCE_POLICE and (commune or not province):
        wrong("province_code", "province_needed" if not province else "commune_not_here")
    return province


def _across(units: list[tuple[int, Unit]], ids: set[str]) -> list[UnitError]:
    """Faults between rows: the same id or place twice, a parent that does not exist, a circle of parents."""
    errors: list[UnitError] = []
    lines: dict[str, int] = {}
    places: dict[tuple[str, str], int] = {}
    for line, unit in units:
        if unit.id in lines:
            errors.append(UnitError(line, "id", "id_twice", f"{unit.id} ({lines[unit.id]})"))
        lines.setdefault(unit.id, line)
        place = (unit.kind.value, unit.commune_code or unit.province_code)
        if unit.kind in _ONLY_ONE:
            place = (unit.kind.value, "")
        if place in places:
            errors.append(UnitError(line, "kind", "place_twice", f"{place[0]} {place[1]} ({places[place]})".strip()))
        places.setdefault(place, line)
        if unit.parent_id and unit.parent_id not in ids:
            errors.append(UnitError(line, "parent_id", "parent_unknown", unit.parent_id[:40]))
    parents = {unit.id: unit.parent_id for _, unit in units}
    errors += [
        UnitError(line, "parent_id", "parent_circle", unit.id) for line, unit in units if _circular(unit.id, parents)
    ]
    if units and not any(unit.kind is UnitKind.CENTRAL_DESK for _, unit in units):
        errors.append(UnitError(0, "", "central_desk_missing"))
    return errors


def _circular(start: str, parents: dict[str, str]) -> bool:
    """Following parents from `start` comes back to it."""
    seen: set[str] = set()
    current = parents.get(start, "")
    while current and current not in seen:
        if current == start:
            return True
        seen.add(current)
        current = parents.get(current, "")
    return False
