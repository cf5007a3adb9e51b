"""How hard a password is to guess by somebody who knows what people choose, and in one word why it is too easy.

The estimate is the cheapest way to say the password in pieces a guesser would try: words of a list, what is known of the
officer, Vietnamese syllables, runs on the keyboard, years, dates, telephone numbers, repetitions, single characters. The
prices of the pieces add up, in bits. Rough on purpose, and meant to be so on the safe side.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.core.syllables import LEGAL

MIN_LENGTH, MAX_LENGTH = 12, 200
ENOUGH_BITS = 36.0
_READ = 64  # characters looked at: what is longer is strong already or repeats itself
_LISTED, _OWN, _SYLLABLE, _RUN, _REPEAT, _YEAR, _DATE, _PHONE = 6.0, 2.0, 7.5, 5.0, 1.5, 5.0, 11.0, 18.0
_SEPARATORS = " .-_"
_LEET = str.maketrans("@40135$7!8", "aaoiesstib")
_ROWS = (
    "1234567890", "!@#$%^&*()", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklmnopqrstuvwxyz", "0123456789",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "147258369", "741852963", "159357", "aeiou",
)  # fmt: skip
_DIGITS = "1234567890"
_NUMBERS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")


def _zigzags() -> Iterator[str]:
    """Two rows by turns, either first: "q1w2e3", "1a2s3d", "qawsed", "a1b2c3", "mot2ba4nam", "hai3bon5"."""
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghij"):
        for other in (_DIGITS, _DIGITS[1:], "asdfghjkl", "zxcvbnm"):
            if row != other:
                for one, two in ((row, other), (other, row)):
                    yield "".join(a + b for a, b in zip(one, two, strict=False))
    for start in (0, 1):  # numbers in words and in digits by turns
        yield "".join(w if (i + start) % 2 else d for i, (w, d) in enumerate(zip(_NUMBERS, _DIGITS, strict=True)))
    yield "".join(w + d for w, d in zip(_NUMBERS, _DIGITS, strict=True))


_ZIGZAGS = tuple(_zigzags())
_RUNS = frozenset(
    piece
    for row in (*_ROWS, *_ZIGZAGS, *(row[::-1] for row in (*_ROWS, *_ZIGZAGS)))
    for size in range(3, len(row) + 1)
    for start in range(len(row) - size + 1)
    for piece in (row[start : start + size],)
    if not (piece.isalpha() and piece in LEGAL)  # "mot" alone is a word like others
)
_LONGEST_RUN = max(map(len, _RUNS))
_YEARS = re.compile(r"(?:19[3-9]\d|20[0-4]\d)")
_DATES = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])[./\- ]?(?:0?[1-9]|1[0-2])[./\- ]?(?:19[3-9]\d|20[0-4]\d|\d\d)"
    r"|(?:19[3-9]\d|20[0-4]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_PHONES = re.compile(r"(?:0|\+?84)[35789]\d{8}")


@dataclass(frozen=True)
class Verdict:
    """bits: the estimate. why: "" when it is enough, else a code: weak_short | weak_long | weak_digits | weak_own | weak_common |
    weak_pattern | weak_guess."""

    bits: float
    why: str


def judge(password: str, listed: frozenset[str], own: Iterable[str] = ()) -> Verdict:
    """Whether a password will do. listed: words everybody tries, plain; own: the login and names that belong to the officer."""
    if len(password) < MIN_LENGTH:
        return Verdict(0.0, "weak_short")
    if len(password) > MAX_LENGTH:
        return Verdict(0.0, "weak_long")
    text = plain(password)[:_READ]
    if not re.search(r"[^\d .\-/]", text):
        return Verdict(0.0, "weak_digits")
    known = frozenset(own_words(own))
    spaced = _cheapest(text, password, listed, known)
    # "toi yeu viet nam" is no harder than in one word; that it was taken apart, and how, is worth a little.
    tight = re.sub(rf"[{re.escape(_SEPARATORS)}]", "", text)
    bits, kinds = _cheapest(tight, password, listed, known)
    bits, kinds = min(spaced, (bits + 0.75 * (len(text) - len(tight)), kinds), key=lambda found: found[0])
    if bits >= ENOUGH_BITS:
        return Verdict(bits, "")
    for kind, why in (("own", "weak_own"), ("listed", "weak_common"), ("pattern", "weak_pattern")):
        if kind in kinds:
            return Verdict(bits, why)
    return Verdict(bits, "weak_guess")


def plain(text: str) -> str:
    """Small letters without diacritics, as guessers compare them."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))


def own_words(texts: Iterable[str]) -> Iterator[str]:
    """The words of names, alone and run together up to four at a time: "Công an xã An Phú" gives "anphu", "xaanphu"."""
    for text in texts:
        parts = re.findall(r"[a-z]+|\d+", plain(text))
        for size in range(1, 5):
            for start in range(len(parts) - size + 1):
                word = "".join(parts[start : start + size])
                if len(word) >= 3:
                    yield word


def _cheapest(text: str, raw: str, listed: frozenset[str], own: frozenset[str]) -> tuple[float, frozenset[str]]:
    """The smallest sum of prices that covers the text, and what kinds of pieces it is made of."""
    best: list[tuple[float, frozenset[str]]] = [(0.0, frozenset())]
    mixed = raw[1:] != raw[1:].lower() and raw != raw.upper()
    for end in range(1, len(text) + 1):
        found: tuple[float, frozenset[str]] = (math.inf, frozenset())
        for start, price, kind in _pieces(text, end, listed, own, mixed):
            total = best[start][0] + price
            if total < found[0]:
                found = (total, best[start][1] | ({kind} if kind else frozenset()))
        best.append(found)
    return best[-1]


def _pieces(
    text: str, end: int, listed: frozenset[str], own: frozenset[str], mixed: bool
) -> Iterator[tuple[int, float, str]]:
    """(start, bits, kind) of what can end at `end`. A word with capitals inside is a little dearer."""
    yield end - 1, _single(text[end - 1]), ""
    extra = 1.0 if mixed else 0.0
    for start in range(max(0, end - 24), end - 1):
        piece = text[start:end]
        for spelling in {piece, piece.translate(_LEET), piece.replace("1", "l").translate(_LEET)}:
            dearer = extra + (0.0 if spelling == piece else 1.0)
            if spelling in own:
                yield start, _OWN + dearer, "own"
            if spelling in listed and spelling not in LEGAL:
                yield start, _LISTED + dearer, "listed"
            if spelling in LEGAL and spelling.isalpha():
                yield start, _SYLLABLE + dearer, ""
        if len(piece) <= _LONGEST_RUN and piece in _RUNS:
            yield start, _RUN, "pattern"
        yield from _repeat(text, start, end)
        yield from _numbers(piece, start)


def _single(letter: str) -> float:
    if letter in _SEPARATORS:
        return 1.5
    return math.log2(10) if letter.isdigit() else math.log2(26) if letter.isascii() and letter.isalpha() else 4.5


def _repeat(text: str, start: int, end: int) -> Iterator[tuple[int, float, str]]:
    """The same as just before, once or many times, forwards or backwards."""
    size = end - start
    before = text[max(0, start - size) : start]
    if before and (text[start:end] in {before, before[::-1]} or set(text[start:end]) == {text[start - 1]}):
        yield start, _REPEAT, "pattern"


def _numbers(piece: str, start: int) -> Iterator[tuple[int, float, str]]:
    if not piece[0].isdigit() and piece[0] != "+":
        return
    if _YEARS.fullmatch(piece):
        yield start, _YEAR, ""
    if len(piece) >= 6 and _DATES.fullmatch(piece):
        yield start, _DATE, ""
    if _PHONES.fullmatch(piece):
        yield start, _PHONE, ""
