"""Reads disguised words as the eye does: "C.a.m.p.u.с.h.і.a", "l ư ơ n g", "5OOk", "ⅽọⅽ" are what they look like.

Ordinary Vietnamese comes back unchanged. Standard library only, Python 3.10-compatible, linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core import syllables, teencode
from bot.core.lookalikes import CIRCLED, OTHER_SCRIPTS, SMALL, STYLED
from bot.core.text import fold, nfc

_ODD = re.compile("[" + re.escape("".join(OTHER_SCRIPTS) + "".join(STYLED)) + "]")
_LETTERS = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
_HIDDEN = r"\u00ad\u034f\u180e\u200b-\u200f\u2060-\u2064\ufeff"
_HIDDEN_INSIDE = re.compile(rf"(?<=[^\W\d_])[{_HIDDEN}]+(?=[^\W\d_])")
_MARK = r"[\u0300-\u036f]*"
_LETTER = rf"[^\W\d_]{_MARK}"
# One sign between single letters: any that is no space, digit or letter; an emoji too.
_SIGN = r"(?:[^\w\s]|_)\ufe0f?"
_SIGNED_RUN = re.compile(rf"(?<![^\W_])(?:{_LETTER}{_SIGN})+{_LETTER}(?![^\W_])")
_SPACED_RUN = re.compile(rf"(?<!\S)(?:{_LETTER} {{1,3}}){{3,}}{_LETTER}(?![^\W_])")
# "t.iền", "n*ạp", "lư.ơng": one sign inside a word. A space or a capital after it is the end of something.
_SPLIT_WORD = re.compile(rf"(?<![^\W_])({_LETTER}(?:{_LETTER}){{0,6}})([.*·•_|~'’`^-])((?:{_LETTER}){{1,7}})(?![^\W_])")
_CLOSE_SIGNS = "*·•_|~^"
_ROUND = re.compile(r"(?<![^\W_])\d[\doO]*[oO][\doO]*(?=[kK%đĐ]?(?:\W|$)|tr|TR|Tr|nghìn|ngàn)")
_LEET_WORD = re.compile(rf"(?<![^\W_])(?=[^\W_@$]*[0134@$])(?:{_LETTER})(?:{_LETTER}|[0134@$])*(?![^\W_]|[@$])")
_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "@": "a", "$": "s"}
_UNIT_AFTER = re.compile(r"\s?(?:tr|triệu|trieu|k|nghìn|ngàn|nghin|ngan|củ|cu|usd|đô|%|\$)(?![^\W\d_])", re.IGNORECASE)
# Longer than a syllable, and what the disguise is usually for.
_KNOWN = frozenset(
    re.findall(
        r"\w+",
        """campuchia campochia cambodia camphuchia myanmar mianma casino shopee lazada tiktok telegram zalo facebook youtube
    bitcoin usdt bavet dubai macau poipet sihanouk viettel sendo tiki""",
    )
)
# Vowels that stand together only inside one syllable: "lư.ơng", "ti.ền", "mu.ốn".
_DIPHTHONGS = (("ưừứ", "ơờớởỡợ"), ("iy", "êềếểễệ"), ("u", "ôồốổỗộ"))
_LONGEST = 7  # letters of the longest syllable
_MANY = 4  # letters one by one with a sign between that are no abbreviation any more


@dataclass(frozen=True)
class Seen:
    """What the eye reads. text: plain words. origin: where each character of it stands in the original; None when nothing
    was changed. trick: (start, end) in the original of the first words that were hidden on purpose, or None."""

    text: str
    origin: tuple[int, ...] | None = None
    trick: tuple[int, int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of text[start:end]."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


class _Draft:
    """The text being made plain: characters with their places, and the tricks met."""

    def __init__(self, text: str) -> None:
        self.chars = list(text)
        self.origin = list(range(len(text)))
        self.tricks: list[tuple[int, int]] = []
        self.changed = False

    @property
    def text(self) -> str:
        return "".join(self.chars)

    def note(self, start: int, end: int) -> None:
        self.tricks.append((self.origin[start], self.origin[end - 1] + 1))

    def replace(self, changes: dict[int, str]) -> None:
        """Put other characters (none, one or several) at the given places."""
        if not changes:
            return
        chars: list[str] = []
        origin: list[int] = []
        for i, (char, place) in enumerate(zip(self.chars, self.origin, strict=True)):
            put = changes.get(i, char)
            chars.extend(put)
            origin.extend([place] * len(put))
        self.chars, self.origin, self.changed = chars, origin, True


def see(text: str) -> Seen:
    """Read `text` without its disguise."""
    draft = _Draft(text)
    if _ODD.search(text):
        _other_letters(draft)
    hidden = list(_HIDDEN_INSIDE.finditer(draft.text))
    if hidden:
        if len(hidden) > 1:  # one alone comes from copying
            draft.note(*hidden[0].span())
        draft.replace({i: "" for match in hidden for i in range(*match.span())})
    _separated(draft)
    _digits(draft)
    if not draft.changed:
        return Seen(text)
    return Seen(draft.text, tuple(draft.origin), min(draft.tricks, default=None))


def plain(text: str) -> str:
    """The text as the eye reads it, where its places do not matter."""
    return see(text).text


def _other_letters(draft: _Draft) -> None:
    text = draft.text
    changes = {i: STYLED[c] for i, c in enumerate(text) if c in STYLED and c not in CIRCLED}
    changes.update(_circled(text))
    for match in _LETTERS.finditer(text):
        styled = any(c in STYLED and STYLED[c].isalpha() for c in match[0])
        if any(c in SMALL for c in match[0]) or (styled and any(c.isascii() for c in match[0])):
            draft.note(*match.span())  # a whole word in another style is taste, half a word is not
    latin = sum(c.isascii() and c.isalpha() for c in text) + sum("ạ" <= c <= "ỹ" for c in text)
    foreign = [m for m in _LETTERS.finditer(text) if any(c in OTHER_SCRIPTS for c in m[0])]
    for match in foreign:
        word = match[0]
        if not all(c in OTHER_SCRIPTS or c in STYLED or _is_latin(c) for c in word):
            continue  # real Russian or Greek
        mixed = any(_is_latin(c) for c in word)
        if not mixed and latin < 3 * sum(len(m[0]) for m in foreign if not any(map(_is_latin, m[0]))):
            continue
        changes.update({match.start() + i: OTHER_SCRIPTS[c] for i, c in enumerate(word) if c in OTHER_SCRIPTS})
        draft.note(*match.span())
    draft.replace(changes)


def _is_latin(char: str) -> bool:
    return char < "\u0370" or "\u1e00" <= char <= "\u1eff"


def _circled(text: str) -> dict[int, str]:
    """Circled digits: a figure where they stand together or before a unit, else the bullets of a list."""
    changes = {}
    for i, char in enumerate(text):
        if char not in CIRCLED:
            continue
        beside = text[i - 1 : i] + text[i + 1 : i + 2]
        figure = any(c in CIRCLED or c.isdecimal() for c in beside) or _UNIT_AFTER.match(text, i + 1)
        changes[i] = STYLED[char] if figure else "•"
    return changes


def _separated(draft: _Draft) -> None:
    text = draft.text
    gone: dict[int, str] = {}
    for match in _SIGNED_RUN.finditer(text):
        word = "".join(c for c in match[0] if c.isalpha() or "\u0300" <= c <= "\u036f")
        letters = len(nfc(word))
        if letters < _MANY and not (word == word.lower() and _word(word)):
            continue
        gone.update(
            {match.start() + i: "" for i, c in enumerate(match[0]) if not (c.isalpha() or "\u0300" <= c <= "\u036f")}
        )
        if word != word.upper() and letters > 2:  # "T.P.H.C.M" hides nothing
            draft.note(*match.span())
    for match in _SPLIT_WORD.finditer(text):
        if match.start() not in gone and _one_word(match[1], match[2], match[3]):
            gone[match.start(2)] = ""
            draft.note(*match.span())
    draft.replace(gone)
    text, gone = draft.text, {}
    for match in _SPACED_RUN.finditer(text):
        pieces = _syllables("".join(match[0].split()))
        if pieces:
            gone.update(_joined(match[0], match.start(), pieces))
            draft.note(*match.span())
    draft.replace(gone)


def _one_word(before: str, sign: str, after: str) -> bool:
    if after != after.lower() and before + after != (before + after).upper():
        return False
    whole, first, last = fold(nfc(before + after)), fold(nfc(before)), fold(nfc(after))
    if whole in _KNOWN:
        return True
    if whole not in syllables.LEGAL or len(whole) < 3 or (len(first) > 1 and before != before.lower()):
        return False
    if sign in _CLOSE_SIGNS:
        return True
    if sign == "-" or before != before.lower():  # "T-shirt", "P.hòa"
        return False
    if any(before[-1:].lower() in left and nfc(after)[:1] in right for left, right in _DIPHTHONGS):
        return True
    two_words = first in syllables.LEGAL and last in syllables.LEGAL  # "cứ thế.ai cũng": a full stop without its space
    return not two_words and (first not in teencode.SLANG or len(first) == 1)


def _word(word: str) -> bool:
    folded = fold(nfc(word))
    return folded in syllables.LEGAL or folded in _KNOWN


def _syllables(letters: str) -> list[int]:
    """How many characters each syllable of a run without spaces takes, the longest first; [] when it is not all words."""
    folded = fold(letters)
    if len(folded) != len(letters) or len(letters) > 200:
        return []
    best: list[tuple[int, int] | None] = [(0, 0)]  # pieces so far, length of the last
    for end in range(1, len(folded) + 1):
        found = None
        for start in range(max(0, end - 10), end):
            before, piece = best[start], folded[start:end]
            if (
                before is None
                or end - start < 2
                or not (piece in _KNOWN or (len(piece) <= _LONGEST and piece in syllables.LEGAL))
            ):
                continue
            if found is None or before[0] + 1 <= found[0]:
                found = (before[0] + 1, end - start)
        best.append(found)
    sizes, end = [], len(folded)
    while end > 0:
        step = best[end]
        if step is None:
            return []
        sizes.append(step[1])
        end -= step[1]
    return sizes[::-1]


def _joined(run: str, start: int, sizes: list[int]) -> dict[int, str]:
    """The spaces of a spaced-out run that go, so that its syllables stand as words."""
    ends, total = set(), 0
    for size in sizes:
        total += size
        ends.add(total)
    gone, letters = {}, 0
    for i, char in enumerate(run):
        if not char.isspace():
            letters += 1
        elif letters not in ends:
            gone[start + i] = ""
    return gone


def _digits(draft: _Draft) -> None:
    text = draft.text
    changes: dict[int, str] = {}
    for match in _ROUND.finditer(text):
        # A slip of the finger as often as a trick.
        changes.update({match.start() + i: "0" for i, c in enumerate(match[0]) if c in "oO"})
    for match in _LEET_WORD.finditer(text):
        word = match[0]
        bare = fold(nfc("".join(c for c in word if c not in _LEET)))
        read = fold(nfc("".join(_LEET.get(c, c) for c in word)))
        unsure = bare in syllables.LEGAL and word.isascii()  # "muo6n1" is VNI
        if read not in _KNOWN and (read not in syllables.LEGAL or unsure or word[-1] in "0134"):  # "cau1" is numbered
            continue
        changes.update({match.start() + i: _LEET[c] for i, c in enumerate(word) if c in _LEET})
        draft.note(*match.span())
    draft.replace(changes)
