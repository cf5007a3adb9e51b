"""The turns around an emergency card: it comes first, it is not said twice, and who answers it is not lost.

The card asks "where are you, what is happening". Whoever then writes a place has answered, and the short urgent tip
begins with what they wrote; whoever writes "không gọi được" or "dạ" is stayed with instead of being shown a menu.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.core.questions import is_question
from bot.core.text import fold
from bot.services.render import Say
from bot.services.turns import State

EMERGENCY_ITEMS = frozenset({
    "emergency_in_danger", "emergency_other_person", "child_in_danger", "missing_person", "ransom_demand",
    "sextortion", "fake_police_call", "self_harm_distress", "card_emergency",
})  # fmt: skip
DISTRESS, CHILD = "self_harm_distress", "child_in_danger"
TURNS = 3  # so many turns after it, a message is read as an answer to the card
# What the bot says when it has nothing to say: out of place beside an emergency card.
EMPTY = frozenset({
    "menu", "nothing_open", "nothing_to_stop", "unsure", "unsure_again", "out_of_scope", "chitchat", "greet",
    "foreign_card",
})  # fmt: skip
# After the card, one small question at a time, and never the same words again.
_DISTRESS_STEPS = tuple(f"still_here_distress{n}" for n in ("", "_2", "_3", "_4", "_5"))
_CHILD_STEPS = tuple(f"still_here_child{n}" for n in ("", "_2", "_3", "_4"))
DISTRESS_LINES = frozenset({DISTRESS, *_DISTRESS_STEPS})
STAYING = frozenset({"still_here", *_DISTRESS_STEPS, *_CHILD_STEPS})
# What somebody in despair who asks for it gets instead of the next small question.
_WANTED = frozenset({"ask_human", "hotline_number", "hotline_111", "erase_traces", "tip_intro", "tip_safe", "goodbye"})
_SAID_SHORTLY = 14  # words
_CALLS_FIRST = frozenset({"tip_urgent_intro", "tip_urgent_kept"}) | STAYING
_PLACED = frozenset({"commune", "candidates", "province", "foreign"})
_CANNOT = re.compile(
    r"^(?:\w+ ){0,3}(?:khong|ko|k|kg|hong|hok|hem|chua|deo|can'?t|cannot)(?: the)? (?:goi|noi|nghe|call|speak|talk)\b"
)
_LONGEST = 40  # words; a longer message is a story, and the dialogue has a way with stories
_KEPT_CHARS = 1_000


def answers_card(text: str, place: Mapping[str, Any], state: State, *, here: bool = False) -> bool:
    """Whether `text` says where, shortly after a card that asked for it. here: a position was shared, which does."""
    if not state.get("carded") or state.get("card") == DISTRESS or not (text or here):
        return False
    return place.get("status") in _PLACED and not is_question(text) and len(text.split()) <= _LONGEST


def keep(state: State, item: str, text: str, choice: str) -> None:
    """Remember, sealed with the rest of the state, which card was shown and the cry it answered."""
    state["carded"], state["card"] = TURNS, item
    if item == DISTRESS:
        state.pop("cry", None)
    elif len(text.split()) > 1 and not choice:
        state["cry"] = f"{state.get('cry', '')}\n{text}".strip()[-_KEPT_CHARS:]


def remember(state: State, names: set[str], text: str, choice: str) -> None:
    """What this turn said, so that the next one knows how far away the card is. Later its words are forgotten."""
    card = next(iter(sorted(names & EMERGENCY_ITEMS)), "")
    if names & STAYING:
        card = str(state.get("card") or "")
        state["step"] = int(state.get("step") or 0) + 1
    elif card:
        state.pop("step", None)
    if card:
        keep(state, card, text, choice)
        return
    state["carded"] = max(0, int(state.get("carded") or 0) - 1)
    if not state["carded"]:
        forget(state)


def forget(state: State) -> None:
    """No card stands any more, and the words that brought it are gone."""
    for name in ("carded", "card", "cry", "step"):
        state.pop(name, None)


def card_first(says: list[Say], kind: str, state: State, language: str, *, in_form: bool) -> list[Say]:
    """113 and 111 before anything else: the whole card the first time, one line when it was just shown."""
    if says and says[0]["say"] in EMERGENCY_ITEMS | _CALLS_FIRST:
        return says
    dropped = EMERGENCY_ITEMS if in_form else EMERGENCY_ITEMS | EMPTY
    rest = [say for say in says if say["say"] not in dropped]
    if language not in {"vi", "en"}:
        return [{"say": "foreign_card", "args": {}}, *(rest if in_form else [])]
    card = "emergency_line" if state.get("carded") and rest else (kind or "emergency_in_danger")
    return [{"say": card, "args": {}}, *rest]


def stay(says: list[Say], text: str, state: State, danger: str = "") -> list[Say]:
    """After a card, in place of the same card or of an answer that means nothing: somebody is here, the next small step.

    danger: the kind of emergency the rules see in `text`, or "". Another danger than the one spoken of gets its own card.
    """
    if not state.get("carded") or not says:
        return says
    names = {say["say"] for say in says}
    empty = EMPTY - {"menu", "greet"}
    wanted = names & _WANTED or any(name.startswith("tip_") for name in names)
    short = len(text.split()) <= _SAID_SHORTLY and not is_question(text) and not wanted
    said = short or names <= EMERGENCY_ITEMS | empty | {"thank"}
    if state.get("card") == DISTRESS:
        return [_step(_DISTRESS_STEPS, state)] if said and danger in {"", DISTRESS} else says
    if state.get("card") == CHILD and state.get("young"):
        return [_step(_CHILD_STEPS, state)] if said and danger in {"", CHILD, "emergency_in_danger"} else says
    cannot = bool(_CANNOT.match(fold(text))) and len(text.split()) <= 12 and names <= EMERGENCY_ITEMS | EMPTY
    if not cannot and names != {state.get("card")} and not names <= empty:
        return says
    return [{"say": "still_here", "args": {}}]


def _step(steps: tuple[str, ...], state: State) -> Say:
    """The next of `steps`; past the last, round again without the first."""
    done = int(state.get("step") or 0)
    number = done if done < len(steps) else 1 + (done - 1) % (len(steps) - 1)
    return {"say": steps[number], "args": {}}
