"""The few words that begin or end a subscription without any guess of a classifier.

Everything else people say about it is an intent; ending must work even when no engine answers, and nobody is signed up
by a guess.
"""

from __future__ import annotations

import re

from bot.core.text import fold

MOST_WORDS = 14
_PLAIN = frozenset({
    "dung", "stop", "stop all", "unsubscribe", "unsub", "unsubscribe me", "huy dang ky", "huy dk", "opt out", "optout",
    "ngung nhan", "dung nhan", "dung gui", "khong nhan nua", "huy dangky", "dung nhan nua", "dung gui nua", "dung nhan tin", "dung nhan tin nua",
})  # fmt: skip
_LEAD = r"(?:(?:hay|thoi|xin|vui long|lam on|please|minh|toi|em|tui|i|muon|cho|want to|la chan|oi|ad) )*"
_WHAT = r"(?:(?:cac|nhung|any|the|these|me|la chan|more|from|cho|cua|minh|toi|em|tui) )*"
_OBJECT = r"(?:tin nhan|ban tin|tin tuc|tin|canh bao|thong bao|quang cao|messages?|warnings?|alerts?|these)"
_TAIL = r"(?: (?:nua|nhe|di|a|ad|nha|dau|cho|cua|minh|toi|em|tui|la chan|please|dinh ky|hang tuan|to me))*"
_WISH = re.compile(
    rf"{_LEAD}(?:"
    rf"(?:dung|ngung|thoi|khong|ko|k|khoi)(?: muon| can)? (?:gui|nhan)(?: them)? {_WHAT}{_OBJECT}"
    rf"|(?:huy|tat|bo|rut) (?:dang ky |dk |nhan )?(?:ban tin|canh bao|thong bao|nhan tin|dang ky nhan tin|dang ky|theo doi)"
    rf"|(?:stop|no more|do not send|don t send|unsubscribe)(?: sending| receiving)? {_WHAT}{_OBJECT}"
    rf"|stop (?:messaging|texting|writing)(?: to)?(?: me)?|unsubscribe(?: me)?|cancel (?:my |the )?subscription"
    rf"|(?:dung|ngung) (?:gui|nhan) nua|(?:khong|ko|k) (?:muon )?(?:nhan|dang ky) nua|(?:khong|ko|k) muon nhan"
    rf"){_TAIL}"
)


_JOIN = frozenset({
    "dang ky", "dangky", "dk", "dang ky nhan tin", "dang ky nhan ban tin", "dang ky nhan canh bao", "dang ky ban tin",
    "nhan ban tin", "nhan canh bao", "subscribe", "sign me up",
})  # fmt: skip
# Words that can only be meant for the newsletter. "Dừng", "stop", "đừng gửi nữa" can be meant for a tip being written.
_NEWSLETTER = re.compile(
    r"\b(?:dang ky|dk|ban tin|canh bao|thong bao|quang cao|theo doi|(?<!dung )nhan|unsub\w*|opt ?out|newsletters?|alerts?|warnings?)\b"
)


def asks_to_join(text: str) -> bool:
    """Whether the whole message is one of the words that sign up."""
    return _folded(text) in _JOIN


def means_newsletter(text: str) -> bool:
    """Whether a wish to stop cannot be about something else that is under way, such as a tip being written."""
    return bool(_NEWSLETTER.search(_folded(text)))


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(text)).split())


def asks_to_stop(text: str) -> bool:
    """Whether the whole message is a plain wish for no more messages, in Vietnamese (any spelling) or English."""
    folded = _folded(text)
    if folded in _PLAIN:
        return True
    return 2 <= len(folded.split()) <= MOST_WORDS and bool(_WISH.fullmatch(folded))
