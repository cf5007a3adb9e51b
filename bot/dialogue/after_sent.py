"""What is told after a tip was sent and its code let go: nobody here can add it any more, so the person is told how.

The state holds when a tip was sent and nothing else of it; after an hour that is forgotten, too.
"""

from __future__ import annotations

from bot.core.text import fold
from bot.dialogue.interview import before, hands
from bot.dialogue.interview.extract import extract
from bot.dialogue.reading import questions
from bot.dialogue.state import IDLE_SECONDS, ConversationState
from bot.phrases.books import book

_MOST_WORDS = 60  # longer is a tip of its own
_ADDS = book("interview/answers").begun("adds")


def remember(state: ConversationState, now: float) -> None:
    """A tip was sent in this conversation, now (seconds since the epoch)."""
    state.sent_at = now


def adds(state: ConversationState, text: str, now: float) -> bool:
    """Whether words told outside any form belong to the tip that was sent within the hour."""
    if not state.sent_at or now - state.sent_at > IDLE_SECONDS or state.receipt.code or state.view:
        return False
    words = len(text.split())
    if not 3 <= words <= _MOST_WORDS or questions.is_question(text):
        return False
    return bool(_ADDS.search(fold(text)) and (extract(text).traces or before.tells(text) or words >= 5))


def line_for(state: ConversationState, text: str, now: float) -> str:
    """What answers words outside any form about a tip that was sent: whether it can be taken back, more of it; or ""."""
    if hands.withdraws(text) and not (state.receipt.code or state.view):
        return "tip_sent_withdraw"
    return "tip_sent_needs_code" if adds(state, text, now) else ""
