"""What keeps somebody from the next step after a card, in a few words of theirs, and the small step that helps with just that.

The words are content/danger/vi/hindered.yml. Each is answered twice at most, the second time otherwise; then the steps go on.
"""

from __future__ import annotations

from bot.core.text import fold, normalise
from bot.dialogue.reading import at_once, person
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.phrases.books import book

_BOOK = book("danger/vi/hindered")
KINDS = ("lost", "phone_held", "no_abroad", "no_credit", "silent", "alone")
_TEXTS, TEXT_NUMBERS = _BOOK.words("texts"), "text_numbers"
_HEARD = {kind: _BOOK.words(kind) for kind in (*KINDS, "same")}
_DESPAIR = {"alone": ("still_here_distress_alone", "still_here_distress_alone_2"), "same": ("still_here_distress_3",)}
_STEPS = {kind: (f"still_here_{kind}", f"still_here_{kind}_2") for kind in KINDS}
GOING_OUT = ("still_here_going_out", "still_here_going_out_2")  # the telephone, or the time
LINES = frozenset(
    name for names in (*_STEPS.values(), *_DESPAIR.values(), ("still_here_lock",), GOING_OUT) for name in names
)
DESPAIR_LINES = frozenset(name for names in _DESPAIR.values() for name in names)
_LOCK_IN, LOCK = _BOOK.words("lock_in"), "still_here_lock"
_PLACE_ONLY = _BOOK.words("place_only")
_RESIDENCE, _DRAWN_IN = _BOOK.words("residence"), _BOOK.words("drawn_in")
_TO_TELL, _AFTER_TELLING = _BOOK.words("to_tell"), _BOOK.words("after_telling")
_ONLOOKERS = frozenset({person.WITNESS, person.PROFESSIONAL, person.RELATIVE, person.FRIEND})
LONGEST = 14  # words
# What their first line says is the help itself: 113 and 111 cost nothing, and whom to write to.
FREE = frozenset(name for kind in ("no_credit", "no_abroad") for name in _STEPS[kind])


def step(text: str, state: ConversationState, *, despair: bool) -> str:
    """The line that answers what keeps them, or "". despair: after the card of somebody who does not want to live."""
    if len(text.split()) > LONGEST:
        return ""
    words = (normalise(text), fold(text))
    if not despair and state.signs.speaker in _ONLOOKERS and _LOCK_IN.search(words[0]) and LOCK not in state.card.shown:
        return LOCK
    if not despair and at_once.goes_out(text):
        return next((line for line in GOING_OUT if line not in state.card.shown), "")
    steps = _DESPAIR if despair else _STEPS
    for kind, lines in steps.items():
        if any(_HEARD[kind].search(said) for said in words):
            return next((line for line in lines if line not in state.card.shown), "")
    return ""


def asks_to_write(text: str) -> bool:
    """Whether somebody asks which number takes written words, or what Zalo 111 is: no list of numbers to call answers that."""
    return len(text.split()) <= LONGEST and _TEXTS.search(normalise(text)) is not None


def written(says: list[Say], text: str) -> list[Say]:
    """The same answers; how to write where that was asked. What goes on with a report or an alarm stays."""
    kept = ("tip_", "ask_", "still_here", "receipt")
    if not (says and asks_to_write(text)) or any(str(say["say"]).startswith(kept) for say in says):
        return says
    return [{"say": TEXT_NUMBERS, "args": {}}]


def names_a_place(text: str) -> bool:
    """Whether few words only say what kind of place it is: after a card the answer to "where", not a topic to learn of."""
    return _PLACE_ONLY.search(normalise(text)) is not None


def unfrightened(says: list[Say], text: str, state: ConversationState) -> list[Say]:
    """The same answers, without prison for who only asks about tenants, and without surrender for who fears to be drawn in."""
    names, words = {say["say"] for say in says}, normalise(text)
    if state.signs.speaker == person.TOOK_PART:
        return says
    if "legal_penalty" in names and _RESIDENCE.search(words):
        return [{"say": "residence_asked", "args": {}}]
    drawn_in = _DRAWN_IN.search(words) and not (_TO_TELL.search(words) or _AFTER_TELLING.search(words))
    return (
        [{"say": "reporter_rights", "args": {}}] if drawn_in and names & {"turn_myself_in", "legal_penalty"} else says
    )


def tells_on_themselves(text: str, state: ConversationState) -> bool:
    """Whether who took part says that they want to tell it, or anybody asks what becomes of who does."""
    words = normalise(text)
    if len(text.split()) <= LONGEST and _AFTER_TELLING.search(words):
        return True
    took_part = state.signs.speaker == person.TOOK_PART and not state.in_form
    return took_part and len(text.split()) <= 2 * LONGEST and _TO_TELL.search(words) is not None
