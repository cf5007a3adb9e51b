"""The place in a message that answers something else, or puts the place right. Pure; Python 3.10-compatible."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.interview import routing
from bot.dialogue.interview.before import SURE_PLACES, best_place
from bot.dialogue.interview.draft import (
    Draft,
    Message,
    Outcome,
    keep_words,
    next_question,
    put_right,
    take_place,
)
from bot.dialogue.interview.editing import forget
from bot.dialogue.interview.listening import ask_again


def take_told_place(draft: Draft, message: Message, *, answers: bool = False) -> None:
    """The place of one more message, unless a surer one is known. answers: it was written as the answer to "where?"."""
    known = draft.get("where") or {}
    best = best_place([known, message.place])
    if not best or (best.get("status") not in SURE_PLACES and not answers):
        return
    if known and best.get("code") == known.get("code") and best.get("codes") == known.get("codes"):
        if answers and message.text:  # "phòng 12, nhà nghỉ Hoa Mai" beside a shared position
            known["text"] = f"{known.get('text', '')}; {message.text[:200].strip()}".strip("; ")
        draft["where"] = {**known, "country": best.get("country") or known.get("country", "")}
        return
    take_place(draft, replace(message, place=best), story=not answers and "what" in draft)


def corrected(draft: Draft, question: str, message: Message) -> Outcome | None:
    """ "không phải A mà là B" wherever it is said: the place is replaced, and the open question stays open."""
    place, where = message.place, draft.get("where") or {}
    if not place.get("corrects") or message.choice or question in {"cancel", "edit", "what"} or not where:
        return None
    if place.get("status") == "none":
        if not {where.get("code"), where.get("country"), where.get("province")} & set(place.get("denied", ())):
            # "sao lại Vĩnh Long" once it lies elsewhere: put right already, and no word about the place
            return ask_again(draft, question) if place.get("denied") and question in {"where", "pick"} else None
        forget(draft, "where")  # not there, and not said where instead
        draft["picks"] = draft["pick_stuck"] = 0
        return Outcome("where")
    put_right(draft, message)
    if message.emergency:
        return None  # a cry besides: the interview hears it
    if not place.get("whole"):
        keep_words(draft, message)
    if question == "confirm":
        draft["changed"] = ["where", "taken"]
    asked = next_question(draft)
    says = () if question in {"confirm", "where", "pick"} else ("tip_place_changed",)
    return Outcome(asked if asked == "pick" or question in {"confirm", "where", "pick"} else question, says)


def remember_province(draft: Draft, message: Message) -> None:
    """A province named as a place of the story, until the place is asked for: it says less than a place and more than nothing."""
    named = message.place.get("status") == "province" and "where" not in draft["done"]
    if named and any(kind == "where" for kind, _ in routing.each(message, "")):
        draft["province_told"] = dict(message.place)


def fill_place(draft: Draft, question: str, message: Message) -> None:
    """A commune that is told beside another answer is the place, where none is known yet."""
    where = draft.get("where") or {}
    if question not in {"safe", "what", "when", "who", "behind", "evidence"} or where.get("code") or not message.text:
        return
    known = where.get("province")
    if known and message.place.get("province") not in {known, None}:
        return  # "câu mực ngoài Trường Sa" in a story that happens in Quảng Ngãi
    if message.place.get("status") == "commune" and "where" in draft["done"]:
        take_place(draft, message, story=True)
