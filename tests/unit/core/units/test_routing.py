"""Which unit receives a tip: every rule of the issue, and that nobody named in a tip receives it."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
import yaml

from bot.core.errors import ConfigError
from bot.core.units.model import Directory, Key, Unit, UnitKind
from bot.core.units.routing import CARD_CHILD, CARD_CONSULAR, Facts, Reason, route

K = UnitKind
CENTRAL = Unit("central", K.CENTRAL_DESK, "Bàn trung tâm")
NATIONAL = Unit("national", K.NATIONAL, "Cấp Bộ")
CHILD = Unit("111", K.CHILD_111, "Tổng đài 111")
PROVINCE = Unit("p31", K.PROVINCE_POLICE, "Trực ban tỉnh", province_code="31", parent_id="national")
COMMUNE = Unit("c10645", K.COMMUNE_POLICE, "Công an xã", commune_code="10645", province_code="31", parent_id="p31")
EMPTY = Unit("c11692", K.COMMUNE_POLICE, "Công an phường", commune_code="11692", province_code="31")
ALL = (CENTRAL, NATIONAL, CHILD, PROVINCE, COMMUNE, EMPTY)
AGAINST = frozenset({"commune_police"})
ROOT = Path(__file__).resolve().parents[4]
DIRECTORY = Directory.of(ALL, enrolled={"c10645", "p31", "central", "national"})


@pytest.mark.parametrize(
    ("facts", "unit", "reason"),
    [
        (Facts("10645", "31"), "c10645", Reason.COMMUNE),
        (Facts("11692", "31"), "p31", Reason.COMMUNE_NOT_ENROLLED),
        (Facts("11329", "31"), "p31", Reason.COMMUNE_WITHOUT_UNIT),
        (Facts("", "31"), "p31", Reason.PROVINCE_ONLY),
        (Facts(), "central", Reason.PLACE_UNKNOWN),
        (Facts("", "12"), "central", Reason.PROVINCE_WITHOUT_UNIT),
        (Facts("03390", "12"), "central", Reason.PROVINCE_WITHOUT_UNIT),
        (Facts("10645", "31", abroad=True), "p31", Reason.ABROAD),
        (Facts(abroad=True), "central", Reason.ABROAD_FAMILY_UNKNOWN),
        (Facts("10645", "31", conflict=frozenset({"commune_police"})), "p31", Reason.CONFLICT),
        (Facts("10645", "31", conflict=frozenset({"c10645"})), "p31", Reason.CONFLICT),
        (Facts("10645", "31", conflict=frozenset({"commune_police", "province_police"})), "national", Reason.CONFLICT),
        (Facts("11692", "31", conflict=frozenset({"commune_police"})), "p31", Reason.CONFLICT),
        (Facts("", "31", conflict=frozenset({"p31"})), "national", Reason.CONFLICT),
        (Facts("", "31", abroad=True, conflict=frozenset({"province_police"})), "national", Reason.CONFLICT),
    ],
)
def test_the_responsible_unit(facts: Facts, unit: str, reason: Reason) -> None:
    decided = route(facts, DIRECTORY)
    assert (decided.unit_id, decided.reason) == (unit, reason)
    assert decided.fallback is (reason is not Reason.COMMUNE)


def test_a_child_brings_111_as_well() -> None:
    decided = route(Facts("10645", "31", child=True), DIRECTORY)
    assert (decided.unit_id, decided.copies, decided.cards) == ("c10645", ("111",), (CARD_CHILD,))


def test_abroad_shows_the_consular_card() -> None:
    decided = route(Facts("", "31", abroad=True, child=True), DIRECTORY)
    assert decided.cards == (CARD_CONSULAR, CARD_CHILD)
    assert route(Facts("10645", "31"), DIRECTORY).cards == ()


def test_nobody_named_ever_receives_it() -> None:
    """Every combination of place, child, abroad and up to four parties named."""
    parties = ("commune_police", "province_police", "c10645", "central", "111")
    for commune, abroad, child, *named in product(("10645", "11692", ""), *[(False, True)] * (2 + len(parties))):
        conflict = frozenset(p for p, chosen in zip(parties, named, strict=True) if chosen)
        decided = route(Facts(commune, "31", abroad, child, conflict), DIRECTORY)
        for unit_id in (decided.unit_id, *decided.copies):
            unit = DIRECTORY.units[unit_id]
            assert unit.id not in conflict
            assert unit.kind.value not in conflict


@pytest.mark.parametrize(
    ("facts", "staffed", "doubtful", "unit", "reason", "readers"),
    [
        (Facts("10645", "31"), "c10645 p31 national", "", "c10645", Reason.COMMUNE, ("c10645", "p31")),
        (Facts("10645", "31"), "c10645 national", "", "c10645", Reason.COMMUNE, ("c10645", "national")),
        (Facts("10645", "31"), "p31 national", "c10645", "p31", Reason.UNIT_KEY_DOUBTFUL, ("p31", "national")),
        (Facts("10645", "31"), "national", "p31 c10645", "national", Reason.UNIT_KEY_DOUBTFUL, ("national",)),
        (Facts("", "31"), "c10645 national", "", "national", Reason.UNIT_NOT_ENROLLED, ("national",)),
        (Facts("", "31"), "c10645 central", "", "central", Reason.NO_UNIT_ENROLLED, ("central",)),
        (Facts("", "31"), "c10645", "", "p31", Reason.NO_UNIT_ENROLLED, ()),
        (Facts("", "31"), "c10645", "central", "p31", Reason.NO_UNIT_ENROLLED, ()),
        # Whoever reads it in the end must see that it must not go down again.
        (Facts("10645", "31", conflict=AGAINST), "c10645 national", "", "national", Reason.CONFLICT, ("national",)),
        (Facts("10645", "31", conflict=AGAINST), "c10645 central", "", "central", Reason.CONFLICT, ("central",)),
        (Facts("10645", "31", conflict=AGAINST | {"p31"}), "c10645 p31 national", "", "national", Reason.CONFLICT,
         ("national",)),
    ],
)  # fmt: skip
def test_it_goes_where_it_can_be_opened(facts, staffed, doubtful, unit, reason, readers) -> None:
    keys = dict.fromkeys(staffed.split(), Key.HELD) | dict.fromkeys(doubtful.split(), Key.DOUBTFUL)
    decided = route(facts, DIRECTORY, lambda unit_id: keys.get(unit_id, Key.NOBODY))
    assert (decided.unit_id, decided.reason, decided.readers) == (unit, reason, readers)
    assert set(decided.doubtful) <= set(doubtful.split())


def test_every_reason_has_words_for_officers() -> None:
    words = yaml.safe_load((ROOT / "bot/presentation/words.yml").read_text(encoding="utf-8"))
    assert set(words["routes"]) == {reason.value for reason in Reason}


def test_parents_in_a_circle_do_not_hang() -> None:
    looped = Directory.of(
        (
            CENTRAL,
            Unit("a", K.COMMUNE_POLICE, "A", "10645", "31", parent_id="b"),
            Unit("b", K.NATIONAL, "B", parent_id="a"),
        ),
        {"a"},
    )
    decided = route(Facts("10645", "31", conflict=frozenset({"a", "b"})), looped)
    assert decided.unit_id == "central"


def test_an_empty_directory_is_an_error_not_a_lost_tip() -> None:
    with pytest.raises(ConfigError):
        route(Facts(), Directory.of(()))


def test_support_units_nearest_first() -> None:
    health = Unit("h", K.HEALTH_STATION, "Trạm y tế", "10645", "31")
    social = Unit("s", K.SOCIAL_AFFAIRS, "Công tác xã hội", province_code="31")
    found = Directory.of((*ALL, health, social)).support("10645", "31")
    assert [unit.id for unit in found] == ["h", "s"]
