"""Where somebody in danger is, and whether they can speak: what the first line of an emergency answer depends on.

113 and 111 cannot be reached from abroad, so a foreign place in the words brings the consular line first; who cannot
speak is told to write. Also who a frightened child is, so that it is spoken to like one. The words are
content/danger/vi/circumstances.yml, and marks.yml for those that only look alike without their marks.
"""

from __future__ import annotations

import re

from bot.core.text import excerpt, normalise
from bot.dialogue.triage import meant
from bot.phrases.books import book

_BOOK, _MARKS = book("danger/vi/circumstances"), book("danger/vi/marks")
HEAD, TAIL = 1_400, 500  # characters read, as in the triage

_FOREIGN = _BOOK.words("foreign_place")
_COUNTRIES = {
    name.removeprefix("in_"): _BOOK.words(name)
    for name in ("in_cambodia", "in_myanmar", "in_china", "in_taiwan", "in_laos")
}
# A nationality is no place: "người Trung Quốc", "công ty Trung Quốc", "tiếng Thái".
_NATIONALITY = _BOOK.words("nationality")
# Not there yet: about to be taken, sold, sent.
_NOT_YET = _BOOK.words("not_yet")

_CANNOT_CALL = _BOOK.words("cannot_call")
# Not allowed to, no card in the telephone, only somebody else's wifi, or writing in secret.
_NO_LINE = _BOOK.words("no_line")
_DEAF_ONLY = _BOOK.words("deaf")

_CHILD_SELF = _BOOK.words("child_self")
_CHILD_VOICE = re.compile(
    rf"^(?:{_BOOK.part('child_before')} )*({_BOOK.part('child_says_i')}) (?!{_BOOK.part('child_not')})(?:\w+ )*?"
    rf"{_BOOK.part('child_feels')}\b"
)
# "em" is what every younger adult says, too.
_SCHOOL = _BOOK.words("school")
_GROWN_UP = _BOOK.words("grown_up")
_TALK = _BOOK.words("talk")
_RETURNED = _BOOK.words("returned")
# With their marks these are no country: "cảm thấy" is not Cam, "Miến" (not the noodles) is Myanmar, "câm" cannot speak.
_NOT_CAM, _MYANMAR = _MARKS.words("not_cam"), _MARKS.words("myanmar")
_DUMB = _MARKS.words("dumb", any_case=True)
_FEELS = _BOOK.words("feels")


def _words(message: str) -> str:
    return normalise(excerpt(message, HEAD, TAIL))


def abroad(message: str) -> bool:
    """Whether a foreign place is named as where somebody is: not a nationality, not where they are about to be taken."""
    return _FOREIGN.search(_abroad_words(message)) is not None


def country(message: str) -> str:
    """In which of the countries with a list of their own somebody is, or "". A town says more than a country's short name."""
    text = _abroad_words(message)
    found = {name: match.start() for name, pattern in _COUNTRIES.items() if (match := pattern.search(text))}
    return min(found, key=lambda name: found[name], default="")


def _abroad_words(message: str) -> str:
    """The words in which a foreign place would be where somebody is; "" where none can be."""
    text = _FEELS.sub(" ", _words(_MYANMAR.sub("myanmar", _NOT_CAM.sub("kam", message))))
    if not _FOREIGN.search(text) or _TALK.search(text):
        return ""
    return _RETURNED.sub(" ", _NOT_YET.sub(" ", _NATIONALITY.sub(" ", text)))


def cannot_call(message: str, kind: str = "") -> bool:
    """Whether the writer cannot call or speak. kind: the emergency found; "không gọi được" of somebody missing is theirs."""
    text = _words(message)
    if kind == "missing_person":
        return _DEAF_ONLY.search(text) is not None
    return bool(_CANNOT_CALL.search(text) or _NO_LINE.search(text) or _DUMB.search(message[: HEAD + TAIL]))


def is_child(message: str) -> bool:
    """Whether a child speaks of itself, by age or class, or in a child's words."""
    text = meant.without_own_child(_words(message))
    if _GROWN_UP.search(text):
        return False
    voice = _CHILD_VOICE.search(text)
    return bool(_CHILD_SELF.search(text) or (voice and (voice[1] != "em" or _SCHOOL.search(text))))


def tells_of_child(message: str) -> bool:
    """Whether a grown-up (a teacher, a parent, a neighbour) writes about a child."""
    return _GROWN_UP.search(_words(message)) is not None
