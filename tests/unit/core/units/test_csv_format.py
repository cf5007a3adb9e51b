"""The CSV of units: what is wrong is named with its line, and a file with one error gives no rows."""

from __future__ import annotations

import csv

import pytest

from bot.core.places.gazetteer import Gazetteer
from bot.core.units.csv_format import COLUMNS, MAX_BYTES, format_units_csv, parse_units_csv
from bot.settings import ROOT

CONTENT = ROOT / "content" / "units"
HEADER = ",".join(COLUMNS)
CENTRAL = "central,central_desk,Bàn trung tâm,,,,,,"
COMMUNE = "c1,commune_police,Công an xã An Phú,10645,,,,,"


def faults(gazetteer: Gazetteer, *lines: str, header: str = HEADER) -> list[tuple[int, str, str]]:
    units, errors = parse_units_csv("\n".join((header, *lines)).encode(), gazetteer)
    assert not (units and errors)
    return [(e.line, e.column, e.code) for e in errors]


def test_a_good_file(gazetteer: Gazetteer) -> None:
    units, errors = parse_units_csv("\n".join((HEADER, CENTRAL, COMMUNE)).encode(), gazetteer)
    assert errors == []
    assert [(u.id, u.province_code) for u in units] == [
        ("central", ""),
        ("c1", "31"),
    ]  # the province comes from the commune


def test_there_and_back(gazetteer: Gazetteer) -> None:
    raw = (CONTENT / "demo.csv").read_bytes()
    units, errors = parse_units_csv(raw, gazetteer)
    assert errors == []
    assert len(units) >= 50
    assert parse_units_csv(format_units_csv(units), gazetteer) == (sorted(units, key=lambda u: u.id), [])


def test_only_the_published_numbers_are_not_marked_as_demonstration(gazetteer: Gazetteer) -> None:
    units, _ = parse_units_csv((CONTENT / "demo.csv").read_bytes(), gazetteer)
    assert {u.phone for u in units if not u.demo} == {"111", "+84 981 84 84 84"}
    assert all("(mẫu)" in u.name and not u.phone for u in units if u.demo)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("c1,commune_police,Công an xã,99999,,,,,", (3, "commune_code", "commune_unknown")),
        ("c1,commune_police,Công an xã,4,,,,,", (3, "commune_code", "commune_zeros_lost")),
        ("c1,commune_police,Công an xã,00001,,,,,", (3, "commune_code", "commune_old")),
        ("c1,commune_police,Công an xã,10645,12,,,,", (3, "province_code", "province_not_of_commune")),
        ("c1,commune_police,Công an xã,,31,,,,", (3, "commune_code", "commune_needed")),
        ("p1,province_police,Công an tỉnh,,,,,,", (3, "province_code", "province_needed")),
        ("p1,province_police,Công an tỉnh,,1,,,,", (3, "province_code", "province_zeros_lost")),
        ("p1,province_police,Công an tỉnh,,99,,,,", (3, "province_code", "province_unknown")),
        ("x1,police,Công an,,,,,,", (3, "kind", "kind_unknown")),
        ("X 1,legal_aid,Trợ giúp,,31,,,,", (3, "id", "id_form")),
        ("x1,legal_aid,,,31,,,,", (3, "name", "name_length")),
        ("x1,legal_aid,Trợ giúp,,31,,gọi anh Ba,,", (3, "phone", "phone_form")),
        ("x1,legal_aid,Trợ giúp,,31,,,hơi xa,", (3, "remote", "yes_or_no")),
        ("x1,legal_aid,Trợ giúp,,31,nobody,,,", (3, "parent_id", "parent_unknown")),
        ("x1,legal_aid,Trợ giúp,,31,x1,,,", (3, "parent_id", "parent_circle")),
        ("central,legal_aid,Trợ giúp,,31,,,,", (3, "id", "id_twice")),
        ("x1,central_desk,Bàn nữa,,,,,,", (3, "kind", "place_twice")),
        ("x1,legal_aid", (3, "", "cell_count")),
        ('x1,legal_aid,"Trợ giúp,,31,,,,', (3, "", "not_csv")),
    ],
)
def test_each_fault_names_its_line(gazetteer: Gazetteer, line: str, fault: tuple[int, str, str]) -> None:
    assert faults(gazetteer, CENTRAL, line) == [fault]


def test_a_commune_has_one_police_unit(gazetteer: Gazetteer) -> None:
    assert faults(gazetteer, CENTRAL, COMMUNE, COMMUNE.replace("c1,", "c2,")) == [(4, "kind", "place_twice")]


def test_all_faults_at_once(gazetteer: Gazetteer) -> None:
    found = faults(gazetteer, CENTRAL, "c1,commune_police,x,4,,,abc,,", "", "c2,nope,Tên dài,,,,,,")
    assert [(line, column) for line, column, _ in found] == [
        (3, "commune_code"),
        (3, "name"),
        (3, "phone"),
        (5, "kind"),
    ]


def test_lines_are_counted_through_line_breaks_in_cells(gazetteer: Gazetteer) -> None:
    assert faults(gazetteer, CENTRAL, 'a1,legal_aid,"Trợ\ngiúp",,31,,,,', "b1,nope,Tên dài,,,,,,") == [
        (5, "kind", "kind_unknown")
    ]


def test_wrong_columns(gazetteer: Gazetteer) -> None:
    missing = faults(gazetteer, "a,b", header="id,kind")
    assert {code for _, _, code in missing} == {"column_missing"}
    assert {column for _, column, _ in missing} == set(COLUMNS) - {"id", "kind"}
    assert faults(gazetteer, header=HEADER + ",ghi_chu") == [(1, "ghi_chu", "column_unknown")]
    assert faults(gazetteer, header=HEADER + ",id") == [(1, "", "column_twice")]


def test_wrong_encoding_size_and_emptiness(gazetteer: Gazetteer) -> None:
    for raw, code in (
        (f"{HEADER}\n{COMMUNE}".encode("utf-16"), "not_utf8"),
        (f"{HEADER}\n".encode() + "Công".encode("cp1258", "ignore") + b"\xff", "not_utf8"),
        (b"\x00\x01", "not_utf8"),
        (b"x" * (MAX_BYTES + 1), "too_large"),
        (HEADER.encode(), "no_rows"),
    ):
        units, errors = parse_units_csv(raw, gazetteer)
        assert (units, [e.code for e in errors]) == ([], [code])


def test_a_directory_without_central_desk_is_refused(gazetteer: Gazetteer) -> None:
    assert faults(gazetteer, COMMUNE) == [(0, "", "central_desk_missing")]


def test_semicolons_and_byte_order_mark(gazetteer: Gazetteer) -> None:
    text = "\ufeff" + "\r\n".join((HEADER, CENTRAL, COMMUNE)).replace(",", ";")
    units, errors = parse_units_csv(text.encode(), gazetteer)
    assert (len(units), errors) == (2, [])


def test_every_fault_has_words(gazetteer: Gazetteer) -> None:
    import re

    with (CONTENT / "errors.csv").open(encoding="utf-8", newline="") as file:
        words = {row["code"] for row in csv.DictReader(file)}
    source = (ROOT / "bot" / "core" / "units" / "csv_format.py").read_text("utf-8")
    used = set(re.findall(r'"([a-z]+(?:_[a-z0-9]+)+)"', source)) & words | {"no_rows"}
    raised = set(re.findall(r'(?:UnitError\([^)]*?|wrong\([^)]*?)"([a-z0-9_]+)"(?:,|\))', source))
    assert words >= {code for code in raised if code not in COLUMNS and code not in {"id"}}
    assert used <= words
    assert all(not code.startswith("_") for code in words)
