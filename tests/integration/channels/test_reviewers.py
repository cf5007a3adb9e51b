"""`lachan check` calls no installation ready while the texts it shows have only roles behind them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.checks.findings import Mark
from bot.checks.reviewers import reviewers
from bot.content.files import ContentFiles
from tests.support.world import core_in

ROLES = ("Người duyệt nội dung", "Content reviewer")


def signed(path: Path, name: str = "Nguyễn Thị A", day: str = "2027-01-01", roles: tuple[str, ...] = ROLES) -> Path:
    rows = [f'- {{role: "{role}", name: "{name}", office: "Phòng Pháp chế", day: {day}}}' for role in roles]
    path.write_text("\n".join(["signed:", *rows, ""]), encoding="utf-8")
    return path


def mark(folder: Path, file: Path | None, demo: str = "0") -> Mark:
    more = {"LACHAN_REVIEWERS_FILE": str(file)} if file else {}
    with core_in(folder, LACHAN_DEMO=demo, **more) as core:
        return reviewers(core)[0].mark


def test_without_a_signature_it_is_not_ready(tmp_path: Path) -> None:
    assert mark(tmp_path, None) is Mark.BAD


def test_a_demonstration_is_only_warned(tmp_path: Path) -> None:
    assert mark(tmp_path, None, "1") is Mark.WARN


def test_with_a_person_for_every_role_it_is(tmp_path: Path) -> None:
    assert mark(tmp_path, signed(tmp_path / "signed.yml")) is Mark.GOOD


@pytest.mark.parametrize(
    ("name", "day", "roles"),
    [
        ("", "2027-01-01", ROLES),
        ("Người duyệt nội dung", "2027-01-01", ROLES),  # the role again is nobody
        ("Nguyễn Thị A", "2026-01-01", ROLES),  # reviewed since
        ("Nguyễn Thị A", "2027-01-01", ROLES[:1]),
        ("Nguyễn Thị A", "soon", ROLES),
    ],
)
def test_an_empty_old_or_partial_signature_is_none(tmp_path: Path, name: str, day: str, roles: tuple[str, ...]) -> None:
    assert mark(tmp_path, signed(tmp_path / "signed.yml", name, day, roles)) is Mark.BAD


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nobody_is_told_that_persons_reviewed_the_answers(language: str) -> None:
    text = ContentFiles().library.items["bot_challenge", language].short
    assert "duyệt" not in text
    assert "review" not in text
