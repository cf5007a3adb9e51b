"""Numbers from nought to ten in words: one table, content/interview/common.yml. Python 3.10-compatible."""

from __future__ import annotations

from bot.core.text import fold
from bot.core.word_patterns import spelled_out
from bot.phrases.books import book

COMMON = "interview/common"  # the words for people, too
_BOOK = book(COMMON)
# With their marks: "năm", "bẩy". Their place in the list is what they mean.
NUMBERS: dict[str, int] = {
    form: value for value, entry in enumerate(_BOOK.entries("numbers")) for form in spelled_out(entry, _BOOK.entries)
}
BARE: dict[str, int] = {fold(word): value for word, value in NUMBERS.items()}
# Four and five as they are said inside a longer number ("hai tư"), and a short word for twenty ("hăm lăm"), without marks.
INSIDE: dict[str, int] = {
    fold(word): value for value, name in ((4, "four_inside"), (5, "five_inside")) for word in _BOOK.entries(name)
}
TENS: dict[str, int] = {fold(word): 20 for word in _BOOK.entries("twenty")}
# The digits of a number read out one by one, without marks.
DIGITS: dict[str, str] = {word: str(value) for word, value in (BARE | INSIDE).items() if value < 10}
UNSURE = frozenset(map(fold, _BOOK.entries("numbers_unsure")))  # without marks these are other words, too


def any_of(known: dict[str, int], least: int = 0, most: int = 10) -> str:
    """A piece of a regular expression: any of these words that mean `least` to `most`."""
    return "|".join(word for word, value in known.items() if least <= value <= most)
