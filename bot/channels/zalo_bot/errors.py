"""The Zalo Bot Platform's error codes, which may come with HTTP 200, and what to do about each."""

from __future__ import annotations

from typing import Any

from bot.core.errors import SendError, SendPolicy

POLL_TIMEOUT = "408"

# code -> (policy, seconds to wait or None)
TABLE: dict[int, tuple[SendPolicy, float | None]] = {
    400: (SendPolicy.FIX, None),  # a parameter is wrong
    401: (SendPolicy.ALERT, None),  # token wrong or reset
    403: (SendPolicy.STOP, None),  # this person does not want it (UNVERIFIED)
    404: (SendPolicy.ALERT, None),  # token wrong
    408: (SendPolicy.RETRY, None),
    429: (SendPolicy.RETRY, 900.0),  # "Quota exceeded": by the minute or by the month, it does not say
}


def to_error(body: dict[str, Any]) -> SendError | None:
    """The error in an answer, or None for success. 5xx codes leave open whether the message arrived."""
    if body.get("ok") is True:
        return None
    try:
        code = int(body.get("error_code") or 0)
    except (TypeError, ValueError):
        return SendError(SendPolicy.UNKNOWN, "unreadable")
    if code >= 500:
        return SendError(SendPolicy.UNKNOWN, str(code))
    policy, wait = TABLE.get(code, (SendPolicy.FIX, None))
    return SendError(policy, str(code), retry_after=wait)
