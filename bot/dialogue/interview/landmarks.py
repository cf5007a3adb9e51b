"""Places anybody there would know, named in a story: "lò gạch", "chợ Gò Đen", "lầu 3". Pure; Python 3.10-compatible."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.text import CAPITAL, fold
from bot.phrases.books import book

_BOOK = book("interview/places")
_SITE = re.compile(rf"(?<!\w){_BOOK.part('site')}(?!\w)", re.IGNORECASE)
_NEEDS_NAME = frozenset(_BOOK.entries("site_needs_name"))
_STOPS = frozenset(_BOOK.entries("after_site"))
_WORD = re.compile(r"\s+([^\s,.;:!?()…\"]+)([,.;:!?()…\"]?)")
# "tiệm Bin Hair ngay đường Trần Hưng Đạo": where the landmark lies is part of it.
_OF_KIND = re.compile(rf"\s+([^\W\d_]+)(?=\s+{CAPITAL})")
_CAPITAL = rf"{CAPITAL}[^\W\d_]*"
_LIES_AT = re.compile(rf"\s+(?i:{_BOOK.part('lies_at')})\s+(?:{_CAPITAL}(?:\s+{_CAPITAL}){{0,3}}|\d{{1,4}}\w?)(?!\w)")
# "quán tên Đêm Màu Hồng", "tiệm tên là Sao Mai": the name stands after the word for it.
_CALLED = re.compile(rf"\s+(?i:{_BOOK.part('site_called')})(?=\s+{CAPITAL})")
MOST = 3
_NAME_WORDS, _SMALL_WORDS = 4, 2  # of a name written with capitals, and of one without


def named_in(text: str) -> list[str]:
    """The landmarks of a text as short noun phrases, in order, at most three."""
    found = list(dict.fromkeys(_phrases(text[:2_000])))
    return found[:MOST]


def _phrases(text: str) -> Iterator[str]:
    capitals = any(word[:1].isupper() for word in text.split()[1:])
    end = 0
    for match in _SITE.finditer(text):
        if match.start() < end:
            continue
        called = _CALLED.match(text, match.end())
        end = _name_end(text, called.end(), True) if called else _name_end(text, match.end(), capitals)
        needs_name = fold(match[0]) in _NEEDS_NAME
        beside = _LIES_AT.match(text, end) if needs_name or end > match.end() else None
        end = beside.end() if beside else end
        said = text[match.start() : end].strip()
        if end > match.end() or not needs_name:
            yield said


def _name_end(text: str, at: int, capitals: bool) -> int:
    """Where the name after a landmark word ends: at a small word where names have capitals, at a verb or small word where not."""
    most = _NAME_WORDS if capitals else _SMALL_WORDS
    kind = _OF_KIND.match(text, at) if capitals else None
    if kind and fold(kind[1]) not in _STOPS:
        at = kind.end(1)  # "quán cơm Hải Yến", "xưởng mộc Tư Sang"
    for _ in range(most):
        word = _WORD.match(text, at)
        if word is None:
            break
        starts = word[1][0].isupper() or word[1][0].isdigit()
        if (capitals and not starts) or (not capitals and fold(word[1]) in _STOPS):
            break
        at = word.end(1)
        if word[2]:
            break
    return at
