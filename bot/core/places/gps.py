"""A shared location -> the communes it may be in, or abroad. Nothing is decided: the person confirms.

Limits, on purpose: each commune is known by one point inside it and its area, not by its border, so near a border
between two communes the second nearest is as likely. The national border is judged the same way, against points of
towns on the other side (content/places/foreign_points.csv): within MAYBE_KM of it the answer is BORDER, and both sides
are offered. At sea the nearest coast or island is proposed, as long as no foreign town is nearer.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from bot.core.errors import InvalidInput
from bot.core.places.gazetteer import Gazetteer

NEAREST = 3  # communes proposed
MAYBE_KM = 12.0
SEA_KM = 60.0
FAR_SEA_KM = 500.0  # between the islands and the coast; nearer to them than to any foreign town
_KM_PER_DEGREE = 111.2
_KNOWN_KM = 300.0  # beyond this the nearest foreign town says nothing about the country
_TOWN_KM = 2.0  # a foreign town reaches this far around its point


class Side(str, Enum):
    VIETNAM = "vietnam"
    BORDER = "border"
    ABROAD = "abroad"


@dataclass(frozen=True)
class Located:
    """side; communes nearest first (empty abroad); country as far as known ("" if far from every known point)."""

    side: Side
    codes: tuple[str, ...] = ()
    country: str = ""


def locate(latitude: float, longitude: float, gazetteer: Gazetteer) -> Located:
    """Degrees in, proposals out. Raises InvalidInput("location_invalid") for numbers that are no place on Earth."""
    usable = math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    if not usable or (latitude == 0 and longitude == 0):
        raise InvalidInput("location_invalid")
    shrink = math.cos(math.radians(latitude))
    ranked = sorted(
        (_km(latitude, longitude, c.lat, c.lon, shrink) - math.sqrt(c.area / math.pi), c.code)
        for c in gazetteer.communes.values()
    )[:NEAREST]
    home = max(ranked[0][0], 0.0)
    away, country = min(
        (_km(latitude, longitude, lat, lon, shrink) - _TOWN_KM, name) for name, lat, lon in gazetteer.foreign_points
    )
    away = max(away, 0.0)
    codes = tuple(code for _, code in ranked)
    at_sea = SEA_KM < home <= FAR_SEA_KM and home < away
    in_town = away == 0.0 and home > _TOWN_KM
    if (home > SEA_KM and not at_sea) or in_town or home - away > MAYBE_KM:
        return Located(Side.ABROAD, (), country if away < _KNOWN_KM else "")
    if away - home < MAYBE_KM and away < 3 * MAYBE_KM:
        return Located(Side.BORDER, codes, country)
    return Located(Side.VIETNAM, codes)


def _km(lat_a: float, lon_a: float, lat_b: float, lon_b: float, shrink: float) -> float:
    """Kilometres on a locally flat map; exact to a percent at the distances that matter here."""
    return _KM_PER_DEGREE * math.hypot(lat_a - lat_b, (lon_a - lon_b) * shrink)
