"""Which of several items a meaning is answered with.

The classifier knows 46 meanings, the library has more items: "dấu hiệu" for a teacher is another page than for the owner
of a guest house. Plain words decide between the pages of one meaning; where the classifier was not sure at all, words that
leave no doubt find the page too. The words are content/topics/pages.yml, in folded text with abbreviations written out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.text import excerpt, normalise
from bot.dialogue.reading.hotline_digits import masked
from bot.phrases.books import Book, data

UNSURE = "nlu_fallback"
_DOUBT = frozenset({UNSURE, "out_of_scope"})
_READ_CHARS = 300
_FIELDS = ("words", "together", "beside", "doubt", "not_if")


@dataclass(frozen=True)
class Rule:
    """Messages of these meanings that match are answered with `item`.

    words: enough by themselves. together: enough with one of `beside`. doubt: what must stand in the message besides, when
    the classifier was not sure of anything. sure: words that leave no doubt, read before the classifier, unless one of
    `not_if` stands beside them; they mean the first of `meanings`. item: "" of a rule that chooses only the meaning.
    """

    item: str
    meanings: tuple[str, ...]
    patterns: Mapping[str, re.Pattern[str]]
    sure: bool = False

    def says(self, field: str, text: str) -> bool:
        """Whether one of the words of `field` is in folded `text`; False where the rule has no such field."""
        return field in self.patterns and self.patterns[field].search(text) is not None

    def fits(self, meaning: str, text: str) -> bool:
        """Whether folded `text` of this meaning is answered with the item."""
        if meaning not in self.meanings and meaning not in _DOUBT:
            return False
        if meaning in _DOUBT and "doubt" in self.patterns and not self.says("doubt", text):
            return False
        return bool(self.item) and self.named(text)

    def named(self, text: str) -> bool:
        """Whether folded `text` has the words of the rule, and none that stands against them."""
        if self.says("not_if", text):
            return False
        return self.says("words", text) or (self.says("together", text) and self.says("beside", text))


def _rules() -> tuple[Rule, ...]:
    """The rules in their order, which decides."""
    found = data("topics/pages")
    rules = []
    for row in found["pages"]:
        book = Book(found["parts"], {name: row[name] for name in _FIELDS if name in row})
        patterns = {name: book.words(name) for name in book.names()}
        rules.append(Rule(row.get("item", ""), tuple(row["meanings"]), patterns, sure=row.get("sure", False)))
    return tuple(rules)


RULES = _rules()


def item_of(intent: str, text: str) -> str:
    """The finer item for a message of this meaning (`UNSURE`: of none), or ''."""
    whole = excerpt(text, _READ_CHARS, _READ_CHARS)
    plain, read = normalise(whole), normalise(masked(whole))
    return next((rule.item for rule in RULES if rule.fits(intent, plain if rule.sure else read)), "")


def surely(text: str) -> str:
    """The meaning that words leave no doubt of, or ''. For a message in which the rules hear no danger."""
    read = normalise(excerpt(text, _READ_CHARS, _READ_CHARS))
    return next((rule.meanings[0] for rule in RULES if rule.sure and rule.named(read)), "")
