"""An answer to "where?" in which the name of the commune stands bare among other words: "gần cầu Trưng, Sơn Kim 2".

In running talk a bare name is too weak a sign of a place; asked for one, people write nothing else. Pieces between commas are
read each for itself, without the words around a name. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.core.places.model import Resolution, Status
from bot.core.text import fold
from bot.phrases.books import book

_MOST_PIECES, _MOST_WORDS, _MOST_TEXT = 8, 8, 300
_BOOK = book("interview/places")
_CUT = re.compile(rf"[,;.!?()\n]+|\s-\s|\s{_BOOK.part('before_place')}\s", re.IGNORECASE)
# What is said around a name, folded: at its end "ấy, á, đó, nha", before it "gần, ngay, nhà tui".
_AFTER = frozenset(_BOOK.entries("after_name"))
# Named after people and trees everywhere: a commune of the same name is no sign.
_NAMED_AFTER_ANYTHING = re.compile(rf"^{_BOOK.part('named_after_anything')}\b")


def pieces(text: str) -> Iterator[str]:
    """Parts of `text` that may be a bare name, each without the words after it; at most eight."""
    for count, part in enumerate(_CUT.split(text[:_MOST_TEXT])):
        words = part.split()
        while words and fold(words[-1]).strip("~") in _AFTER:
            words.pop()
        if words and count < _MOST_PIECES:
            yield " ".join(words[-_MOST_WORDS:])


def read_pieces(text: str, resolve: Callable[[str], Resolution]) -> Resolution | None:
    """What the pieces of an answer to "where?" say together, or the surest of them; None where no piece is a commune.

    Only a piece that is a name and nothing else may be sure; a name at the end of other words is a guess to be confirmed.
    """
    parts = [part for part in pieces(text) if not _NAMED_AFTER_ANYTHING.match(fold(part))]
    names = [(part, False) for part in parts] + [
        (" ".join(part.split()[-size:]), True) for part in parts for size in (4, 3, 2) if len(part.split()) > size
    ]
    best: Resolution | None = None
    for name, guessed in names:
        found = resolve(name)
        if not found.codes or not (found.whole or not guessed):
            continue
        if guessed and best is not None:
            continue
        together = resolve(f"{name}, {', '.join(part for part in parts if part != name and name not in part)}")
        if together.codes and len(together.codes) < len(found.codes):
            found = together
        if best is None or len(found.codes) < len(best.codes):
            best = _to_confirm(found) if guessed or _weak(name) else found
    return best


def _weak(name: str) -> bool:
    """Two small syllables may be any words: "bình yên" is a commune and how somebody feels."""
    return len(name.split()) < 3 and name == name.lower()


def _to_confirm(found: Resolution) -> Resolution:
    return (
        found
        if found.status is not Status.COMMUNE
        else Resolution(
            Status.CANDIDATES,
            found.codes,
            found.province,
            found.country,
            found.alternatives,
            old_districts=found.old_districts,
        )
    )
