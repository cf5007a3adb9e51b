"""What a few words mean by themselves: yes, no, "I do not know", stop, wait... The one matcher, used by every form.

Marks count where they are typed. "đúng" (right), "đứng", "Dũng" are never "dừng" (stop), "ở đầu" is never "ở đâu"; a word
typed without marks may be any of them, and a word typed with some marks ("đung") any that has those and more. A message
has a meaning only if it is nothing but phrases of that meaning and small words around them ("dạ đúng rồi ạ"), so a story
in which "thôi" or "không" stands means none of them. Python 3.10-compatible; the words are content/phrases.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from bot.core.text import clean, fold
from bot.phrases.words import FILLERS, KINDS, SHORT

MOST_WORDS = 14  # a longer message is about something
_LONGEST = 200  # characters
_STROKE = "\u0335"
_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PIECE = re.compile(r"\(([^()]*)\)|[^\s()]+")
# Meanings of a message that tells nothing.
ACTS = ("yes", "no", "dont_know", "skip", "back", "stop", "soft_stop", "pause", "resume", "small_talk", "points_back",
        "refuses", "opener", "that_is_all", "go_on", "wants_contact")  # fmt: skip
Word = tuple[str, tuple[str, ...], str]  # folded, the mark of each letter that is no tone, the tone
Pattern = tuple[Any, ...]  # words, and tuples of patterns of which one stands there


@lru_cache(maxsize=4096)
def _word(written: str) -> Word:
    """A word taken apart into what a keyboard without Vietnamese leaves of it, and the rest."""
    squeezed = re.sub(r"(.)\1{2,}", r"\1", re.sub(r"([^\W\d_])\1+$", r"\1", written.lower()))
    marks: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", squeezed.replace("đ", "d" + _STROKE)):
        if char in _TONES:
            tone = char
        elif unicodedata.combining(char) and marks:
            marks[-1] = char
        else:
            marks.append("")
    return fold(squeezed), tuple(marks), tone


def _may_be(typed: Word, meant: tuple[Any, ...]) -> bool:
    """Whether `typed` is `meant`, with all its marks or with some of them left out."""
    if len(meant) > 3 and typed[1:] != meant[1:3]:
        return False  # "cho em" is not "chờ em"
    if typed[0] != meant[0] or len(typed[1]) != len(meant[1]) or typed[2] not in ("", meant[2]):
        return False
    vowels_typed = typed[2] or any(mark not in ("", _STROKE) for mark in typed[1])
    # "dừng" is not "đừng" with its stroke left out: whoever types the tone types the stroke.
    return all(
        mark == other or not (mark or (other == _STROKE and vowels_typed))
        for mark, other in zip(typed[1], meant[1], strict=True)
    )


def words_of(text: str) -> list[Word]:
    """The words of a message, short forms written out."""
    found = []
    for match in _WORD.finditer(clean(text[:_LONGEST])):
        written = match.group().lower().replace("’", "'")
        found += [_word(part) for part in SHORT.get(written, written).split()]
    return found


def _parsed(pattern: str) -> Pattern:
    """ "bỏ qua (câu này|)" as words and, between them, alternatives."""
    parts: list[Any] = []
    for piece in _PIECE.finditer(pattern):
        if piece[1] is None:
            word = _word(piece[0].lstrip("!"))
            parts.append((*word, True) if piece[0].startswith("!") else word)
        else:
            parts.append(tuple(_parsed(part) for part in piece[1].split("|")))
    return tuple(parts)


@lru_cache(maxsize=64)
def _patterns(kind: str) -> dict[str, tuple[Pattern, ...]]:
    """The patterns of a kind by the folded words they may begin with; under "" those that may begin with any."""
    table: dict[str, list[Pattern]] = {}
    for pattern in map(_parsed, FILLERS if kind == "fillers" else KINDS[kind]):
        for first in _first_words(pattern):
            table.setdefault(first, []).append(pattern)
    return {first: tuple(patterns) for first, patterns in table.items()}


def _first_words(pattern: Pattern) -> set[str]:
    found: set[str] = set()
    for part in pattern:
        if isinstance(part[0], str):
            return found | {part[0]}
        firsts = [_first_words(other) for other in part]
        found = found.union(*firsts)
        if all(firsts) and "" not in found:
            return found
        found.discard("")  # one of the alternatives is nothing: the next part may come first
    return found | {""}


def _ends(words: list[Word], starts: set[int], pattern: Pattern) -> set[int]:
    """Where a match of `pattern` that begins at one of `starts` may end."""
    for part in pattern:
        if not starts:
            return starts
        if isinstance(part[0], str):
            starts = {at + 1 for at in starts if at < len(words) and _may_be(words[at], part)}
        else:
            starts = set().union(*(_ends(words, starts, other) for other in part))
    return starts


def _found(words: list[Word], start: int, kind: str) -> set[int]:
    """Where each phrase of `kind` ends that stands at `start`."""
    ends: set[int] = set()
    table = _patterns(kind)
    for pattern in (*table.get(words[start][0], ()), *table.get("", ())):
        ends |= _ends(words, {start}, pattern)
    return ends - {start}


def means(text: str, *kinds: str, beside: tuple[str, ...] = ()) -> bool:
    """Whether the whole message is phrases of these kinds (at least one) and small words around them.

    beside: kinds that may stand there too and do not count.
    """
    if len(text) > _LONGEST:
        return False
    words = words_of(text)
    if not 0 < len(words) <= MOST_WORDS:
        return False
    reached = {(0, False)}  # so far read, and whether a phrase was among it
    for start in range(len(words)):
        told = {said for at, said in reached if at == start}
        for kind in kinds if told else ():
            reached |= {(end, True) for end in _found(words, start, kind)}
        for kind in ("fillers", *beside) if told else ():
            reached |= {(end, said) for end in _found(words, start, kind) for said in told}
    return (len(words), True) in reached


def contains(text: str, kind: str) -> bool:
    """Whether a phrase of `kind` stands anywhere in the message (its first 200 characters)."""
    words = words_of(text)
    return any(_found(words, start, kind) for start in range(len(words)))


def begins(text: str, kind: str) -> bool:
    """Whether the message begins with a phrase of `kind`, small words before it left aside."""
    words = words_of(text)
    places = {0}
    for start in range(min(len(words), MOST_WORDS)):
        if start in places:
            if _found(words, start, kind):
                return True
            places |= _found(words, start, "fillers")
    return False


def ends(text: str, kind: str) -> bool:
    """Whether the message ends with a phrase of `kind`."""
    words = words_of(text)
    return any(len(words) in _found(words, start, kind) for start in range(max(0, len(words) - 6), len(words)))


def is_yes(text: str) -> bool:
    """ "đúng rồi ạ", "vâng ạ", "ừ đúng đó", "oke"; "dung" without marks too: ask it where a yes is expected."""
    return means(text, "yes") and not does_not_know(text)


def is_no(text: str) -> bool:
    """ "không", "dạ không có ạ", "hổng có". Never "không biết", "chưa nhớ"."""
    return means(text, "no") and not does_not_know(text)


def does_not_know(text: str) -> bool:
    """ "không nhớ", "hok biết", "chưa rõ lắm", "not sure": no answer, and no "no"."""
    return means(text, "dont_know", beside=("no",))


def skips(text: str) -> bool:
    """ "bỏ qua nhé", "cho qua", "câu khác đi"."""
    return means(text, "skip", beside=("soft_stop",))


def stops(text: str) -> bool:
    """ "thôi", "hủy", "dừng lại", "thôi không báo nữa": a wish to stop, in whatever words."""
    return surely_stops(text) or means(text, "soft_stop", beside=("no",))


def surely_stops(text: str) -> bool:
    """The same in words that can mean nothing else: what was written may be erased on them. Not "thôi", not "dung"."""
    return means(text, "stop", "halt", beside=("soft_stop", "no")) and not means(text, "yes")


def is_bare_dung(text: str) -> bool:
    """ "dung", "dung luon", typed without marks: "right" or "stop", nobody knows."""
    return means(text, "stop", "halt") and means(text, "yes")
