"""The tip interview: how it begins, and what each message does to it. Pure; Python 3.10-compatible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import bot.phrases as phrases
from bot.core.text import fold
from bot.dialogue.interview import corrections, kinds, people_told, places_told, righting, routing, verbatim
from bot.dialogue.interview.answers import HANDLERS, answer_words
from bot.dialogue.interview.before import Entry, fold_in, tells, tells_enough
from bot.dialogue.interview.draft import (
    QUESTIONS,
    Draft,
    Message,
    Outcome,
    absorb,
    go_on,
    has_substance,
    keep_files,
    keep_words,
    mark,
    next_question,
    note,
    take_place,
)
from bot.dialogue.interview.editing import edit, step_back
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.listening import (
    MOST_MISSES,
    MOST_PIECES,
    YES_EXPECTED,
    ask_again,
    hear,
    heed_distrust,
    own_reading,
    plain,
    point_back,
)
from bot.dialogue.interview.phrases import goes_back, is_skip, says_no, waits, wants_out
from bot.dialogue.interview.place_beside import corrected, fill_place, remember_province, take_told_place
from bot.dialogue.interview.receipt_answers import answer_receipt
from bot.dialogue.reading.speaker import tells_of_another, tells_of_myself
from bot.phrases.books import book

SENDABLE = frozenset(
    {"what", "where", "pick", "when", "who", "behind", "evidence"}
)  # from here a tip can be sent early
_MAY_BE_SENT_AT = SENDABLE | {"safe", "contact"}  # "gửi đi" in words; the button stands at the others
_SEND_WORD = book("interview/answers").words("send")
TELLING = frozenset({"", "tip_safe", "tip_what"})  # slots where a person tells freely; "": no form is open
_NO_OPENER = frozenset({"where", "pick", "when", "who", "behind", "evidence", "reply"})
_TELLING_WORDS = 4  # "cứu em với" says nothing of what happens; four words may
_TELLING_BESIDES = 8  # words about the code with a story in them
_SHORT_QUESTION = 6  # words
_FEW = 12  # words, in which "4 đứa lận" is heard without a word for a mistake
_ANSWERS = {
    "safe": ("yes", "no"),
    "confirm": ("send", "edit", "yes", "no", "above", "send_above", "commune"),
    "cancel": ("yes", "no", "resume"),
    "receipt": ("kept", "lost", "words", "digits"),
}


def begin(message: Message, before: Iterable[Entry] = ()) -> Draft:
    """A fresh draft, already holding what was told and sent before and what this message tells: nobody is asked twice."""
    draft: Draft = {"done": []}
    if message.emergency:
        hear_danger(draft, message)
    before = list(before)
    known = fold_in(draft, before, urgent=bool(draft.get("urgent")))
    for told in (*map(_entry_message, before), message):
        routing.spread(draft, told)
        places_told.keep(draft, told)
    people_told.keep(draft, [*before, {"text": message.text}])
    verbatim.keep_before(draft, (*before, {"text": message.text}))
    if has_substance(message.text) and (not draft.get("what") or tells(message.text, emergency=message.emergency)):
        note(draft, "what", message)
        if not (draft.get("short") or tells_enough(str(draft.get("what", "")))):
            draft["done"].remove("what")  # kept, and the rest of it is still asked
        # A story rarely gives a place by accident: a resolved one counts as the answer, a vague one is asked again.
        take_told_place(draft, message)
    elif known and message.text:
        absorb(draft, extract(message.text))
    for told in (*(replace(_entry_message(e), place=e.get("place") or {}) for e in before), message):
        remember_province(draft, told)
    keep_files(draft, message.files)
    return draft


def _entry_message(entry: Entry) -> Message:
    """What was told before the interview, with what the tagger saw in it then."""
    clauses = tuple((c["text"], tuple((kind, float(p)) for kind, p in c["kinds"])) for c in entry.get("clauses") or ())
    return Message(text=str(entry.get("text") or ""), clauses=clauses)


def hear_danger(draft: Draft, message: Message) -> None:
    """Somebody is in danger. If it is whoever writes, two questions at most from here on."""
    draft["urgent"] = True
    if tells_of_myself(message.text, after_another=bool(draft.get("other") or draft.get("safe"))):
        draft["short"] = True
    elif tells_of_another(message.text, message.intent):
        draft["other"] = True
    elif not (draft.get("safe") or draft.get("other")):
        draft["short"] = True


def begin_urgent(cry: Message, message: Message, before: Iterable[Entry] = ()) -> Draft:
    """A fresh draft after an emergency card: `cry` brought the card, `message` (maybe empty) answers its "where"."""
    draft: Draft = {"done": [], "urgent": True}
    said = " ".join(part for part in (cry.text, message.text) if part)
    draft["other"] = bool(said) and tells_of_another(said, cry.intent)
    draft["short"] = not draft["other"]
    before = list(before)
    fold_in(draft, before, urgent=True)
    for told in (*map(_entry_message, before), message):
        routing.spread(draft, told)
        places_told.keep(draft, told)
    people_told.keep(draft, [*before, {"text": cry.text}, {"text": message.text}])
    verbatim.keep_before(draft, (*before, {"text": cry.text}, {"text": message.text}))
    if not draft.get("what") and len(cry.text.split()) >= _TELLING_WORDS:
        note(draft, "what", cry)
    if "what" in draft["done"] and not draft["short"] and not tells_enough(str(draft.get("what", ""))):
        draft["done"].remove("what")  # "cứu bạn em, nó sắp đi gặp thằng đó": who tells of another has a moment for more
    if message.text or message.place:
        take_told_place(draft, message, answers=True)
        if kinds.tells_event(message.text):
            keep_words(
                draft, message
            )  # "giờ nó bên Campuchia, người ta đòi ba 3000 đô": a place, and a piece of the story
        absorb(draft, extract(message.text))
    else:
        take_told_place(draft, cry)
    keep_files(draft, message.files)
    return draft


def answer(draft: Draft, question: str, message: Message) -> Outcome:
    """Take `message` as the answer to `question`, changing the draft, and say what comes next."""
    if question == "receipt":  # the tip is on its way: nothing can be added or changed here
        return _ask_receipt(draft, message)
    draft.pop("edit_more", None)
    if not message.choice:
        verbatim.keep(draft, question, message.text, own=bool(draft.get("owner")))
    room = keep_files(draft, message.files)
    edited = draft.get("edited")
    outcome = _only_files(draft, question, message) or corrected(draft, question, message)
    outcome = outcome or righting.heard(draft, question, message) or _answer(draft, question, message)
    if not message.choice and question not in {"safe", "cancel", "contact", "reply"}:
        if righting.puts_right(message.text) or len(message.text.split()) <= _FEW:
            corrections.recount(draft, message.text)  # in a story "quen" and "chứ không còn" put nothing right
        places_told.keep(draft, message, "where" if question == "pick" else question)
    fill_place(draft, question, message)
    if question in {"safe", "what"}:
        remember_province(draft, message)
    if not message.choice and question != "confirm" and not outcome.ended:
        heed_distrust(draft, message)
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
    told = told or _tells_a_piece(message)
    if outcome.says:  # about the code; a long sentence tells something as well
        told = told and words >= _TELLING_BESIDES and not message.is_question and kinds.tells_event(message.text)
    told = told or bool(message.files)
    return replace(outcome, says=("tip_sent_already", *outcome.says)) if told and not outcome.ended else outcome


def _tells_a_piece(message: Message) -> bool:
    """A few words that tell something and speak of no code: a number, a name, a time."""
    if message.choice or message.receipt or message.is_question or waits(message.text):
        return False
    return bool(extract(message.text).traces) or kinds.names(message.text) or kinds.is_time(message.text)


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
        hear_danger(draft, message)  # the card itself is put first by the gateway
        if question == "contact" or (draft.get("short") and question not in {"safe", "what", "where", "pick"}):
            note(draft, "what", _without_contact(draft, message) if question == "contact" else message)
            return go_on(draft)
    if question == "cancel":
        return _answer_cancel(draft, message)
    if question in _MAY_BE_SENT_AT and may_be_sent(draft) and sends(message):
        return send_now(draft)
    if goes_back(message):
        return Outcome(step_back(draft, question))
    if question == "contact" and draft.get("owner"):
        return HANDLERS["contact"](draft, message)
    if (short := plain(draft, question, message)) is not None:
        return short
    waiting = not message.choice and waits(message.text)
    if message.choice == "ans:cancel" or (not is_skip(message) and not waiting and _wants_out(question, message)):
        draft["cancel_from"] = question
        said = phrases.stops(message.text) and not phrases.contains(message.text, "second_thoughts")
        draft["cancel_sure"] = bool(message.choice) or said
        return Outcome("cancel")
    if question in _NO_OPENER and phrases.means(message.text, "opener", "wants_report", beside=("small_talk", "yes")):
        return ask_again(draft, question)  # "báo tin", in the middle of it: no fact
    if message.choice.startswith("edit:"):
        return edit(draft, message.choice[5:])
    if (outcome := _sorted(draft, question, message)) is not None:
        return outcome
    if (outcome := hear(draft, question, message)) is not None:
        return outcome
    handler = HANDLERS.get(question)
    return handler(draft, message) if handler else answer_words(draft, question, message)


def sends(message: Message) -> bool:
    """ "Gửi ngay" before all questions are answered, by button or in words."""
    said = not message.choice and bool(_SEND_WORD.search(fold(message.text))) and not waits(message.text)
    return message.choice == "ans:send" or (said and phrases.means(message.text, "send", beside=("yes", "small_talk")))


def may_be_sent(draft: Draft) -> bool:
    """Whether something was told that can be sent: a story, or where it is and who is behind it."""
    where = draft.get("where") or {}
    placed = where.get("status", "none") != "none" or bool(where.get("text"))
    return bool(draft.get("what") or draft.get("files") or (placed and (draft.get("behind") or draft.get("who"))))


def send_now(draft: Draft) -> Outcome:
    """Let the open questions be and read the tip back: nothing is sent that was not shown."""
    draft.setdefault("where", {"status": "none", "text": ""})
    draft["unasked"] = [q for q in routing.SLOTS if q not in draft["done"]]
    for question in QUESTIONS[: QUESTIONS.index("confirm")]:
        mark(draft, question)
    return Outcome("confirm")


def _sorted(draft: Draft, question: str, message: Message) -> Outcome | None:
    """An answer whose clauses say of what they tell; None where a shorter reading is right (a skip, a pause, a yes)."""
    if question not in routing.SLOTS or message.choice or not message.clauses or own_reading(message, question):
        return None
    if routing.only_points_back(message, question):
        return point_back(draft, question)
    answered = routing.take(draft, question, message)
    if answered is None:
        return None
    if answered:
        draft.pop("again", None)
        return go_on(draft)
    # A piece of something else that was kept where it belongs is no miss: people tell in pieces, and out of order.
    pieces = any(kind in routing.SLOTS for kind, _ in routing.sorted_out(message, question))
    return ask_again(draft, question, "tip_added", most=MOST_PIECES if pieces else MOST_MISSES)


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
    if choice in {"ans:yes", "ans:no"} and question == "contact":
        return True  # whose number it is
    verb, _, name = choice.partition(":")
    if verb == "ans":
        return (
            name in _ANSWERS.get(question, ())
            or (name == "send" and question in SENDABLE)
            or (name in {"skip", "back", "cancel"} and question != "receipt")
        )
    return verb == {"pick": "place", "edit": "edit"}.get(question, question)


def _wants_out(question: str, message: Message) -> bool:
    # In a name ("quán Dừng Chân") no wish stands, and a number is never one.
    return wants_out(message, yes_expected=question in YES_EXPECTED)


def _goes_on_to_send(text: str) -> bool:
    """Whether words to "shall it be erased?" want it sent: "à khoan gửi đi". "Đừng gửi" does not."""
    wants = _SEND_WORD.search(fold(text)) and not phrases.contains(text, "negation")
    return bool(wants) and phrases.means(text, "send", beside=("pause", "soft_stop", "small_talk", "yes"))


def _answer_cancel(draft: Draft, message: Message) -> Outcome:
    """Erasing needs the button, words that can mean nothing else, or a plain yes after such words. "Đúng" is none."""
    back_to = draft.get("cancel_from") or next_question(draft)
    text, unsaid = message.text, not message.choice
    yes = (
        unsaid and draft.get("cancel_sure") and phrases.is_yes(text) and not phrases.contains(text, "sounds_like_stop")
    )
    if message.choice in {"ans:cancel", "ans:yes"} or (unsaid and phrases.surely_stops(text)) or yes:
        return Outcome(None, ("tip_cancelled",), ended="cancelled")
    if unsaid and draft.get("cancel_sure") and phrases.means(text, "stop", beside=("yes", "small_talk")):
        return Outcome(None, ("tip_cancelled",), ended="cancelled")  # "đúng rồi hủy đi"
    if unsaid and _goes_on_to_send(text):
        for name in ("cancel_from", "cancel_sure", "cancel_again"):
            draft.pop(name, None)
        return Outcome(back_to, ("tip_resumed",))  # "à khoan gửi đi"
    unclear = unsaid and (phrases.is_yes(text) or phrases.stops(text) or waits(text) or phrases.does_not_know(text))
    if unclear and not phrases.means(text, "go_on") and not draft.get("cancel_again"):
        draft["cancel_again"] = True
        return Outcome("cancel")
    for name in ("cancel_from", "cancel_sure", "cancel_again"):
        draft.pop(name, None)
    if unclear or message.choice == "ans:resume" or not text or says_no(message) or phrases.means(text, "go_on"):
        return Outcome(back_to, ("tip_resumed",))
    return answer(draft, back_to, message)  # an answer to the question that was open: the person went on
