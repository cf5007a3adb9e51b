"""Who is put on the other side at the read-back: "5 chị Lào là nạn nhân mà", "người xấu: Vừ Mí Sính". Pure; Python 3.10-compatible.

The words that name them move between who is in danger and who is behind it. The words are content/interview/sides.yml.
"""

from __future__ import annotations

import re

from bot.core.text import fold
from bot.dialogue.interview import roles, routing
from bot.dialogue.interview.draft import Draft
from bot.phrases.books import book

_MOST_WORDS = 16  # more is a story
_MOST_NAMED = 8  # words
_BOOK = book("interview/sides")
_HARMED, _BAD, _IS, _NOT = (_BOOK.part(name) for name in ("harmed", "bad", "being", "denied"))
_WHO = r"(?P<who>[^,.:;!?\n]{2,60}?)"
_FORMS = (
    (re.compile(rf"\b{_HARMED}\s*(?::|\bla\b)\s*(?P<who>[^,.:;!?\n]{{2,60}})"), roles.WHO),
    (re.compile(rf"\b{_BAD}\s*(?::|\bla\b)\s*(?P<who>[^,.:;!?\n]{{2,60}})"), roles.BEHIND),
    (re.compile(rf"{_WHO}\s+{_IS}\s+{_HARMED}\b"), roles.WHO),
    (re.compile(rf"{_WHO}\s+{_IS}\s+{_BAD}\b"), roles.BEHIND),
    (re.compile(rf"{_WHO}\s+{_BOOK.part('unharmed')}\b"), roles.BEHIND),
    (re.compile(rf"{_WHO}\s+{_NOT}\s+{_BAD}\b"), roles.WHO),
)
_ASKS = "?"
_LEAD = frozenset(_BOOK.entries("lead"))
_PIECES = re.compile(r"; |, |\n")


def put_right(draft: Draft, text: str) -> bool:
    """Move whom `text` puts on the other side. Whether it says so of somebody who stands in the draft or is named with a capital."""
    text = " ".join(text.split())
    folded = fold(text)
    if len(text.split()) > _MOST_WORDS or len(folded) != len(text) or _ASKS in text:
        return False
    for pattern, side in _FORMS:
        if match := pattern.search(folded):
            return _move(draft, _named(text[slice(*match.span("who"))]), side)
    return False


def _named(words: str) -> str:
    """Words without what only leads up to a name."""
    told = words.split()
    while told and fold(told[0]) in _LEAD:
        told.pop(0)
    return " ".join(told)


def _move(draft: Draft, name: str, side: str) -> bool:
    wanted = _words(name)
    if not wanted or len(name.split()) > _MOST_NAMED:
        return False
    other = roles.WHO if side == roles.BEHIND else roles.BEHIND
    told = [piece for piece in _PIECES.split(str(draft.get(other) or "")) if piece.strip()]
    moved = [piece for piece in told if wanted <= _words(piece) or _words(piece) <= wanted]
    stands = wanted <= _words(str(draft.get(side) or ""))
    if not (moved or stands or any(word[:1].isupper() for word in name.split())):
        return False
    if moved:
        left = "; ".join(piece for piece in told if piece not in moved)
        draft.pop(other)
        draft.update({other: left} if left else {})
    for piece in moved or ([] if stands else [name]):
        routing.add(draft, side, piece)
    return True


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", fold(text)))
