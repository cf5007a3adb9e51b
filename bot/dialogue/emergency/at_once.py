"""The answers to what must be decided at this moment, after danger was told: before an interview, inside and after it.

What is asked is read by bot.dialogue.reading.at_once. Of who is held themself no ransom is spoken of: it is not they who pay.
"""

from __future__ import annotations

from bot.dialogue.reading import at_once, hotline_digits, person
from bot.dialogue.reading.questions import is_question
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.dialogue.triage import heard

PAY, PAID = "still_here_pay", "still_here_ransom_paid"
GO = ("still_here_taken_away", "still_here_taken_away_2")
_PAY_STEPS = (PAY, "still_here_ransom_3", "still_here_ransom", "still_here_ransom_2")
LINES = frozenset({*_PAY_STEPS, PAID, *GO})
ANSWERS = frozenset({PAY, PAID})  # their first line is the answer, whatever number can be reached
CANNOT_HEAR, NUMBER_KEPT = "cannot_hear", "number_kept"
_HOTLINE_PAGES = frozenset({"hotline_111", "hotline_number", "hotline_card"})
_BESIDE = {PAY: "pay_beside", PAID: "paid_beside", GO[0]: "taken_away_beside", CANNOT_HEAR: "cannot_hear_beside"}
BESIDE = frozenset(_BESIDE.values())  # in the interview
_OWN_MONEY = frozenset({"fake_police_call", "sextortion", "self_harm_distress"})  # cards with steps of their own
_POLICE, _DANGER = "fake_police_call", "emergency_in_danger"
# What a message that means nothing by itself is answered with.
_SMALL = frozenset({
    "menu", "nothing_open", "nothing_to_stop", "unsure", "unsure_again", "out_of_scope", "chitchat", "greet", "goodbye", "thank",
    "abuse_insult", "hotline_number", "hotline_111", "hotline_card", "ask_human", "bot_challenge",
})  # fmt: skip
_ROAD = ("tip_", "ask_", "receipt")  # lines of the interview itself


def answer(text: str, state: ConversationState) -> str:
    """The line that answers what must be decided now, or "" where nothing is asked or no danger was told."""
    if not _told(state) or state.card.item in _OWN_MONEY:
        return ""
    oneself = state.signs.speaker in ("", person.SELF, person.CHILD)
    pays = state.signs.speaker not in (person.SELF, person.CHILD)
    if pays and at_once.asks_to_pay(text):
        return _next(_PAY_STEPS, state)
    if pays and not state.card.paid and at_once.speaks_of_money(text) and heard.paid(text):
        return PAID
    if oneself and (at_once.asks_to_go(text) or at_once.is_taken(text)):
        return _next(GO, state)
    return ""


def _told(state: ConversationState) -> bool:
    return bool(state.card.near or state.card.shown or state.interview_cards)


def _next(lines: tuple[str, ...], state: ConversationState) -> str:
    return next((line for line in lines if line not in state.card.shown), lines[0])


def beside(says: list[Say], text: str, state: ConversationState) -> list[Say]:
    """The same answers in an interview: what must be decided now comes first, then the interview's own lines and its question."""
    names = {str(say["say"]) for say in says}
    line = answer(text, state)
    if not line and at_once.cannot_hear(text):
        line = CANNOT_HEAR
    if not line and "goodbye" in names and at_once.goes_out(text):
        line = "going_out_beside"
    if not line:
        return says
    if line == PAID:
        state.card.paid = True
    line = PAY if line in _PAY_STEPS else GO[0] if line in GO else line
    rest = [say for say in says if str(say["say"]).startswith(_ROAD)]
    return [{"say": _BESIDE.get(line, line), "args": {}}, *rest]


def misheard(says: list[Say], text: str, state: ConversationState) -> list[Say]:
    """The same answers where a few words were taken for another matter.

    "Nó bắt em lên xuồng" is no policeman on the telephone, who is deaf is no small talk, and a plate asks for no hotline.
    """
    names = {str(say["say"]) for say in says}
    if _POLICE in names and at_once.is_taken(text):
        return [{**say, "say": _DANGER} if say["say"] == _POLICE else say for say in says]
    if names & _HOTLINE_PAGES and hotline_digits.only_inside(text) and not is_question(text):
        return [{"say": "unsure" if state.card.near else NUMBER_KEPT, "args": {}}]  # after a card `stay` goes on
    return [{"say": CANNOT_HEAR, "args": {}}] if at_once.cannot_hear(text) and names <= _SMALL else says
