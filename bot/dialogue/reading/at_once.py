"""What somebody must decide at this moment: to pay, to get in; and that they cannot hear, or that the telephone is about to go out.

After danger was told these are answered before anything else. The words are content/danger/vi/at_once.yml. Pure; Python
3.10-compatible.
"""

from __future__ import annotations

import re

from bot.core.text import fold, normalise
from bot.phrases.books import book

_BOOK = book("danger/vi/at_once")
_PAY, _GO, _TAKEN, _SHORT, _DEAF = (
    _BOOK.words(name) for name in ("pay_asked", "go_asked", "taken_now", "going_out", "deaf_only")
)
_MONEY, _WORKSHOP = _BOOK.words("money"), "xưởng"
LONGEST = 16  # words; a longer message is a story, which has its own way


def _said(pattern: re.Pattern[str], text: str) -> bool:
    return len(text.split()) <= LONGEST and any(pattern.search(words) for words in (normalise(text), fold(text)))


def asks_to_pay(text: str) -> bool:
    """Whether few words ask if money should go to who holds somebody."""
    return _said(_PAY, text)


def speaks_of_money(text: str) -> bool:
    """Whether a sum or money is named."""
    return _said(_MONEY, text)


def asks_to_go(text: str) -> bool:
    """Whether few words ask if they should get in, get off or go along."""
    return _said(_GO, text) and _WORKSHOP not in text.lower()


def is_taken(text: str) -> bool:
    """Whether few words tell that somebody is made to get in, or that what fetches them is near."""
    return _said(_TAKEN, text) and _WORKSHOP not in text.lower()


def goes_out(text: str) -> bool:
    """Whether few words say that the telephone or the time is nearly gone."""
    return _said(_SHORT, text)


def cannot_hear(text: str) -> bool:
    """Whether few words say only that the writer is deaf or cannot speak."""
    return _said(_DEAF, text)


def steps_out(text: str) -> bool:
    """Whether a message is no answer to a question of the interview: it is answered, and the question put again."""
    return asks_to_pay(text) or asks_to_go(text) or cannot_hear(text)
