"""What keeps the tests honest: none judges how quick a machine was, and a failure is not asked again until it passes."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent
CLOCKS = r"(?:monotonic|perf_counter|process_time|time)(?:_ns)?\(\)"
ELAPSED = re.compile(
    rf"assert [^\n]*{CLOCKS} - \w+[^\n]*<|assert [^\n]*\b(?:seconds|elapsed|took|duration|slowest)\w*\)? <=? "
)


def test_no_test_asserts_that_something_was_quick():
    found = [
        f"{path.relative_to(ROOT)}: {line.group(0)}"
        for path in sorted(TESTS.rglob("*.py"))
        if path != Path(__file__)
        for line in ELAPSED.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_failure_is_a_failure():
    script = (ROOT / "scripts" / "test.sh").read_text(encoding="utf-8")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for word in ("last-failed", "--lf", "reruns", "flaky", "|| true"):
        assert word not in script
        assert word not in settings
    assert script.count("-m pytest") == 1
    assert script.count('lane "$name"') == script.count("\nlane rest") == 1


def test_every_folder_of_tests_is_run():
    """What a lane leaves to another is named by that other, and a new folder needs no line anywhere."""
    script = (ROOT / "scripts" / "test.sh").read_text(encoding="utf-8")
    lanes = dict(re.findall(r'^  \[(\w+)\]="([^"]*)"', script, re.MULTILINE))
    assert lanes.pop("rest") == "tests"
    assert set(re.search(r"^for folder in (.*); do lanes", script, re.MULTILINE)[1].split()) == {
        f"${{lanes[{name}]}}" for name in lanes
    }
    assert all((ROOT / folder).is_dir() for folders in lanes.values() for folder in folders.split())
