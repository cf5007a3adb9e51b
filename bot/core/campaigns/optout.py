"""The few words that begin or end a subscription without any guess of a classifier.

Everything else people say about it is an intent; ending must work even when no engine answers, and nobody is signed up
by a guess.
"""

from __future__ import annotations

import re

from bot.core.text import fold, nfc, normalise

MOST_WORDS = 14
_LONGEST = 200  # characters; a longer message is about something
# Without marks they all read "dung". "Đúng" is a yes, Dũng is somebody's name: neither ends anything.
_OTHER_WORDS = re.compile(r"\b(?:đúng|đứng|đụng|đựng|dũng|dụng|dựng)\b")
_PLAIN = frozenset({
    "dung", "stop", "stop all", "unsubscribe", "unsub", "unsubscribe me", "huy dang ky", "huy dk", "opt out", "optout",
    "ngung nhan", "dung nhan", "dung gui", "khong nhan nua", "huy dangky", "dung nhan nua", "dung gui nua", "dung nhan tin", "dung nhan tin nua",
    "unsubcribe", "unsuscribe", "stopp",
})  # fmt: skip
_LEAD = r"(?:(?:hay|thoi|xin|vui long|lam on|please|minh|toi|em|tui|i|muon|cho|want to|la chan|oi|ad) )*"
_WHAT = r"(?:(?:cac|nhung|any|the|these|me|la chan|more|from|cho|cua|minh|toi|em|tui) )*"
_OBJECT = (
    r"(?:tin nhan|ban tin|tin tuc|tin|canh bao|thong bao|tb|tbao|quang cao|messages?|texts?|warnings?|alerts?|these)"
)
_TAIL = (
    r"(?: (?:nua|nhe|di|a|ad|nha|dau|cho|cua|minh|toi|em|tui|la chan|please|dinh ky|hang tuan|to me|tuyen truyen|"
    r"quang ba|quang cao))*"
)
_WISH = re.compile(
    rf"{_LEAD}(?:"
    rf"(?:dung|ngung|thoi|khong|ko|k|khoi)(?: muon| mun| can)? (?:gui|nhan)(?: them)? {_WHAT}{_OBJECT}"
    rf"|(?:huy|tat|bo|rut) (?:dang ky |dk |nhan )?(?:ban tin|canh bao|thong bao|nhan tin|dang ky nhan tin|dang ky|theo doi)"
    rf"|(?:stop|no more|do not send|don t send|unsubscribe)(?: sending| receiving)? {_WHAT}{_OBJECT}"
    rf"|stop (?:messaging|texting|writing)(?: to)?(?: me)?|unsubscribe(?: me)?|cancel (?:my |the )?subscription"
    r"|(?:dung|ngung|khoi) (?:gui|nhan)(?: tin)?(?: cho)? (?:minh|toi|em|tui)|dung (?:lam phien|quay ray|spam)"
    rf"|tat tin(?: nhan)?|(?:bo|tu choi) nhan {_OBJECT}"
    rf"|(?:do not|don t|dont) (?:want|need)(?: any)? {_WHAT}{_OBJECT}|(?:do not|don t|dont) (?:text|message|write)(?: to)? me"
    r"|(?:take|remove) me (?:off|from)(?: the| your| this)? list"
    rf"|(?:dung|ngung) (?:gui|nhan) nua|(?:khong|ko|k) (?:muon )?(?:nhan|dang ky) nua|(?:khong|khoi)(?: can)? gui nua|(?:khong|ko|k) muon nhan"
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


# Stopping something, without saying what: the newsletter for somebody who gets it and has nothing else open.
_BARE = re.compile(
    r"(?:thoi |xin |lam on |please |ok )*(?:dung|ngung|stop|huy|cancel|quit)"
    r"(?: (?:lai|di|luon|het|tat ca|tin|a|ad|nhe|nha|nao|giup|minh|em|toi|it|now|please))*"
)
# "Dung a" is more often "đúng ạ", and "đừng tin" is "do not believe".
_UNCLEAR = re.compile(r"\bdung (?:a|ad|nhe|nha|tin)\b")
_CLEAR = re.compile(r"\bdừng\b")


def asks_to_join(text: str) -> bool:
    """Whether the whole message is one of the words that sign up."""
    return _folded(text) in _JOIN


def means_newsletter(text: str) -> bool:
    """Whether a wish to stop cannot be about something else that is under way, such as a tip being written."""
    return bool(_NEWSLETTER.search(_folded(text)))


def _folded(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s]", " ", fold(_marked(text))).split())


def _marked(text: str) -> str:
    return _OTHER_WORDS.sub("khac", nfc(text).lower())


def _read(text: str) -> tuple[str, ...]:
    """The message as it is typed, and with short forms and slips of the keyboard written out."""
    return tuple(dict.fromkeys((_folded(text), normalise(_marked(text)))))


def asks_to_stop(text: str) -> bool:
    """Whether the whole message is a plain wish for no more messages, in Vietnamese (any spelling) or English."""
    return any(
        read in _PLAIN or (2 <= len(read.split()) <= MOST_WORDS and bool(_WISH.fullmatch(read)))
        for read in (_read(text) if len(text) <= _LONGEST else ())
    )


def says_stop(text: str) -> bool:
    """Whether the whole message is "dừng lại", "please stop", "hủy": a wish to stop that does not say what."""
    if len(text) > _LONGEST or not any(_BARE.fullmatch(read) for read in _read(text)):
        return False
    return bool(_CLEAR.search(_marked(text))) or not _UNCLEAR.search(_folded(text))
