"""Zalo's error codes and what to do about each (docs.zaloplatforms.com, OA, error codes; dated copy of 2026-09)."""

from __future__ import annotations

from typing import Any

from bot.core.errors import SendError, SendPolicy

RETRY, REFRESH, STOP = SendPolicy.RETRY, SendPolicy.REFRESH, SendPolicy.STOP
FIX, ALERT, UNKNOWN = SendPolicy.FIX, SendPolicy.ALERT, SendPolicy.UNKNOWN

MINUTE, HOUR = 60.0, 3_600.0

# code -> (policy, seconds to wait or None, tries or None)
TABLE: dict[int, tuple[SendPolicy, float | None, int | None]] = {
    -32: (RETRY, MINUTE, None),  # calls per minute exceeded
    -100: (RETRY, 0.0, 2),  # attachment expired: uploaded anew
    -200: (RETRY, None, 2),  # sending failed: once more, then set aside
    -201: (FIX, None, None),  # a field is invalid
    -204: (ALERT, None, None),  # account disabled or deleted
    -205: (ALERT, None, None),  # account does not exist
    -209: (ALERT, None, None),  # app not activated
    -210: (FIX, None, None),  # over a limit, such as 2,000 characters
    -211: (RETRY, HOUR, None),  # out of quota
    -212: (ALERT, None, None),  # API not registered
    -213: (STOP, None, None),  # has not followed
    -214: (RETRY, MINUTE, None),  # article still processed
    -216: (REFRESH, None, None),  # access token invalid
    -217: (STOP, None, None),  # blocked our invitation
    -218: (RETRY, HOUR, None),  # this person's receive limit
    -219: (ALERT, None, None),  # app removed or disabled
    -220: (REFRESH, None, None),  # access token expired
    -221: (ALERT, None, None),  # account must be verified
    -223: (ALERT, None, None),  # API not authorised by the account
    -224: (ALERT, None, None),  # needs a higher package
    -227: (STOP, None, None),  # banned, or inactive for 45 days
    -230: (FIX, None, None),  # silent for seven days: needs a paid template, which is another product
    -232: (FIX, None, None),  # interaction expired, the same
    -233: (FIX, None, None),  # message type invalid
    -234: (RETRY, HOUR, 12),  # not at night: asked again until the morning, which is eight hours away at most
    -235: (FIX, None, None),  # account type unsupported
    -237: (FIX, None, None),
    -238: (FIX, None, None),
    -240: (FIX, None, None),  # version 2 shut down
    -241: (FIX, None, None),
    -242: (ALERT, None, None),  # bad appsecret_proof
    -244: (STOP, None, None),  # restricted this kind of message
    -248: (FIX, None, None),  # violates the platform's standards: content to be reviewed
    -249: (FIX, None, None),  # template cannot be sent this way
    -320: (ALERT, None, None),  # no Zalo Cloud Account
    -321: (ALERT, None, None),  # no money in it
    -403: (FIX, None, None),
    -1340: (FIX, None, None),
    -1341: (FIX, None, None),
}
BUTTONS_REFUSED = frozenset({"-201", "-233"})  # the shape of buttons is UNVERIFIED; then numbers are sent instead
UPLOAD_EXPIRED = "-100"
_NO_UPLOADS_LEFT = "-211"  # 5,000 a month


def only_the_picture(error: SendError) -> bool:
    """Whether a picture's trouble says nothing of the words that follow it. It is never sent again."""
    return error.policy in {FIX, UNKNOWN} or error.code == _NO_UPLOADS_LEFT


def to_error(body: dict[str, Any]) -> SendError | None:
    """The error in an answer (HTTP 200 means nothing here), or None for success."""
    raw = body.get("error", 0)
    try:
        code = int(raw)
    except (TypeError, ValueError):
        return SendError(UNKNOWN, "unreadable")
    if code == 0:
        return None
    policy, wait, tries = TABLE.get(code, (FIX, None, None))
    return SendError(policy, str(code), retry_after=wait, tries=tries)
