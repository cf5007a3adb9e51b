"""What Zalo allows an Official Account, as data. Pages below https://docs.zaloplatforms.com/docs/OA/."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.core.sending import BULK, Judgement

MAX_TEXT = 2_000  # code points after NFC; longer is refused with -210 (message/cs)
MAX_BUTTONS = 5  # message/cs, buttons
MAX_BUTTON_TITLE = 100
MAX_BUTTON_PAYLOAD = 1_000
MAX_IMAGE_BYTES = 1024 * 1024  # upload/image, jpg or png
UPLOAD_SECONDS = 6 * 86_400  # uploads expire after seven days; renewed a day early

ACCESS_SECONDS = 20 * 3_600  # an access token lives 25 hours; renewed after 20 (OAuth v4)
REFRESH_SECONDS = 90 * 86_400  # a refresh token lives three months and works once

FREE_WINDOW = 48 * 3_600  # since the person last wrote, tapped or followed: free (consultation messages)
BILLED_WINDOW = 7 * 86_400  # until then each message costs money; afterwards refused with -230
NIGHT_FROM, NIGHT_TO = 22, 6  # no promotion in between, -234; time zone UNVERIFIED, taken to be Viet Nam's
VIETNAM = timezone(timedelta(hours=7))


def judge(priority: int, last_heard: float, now: float, *, billed: bool) -> Judgement:
    """May a consultation message go to somebody last heard from at `last_heard`?

    billed: whether campaign messages may be sent where they cost money; answers and notices always may.
    """
    silence = now - last_heard
    if silence > BILLED_WINDOW:
        return Judgement(False, "window_closed")
    if silence > FREE_WINDOW and priority >= BULK and not billed:
        return Judgement(False, "window_billed")
    if priority >= BULK and (wait := night_left(now)):
        return Judgement(False, "night", wait)
    return Judgement(paid=silence > FREE_WINDOW)


def night_left(now: float) -> float:
    """Seconds until promotion is allowed again; 0.0 by day."""
    local = datetime.fromtimestamp(now, VIETNAM)
    if NIGHT_TO <= local.hour < NIGHT_FROM:
        return 0.0
    morning = local.replace(hour=NIGHT_TO, minute=0, second=0, microsecond=0)
    if local.hour >= NIGHT_FROM:
        morning += timedelta(days=1)
    return (morning - local).total_seconds()
