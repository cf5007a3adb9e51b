"""What a person told and sent before the interview, kept sealed in the conversation's state until one begins.

The last messages only, for an hour, and with the state's own forgetting; files stay where they are, their references are
what is kept. Everything moves into the draft when an interview begins: nothing of it is left for a second tip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import bot.phrases as phrases
from bot.core.messages import MAX_ATTACHMENTS, InboundMessage
from bot.dialogue.interview.before import tells
from bot.dialogue.reading.message import Reading
from bot.dialogue.says import Say
from bot.dialogue.state import IDLE_SECONDS, ConversationState, Told

MOST_MESSAGES = 10
MOST_CHARS = 12_000  # of all of them together
_PIECES_SECONDS = 600.0  # an offer comes in pieces, one after the other
_PIECES = 4  # beside the one at hand
# What asks whether a file or position belongs to a tip; the button after it that says no.
_ASKED = frozenset({"files_thanks", "location_thanks", "number_kept"})
_REFUSED = "do:menu"
_OPEN = frozenset({"", "offer_text"})  # slots at which words are told to us and to no form that has them already
_SCREENING = "screening_answer"  # a picture sent there is kept, the answers are the screening's own


def told(state: ConversationState, now: float) -> list[Told]:
    """What an interview that begins now starts from, oldest first."""
    return [entry for entry in state.before if now - entry.at <= IDLE_SECONDS]


def commune_told(state: ConversationState, now: float) -> str:
    """The commune that was told last, as its full name, or ''."""
    names = (
        str(entry.place.get("name") or "")
        for entry in reversed(told(state, now))
        if entry.place.get("status") == "commune"
    )
    return next(names, "")


def pieces(state: ConversationState, now: float) -> tuple[str, ...]:
    """What was pasted just before and may belong to the offer that is checked now, oldest first.

    Nothing when an offer had been asked for: then this is another one.
    """
    if state.asked == "offer_text":
        return ()
    return tuple(entry.text for entry in told(state, now) if entry.text and now - entry.at <= _PIECES_SECONDS)[
        -_PIECES:
    ]


def is_open(state: ConversationState) -> bool:
    """Whether what is said now is said before an interview, and to nobody else."""
    return state.asked in _OPEN and not state.draft


def remember(
    state: ConversationState, message: InboundMessage, reading: Reading, place: Mapping[str, Any], intent: str, *,
    emergency: bool, opened: bool, now: float, clauses: Sequence[Mapping[str, Any]] = (),
) -> None:  # fmt: skip
    """Keep what this turn told and sent. opened: an interview has begun with it and holds all of it now."""
    if opened:
        state.before = ()
        return
    entries = told(state, now)
    if entries:
        last = entries[-1]
        if last.asked and reading.choice == _REFUSED:  # "no, something else": as promised, it goes
            last = replace(last, files=(), place={})
        entries[-1] = replace(last, asked=False)
    words = reading.text if is_open(state) and not (reading.choice or reading.code) else ""
    files = [file.ref for file in message.attachments] if is_open(state) or state.asked == _SCREENING else []
    located = message.latitude is not None and is_open(state)
    if files and not (words or located) and entries and entries[-1].files:
        entries[-1] = replace(
            entries[-1], files=(*entries[-1].files, *files)
        )  # an album comes as one message a picture, and must not push the story out
    elif words or files or located:
        story = bool(words) and tells(words, intent, emergency=emergency) and not place.get("whole")
        where = dict(place) if (words or located) and place.get("status", "none") != "none" else {}
        seen = tuple(dict(clause) for clause in clauses) if story else ()  # what the fact tagger saw in it
        entries.append(Told(at=now, text=words, place=where, files=tuple(files), tells=story, clauses=seen))
    state.before = _bounded(entries)


def _bounded(entries: list[Told]) -> tuple[Told, ...]:
    kept: list[Told] = []
    chars = files = 0
    for entry in reversed(entries[-MOST_MESSAGES:]):
        chars, files = chars + len(entry.text), files + len(entry.files)
        if chars > MOST_CHARS or files > MAX_ATTACHMENTS:
            break
        if entry.text or entry.files or entry.place:
            kept.append(entry)
    return tuple(reversed(kept))


def agrees(state: ConversationState, text: str, now: float) -> bool:
    """Whether words say yes to "Bạn muốn gửi kèm vào một tin báo, phải không?", asked just before."""
    entries = told(state, now)
    asked_now = bool(entries) and entries[-1].asked
    return asked_now and phrases.means(text, "yes", "send", "wants_report", beside=("small_talk",))


def mark_asked(state: ConversationState, names: set[str]) -> None:
    """Remember that the file or position just sent was asked about, so that a "no" can be heard."""
    if names & _ASKED and state.before:
        state.before = (*state.before[:-1], replace(state.before[-1], asked=True))


def name_files(says: list[Say], message: InboundMessage, *, danger: bool, distress: bool) -> list[Say]:
    """A file that came with words, or after a cry, is not passed over in silence: it waits for a tip."""
    if not message.attachments:
        return says
    if {say["say"] for say in says} == {"files_thanks"}:
        if not danger:
            return says
        # A voice note right after a card may be the next cry: the numbers again, and somebody is here.
        says = [{"say": "still_here_distress" if distress else "still_here", "args": {}}]
    return [*says, {"say": "file_waits_urgent" if danger else "file_waits", "args": {}}]
