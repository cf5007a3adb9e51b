"""The words that answer a question of the interview by themselves: yes, no, skip, back, cancel. Python 3.10-compatible.

Which words they are stands in `bot.phrases`; here is what a button, the words and the classifier say together.
"""

from __future__ import annotations

import bot.phrases as phrases
from bot.core.text import fold, normalise
from bot.dialogue.interview.draft import Message
from bot.phrases.books import book

_BOOK = book("interview/answers")
NO_CODE = book("interview/receipt").anywhere("needs_none")

_SURELY_SEND = _BOOK.anywhere("surely_send")
_ONLY, _NO_MORE = _BOOK.anywhere("only"), _BOOK.anywhere("wants_no_more")


def is_skip(message: Message) -> bool:
    """The button for it, or "bỏ qua nhé", "không biết"..."""
    return message.choice == "ans:skip" or bool(
        not message.choice and (phrases.skips(message.text) or phrases.does_not_know(message.text))
    )


def says_none(message: Message) -> bool:
    """ "không có ạ", "nothing": an answer without words to keep."""
    return not message.choice and phrases.is_no(message.text)


def says_yes(message: Message) -> bool:
    """Yes by button, by word, or by a short message that was surely meant so."""
    return (
        message.choice == "ans:yes" or phrases.is_yes(message.text) or (message.intent == "affirm" and _short(message))
    )


def says_no(message: Message) -> bool:
    """No by button, by word, or by a short message that was surely meant so. "Không nhớ" is none."""
    return message.choice == "ans:no" or phrases.is_no(message.text) or (message.intent == "deny" and _short(message))


def waits(text: str) -> bool:
    """ "đợi xíu", "để tôi nghĩ đã", "đừng gửi vội, em hỏi vợ em đã": nothing is sent, chosen or written down on it."""
    if phrases.means(text, "yes", "send") and _SURELY_SEND.search(fold(text)):
        return False  # "dung gui di", without its marks; "dung gui" alone may be either, and then nothing is sent
    return phrases.means(text, "pause", beside=("small_talk", "soft_stop", "worry")) and not phrases.means(
        text, "leave"
    )


def goes_back(message: Message) -> bool:
    """The button for the question before, or its words."""
    return message.choice == "ans:back" or (not message.choice and phrases.means(message.text, "back"))


def only_so_many(text: str) -> bool:
    """ "một mình nó thôi", "có hai đứa thôi": "thôi" says "only" there, and ends nothing."""
    return bool(_ONLY.search(normalise(text)))


def wants_no_more(text: str) -> bool:
    """ "thôi tôi sợ lắm, không khai nữa": a wish to stop that is more than a bare word, and no story."""
    return len(text.split()) <= phrases.MOST_WORDS and bool(_NO_MORE.search(normalise(text)))


def wants_out(message: Message, *, yes_expected: bool) -> bool:
    """Whether the person wants to stop the interview.

    yes_expected: the question just asked is answered by a yes, so "dung" without marks is one.
    """
    # A place such as "phố hàng Thôi" must not cancel: only a bare word, or a sure and short intent, does.
    if message.choice or only_so_many(message.text):
        return False
    if wants_no_more(message.text):
        return True
    if phrases.is_bare_dung(message.text):
        return not yes_expected
    return phrases.stops(message.text) or (
        message.intent == "stop_cancel" and message.confidence >= 0.8 and _nothing_else(message.text)
    )


def leaves_tip(text: str, *, yes_expected: bool) -> bool:
    """Whether these words close a tip that was opened with its code. "Đúng" and "sai rồi" never do."""
    if phrases.is_bare_dung(text):
        return not yes_expected
    none = phrases.is_no(text) and not phrases.means(text, "small_talk")
    return none or phrases.stops(text) or phrases.means(text, "leave", beside=("soft_stop", "small_talk"))


def _nothing_else(text: str) -> bool:
    """Whether a short message that a classifier takes for "stop" is not plainly something else. It never saw the marks."""
    other = phrases.contains(text, "sounds_like_stop") or phrases.means(text, *_OTHERWISE)
    return len(text.split()) <= 6 and not other


_OTHERWISE = (
    "yes",
    "no",
    "dont_know",
    "skip",
    "pause",
    "resume",
    "points_back",
    "refuses",
    "that_is_all",
    "small_talk",
    "go_on",
)


def _short(message: Message) -> bool:
    """Few enough words, and a sure enough reading, to be nothing but a yes or no."""
    sure = message.confidence >= 0.8 and len(message.text.split()) <= 4 and not any(c.isdigit() for c in message.text)
    return sure and not phrases.means(message.text, *_UNDECIDED, beside=("no",))


_UNDECIDED = ("dont_know", "skip", "pause", "refuses", "points_back", "stop", "soft_stop")
