"""Each rule of `lachan content check` about the words that are listened for, once broken: the file, the line and the reason."""

from __future__ import annotations

import shutil
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from bot.content.composed import page_lines
from bot.content.danger import check_danger, check_interview, check_pages
from bot.content.documents import CONTENT_ROOT

TODAY = date(2026, 11, 29)
ITEMS = {path.stem for path in (CONTENT_ROOT / "answers" / "vi").glob("*.md")} | page_lines(CONTENT_ROOT)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for folder in ("danger", "topics", "interview"):
        shutil.copytree(CONTENT_ROOT / folder, tmp_path / folder)
    return tmp_path


def broken(root: Path, file: str, old: str, new: str) -> tuple[str, int]:
    """The problems after `old` was replaced, and the line it stood in."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    found = [*check_danger(root, TODAY), *check_pages(root, ITEMS, TODAY), *check_interview(root, TODAY)]
    return "\n".join(map(str, found)), line


def test_the_product_s_own_words_are_clean(root):
    assert check_danger(root, TODAY) == []
    assert check_pages(root, ITEMS, TODAY) == check_interview(root, TODAY) == []
    assert check_danger(root / "nowhere", TODAY) == check_pages(root / "nowhere", ITEMS, TODAY) == []
    assert check_interview(root / "nowhere", TODAY) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"Tim den nha"', "but_still: 'Tim den nha' is not lower case"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"tìm đến nhà"', "has marks"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"tim den nha "', "a space at its end"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"tim\\u200b den"', "something invisible"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"tim (den nha"', "cannot be read"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"tim {nobody}"', "unknown list 'nobody'"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', '"tim {but_still}"', "names its own list"),
        ("danger/vi/concepts.yml", '"ma so"', '"ma so*"', "does not match"),
        ("danger/vi/calm.yml", '"tim (den|toi) nha"', "false", "is not of type 'string'"),
        ("danger/vi/calm.yml", '"chua an toan"', '"khong an toan"', "stands here twice"),
        ("danger/vi/calm.yml", "  but_still:", "  but_stil:", "unknown field 'but_stil'"),
        ("danger/vi/calm.yml", "  polite:", "  politeness:", "part 'politeness' is named by no entry"),
        ("danger/vi/calm.yml", "reviewed: 2026-11-20", "reviewed: 2026-11-31", "no such day"),
        ("danger/vi/calm.yml", "reviewed: 2026-11-20", "reviewed: 2027-11-20", "in the future"),
        ("danger/vi/marks.yml", '"bạn"', f'"{unicodedata.normalize("NFD", "bạn")}"', "not NFC"),
        ("topics/kinds.yml", "  fishing:", "  fishes:", "unknown field 'fishes'"),
        ("topics/kinds.yml", '"tau ca"', '"tàu cá"', "fishing: 'tàu cá' has marks"),
        ("topics/pages.yml", "item: eps_korea", "item: eps_corea", "'eps_corea' is no item of content/answers"),
        ("topics/pages.yml", '"hoi huong"', '"{hoi}"', "words: unknown list 'hoi'"),
        ("topics/pages.yml", "  not_forced:", "  forced:", "part 'forced' is named by no entry"),
        ("interview/police.yml", '"hoi lo"', '"hối lộ"', "paid: 'hối lộ' has marks"),
        ("interview/story.yml", '"dụ dỗ"', '"Dụ dỗ"', "deed: 'Dụ dỗ' is not lower case"),
        ("interview/story.yml", '"deed", ', '"deeds", ', "as_typed: unknown list 'deeds'"),
        ("interview/counting.yml", "{persons_more}", "{persons_less}", "unknown list 'persons_less'"),
        ("interview/common.yml", "  persons_meant:", "  persons_ment:", "unknown field 'persons_ment'"),
        ("danger/foreign.yml", "  calm_fr:", "  calms_fr:", "unknown field 'calms_fr'"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(root, file, old, new, reason):
    found, line = broken(root, file, old, new)
    assert any(row.startswith(f"{file}:{line}: ") and reason in row for row in found.splitlines()), found


def test_a_list_that_is_missing_and_a_file_nobody_reads(root):
    found, _ = broken(root, "danger/vi/calm.yml", "  but_still:", "  but_stil:")
    assert "'but_still' is a required property" in found
    (root / "danger" / "vi" / "more.yml").write_text("lists: {}\n", encoding="utf-8")
    assert "danger/vi/more.yml:1: unknown file" in str([*map(str, check_danger(root, TODAY))])
