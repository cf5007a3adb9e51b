"""What counts more than the open question once a tip is sent: an urgent word, a phone about to be looked at, a question of one's own.

Pure; Python 3.10-compatible. The words are content/interview/after_sending.yml, and those of an urgent further message
content/danger/vi/further.yml.
"""

from __future__ import annotations

import re

from bot.core.text import fold, normalise
from bot.dialogue.interview import receipt_talk
from bot.dialogue.interview.draft import Draft, Message
from bot.dialogue.interview.phrases import waits
from bot.dialogue.reading.questions import is_question
from bot.dialogue.triage import followup
from bot.phrases.books import book

MOST_WORDS = 18  # more is a story, in which these words mean something else
_BOOK = book("interview/after_sending")
_WATCHED, _WATCHED_NOT = _BOOK.anywhere("watched"), _BOOK.anywhere("watched_not")
_REVIEWS = _BOOK.anywhere("reviews")
_HIDES, _HIDES_NOT = _BOOK.anywhere("hides"), _BOOK.anywhere("hides_not")
_COPIED, _LOST, _LOST_BARE, _YOUNG = (_BOOK.anywhere(name) for name in ("copied", "code_lost", "lost_bare", "young"))
# Questions of their own, and the line that answers each.
_ASKED = (
    (_BOOK.anywhere("asks_code"), "receipt_what"),
    (_BOOK.anywhere("takedown"), "tip_after_takedown"),
    (_BOOK.anywhere("asks_call"), "tip_after_called"),
    (_BOOK.anywhere("asks_reader"), "tip_after_readers"),
)
_URGENT = ("tip_after_urgent", "tip_after_urgent_again", "tip_after_urgent_more")


def _readings(text: str) -> tuple[str, ...]:
    """Standard words, and the words as typed without marks: abbreviations of Vietnamese would spoil English."""
    found = (normalise(text), " ".join(re.findall(r"\w+", fold(text))))
    return found if found[1] and len(found[1].split()) <= MOST_WORDS else ()


def _says(pattern: re.Pattern[str], text: str) -> bool:
    return any(pattern.search(words) for words in _readings(text))


def is_watched(text: str) -> bool:
    """Whether somebody is about to look at this phone."""
    return _says(_WATCHED, text) and not _says(_WATCHED_NOT, text) and receipt_talk.said(text) != "no_place"


def hides(text: str) -> bool:
    """Whether this conversation has to go from the screen now: somebody is about to look, or it is asked how."""
    return is_watched(text) or (_says(_HIDES, text) and not _says(_HIDES_NOT, text))


def own_question(text: str) -> str:
    """The line that answers a question of their own about the tip or its code, or ""."""
    return next((line for pattern, line in _ASKED if _says(pattern, text)), "")


def copied(text: str) -> bool:
    """Whether nothing is said but that the code was written down. "Ok", "rồi" may answer another question, and count not."""
    return _says(_COPIED, text)


def code_lost(text: str, *, asked: bool = False) -> bool:
    """Whether somebody says that they no longer have the code. asked: the code was just asked for, so "quên rồi" is enough."""
    return _says(_LOST, text) or (asked and _says(_LOST_BARE, text))


def reviews(text: str) -> bool:
    """Whether the tip as it was sent is asked for."""
    return _says(_REVIEWS, text)


def presses(message: Message) -> bool:
    """Whether a message tells of danger now or soon, by the words that make a sent tip urgent."""
    asks = is_question(message.text) and not message.emergency
    return not (asks or waits(message.text)) and (message.emergency or followup.pressing(message.text))


def tells_of_the_young(draft: Draft, text: str) -> bool:
    """Whether an age or a class under 18 is told that was not told before."""
    return not draft["sent"].get("young") and _says(_YOUNG, text)


def urgent_line(draft: Draft) -> str:
    """How an urgent word is acknowledged: never the same words twice in a row."""
    times = draft["sent"].get("urgent", 0)
    draft["sent"]["urgent"] = times + 1
    return _URGENT[times] if times < len(_URGENT) else _URGENT[1 + (times + 1) % 2]
