"""What kind of trafficking a tip speaks of, chosen from plain words. The words are content/topics/kinds.yml."""

from __future__ import annotations

from bot.core.text import fold
from bot.phrases.books import book

_BOOK = book("topics/kinds")
_KINDS = tuple((code, _BOOK.words(code)) for code in _BOOK.names())  # order decides


def categorise(text: str) -> str:
    """The first matching category of `text`, one of bot.core.tips.category.CODES, or 'other'."""
    folded = fold(text)
    return next((code for code, pattern in _KINDS if pattern.search(folded)), "other")
