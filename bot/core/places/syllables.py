"""Text as syllables, each with its letters, its diacritics and its tone kept apart. Standard library only.

Place names are compared syllable by syllable, never by substring: "đánh nhau" contains "danhnhau", which contains
"hanh", and a resolver that searches substrings finds Hà Nội in it. Letters find a name; diacritics and tone, where
the writer typed them, may then refuse it ("hai phòng", two rooms, is not Hải Phòng).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_TONE_MARKS = {"\u0300": 1, "\u0301": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
ACUTE, HOOK, TILDE = 2, 3, 4
_SHAPE_MARKS = {"\u0302", "\u0306", "\u031b"}
_STOPS = ("p", "t", "c", "k", "ch")
_APOSTROPHES = "'’‘`´ʼ"
_NO_APOSTROPHE = dict.fromkeys(map(ord, _APOSTROPHES))


def _tables() -> tuple[dict[int, str], dict[int, str], dict[str, int]]:
    """For every letter of Vietnamese: without all marks, without the tone only, and its tone."""
    base: dict[int, str] = {}
    shape: dict[int, str] = {}
    tone: dict[str, int] = {}
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
        for mark in ("", *_TONE_MARKS):
            letter = unicodedata.normalize("NFC", vowel + mark)
            plain = "".join(c for c in unicodedata.normalize("NFD", vowel) if c not in _SHAPE_MARKS)
            if len(letter) == 1:
                base[ord(letter)] = plain.lower()
                shape[ord(letter)] = vowel.lower()
                if mark:
                    tone[letter.lower()] = _TONE_MARKS[mark]
    for letter in "đĐ":
        base[ord(letter)] = "d"
        shape[ord(letter)] = "đ"
    # Marks Vietnamese does not use but the names of minority places and phones do (ö, ñ, ŏ...).
    for code in range(0xC0, 0x250):
        letter = chr(code)
        if code in base or not letter.isalpha():
            continue
        plain = unicodedata.normalize("NFD", letter)[0].lower()
        if plain.isascii():
            base[code] = plain
            shape[code] = plain
    return base, shape, tone


_BASE, _SHAPE, _TONE = _tables()
_TOKEN = re.compile(rf"(?:[^\W\d_]|[{_APOSTROPHES}](?=[^\W\d_]))+|\d+")
_MARKED = re.compile("[" + "".join(sorted(_TONE)) + "ăâêôơưđ]")


@dataclass(frozen=True, slots=True, eq=False)
class Token:
    """One syllable, or one number, of a text. Equal syllables of a text share one object.

    base: letters without any mark, i and y made one where Vietnamese spells them freely. shape: with ă â ê ô ơ ư đ.
    tone: 0-5. gap: what stands before it: "" nothing, " " spaces, "," soft punctuation, "." the end of a sentence or
    line. capital: written with a capital first letter. marked: the writer typed a diacritic.
    """

    base: str
    shape: str
    tone: int
    gap: str
    capital: bool
    marked: bool


def _one_i(base: str, shape: str) -> tuple[str, str]:
    """Mỹ = Mĩ, Quý = Quí: a final y after a consonant (or qu) is written i. Same length."""
    if len(base) > 1 and base[-1] == "y" and (base[-2] not in "aeiouy" or base.endswith("quy")):
        return base[:-1] + "i", shape[:-1] + "i"
    return base, shape


def syllable(word: str) -> tuple[str, str, int]:
    """(base, shape, tone) of one NFC word; apostrophes are dropped (H'Leo = Hleo).

    A syllable closed by p t c k cannot carry the level tone, so its acute is redundant and not counted: Đắk = Đăk.
    """
    lowered = word.lower().translate(_NO_APOSTROPHE)
    if lowered.isdigit():
        number = lowered.lstrip("0") or "0"
        return number, number, 0
    if lowered.isascii():
        base, shape = _one_i(lowered, lowered)
        return base, shape, 0
    base, shape = _one_i(lowered.translate(_BASE), lowered.translate(_SHAPE))
    tone = 0
    for letter in lowered:
        if letter in _TONE:
            tone = _TONE[letter]
            break
    if tone == ACUTE and base.endswith(_STOPS):
        tone = 0
    return base, shape, tone


def _gap(between: str) -> str:
    """What kind of break the characters between two tokens are."""
    if not between:
        return ""
    if between.isspace() and "\n" not in between:
        return " "
    if "\n" in between or re.search(r"[!?;…]|\.(?=\s)|\.$", between):
        return "."
    return ","


def tokens(text: str) -> list[Token]:
    """Syllables of an NFC text, in order. Linear in its length.

    Letters and digits written together are cut apart ("p12" gives p and 12 with gap ""). A full stop inside an
    abbreviation ("tp.hcm", "p. 12") is a soft break; only a stop after a longer word ends a sentence.
    """
    found: list[Token] = []
    last_end = 0
    made: dict[tuple[str, str], Token] = {}
    for match in _TOKEN.finditer(text):
        word = match.group()
        between = text[last_end : match.start()]
        last_end = match.end()
        if between == " " and found:
            gap = " "
        else:
            gap = _gap(between) if found else "."
            if gap == "." and found and len(found[-1].base) <= 2 and between.strip() == ".":
                gap = ","
        token = made.get((word, gap))
        if token is None:
            base, shape, tone = syllable(word)
            token = made[word, gap] = Token(base, shape, tone, gap, word[0].isupper(), tone > 0 or shape != base)
        found.append(token)
    return found


@dataclass(frozen=True, slots=True)
class Name:
    """A place name taken apart, one word per syllable.

    key: letters without marks, what finds it. shapes: letters with ă â ê ô ơ ư đ. tones: one digit per syllable.
    loose: diacritics are not known or not reliable (a former name kept only as letters, a minority language).
    """

    key: str
    shapes: str
    tones: str
    loose: bool = False

    @property
    def syllables(self) -> list[tuple[str, int]]:
        """(letters with their shape marks, tone) of each syllable."""
        return [(shape, int(tone)) for shape, tone in zip(self.shapes.split(), self.tones, strict=True)]


def name(text: str, loose: bool = False) -> Name:
    """Take a written place name apart."""
    parts = [syllable(m.group()) for m in _TOKEN.finditer(unicodedata.normalize("NFC", text))]
    return Name(" ".join(p[0] for p in parts), " ".join(p[1] for p in parts), "".join(str(p[2]) for p in parts), loose)


def agreement(written: list[Token], known: Name) -> int | None:
    """How well typed diacritics fit a name with the same letters.

    0: every mark as in the name. n > 0: n syllables lack marks the name has. None: a typed mark contradicts the name.
    """
    if known.loose:
        return 0
    missing = 0
    for token, (shape, tone) in zip(written, known.syllables, strict=True):
        if token.shape == shape and token.tone == tone:
            continue
        if token.tone and token.tone != tone:
            return None
        if token.shape != shape and not _subset(token.shape, shape):
            return None
        missing += 1
    return missing


def conflicts(written: list[Token], known: Name) -> int:
    """Number of syllables whose typed marks contradict the name; hỏi and ngã, which half the country does not
    tell apart, count as no conflict."""
    count = 0
    for token, (shape, tone) in zip(written, known.syllables, strict=True):
        both_soft = {token.tone, tone} == {HOOK, TILDE}
        if (token.tone and token.tone != tone and not both_soft) or not _subset(token.shape, shape):
            count += 1
    return count


def _subset(typed: str, full: str) -> bool:
    """Every letter typed is the full letter or that letter without its marks."""
    return len(typed) == len(full) and all(a == b or a == b.translate(_BASE) for a, b in zip(typed, full, strict=True))


def is_marked(text: str) -> bool:
    """Any Vietnamese diacritic at all."""
    return _MARKED.search(text.lower()) is not None
