"""How an action reads the message it answers."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

from actions.turn import current
from bot.core.text import fold
from bot.core.tips.draft import QUESTIONS, Message
from bot.core.tips.intake import TELLING

EMERGENCIES = frozenset({
    "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand",
    "sextortion", "fake_police_call", "self_harm_distress",
})  # fmt: skip
_TIP = frozenset({*QUESTIONS, "cancel", "edit"})
SMALL_TALK = frozenset({"greet", "thank", "bot_challenge", "goodbye"})
_QUESTION = re.compile(
    r"\?|\b(?:gi|sao|nao|bao nhieu|bao lau|may gio|so may|so nao|the nao|lam sao|o dau|vi sao|tai sao|phai khong|dung khong|"
    r"duoc khong|co khong|khong a|khong vay|khong nhi|ha|hong|chua|ai)\b|\bco\b.{0,60}\bkhong\b|khong\W*$"
)
# Where names are expected ("chị Hà", "quán Sao Đêm"), only words that are no names make a question.
_NAMING = frozenset({"where", "pick", "who", "behind", "contact", "evidence", "confirm"})
_SURE_QUESTION = re.compile(
    r"\?|\b(?:lam sao|the nao|la gi|lam gi|bao nhieu|bao lau|so nao|so may|o dau|tai sao|vi sao|phai khong|dung khong|duoc khong|"
    r"co khong|khong a|khong vay|khong nhi|thi sao)\b|\bco\b.{0,60}\bkhong\W*$"
)
LONGEST_QUESTION = 22  # words; longer than that it is a story with a question in it


def message_of(tracker: Tracker) -> Message:
    """The citizen's message with what NLU and the gateway made of it."""
    turn = current()
    latest = tracker.latest_message or {}
    intent = dict(latest.get("intent") or {})
    danger = not turn.choice and _in_danger(turn.context, intent.get("name") or "", tracker.get_slot("requested_slot"))
    if intent.get("name") in EMERGENCIES and not danger:
        intent["name"] = ""
    return Message(
        text=turn.text,
        choice=turn.choice,
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        emergency=danger,
        place=turn.context.get("place") or {},
        files=tuple(turn.context.get("files") or ()),
        receipt=str(turn.context.get("receipt") or ""),
        is_question=bool(_QUESTION.search(fold(turn.text))),
    )


def _in_danger(context: dict[str, Any], intent: str, slot: str | None) -> bool:
    if (slot or "") not in TELLING:
        return bool(context.get("emergency"))  # a short answer: the rules alone, as in the gateway
    # The engine's own verdict weighs the gateway's rules with the classifier; the rules alone count only without it.
    verdict = (context.get("nlu") or {}).get("emergency")
    return bool(context.get("emergency") if verdict is None else verdict) or intent in EMERGENCIES


def is_digression(message: Message, question: str) -> bool:
    """Whether the message asks something of its own instead of answering `question`.

    A story must never be taken for a question (its words would be lost) nor a question for a story, so both the intent
    and the shape of the sentence have to agree; emergencies are answers too, the card is put before them elsewhere.
    """
    if message.choice:
        opens_tip = message.choice in {"do:report_tip", "do:urgent_tip"}
        return message.choice.startswith(("say:", "more:", "do:", "intent:")) and not (opens_tip and question in _TIP)
    if message.receipt or question == "receipt":
        return message.intent.startswith("ask_") and message.is_question and message.confidence >= 0.5
    if question in _NAMING and not _SURE_QUESTION.search(fold(message.text)):
        return message.intent == "self_harm_distress"
    words = len(message.text.split())
    if message.intent == "self_harm_distress":
        return True
    if message.intent.startswith("ask_") or message.intent == "report_tip_status":
        return message.is_question and words <= LONGEST_QUESTION and message.confidence >= 0.5
    return message.intent in SMALL_TALK and words <= 6 and message.confidence >= 0.8
