"""Questions people put back in the middle of the interview: each has a short answer, and none of them is a fact of the tip.

The words are content/interview/asked.yml, read in folded words with abbreviations written out; the answer to a list is the line
`tip_asked_<list>`. A question that no list knows and no page answers gets `tip_asked_other`. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import bot.phrases as phrases
from bot.core.text import normalise
from bot.dialogue.interview import kinds, own_contact, police, receipt_talk, safety
from bot.dialogue.interview.draft import Draft, Message, keep_words
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.phrases import waits
from bot.dialogue.reading import at_once, questions
from bot.phrases.books import book

BRIEF = frozenset(
    {"safe", "what", "where", "pick", "when", "who", "behind", "evidence", "reply", "contact", "confirm"}
)  # questions that are put again in fewer words after an answer
OTHER, AGAIN = "tip_asked_other", "tip_asked_again"
LONGEST = 18  # words of one question; more is a story
_BOOK = book("interview/asked")
_TOPICS = {name: _BOOK.anywhere(name) for name in _BOOK.names()}
_SURELY = 0.6  # of the tagger, that a clause asks
_PAUSE = re.compile(r"(?<=\?)|[.;:!\n]+|,\s")
_LEAST = 2  # words beside a question that may be the answer
_SMALL_MEANINGS = frozenset({"greet", "thank", "bot_challenge", "goodbye"})
_SAYS_NOTHING = ("small_talk", "pause", "resume", "opener")


@dataclass(frozen=True)
class AskedBack:
    """A question put back. line: its answer; rest: the same message without the question, where that tells anything; asked: the
    question beside it."""

    line: str
    rest: Message | None = None
    asked: str = ""


def topic(text: str) -> str:
    """The list that knows the question in `text`, one clause of a message, or ""."""
    if len(text.split()) > LONGEST:
        return ""
    words = normalise(text)
    return next((name for name, pattern in _TOPICS.items() if pattern.search(words)), "")


def heard(draft: Draft, question: str, message: Message) -> AskedBack | None:
    """What answers a question put back instead of, or beside, the answer to `question`; None where nothing is asked of us."""
    text = message.text
    if message.choice or message.receipt or message.emergency or not text:
        return None
    if (question == "receipt" and "sent" not in draft) or _has_its_own_reading(question, text):
        return None
    found = {clause: name for clause in _clauses(text) if (name := topic(clause))}
    if not found:
        return AskedBack(OTHER) if question != "receipt" and _only_asks(message) else None
    for clause in found if "sent" not in draft else ():
        if kinds.tells_event(
            questions.told_in(clause)
        ):  # "nó đánh con bé như vậy có phải tội không": answered, and kept
            keep_words(draft, Message(text=clause))
    rest = _without(message, list(found))
    return AskedBack(_line(draft, next(iter(found.values()))), rest, ", ".join(found) if rest else "")


def _clauses(text: str) -> list[str]:
    return [piece.strip() for piece in _PAUSE.split(text) if piece.strip()]


def _has_its_own_reading(question: str, text: str) -> bool:
    """Whether words that look like a question are heard elsewhere: a fear, a choice of who may read, a pause, a number."""
    if waits(text) or police.distrusts(text) or own_contact.PHONE.search(text):
        return True
    if at_once.steps_out(text) and not topic(text):
        return True
    if question == "receipt" and (receipt_talk.said(text) or phrases.contains(text, "pause")):
        return True
    return question == "confirm" and bool(police.heard(text))


def _line(draft: Draft, name: str) -> str:
    """The line for a question; asked once more, it points to the answer above."""
    above = name == "readers" and (police.goes_above(draft) or (draft.get("sent") or {}).get("above"))
    line = f"tip_asked_{name}_above" if above else f"tip_asked_{name}"
    before = draft.get("asked_back") or []
    draft["asked_back"] = [*before, line] if line not in before else before
    return AGAIN if line in before else line


def _without(message: Message, asked: list[str]) -> Message | None:
    """`message` without the clauses that ask, where what is left may tell something."""
    left = [clause for clause in _clauses(message.text) if clause not in asked]
    words = ", ".join(left)
    if len(words.split()) < _LEAST and not extract(words).traces:
        return None
    if phrases.means(words, *_SAYS_NOTHING):
        return None
    kept = tuple(row for row in message.clauses if not any(row[0] in clause or clause in row[0] for clause in asked))
    return replace(message, text=words, is_question=questions.is_question(words), clauses=kept)


def _only_asks(message: Message) -> bool:
    """Whether a short message surely does nothing but ask, of something that no page answers."""
    text, sure = message.text, message.confidence >= 0.5
    if not (message.is_question and message.clauses) or len(text.split()) > LONGEST:
        return False
    if (message.intent.startswith("ask_") and sure) or message.intent in _SMALL_MEANINGS:
        return False
    if questions.told_in(text) or extract(text).traces or kinds.names(text) or kinds.is_time(text):
        return False
    if message.place.get("status", "none") != "none" or safety.read(text) or phrases.contains(text, "pause"):
        return False
    return all(_asks_surely(ranked) for _, ranked in message.clauses)


def _asks_surely(ranked: tuple[tuple[str, float], ...]) -> bool:
    kind, sure = max(ranked, key=lambda row: row[1], default=("", 0.0))
    return kind == "ask" and sure >= _SURELY
