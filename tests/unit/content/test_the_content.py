"""The content that ships: complete, clean, and as other parts of the product expect it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.content.check import check_content
from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.content.kits import read_kits
from bot.core.content.checks import FIRST_BREATH, FIRST_WORDS
from bot.core.content.model import Kind
from bot.core.content.plain import bubbles
from bot.core.content.table import markdown_table

FILES = ContentFiles()
LIBRARY = FILES.library
TODAY = max(item.reviewed for item in LIBRARY.items.values())

ASKED = [
    "light_work_high_pay",
    "job_abroad_check",
    "safe_migration",
    "online_collaborator_scam",
    "scam_center_cambodia_myanmar",
    "marriage_broker",
    "surrogacy",
    "organ_trade",
    "child_adoption_or_baby_trade",
    "study_abroad_or_seasonal_work",
    "fishing_boat_forced_labor",
    "karaoke_or_prostitution_coercion",
    "signs_of_trafficking",
    "victim_support_rights",
    "legal_penalty",
    "hotline_number",
    "30_7_day",
    "anonymity_confidentiality",
    "what_happens_after_report",
    "online_lover_meeting",
    "turn_myself_in",
    "forced_to_offend",
    "left_illegally",
    "eps_korea",
]
EMERGENCIES = [
    "emergency_in_danger",
    "emergency_other_person",
    "child_in_danger",
    "missing_person",
    "ransom_demand",
    "sextortion",
    "fake_police_call",
    "self_harm_distress",
]
OTHERS = [
    "hotline_card",
    "kidnap_online_scam",
    "digital_safety",
    "trafficking_inside_vietnam",
    "signs_for_neighbours",
    "signs_for_teachers",
    "signs_for_health_workers",
    "signs_for_hotels",
    "returnee_support",
    "first_need",
    "need_home",
    "need_health",
    "need_legal",
    "need_work",
    "reporter_rights",
    "hotline_111",
    "know_it_is_scam",
    "erase_traces",
    "menu",
    "greet",
    "goodbye",
    "thank",
    "bot_challenge",
    "ask_human",
    "chitchat",
    "out_of_scope",
    "abuse_insult",
    "card_emergency",
    "consular_card",
]


def test_the_check_is_clean() -> None:
    assert [str(problem) for problem in check_content(CONTENT_ROOT, TODAY)] == []


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("item", [*ASKED, *EMERGENCIES, *OTHERS])
def test_every_promised_item_can_be_sent(item: str, language: str) -> None:
    sent = LIBRARY.get(item, language, TODAY)
    assert (sent.id, sent.language) == (item, language)


@pytest.mark.parametrize("language", ["zh", "km", "lo", "th", "my", "hmn"])
def test_every_other_language_has_its_card_marked_as_machine_drafted(language: str) -> None:
    card = LIBRARY.get("menu", language, TODAY)
    assert (card.id, card.language) == ("card_emergency", language)
    assert "machine-drafted" in card.reviewer
    assert "113" in card.short
    assert "111" in card.short


@pytest.mark.parametrize("item", EMERGENCIES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_emergency_answers_open_with_the_numbers(item: str, language: str) -> None:
    short = LIBRARY.get(item, language, TODAY).short
    if item == "self_harm_distress":
        assert "115" in short[:FIRST_WORDS]
        assert "113" in short[:FIRST_WORDS]
    else:
        assert "113" in short[:FIRST_BREATH]
        assert "111" in short[:FIRST_WORDS]
    assert "111" in short


def test_topics_have_sources_pictures_and_a_longer_answer() -> None:
    for item in LIBRARY.in_language("vi"):
        if item.kind is Kind.ANSWER:
            assert item.sources
            assert item.long
    assert sum(bool(item.picture) for item in LIBRARY.in_language("vi")) >= 25


def test_a_longer_answer_is_at_most_two_bubbles() -> None:
    assert max(len(bubbles(item.long)) for item in LIBRARY.items.values()) <= 2


def test_pictures_are_small() -> None:
    sizes = [path.stat().st_size for path in (CONTENT_ROOT / "pictures").glob("*.png")]
    assert max(sizes) < 300_000


def test_the_published_table_is_the_generated_one() -> None:
    published = Path(CONTENT_ROOT.parent / "docs" / "content.md").read_text(encoding="utf-8")
    assert published == markdown_table(LIBRARY, read_kits(CONTENT_ROOT).values()), "run `lachan content table`"


def test_after_the_expiry_date_only_the_hotline_card_is_left() -> None:
    late = date(2100, 1, 1)
    assert {LIBRARY.get(item, "vi", late).id for item in ASKED} == {"hotline_card"}


def test_a_book_of_the_dialogue_that_cannot_be_read_is_named(tmp_path):
    book = tmp_path / "dialogue" / "vi.yml"
    book.parent.mkdir()
    book.write_text("lines:\n  one:\n    text: Nguy hiểm thì gọi 113 (trẻ em: 111).\n", encoding="utf-8")
    problems = [problem for problem in check_content(tmp_path, TODAY) if problem.file == "dialogue/vi.yml"]
    assert [(problem.line, problem.message.split(":")[0]) for problem in problems] == [(3, "broken YAML")]
