"""A place as somebody writes it in English."""

from __future__ import annotations

import pytest

from bot.content.places.built import load_gazetteer
from bot.dialogue.reading.places import PlacesReader

READER = PlacesReader(load_gazetteer())


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("Hai Chau ward, Da Nang", "48"), ("Hai Chau ward, Da Nang city", "48"), ("An Phu commune, Hai Phong city", "31"),
        ("Hai Chau Ward, Da Nang.", "48"),
    ],
)  # fmt: skip
def test_english_unit_words_do_not_hide_the_province(text: str, province: str):
    assert READER.read(text, "", None, None, {})["province"] == province


def test_vietnamese_is_read_as_before():
    assert READER.read("phường Hải Châu, Đà Nẵng", "", None, None, {})["code"] == "20242"
    assert READER.read("xã An Phú, Hải Phòng", "", None, None, {})["code"] == "10645"
