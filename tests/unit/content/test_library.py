"""Which item a person gets: language, dates and status decide, and there is always an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.core.content.library import ContentLibrary
from bot.core.content.model import ContentItem, Kind, Status
from bot.core.messages import Choice

TODAY = date(2026, 11, 24)


def item(id_: str, language: str = "vi", **changes: object) -> ContentItem:
    base = ContentItem(
        id=id_, language=language, kind=Kind.ANSWER, topic="safety", title="t", short=f"{id_} {language}", long="l",
        buttons=(Choice(f"more:{id_}", "m"), Choice("do:menu", "d")), picture="", picture_alt="", audience=("everyone",),
        sources=("s",), author="a", reviewer="r", reviewed=date(2026, 1, 1), expires=date(2027, 1, 1),
        status=Status.REVIEWED,
    )  # fmt: skip
    return replace(base, **changes)


CARD = item("hotline_card", expires=date(2020, 1, 2), status=Status.DRAFT)
CARD_EN = item("hotline_card", "en")
CARD_KM = item("card_emergency", "km", status=Status.DRAFT_EMERGENCY)


def library(*more: ContentItem) -> ContentLibrary:
    return ContentLibrary.of([CARD, CARD_EN, CARD_KM, *more])


def test_the_item_in_the_persons_language() -> None:
    held = library(item("greet"), item("greet", "en"))
    assert held.get("greet", "vi", TODAY).short == "greet vi"
    assert held.get("greet", "en", TODAY).short == "greet en"


@pytest.mark.parametrize(
    "bad",
    [
        item("greet", status=Status.DRAFT),
        item("greet", status=Status.DRAFT_EMERGENCY),
        item("greet", expires=date(2026, 11, 23)),
    ],
    ids=["draft", "machine-drafted", "expired"],
)
def test_what_may_not_be_sent_becomes_the_hotline_card(bad: ContentItem) -> None:
    assert library(bad).get("greet", "vi", TODAY).id == "hotline_card"


def test_the_last_day_counts() -> None:
    held = library(item("greet", expires=TODAY))
    assert held.get("greet", "vi", TODAY).id == "greet"


def test_the_hotline_card_goes_out_whatever_its_dates_say() -> None:
    assert library().get("hotline_card", "vi", TODAY) is CARD


def test_another_language_gets_its_emergency_card_and_nothing_else() -> None:
    held = library(item("greet"), item("greet", "en"))
    assert held.get("greet", "km", TODAY) is CARD_KM
    assert held.get("greet", "fr", TODAY).short == "greet en"
    assert library().get("greet", "fr", TODAY) is CARD_EN


def test_an_expired_emergency_card_falls_back_to_english() -> None:
    old = replace(CARD_KM, expires=date(2026, 1, 1))
    assert ContentLibrary.of([CARD, CARD_EN, old]).get("greet", "km", TODAY) is CARD_EN


def test_an_unknown_item_is_the_hotline_card() -> None:
    assert library().get("nothing", "vi", TODAY) is CARD


def test_no_library_without_a_vietnamese_hotline_card() -> None:
    with pytest.raises(ValueError, match="hotline_card"):
        ContentLibrary.of([CARD_EN])


def test_the_long_answer_does_not_offer_itself_again() -> None:
    assert [b.id for b in item("greet").long_buttons()] == ["do:menu"]
