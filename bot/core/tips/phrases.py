"""The words that answer a question of the interview by themselves: yes, no, skip, back, cancel. Python 3.10-compatible."""

from __future__ import annotations

import re

from bot.core.text import fold
from bot.core.tips.draft import Message

SKIP = re.compile(
    r"^(?:bo qua|skip|qua|next|khong biet|ko biet|k biet|hok biet|khong ro|ko ro|chua biet|khong nho|de sau|thoi bo qua|"
    r"i (?:do not|don'?t|dont) know|don'?t know|not sure|no idea)\W*$"
)
BACK = re.compile(r"^(?:quay lai|lui lai|tro lai|back|sua cau truoc|cau truoc)\W*$")
YES = re.compile(
    r"^(?:co|vang|dung|dung roi|ok|oke|u|uh|um|phai|yes|yep|da|da co|an toan|gui|gui di|dong y|roi|dc|duoc|send|send it|"
    r"yes,? please|sure|go ahead|i am safe|i'?m safe)\W*$"
)
NO = re.compile(
    r"^(?:khong|ko|k|hong|hok|chua|no|khong co|sai|da khong|khong an toan|nguy hiem|chua an toan|nope|no,? thanks?|no thank you|"
    r"not safe|i am not safe|i'?m not safe)\W*$"
)
SAFE = re.compile(r"^(?:\w+ ){0,4}an toan(?: \w+){0,3}\W*$")
NONE = re.compile(
    r"^(?:da |dạ |em |minh |toi )?(?:khong|ko|k|hong|hok|chua|no)(?: co| biet| ro| nho)?(?: gi| ai)?(?: ca| het)?(?: a)?\W*$"
    r"|^(?:none|nothing|nobody|no one|no,? thanks?)\W*$"
)
NO_CODE = re.compile(
    r"^(?:(?:da |em |minh |toi )?khong (?:can|luu|ghi|chep)(?: ma)?(?: dau| nua| duoc)?(?: a)?|bo qua|thoi|skip|i don'?t need it|no)\W*$"
)
CANCEL = re.compile(r"^(?:huy|huy bo|dung|dung lai|thoi|thoi khong|khong bao nua|cancel|stop|thoat)\W*$")


def is_skip(message: Message) -> bool:
    """The button for it, or "bỏ qua", "không biết"..."""
    return message.choice == "ans:skip" or bool(not message.choice and SKIP.match(fold(message.text)))


def says_yes(message: Message) -> bool:
    """Yes by button, by word, or by a short message that was surely meant so."""
    return (
        message.choice == "ans:yes"
        or bool(YES.match(fold(message.text)))
        or (message.intent == "affirm" and _short(message))
    )


def says_no(message: Message) -> bool:
    """No by button, by word, or by a short message that was surely meant so."""
    return (
        message.choice == "ans:no"
        or bool(NO.match(fold(message.text)))
        or (message.intent == "deny" and _short(message))
    )


def wants_out(message: Message) -> bool:
    """Whether the person wants to stop the interview."""
    # A place such as "phố hàng Thôi" must not cancel: only a bare word, or a sure and short intent, does.
    if message.choice:
        return False
    sure = message.intent == "stop_cancel" and message.confidence >= 0.8 and len(message.text.split()) <= 6
    return sure or bool(CANCEL.match(fold(message.text)))


def _short(message: Message) -> bool:
    """Few enough words, and a sure enough reading, to be nothing but a yes or no."""
    return len(message.text.split()) <= 4 and message.confidence >= 0.8 and not any(c.isdigit() for c in message.text)
