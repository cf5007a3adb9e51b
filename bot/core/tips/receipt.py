"""The receipt code (mã tra cứu): 20 random digits and a check digit, read and typed as seven groups of three.

20 digits carry 66.4 bits, above the 64 the product asks for. Digits are what everyone can read aloud, write on a hand and
type on any keyboard. The last digit is Damm's check digit (H. M. Damm, 2004): it catches every single wrong digit and
every swap of neighbours, so a slip of the finger is told apart from a wrong code before the slow hash runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
# Digits with at most two separators between them, so that "123 456", "123-456" and "123.456" all read.
_RUN = re.compile(r"\d(?:[ .\-\u00a0]{0,2}\d){15,}")
_GROUP = re.compile(r"\d+")
_PHONES = re.compile(r"(?:0\d{9}|84\d{9})+")  # of Viet Nam, one after the other


def check_digit(digits: str) -> int:
    """Damm's check digit of a string of digits."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


def new_code(randbelow: Callable[[int], int]) -> str:
    """A fresh code of 21 digits. `randbelow(n)` must be cryptographically random."""
    digits = f"{randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
    return digits + str(check_digit(digits))


def is_well_formed(code: str) -> bool:
    """Right length and check digit. Says nothing about whether such a tip exists."""
    return len(code) == LENGTH and code.isascii() and code.isdigit() and check_digit(code) == 0


def pretty(code: str) -> str:
    """Groups of three: '123 456 789 012 345 678 901'."""
    return " ".join(code[i : i + 3] for i in range(0, len(code), 3))


def find(text: str, *, expected: bool = False) -> str | None:
    """The digits of the first thing in `text` that is a receipt code or one with a digit lost or added.

    Two phone numbers side by side and the number of a bank card are no codes. expected: a code was just asked for, so any
    16 digits or more are taken for a try at it.
    """
    for run in _RUN.finditer(text):
        spans = _codes(run)
        if spans:
            return re.sub(r"\D", "", text[slice(*spans[0])])
        digits = re.sub(r"\D", "", run.group())
        if expected or _is_slip(digits):
            return digits
    return None


def hide(text: str, *, expected: bool = False) -> str:
    """`text` with whatever `find` takes for a code blanked, for parts that must not see it."""
    return _RUN.sub(lambda run: _hidden(run, expected), text)


def _hidden(run: re.Match[str], expected: bool) -> str:
    if expected or _is_slip(re.sub(r"\D", "", run.group())):
        return "…"
    shown, done = "", run.start()
    for start, end in _codes(run):
        shown, done = shown + run.string[done:start] + "…", end
    return shown + run.string[done : run.end()]


def _is_slip(digits: str) -> bool:
    return abs(len(digits) - LENGTH) <= 1 and not is_well_formed(digits) and not _PHONES.fullmatch(digits)


def _codes(run: re.Match[str]) -> list[tuple[int, int]]:
    """Where well-formed codes stand in a run of digits, none inside another; they begin and end with a group."""
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(run.string, run.start(), run.end())]
    found: list[tuple[int, int]] = []
    for first, (start, _) in enumerate(groups):
        if found and start < found[-1][1]:
            continue
        digits = ""
        for begin, end in groups[first : first + LENGTH]:
            digits += run.string[begin:end]
            if len(digits) >= LENGTH:
                if is_well_formed(digits):
                    found.append((start, end))
                break
    return found
