"""An offer as clauses and the word runs in them: what the learned model of the offer check counts.

Numbers are all the same to it (pay is read by bot.core.offers.pay); diacritics and short forms are gone before (bot.core.text).
Standard library only; linear in the number of words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.offers.reading import PAUSE, STOP, Words

LONGEST_RUN = 3  # words counted together
LONGEST_CLAUSE = 14  # words; speech typed by voice has no full stops
SHORTEST_CLAUSE = 3
NUMBER = "#"


@dataclass(frozen=True)
class Clause:
    """Words `first` to `last` of the text, both included, and their runs with how often each occurs."""

    first: int
    last: int
    runs: Counter[str]


def clauses(words: Words) -> list[Clause]:
    """The clauses of a text, in order; a scrap of one or two words belongs to the clause before it."""
    found: list[list[int]] = []
    now: list[int] = []
    for index, word in enumerate((*words.words, STOP)):
        mark = word in (STOP, PAUSE)
        if not mark:
            now.append(index)
        if now and (mark or len(now) == LONGEST_CLAUSE):
            if len(now) < SHORTEST_CLAUSE and found and len(found[-1]) < LONGEST_CLAUSE:
                found[-1] += now
            else:
                found.append(now)
            now = []
    return [Clause(places[0], places[-1], _runs([words.words[i] for i in places])) for places in found]


def together(parts: Iterable[Clause]) -> Counter[str]:
    """The runs of a whole text."""
    total: Counter[str] = Counter()
    for part in parts:
        total.update(part.runs)
    return total


def _runs(words: list[str]) -> Counter[str]:
    plain = [NUMBER if word.isdecimal() else word for word in words]
    found: Counter[str] = Counter(plain)
    for size in range(2, LONGEST_RUN + 1):
        found.update(" ".join(plain[i : i + size]) for i in range(len(plain) - size + 1))
    return found
