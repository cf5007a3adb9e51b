"""`lachan places`, `gazetteer` and `units` as somebody outside calls them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner

from bot.commands import gazetteer as gazetteer_command
from bot.commands import places, units
from bot.settings import ROOT


def run(*lines: str) -> list[dict[str, object]]:
    out = io.BytesIO()
    places.run(io.BytesIO("\n".join(lines).encode()), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_json_lines_in_order() -> None:
    answers = run(
        json.dumps({"text": "xã An Phú, Hải Phòng"}),
        json.dumps({"text": "huyện Tam Đường"}),
        json.dumps({"text": "tỉnh Hà Nam"}),
        json.dumps({"text": "em ở Sihanoukville"}),
        json.dumps({"text": "cho em hỏi chút"}),
    )
    assert answers[0] == {"status": "commune", "codes": ["10645"], "province": "31"}
    assert answers[1]["status"] == "candidates"
    assert sorted(answers[1]["codes"]) == ["03390", "03394", "03405", "03408", "03424", "03430"]  # type: ignore[call-overload]
    assert answers[1]["province"] == "12"
    assert answers[2] == {"status": "province", "codes": [], "province": "37"}
    assert answers[3] == {"status": "foreign", "codes": [], "province": None}
    assert answers[4] == {"status": "none", "codes": [], "province": None}


def test_bad_lines_do_not_stop_it() -> None:
    bad = {"error": "bad_input"}
    assert run("{", "[]", '{"text": 5}', "{}", json.dumps({"text": ""})) == [
        bad,
        bad,
        bad,
        bad,
        {"status": "none", "codes": [], "province": None},
    ]


def test_each_line_is_answered_before_the_next_is_sent() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "places"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        for text, status in (("xã An Phú, Hải Phòng", "commune"), ("không", "none")):
            process.stdin.write(json.dumps({"text": text}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["status"] == status
    finally:
        process.stdin.close()
        process.wait(120)


def test_gazetteer_shows_its_counts() -> None:
    done = CliRunner().invoke(gazetteer_command.app, ["show"])
    assert done.exit_code == 0
    for line in (
        "provinces 34",
        "communes 3321",
        "old_provinces 63",
        "old_districts 696",
        "old_communes 10035",
        "checks passed",
    ):
        assert line in done.output


def test_gazetteer_says_when_the_source_cannot_be_read(tmp_path: Path) -> None:
    done = CliRunner().invoke(gazetteer_command.app, ["extract", str(tmp_path / "missing.whl")])
    assert done.exit_code == 1
    assert "cannot be read" in done.output


def test_units_dry_run_changes_nothing_and_needs_no_keys(tmp_path: Path) -> None:
    done = CliRunner().invoke(units.app, ["import", "--dry-run", str(ROOT / "content" / "units" / "demo.csv")])
    assert done.exit_code == 0
    assert "chưa nhập" in done.output


def test_units_errors_are_told_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "units.csv"
    file.write_text(
        "id,kind,name,commune_code,province_code,parent_id,phone,remote,demo\nx,commune_police,Công an,4,,,,,\n",
        "utf-8",
    )
    done = CliRunner().invoke(units.app, ["import", "--dry-run", str(file)])
    assert done.exit_code == 1
    assert "dòng 2, cột commune_code: Mã xã bị mất số 0" in done.output
    assert "không nhập dòng nào" in done.output
