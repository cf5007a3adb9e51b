"""Whether a message asks something. Marks count: "ở đầu" (at the beginning) does not ask "ở đâu" (where).

Python 3.10-compatible.
"""

from __future__ import annotations

import re

import bot.phrases as phrases
from bot.phrases.books import book

_CLAUSE = re.compile(r"[.,;:!\n]+|(?<=\?)")
_BOOK = book("interview/answers")
_BEFORE = re.compile(rf"\s(?={_BOOK.part('question_begins')}\s)", re.IGNORECASE)
_IF = re.compile(rf"^{_BOOK.part('if')}\b", re.IGNORECASE)


_MOST_CLAUSES = 24  # of a long text the beginning and the end are read


def is_question(text: str) -> bool:
    """Whether any clause of `text` is a question."""
    return any(asks(clause) for clause in clauses(text))


def clauses(text: str) -> list[str]:
    """`text` cut where people pause, and before the words with which a question begins after a story."""
    found = []
    for part in _CLAUSE.split(text[:2_000]):
        found += [piece.strip() for piece in _BEFORE.split(part) if piece.strip()]
    return found if len(found) <= _MOST_CLAUSES else found[: _MOST_CLAUSES // 2] + found[-_MOST_CLAUSES // 2 :]


def asks(clause: str) -> bool:
    """Whether one clause is a question: by its mark, a sure phrase, its first word or its last."""
    if clause.endswith("?"):
        return True
    if phrases.means(clause, "dont_know", "no", "refuses", "points_back", "skip"):
        return False
    ends = " ".join(clause.split()[-6:])
    if _negated_end(ends) or phrases.begins(clause, "asks_not"):
        return False
    return (
        phrases.begins(clause, "asks_first")
        or phrases.contains(_lower_names(clause), "asks_anywhere")
        or phrases.ends(ends, "asks_last")
    )


def told_in(text: str) -> str:
    """What a message tells beside what it asks, or ''."""
    told = [
        c
        for c in clauses(text)
        if not asks(c) and not _IF.match(c) and len(c.split()) >= 3 and not phrases.means(c, *phrases.ACTS)
    ]
    return ", ".join(told)


def _negated_end(ends: str) -> bool:
    """ "không biết là ai", "chẳng có gì", "không cho đi đâu": a word that asks stands there, but nothing is asked."""
    return phrases.contains(ends, "negated_end")


def _lower_names(clause: str) -> str:
    """Without names: "Sao Mai", "anh Nào". A capital inside a sentence that is not all capitals is one."""
    words = clause.split()
    if not any(word[:1].islower() for word in words):
        return clause
    return " ".join(word for number, word in enumerate(words) if number == 0 or not word[:1].isupper())
