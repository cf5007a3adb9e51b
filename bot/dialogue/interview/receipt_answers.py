"""The code typed back, or what is said about it. Pure; Python 3.10-compatible."""

from __future__ import annotations

from bot.core.text import fold
from bot.dialogue.interview import receipt_forms, receipt_talk
from bot.dialogue.interview.draft import Draft, Message, Outcome
from bot.dialogue.interview.phrases import NO_CODE


def answer_receipt(draft: Draft, message: Message) -> Outcome:
    """The code typed back, whole or in parts, or what the person says about it. Nobody has to keep it."""
    if message.choice in {"ans:words", "ans:digits"}:
        draft[receipt_forms.AS_WORDS] = message.choice == "ans:words"
    as_words = bool(draft.get(receipt_forms.AS_WORDS))
    shown = receipt_forms.fitted("receipt_again", as_words=as_words)
    if message.choice in {"ans:words", "ans:digits"}:
        return Outcome("receipt", (shown,))
    if message.receipt == "match":
        return Outcome(None, ("receipt_saved",), ended="finished")
    if message.receipt == "part":
        return Outcome("receipt", ("receipt_more_words" if message.as_words else "receipt_more",))
    if message.receipt == "mismatch":
        draft["receipt_wrong"] = draft.get("receipt_wrong", 0) + 1
        again = (shown,) if draft["receipt_wrong"] > 1 else ()
        return Outcome("receipt", (_mismatch(message), *again))
    if message.choice == "ans:lost" or NO_CODE.match(fold(message.text)):
        return Outcome(None, (shown, "receipt_unconfirmed"), ended="finished")
    about = "kept" if message.choice == "ans:kept" else receipt_talk.said(message.text)
    if about == "kept":
        return Outcome(None, ("receipt_kept",), ended="finished")
    no_place = receipt_forms.fitted("receipt_no_place", as_words=as_words)
    return Outcome("receipt", ({"missing": shown, "no_place": no_place}[about],) if about else ())


def _mismatch(message: Message) -> str:
    """What is said about a code that is not the one shown: which word is in no list, and never which one is wrong."""
    if message.wrong:
        return "receipt_words_wrong"
    return "receipt_mismatch_words" if message.as_words else "receipt_mismatch"
