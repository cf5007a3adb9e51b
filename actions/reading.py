"""How an action reads the message it answers."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.turn import current
from bot.dialogue.interview import aside, safety
from bot.dialogue.interview.draft import Message
from bot.dialogue.interview.intake import TELLING
from bot.dialogue.interview.phrases import waits
from bot.dialogue.reading.questions import is_question

EMERGENCIES = frozenset({
    "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand",
    "sextortion", "fake_police_call", "self_harm_distress",
})  # fmt: skip


def message_of(tracker: Tracker) -> Message:
    """The citizen's message with what NLU and the gateway made of it."""
    turn = current()
    latest = tracker.latest_message or {}
    intent = dict(latest.get("intent") or {})
    slot = tracker.get_slot("requested_slot")
    danger = not turn.choice and _in_danger(turn.context, intent.get("name") or "", slot, turn.text)
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
        as_words=bool(turn.context.get("code_as_words")),
        wrong=tuple(turn.context.get("code_wrong") or ()),
        is_question=is_question(turn.text),
        clauses=_clauses(turn.context),
    )


def _clauses(context: dict[str, Any]) -> tuple[tuple[str, tuple[tuple[str, float], ...]], ...]:
    if context.get("language") not in {None, "vi"}:
        return ()  # the tagger learned Vietnamese; other languages are read by the words of each question
    found = (context.get("nlu") or {}).get("clauses") or ()
    return tuple((clause["text"], tuple((kind, float(p)) for kind, p in clause["kinds"])) for clause in found)


def _in_danger(context: dict[str, Any], intent: str, slot: str | None, text: str) -> bool:
    if context.get("asks_check"):
        return False  # "giúp em xem lời mời này với"
    if slot and not context.get("emergency") and waits(text):
        return False  # "có người vào" asks us to wait
    if context.get("cried"):
        return True  # one of several messages taken together; the model saw all of them as one
    if (slot or "") not in TELLING or (slot == "tip_safe" and safety.read(text) == safety.SAFE):
        return bool(context.get("emergency"))  # a short answer: the rules alone, as in the gateway
    # The engine's own verdict weighs the gateway's rules with the classifier; the rules alone count only without it.
    verdict = (context.get("nlu") or {}).get("emergency")
    return bool(context.get("emergency") if verdict is None else verdict) or intent in EMERGENCIES


def is_digression(message: Message, question: str) -> bool:
    """Whether the message asks something of its own instead of answering `question`. See bot.dialogue.interview.aside."""
    return aside.steps_out(message, question)
