"""What an emergency answer begins with for this person: who is abroad, who cannot call, whether a child is speaking.

Remembered as three signs in the conversation's sealed state, without the words that gave them: somebody who said "bên
Cam" a while ago and cries now cannot reach 113 either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.emergency.after_card import DISTRESS_LINES, EMERGENCY_ITEMS, STAYING
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.dialogue.triage import circumstances

_LED = EMERGENCY_ITEMS | STAYING | {"still_here_child_told", "emergency_line", "tip_urgent_intro", "tip_urgent_kept"}
_AT_HOME = frozenset({"commune", "candidates", "province"})


def hear(state: ConversationState, text: str, kind: str, place: Mapping[str, Any], *, in_form: bool) -> None:
    """Take the signs from a message. kind: the emergency in it, or "". A place in Viet Nam ends "abroad" outside a form,
    where it is the answer to where the family lives."""
    if circumstances.abroad(text) or (not text and place.get("status") == "foreign"):
        state.signs.abroad = True
    elif place.get("status") in _AT_HOME and not in_form:
        state.signs.abroad = False
    if circumstances.cannot_call(text, kind):
        state.signs.mute = True
    if circumstances.is_child(text):
        state.signs.young = True


def led(says: list[Say], state: ConversationState) -> list[Say]:
    """The same answers, those about an emergency with the line to begin with."""
    if not (state.signs.abroad or state.signs.mute):
        return says
    return [_with_lead(say, state) if say["say"] in _LED else say for say in says]


def _with_lead(say: Say, state: ConversationState) -> Say:
    return {"say": say["say"], "args": {**(say.get("args") or {}), "lead": lead_of(say["say"], state)}}


def lead_of(name: str, state: ConversationState) -> str:
    """The line of the phrasebook that an emergency answer begins with, or ""."""
    abroad, mute = state.signs.abroad, state.signs.mute
    if name in DISTRESS_LINES:
        return "lead_abroad_distress" if abroad else "lead_text_distress" if mute else ""
    if abroad:
        return "lead_abroad_text" if mute else "lead_abroad"
    return "lead_text" if mute else ""
