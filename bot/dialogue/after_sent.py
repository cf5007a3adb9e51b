"""What is told after a tip was sent and its code let go: nobody here can add it any more, so the person is told how.

The state holds when a tip was sent and nothing else of it; after an hour that is forgotten, too. What is told meanwhile
waits, sealed with the last messages, for the code that opens the tip.
"""

from __future__ import annotations

from dataclasses import replace

from bot.core.text import fold
from bot.dialogue.interview import after_words, before, hands, kinds, people_told
from bot.dialogue.interview.extract import extract
from bot.dialogue.reading import questions
from bot.dialogue.state import IDLE_SECONDS, ConversationState, Told
from bot.dialogue.triage import followup
from bot.phrases.books import book

_MOST_WORDS = 60  # longer is a tip of its own
_LEAST_WORDS, _TELLING = 3, 5
_ADDS = book("interview/answers").begun("adds")


def remember(state: ConversationState, now: float) -> None:
    """A tip was sent in this conversation, now (seconds since the epoch)."""
    state.sent_at = now


def adds(state: ConversationState, text: str, now: float) -> bool:
    """Whether words told outside any form belong to the tip that was sent within the hour."""
    if not _may_add(state, text, now):
        return False
    words = len(text.split())
    if people_told.names_somebody(text):
        return True
    return bool(_ADDS.search(fold(text)) and (extract(text).traces or before.tells(text) or words >= 5))


def line_for(state: ConversationState, text: str, now: float) -> str:
    """What answers words outside any form about a tip that was sent: whether it can be taken back, more of it; or ""."""
    if hands.withdraws(text) and not (state.receipt.code or state.view):
        return "tip_sent_withdraw"
    return "tip_sent_needs_code" if adds(state, text, now) else ""


def tells(
    state: ConversationState, text: str, now: float, *, intent: str = "", placed: bool = False, emergency: bool = False
) -> bool:
    """Whether words tell of something that was answered like any other, so that their writer may think the tip has it.

    intent: as the engine took them. placed: they name a place. emergency: they were taken for a cry for help.
    """
    if not _may_add(state, text, now) or after_words.hides(text) or after_words.code_lost(text):
        return False
    if adds(state, text, now) or emergency or followup.pressing(text) or extract(text).traces:
        return True
    if intent.startswith("ask_") or not before.tells(text, intent):
        return False
    return placed or kinds.tells_event(text) or len(text.split()) >= _TELLING


def is_recent(state: ConversationState, now: float) -> bool:
    """Whether a tip was sent within the hour, whose code was let go and has not come back."""
    recent = bool(state.sent_at) and now - state.sent_at <= IDLE_SECONDS
    return recent and not (state.receipt.code or state.view)


def waits(state: ConversationState, now: float) -> bool:
    """Let the message told last wait for the code of the tip. Whether an earlier one waits as well."""
    earlier = bool(waiting(state, now))
    if state.before:
        state.before = (*state.before[:-1], replace(state.before[-1], waits=True))
    return earlier


def waiting(state: ConversationState, now: float) -> list[Told]:
    """What waits for the code, oldest first."""
    return [told for told in state.before if told.waits and now - told.at <= IDLE_SECONDS]


def opened(state: ConversationState) -> None:
    """The code came, and what waited went with it: no new tip begins with it."""
    state.before = tuple(told for told in state.before if not told.waits)


def _may_add(state: ConversationState, text: str, now: float) -> bool:
    asks = questions.is_question(text)
    return is_recent(state, now) and _LEAST_WORDS <= len(text.split()) <= _MOST_WORDS and not asks
