"""The threat model promises nothing that no test holds: each row and each attack names tests, and they exist."""

from __future__ import annotations

import re

import pytest

from bot.settings import ROOT

PAGE = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
TABLES = ("## Boundaries", "## What each seizure surrenders")
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def section(title: str) -> str:
    """What stands under a heading, up to the next one of any depth."""
    return re.split(r"\n##+ ", PAGE.split(f"{title}\n", 1)[1])[0]


def rows() -> list[str]:
    """The rows of the two tables, without their heads."""
    lines = [line for title in TABLES for line in section(title).splitlines() if line.startswith("| ")]
    return [line for line in lines if not line.startswith(("| boundary", "| seized"))]


def attacks() -> list[str]:
    """The paragraphs of the attacks, one each."""
    return ["- **" + text for text in section("## Attacks considered").split("- **")[1:]]


@pytest.mark.parametrize("text", [*rows(), *attacks()], ids=lambda text: text[2:40])
def test_each_row_and_each_attack_names_tests(text: str) -> None:
    assert _TEST.search(text), (
        "name a test: `tests/....py::test_...` in the last column, or a line `Tests: ...` at the end"
    )


def test_the_tests_that_are_named_exist() -> None:
    missing = [
        f"{path}::{name}"
        for path, name in _TEST.findall(PAGE)
        if not (ROOT / path).is_file()
        or not re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.M)
    ]
    assert missing == []
    assert PAGE.count("::test_") == len(_TEST.findall(PAGE)), (
        "a test is named in another way than `tests/....py::test_...`"
    )


def test_the_page_is_read_whole() -> None:
    assert len(rows()) >= 19
    assert len(attacks()) >= 40
