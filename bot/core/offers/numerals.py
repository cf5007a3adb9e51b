"""Amounts said in words: "hai mươi lăm triệu" is 25 triệu, "ba củ" 3 triệu. Only before a word for money, where they are sure."""

from __future__ import annotations

_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "lam": 5, "nham": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
}  # fmt: skip
_TENS = {"muoi", "chuc"}
_MONEY = {"trieu", "nghin", "ngan", "usd", "do", "cu", "ty", "dong"}
_SLANG = {"cu": "trieu"}  # củ
_LONGEST = 6  # words of one amount


def value(words: list[str]) -> int | None:
    """The number below a thousand that `words` say, or None: ["hai", "muoi", "lam"] -> 25."""
    total, pending, ten = 0, None, False
    for word in words:
        if word in _DIGITS:
            if pending is not None:
                return None
            pending = _DIGITS[word]
        elif word in _TENS:
            if ten or (pending is None and total % 100):
                return None
            total, pending, ten = total + 10 * (1 if pending is None else pending), None, True
        elif word == "tram":
            if total:
                return None
            total, pending = 100 * (1 if pending is None else pending), None
        elif word not in {"linh", "le"} or not total:
            return None
    return total + (pending or 0) or None


def amounts(words: list[str], spans: list[tuple[int, int]]) -> tuple[list[str], list[tuple[int, int]]]:
    """`words` with the amounts of money in figures; a figure spans the words it replaces."""
    out: list[str] = []
    places: list[tuple[int, int]] = []
    for word, span in zip(words, spans, strict=True):
        if word in _MONEY:
            _fold(out, places)
            if word in _SLANG and out and out[-1].isdecimal():
                word = _SLANG[word]
        out.append(word)
        places.append(span)
    return out, places


def _fold(out: list[str], places: list[tuple[int, int]]) -> None:
    """Turn the number words at the end of `out` into one figure, the longest run that is a number."""
    for count in range(min(_LONGEST, len(out)), 0, -1):
        tail = out[-count:]
        if tail[0] not in _DIGITS and tail[0] not in _TENS:
            continue
        number = value(tail)
        if number is not None:
            places[-count:] = [(places[-count][0], places[-1][1])]
            out[-count:] = [str(number)]
            return
