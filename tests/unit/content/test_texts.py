"""Plain text from Markdown, reading measures, and the grammar of buttons."""

from __future__ import annotations

import pytest

from bot.core.content.buttons import ACTS, Target, parse
from bot.core.content.plain import bubbles, plain
from bot.core.content.reading import measure


def test_markdown_becomes_what_a_phone_shows() -> None:
    assert plain("## Dấu hiệu\n- **một**\n- hai\n\n\n\nHết.") == "DẤU HIỆU\n• một\n• hai\n\nHết."


def test_bubbles_are_cut_between_paragraphs() -> None:
    text = "\n\n".join(["a" * 30] * 4)
    assert bubbles(text, 70) == (f"{'a' * 30}\n\n{'a' * 30}",) * 2


def test_a_paragraph_longer_than_a_bubble_is_cut_and_nothing_is_lost() -> None:
    text = "x" * 500 + "\n" + "y" * 120
    pieces = bubbles(text, 100)
    assert all(0 < len(piece) <= 100 for piece in pieces)
    assert "".join(pieces).replace("\n", "") == text.replace("\n", "")


def test_reading_counts_syllables_by_sentence() -> None:
    measured = measure("Gọi 113 ngay. Đứng gần lối ra và giữ máy kín.", "vi")
    assert (measured.words, measured.longest, measured.mean) == (11, 8, 5.5)
    assert measured.level("vi") == "easy"


def test_english_has_a_grade_and_khmer_has_none() -> None:
    assert measure("Call the police now.", "en").grade < 3
    hard = "Internationally coordinated rehabilitation mechanisms necessitate interdepartmental administrative cooperation."
    assert measure(hard, "en").level("en") == "hard"
    assert measure("សូមទូរស័ព្ទ", "km").words == 0


@pytest.mark.parametrize("act", sorted(ACTS))
def test_every_act_is_a_button(act: str) -> None:
    assert parse(f"do:{act}") == Target("do", act)


@pytest.mark.parametrize("bad", ["", "do", "do:", "do:fly", "ask:menu", "menu", "say"])
def test_what_is_no_button(bad: str) -> None:
    assert parse(bad) is None


def test_items_may_be_said_or_read_on() -> None:
    assert parse("say:menu") == Target("say", "menu")
    assert parse("more:menu") == Target("more", "menu")
