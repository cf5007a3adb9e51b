"""The resolver: all official forms, phrases made from the tables, sentences written by hand, and bad input."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

import pytest

from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import Resolution, Status
from bot.core.places.resolver import Resolver
from bot.core.text import fold
from tests.support import cost
from tests.support.place_phrases import phrases
from tests.support.place_sentences import Sentence, load

_RIGHT = {"typo": 0.93, "typo bare": 0.88, "vni": 0.95, "telex": 0.97}  # the rest: 0.97


def _new_form(gazetteer: Gazetteer, code: str) -> str:
    commune = gazetteer.communes[code]
    return f"{commune.full_name}, {gazetteer.provinces[commune.province].full_name}"


def _old_form(gazetteer: Gazetteer, code: str) -> str:
    kind, name, district, _ = gazetteer.old_communes[code]
    district_kind, district_name, province = gazetteer.old_districts[district]
    return f"{kind} {name}, {district_kind} {district_name}, {' '.join(gazetteer.old_provinces[province])}"


def test_all_official_forms_of_today(gazetteer: Gazetteer, resolver: Resolver) -> None:
    for code in gazetteer.communes:
        found = resolver.resolve(_new_form(gazetteer, code))
        assert (found.status, found.codes) == (Status.COMMUNE, (code,)), _new_form(gazetteer, code)


def test_all_official_forms_of_before(gazetteer: Gazetteer, resolver: Resolver) -> None:
    """One commune where it leads to one, all of them as candidates where it was split."""
    for code, (_, _, _, leads) in gazetteer.old_communes.items():
        found = resolver.resolve(_old_form(gazetteer, code))
        assert set(found.codes) == set(leads.split()), _old_form(gazetteer, code)
        assert found.status is (Status.CANDIDATES if " " in leads else Status.COMMUNE), _old_form(gazetteer, code)


def test_official_forms_without_marks_never_pick_another(gazetteer: Gazetteer, resolver: Resolver) -> None:
    """Ten pairs collide inside one province without marks: then both are offered."""
    asked = 0
    for code in gazetteer.communes:
        found = resolver.resolve(fold(_new_form(gazetteer, code)))
        assert code in found.codes
        asked += found.status is Status.CANDIDATES
    assert asked <= 25


def test_phrases_made_from_the_tables(gazetteer: Gazetteer, resolver: Resolver) -> None:
    """Each form by itself; a commune that is not the one meant at most in one of a hundred, a silent pick never."""
    results: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase in phrases(gazetteer, 60, seed=20261124):
        found = resolver.resolve(phrase.text)
        results[phrase.form][_verdict(phrase.form, phrase.status, phrase.codes, found)] += 1
    for form, counts in results.items():
        total = counts.total()
        assert counts["right"] >= _RIGHT.get(form, 0.97) * total, (form, counts)
        assert counts["silent"] == 0, (form, counts)
    everything = sum(results.values(), Counter())
    assert everything["right"] >= 0.98 * everything.total()
    assert everything["wrong"] <= 0.005 * everything.total()


def _verdict(form: str, status: str, codes: frozenset[str], found: Resolution) -> str:
    got = frozenset(found.codes)
    if status == "commune":
        if found.status is Status.COMMUNE:
            return "right" if got == codes else "wrong"
        return "right" if form.startswith("typo") and got == codes else "asked"  # a forgiven slip is said and asked
    if found.status is Status.COMMUNE:
        return "silent"
    return "right" if codes <= got else "incomplete"


def test_sentences_written_by_hand(gazetteer: Gazetteer, resolver: Resolver) -> None:
    sentences = load(gazetteer)
    assert len(sentences) >= 250
    failed = [(s.text, s.verdict(resolver.resolve(s.text))) for s in sentences]
    assert [f for f in failed if f[1] != "right"] == []


def test_a_wrong_answer_is_noticed(gazetteer: Gazetteer) -> None:
    """The yardstick itself: it tells a wrong commune, a silent pick and an invention apart."""
    meant = Sentence("x", "commune", frozenset({"10645"}))
    assert meant.verdict(Resolution(Status.COMMUNE, ("11692",))) == "wrong"
    several = Sentence("x", "candidates", frozenset({"10645", "11692"}))
    assert several.verdict(Resolution(Status.COMMUNE, ("10645",))) == "silent"
    assert several.verdict(Resolution(Status.CANDIDATES, ("10645", "03390"))) == "incomplete"
    assert Sentence("x", "none", frozenset()).verdict(Resolution(Status.PROVINCE, province="01")) == "invented"


def test_two_level_form_is_todays_commune_and_offers_the_old_one(resolver: Resolver) -> None:
    found = resolver.resolve("Phường An Phú, TP Hồ Chí Minh")
    assert found.status is Status.COMMUNE
    assert len(found.alternatives) >= 1
    assert set(found.codes).isdisjoint(found.alternatives)


def test_a_commune_and_a_country(resolver: Resolver) -> None:
    found = resolver.resolve("em tôi từ xã An Phú, Hải Phòng bị đưa sang Campuchia")
    assert (found.status, found.codes, found.country) == (Status.COMMUNE, ("10645",), "Campuchia")
    away = resolver.resolve("em từ Lai Châu bị bán sang Trung Quốc")
    assert (away.status, away.province, away.country) == (Status.FOREIGN, "12", "Trung Quốc")


def test_two_provinces_are_both_kept(resolver: Resolver) -> None:
    found = resolver.resolve("từ Lai Châu xuống Hà Nội")
    assert (found.status, found.codes, found.provinces) == (Status.CANDIDATES, (), ("12", "01"))


def test_marks_that_contradict_a_name_refuse_it(resolver: Resolver) -> None:
    assert resolver.resolve("mình thuê hai phòng").status is Status.NONE
    assert resolver.resolve("em ở phòng tầng hai").status is Status.NONE
    assert resolver.resolve("Xã Cẩm Giang, Hải Phòng").codes != resolver.resolve("Xã Cẩm Giàng, Hải Phòng").codes


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n",
        "....",
        "???",
        "🆘🆘",
        "\x00\u200b",
        "a" * 4000,
        "1" * 4000,
        "ở " * 2000,
        "xã " * 1300,
        "e\u0301" * 500,
        "\ud800",
    ],
)
def test_anything_is_accepted(resolver: Resolver, text: str) -> None:
    assert resolver.resolve(text).codes == ()


def test_decomposed_letters_and_hidden_characters(resolver: Resolver) -> None:
    import unicodedata

    assert resolver.resolve(unicodedata.normalize("NFD", "xã An Phú, Hải Phòng")).codes == ("10645",)
    assert resolver.resolve("xã An\u200b Phú,\u00a0Hải Phòng").codes == ("10645",)


def test_hundreds_of_place_names(gazetteer: Gazetteer, resolver: Resolver) -> None:
    names = random.Random(1).sample([c.full_name for c in gazetteer.communes.values()], 300)
    found = resolver.resolve(", ".join(names))
    assert found.status is Status.CANDIDATES
    assert len(set(found.codes)) == len(found.codes)


@pytest.mark.parametrize(
    "unit", ["an phú ", "xa tan phu ", "châu thành, ", "phường 1 quận 1 ", "xã xxyy hải phòng ", "a1 aw dd "]
)
def test_time_is_linear_in_adversarial_text(resolver: Resolver, unit: str) -> None:
    assert cost.grows_linearly(resolver.resolve, unit * (4000 // len(unit)))
