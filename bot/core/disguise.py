"""Reads disguised words as the eye does: "C.a.m.p.u.с.h.і.a", "l ư ơ n g", "5OOk", "ⅽọⅽ" are what they look like.

Ordinary Vietnamese comes back unchanged. Standard library only, Python 3.10-compatible, linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core import disguise_letters, old_encodings, syllables, teencode
from bot.core.disguise_draft import Draft
from bot.core.disguise_letters import KNOWN, is_word
from bot.core.once import once
from bot.core.text import fold, nfc

_MARK = r"[\u0300-\u036f]*"
# Latin alone: between the letters of Khmer, Burmese and Thai stand vowels, which are no signs.
_LETTER = rf"[A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff]{_MARK}"
# One sign between single letters: any that is no space, digit or letter; an emoji too.
_SIGN = r"(?:[^\w\s]|_)\ufe0f?"
_SIGNED_RUN = re.compile(rf"(?<![^\W_])(?:{_LETTER}{_SIGN})+{_LETTER}(?![^\W_])")
_SPACED_RUN = re.compile(rf"(?<!\S)(?:{_LETTER} {{1,3}}){{3,}}{_LETTER}(?![^\W_])")
# "t.iền", "n*ạp", "lư.ơng": one sign inside a word. A space or a capital after it is the end of something.
_SPLIT_WORD = re.compile(rf"(?<![^\W_])({_LETTER}(?:{_LETTER}){{0,6}})([.*·•_|~'’`^-])((?:{_LETTER}){{1,7}})(?![^\W_])")
_CLOSE_SIGNS = "*·•_|~^"
# "ch_ồ_ng", "l-ươ-ng": the same sign more than once in one word.
_SIGNED_PIECES = re.compile(
    rf"(?<![^\W_])(?:{_LETTER}){{1,4}}([*·•_|~^./-])(?:{_LETTER}){{1,4}}(?:\1(?:{_LETTER}){{1,4}}){{1,4}}(?![^\W_])"
)
# Two letters with spaces between: a word only where one of them is of another alphabet.
_SPACED_PAIR = re.compile(rf"(?<!\S)(?=({_LETTER} {{1,3}}{_LETTER})(?!\S))")
_WIDE_GAP = re.compile(r" {2,}")
_ROUND = re.compile(r"(?<![^\W_])\d[\doO]*[oO][\doO]*(?=[kK%đĐ]?(?:\W|$)|tr|TR|Tr|nghìn|ngàn)")
# A link, a handle and an address are what they are, to the letter.
_AS_IT_IS = re.compile(
    r"(?i)(?:https?://|www\.)\S+|(?<!\S)@\w{4,}|[\w.+\-]{1,64}@[\w\-]{1,64}(?:\.\w{2,20}){1,3}"
    r"|(?<![\w.])(?:[a-z0-9\-]{1,63}\.){1,4}(?:(?:com|net|org|info|xyz|top|vn|club|vip|cc|me|io|co|ly|gg)(?:/\S*)?(?![\w.])|[a-z]{2,12}/\S+)"
)
_LEET = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "€": "e", "£": "l", "¢": "c", "¥": "y", "©": "c", "®": "r", "!": "i", "|": "l",
}  # fmt: skip
# Both spans are bounded: in a text without a blank each start would read to its end.
_LEET_WORD = re.compile(
    rf"(?<![^\W_]|[@$€£¢¥©®])(?=[^\s.,;:?]{{0,24}}[0134578@$€£¢¥©®!|9])(?:{_LETTER}|[@$€£¢©®](?={_LETTER}{_LETTER}))"
    rf"(?:{_LETTER}|[@$€£¢¥©®]{_MARK}|[0134](?![5-9])|[5789!|](?={_LETTER})){{0,30}}(?![^\W_]|[@$€£¢¥©®])"
)
_ANY_LEET = re.compile("[" + re.escape("".join(_LEET)) + "]")
_ENDS_A_NUMBER = "0134"
_MANY_TRICKS = 2  # words in which digits stand for letters
# "O9l2 34S 678": letters that look like digits, in what has the length of a telephone number.
_AS_DIGIT = {"o": "0", "O": "0", "l": "1", "I": "1", "|": "1", "S": "5"}
_NUMBER = re.compile(r"(?<![\w.])(?:\+|[oO0])(?:[oOlI|S]?\d[oOlI|S]?(?:[ .\-]{1,2}(?=[oOlI|S]?\d))?){4,14}(?!\w)")
_LEAST_DIGITS = 6
# Vowels that stand together only inside one syllable: "lư.ơng", "ti.ền", "mu.ốn".
_DIPHTHONGS = (("ưừứ", "ơờớởỡợ"), ("iy", "êềếểễệ"), ("u", "ôồốổỗộ"))
_LONGEST = 7  # letters of the longest syllable
_SHORT_FORMS = frozenset({"a/c", "c/a", "c.ơn", "c.on", "k/c"})  # "anh/chị", "cảm ơn"
_UNITS = frozenset("xpqht")  # before a name: xã, phường, quận, huyện, thị trấn
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
        places = self.origin[start:end]
        return min(places), max(places) + 1


@once
def see(text: str) -> Seen:
    """Read `text` without its disguise."""
    draft = Draft(text)
    draft.replace(old_encodings.changes(text))
    disguise_letters.read(draft)
    _separated(draft)
    _digits(draft)
    if not draft.changed:
        return Seen(text)
    disguise_letters.composed(draft)
    return Seen(draft.text, tuple(draft.origin), min(draft.tricks, default=None))


def plain(text: str) -> str:
    """The text as the eye reads it, where its places do not matter."""
    return see(text).text


def _separated(draft: Draft) -> None:
    text = draft.text
    gone: dict[int, str] = {}
    kept = _kept(text)
    for match in _SIGNED_RUN.finditer(text):
        word = "".join(c for c in match[0] if c.isalpha() or "\u0300" <= c <= "\u036f")
        if match.start() in kept or match[0].lower() in _SHORT_FORMS or not _taken_apart(nfc(word)):
            continue
        gone.update(
            {match.start() + i: "" for i, c in enumerate(match[0]) if not (c.isalpha() or "\u0300" <= c <= "\u036f")}
        )
        if word != word.upper() and len(nfc(word)) > 2:  # "T.P.H.C.M" hides nothing
            draft.note(*match.span())
    for match in _SIGNED_PIECES.finditer(text):
        word = match[0].replace(match[1], "")
        if not (match.start() in gone or match.start() in kept) and word == word.lower() and is_word(word):
            gone.update({match.start() + i: "" for i, c in enumerate(match[0]) if c == match[1]})
            draft.note(*match.span())
    units: list[int] = []  # "x.an lạc": a commune, where nothing else is hidden
    for match in _SPLIT_WORD.finditer(text):
        written = match[0].lower() in _SHORT_FORMS or match.start() in kept
        known = match.start() in gone or match.start(2) in gone
        if known or written or not _one_word(match[1], match[2], match[3]):
            continue
        if match[1] in _UNITS and match[2] == "." and _begins_a_name(match[3]):
            units.append(match.start(2))
            continue
        gone[match.start(2)] = ""
        draft.note(*match.span())
    if draft.tricks:
        gone.update(dict.fromkeys(units, ""))
    draft.replace(gone)
    _spaced(draft)


def _begins_a_name(rest: str) -> bool:
    """Whether it is a syllable that stands by itself: "iền" does not."""
    return fold(rest) in syllables.LEGAL and not fold(rest).startswith(("ie", "uo"))


def _spaced(draft: Draft) -> None:
    text, gone = draft.text, {}
    for match in _SPACED_RUN.finditer(text):
        words = ["".join(part.split(" ")) for part in _WIDE_GAP.split(match[0])]
        if len(words) > 1 and all(map(is_word, words)):  # wider gaps between the words
            wide = {i for gap in _WIDE_GAP.finditer(match[0]) for i in range(*gap.span())}
            gone.update({match.start() + i: "" for i, c in enumerate(match[0]) if c == " " and i not in wide})
            draft.note(*match.span())
        elif pieces := _syllables("".join(match[0].split())):
            gone.update(_joined(match[0], match.start(), pieces))
            draft.note(*match.span())
    for match in _SPACED_PAIR.finditer(text) if draft.foreign else ():
        alien = any(draft.origin[i] in draft.foreign for i in range(*match.span(1)))
        if alien and match.start() not in gone and is_word(match[1].replace(" ", "")):
            gone.update({match.start() + i: "" for i, c in enumerate(match[1]) if c == " "})
    draft.replace(gone)


def _kept(text: str) -> set[int]:
    """The places of what is read to the letter: links, handles, addresses."""
    if "@" not in text and "." not in text:
        return set()
    return {place for match in _AS_IT_IS.finditer(text) for place in range(*match.span())}


def _taken_apart(word: str) -> bool:
    """Whether letters with signs between them are a word: many of them, or a syllable ("e.m", "H/à")."""
    if len(word) >= _MANY:
        return True
    marked = fold(word) != word.lower()
    small = word == word.lower() or (marked and word[1:] in {word[1:].lower(), word[1:].upper()})
    return small and is_word(word)


def _one_word(before: str, sign: str, after: str) -> bool:
    if after != after.lower() and before + after != (before + after).upper():
        return False
    whole, first, last = fold(nfc(before + after)), fold(nfc(before)), fold(nfc(after))
    if whole in KNOWN:
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
                or not (piece in KNOWN or (len(piece) <= _LONGEST and piece in syllables.LEGAL))
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


def _digits(draft: Draft) -> None:
    text = draft.text
    kept = _kept(text)
    changes: dict[int, str] = {}
    for match in _ROUND.finditer(text):
        # A slip of the finger as often as a trick.
        changes.update({match.start() + i: "0" for i, c in enumerate(match[0]) if c in "oO"})
    for match in _NUMBER.finditer(text):
        if sum(c.isdecimal() for c in match[0]) >= _LEAST_DIGITS:
            changes.update({match.start() + i: _AS_DIGIT[c] for i, c in enumerate(match[0]) if c in _AS_DIGIT})
    unsure: list[re.Match[str]] = []
    sure = 0
    for match in _LEET_WORD.finditer(text) if _ANY_LEET.search(text) else ():
        if match.start() in kept:
            continue
        said = _leet(match[0])
        if said and match[0][-1] not in _ENDS_A_NUMBER:
            sure += 1
            changes.update(_as_letters(match))
            draft.note(*match.span())
        elif said:
            unsure.append(match)
    if sure >= _MANY_TRICKS:  # "nh3" alone is a name of something
        for match in unsure:
            changes.update(_as_letters(match))
    draft.replace(changes)


def _as_letters(match: re.Match[str]) -> dict[int, str]:
    return {match.start() + i: _LEET[c] for i, c in enumerate(match[0]) if c in _LEET}


def _leet(word: str) -> bool:
    """Whether a word with signs or digits among its letters is one when these are read as letters."""
    bare = fold(nfc("".join(c for c in word if c not in _LEET)))
    if not any(c in _LEET for c in word):
        return False
    read = fold(nfc("".join(_LEET.get(c, c) for c in word)))
    if read in KNOWN:
        return True
    if read not in syllables.LEGAL:
        return False
    # "muo6n1" is typed in VNI: there a digit follows a vowel. No vowel before it: "h4i" is read with its digit.
    vowel = re.search(r"[aeiouy]\w*[0-9]", word, re.IGNORECASE)
    if bare in syllables.LEGAL and word.isascii() and vowel:
        return False
    return word[-1] not in _ENDS_A_NUMBER or (len(bare) > 1 and word == word.lower() and not vowel)
