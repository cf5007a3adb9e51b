"""The question that decides, its answers, and that it is never asked more than twice."""

from __future__ import annotations

import pytest

from bot.core.messages import MAX_CHOICE_TITLE, MAX_CHOICES
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.question import ASK_COMMUNE, ASK_NEAREST, ASK_PROVINCE, ASK_WHERE, UNKNOWN, answer, question
from bot.core.places.resolver import Resolver

TAM_DUONG = ("03390", "03394", "03405", "03408", "03424", "03430")


def test_an_old_district_asks_what_is_nearer(gazetteer: Gazetteer) -> None:
    asked = question(TAM_DUONG, 0, gazetteer)
    assert asked is not None
    assert asked.text_id == ASK_NEAREST
    assert len(asked.choices) <= MAX_CHOICES
    assert asked.choices[-1].id == UNKNOWN
    assert sorted(code for group in asked.groups for code in group) == sorted(TAM_DUONG)


def test_many_provinces_ask_the_province_first(gazetteer: Gazetteer, resolver: Resolver) -> None:
    codes = resolver.resolve("xã Tân Phú").codes
    asked = question(codes, 0, gazetteer)
    assert asked is not None
    assert asked.text_id == ASK_PROVINCE
    assert sorted(code for group in asked.groups for code in group) == sorted(codes)


def test_every_district_is_decided_by_two_questions(gazetteer: Gazetteer) -> None:
    """Whatever the person taps, two answers leave one commune."""
    districts = {e.unit: e.codes for entries in gazetteer.index.values() for e in entries if e.kind.value == "D"}
    assert len(districts) == 696
    for codes in districts.values():
        first = question(codes, 0, gazetteer)
        if first is None:
            assert len(codes) == 1
            continue
        assert len(first.choices) <= MAX_CHOICES
        assert all(0 < len(choice.title) <= MAX_CHOICE_TITLE for choice in first.choices)
        for group in first.groups[:-1]:
            second = question(group, 1, gazetteer)
            assert second is None or all(len(part) <= 1 for part in second.groups), codes
            assert question(group, 2, gazetteer) is None


def test_nothing_known(gazetteer: Gazetteer) -> None:
    where, commune = question((), 0, gazetteer), question((), 0, gazetteer, province="31")
    assert where is not None
    assert commune is not None
    assert (where.text_id, commune.text_id) == (ASK_WHERE, ASK_COMMUNE)
    assert question((), 2, gazetteer) is None


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("bản bo", {"03424"}),
        ("gần Tả Lèng á", {"03405"}),
        ("xã bình lư", {"03390"}),
        ("dạ chỗ giang ma", {"03405"}),  # a commune of before, now in Tả Lèng
        ("khun ha", {"03430"}),
    ],
)
def test_free_text_answers(gazetteer: Gazetteer, resolver: Resolver, text: str, left: set[str]) -> None:
    asked = question(TAM_DUONG, 0, gazetteer)
    assert asked is not None
    assert set(answer(resolver, TAM_DUONG, asked, text=text).codes) == left


@pytest.mark.parametrize("text", ["không biết", "k biết nữa", "em không rõ ạ", "khong nho", "chịu", "quên rồi"])
def test_not_knowing_is_an_answer(gazetteer: Gazetteer, resolver: Resolver, text: str) -> None:
    asked = question(TAM_DUONG, 0, gazetteer)
    assert asked is not None
    given = answer(resolver, TAM_DUONG, asked, text=text)
    assert given.unknown
    assert (given.codes, given.province) == (TAM_DUONG, "12")
    assert answer(resolver, TAM_DUONG, asked, choice=UNKNOWN).unknown


def test_buttons_and_numbers(gazetteer: Gazetteer, resolver: Resolver) -> None:
    asked = question(TAM_DUONG, 0, gazetteer)
    assert asked is not None
    tapped = answer(resolver, TAM_DUONG, asked, choice=asked.choices[1].id)
    assert tapped.codes == asked.groups[1]
    assert answer(resolver, TAM_DUONG, asked, text="cái thứ 2").codes == asked.groups[1]
    for first in ("cái đầu", "cái đầu tiên đó", "số 1 nha", "cai tren cung"):
        assert answer(resolver, TAM_DUONG, asked, text=first).codes == asked.groups[0]
    assert answer(resolver, TAM_DUONG, asked, text="4").codes == asked.groups[3]


def test_a_province_narrows_and_another_place_replaces(gazetteer: Gazetteer, resolver: Resolver) -> None:
    codes = resolver.resolve("An Phú").codes
    asked = question(codes, 0, gazetteer)
    assert asked is not None
    assert answer(resolver, codes, asked, text="hải phòng").codes == ("10645",)
    assert answer(resolver, codes, asked, text="hải dương").codes == ("10645",)
    changed = answer(resolver, codes, asked, text="à em nhầm, phường Dương Kinh Hải Phòng")
    assert (changed.changed, changed.codes) == (True, ("11692",))
    assert not answer(resolver, codes, asked, text="sao cơ").unknown
