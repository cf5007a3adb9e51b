"""What is said to the tip read back: send it, put it right, add to it. Pure; Python 3.10-compatible."""

from __future__ import annotations

import re

import bot.phrases as phrases
from bot.core.text import fold
from bot.dialogue.interview import corrections, kinds, own_contact, police, righting, routing, sides
from bot.dialogue.interview.draft import (
    PLACED,
    Draft,
    Message,
    Outcome,
    keep_contact,
    mark,
    next_question,
    note,
    put_right,
)
from bot.dialogue.interview.editing import edit
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.number_owner import at_read_back, whose
from bot.dialogue.interview.phrases import says_no, says_yes, waits
from bot.phrases.books import book

_BOOK = book("interview/answers")
_CORRECTED = book("interview/corrections").words("corrected_number")
_EDITS, _EDIT_THIS = _BOOK.begun("edit"), re.compile(rf"^{_BOOK.part('edit')}\s+")
_EDIT_WORDS = ("edit_what", "edit_where", "edit_when", "edit_who", "edit_behind", "edit_evidence", "edit_reply")
_EDITED = {words: name.removeprefix("edit_") for name in _EDIT_WORDS for words in _BOOK.entries(name)}
_MOST_TO_AGREE, _SURE_YES = 10, 0.6
_JUST_AN_ANSWER = 4  # words


def answer_confirm(draft: Draft, message: Message) -> Outcome:
    asked = police.chosen(message.choice) or ("" if message.choice else police.heard(message.text))
    if asked:
        return _answer_police(draft, message, asked)
    if (
        police.is_bare(message.text)
        and draft.get("police_asked")
        and not draft.get("police")
        and not draft.get("police_which")
    ):
        draft["police_which"] = True  # "có" may answer either question: a button tells, and so does the same word again
        return Outcome("confirm", ("tip_police_which",))
    if message.choice == "ans:send" or _agrees(message):
        mark(draft, "confirm")
        return Outcome("receipt")
    if message.choice == "ans:edit" or says_no(message) or _EDITS.match(fold(message.text)):
        return Outcome("edit")
    if phrases.means(message.text, "wants_contact"):
        return _open_contact(draft)
    if not message.choice and (moved := at_read_back(draft, message)):
        return moved
    if owner := whose(draft, message):
        return owner
    if not message.choice and sides.put_right(draft, message.text):
        return Outcome("confirm", ("tip_added",))
    found = extract(message.text)
    own = found.own
    righted = righting.puts_right(message.text) and righting.settle(draft, message)
    righted = righted or corrections.put_right(draft, message.text, found)
    if own:
        keep_contact(draft, own, instead=bool(_CORRECTED.search(fold(message.text))))
    if placed := _place_at_read_back(draft, message):
        return placed
    if own and not kinds.tells_event(own_contact.split(message.text)[0]):
        return Outcome("confirm", ("tip_contact_kept",))
    if _tells_nothing(message.text):
        return Outcome("confirm")
    if any(char.isalnum() for char in message.text):  # something came to mind while reading the summary
        if not righted and not (message.clauses and routing.take(draft, "confirm", message) is not None):
            note(draft, "what", message)
        return Outcome("confirm", ("tip_added",))
    return Outcome("confirm")


def _agrees(message: Message) -> bool:
    """ "đúng rồi", "gửi đi", and other ways to say it: "Nội dung đúng. Đề nghị gửi." Only where nothing else is told or denied."""
    if says_yes(message) or phrases.means(message.text, "send", beside=("yes",)):
        return True
    if message.choice or message.is_question or len(message.text.split()) > _MOST_TO_AGREE:
        return False
    if phrases.contains(message.text, "negation") or waits(message.text):
        return False
    likeliest = [max(ranked, key=lambda kind: kind[1]) for _, ranked in message.clauses if ranked]
    agreed = [sure for kind, sure in likeliest if kind == "confirm"]
    return max(agreed, default=0.0) >= _SURE_YES and all(kind in {"confirm", "talk"} for kind, _ in likeliest)


def _place_at_read_back(draft: Draft, message: Message) -> Outcome | None:
    """A place typed to the summary: alone it is the place, beside other words only where none is known."""
    place, where = message.place, draft.get("where") or {}
    known, rank = bool(where.get("code")), place.get("status")
    if rank not in PLACED or (rank == "foreign" and known):
        return None
    sure = rank == "commune" and not known
    unplaced = where.get("status", "none") == "none" and rank == "candidates"
    if not (place.get("whole") or sure or unplaced) or (rank == "province" and known):
        return None
    put_right(draft, message)
    if not place.get("whole"):
        note(draft, "what", message)
    draft["changed"] = ["where", "taken"]
    return Outcome(next_question(draft))


def _answer_police(draft: Draft, message: Message, answer: str) -> Outcome:
    """Whether the commune's own police may read the tip; changed as often as the person likes."""
    was_above = police.goes_above(draft)
    draft["police"] = answer
    if len(message.text.split()) > _JUST_AN_ANSWER and answer == police.ABOVE:
        note(draft, "what", message)  # "đừng, ổng là anh trưởng công an" is for those above to know
    # "không sao cứ gửi" means both: nothing against them, and send it.
    sends = answer == police.COMMUNE and not message.choice and not was_above and police.sends(message.text)
    if message.choice == "ans:send_above" or sends:
        mark(draft, "confirm")
        return Outcome("receipt")
    draft["changed"] = ["police"]
    return Outcome("confirm")


def _open_contact(draft: Draft) -> Outcome:
    """Ask for the reporter's number from the summary, in the short form too."""
    draft["reply"], draft["done"] = "contact", [q for q in draft["done"] if q != "contact"]
    mark(draft, "reply")
    return Outcome("contact")


def _tells_nothing(text: str) -> bool:
    """Thanks, a skip, "nói rồi": nothing that belongs into a story."""
    return phrases.means(
        text, "small_talk", "skip", "dont_know", "points_back", "resume", "that_is_all", "refuses", beside=("no",)
    )


def answer_edit(draft: Draft, message: Message) -> Outcome:
    question = _EDITED.get(_EDIT_THIS.sub("", fold(message.text)).strip())
    return edit(draft, question) if question else Outcome("confirm")
