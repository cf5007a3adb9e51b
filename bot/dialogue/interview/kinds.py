"""Of what kind an answer is: a time, a place, people, somebody behind it. A question closes only with its own kind.

Pure; Python 3.10-compatible. Marks count where they are typed: "sau" (after) is no "sáu", "ở đầu" no "ở đâu".
"""

from __future__ import annotations

import re

import bot.phrases as phrases
from bot.core.text import fold
from bot.dialogue.interview import roles
from bot.dialogue.interview.draft import PLACED, Message
from bot.dialogue.interview.extract import extract
from bot.phrases.books import book

_LONG = 10  # words; a longer sentence with an event in it is a story, wherever it is told
_DATE, _SINCE = (book("interview/answers").anywhere(name) for name in ("date", "since"))
_BEGINS = book("interview/answers").begun("time_begins")
_HELD, _HELD_BARE = (book("interview/answers").anywhere(name) for name in ("evidence_held", "evidence_held_bare"))
_FEW = 8  # words of an answer that begins as a time
_NAME = re.compile(r"(?<=\s)[^\W\d_a-zà-ỹ][^\W\d_]+")
_OTHER_SCRIPT = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_TRACE = re.compile(r"\d{5,}|@\w|(?:\d[ .\-]?){6,}")
_SHORT = 4  # words of a name nobody has heard of


def tells_event(text: str) -> bool:
    """Whether a sentence says that somebody did something to somebody."""
    return len(text.split()) >= 4 and any(
        phrases.contains(text[start : start + 180], "event") for start in range(0, min(len(text), 1_800), 150)
    )


def is_story(text: str) -> bool:
    """A whole sentence of what happened, told under whatever question."""
    return len(text.split()) > _LONG and tells_event(text)


def fits(question: str, message: Message) -> bool:
    """Whether the words are of the kind that `question` asks for."""
    reader = _READERS.get(question)
    return reader is None or bool(_OTHER_SCRIPT.search(message.text)) or reader(message)


def is_time(text: str, *, asked: bool = False) -> bool:
    """Whether words speak of when. "Bao giờ có người tới?" and somebody called Mùa do not.

    asked: it was asked when; then "hồi lúa chín", "sau khi thi xong" is a time as well.
    """
    text = roles.without_no_time(text, asked=asked)
    folded = fold(text)
    return bool(_DATE.search(folded)) or phrases.contains(text, "time") or (asked and bool(_SINCE.search(folded)))


def begins_as_time(text: str) -> bool:
    """Whether the few words of an answer to "when?" begin with a word for a time: "hôm chợ phiên", "lúc lúa vừa gặt"."""
    return len(text.split()) <= _FEW and bool(_BEGINS.match(fold(text)))


def holds_evidence(text: str) -> bool:
    """Whether somebody says in passing that they have a picture, a message, a paper: "điện thoại nó giữ rồi" is none."""
    return bool(_HELD_BARE.search(text.lower()) if text.isascii() else _HELD.search(text.lower()))


def _time(message: Message) -> bool:
    return is_time(message.text, asked=True) and not is_story(message.text)


def _place(message: Message) -> bool:
    if message.place.get("status") in PLACED:
        return True
    text = message.text
    if phrases.contains(text, "landmark"):
        return not tells_event(text) or phrases.begins(text, "landmark") or phrases.begins(text, "at")
    if tells_event(text):
        return False
    return phrases.begins(text, "at") or bool(_NAME.search(text))


def names(text: str) -> bool:
    """Whether a name stands inside a sentence: a word with a capital that is not the first."""
    return bool(_NAME.search(text)) and not text.isupper()


def nameish(text: str) -> bool:
    """A few words none of which belongs to a sentence: the name of a place or a person nobody has heard of."""
    return len(text.split()) <= _SHORT and not phrases.contains(text, "of_sentences")


def _people(message: Message) -> bool:
    text = message.text
    if extract(text).people or (re.search(r"\d", text) and not is_time(text)):
        return True
    if phrases.contains(text, "people"):
        return True
    return phrases.means(text, "persons") or bool(_NAME.search(text))


def _behind(message: Message) -> bool:
    text = message.text
    if extract(text).traces or _TRACE.search(text) or _NAME.search(text):
        return True
    return phrases.contains(text, "people") or phrases.contains(text, "behind") or phrases.means(text, "persons")


_READERS = {"when": _time, "where": _place, "who": _people, "behind": _behind}
