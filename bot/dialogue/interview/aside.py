"""Whether a message steps out of the interview: it asks something of its own, or greets. Pure; Python 3.10-compatible."""

from __future__ import annotations

import bot.phrases as phrases
from bot.dialogue.interview import kinds, own_contact, receipt_talk, safety
from bot.dialogue.interview.draft import QUESTIONS, Message
from bot.dialogue.interview.phrases import waits
from bot.dialogue.interview.police import distrusts, heard

SMALL_TALK = frozenset({"greet", "thank", "bot_challenge", "goodbye"})
LONGEST_QUESTION = 30  # words; longer than that it is a story with a question in it
_TIP = frozenset({*QUESTIONS, "cancel", "edit"})
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
