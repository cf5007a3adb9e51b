"""The gazetteer holds what the law and the reviewed corrections say, and loads fast and small."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.content.places import built as places
from bot.content.places import source
from bot.content.places.built import CONTENT, load_gazetteer
from bot.content.places.checks import EXPECTED, problems
from bot.content.places.compile import compile_gazetteer, cut
from bot.core.errors import ConfigError
from bot.core.places.gazetteer import Gazetteer


def test_counts_and_checks(gazetteer: Gazetteer) -> None:
    assert {name: gazetteer.counts[name] for name in EXPECTED} == EXPECTED
    assert EXPECTED == {
        "provinces": 34,
        "communes": 3321,
        "old_provinces": 63,
        "old_districts": 696,
        "old_communes": 10035,
    }
    assert gazetteer.counts["wards"] == 709
    assert problems(gazetteer) == []


def test_every_correction_is_applied(gazetteer: Gazetteer) -> None:
    with (CONTENT / "corrections.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 33
    for row in rows:
        assert gazetteer.old_communes[row["old_code"]][3] == row["leads_to"]


def test_changes_of_2026(gazetteer: Gazetteer) -> None:
    changed = [c for c in gazetteer.communes.values() if c.before]
    assert len(changed) == 22
    assert all((c.type, c.before) == ("Phường", "Xã") for c in changed)
    assert {gazetteer.provinces[code].type for code in ("22", "24", "75")} == {"Thành phố"}


def test_known_facts(gazetteer: Gazetteer) -> None:
    assert gazetteer.full_name("10645") == "Xã An Phú, Hải Phòng"
    merged = {
        code
        for code, e in ((e.unit, e) for es in gazetteer.index.values() for e in es)
        if e.kind.value == "Q" and e.province == "37"
    }
    assert merged == {"35", "36", "37"}  # Hà Nam, Nam Định, Ninh Bình


def test_checks_notice_a_wrong_table(gazetteer: Gazetteer) -> None:
    data = compile_gazetteer(CONTENT)
    data["communes"] = [row for row in data["communes"] if row[0] != "10645"]
    data["counts"] = data["counts"] | {"communes": 3320}
    found = problems(Gazetteer(data))
    assert any("communes: 3320" in problem for problem in found)
    assert any("10645" in problem for problem in found)


def test_missing_tables_say_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tables is missing"):
        compile_gazetteer(tmp_path)


def test_a_file_that_is_not_the_pinned_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="not in the folder"):
        source.read_source(tmp_path)
    (tmp_path / "dataset.db").write_bytes(b"something else")
    with pytest.raises(ConfigError, match="checksum"):
        source.read_source(tmp_path)


def test_built_file_is_used_when_current_and_replaced_when_stale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = tmp_path / "gazetteer.json"
    made = places.build(built)
    calls = []
    monkeypatch.setattr(
        places, "compile_gazetteer", lambda content: calls.append(1) or json.loads(built.read_text("utf-8"))
    )
    assert load_gazetteer(built).version == made.version
    assert not calls
    data = json.loads(built.read_text("utf-8"))
    built.write_text(json.dumps(data | {"digest": "of other tables"}), "utf-8")
    load_gazetteer(built)
    assert calls
    built.write_text("{half a fi", "utf-8")
    with pytest.raises(ValueError):  # the stand-in above reads the broken file: it was asked to compile again
        load_gazetteer(built)


def test_former_names_are_cut_into_syllables(gazetteer: Gazetteer) -> None:
    from collections import Counter

    assert cut("yetkieu", Counter(["yet", "kieu", "ye", "tki"])) == "yet kieu"
    assert cut("xyz", Counter(["yet"])) == ""
    assert "yet kieu" in gazetteer.index


def test_the_converter_of_the_source_is_never_imported() -> None:
    code = "import sys, bot.core.places.resolver, bot.content.places.source; print([m for m in sys.modules if 'vietnamadmin' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_loads_within_sixty_megabytes() -> None:
    """In a process of its own."""
    places.build()
    code = (
        "import resource; peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "before = peak();"
        "from bot.content.places.built import load_gazetteer; from bot.core.places.resolver import Resolver;"
        "Resolver(load_gazetteer()).resolve('xã An Phú, Hải Phòng');"
        "print((peak() - before) / 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(done.stdout) < 60
