"""The turns after an offer was looked at: "lừa ko", "h sao", "có nên đi k" go on about that offer, and open no new topic.

How grave the offer looked is remembered for a few turns, without a word of it. The words are content/interview/after_offer.yml.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.text import normalise
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.phrases.books import book

TURNS = 4  # so many turns after it, few words go on about the offer
LONGEST = 12  # words
REPORT = "offer_report"
AGAIN = "offer_next_again"
_BOOK = book("interview/after_offer")
_ASKED = {name: _BOOK.anywhere(name) for name in _BOOK.names()}
_GRAVE = "high"
_BY_RISK = frozenset({"true", "go", "now"})  # answered by how grave the offer looked; the others are answered alike
_STAYS = ("offer_", "tip_", "receipt", "status_", "screening_", "sub_")


def remember(state: ConversationState, says: Sequence[Say], *, checked: bool) -> None:
    """What this turn said about an offer. checked: an offer was looked at in it, whatever the answer was."""
    report = next((say for say in says if say["say"] == REPORT), None)
    if checked or report is not None:
        state.offer.near, state.offer.shown = TURNS, ()
        state.offer.risk = str((report or {}).get("args", {}).get("risk") or "")
        return
    state.offer.near = max(0, state.offer.near - 1)
    if not state.offer.near:
        state.offer.risk, state.offer.shown = "", ()


def answer(says: list[Say], text: str, state: ConversationState) -> list[Say]:
    """The same answers; in place of them the next step about the offer, where few words go on about it. Not beside a card."""
    if not (says and state.offer.near) or state.in_form or len(text.split()) > LONGEST:
        return says
    if any(str(say["say"]).startswith(_STAYS) for say in says):
        return says
    words = normalise(text)
    asked = next((name for name, pattern in _ASKED.items() if pattern.search(words)), "")
    if not asked:
        return says
    tail = ("" if state.offer.risk == _GRAVE else "_calm") if asked in _BY_RISK else ""
    line = f"offer_next_{asked}{tail}"
    again = line in state.offer.shown
    state.offer.near, state.offer.shown = TURNS + 1, tuple(sorted({*state.offer.shown, line}))
    return [{"say": AGAIN if again else line, "args": {}}]
