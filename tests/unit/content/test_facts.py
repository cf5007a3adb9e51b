"""Facts that were once told wrong, and promises that nobody can keep: they do not come back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.core.content.library import ContentLibrary
from bot.dialogue.triage import EMERGENCY_INTENTS

LIBRARY: ContentLibrary = ContentFiles().library
KITS = sorted((CONTENT_ROOT / "campaigns").glob("*.yml"))
FIRST_BUBBLE = 25  # words, numbers included


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", KITS, ids=lambda path: path.stem)
def test_no_campaign_promises_a_rescue(path: Path) -> None:
    text = read(path).lower()
    for words in (
        "được giúp đưa về",
        "vẫn được giúp",
        "sẽ được cứu",
        "được giải cứu",
        "will be rescued",
        "will bring you home",
    ):
        assert words not in text
    assert "dây trói" not in text
    assert "ai vừa trở về mà đang nghe" not in text


def test_the_share_inside_the_country_is_told_with_its_base_and_time_or_not_at_all() -> None:
    told = [item for item in LIBRARY.items.values() if "72" in item.short + item.long]
    for item in told:
        assert "2025" in item.short
        assert "22" in item.short
        assert re.search("nạn nhân|victims", item.short)
    assert "72 %" not in read(CONTENT_ROOT / "pictures" / "cards.yml")
    assert not any("72 %" in read(path) for path in [*KITS, *(CONTENT_ROOT / "pictures" / "svg").glob("*.svg")])


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("item", ["victim_support_rights", "returnee_support"])
def test_no_days_are_promised_for_the_identification(item: str, language: str) -> None:
    text = LIBRARY.items[item, language].short + LIBRARY.items[item, language].long
    assert not re.search(r"3 ngày|ba ngày|three days", text)
    assert re.search("ngay|at once", text)


def test_foreigners_are_told_the_six_supports_they_have() -> None:
    item = LIBRARY.items["victim_support_rights", "en"]
    assert "six" in item.short
    assert "loan" not in item.short
    assert (
        item.long.index("foreigners too")
        < item.long.index("Counselling")
        < item.long.index("Vietnamese citizens")
        < item.long.index("Travel home")
        < item.long.index("loans")
    )


def test_the_second_consular_number_and_the_address_are_known_and_told() -> None:
    assert {"+84981848484", "+84965411118"} <= {hotline.dial for hotline in LIBRARY.hotlines}
    for language in ("vi", "en"):
        card = LIBRARY.items["consular_card", language].short
        assert "+84 965 41 11 18" in card
        assert "baohocongdan@gmail.com" in card


def test_the_deposit_of_eps_is_not_called_a_fraud() -> None:
    assert "16/2023" in LIBRARY.items["eps_korea", "vi"].short
    assert "Khoan nộp tiền" not in LIBRARY.items["eps_korea", "vi"].short


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("item", EMERGENCY_INTENTS)
def test_an_emergency_card_is_one_short_bubble_and_a_question(item: str, language: str) -> None:
    first, question = LIBRARY.items[item, language].short.split("\n\n")
    assert len(first.split()) <= FIRST_BUBBLE
    assert "?" in question


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nobody_blackmailed_or_called_by_false_police_is_told_to_keep_talking(language: str) -> None:
    for item in ("sextortion", "fake_police_call"):
        text = LIBRARY.items[item, language].short + LIBRARY.items[item, language].long
        assert not re.search("giữ liên lạc|nói chậm|đang lo tiền|keep contact|speak slowly", text, re.I)
    assert re.search("Ngừng trả lời|Stop answering", LIBRARY.items["sextortion", language].short)
    assert re.search("Tắt máy|Hang up", LIBRARY.items["fake_police_call", language].short)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("item", ["turn_myself_in", "forced_to_offend", "left_illegally"])
def test_no_prison_terms_for_who_was_forced_or_turns_himself_in(item: str, language: str) -> None:
    text = LIBRARY.items[item, language].short
    assert not re.search(r"\d+ (?:đến \d+ )?năm|\d+ years|chung thân", text)
    assert re.search("không hứa|cannot promise", text)
    assert re.search("trợ giúp pháp lý|legal aid", text)
