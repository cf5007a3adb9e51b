"""A message that steps out of the interview, to ask something of its own or to greet, and what it tells beside that. Pure; Python 3.10-compatible."""

from __future__ import annotations

import bot.phrases as phrases
from bot.dialogue.interview import kinds, own_contact, receipt_talk, safety, verbatim
from bot.dialogue.interview.before import OF_US
from bot.dialogue.interview.draft import QUESTIONS, Draft, Message, keep_words, mark
from bot.dialogue.interview.listening import heed_distrust
from bot.dialogue.interview.phrases import waits
from bot.dialogue.interview.police import distrusts, heard
from bot.dialogue.reading import at_once, questions

SMALL_TALK = frozenset({"greet", "thank", "bot_challenge", "goodbye"})
LONGEST_QUESTION = 30  # words; longer than that it is a story with a question in it
_TIP = frozenset({*QUESTIONS, "cancel", "edit", "more"})
# Where names are expected ("chị Hà", "quán Sao Đêm"), a greeting is more often a name.
_NAMING = frozenset({"where", "pick", "who", "behind", "contact", "evidence", "confirm"})
_ANSWERS = (
    "dont_know",
    "skip",
    "no",
    "yes",
    "pause",
    "points_back",
    "refuses",
    "back",
    "stop",
    "soft_stop",
    "resume",
    "that_is_all",
    "opener",
    "wants_contact",
    "code_only",
    "wants_notices",
    "no_evidence",
)


def steps_out(message: Message, question: str) -> bool:
    """Whether the message asks something of its own instead of answering `question`.

    A story must never be taken for a question (its words would be lost) nor a question for a story, so both the intent
    and the shape of the sentence have to agree; emergencies are answers too, the card is put before them elsewhere.
    """
    if message.choice:
        opens_tip = message.choice in {"do:report_tip", "do:urgent_tip"}
        return message.choice.startswith(("say:", "more:", "do:", "intent:")) and not (opens_tip and question in _TIP)
    asks = message.intent.startswith("ask_") and message.is_question and message.confidence >= 0.5
    if message.receipt or question == "receipt":
        return asks and not receipt_talk.said(message.text)
    if question in _TIP and at_once.steps_out(message.text):
        return True
    if waits(message.text) or (question != "safe" and distrusts(message.text) and not asks):
        return False
    if question == "confirm" and heard(message.text):
        return False  # "khỏi gửi công an phường được hông" is a choice put as a question
    if phrases.means(message.text, *_ANSWERS, beside=("small_talk",)) and not _only_small(message.text):
        return False
    if question == "safe" and safety.read(message.text) and not (asks and safety.asks_besides(message.text)):
        return False
    if question in {"contact", "reply", "confirm", "behind"} and own_contact.PHONE.search(message.text):
        return False
    if message.intent == "self_harm_distress" and (question != "safe" or message.emergency):
        return not kinds.is_story(message.text)
    if asks or (message.intent == "report_tip_status" and message.is_question and message.confidence >= 0.5):
        return len(message.text.split()) <= LONGEST_QUESTION
    small = message.intent in SMALL_TALK and len(message.text.split()) <= 6 and message.confidence >= 0.8
    return small and question not in _NAMING and not kinds.tells_event(message.text)


def _only_small(text: str) -> bool:
    return phrases.means(text, "small_talk") and not phrases.means(text, "yes", "no")


MOST_ASIDES = 2  # a question about the same thing is answered so often in a row; then it is taken for an answer
_TOLD_ENOUGH = 7  # words of a story beside a question, from which it answers "what happened?"


def may_be_aside(draft: Draft, question: str, about: str) -> bool:
    """Whether a question of the person's own may step in once more. The same one for ever is an answer misread."""
    before = draft.get("aside") or {}
    same = before.get("question") == question and before.get("about") == about
    times = before.get("times", 0) + 1 if same else 1
    draft["aside"] = {"question": question, "about": about, "times": times}
    return times <= MOST_ASIDES


def keep_aside(draft: Draft, question: str, message: Message) -> bool:
    """Keep what a message tells beside what it asks. True: that answers `question`, which is then closed."""
    if message.choice or question in {"receipt", "cancel", "edit"}:
        return False
    heed_distrust(draft, message)
    verbatim.keep(draft, question, message.text)
    if question in {"reply", "contact"}:
        return False
    if question == "safe" and safety.read(message.text) == safety.SAFE:
        mark(draft, "safe")
        if safety.beside(message.text):
            keep_words(draft, message)
        return True
    told = questions.told_in(message.text)
    if not (told and kinds.tells_event(told)) and not kinds.tells_event(message.text):
        return False
    if not told and (len(message.text.split()) < _TOLD_ENOUGH or OF_US.search(message.text.lower())):
        return False  # "bị bắt thì làm sao?"
    keep_words(draft, message)
    if question == "what" and len(message.text.split()) >= _TOLD_ENOUGH and told:
        mark(draft, "what")
        return True
    return False
