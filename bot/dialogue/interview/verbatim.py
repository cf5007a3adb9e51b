"""“Nguyên văn”: everything a person told, in their words and in order, beside the answers made of it. Pure; Python 3.10-compatible.

Whatever a reading of the words gets wrong, the officer can read what was said. The reporter's own number is never part of it
(see own_contact), nor a bare yes, nor words the person took out again. An entry is [question it was written to, words]; ""
stands for before the interview.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import bot.phrases as phrases
from bot.dialogue.interview import counting, own_contact

MOST_CHARS = 12_000  # of all entries together
_ENTRY = 4_000
_APART = frozenset({"reply", "contact", "receipt", "cancel", "edit"})  # of the road, or the reporter's own
# Answers that are none of a story: they mean nothing without their question.
_SAYS_NOTHING = (
    "yes", "no", "skip", "dont_know", "send", "small_talk", "pause", "back", "code_only", "points_back", "refuses", "resume",
    "that_is_all", "opener",
)  # fmt: skip
_NO_EVIDENCE = tuple(kind for kind in _SAYS_NOTHING if kind != "no")  # "hong có" tells something there
_MOST_RIGHTED = 20
_WORTH = 2  # characters of a word or number that says something


def keep(draft: dict[str, Any], question: str, text: str, *, own: bool = False) -> None:
    """Add one message to the record. own: it is about the reporter's own number ("Số này là của bạn?")."""
    if own or question in _APART:
        return
    words = own_contact.split(text[:_ENTRY])[0].strip()
    said = draft.get("said") or []
    if not any(char.isalnum() for char in words) or [question, words] in said:
        return
    if not counting.adds(words) and phrases.means(
        words, *(_NO_EVIDENCE if question == "evidence" else _SAYS_NOTHING), beside=("soft_stop",)
    ):
        return
    if sum(len(entry[1]) for entry in said) + len(words) <= MOST_CHARS:
        draft["said"] = [*said, [question, words]]


def keep_before(draft: dict[str, Any], entries: Iterable[Mapping[str, Any]]) -> None:
    """Add what was told before the interview began."""
    for entry in entries:
        keep(draft, "", str(entry.get("text") or ""))


def keep_righted(draft: dict[str, Any], old: str, new: str) -> None:
    """Keep what was put right, [old, new], for whoever reads the tip."""
    righted = draft.get("righted") or []
    if old and new and old != new and [old, new] not in righted:
        draft["righted"] = [*righted, [old, new]][-_MOST_RIGHTED:]


def take_out(draft: dict[str, Any], words: str, instead: str = "") -> None:
    """Remove words the person took back, wherever they stand in the record; an entry of nothing else goes too."""
    pieces = [piece for part in re.split(r"\n|; ", words) if len(piece := part.strip(" ,.")) >= _WORTH]
    righted = [pair for pair in draft.pop("righted", ()) if not any(p in w or w in p for p in pieces for w in pair)]
    if righted:
        draft["righted"] = righted
    places = [place for place in draft.pop("places", ()) if not any(p in place[1] or place[1] in p for p in pieces)]
    if places:
        draft["places"] = places
    left = []
    for question, text in draft.pop("said", ()):
        for piece in pieces:
            text = text.replace(piece, instead)
        if any(char.isalnum() for char in text):
            left.append([question, text.strip(" ,;\n")])
    if left:
        draft["said"] = left
