"""A position in figures or in words, and the pairs of numbers that are none."""

from __future__ import annotations

import pytest

from bot.core.places.coordinates import told


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("toa do 8.2 104.5", (8.2, 104.5)),
        ("tọa độ 10.7769, 106.7009", (10.7769, 106.7009)),
        ("10.7769,106.7009", (10.7769, 106.7009)),
        ("tàu em ở 8 độ 12 phút bắc 104 độ 30 phút đông", (8.2, 104.5)),
        ("8°12'N 104°30'E", (8.2, 104.5)),
        ("vĩ độ 9,5 kinh độ 103,75", (9.5, 103.75)),
        ("gps 104.5 8.2", (8.2, 104.5)),
        ("8 do bac, 104 do 30 phut dong", (8.0, 104.5)),
    ],
)
def test_a_position_is_read(text, position):
    found = told(text)
    assert found is not None
    assert found == pytest.approx(position, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    [
        "nó đòi 8.2 triệu rồi 104.5 triệu",
        "51F-123.45 với 61B-038.92",
        "số tài khoản 0601 7734 5290",
        "38 độ, sốt từ hôm qua",
        "cao 1.65 nặng 104.5",
        "tọa độ thì em không biết",
        "tọa độ 48.8566, 2.3522",
        "ngày 8.2 và 10.5",
    ],
)
def test_other_numbers_are_none(text):
    assert told(text) is None
