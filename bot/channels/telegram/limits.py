"""What Telegram allows a bot (core.telegram.org/bots/api and /bots/faq#my-bot-is-hitting-limits)."""

from __future__ import annotations

import math

from bot.core.sending import Pace

MAX_TEXT = 4_096  # UTF-16 code units after entities; counted as such
MAX_CAPTION = 1_024
MAX_CALLBACK_BYTES = 64


def pace_of(per_second: float) -> Pace:
    """The pace that stays within `per_second` in every second: no more than burst + per_second. One a second in a chat."""
    rate = max(1.0, per_second - 1.0)
    return Pace(per_second=rate, burst=1, per_chat=1.0, at_once=max(16, math.ceil(rate)))


# Of edits only the words are heard, for danger: an interview has gone on by the time somebody corrects an answer, so an edited
# text never counts as one, and the person is told so. Live locations come as edits too, and say nothing.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
MAX_CONNECTIONS = 40
