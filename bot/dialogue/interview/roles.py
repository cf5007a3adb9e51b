"""Whether words that name or describe somebody speak of who is in danger or of who is behind it. Pure; Python 3.10-compatible.

Cues, not guesses: kin and pupils of the speaker, what somebody suffers, and on the other side who does it, who owns the
boat. Words with cues of both kinds, or of none, say nothing here. The words are content/interview/roles.yml.
"""

from __future__ import annotations

import re
from functools import lru_cache

from bot.core.text import fold
from bot.phrases.books import book

WHO, BEHIND, SPEAKER = "who", "behind", "speaker"
_BOOK = book("interview/roles")
_CAPITAL = r"[^\W\d_a-zà-ỹ]"
_CALLED = re.compile(rf"\b(?i:{_BOOK.part('named')}|{_BOOK.bare('named')})\b")
_ADDRESSED = rf"\b(?i:{_BOOK.part('addressed')}|{_BOOK.bare('addressed')}) "
_NAMED = re.compile(rf"{_ADDRESSED}{_CAPITAL}")
_FULL_NAME = re.compile(rf"(?<=\w )(?!(?i:{_BOOK.part('dates')}))(?:{_CAPITAL}\w*\s+){{1,4}}{_CAPITAL}\w*")
_ONE_NAME = re.compile(rf"{_ADDRESSED}(?!(?i:{_BOOK.part('dates')})\b){_CAPITAL}\w*")
_ORIGIN = re.compile(rf"\b(?i:{_BOOK.part('origin')}) {_CAPITAL}")  # "người Mông ở Hà Giang"
_LONGEST = 300  # characters


def of(text: str) -> str:
    """WHO or BEHIND: of whom words plainly speak; SPEAKER: whoever reports introduces themselves; "": no cue, or both."""
    text = text[:_LONGEST]
    if _says(text, "reporter"):
        return SPEAKER
    villain = _says(text, "villain")
    if _says(text, "harmed"):
        return "" if villain else WHO
    if villain or _does(text):
        return BEHIND
    return WHO if _says(text, "kin_of") or _says(text, "child") else ""


def describes(text: str) -> bool:
    """Whether words name somebody, give an age or say of what people somebody is."""
    return bool(_CALLED.search(text)) or (not text.isupper() and bool(_NAMED.search(text) or _ORIGIN.search(text)))


def acts(text: str) -> bool:
    """Whether words say what somebody does: "khuya tui lùi xe vô sân", "hắn lấy cây hắn đập"."""
    return _says(text, "acts")


def is_habit(text: str) -> bool:
    """Whether words say what somebody does often: "hay lảng vảng chỗ phòng khám kiếm mấy đứa có bầu"."""
    return _says(text, "habit")


def young_speaker(text: str) -> bool:
    """Whether somebody says of themselves that they are under 18, by age or by class."""
    return _says(text, "own_age")


def is_often(text: str) -> bool:
    """Whether words say how often something happens, and not when: "ngày nào cũng phải tiếp khách"."""
    return _says(text, "often")


def without_no_time(text: str, *, asked: bool = False) -> str:
    """Words without what only sounds like a time: "bao giờ", somebody called Mùa, an account of Lê Thị Năm, a wage by the day.

    asked: it was asked when; then "giờ vẫn còn" is a time.
    """
    if not text.isupper():  # where all is in capitals no word is a name more than another
        text = _ONE_NAME.sub(" ", _FULL_NAME.sub(" ", text))
    text = _pattern("no_time", text.isascii()).sub(" ", text.lower())
    return text if asked else _pattern("no_time_unasked", text.isascii()).sub(" ", text)


def _does(text: str) -> bool:
    return bool(_pattern("does_bare", True).search(fold(text))) if text.isascii() else _says(text, "does")


def _says(text: str, name: str) -> bool:
    bare = text.isascii()
    return bool(_pattern(name, bare).search(fold(text) if bare else text.lower()))


@lru_cache(maxsize=32)
def _pattern(name: str, bare: bool) -> re.Pattern[str]:
    return re.compile(_BOOK.bare(name) if bare else _BOOK.part(name))
