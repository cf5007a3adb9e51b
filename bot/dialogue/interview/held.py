"""What is told while help for who has harmed themself, or means to, holds an open report: it waits, and goes into the report.

Nothing is asked meanwhile, so the words wait in the draft, sealed with it; when the report goes on they become part of it. What
was said of dying or of pills itself is not among them. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.interview import asked, kinds, people_told, verbatim
from bot.dialogue.interview.draft import Draft, Message, keep_words
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.place_beside import take_told_place
from bot.dialogue.reading import questions

KEY = "held"
MOST, MOST_CHARS = 8, 2_000  # messages; characters of each
_PLACED = frozenset({"commune", "candidates", "province", "foreign"})


def tells(text: str, place: Mapping[str, Any]) -> bool:
    """Whether words tell something that belongs to a report."""
    if not text or asked.topic(text) or (questions.is_question(text) and not questions.told_in(text)):
        return False
    return (
        place.get("status") in _PLACED
        or kinds.tells_event(text)
        or bool(extract(text).traces)
        or kinds.names(text)
        or kinds.is_time(text)
        or bool(extract(text).people or extract(text).child)
    )


def kept(engine: Mapping[str, Any] | None, text: str, place: Mapping[str, Any]) -> dict[str, Any] | None:
    """The engine's state with words that wait in its draft; None where no report is open."""
    draft = dict((engine or {}).get("draft") or {})
    if engine is None or "done" not in draft:
        return None
    entry = {"text": text[:MOST_CHARS], "place": dict(place)}
    draft[KEY] = [*draft.get(KEY, ()), entry][-MOST:]
    return {**engine, "draft": draft}


def taken(draft: Draft) -> list[Message]:
    """What waited, oldest first; from now on it waits no more."""
    return [Message(text=str(entry["text"]), place=entry.get("place") or {}) for entry in draft.pop(KEY, ())]


def take_in(draft: Draft, waited: list[Message]) -> None:
    """Make what waited a part of a report that is not sent: its words, its place, and what can be read from it."""
    for message in waited:
        verbatim.keep(draft, "", message.text)
        keep_words(draft, message)
        take_told_place(draft, message)
    people_told.keep(draft, [{"text": message.text} for message in waited])
