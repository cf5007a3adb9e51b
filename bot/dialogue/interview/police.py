"""Whether the commune's own police should not read a tip: asked of everybody at the read-back, and heard in words.
The words are content/interview/police.yml.

A choice that was made counts over what the words suggest. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import bot.phrases as phrases
from bot.core.text import fold
from bot.phrases.books import book

ABOVE = "police:above"
COMMUNE = "police:commune"
_ANSWERS = {"ans:above": ABOVE, "ans:send_above": ABOVE, "ans:commune": COMMUNE}

_BOOK = book("interview/police")
_CONFLICT = _BOOK.anywhere("conflict")
# Said of somewhere else or of the past, or to the credit of the police.
_HARMLESS = _BOOK.anywhere("harmless")
_BARE = _BOOK.anywhere("bare")
_DONT = re.compile(
    rf"^\W*(?:{_BOOK.part('before_dont')} )*(?P<dont>{_BOOK.part('dont')})\b(?! {_BOOK.part('dont_worry')})"
)
# "dung" without its marks is "don't" only before what one is asked not to do.
_BARE_DONT = _BOOK.anywhere("bare_dont")
_ABOVE = _BOOK.anywhere("send_above")
_TYPED_DONT, _TYPED_DUNG = frozenset(_BOOK.entries("typed_dont")), frozenset(_BOOK.entries("typed_dung"))
_TYPED_NOT_DONT = _BOOK.anywhere("typed_not_dont")
_DO = _BOOK.anywhere("commune_too")
# Taken back: the commune's police may read it after all.
_AFTER_ALL = _BOOK.anywhere("after_all")
_SENDS = _BOOK.words("says_send")


def conflicted(text: str) -> bool:
    """Whether words say that police or officials of the commune are involved, or must not read this."""
    folded = " ".join(fold(text).split())
    return any(_CONFLICT.search(part) and not _HARMLESS.search(part) for part in re.split(r"[.!?\n;]+", folded))


def chosen(choice: str) -> str:
    """What a button of the read-back says of it: ABOVE, COMMUNE, or ''."""
    return _ANSWERS.get(choice, "")


def heard(text: str) -> str:
    """What free words at the read-back say of it: ABOVE, COMMUNE, or ''."""
    written = " ".join(text.split())
    folded = fold(written)
    if phrases.means(text, "yes", "send", beside=("small_talk",)):
        return ""  # "dạ đúng rồi", "đúng, gửi đi": no "đừng", with the marks or without
    if conflicted(text):
        return ABOVE
    if _AFTER_ALL.search(folded):
        return COMMUNE
    if _asks_above(written, folded):
        return ABOVE
    if _DO.match(folded):
        return COMMUNE
    found = _DONT.match(folded)
    return ABOVE if found and len(folded.split()) > 1 and _is_dont(written, folded, found) else ""


def distrusts(text: str) -> bool:
    """Whether words said to whatever question keep a tip away from the commune's police, or tell why."""
    if phrases.means(text, "refuses", beside=("no", "soft_stop")):
        return False  # "mình không muốn nói phường nào" speaks of no police
    written = " ".join(text.split())
    folded = fold(written)
    return conflicted(text) or (not _AFTER_ALL.search(folded) and _asks_above(written, folded))


def sends(text: str) -> bool:
    """Whether words that let the commune's police read it are more than praise of them: they say to send, too."""
    return bool(_SENDS.search(fold(text)))


def _asks_above(written: str, folded: str) -> bool:
    found = _ABOVE.search(folded)
    return found is not None and not (
        len(written) == len(folded) and _TYPED_NOT_DONT.match(written[found.start() :].lower())
    )


def _is_dont(written: str, folded: str, found: re.Match[str]) -> bool:
    """Whether "dung" is "đừng": typed so, or without its marks and before what is not to be done."""
    if found["dont"] != "dung" or len(written) != len(folded):
        return True
    typed = written[found.start("dont") : found.end("dont")].lower()
    if typed in _TYPED_DONT:
        return True
    return typed in _TYPED_DUNG and bool(_BARE_DONT.match(folded[found.end() :]))


def is_bare(text: str) -> bool:
    """Nothing but "có" or "không", to a read-back that puts two questions."""
    return bool(_BARE.match(fold(text)))


def goes_above(draft: Mapping[str, Any]) -> bool:
    """Whether a tip passes over the commune's police."""
    choice = draft.get("police")
    return choice == ABOVE or (bool(draft.get("conflict")) and choice != COMMUNE)
