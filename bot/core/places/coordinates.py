"""Latitude and longitude as people type or say them: "tọa độ 8.2 104.5", "8 độ 12 phút bắc, 104 độ 30 phút đông", "10.7769,106.7009".

Only around Viet Nam and its seas; anything else is some other pair of numbers. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re

from bot.core.text import fold

_LATITUDES, _LONGITUDES = (4.0, 24.0), (98.0, 120.0)  # of the country, its neighbours and its seas, in degrees
_DECIMALS = r"(\d{1,3}[.,]\d{1,8})"
_BETWEEN = r"\s*(?:do|°)?\s*(?:vi do|bac|north|n)?\s*(?:[,;/:-]|va|kinh do|do)?\s*(?:kinh do\s*)?"
_PAIR = re.compile(rf"(?<![\d.,]){_DECIMALS}{_BETWEEN}\s*(?<!\d){_DECIMALS}(?![.,]?\d)")
_CUE = re.compile(r"\b(?:toa do|vi do|kinh do|gps|dinh vi|lat|coordinates?)\b")
_FINE = 3  # decimals from which two numbers are a position without a word for it
_PARTS = (
    r"(\d{1,3})\s?(?:do|°)\s?(?:(\d{1,2}(?:[.,]\d+)?)\s?(?:phut|['′])?)?\s?(?:(\d{1,2}(?:[.,]\d+)?)\s?(?:giay|[\"″]))?"
)
_DEGREES = re.compile(
    rf"(?<![\d.,]){_PARTS}\s?(?:vi\s)?(?:bac|n|vi do)?\W{{0,3}}(?:kinh do\s)?{_PARTS}\s?(?:kinh\s)?(?:dong|e)\b"
)


def told(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) in degrees that `text` gives, or None."""
    folded = fold(text[:2_000])
    for match in _DEGREES.finditer(folded):
        parts = [float((part or "0").replace(",", ".")) for part in match.groups()]
        if found := _within(_degrees(parts[:3]), _degrees(parts[3:])):
            return found
    for match in _PAIR.finditer(folded):
        fine = all(len(re.split(r"[.,]", number)[1]) >= _FINE for number in match.groups())
        if (fine or _CUE.search(folded)) and (found := _within(*(float(n.replace(",", ".")) for n in match.groups()))):
            return found
    return None


def _degrees(parts: list[float]) -> float:
    return parts[0] + parts[1] / 60 + parts[2] / 3600


def _within(first: float, second: float) -> tuple[float, float] | None:
    for latitude, longitude in ((first, second), (second, first)):
        if _LATITUDES[0] <= latitude <= _LATITUDES[1] and _LONGITUDES[0] <= longitude <= _LONGITUDES[1]:
            return latitude, longitude
    return None
