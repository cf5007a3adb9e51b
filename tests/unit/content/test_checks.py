"""Each rule of `lachan content check`, once broken."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.check import check_content
from bot.core.content.checks import phone_numbers
from tests.support.content_tree import BODY, copy_tree, item_text, line_of, write_item

TODAY = date(2026, 11, 24)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    tree = copy_tree(tmp_path, ("hotline_card", "menu", "hotline_111", "emergency_in_danger", "erase_traces"))
    for path in tree.glob("answers/*/*.md"):  # links to items left out of the small tree, and to pictures
        lines = [row for row in path.read_text(encoding="utf-8").splitlines() if "picture" not in row]
        kept = [row for row in lines if not ('"say:' in row and "hotline" not in row and "emergency" not in row)]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    for path in (tree / "screening").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        for name in ("emergency_other_person", "child_in_danger", "victim_support_rights", "safe_migration"):
            text = text.replace(f"say:{name}", "say:hotline_card")
        path.write_text(text, encoding="utf-8")
    return tree


def found(root: Path, text: str, english: bool = True) -> list[str]:
    write_item(root, text)
    if english:
        write_item(
            root,
            item_text(
                "Next step: call {hotline:anti_trafficking}.\n",
                language="en",
                short='"Call {hotline:police} or {hotline:anti_trafficking}. What next?"',
            ),
            "sample",
            "en",
        )
    return [str(problem) for problem in check_content(root, TODAY)]


def test_the_small_tree_is_clean(root: Path) -> None:
    assert found(root, item_text()) == []


FRONT_RULES = [
    ("sources", item_text(sources="[]"), "no source"),
    ("sources", item_text(sources='["UNVERIFIED, một bài báo"]'), "unverified"),
    ("status", item_text(status="draft"), "draft"),
    ("status", item_text(status="draft-emergency"), "only card_emergency"),
    ("reviewed", item_text(reviewed="2027-01-01"), "future"),
    ("expires", item_text(reviewed="2025-01-01", expires="2026-11-23"), "expired on 2026-11-23"),
    ("buttons", item_text(buttons='[{id: "more:sample", title: "Xem"}, {id: "fly:away", title: "Bay"}]'), "unknown button"),
    ("buttons", item_text(buttons='[{id: "more:sample", title: "Xem"}, {id: "do:fly", title: "Bay"}]'), "unknown button"),
    ("buttons", item_text(buttons='[{id: "more:sample", title: "Xem"}, {id: "say:none", title: "Đi"}]'), "leads to no item"),
    ("buttons", item_text(buttons='[{id: "more:sample", title: "Xem"}, {id: "more:menu", title: "Đi"}]'), "no longer answer"),
    ("buttons", item_text(buttons='[{id: "do:menu", title: "Về"}]'), "no button leads to the longer answer"),
    ("short", item_text(short='"Gọi 0912345678 nhé."'), "number 0912345678"),
    ("short", item_text(short='"Gọi 1900 9696 80 nhé."'), "number 1900969680"),
    ("short", item_text(short='"Gọi 116 nhé."'), "number 116"),
    ("short", item_text(short='"Xem https://dolab.moha.gov.vn/ds nhé."'), "link"),
    ("short", item_text(short='"Xem [trang này](dolab) nhé."'), "link"),
    ("short", item_text(short='"Xem vieclam-abc.com nhé."'), "link"),
    ("short", item_text(short='"Mình bảo đảm ẩn danh tuyệt đối nhé."'), "ẩn danh tuyệt đối"),
    ("short", item_text(short='"Nạn nhân thường nhẹ dạ nên bị lừa, gọi 111 nhé."'), "nhẹ dạ"),
    ("short", item_text(short='"Đây là một điều cần biết."'), "does not end with"),
    ("short", item_text(short='"' + "từ " * 45 + 'nhé."'), "a sentence of 46 syllables"),
    ("short", item_text(kind="emergency", short='"Bạn hãy bình tĩnh, thở chậm."'), "113 must stand in the first"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text", "message"), FRONT_RULES, ids=[f"{r[0]}-{r[2][:24]}" for r in FRONT_RULES])
def test_a_broken_rule_is_named_with_its_line(root: Path, field: str, text: str, message: str) -> None:
    rows = [row for row in found(root, text) if message in row]
    assert len(rows) == 1
    assert rows[0].startswith(f"answers/vi/sample.md:{line_of(text, field)}: ")


def test_an_honest_refusal_of_absolute_anonymity_is_allowed(root: Path) -> None:
    assert found(root, item_text(short='"Mình không hứa ẩn danh tuyệt đối, nhưng giữ kín nhé."')) == []


def test_a_missing_translation(root: Path) -> None:
    assert found(root, item_text(), english=False) == ["answers/vi/sample.md:2: missing translation: en"]


def test_the_body_is_checked_too_with_a_line_in_the_body(root: Path) -> None:
    text = item_text("Gọi 0987654321.\n" + BODY)
    rows = found(root, text)
    assert len(rows) == 1
    assert "number 0987654321" in rows[0]
    assert text.splitlines()[int(rows[0].split(":")[1]) - 1].startswith("Gọi 0987")


def test_a_missing_picture(root: Path) -> None:
    rows = found(root, item_text(picture="none.png", picture_alt='"Mô tả tấm thẻ"'))
    assert any("no picture none.png" in row for row in rows)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Gọi 113, 111 hoặc +84 981 84 84 84.", ["113", "111", "+84981848484"]),
        ("Điều 150, ngày 30/7, năm 2025, 12.000.000 đồng, 72 %, 24/7, Luật 53/2024/QH15", []),
        ("0912.345.678 và 1800 1567", ["0912345678", "18001567"]),
    ],
)
def test_what_looks_like_a_telephone_number(text: str, numbers: list[str]) -> None:
    assert list(phone_numbers(text)) == numbers
