"""The tip interview: how it begins, and what each message does to it. Pure; Python 3.10-compatible."""

from __future__ import annotations

from dataclasses import replace

from bot.core.text import fold
from bot.core.tips.answers import HANDLERS, answer_receipt, answer_words
from bot.core.tips.draft import (
    QUESTIONS,
    Draft,
    Message,
    Outcome,
    absorb,
    edit,
    go_on,
    has_substance,
    keep_files,
    mark,
    next_question,
    note,
    step_back,
    take_place,
)
from bot.core.tips.extract import extract
from bot.core.tips.phrases import BACK, CANCEL, is_skip, says_no, says_yes, wants_out

TELLING = frozenset({"", "tip_safe", "tip_what"})  # slots where a person tells freely; "": no form is open
_TELLING_WORDS = 4  # "cứu em với" says nothing of what happens; four words may
_TELLING_BESIDES = 8  # words about the code with a story in them
_SHORT_QUESTION = 6  # words
_ANSWERS = {
    "safe": ("yes", "no"),
    "confirm": ("send", "edit", "yes", "no"),
    "cancel": ("yes", "no", "resume"),
    "receipt": ("kept", "lost"),
}


def begin(message: Message) -> Draft:
    """A fresh draft, already holding what the first message told, so that nobody is asked twice."""
    draft: Draft = {"done": []}
    if message.emergency:
        draft["urgent"] = True
    if has_substance(message.text):
        note(draft, "what", message)
        # A story rarely gives a place by accident: a resolved one counts as the answer, a vague one is asked again.
        if message.place.get("status") in {"commune", "candidates", "foreign"}:
            take_place(draft, message, story=True)
    keep_files(draft, message.files)
    return draft


def begin_urgent(cry: Message, message: Message) -> Draft:
    """A fresh draft after an emergency card: `cry` brought the card, `message` (maybe empty) answers its "where"."""
    draft: Draft = {"done": [], "urgent": True}
    if len(cry.text.split()) >= _TELLING_WORDS:
        note(draft, "what", cry)
    if message.text:
        take_place(draft, message)
        absorb(draft, extract(message.text))
    elif cry.place.get("status") in {"commune", "candidates", "foreign"}:
        take_place(draft, cry, story="what" in draft)
    return draft


def answer(draft: Draft, question: str, message: Message) -> Outcome:
    """Take `message` as the answer to `question`, changing the draft, and say what comes next."""
    if question == "receipt":  # the tip is on its way: nothing can be added or changed here
        return _ask_receipt(draft, message)
    draft.pop("edit_more", None)
    room = keep_files(draft, message.files)
    edited = draft.get("edited")
    outcome = _only_files(draft, question, message) or _answer(draft, question, message)
    if edited and outcome.ask not in {question, edited["question"], "cancel"}:
        draft.pop("edited", None)
    if message.files and not outcome.ended:
        says = tuple(item for item in outcome.says if item != "file_kept")
        outcome = replace(outcome, says=("file_kept" if room else "files_full", *says))
    return outcome


def _ask_receipt(draft: Draft, message: Message) -> Outcome:
    if message.choice and not _offered("receipt", message.choice):
        return Outcome("receipt")
    if not (message.text or message.choice or message.files):
        return _answer_wordless(draft, "receipt", message)
    outcome = answer_receipt(draft, message)
    words = len(message.text.split())
    asks = message.is_question and words <= _SHORT_QUESTION  # "mã là gì vậy?"
    told = words >= _TELLING_WORDS and not asks and not message.receipt
    if outcome.says:  # about the code; a long sentence tells something as well
        told = told and words >= _TELLING_BESIDES and not message.is_question
    told = told or bool(message.files)
    return replace(outcome, says=("tip_sent_already", *outcome.says)) if told and not outcome.ended else outcome


def _only_files(draft: Draft, question: str, message: Message) -> Outcome | None:
    """A picture answers where it can; to "where?" or "who?" it is kept, and the question stays open."""
    if not message.files or message.text or message.choice or question in {"what", "evidence", "cancel"}:
        return None
    return Outcome(question)


def _answer(draft: Draft, question: str, message: Message) -> Outcome:
    if message.choice and not _offered(question, message.choice):
        return Outcome(question)  # a button of an earlier question: it means nothing here, so ask again
    if message.text and not any(char.isalnum() for char in message.text):
        return Outcome(question, ("tip_what_needed",) if question == "what" else ())  # an emoji, dots
    if not (message.text or message.choice or message.files):
        return _answer_wordless(draft, question, message)
    if message.emergency and question in QUESTIONS[:-2]:
        draft["urgent"] = True  # two questions at most from here on; the card itself is put first by the gateway
        if question not in {"safe", "what", "where", "pick"}:
            note(draft, "what", _without_contact(draft, message) if question == "contact" else message)
            return go_on(draft)
    if question == "cancel":
        return _answer_cancel(draft, message)
    if message.choice == "ans:back" or BACK.match(fold(message.text)):
        return Outcome(step_back(draft, question))
    if not is_skip(message) and (message.choice == "ans:cancel" or wants_out(message)):
        draft["cancel_from"] = question
        return Outcome("cancel")
    if message.choice.startswith("edit:"):
        return edit(draft, message.choice[5:])
    handler = HANDLERS.get(question)
    return handler(draft, message) if handler else answer_words(draft, question, message)


def _without_contact(draft: Draft, message: Message) -> Message:
    """A cry for help in which the reporter's own number stands: the number is kept, apart, and is no part of the story."""
    words, phones = message.text, extract(message.text).phones
    mark(draft, "contact")
    if phones:
        draft["contact"] = words[:400].strip()
    for phone in phones:
        words = words.replace(phone, "…")
    return replace(message, text=words)


def _answer_wordless(draft: Draft, question: str, message: Message) -> Outcome:
    """A shared position is a place whatever was asked; a sticker answers nothing, so the question stays open."""
    if message.intent == "unsupported":
        return Outcome(question, ("tip_unread",))
    if question in {"where", "pick"}:
        return HANDLERS[question](draft, message)
    known = (draft.get("where") or {}).get("status", "none") != "none"
    if known or question == "receipt" or message.place.get("status", "none") == "none":
        return Outcome(question)  # what they said of the place themselves counts more
    take_place(draft, message)
    return Outcome(next_question(draft) if question == "confirm" else question, ("tip_added",))


def _offered(question: str, choice: str) -> bool:
    verb, _, name = choice.partition(":")
    if verb == "ans":
        return name in _ANSWERS.get(question, ()) or (name in {"skip", "back", "cancel"} and question != "receipt")
    return verb == {"pick": "place", "edit": "edit"}.get(question, question)


def _answer_cancel(draft: Draft, message: Message) -> Outcome:
    back_to = draft.pop("cancel_from", None) or next_question(draft)
    if message.choice == "ans:cancel" or says_yes(message) or (not message.choice and CANCEL.match(fold(message.text))):
        return Outcome(None, ("tip_cancelled",), ended="cancelled")
    if message.text and not says_no(message) and message.choice != "ans:resume":
        return answer(draft, back_to, message)  # an answer to the question that was open: the person went on
    return Outcome(back_to, ("tip_resumed",))
