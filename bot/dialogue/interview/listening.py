"""What an answer that is no answer does: a pause, a refusal, "nói rồi", small talk, a piece of the story.

Nothing told is lost: what a question does not take goes into the story. The question is put once more in other words and
then let go, so that no conversation turns in a circle. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import bot.phrases as phrases
from bot.core.text import fold
from bot.dialogue.interview import counting, kinds, own_contact, police, safety
from bot.dialogue.interview.draft import (
    Draft,
    Message,
    Outcome,
    go_on,
    keep_contact,
    keep_words,
    mark,
    note,
    take_place,
)
from bot.dialogue.interview.number_owner import take_out
from bot.dialogue.interview.phrases import is_skip, waits
from bot.phrases.books import book

OF_ONE_KIND = frozenset({"where", "when", "who", "behind"})
YES_EXPECTED = frozenset({"safe", "confirm", "reply", "pick", "cancel"})
REWORDED = frozenset({"what", *OF_ONE_KIND, "contact"})  # these have their question a second time, in other words
_REFUSABLE = frozenset({*OF_ONE_KIND, "pick", "evidence", "contact"})
_NEVER_LET_GO = frozenset(
    {"confirm", "edit", "cancel", "receipt"}
)  # these wait for the person: nothing is sent or erased
_DISTRUSTABLE = frozenset({"pick", "evidence", "reply", "contact"})  # what nothing of such words answers
MOST_MISSES = 1  # so often a question is put again after words that are no answer
MOST_FOR_PLACE = 1  # put again in other words only; a place told later is taken all the same
MOST_PIECES = 6  # and so often after a piece of the story
_WHOLE_STORY = 20  # words of it beside "an toàn", from which it is not asked for again


# "mình thôi", "có mình em thôi", "chỉ em": who is in danger, and no wish to stop.
_ONLY_ME = book("interview/answers").anywhere("only_me")


def hear(draft: Draft, question: str, message: Message) -> Outcome | None:
    """What follows if the words do not answer `question`; None if they may."""
    text = message.text
    if message.choice or not text or question in {"edit", "receipt", "cancel"}:
        return None
    if waits(text):
        draft["quiet"] = True
        return Outcome(question, ("tip_wait",))
    if question in _DISTRUSTABLE and police.distrusts(text):
        return _distrusted(draft, question, message)
    if is_skip(message) or (question == "safe" and safety.read(text)):
        return None
    if question == "evidence" and _shows(text):
        note(draft, question, message)
        return go_on(draft)
    if phrases.means(text, "points_back", beside=("small_talk", "no")):
        return point_back(draft, question)
    if question in _REFUSABLE and phrases.means(text, "refuses", beside=("no", "soft_stop")):
        return _let_go(draft, question, "tip_refused")
    if question == "what" and phrases.means(text, "refuses", beside=("no", "soft_stop")):
        return ask_again(draft, "what")  # no words of a story
    if question not in YES_EXPECTED and phrases.means(text, "resume", beside=("yes",)) and not phrases.is_yes(text):
        return ask_again(draft, question)
    if (
        question == "what"
        and draft.get("what")
        and phrases.means(text, "that_is_all", "no", beside=("soft_stop", "yes"))
    ):
        return _let_go(draft, "what")
    if question == "what" and phrases.means(text, "opener", beside=("small_talk", "yes")):
        return ask_again(draft, "what")
    none = phrases.is_no(text) and not phrases.means(text, "small_talk")
    done = phrases.means(text, "that_is_all", "enough_said", beside=("yes", "no", "soft_stop", "small_talk"))
    if question == "pick" and (done or (none and not _is_confirmed(draft))):
        return _let_go(draft, question)  # "không" to "do you know which commune?" is an answer
    if question not in {*YES_EXPECTED, "what"} and phrases.means(text, "that_is_all", beside=("yes", "soft_stop")):
        return _let_go(draft, question)
    if none and question in OF_ONE_KIND:
        return _let_go(draft, question)
    empty = (
        not none
        and not counting.adds(text)
        and phrases.means(text, "small_talk", "yes", "resume", "that_is_all", beside=("no",))
    )
    if empty and question not in YES_EXPECTED:
        return ask_again(draft, question)
    if empty and question in {"safe", "reply"} and not phrases.means(text, "yes", "no"):
        return ask_again(draft, question)
    if question in OF_ONE_KIND:
        return _of_another_kind(draft, question, message)
    return None


def _shows(text: str) -> bool:
    """ "vị trí đó", "có hình em gửi đó": words that say which of the things sent is the evidence."""
    named = phrases.contains(text, "evidence_shown") and not phrases.is_no(text)
    return named and phrases.means(text, "points_back", beside=("small_talk", "no", "yes"))


def _is_confirmed(draft: Draft) -> bool:
    """Whether the open question about the place is "is it this one?", which "không" answers otherwise."""
    question = (draft.get("where") or {}).get("question") or {}
    return question.get("line") == "tip_pick_confirm"


def plain(draft: Draft, question: str, message: Message) -> Outcome | None:
    """Short answers that other readings would take for a wish to stop, or for a yes."""
    text, beside = message.text, ("no", "soft_stop", "small_talk", "that_is_all")
    if message.choice or not text or waits(text) or police.distrusts(text):
        return None
    if question == "reply":
        if phrases.means(text, "code_only", "send", beside=("no", "yes", "skip", "small_talk", "soft_stop")):
            draft["reply"], draft["notices"] = "none", False
        elif phrases.means(text, "wants_notices", beside=("yes", "small_talk")):
            draft["reply"], draft["notices"] = "notices", True
        else:
            return None
        mark(draft, "reply")
        return go_on(draft)
    if question == "who" and _ONLY_ME.match(fold(text)):
        note(draft, "who", message)
        draft.setdefault("people", 1)
        return go_on(draft)
    if question in {*OF_ONE_KIND, "what"} and phrases.contains(text, "evidence_nouns"):
        if phrases.means(text, "no_evidence", beside=beside):  # "không có hình" says nothing of when or who
            mark(draft, "evidence")
            return ask_again(draft, question)
        return None
    none = (
        phrases.means(text, "no", beside=beside)
        and phrases.contains(text, "that_is_all")
        and phrases.contains(text, "negation")
    )
    if (
        question == "evidence"
        and phrases.means(text, "no_evidence", beside=beside)
        and phrases.contains(text, "none_at_all")
    ):
        none = True
    return _let_go(draft, question) if none and question in {*OF_ONE_KIND, "evidence"} else None


def _distrusted(draft: Draft, question: str, message: Message) -> Outcome:
    """The police of the place are feared: that is kept and decides where the tip goes, whatever was asked."""
    keep_words(draft, message)
    draft["conflict"] = True
    draft.pop("police", None)
    if draft.get("contact") and question in {"reply", "contact"}:
        return go_on(draft, "tip_added")  # a number stood beside it
    return ask_again(draft, question, "tip_added", most=MOST_PIECES)


def heed_distrust(draft: Draft, message: Message) -> None:
    """Words against the police of the place are never lost, whatever question they were written to."""
    if not police.distrusts(message.text):
        return
    draft["conflict"] = True
    words = own_contact.split(message.text)[0].strip()
    if not any(words in str(draft.get(name, "")) for name in ("what", "when", "who", "behind", "evidence")):
        keep_words(draft, message)


def _of_another_kind(draft: Draft, question: str, message: Message) -> Outcome | None:
    if kinds.fits(question, message):
        if question == "where" and kinds.tells_event(message.text):
            keep_words(draft, message)  # the place is read from it, and the rest is not the place
        return None
    again = draft.get("again") or {}
    if question in {"where", "behind"} and again.get("question") == question and kinds.nameish(message.text):
        return None  # said twice to the same question, it is a name
    if (
        question != "when"
        and "when" not in draft["done"]
        and len(message.text.split()) <= 6
        and kinds.is_time(message.text)
    ):
        note(draft, "when", message)
        return ask_again(draft, question)
    if question != "where" and _late_place(draft, message):
        return ask_again(draft, question, "tip_added")
    keep_words(draft, message)
    return ask_again(draft, question, "tip_added", most=MOST_PIECES if kinds.tells_event(message.text) else MOST_MISSES)


def _late_place(draft: Draft, message: Message) -> bool:
    """A place told under a later question, while none is known, is the place. Whether that is all the words are."""
    where = draft.get("where") or {}
    if where.get("status", "none") != "none":
        return False
    told = kinds.tells_event(message.text)
    if message.place.get("status") == "commune":
        take_place(draft, message, story=told)
    elif not told and kinds.fits("where", message):
        draft["where"] = {**where, "status": "none"}
        said = own_contact.split(message.text)[0][:200].strip()
        draft["where"]["text"] = f"{where.get('text', '')}; {said}".strip("; ")
    else:
        return False
    return not told


def own_reading(message: Message, question: str) -> bool:
    """Whether a message is a pause, a skip, a refusal or another act that `hear` knows by its words."""
    text = message.text
    if counting.adds(text):
        return False  # "với 1 chị nữa" is made of small words and says how many they are
    if waits(text) or is_skip(message) or (question in _DISTRUSTABLE and police.distrusts(text)):
        return True
    return phrases.means(
        text, "points_back", "refuses", "that_is_all", "resume", "opener", "yes", "no", "small_talk", "no_evidence",
        beside=("soft_stop", "small_talk"),
    )  # fmt: skip


def ask_again(draft: Draft, question: str, *says: str, most: int = MOST_MISSES) -> Outcome:
    """Put the question once more; after that let it go."""
    again = draft.get("again") or {}
    times = again.get("times", 0) + 1 if again.get("question") == question else 1
    most = MOST_FOR_PLACE if question in {"where", "pick"} else most
    if times > most and question not in _NEVER_LET_GO:
        return _let_go(draft, question, *says)
    draft["again"] = {"question": question, "times": times}
    return Outcome(question, says)


def missed(draft: Draft, question: str, *says: str) -> Outcome:
    """An answer that a handler could not use: the question again, with these lines, and then let go."""
    return ask_again(draft, question, *says, most=2)


def _let_go(draft: Draft, question: str, *says: str) -> Outcome:
    draft.pop("again", None)
    if question == "where" and not draft.get("where"):
        draft["where"] = {"status": "none", "text": ""}
    if question == "reply":
        draft.setdefault("reply", "none")
    mark(draft, question)
    return go_on(draft, *says)


def point_back(draft: Draft, question: str) -> Outcome:
    """ "nói rồi", "như trên": what is known is accepted; where nothing is known, the question is put again."""
    if question == "contact":
        return point_to_number(draft) or ask_again(draft, "contact")
    if question == "reply" and draft.get("contact"):
        return _let_go(draft, "reply")
    if question in _NEVER_LET_GO | {"reply"} or (question == "what" and not draft.get("what")):
        return ask_again(draft, question)
    return _let_go(draft, question)


def point_to_number(draft: Draft) -> Outcome | None:
    """The one number told before is the reporter's own, they say: from the traces and the story it goes to the contact."""
    if draft.get("contact"):
        return _let_go(draft, "contact")
    numbers = [trace for trace in draft.get("traces", ()) if own_contact.PHONE.fullmatch(trace)]
    if len(numbers) != 1:
        return None
    take_out(draft, numbers[0])
    keep_contact(draft, numbers[0])
    return go_on(draft)


def started_telling(draft: Draft, message: Message) -> None:
    """Keep what was told in answer to "are you safe?"; a whole story answers the next question too."""
    told = safety.beside(message.text) if safety.read(message.text) else message.text
    if len(told.split()) >= _WHOLE_STORY and kinds.tells_event(told):
        note(draft, "what", message)
    elif len(told.split()) >= 4 or (told and kinds.tells_event(told)):
        keep_words(draft, message)
