"""The few words that end a subscription without any guess of a classifier.

Everything else people say about it is an intent; these must work even when no engine answers.
"""

from __future__ import annotations

import re

from bot.core.text import fold

MOST_WORDS = 14
_PLAIN = frozenset({
    "dung", "stop", "stop all", "unsubscribe", "unsub", "unsubscribe me", "huy dang ky", "huy dk", "opt out", "optout",
    "ngung nhan", "dung nhan", "dung nhan nua", "dung gui nua", "dung nhan tin", "dung nhan tin nua",
})  # fmt: skip
_LEAD = r"(?:(?:hay|xin|vui long|lam on|please|minh|toi|em|tui|i|muon|cho|want to|la chan|oi|ad) )*"
_WHAT = r"(?:(?:cac|nhung|any|the|me|la chan|more|from|cho|cua|minh|toi|em|tui) )*"
_OBJECT = r"(?:tin nhan|ban tin|tin tuc|tin|canh bao|thong bao|quang cao|messages?|warnings?|alerts?|these)"
_TAIL = r"(?: (?:nua|nhe|di|a|ad|nha|dau|cho|cua|minh|toi|em|tui|la chan|please|dinh ky|hang tuan|to me))*"
_WISH = re.compile(
    rf"{_LEAD}(?:"
    rf"(?:dung|ngung|thoi|khong|ko|k|khoi)(?: muon| can)? (?:gui|nhan)(?: them)? {_WHAT}{_OBJECT}"
    rf"|(?:huy|tat|bo|rut) (?:dang ky |dk |nhan )?(?:ban tin|canh bao|thong bao|nhan tin|dang ky nhan tin|dang ky|theo doi)"
    rf"|(?:stop|no more|do not send|don t send|unsubscribe)(?: sending| receiving)? {_WHAT}{_OBJECT}"
    rf"){_TAIL}"
)


def asks_to_stop(text: str) -> bool:
    """Whether the whole message is a plain wish for no more messages, in Vietnamese (any spelling) or English."""
    folded = " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())
    if folded in _PLAIN:
        return True
    return 2 <= len(folded.split()) <= MOST_WORDS and bool(_WISH.fullmatch(folded))
