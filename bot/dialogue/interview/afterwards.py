"""The interview after sending: an urgent tip leaves early, and what was not asked is asked then. Pure; Python 3.10-compatible.

One question at a time, the most useful first, each put once and let go after one miss; whoever has enough ends it with a
word, and whoever cannot type now is waited for. Each answer is an addition to the tip that was sent: the draft holds its
words for the length of one turn. In the draft, once a tip is sent:
  sent: {"kept", "begun", "asked", "pieces", "pieces_at", "above", "abroad"}: whether the code was dealt with, whether a question was put,
  which one last, how much of something else was told to it, whether the commune's police were passed over, and whether of the place
  abroad nothing but the country is known
  where: the place of the tip as it was read, without words, so that another one told now is seen to be another
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import bot.phrases as phrases
from bot.dialogue.interview import after_words, intake, kinds, places_told, police, receipt_forms, receipt_talk, routing
from bot.dialogue.interview.draft import (
    QUESTIONS,
    Draft,
    Message,
    Outcome,
    absorb,
    is_urgent,
    keep_files,
    mark,
    next_question,
    take_place,
)
from bot.dialogue.interview.extract import extract
from bot.dialogue.interview.left_open import left_open
from bot.dialogue.interview.phrases import only_so_many, waits, wants_no_more
from bot.dialogue.interview.receipt_answers import answer_receipt
from bot.dialogue.interview.summary import summary
from bot.dialogue.reading import questions
from bot.phrases.books import book

STOP = "ans:enough"
_LITTLE = 25  # words of a story
MOST_PIECES = 2  # of something else, told while one question is open; then it is let go
LANGUAGES = frozenset({"vi", "en"})  # the others have the lines of an urgent report and no more
_SECTIONS = ("when", "who", "behind", "evidence")
_FOUND = ("traces", "places", "people", "child")
# What stays of the draft between two turns: the road, and no words.
_ROAD = frozenset({
    "done", "sent", "again", "aside", "quiet", "short", "other", "safe", "urgent", "picks", "asked_place", "receipt_wrong",
    "hands", "where", "asked_back", "brief", "held", receipt_forms.AS_WORDS,
})  # fmt: skip
_PLACE = ("status", "code", "codes", "province", "country", "name")
_ABOUT_CODE = frozenset({"ans:kept", "ans:lost", "ans:words", "ans:digits"})
# "mà" is in every second sentence: the word for the code counts with its mark, or in words that speak of nothing else.
_CODE_NAMED = book("interview/receipt").anywhere("code_named")
_NAMING = frozenset({"where", "behind", "who"})  # "Dũng", typed without its marks, may be the answer
_ELSEWHERE = frozenset({"report_tip_status", "check_offer", "self_screening"})
_SURE, _FEW = 0.8, 10  # of the classifier; words
_BESIDE = 4  # words beside a question that are worth an addition
_NOTHING_MORE = ("yes", "no", "that_is_all", "dont_know", "skip")
_LEAVES, _LEAVE = frozenset({"greet", "thank", "goodbye"}), 6  # words
_SAID = frozenset(
    {"file_kept", "files_full", "tip_refused", "tip_unread"}
)  # lines of the interview that are true here too


@dataclass(frozen=True)
class Addition:
    """What one message adds to the tip. text: as it was written; question: whose label it gets, or "".

    facts: when, who, behind, evidence, where: words (or a button's code); traces; places: [role, words]; people, child.
    """

    text: str = ""
    files: tuple[str, ...] = ()
    question: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """What one message after sending does: an addition, if it told something, and what follows."""

    outcome: Outcome
    addition: Addition | None = None


def begin(draft: Draft, *, as_words: bool, language: str) -> None:
    """Forget the words of a tip that is sent: from here on they are sealed to its readers, and to nobody else.

    What an urgent tip was sent without is left open, to be asked afterwards.
    """
    asks = is_urgent(draft) and language in LANGUAGES
    left = _left(draft) if asks else []
    abroad = asks and only_the_country(draft)
    place = {name: value for name, value in (draft.get("where") or {}).items() if name in _PLACE and value}
    flags = {name: True for name in ("short", "other", "safe", "urgent") if draft.get(name)}
    if "where" in left:
        place = {}
    above = police.goes_above(draft)
    draft.clear()
    draft.update(flags)
    draft["done"] = [q for q in QUESTIONS if q != "receipt" and q not in left and not (q == "pick" and "where" in left)]
    draft[receipt_forms.AS_WORDS] = as_words
    draft["sent"] = {"kept": False, "begun": False, "asked": ""} | ({"above": True} if above else {})
    if not asks:
        draft["done"].append("more")
    if abroad and "where" in draft["done"]:
        draft["done"].remove("where")
        draft["sent"]["abroad"] = True
    if place:
        draft["where"] = place


def _left(draft: Draft) -> list[str]:
    """What to ask after sending. What happened too, where little was told; who is in danger too, where nobody asked and no number
    was said: there may be more of them."""
    left = list(left_open(draft).get("unasked", []))
    if _told_little(draft) and "what" not in left:
        left.append("what")
    unasked = "who" in draft["unasked"] if draft.get("unasked") else "who" not in draft["done"]
    counted = draft.get("people_sure") or (draft.get("people") or 1) > 1
    return [*left, "who"] if unasked and not counted and "who" not in left else left


def _told_little(draft: Draft) -> bool:
    """Whether a tip left with a sentence or two for its story, and nobody asked for more of it."""
    asked = any(question == "what" for question, _ in draft.get("said") or ())
    return not asked and len(str(draft.get("what") or "").split()) < _LITTLE


def only_the_country(draft: Draft) -> bool:
    """Whether somebody is abroad and no town, building or street of it was told: who looks for them begins with nothing."""
    where = draft.get("where") or {}
    country = str(where.get("country") or "")
    if not country or any(question == "where" for question, _ in draft.get("said") or ()):
        return False
    first = str(where.get("text") or "").partition(";")[0].strip()
    held = any(role == "held" for role, _ in draft.get("places") or ())
    return not held and first in {"", country}


def in_danger(draft: Draft) -> bool:
    """Whether whoever writes is in danger themselves: short words, and nothing put twice."""
    return bool(draft.get("short")) and not draft.get("other")


def is_on(draft: Draft) -> bool:
    """Whether a tip was sent in this interview."""
    return isinstance(draft.get("sent"), dict)


def after_receipt(draft: Draft, outcome: Outcome) -> Outcome:
    """What follows an answer about the code: the first question that is still open, where the tip was urgent."""
    if not is_on(draft):
        return outcome  # sent by the version before this one
    told = "tip_sent_already" in outcome.says
    if outcome.ended:
        draft["sent"]["kept"] = True
    if not (outcome.ended or told) or next_question(draft) == "receipt":
        return outcome
    return Outcome(next_question(draft), outcome.says)


def comes_first(draft: Draft, question: str, message: Message) -> Step | None:
    """What is heard before the open question, the code's too: the phone is looked at, danger now, a question of their own.

    After it nothing is asked in this turn; where the conversation has to go from the screen, nothing is asked any more.
    """
    sent, text = draft["sent"], message.text
    if message.choice == STOP and question == "receipt":
        return Step(_stopped(draft, "tip_after_done"))
    if message.choice or message.receipt or not text:
        return None
    if after_words.hides(text):
        sent["hidden"] = draft["quiet"] = True
        told = told_freely(draft, message) if after_words.is_watched(text) else None
        return Step(Outcome(question, ("tip_after_hide",)), told)
    if line := after_words.own_question(text):
        line = "tip_after_readers_above" if line == "tip_after_readers" and sent.get("above") else line
        draft["quiet"] = line != "receipt_what" and (question == "receipt" or in_danger(draft))
        return Step(Outcome(question, (line,)))
    if sent.get("kept") and after_words.code_lost(text):
        draft["quiet"] = True  # nobody here holds it any more
        return Step(Outcome(question, ("tip_after_code_gone",)))
    if after_words.copied(text):
        kept, sent["kept"] = sent.get("kept"), True
        if question != "receipt":
            return Step(Outcome(question, () if kept else ("receipt_kept",)))
        return Step(after_receipt(draft, Outcome(None, ("receipt_kept",), ended="finished")))
    ends = wants_no_more(text) or (phrases.surely_stops(text) and not phrases.is_bare_dung(text))
    if question == "receipt" and ends:
        draft["quiet"] = True
        return Step(Outcome(question, ("tip_after_stays",)))
    if question == "receipt" or sent.get("hidden"):
        return _pressing(draft, question, message)
    return None


def _pressing(draft: Draft, question: str, message: Message) -> Step | None:
    """An urgent word where the code was asked for, or where nothing is asked any more: told on, and acknowledged first."""
    sent, text = draft["sent"], message.text
    presses, young = after_words.presses(message), after_words.tells_of_the_young(draft, text)
    beside = sent.get("hidden") and not phrases.means(text, *phrases.ACTS, "leave", beside=("small_talk",))
    if not (presses or young or beside) or receipt_talk.said(text):
        return None
    told = told_freely(draft, message)
    draft["quiet"] = True
    line = "tip_after_young" if young else "tip_after_told"
    if presses:
        line = "tip_after_cry" if message.emergency else after_words.urgent_line(draft)
    sent["young"] = bool(sent.get("young") or young)
    return Step(Outcome(question, (line,)), told)


def answer(draft: Draft, question: str, message: Message) -> Step:
    """Take `message` as the answer to `question`, changing the draft, and say what comes next."""
    presses, young = after_words.presses(message), after_words.tells_of_the_young(draft, message.text)
    step = _answer(draft, question, message)
    if step.addition is None or message.choice or message.emergency or not (presses or young):
        return step
    draft["sent"]["young"] = bool(draft["sent"].get("young") or young)
    if young and not presses and question == "who":
        return step  # it was asked for
    line = after_words.urgent_line(draft) if presses else "tip_after_young"
    outcome = step.outcome
    says = tuple(said for said in outcome.says if said not in {"tip_after_added", "tip_sent_added", "tip_after_told"})
    if outcome.ask == question:
        draft["quiet"] = True  # it was acknowledged: the question above is not put again beside it
    return Step(Outcome(outcome.ask, (line, *says), outcome.ended), step.addition)


def _answer(draft: Draft, question: str, message: Message) -> Step:
    if about := _of_the_code(draft, question, message):
        return Step(about)
    if ended := _ends(draft, message):
        return Step(ended)
    if _pauses(message):
        draft["quiet"] = True
        return Step(Outcome(question, ("tip_after_wait",)))
    if question == "more":
        return _one_more(draft, message)
    if message.choice in {"ans:back", "ans:send"} or phrases.means(message.text, "back", beside=("small_talk",)):
        return Step(Outcome(question))  # what was sent is not opened again
    if (named := message.choice.partition(":")[0]) in {"when", "who"} and named != question:
        mark(draft, named)  # the button of a question further up: it is an answer all the same
        return Step(_next(draft, ()), Addition(question=named, facts={named: message.choice}))
    before = _where_key(draft)
    if _shares_position(message):
        take_place(draft, message)  # where they are now, whatever was asked; what they said of the place before is sent
        before = ()
    outcome = _heard(draft, question, message)
    addition = _taken(draft, question, message, before)
    if outcome.ask == "cancel" and addition is None:
        return Step(_stopped(draft, "tip_after_done"))
    says = tuple(line for line in outcome.says if line in _SAID)
    if message.emergency:
        draft["quiet"] = True  # the numbers to call, and nothing asked beside them
        return Step(Outcome(question, (*says, "tip_after_cry")), addition)
    if _answers_nothing_yet(outcome, question, message):
        draft["quiet"] = bool(message.files)  # the question still stands above the picture
        return Step(Outcome(question, says), addition)
    if _of_something_else(draft, question, addition):
        if in_danger(draft) or draft["sent"]["pieces"] == 1:
            draft["quiet"], says = True, (*says, "tip_after_added")
        return Step(Outcome(question, says), addition)
    mark(draft, question)  # put once, and let go after one miss
    return Step(_next(draft, says), addition)


def _one_more(draft: Draft, message: Message) -> Step:
    """What comes to mind once all was asked goes with the tip; a plain no or yes ends it. Nothing is asked any more."""
    if (named := message.choice.partition(":")[0]) in {"when", "who"}:  # the button of a question further up
        return Step(Outcome("more", _told(draft)), Addition(question=named, facts={named: message.choice}))
    if _shares_position(message):
        take_place(draft, message)
        return Step(Outcome("more", _told(draft)), _taken(draft, "", message, ()))
    if message.choice or not (message.files or any(char.isalnum() for char in message.text)):
        return Step(Outcome("more"))  # a sticker, a thumb: nothing that an officer is called for
    if not message.emergency and phrases.means(message.text, *_NOTHING_MORE, beside=("small_talk",)):
        return Step(_stopped(draft, "tip_after_done"))
    draft["quiet"] = True
    says = ("tip_after_cry",) if message.emergency else _told(draft)
    return Step(Outcome("more", says), told_freely(draft, message))


def _told(draft: Draft) -> tuple[str, ...]:
    """That something went with the tip; said without naming one where somebody may look at the screen."""
    return ("tip_after_told" if draft["sent"].get("hidden") or draft.get("hands") else "tip_sent_added",)


def takes_leave(message: Message) -> bool:
    """Whether a few words after the last question are a thank-you or a greeting, which go with no tip."""
    if message.choice or message.files or len(message.text.split()) > _LEAVE or extract(message.text).traces:
        return False
    return message.intent in _LEAVES and message.confidence >= _SURE and not message.emergency


def told_beside(draft: Draft, message: Message) -> Addition | None:
    """What a message tells beside what it asks of us, or None."""
    told = "" if message.choice else questions.told_in(message.text)
    worth = len(told.split()) >= _BESIDE or extract(message.text).traces or message.files
    return told_freely(draft, message) if worth and not message.choice else None


def told_freely(draft: Draft, message: Message) -> Addition:
    """What was told where no answer was expected; a question that it answers is not put any more."""
    before = _where_key(draft)
    found = extract(message.text)
    keep_files(draft, message.files)
    if routing.take(draft, "", message) is None:
        absorb(draft, found)
    places_told.keep(draft, message)
    told = _taken(draft, "", message, before) or Addition(message.text, message.files)
    if told.question:
        mark(draft, told.question)
    return told


def leaves(message: Message) -> bool:
    """Whether a few words surely ask for something else: to see a tip again, to have an offer checked."""
    sure = message.intent in _ELSEWHERE and message.confidence >= _SURE
    return sure and len(message.text.split()) <= _FEW and not (message.choice or kinds.tells_event(message.text))


def code_asked(draft: Draft, language: str) -> str:
    """The line that asks about the code now: whole the first time, short the second, then one of which only the buttons are shown
    below what else is said."""
    times = draft["sent"].get("code_asked", 0)
    draft["sent"]["code_asked"] = times + 1
    forms = ("tip_receipt", "tip_receipt_short", "tip_receipt_idle")
    line = forms[min(times, 2)] if language in LANGUAGES else forms[0]
    return receipt_forms.fitted(line, as_words=bool(draft.get(receipt_forms.AS_WORDS)))


def asked_with(draft: Draft, question: str) -> dict[str, Any]:
    """How `question` is put now: for the first time after sending, again, in short words. Remembers that it was put."""
    sent = draft["sent"]
    how = {"first": not sent.get("begun"), "again": sent.get("asked") == question, "short": in_danger(draft)}
    if question == "where" and sent.get("abroad"):
        how["abroad"] = True
    sent["begun"], sent["asked"] = True, question
    return how


def _heard(draft: Draft, question: str, message: Message) -> Outcome:
    """The interview's own reading of an answer; its words are in the draft now."""
    if phrases.is_bare_dung(message.text) and not message.choice:  # "đúng", "dừng" or a name: nothing ends on it
        if question in _NAMING:
            draft[question] = message.text
        mark(draft, question)
        return Outcome(next_question(draft))
    return intake.answer(draft, question, message)


def _of_the_code(draft: Draft, question: str, message: Message) -> Outcome | None:
    """The code typed back, or a word about it, while another question is open."""
    if draft["sent"].get("kept"):
        return Outcome(question) if message.choice in _ABOUT_CODE else None
    named = bool(_CODE_NAMED.search(message.text.lower())) and bool(receipt_talk.said(message.text))
    if not (message.receipt or message.choice in _ABOUT_CODE or named):
        return None
    outcome = answer_receipt(draft, message)
    if outcome.ended:
        draft["sent"]["kept"] = True
    return Outcome(question, outcome.says)


def _ends(draft: Draft, message: Message) -> Outcome | None:
    """Enough: by the button or in words. What was sent stays sent, and whoever wants it back is told so."""
    text = message.text
    if message.choice in {STOP, "ans:cancel"}:
        return _stopped(draft, "tip_after_done")
    if message.choice or not text or waits(text) or phrases.is_bare_dung(text) or only_so_many(text):
        return None
    if wants_no_more(text):
        return _stopped(draft, "tip_after_stays")
    if phrases.means(text, "soft_stop", "leave", "that_is_all", beside=("small_talk", "yes", "no", "busy")):
        return _stopped(draft, "tip_after_done")
    return _stopped(draft, "tip_after_stays") if phrases.stops(text) else None


def _shares_position(message: Message) -> bool:
    placed = message.place.get("status", "none") != "none"
    return placed and not (message.text or message.choice or message.files)


def _pauses(message: Message) -> bool:
    text = message.text
    if message.choice or not text:
        return False
    return waits(text) or phrases.means(text, "busy", beside=("small_talk", "pause", "no", "yes"))


def _stopped(draft: Draft, line: str) -> Outcome:
    if draft["sent"].get("kept") or draft["sent"].get("hidden"):
        return Outcome(None, (line,), ended="finished")  # the code comes no more on a screen that is looked at
    again = receipt_forms.fitted("receipt_again", as_words=bool(draft.get(receipt_forms.AS_WORDS)))
    return Outcome(None, (line, again, "receipt_unconfirmed"), ended="finished")


def _next(draft: Draft, says: tuple[str, ...]) -> Outcome:
    asked = next_question(draft)
    if asked == "more":
        return Outcome("more", says if draft["sent"].get("hidden") else (*says, "tip_after_thanks"))
    if asked != "receipt":
        return Outcome(asked, says)
    if draft["sent"].get("kept"):  # the last question was open while nothing could be asked aloud
        return Outcome(None, (*says, "tip_after_thanks"), ended="finished")
    again = receipt_forms.fitted("receipt_again", as_words=bool(draft.get(receipt_forms.AS_WORDS)))
    return Outcome("receipt", (*says, "tip_after_thanks", again))


def _answers_nothing_yet(outcome: Outcome, question: str, message: Message) -> bool:
    """A picture where words were asked for, a sticker, a button of another question: the question stays open."""
    if outcome.ask != question:
        return False
    if _shares_position(message):
        return question not in {"where", "pick"}
    wordless = not any(char.isalnum() for char in message.text)
    return wordless and message.choice != "ans:skip"


def _of_something_else(draft: Draft, question: str, addition: Addition | None) -> bool:
    """Whether a message told something, and nothing of `question`: people tell in pieces, and that is no miss yet."""
    if addition is None or not addition.facts or question in addition.facts or question == "pick":
        return False
    sent = draft["sent"]
    sent["pieces"] = sent.get("pieces", 0) + 1 if sent.get("pieces_at") == question else 1
    sent["pieces_at"] = question
    return bool(sent["pieces"] <= MOST_PIECES)


def _taken(draft: Draft, question: str, message: Message, before: tuple[Any, ...]) -> Addition | None:
    """What the draft holds of this message, taken out of it. None: it told nothing."""
    facts: dict[str, Any] = {name: draft[name] for name in (*_SECTIONS, *_FOUND) if draft.get(name)}
    where = dict(draft.get("where") or {})
    if _where_key(draft) != before or where.get("text"):
        shown = summary({"where": where}).get("where", "")
        facts |= {"where": shown} if shown else {}
    facts |= {"what": draft["what"]} if question == "what" and draft.get("what") else {}
    files = tuple(draft.get("files") or ())
    told = bool(draft.get("said") or draft.get("what") or draft.get("contact"))
    for name in set(draft) - _ROAD:
        draft.pop(name)
    where.pop("text", None)
    if where:
        draft["where"] = where
    if not (facts or files or told):
        return None
    own = "where" if question == "pick" else question
    if own != "when" and own in facts and facts.get("when") == facts[own]:
        del facts[own]  # "từ tối thứ bảy" to another question: it says when, and nothing else
    sections = [name for name in ("what", "where", *_SECTIONS) if name in facts]
    label = own if own in sections else sections[0] if len(sections) == 1 else ""
    return Addition(message.text, files, label, facts)


def _where_key(draft: Draft) -> tuple[Any, ...]:
    where = draft.get("where") or {}
    return tuple(str(where.get(name) or "") for name in ("code", "codes", "province", "country"))
