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
_RUN = re.compile(r"\d(?:[ .\-\u00a0]{0,2}\d){15,29}")


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


def find(text: str) -> str | None:
    """The digits of the first thing in `text` that looks like a receipt code (16 to 30 digits), well-formed or not."""
    match = _RUN.search(text)
    return re.sub(r"\D", "", match.group()) if match else None


def hide(text: str) -> str:
    """`text` with anything that looks like a receipt code blanked, for parts that must not see it."""
    return _RUN.sub("…", text)
