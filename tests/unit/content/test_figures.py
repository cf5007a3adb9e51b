"""Numbers, laws and figures stand in content/facts.yml alone; a text that has one by hand, or a fact nobody looked at again, is refused."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.content.clocks import load_clocks
from bot.content.documents import CONTENT_ROOT
from bot.content.facts import check_facts, write_placeholders
from bot.content.files import ContentFiles
from bot.content.kits import read_kits
from bot.content.phrasebooks import load_phrasebooks
from bot.content.placeholders import book_of
from bot.core.clocks import DAY
from bot.core.content import facts
from bot.core.errors import ConfigError

TODAY = date(2026, 11, 30)
BOOK = book_of(CONTENT_ROOT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("72 % nạn nhân", ["2 %"]),
        ("phạt từ 5 đến 10 năm tù", ["5 đến 10 năm"]),
        ("trong 20 ngày", ["20 ngày"]),
        ("1,2 tỉ đồng", ["1,2 tỉ"]),
        ("theo Luật 53/2024/QH15, Điều 37", ["53/2024/QH15", "Điều 37"]),
        ("Quyết định 793/QĐ-TTg", ["793/QĐ"]),
        ("up to 2 months, Article 51", ["2 months", "Article 51"]),
        ("Năm 2024 cả nước", []),
        ("Ngày 30 tháng 7", []),
        ("dưới 18 tuổi, 24/7, +84 981 84 84 84, ngày và đêm", []),
        ("họ nói “tháng 25 đến 30 triệu”", []),
        ("{fact:penalty_trafficking_1} năm tù, Điều {fact:penal_trafficking_article}", []),
    ],
)
def test_what_counts_as_a_figure_by_hand(text: str, found: list[str]) -> None:
    assert list(facts.figures_by_hand(text)) == found


def test_numbers_are_filled_in_as_the_language_writes_them() -> None:
    assert BOOK.fill("{fact:kidney_paid} tỉ, gọi {hotline:police}", "vi") == "1,2 tỉ, gọi 113"
    assert BOOK.fill("{fact:kidney_paid} billion", "en") == "1.2 billion"


def test_what_is_unverified_or_unknown_is_never_filled_in() -> None:
    text = "{fact:verify_days} {fact:nothing} {hotline:nobody}"
    assert BOOK.fill(text, "vi") == text
    assert len(list(BOOK.unfilled(text))) == 3


def test_no_placeholder_reaches_a_reader() -> None:
    files = ContentFiles()
    shown = [item.short + item.long + item.title + item.picture_alt for item in files.library.items.values()]
    shown += [
        line.text for book in load_phrasebooks(CONTENT_ROOT / "dialogue").values() for line in book.lines.values()
    ]
    shown += [str(kit) for kit in read_kits(CONTENT_ROOT).values()]
    assert not [text for text in shown if "{fact" in text or "{hotline" in text or "{dial" in text]
    assert "20 ngày" in files.library.items["what_happens_after_report", "vi"].short


def test_the_days_reports_are_kept_are_those_of_the_clock() -> None:
    clocks = load_clocks(CONTENT_ROOT / "clocks.yml")
    assert float(BOOK.facts["retention_days"].value) * DAY == clocks.retention
    assert float(BOOK.facts["decide_days"].value) * DAY == clocks.decide


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(
            CONTENT_ROOT,
            tmp_path / "content",
            ignore=shutil.ignore_patterns("places", "*.png", "svg", "receipt_words", "danger"),
        )
    )


def findings(tree: Path, file: str, today: date = TODAY) -> list[str]:
    return [str(found) for found in check_facts(tree, today) if found.file == file]


def edited(tree: Path, file: str, old: str, new: str) -> int:
    """Change a file; returns the line, from 1, of the change."""
    text = (tree / file).read_text(encoding="utf-8")
    assert old in text
    (tree / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("answers/vi/organ_trade.md", "{fact:kidney_paid} tỉ", "1,3 tỉ", "'1,3 tỉ' by hand: give it a row in facts.yml"),
        ("answers/vi/trafficking_inside_vietnam.md", "{fact:inside_share}", "80 %", "by hand: give it a row"),
        ("dialogue/vi.yml", "{fact:decide_days} ngày", "15 ngày", "'15 ngày' by hand"),
        ("answers/vi/what_happens_after_report.md", "{fact:decide_days} ngày", "{fact:soon} ngày", "{fact:soon}: no such fact"),
        ("answers/vi/what_happens_after_report.md", "{fact:decide_days} ngày", "{fact:verify_days} ngày", "unverified in facts.yml"),
        ("answers/vi/returnee_support.md", "Xã có thể", "Xác minh trong ba ngày. Xã có thể", "tells the unverified fact verify_days"),
        ("answers/vi/organ_trade.md", "{hotline:police}", "113", "number 113 by hand: write {hotline:police}"),
        ("dialogue/urgent/hmn.yml", "{hotline:police} tam sim", "113 tam sim", "number 113 by hand: write {hotline:police}"),
        ("campaigns/viec_nhe_truoc_tet.yml", "{dial:consular}", "+84981848484", "by hand: write {dial:consular}"),
        ("campaigns/nguoi_tro_ve.yml", "Họ có thể được giúp chỗ ở", "Có 35 % được giúp. Họ có thể được giúp chỗ ở", "by hand"),
    ],
)  # fmt: skip
def test_a_bad_text_is_named_by_file_line_and_mend(tree: Path, file: str, old: str, new: str, said: str) -> None:
    line = edited(tree, file, old, new)
    found = [one for one in findings(tree, file) if said in one]
    assert found, findings(tree, file)
    assert found[0].startswith(f"{file}:{line}: ")


def test_a_share_without_its_base_beside_it_is_refused(tree: Path) -> None:
    edited(
        tree,
        "answers/vi/trafficking_inside_vietnam.md",
        "Nửa đầu năm 2025, trong {fact:inside_cases} vụ cảnh sát hình sự xử lý, ",
        "",
    )
    found = findings(tree, "answers/vi/trafficking_inside_vietnam.md")
    assert any("{fact:inside_share} is told without its base or time" in one for one in found)


@pytest.mark.parametrize("field", ["base", "period", "source"])
def test_a_percentage_without_base_period_or_source_is_refused(tree: Path, field: str) -> None:
    text = (tree / "facts.yml").read_text(encoding="utf-8")
    head, row = text.split("- id: inside_share", 1)
    row = re.sub(rf"\n  {field}: .*", "", row, count=1)
    (tree / "facts.yml").write_text(f"{head}- id: inside_share{row}", encoding="utf-8")
    assert any(field in one for one in findings(tree, "facts.yml"))


@pytest.mark.parametrize("file", ["facts.yml", "hotlines.yml"])
def test_a_fact_or_number_nobody_looked_at_again_is_refused(tree: Path, file: str) -> None:
    assert findings(tree, file) == []
    late = findings(tree, file, date(2027, 5, 21))
    assert late
    assert all("look at its source again" in one for one in late)


def test_an_item_with_an_unknown_fact_is_not_served(tree: Path) -> None:
    edited(tree, "answers/vi/organ_trade.md", "{fact:kidney_paid}", "{fact:gone}")
    assert not ContentFiles(tree).library.has("organ_trade", "vi")
    edited(tree, "dialogue/vi.yml", "{fact:decide_days}", "{fact:gone}")
    with pytest.raises(ConfigError, match=r"vi\.yml"):
        load_phrasebooks(tree / "dialogue")


def test_a_changed_number_is_served_without_a_restart(tree: Path) -> None:
    files = ContentFiles(tree)
    edited(tree, "facts.yml", '"450 đến 550"', '"400 đến 500 và hơn"')
    assert files.reload_if_changed()
    assert "400 đến 500 và hơn" in files.library.items["organ_trade", "vi"].short


def test_a_new_number_stands_in_every_text_and_the_old_one_is_put_back_by_the_command(tree: Path) -> None:
    before = ContentFiles(tree).library.items["hotline_card", "vi"].short
    edited(tree, "hotlines.yml", 'number: "113"\n    dial: "113"', 'number: "110"\n    dial: "110"')
    assert ContentFiles(tree).library.items["hotline_card", "vi"].short == before.replace("113", "110")
    edited(tree, "answers/vi/hotline_card.md", "{hotline:police}", "110")
    edited(tree, "answers/vi/hotline_card.md", "{hotline:ambulance}", "115")
    assert write_placeholders(tree) == 2
    assert write_placeholders(tree) == 0
    assert "{hotline:police}" in (tree / "answers/vi/hotline_card.md").read_text(encoding="utf-8")
