"""The receipt code (mã tra cứu): 20 random digits and a check digit, read and typed as seven groups of three.

20 digits carry 66.4 bits, above the 64 the product asks for. Digits are what everyone can read aloud, write on a hand and
type on any keyboard. The last digit is Damm's check digit (H. M. Damm, 2004): it catches every single wrong digit and
every swap of neighbours, so a slip of the finger is told apart from a wrong code before the slow hash runs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import accumulate, pairwise

from bot.core.text import fold

RANDOM_DIGITS = 20
LENGTH = RANDOM_DIGITS + 1

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
# Digits of every script and shape: full-width, Arabic, Thai, Lao, Khmer, Burmese, circled, superscript.
_SHAPED = {
    chr(code): str(unicodedata.digit(chr(code)))
    for block in (range(0xB2, 0xBA), range(0x2070, 0x208A), range(0x2460, 0x2500), range(0x2776, 0x2794), range(0x1F100, 0x1F10B))
    for code in block
    if unicodedata.digit(chr(code), None) is not None
}  # fmt: skip
_D = rf"[\d{''.join(_SHAPED)}]"
# What may stand between two digits of a code: anything that is no letter and no digit, such as line breaks, tabs, blanks of
# any kind, commas, slashes, underscores, middle dots.
_WIDE = re.compile(rf"{_D}(?:[\W_]{{0,8}}{_D}){{15,}}")
_NARROW = re.compile(rf"{_D}(?:[ .\-\u00a0]{{0,2}}{_D}){{15,}}")  # as phone numbers are written, too
_NARROW_GAP = re.compile(r"[ .\-\u00a0]{0,2}")
_DIGIT = re.compile(_D)
_GROUP = re.compile(f"{_D}+")
_PHONES = re.compile(r"(?:0\d{9}|84\d{9})+")  # of Viet Nam, one after the other
_PIECE = re.compile(
    rf"(?:\W*(?:mã|ma|code|số|so|tiếp|tiep|là|la)\b){{0,3}}(?:[\W_]{{0,8}}{_D}){{1,{LENGTH}}}[\W_]*", re.IGNORECASE
)


@dataclass(frozen=True)
class _Taken:
    """What is taken for a code: where it stands, and its digits."""

    start: int
    end: int
    digits: str


def check_digit(digits: str) -> int:
    """Damm's check digit of a string of digits."""
    interim = 0
    for digit in map(int, digits):
        interim = _DAMM[interim][digit]
    return interim


def new_code(randbelow: Callable[[int], int]) -> str:
    """A fresh code of 21 digits. `randbelow(n)` must be cryptographically random."""
    digits = f"{randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
    return digits + str(check_digit(digits))


def is_well_formed(code: str) -> bool:
    """Right length and check digit. Says nothing about whether such a tip exists."""
    return len(code) == LENGTH and code.isascii() and code.isdecimal() and check_digit(code) == 0


def pretty(code: str) -> str:
    """Groups of three: '123 456 789 012 345 678 901'."""
    return " ".join(code[i : i + 3] for i in range(0, len(code), 3))


def digits_of(text: str) -> str:
    """The digits of `text`, of whatever script or shape, as 0 to 9."""
    return "".join(_SHAPED.get(char) or str(unicodedata.decimal(char)) for char in _DIGIT.findall(text))


def find(text: str, *, expected: bool = False, known: str = "") -> str | None:
    """The digits of the first thing in `text` that is a receipt code or one with a digit lost or added.

    Two phone numbers side by side and the number of a bank card are no codes. expected: a code was just asked for, so any
    16 digits or more are taken for a try at it. known: the code that was shown; it is seen whatever stands between its digits.
    """
    taken = _taken(text, expected, known)
    return taken[0].digits if taken else None


def hide(text: str, *, expected: bool = False, known: str = "") -> str:
    """`text` with whatever `find` takes for a code blanked, for parts that must not see it."""
    shown, done = "", 0
    for one in sorted(_taken(text, expected, known), key=lambda one: one.start):
        if one.start >= done:
            shown, done = f"{shown}{text[done : one.start]}…", one.end
    return shown + text[done:]


def piece(text: str) -> str:
    """The digits of a text that is nothing but some of a code's digits, sent in several messages; else ""."""
    return digits_of(text) if _PIECE.fullmatch(text) else ""


_SPOKEN = {
    **dict.fromkeys(("khong", "ko", "zero"), "0"), **dict.fromkeys(("mot", "one"), "1"), **dict.fromkeys(("hai", "two"), "2"),
    **dict.fromkeys(("ba", "three"), "3"), **dict.fromkeys(("bon", "tu", "four"), "4"), **dict.fromkeys(("nam", "lam", "five"), "5"),
    **dict.fromkeys(("sau", "six"), "6"), **dict.fromkeys(("bay", "seven"), "7"), **dict.fromkeys(("tam", "eight"), "8"),
    **dict.fromkeys(("chin", "nine"), "9"),
}  # fmt: skip
_AROUND = frozenset(  # small words between the digits
    (
        "ma",
        "so",
        "la",
        "code",
        "da",
        "a",
        "day",
        "ne",
        "nha",
        "nhe",
        "cua",
        "em",
        "con",
        "toi",
        "minh",
        "tui",
        "chau",
        "roi",
        "xong",
        "tiep",
    )
)
_FEWEST_SPOKEN = 6  # digits; fewer of them, with other words around, are as often people counted


def spelled(text: str) -> str:
    """The digits of a message that is nothing but digits, some of them in words ("ba tám bốn 241 bảy"), else ""."""
    digits, words, around = "", 0, 0
    for word in re.findall(r"\w+", fold(text)):
        if word in _SPOKEN:
            digits, words = digits + _SPOKEN[word], words + 1
        elif digits_of(word) and len(digits_of(word)) == len(word):
            digits += digits_of(word)
        elif word in _AROUND:
            around += 1
        else:
            return ""
    return digits if words and len(digits) >= (_FEWEST_SPOKEN if around else 3) else ""


def _taken(text: str, expected: bool, known: str) -> list[_Taken]:
    found = _shown(text, known) if known else []
    for run in _WIDE.finditer(text):
        codes = _codes(run)
        if expected:  # whatever stands around it in the run is no business of others either
            found.append(_Taken(run.start(), run.end(), codes[0].digits if codes else digits_of(run.group())))
        else:
            found += codes or _slips(run)
    return found


def _shown(text: str, known: str) -> list[_Taken]:
    """Where the digits of `known` stand in `text`, words or not between them."""
    places = [match.start() for match in _DIGIT.finditer(text)]
    at = digits_of(text).find(known)
    return [_Taken(places[at], places[at + len(known) - 1] + 1, known)] if at >= 0 else []


def _slips(run: re.Match[str]) -> list[_Taken]:
    found = []
    for near in _NARROW.finditer(run.string, run.start(), run.end()):
        digits = digits_of(near.group())
        if _is_slip(digits):
            found.append(_Taken(near.start(), near.end(), digits))
    digits = digits_of(run.group())
    sizes = [len(group.group()) for group in _GROUP.finditer(run.group())]
    if not found and _is_slip(digits) and sizes.count(3) >= 5:
        found.append(_Taken(run.start(), run.end(), digits))
    return found


def _is_slip(digits: str) -> bool:
    return abs(len(digits) - LENGTH) <= 1 and not is_well_formed(digits) and not _PHONES.fullmatch(digits)


def _codes(run: re.Match[str]) -> list[_Taken]:
    """Well-formed codes in a run of digits, none inside another; they begin and end with a group."""
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(run.string, run.start(), run.end())]
    digits, offset = digits_of(run.group()), 0  # offset: how many digits stand before the group
    ends = {done: last for last, done in enumerate(accumulate(end - begin for begin, end in groups))}
    found: list[_Taken] = []
    for first, (start, end) in enumerate(groups):
        last = ends.get(offset + LENGTH)
        code = digits[offset : offset + LENGTH]
        offset += end - start
        if last is None or (found and start < found[-1].end) or not is_well_formed(code):
            continue
        if _could_be_written_so(run.string, groups[first : last + 1]):
            found.append(_Taken(start, groups[last][1], code))
    return found


def _could_be_written_so(text: str, groups: list[tuple[int, int]]) -> bool:
    """Whether groups of digits read like one number, and not like a phone beside a date that happen to fit together."""
    gaps = [text[before[1] : after[0]] for before, after in pairwise(groups)]
    if all(_NARROW_GAP.fullmatch(gap) for gap in gaps):
        return True
    sizes = [end - begin for begin, end in groups]
    by_threes = all(size % 3 == 0 for size in sizes)
    evenly = sizes[0] <= 7 and len(set(sizes[:-1])) == 1
    return by_threes or evenly
