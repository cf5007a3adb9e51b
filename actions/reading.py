"""How an action reads the message it answers."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Tracker

from actions.turn import current
from bot.core.text import fold
from bot.core.tips.intake import Message

EMERGENCIES = frozenset({
    "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand",
    "self_harm_distress",
})  # fmt: skip
SMALL_TALK = frozenset({"greet", "thank", "bot_challenge", "goodbye"})
_QUESTION = re.compile(
    r"\?|\b(?:gi|sao|nao|bao nhieu|bao lau|may gio|so may|so nao|the nao|lam sao|o dau|vi sao|tai sao|phai khong|dung khong|"
    r"duoc khong|co khong|khong a|khong vay|khong nhi|ha|hong|chua|ai)\b|\bco\b.{0,60}\bkhong\b|khong\W*$"
)
LONGEST_QUESTION = 22  # words; longer than that it is a story with a question in it


def message_of(tracker: Tracker) -> Message:
    """The citizen's message with what NLU and the gateway made of it."""
    turn = current()
    latest = tracker.latest_message or {}
    intent = latest.get("intent") or {}
    return Message(
        text=turn.text,
        choice=turn.choice,
        intent=intent.get("name") or "",
        confidence=float(intent.get("confidence") or 0.0),
        emergency=_in_danger(turn.context, intent.get("name") or "") and not turn.choice,
        place=turn.context.get("place") or {},
        files=tuple(turn.context.get("files") or ()),
        receipt=str(turn.context.get("receipt") or ""),
        is_question=bool(_QUESTION.search(fold(turn.text))),
    )


def _in_danger(context: dict[str, Any], intent: str) -> bool:
    # The engine's own verdict weighs the gateway's rules with the classifier; the rules alone count only without it.
    verdict = (context.get("nlu") or {}).get("emergency")
    return bool(context.get("emergency") if verdict is None else verdict) or intent in EMERGENCIES


def is_digression(message: Message, question: str) -> bool:
    """Whether the message asks something of its own instead of answering `question`.

    A story must never be taken for a question (its words would be lost) nor a question for a story, so both the intent
    and the shape of the sentence have to agree; emergencies are answers too, the card is put before them elsewhere.
    """
    if message.choice:
        return message.choice.startswith(("say:", "more:", "do:", "intent:")) and message.choice != "do:report_tip"
    if message.receipt or question == "receipt":
        return message.intent.startswith("ask_") and message.is_question and message.confidence >= 0.5
    words = len(message.text.split())
    if message.intent == "self_harm_distress":
        return True
    if message.intent.startswith("ask_") or message.intent == "report_tip_status":
        return message.is_question and words <= LONGEST_QUESTION and message.confidence >= 0.5
    return message.intent in SMALL_TALK and words <= 6 and message.confidence >= 0.8
