"""Raw Telex and VNI become Vietnamese; everything else stays as it was."""

from __future__ import annotations

import pytest

from bot.core.places.gazetteer import Gazetteer
from bot.core.places.typing_repair import repair
from bot.core.text import fold
from tests.support.place_phrases import telex, vni


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("haf nooij", "ha noi"),
        ("ha2 noi65", "ha noi"),
        ("xax An Phus Hair Phongf", "xa an phu hai phong"),
        ("Phuwowngf Tanan Phuws ddoongf thaps", "phuong tanan phu dong thap"),
        ("xax Gioongf Troom Vinhx Long", "xa giong trom vinh long"),
    ],
)
def test_repaired(raw: str, meant: str) -> None:
    assert fold(repair(raw)) == meant


@pytest.mark.parametrize(
    "text",
    [
        "quan 1 phuong 12",
        "p12 q1 tphcm",
        "quan1 phuong2",
        "em o hai phong",
        "I need help now",
        "xã An Phú",
        "call me 0912",
        "ok",
    ],
)
def test_left_alone(text: str) -> None:
    assert repair(text) == text


def test_every_province_survives_the_wrong_keyboard(gazetteer: Gazetteer) -> None:
    for province in gazetteer.provinces.values():
        text = f"em đang ở tỉnh {province.name} đó"
        assert fold(repair(telex(text))) == fold(text)
        assert fold(repair(vni(text.lower()))) == fold(text)
