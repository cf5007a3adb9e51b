"""An alarm in two short bubbles: whom to call with its numbers, then what we need to know with the action."""

from __future__ import annotations

from datetime import date

import pytest

from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.content.phrasebooks import load_phrasebooks
from bot.core.messages import OutboundMessage
from bot.gateway.web_api import _shape
from bot.services.messaging.render import ALARM_WORDS, Renderer

CONTENT, BOOKS = ContentFiles(), load_phrasebooks(CONTENT_ROOT / "dialogue")
RENDERER = Renderer(lambda: CONTENT.library, lambda: BOOKS, lambda: CONTENT.checklist, date.today)
ALARMS = ("emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand")
ADVISED = ("sextortion", "fake_police_call", "self_harm_distress")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("item", ALARMS)
def test_numbers_first_then_the_question_with_the_action(item: str, language: str) -> None:
    first, second = RENDERER.item(item, language)
    assert len(first.text.split()) <= ALARM_WORDS
    assert first.calls
    assert not first.choices
    assert not first.image
    assert "?" in second.text
    assert second.choices[0].id == "do:urgent_tip"
    assert [call["dial"] for call in _shape(1, first)["calls"]] == [call.id for call in first.calls]


@pytest.mark.parametrize("item", ADVISED)
def test_advice_and_its_question_are_two_bubbles_too(item: str) -> None:
    first, second = RENDERER.item(item, "vi")
    assert first.calls
    assert "?" in second.text
    assert second.choices


@pytest.mark.parametrize("item", ALARMS)
def test_nothing_of_a_card_is_lost_between_its_bubbles_and_the_longer_answer(item: str) -> None:
    told = "\n".join(bubble.text for bubble in RENDERER.item(item, "vi"))
    longer = "\n".join(bubble.text for bubble in RENDERER.item(item, "vi", more=True))
    short = CONTENT.library.get(item, "vi", date.today()).short
    assert all(line.strip() in told or line.strip() in longer for line in short.strip().splitlines())


@pytest.mark.parametrize("lead", ["lead_abroad", "lead_text", "lead_abroad_text"])
def test_another_first_line_asks_once_and_offers_calls_only_to_who_can_call(lead: str) -> None:
    first, second = RENDERER.one("emergency_in_danger", {"lead": lead}, "vi")
    assert first.text.startswith(BOOKS["vi"].lines[lead].text)
    assert "?" not in first.text
    assert second.text.count("?") == 1
    assert bool(first.calls) == ("text" not in lead)
    (alone,) = RENDERER.one("emergency_in_danger", {"lead": lead}, "vi", last=False)
    assert alone.choices


def test_before_another_question_the_alarm_asks_nothing() -> None:
    bubbles = RENDERER.render([{"say": "emergency_in_danger"}, {"say": "tip_where"}], "vi")
    assert [bubble.meta["item"] for bubble in bubbles] == ["emergency_in_danger", "tip_where"]


def test_numbers_survive_being_stored() -> None:
    first = RENDERER.item("emergency_in_danger", "vi")[0]
    assert OutboundMessage.from_json(first.to_json()) == first
    old = first.to_json()
    del old["calls"]
    assert OutboundMessage.from_json(old).calls == ()


@pytest.mark.parametrize("language", ["th", "zh", "lo", "km", "my"])
def test_a_foreign_card_has_its_numbers_as_buttons_too(language: str) -> None:
    (card,) = RENDERER.one("foreign_card", {}, language)
    assert card.calls[0].id in {"113", "111"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_step_that_comes_round_again_carries_what_was_written(language: str):
    """Under the numbers, above the question; and a number in it becomes no button to call."""
    said = "nó đòi em gọi 115, {city} ở đâu"
    (once,) = RENDERER.one("still_here_2", {}, language)
    (again,) = RENDERER.one("still_here_2", {"read": said, "lead": "lead_abroad"}, language)
    (plain,) = RENDERER.one("still_here_2", {"read": said}, language)
    assert said in plain.text
    assert said in again.text
    assert plain.text.split("\n\n")[0] == once.text.split("\n\n")[0]
    assert plain.text.splitlines()[-1] == once.text.splitlines()[-1]
    assert plain.calls == once.calls
