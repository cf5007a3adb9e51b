"""What python-telegram-bot raises, as a SendError with its policy (core.telegram.org/bots/api#making-requests)."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
from telegram import error as tg

import bot.settings  # noqa: F401 - asks the library for timedelta in RetryAfter
from bot.core.errors import SendError, SendPolicy
from bot.core.sending import Moved

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
# The library's words for a status it has no class for; such an answer says that nothing was carried out.
_REFUSED = re.compile(r"(?:[\w ]{1,40} \((4\d\d)\)|request entity too large)")
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "bot can't initiate conversation")


def file_forgotten(error: tg.BadRequest) -> bool:
    """Whether Telegram no longer knows the id of a file that was sent before."""
    words = str(error.message).lower()
    return "wrong file identifier" in words or "wrong remote file" in words


def only_the_picture(error: tg.TelegramError, *, once: bool) -> bool:
    """Whether a refused picture says nothing of its words. Where nobody knows (5xx), two copies are better than none.

    once: they are not.
    """
    policy = to_error(error).policy
    return policy is SendPolicy.FIX or (policy is SendPolicy.UNKNOWN and not once)


def to_error(error: tg.TelegramError) -> SendError:
    """Never looks at more of the library's text than the fixed words of Telegram's own descriptions."""
    words = str(error.message).lower()
    if isinstance(error, tg.RetryAfter):
        wait = error.retry_after
        seconds = wait.total_seconds() if isinstance(wait, timedelta) else float(wait)
        return SendError(SendPolicy.RETRY, "429", retry_after=seconds)
    if isinstance(error, tg.ChatMigrated):
        return Moved(str(error.new_chat_id))
    if isinstance(error, tg.Forbidden):
        return SendError(SendPolicy.STOP, "403")
    if isinstance(error, tg.InvalidToken):
        return SendError(SendPolicy.ALERT, "401")
    if isinstance(error, tg.BadRequest):
        return (
            SendError(SendPolicy.STOP, "gone") if any(w in words for w in _GONE) else SendError(SendPolicy.FIX, "400")
        )
    if isinstance(error, tg.Conflict):
        return SendError(SendPolicy.ALERT, "409")
    if isinstance(error.__cause__, _NEVER_SENT):
        return SendError(SendPolicy.RETRY, "connect")
    if refused := _REFUSED.match(words):
        return SendError(SendPolicy.FIX, refused.group(1) or "413")
    # Time-outs, broken connections and 5xx: it may have been delivered.
    return SendError(SendPolicy.UNKNOWN, "timeout" if isinstance(error, tg.TimedOut) else "network")
