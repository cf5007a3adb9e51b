"""Letters, marks and characters that are not what they seem: the first half of bot.core.disguise.

Standard library only, Python 3.10-compatible, linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata

from bot.core import syllables
from bot.core.disguise_draft import Draft
from bot.core.lookalikes import CIRCLED, OTHER_SCRIPTS, SMALL, STYLED, TURNED
from bot.core.text import fold, nfc

_ODD = frozenset([*OTHER_SCRIPTS, *STYLED])
_LETTERS = re.compile(r"(?:[^\W\d_]|[\u0300-\u036f])+")
# In Khmer, Thai and Persian some of these divide words, so they go only beside Latin letters and digits.
_HIDDEN = r"\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0000-\U000e007f"
_LATIN = r"0-9A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff"
_HIDDEN_RUN = re.compile(rf"(?<=[{_LATIN}])[{_HIDDEN}]+|(?<![{_HIDDEN}])[{_HIDDEN}]+(?=[{_LATIN}])")
# Marks that no Vietnamese letter has: lines through and under words, piles, the box of a key.
_STRANGE_MARKS = re.compile(
    r"[\u0304\u0305\u0307\u0308\u030a-\u031a\u031c-\u0322\u0324-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_LATIN_RUN = re.compile(rf"[{_LATIN}]+")
_VIETNAMESE_MARKS = re.compile(r"[\u0300-\u0303\u0306\u0309\u031b\u0323]+")
_MANY_HIDDEN = 2  # one alone comes from copying
_FLAG_LETTERS = re.compile(r"[\U0001f1e6-\U0001f1ff](?:[\s\u200b-\u200d\u2060]{1,2}[\U0001f1e6-\U0001f1ff]){2,}")
_LINE = re.compile(r"[^\n]+")
_UPSIDE_DOWN = frozenset(c for c in TURNED if not c.isascii())
_LEAST_TURNED = 4  # such letters in a line that is read from the other end
_RUSSIAN_OR_GREEK = re.compile(r"[а-яёА-ЯЁα-ωΑ-Ω]+")
_UNIT_AFTER = re.compile(r"\s?(?:tr|triệu|trieu|k|nghìn|ngàn|nghin|ngan|củ|cu|usd|đô|%|\$)(?![^\W\d_])", re.IGNORECASE)
# Longer than a syllable, and what the disguise is usually for.
KNOWN = frozenset(
    re.findall(
        r"\w+",
        """campuchia campochia cambodia camphuchia myanmar mianma casino shopee lazada tiktok telegram zalo facebook youtube
    bitcoin usdt bavet dubai macau poipet sihanouk viettel sendo tiki""",
    )
)


def read(draft: Draft) -> None:
    """Put plain letters where others stand, and take out what the eye does not see."""
    text = draft.text
    if text.isascii():
        return
    if not _UPSIDE_DOWN.isdisjoint(text):
        _turned(draft)
    _marks(draft)
    if not _ODD.isdisjoint(draft.chars):
        _other_letters(draft)
    _flag_letters(draft)
    _hidden(draft)


def composed(draft: Draft) -> None:
    """Letters and their marks as one character each, as everything else is written."""
    changes: dict[int, str] = {}
    text = draft.text
    for match in _VIETNAMESE_MARKS.finditer(text):
        first = match.start() - 1
        if first < 0:
            continue
        letter = unicodedata.normalize("NFC", text[first] + match[0])
        if len(letter) == 1:
            changes.update({first: letter} | dict.fromkeys(range(*match.span()), ""))
    draft.replace(changes)


def is_word(word: str) -> bool:
    """Whether it is a syllable of Vietnamese, or one of the words that are disguised most."""
    folded = fold(nfc(word))
    return folded in syllables.LEGAL or folded in KNOWN


def _turned(draft: Draft) -> None:
    for line in _LINE.finditer(draft.text):
        odd = sum(c in _UPSIDE_DOWN for c in line[0])
        if odd < _LEAST_TURNED or 4 * odd < sum(c.isalpha() for c in line[0]):
            continue
        forth = "".join(TURNED.get(c, c) for c in line[0])
        back = forth[::-1]
        words = {said: sum(is_word(word) for word in said.split()) for said in (back, forth)}
        best = max(words, key=lambda said: words[said])
        if 2 * words[best] < len(best.split()):
            continue
        draft.note(*line.span())
        if best == back:
            draft.turn(*line.span(), back)
        else:
            draft.replace({line.start() + i: c for i, c in enumerate(forth)})


def _marks(draft: Draft) -> None:
    """Lines through the words, piles of marks, the box around a digit."""
    text = draft.text
    found = [m for m in _STRANGE_MARKS.finditer(text) if m.start() and _LATIN_RUN.match(text[m.start() - 1])]
    found += [m for m in _STRANGE_MARKS.finditer(text) if m.start() and not text[m.start() - 1].isalnum()]
    if sum(text[m.start() - 1].isalpha() for m in found) >= _LEAST_TURNED:
        draft.note(found[0].start() - 1, found[-1].end() if found[-1].end() > found[0].start() else found[0].end())
    draft.replace({i: "" for match in found for i in range(*match.span())})


def _flag_letters(draft: Draft) -> None:
    """The letters flags are made of, one by one: together two of them are a flag."""
    changes: dict[int, str] = {}
    for match in _FLAG_LETTERS.finditer(draft.text):
        draft.note(*match.span())
        for i, char in enumerate(match[0]):
            flag = 0x1F1E6 <= ord(char) <= 0x1F1FF
            changes[match.start() + i] = chr(ord(char) - 0x1F1E6 + ord("a")) if flag else ""
    draft.replace(changes)


def _hidden(draft: Draft) -> None:
    text = draft.text
    found = list(_HIDDEN_RUN.finditer(text))
    inside = [m for m in found if text[m.start() - 1 : m.start()].isalpha() and text[m.end() : m.end() + 1].isalpha()]
    inside = [m for m in inside if not re.fullmatch("[\ufe00-\ufe0f]+", m[0])]
    if len(inside) >= _MANY_HIDDEN:
        draft.note(*inside[0].span())
    draft.replace({i: "" for match in found for i in range(*match.span())})


def _other_letters(draft: Draft) -> None:
    text = draft.text
    changes = {
        i: STYLED[c] for i, c in enumerate(text) if c in STYLED and c not in CIRCLED and not _of_chinese(text, i)
    }
    changes.update(_circled(text))
    for match in _LETTERS.finditer(text):
        styled = any(c in STYLED and STYLED[c].isalpha() for c in match[0])
        if any(c in SMALL for c in match[0]) or (styled and any(c.isascii() for c in match[0])):
            draft.note(*match.span())  # a whole word in another style is taste, half a word is not
    boxed = [i for i, c in enumerate(text) if c in STYLED and not c.isalnum() and STYLED[c].isalpha()]
    halves = [i for i in boxed if (text[i - 1 : i] + text[i + 1 : i + 2].strip("\ufe0f")).isalpha()]
    if len(halves) >= _MANY_HIDDEN:  # "mu🅰️ th🅰️n"
        draft.note(halves[0], halves[0] + 1)
    latin = sum(c.isascii() and c.isalpha() for c in text) + sum("ạ" <= c <= "ỹ" for c in text)
    foreign = [m for m in _LETTERS.finditer(text) if any(c in OTHER_SCRIPTS for c in m[0])]
    whole = sum(len(m[0]) for m in foreign if not any(map(_is_latin, m[0])))
    for match in foreign:
        word = match[0]
        if not all(c in OTHER_SCRIPTS or c in STYLED or _is_latin(c) for c in word):
            continue  # real Russian or Greek
        if not any(map(_is_latin, word)) and (latin < 3 * whole or _may_be_foreign(word)):
            continue
        changes.update({match.start() + i: OTHER_SCRIPTS[c] for i, c in enumerate(word) if c in OTHER_SCRIPTS})
        draft.note(*match.span())
        draft.foreign.update(draft.origin[i] for i in range(*match.span()) if text[i] in OTHER_SCRIPTS)
    draft.replace(changes)


def _of_chinese(text: str, place: int) -> bool:
    """Whether a full-width sign stands among no full-width letters: Chinese and Japanese are written with it."""
    if STYLED[text[place]].isalnum():
        return False
    return not any(c in STYLED and STYLED[c].isalnum() for c in text[max(0, place - 2) : place + 3])


def _may_be_foreign(word: str) -> bool:
    """Whether a word of another alphabet says nothing in Vietnamese: then it is Russian or Greek as it stands."""
    if len(word) < 2 or not _RUSSIAN_OR_GREEK.fullmatch(word):
        return False
    return not is_word("".join(OTHER_SCRIPTS[c] for c in word))


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
