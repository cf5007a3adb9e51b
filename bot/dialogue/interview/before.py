"""What a person told and sent before the interview, and how a draft begins with it. Pure; Python 3.10-compatible.

The gateway keeps the last messages of a conversation, sealed with its state, and hands them over when an interview
begins. An entry is a plain dict: {"text", "place", "files", "tells"}; `tells`: the words are part of a story.
The words are content/interview/story.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from bot.core.once import once
from bot.core.text import fold
from bot.dialogue import category
from bot.dialogue.interview import kinds
from bot.dialogue.interview.draft import (
    Draft,
    Message,
    absorb,
    has_substance,
    keep_files,
    keep_words,
    mark,
    note,
)
from bot.dialogue.interview.extract import extract
from bot.phrases.books import book

Entry = Mapping[str, Any]
MAX_STORY_CHARS = 8_000
_WHOLE = 25  # words from which a story is not asked for again
ENOUGH_WORDS = 4  # "cứu em với" says nothing of what happens; four words with a deed in them may

# Something was done to somebody, in the words people have for it, north and south. Without marks only the words that
# mean little else: "ban" is also a friend and "cho" also "for".
_BOOK = book("interview/story")
_SOON = r"(?:\W+\w+){0,8}?\W+"
_TOLD = re.compile(rf"\b{_BOOK.part('somebody')}\b{_SOON}{_BOOK.part('deed')}\b")
_TOLD_BARE = re.compile(rf"\b{_BOOK.part('somebody_bare')}\b{_SOON}{_BOOK.part('deed_bare')}\b")
_HAPPENS, _HAPPENS_BARE = _BOOK.words("deed"), _BOOK.words("deed_bare")
_SUPPOSED = _BOOK.anywhere("supposed")
# Of the law, of secrecy: what is asked of us, whoever it is about.
OF_US = _BOOK.words("of_us")
_ASKS = _BOOK.anywhere("asks")
_WISHES = _BOOK.anywhere("wishes")
_CAPTION = _BOOK.anywhere("caption")
_PARTS = re.compile(rf"[.;!?\n]+|,\s+|\b{_BOOK.part('part_begins')}\b")
# Meanings that are no story however they are worded, unless the words tell one all the same.
SMALL_TALK = frozenset({
    "greet", "thank", "goodbye", "bot_challenge", "chitchat", "affirm", "deny", "stop_cancel", "abuse_insult",
    "ask_human", "subscribe", "unsubscribe", "report_tip_status", "menu", "unsupported", "out_of_scope",
})  # fmt: skip
SURE_PLACES = frozenset({"commune", "candidates", "foreign"})  # found in a story, these count as the answer to "where?"
_OTHER_SCRIPT = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff]"
)  # Thai, Lao, Burmese, Khmer, Chinese, Japanese
_FOREIGN_CHARS = 12
DISTRESS = "self_harm_distress"


@once
def tells(text: str, intent: str = "", *, emergency: bool = False) -> bool:
    """Whether `text` tells what happened, rather than greeting, asking, or wishing to report.

    A question that also tells is a story: losing words hurts more than one question too many in a tip.
    """
    folded = fold(text)
    words = len(text.split())
    if not any(char.isalnum() for char in text):
        return False
    if _OTHER_SCRIPT.search(text) and intent != DISTRESS:
        return emergency or len(text) >= _FOREIGN_CHARS  # unread here, but an officer can have it read
    told = _told(text) and not _SUPPOSED.match(folded)
    found = extract(text)
    if intent == DISTRESS:  # how somebody feels is no report; what was done to them is
        return told and (category.categorise(text) != "other" or bool(found.traces or found.people))
    if emergency:
        return True
    if _ASKS.search(folded):
        return told and (words >= 7 or _a_part_tells(text))
    if told or (found.traces and words >= 3):
        return True
    if intent in SMALL_TALK or _WISHES.match(folded):
        return has_substance(text) and _happens(text)
    return words >= ENOUGH_WORDS


def _told(text: str) -> bool:
    """Somebody, and soon after what was done to them."""
    words = OF_US.sub(" ", text.lower())
    return bool((_TOLD_BARE if text.isascii() else _TOLD).search(words))


def _happens(text: str) -> bool:
    return bool((_HAPPENS_BARE if text.isascii() else _HAPPENS).search(text.lower()))


def _a_part_tells(text: str) -> bool:
    """Some clause of the message is no question and tells of somebody."""
    return any(_told(part) and not _ASKS.search(fold(part)) for part in _PARTS.split(text.lower()))


def fold_in(draft: Draft, entries: Iterable[Entry], *, urgent: bool = False) -> bool:
    """Put what was told and sent before into a fresh draft: story, place, traces, files. Whether there was anything.

    The story answers "what" only when it says what happens; else the question is still asked, and its answer added.
    """
    kept = list(entries)
    story: list[str] = []
    for entry in kept:
        words = str(entry.get("text") or "").strip()
        found = extract(words)
        keep_files(draft, tuple(entry.get("files") or ()))
        if entry.get("tells"):
            if words not in story and len(draft.get("what", "")) + len(words) <= MAX_STORY_CHARS:
                keep_words(draft, Message(text=words))
            story.append(words)
            continue
        if found.traces:  # a number, a link, a plate: no story, but what the officers look for
            asked = "evidence" not in draft["done"]
            note(draft, "evidence", Message(text=words))
            if asked:
                draft["done"].remove("evidence")
            continue
        # Nothing of a question is taken but how to reach the person, if it is told.
        absorb(draft, replace(found, people=None, child=False, still_in_danger=False, official_conflict=False))
    if tells_enough("\n".join(part for part in story if not _CAPTION.match(fold(part))), urgent=urgent):
        mark(draft, "what")
    place = best_place(e.get("place") or {} for e in kept)
    if place.get("status") in SURE_PLACES:  # less than that is asked again, as from any story
        draft["where"] = {**place, "text": place.get("name", "")}
        mark(draft, "where")
    return bool(story or draft.get("where") or draft.get("files") or draft.get("traces"))


def tells_enough(story: str, *, urgent: bool = False) -> bool:
    """Whether a story can stand as the answer to "what happened?": something was done to somebody, and the lines that tell
    of it are long. Where danger is near, a few words are enough."""
    if urgent:
        return len(story.split()) >= ENOUGH_WORDS
    long = sum(len(line.split()) for line in story.split("\n") if kinds.tells_event(line)) >= _WHOLE
    return long and _happens(story)


_RANK = {"commune": 3, "candidates": 2, "province": 1, "foreign": 1}


def best_place(places: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The surest of the places told, the latest of equally sure ones; a country told beside it stays with it. {}: none.

    A position beats words that are less than a commune: whoever shares it means "here".
    """
    best: dict[str, Any] = {}
    country = ""
    for place in places:
        rank = _RANK.get(str(place.get("status")), 0)
        country = str(place.get("country") or "") or country
        if rank and (place.get("corrects") or rank >= _RANK.get(str(best.get("status")), 0)):
            best = dict(place)
    if best and country and not best.get("country"):
        best["country"] = country
    return best
