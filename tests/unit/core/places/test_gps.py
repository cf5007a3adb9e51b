"""A shared location: the nearest communes, the border, abroad."""

from __future__ import annotations

import math

import pytest

from bot.core.errors import InvalidInput
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.gps import NEAREST, Side, locate


def test_the_point_of_a_commune_is_in_it_and_at_home(gazetteer: Gazetteer) -> None:
    communes = list(gazetteer.communes.values())[::5]
    found = {c.code: locate(c.lat, c.lon, gazetteer) for c in communes}
    assert sum(place.codes[:1] == (code,) for code, place in found.items()) >= 0.98 * len(communes)
    assert sum(code in place.codes for code, place in found.items()) >= 0.999 * len(communes)
    sides = [place.side for place in found.values()]
    assert Side.ABROAD not in sides
    assert sides.count(Side.BORDER) < 0.02 * len(communes)  # a question more for the towns at the gates


@pytest.mark.parametrize(
    ("latitude", "longitude", "country"),
    [
        (11.07, 106.12, "Campuchia"),  # Bavet
        (10.62, 103.50, "Campuchia"),  # Sihanoukville
        (11.56, 104.92, "Campuchia"),
        (16.69, 98.50, "Myanmar"),  # Myawaddy
        (20.36, 100.10, "Lào"),  # the zone of the golden triangle
        (25.03, 121.50, "Đài Loan"),
        (48.85, 2.35, ""),
        (-33.9, 151.2, ""),
    ],
)
def test_abroad(gazetteer: Gazetteer, latitude: float, longitude: float, country: str) -> None:
    found = locate(latitude, longitude, gazetteer)
    assert (found.side, found.codes, found.country) == (Side.ABROAD, (), country)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(21.53, 107.97), (22.49, 103.97), (16.62, 106.60), (10.38, 104.48)]
)
def test_at_the_border_both_sides_are_offered(gazetteer: Gazetteer, latitude: float, longitude: float) -> None:
    found = locate(latitude, longitude, gazetteer)
    assert found.side is Side.BORDER
    assert len(found.codes) == NEAREST
    assert found.country


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(21.03, 105.85), (10.22, 103.96), (8.68, 106.60), (16.5, 111.6), (8.64, 111.92), (12.0, 110.5)],
)
def test_in_the_country_its_islands_and_its_sea(gazetteer: Gazetteer, latitude: float, longitude: float) -> None:
    assert locate(latitude, longitude, gazetteer).side is Side.VIETNAM


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(math.nan, 105.0), (91.0, 105.0), (21.0, 181.0), (0.0, 0.0), (math.inf, 0.0)]
)
def test_numbers_that_are_no_place(gazetteer: Gazetteer, latitude: float, longitude: float) -> None:
    with pytest.raises(InvalidInput, match="location_invalid"):
        locate(latitude, longitude, gazetteer)
