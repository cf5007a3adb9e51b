"""What Telegram allows a bot (core.telegram.org/bots/api and /bots/faq#my-bot-is-hitting-limits)."""

from __future__ import annotations

from bot.core.sending import Pace

MAX_TEXT = 4_096  # UTF-16 code units after entities; counted as such
MAX_CAPTION = 1_024
MAX_CALLBACK_BYTES = 64
MAX_DOWNLOAD = 20 * 1024 * 1024  # getFile
# 30 messages a second overall: in no second more than burst + per_second. One message a second in a chat.
PACE = Pace(per_second=25.0, burst=5, per_chat=1.0, at_once=16)
# Edits are not asked for: an interview has gone on by the time somebody corrects an answer, and an edited text would
# count as the answer to another question. Live locations would come as edits too.
ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
MAX_CONNECTIONS = 40
