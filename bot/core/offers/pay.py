"""The pay an offer names, as million dong a month. Rough on purpose: it feeds a warning, not a payslip."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.offers.reading import Words

_UNITS = {
    "trieu": 1.0,
    "ty": 1_000.0,
    "nghin": 0.001,
    "dong": 0.000_001,
    "vnd": 0.000_001,
    "usd": 0.025,
    "do": 0.025,
    "te": 0.0035,
    "won": 0.000_018,
}
_PER_MONTH = {"thang": 1.0, "ngay": 26.0, "gio": 208.0, "tuan": 4.3, "month": 1.0, "day": 26.0, "week": 4.3}
_DOLLAR_BEFORE = re.compile(r"\$\s?$")
_DOLLAR_AFTER = re.compile(r"^\s?\$")
_PAY_WORDS = frozenset({"luong", "thu", "nhap", "kiem", "salary", "income", "earn", "tra"})
MAX_AMOUNTS = 200  # longer lists of figures are not pay


@dataclass(frozen=True)
class Pay:
    """million: dong a month, in millions. first, last: the words that say it."""

    million: float
    first: int
    last: int


def highest_pay(words: Words, text: str) -> Pay | None:
    """The highest monthly pay named, or None. An amount counts when a period or a word for pay is near it."""
    best: Pay | None = None
    found = 0
    for i, word in enumerate(words.words):
        if not word.isdecimal() or len(word) > 12 or found >= MAX_AMOUNTS:
            continue
        found += 1
        pay = _read(words, i, text)
        if pay is not None and (best is None or pay.million > best.million):
            best = pay
    return best


def _read(words: Words, i: int, text: str) -> Pay | None:
    value, after = _grouped(words.words, i)
    unit, last = _unit(words, i, after, text)
    if unit is None:
        return None
    following = words.words[last + 1 : last + 4]
    if value * unit >= 1:  # nobody earns a million an hour: "6 triệu, giờ hành chính"
        following = tuple(word for word in following if word != "gio")
    period = next((_PER_MONTH[word] for word in following if word in _PER_MONTH), None)
    if period is None:
        before = words.words[max(0, i - 7) : i]
        if "." in before:
            before = before[len(before) - before[::-1].index(".") :]
        period = next((_PER_MONTH[w] for w in before[-2:] if w in _PER_MONTH), None)
        if period is None and not _PAY_WORDS.intersection(before):
            return None
        period = period or 1.0
    million = value * unit * period
    first = i
    while first and i - first < 3 and words.words[first - 1].isdecimal():  # "25-30tr": quote the whole range
        first -= 1
    return Pay(million, first, last) if million < 2_000 else None


def _grouped(words: tuple[str, ...], i: int) -> tuple[float, int]:
    """25 | 12 000 000 (written 12.000.000): the value and the index after it."""
    digits, after = words[i], i + 1
    while (
        after < len(words)
        and after < i + 4
        and len(words[after]) == 3
        and words[after].isdecimal()
        and len(digits) < 10
    ):
        digits += words[after]
        after += 1
    return float(digits), after


def _unit(words: Words, i: int, after: int, text: str) -> tuple[float | None, int]:
    start, end = words.spans[i][0], words.spans[after - 1][1]
    if _DOLLAR_BEFORE.search(text[max(0, start - 2) : start]) or _DOLLAR_AFTER.search(text[end : end + 2]):
        return _UNITS["usd"], after - 1
    following = words.words[after] if after < len(words.words) else ""
    if following in _UNITS:
        return _UNITS[following], after
    if after - i >= 3:  # 12.000.000 without a unit is dong
        return _UNITS["dong"], after - 1
    return None, after - 1
