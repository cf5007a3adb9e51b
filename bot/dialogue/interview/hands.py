"""Who holds the phone now: somebody came in, somebody else writes, the reporter is back. Pure; Python 3.10-compatible.

Whoever is held may have the phone taken from them in the middle of a report. A message that asks who writes here, or speaks of
the phone's owner as of another, is answered with a line that tells of no report, and nothing told is shown until a sure
sign of the reporter. The draft stays as it is. Asked whether a report can be taken back, nothing is sent and nothing erased.
The words are content/interview/hands.yml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import bot.phrases as phrases
from bot.core.text import fold, normalise
from bot.dialogue.interview import kinds
from bot.dialogue.interview.draft import Draft, Message, Outcome, is_urgent, keep_files, keep_words
from bot.dialogue.interview.phrases import waits
from bot.phrases.books import book

AWAY, NEUTRAL, WAIT = "tip_away", "tip_neutral", "tip_wait"
BY, OTHER = "by", "other"  # somebody stands by; somebody else wrote
MOST_WORDS = 18  # more is a story
_BOOK = book("interview/hands")
_COMES, _COVER, _STRANGER, _ASKS = (_BOOK.anywhere(name) for name in ("comes", "cover", "stranger", "asks"))
_WITHDRAWS, _WITHDRAWS_NOT = _BOOK.anywhere("withdraws"), _BOOK.anywhere("withdraws_not")
# "Không có gì đâu anh" answers these.
_ANSWERED_SO = frozenset({"safe", "when", "who", "behind", "evidence", "reply", "contact"})


def _says(pattern: re.Pattern[str], text: str) -> bool:
    if len(text.split()) > MOST_WORDS:
        return False
    return any(pattern.search(words) for words in {normalise(text), " ".join(re.findall(r"\w+", fold(text)))})


def comes(text: str) -> bool:
    """Whether somebody came, woke up or asks, so that whoever writes cannot now."""
    return _says(_COMES, text)


def covers(text: str) -> bool:
    """Whether words are meant for somebody who stands by: "thôi không có gì đâu anh"."""
    return _says(_COVER, text)


def is_stranger(text: str) -> bool:
    """Whether somebody else surely writes: they speak of the phone's owner as of another."""
    return not any(char.isdigit() for char in text) and _says(_STRANGER, text)


def asks_who(text: str) -> bool:
    """Whether it is asked who writes here and what this is, which the reporter knows."""
    return _says(_ASKS, text)


def withdraws(text: str) -> bool:
    """Whether it is asked if, or how, a report can be taken back. The bare wish is no question: see `phrases.wants_no_more`."""
    return _says(_WITHDRAWS, text) and not _says(_WITHDRAWS_NOT, text)


def line_for(text: str) -> str:
    """What is said after an emergency card, before any interview, to who cannot write now or is another; or ""."""
    if is_stranger(text) or asks_who(text):
        return NEUTRAL
    return AWAY if comes(text) or covers(text) else ""


def hushed(says: Iterable[Mapping[str, Any]], text: str) -> bool:
    """Whether the answer is the quiet line for a screen somebody else may see: no card with numbers goes before it."""
    return bool({say["say"] for say in says} & {AWAY, NEUTRAL, WAIT}) and bool(line_for(text))


def heed(draft: Draft, question: str, message: Message) -> Outcome | None:
    """What follows where somebody else may read, or where a report is to be taken back; None: the message is heard as any other."""
    text = message.text
    if message.choice or message.receipt or _is_back(draft, message):
        draft.pop("hands", None)
        return None
    held = bool(draft.get("short")) or bool(draft.get("hands"))
    if text and (
        is_stranger(text) if is_urgent(draft) and not held else held and (is_stranger(text) or asks_who(text))
    ):
        return _hide(draft, question, OTHER, NEUTRAL)
    if draft.get("hands") == OTHER:
        return _keep_quiet(draft, question, message)
    if text and comes(text) and (held or is_urgent(draft)):
        return _hide(draft, question, BY, AWAY if "sent" in draft else WAIT)
    if held and text and covers(text) and question not in _ANSWERED_SO:
        return _hide(draft, question, BY, AWAY)
    if draft.get("hands") == BY and text and phrases.means(text, "small_talk"):
        return _hide(draft, question, BY, AWAY)  # "alo" may be anybody
    if text and comes(text) and waits(text):
        draft["hands"] = BY  # answered as any other pause
    if text and withdraws(text) and question != "cancel":
        after = "sent" in draft
        draft["quiet"] = after or question == "confirm"
        return Outcome(question, ("tip_after_withdraw" if after else "tip_withdraw",))
    return None


def _is_back(draft: Draft, message: Message) -> bool:
    """Whether the reporter surely holds the phone: "nó đi rồi", "tiếp", "gửi đi", the place, a cry of their own."""
    text = message.text
    if not draft.get("hands") or not text or is_stranger(text) or asks_who(text) or message.is_question:
        return False
    if comes(text):  # a fright is no sign of who is free to write, however urgent it sounds
        return False
    acts = any(_takes_up(part) for part in [text, *re.split(r"[,.;!\n]+", text)])
    return acts or message.emergency or message.place.get("status") == "commune"


def _takes_up(text: str) -> bool:
    """Whether words go on with the report, alone or as a part of a message: "em đây, nó đi ra ngoài rồi"."""
    return phrases.means(text, "resume", "send", beside=("yes", "small_talk")) and not phrases.means(
        text, "yes", beside=("small_talk",)
    )


def _hide(draft: Draft, question: str, who: str, line: str) -> Outcome:
    draft["hands"], draft["quiet"] = who, True
    return Outcome(question, (line,))


def _keep_quiet(draft: Draft, question: str, message: Message) -> Outcome:
    """While somebody else may write: nothing is shown and nothing is lost, what is told is kept unread."""
    keep_files(draft, message.files)
    if "sent" not in draft and kinds.tells_event(message.text):
        keep_words(draft, message)
    return _hide(draft, question, OTHER, NEUTRAL)
