"""What a tap or a few words answer in the self-check. Pure; Python 3.10-compatible."""

from __future__ import annotations

from collections.abc import Collection

import bot.phrases as phrases
from bot.core.screening.checklist import NO, OTHER, SELF, SKIP, STOP, YES

_LONGEST = 12  # words; a longer message is about something
MOST_REPEATS = 2  # a question that is not answered is put again so often, then passed over


def read_answer(text: str, choice: str, options: Collection[str]) -> str:
    """The answer among `options` that a tap or a few words mean, or ''. Not to know is no "no"."""
    if choice.startswith("screen:"):
        return choice[7:] if choice[7:] in options else ""
    found = _read(text, options) if len(text.split()) <= _LONGEST else ""
    return found if found in options else ""


def _read(text: str, options: Collection[str]) -> str:
    if phrases.does_not_know(text) or phrases.skips(text) or phrases.means(text, "refuses"):
        return SKIP
    if phrases.stops(text) and not phrases.is_bare_dung(text):
        return STOP
    if phrases.means(text, "pause", "small_talk", beside=("yes",)) and not phrases.means(text, "yes", "no"):
        return ""
    if SELF in options:
        return SELF if phrases.contains(text, "self") else OTHER if phrases.contains(text, "other") else ""
    if phrases.contains(text, "dont_know"):
        return SKIP  # "cái này em không nhớ rõ nữa chị"
    if phrases.is_yes(text) or phrases.begins(text, "leading_yes"):
        return YES
    if phrases.contains(text, "negation"):
        return NO
    return YES if phrases.contains(text, "leading_yes") else ""
