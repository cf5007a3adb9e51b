"""Harm that somebody is doing or has done to themself, heard in any turn: before every open question, and until they are helped.

The words are content/danger/vi/harmed.yml, read in folded words with abbreviations written out. What is swallowed or cut already
has its own first step (115, never "put the pills far away"); a wish to die that is told within a report holds the report still.
"""

from __future__ import annotations

from bot.core.text import excerpt, normalise
from bot.dialogue.emergency import after_card
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.dialogue.triage import Triage, heard, meant
from bot.phrases.books import book

TAKEN, BLEEDING, DEATH = "taken", "bleeding", after_card.DEATH
_BOOK = book("danger/vi/harmed")
_HEARD = {name: _BOOK.words(name) for name in _BOOK.names()}
_READ = (1_400, 500)  # characters from the start and from the end, as in the triage
_TOLD_AT_LENGTH = 25  # words; so long a message is a report with despair in it, and its words are kept


def _says(name: str, text: str) -> bool:
    return _HEARD[name].search(text) is not None


def told(message: str, state: ConversationState, *, in_form: bool = False) -> str:
    """What `message` says of harm to oneself: TAKEN, BLEEDING, DEATH, or "". Few words say more where despair was spoken of."""
    whole = _plain(message)
    text = meant.plain(whole)
    held = bool(state.card.near) and state.card.item == after_card.DISTRESS
    threatened = held or (bool(state.card.near) and after_card.PICTURES in state.card.shown)
    if heard.friend_at_risk(text) and not heard.taken(text):
        return ""
    if _bleeds(text, held=held):
        return BLEEDING
    if _took(text, held=held, threatened=threatened, bled=state.card.despair == BLEEDING):
        return TAKEN
    if _says("not_death", text):
        return ""
    means = (in_form or threatened) and _says("means", text)
    return DEATH if means or _says("death", text) or _says("death_meant", whole) else ""


def _bleeds(text: str, *, held: bool) -> bool:
    if _says("not_bleeding", text):
        return False
    return _says("bleeding", text) or (held and _says("bleeding_after", text))


def _took(text: str, *, held: bool, threatened: bool, bled: bool) -> bool:
    if _says("not_taken", text):
        return False
    if _says("taken", text) or heard.taken(text) or (threatened and _says("taken_blackmailed", text)):
        return True
    if not held or _says("drink", text):
        return False
    return _says("taken_after", text) or (not bled and _says("body", text))


def answer(message: str, state: ConversationState, danger: Triage, *, in_form: bool) -> list[Say]:
    """What is said instead of everything else, or [] where the dialogue goes on; the state moves with it.

    danger: what the rules see in the message. in_form: an interview waits, and goes on waiting.
    """
    found = told(message, state, in_form=in_form)
    held = bool(state.card.near) and state.card.item == after_card.DISTRESS
    if found in (TAKEN, BLEEDING):
        if not (held and state.card.despair == found):
            _turn_to(state, found)
        return [after_card.next_of_despair(state, message)]
    if state.card.despair in (TAKEN, BLEEDING) and held and in_form and not _says("goes_on", _plain(message)):
        return [after_card.next_of_despair(state, message)]
    if in_form and not found and _despairs(message, danger):
        found = DEATH
    if found == DEATH:
        if held and state.card.despair != "friend":
            state.card.despair = state.card.despair or DEATH
            return [after_card.next_of_despair(state, message)]
        _turn_to(state, DEATH)
        return [{"say": after_card.DISTRESS, "args": {}}]
    return _held_still(message, state) if held and in_form and state.card.despair == DEATH else []


def _plain(message: str) -> str:
    return normalise(excerpt(message, *_READ))


def _despairs(message: str, danger: Triage) -> bool:
    """Whether the rules hear the writer's own wish to die in a message that is no report of its own."""
    own = danger.level == "emergency" and danger.kind == after_card.DISTRESS
    return own and len(message.split()) <= _TOLD_AT_LENGTH and heard.despair_of(message) != "friend"


def _turn_to(state: ConversationState, despair: str) -> None:
    state.card.near, state.card.item = after_card.TURNS, after_card.DISTRESS
    state.card.despair, state.card.step = despair, 0


def _held_still(message: str, state: ConversationState) -> list[Say]:
    """A report in which somebody spoke of dying goes on when they say so, or when they did not mean it."""
    if meant.denies(message):
        after_card.forget(state)
        return [{"say": after_card.MISREAD, "args": {}}]
    if _says("goes_on", _plain(message)) or len(message.split()) > _TOLD_AT_LENGTH:
        state.card.despair = ""
        after_card.forget(state)
        return []
    return [after_card.next_of_despair(state, message)]
