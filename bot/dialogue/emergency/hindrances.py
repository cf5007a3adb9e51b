"""What keeps somebody from the next step after a card, in a few words of theirs, and the small step that helps with just that.

The words are content/danger/vi/hindered.yml. Each is answered twice at most, the second time otherwise; then the steps go on.
"""

from __future__ import annotations

from bot.core.text import fold, normalise
from bot.dialogue.state import ConversationState
from bot.phrases.books import book

_BOOK = book("danger/vi/hindered")
KINDS = ("lost", "phone_held", "no_credit", "silent", "alone")
_HEARD = {kind: _BOOK.words(kind) for kind in (*KINDS, "same")}
_DESPAIR = {"alone": ("still_here_distress_alone", "still_here_distress_alone_2"), "same": ("still_here_distress_3",)}
_STEPS = {kind: (f"still_here_{kind}", f"still_here_{kind}_2") for kind in KINDS}
LINES = frozenset(name for names in (*_STEPS.values(), *_DESPAIR.values()) for name in names)
DESPAIR_LINES = frozenset(name for names in _DESPAIR.values() for name in names)
LONGEST = 14  # words


def step(text: str, state: ConversationState, *, despair: bool) -> str:
    """The line that answers what keeps them, or "". despair: after the card of somebody who does not want to live."""
    if len(text.split()) > LONGEST:
        return ""
    words = (normalise(text), fold(text))
    steps = _DESPAIR if despair else _STEPS
    for kind, lines in steps.items():
        if any(_HEARD[kind].search(said) for said in words):
            return next((line for line in lines if line not in state.card.shown), "")
    return ""
