"""Something said before is put right, whatever was asked: the new value replaces the old where that stands, and stands nowhere else.

Where nothing old is found the words go to the section of their own kind: a time to when, a count to who, a sum to the story, a
number of somebody's to who is behind it, a landmark to the place. The words are content/interview/corrections.yml. Pure;
Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re

from bot.core.text import fold
from bot.dialogue.interview import corrections, counting, kinds, landmarks, own_contact, routing
from bot.dialogue.interview.draft import Draft, Message, Outcome, mark
from bot.dialogue.interview.extract import extract
from bot.dialogue.reading.clauses import clauses
from bot.phrases.books import book

_BOOK = book("interview/corrections")
_SURE, _SURE_BARE = _BOOK.anywhere("surely_righted"), _BOOK.anywhere("surely_righted_bare")
_SUM = re.compile(rf"(?<!\w)\d[\d.,]*\s*{_BOOK.part('money')}(?!\w)")
_ANYWHERE = frozenset({"safe", "pick", *routing.SLOTS})
_MOST_WORDS = 30  # a longer message is a story; what it puts right is replaced, and it is sorted like any other
_NEW_PLACE = "where"
_ASKS = "?"  # without it "sửa lại: bạn ấy nói còn 4 cô nữa" only sounds like a question
_BEFORE_SITE = 12  # characters: "dạ, ở quán Ánh Sao"


def heard(draft: Draft, question: str, message: Message) -> Outcome | None:
    """What follows if a message puts something right; None if it does not. The open question stays open."""
    if message.choice or message.emergency or question not in _ANYWHERE:
        return None
    if not puts_right(message.text) or (message.is_question and _ASKS in message.text):
        return None
    return Outcome(question, ("tip_added",)) if settle(draft, message, question) else None


def puts_right(text: str) -> bool:
    """Whether words surely put something right that was said before."""
    said = " ".join(text.lower().split())
    sure = _SURE_BARE.search(said) if text.isascii() else _SURE.search(said) or _SURE_BARE.search(fold(said)[:24])
    return bool(sure or corrections.pairs(text))


def settle(draft: Draft, message: Message, question: str = "") -> bool:
    """Put right what a message puts right. False: it belongs nowhere by itself, and is sorted like any other."""
    found = extract(message.text)
    replaced = corrections.put_right(draft, message.text, found)
    kind = kind_of(message.text) if len(message.text.split()) <= _MOST_WORDS else ""
    if kind == "who" and recounted(draft, message.text):
        draft["people_righted"] = True
    if replaced:
        return True
    if not kind or (kind == question and not corrections.pairs(message.text)):
        return False
    _put(draft, kind, message)
    return True


def recounted(draft: Draft, text: str) -> bool:
    """Take the number of people that is put right. Whether there is one."""
    if corrections.recount(draft, text):
        return True
    people = counting.count(text, draft.get("people"))
    draft.update({"people": people} if people else {})
    return bool(people)


def kind_of(text: str) -> str:
    """The question that a correction speaks of: that of the value denied, of the one given, or of its first clause with a value; or ''."""
    told = [value for pair in corrections.pairs(text) for value in pair]
    told += [clause.text for clause in clauses(text)]
    return next((kind for kind in map(_of_value, told) if kind), "")


def _of_value(words: str) -> str:
    found = extract(words)
    if found.traces:
        return "behind"
    if _SUM.search(fold(words)):
        return "what"
    if counting.is_sure(words):
        return "who"
    if kinds.is_time(words):
        return "when"
    site = next(iter(landmarks.named_in(words)), "")
    return _NEW_PLACE if site and words.find(site) <= _BEFORE_SITE else ""


def _put(draft: Draft, kind: str, message: Message) -> None:
    """The words to the one section they belong to. A time answers when; the names of people are still to be asked."""
    words = own_contact.split(message.text)[0].strip()
    if kind == _NEW_PLACE:
        where = draft.get("where") or {"status": "none"}
        said = str(where.get("text") or "")
        draft["where"] = {**where, "text": f"{said}; {words}".strip("; ")}
    else:
        routing.add(draft, kind, words)
    found = extract(message.text)
    if found.traces:
        draft["traces"] = list(dict.fromkeys([*draft.get("traces", ()), *found.traces]))
        corrections.drop_denied(draft, message.text, found)
    if found.child:
        draft["child"] = True
    if kind == "when":
        mark(draft, kind)
