"""The answer of a turn, begun with what was told; and nothing said twice in the same words in one conversation.

Works on what the dialogue wants said. A composed answer is the page it was, with names of pieces among its arguments:
seen, the first line; todo, the one thing to do now; brief, the short card; asked, the question with its buttons. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.dialogue.composing import pieces, told
from bot.dialogue.composing.told import Told
from bot.dialogue.emergency.after_card import EMERGENCY_ITEMS
from bot.dialogue.interview import asked
from bot.dialogue.reading import person, questions
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState

RANSOM, RANSOM_PAID = "ransom_demand", "still_here_ransom_paid"
OFFER, FIRST = "offer_report", "composed_first"
# What answers a message in which no topic of ours was seen.
LOST = frozenset({"unsure", "unsure_again", "out_of_scope", "chitchat"})
# Told again in the same words by whoever asks for it again.
_MAY_REPEAT = EMERGENCY_ITEMS | {
    "hotline_card", "hotline_number", "consular_card", "card_emergency", "ask_human", "greet", "thank", "goodbye", "menu",
    "bot_challenge", "abuse_insult", "unsure", "unsure_again",
}  # fmt: skip
# Questions about reporting that have a short answer of their own, and pages that answer them at length.
_SECOND = frozenset({"money", "known", "name", "readers", "recorded", "reward", "young", "call"})
_ANSWERS_IT = EMERGENCY_ITEMS | LOST | {
    "anonymity_confidentiality", "reporter_rights", "what_happens_after_report", "hotline_111", "hotline_number",
}  # fmt: skip
_STEMS = {"seen": "seen", "todo": "do", "asked": "ask"}  # argument and the beginning of its pieces' names
# Somebody who is back and asks for no law is answered with what helps them first.
_OF_LAW = frozenset({"left_illegally", "forced_to_offend", "legal_penalty", "victim_support_rights", "safe_migration"})
_AGAIN = ("again", "again_2")
_MOST = 120  # names remembered
_AGAIN_LOST = ("again_lost", "again_2")


def answer(says: list[Say], text: str, state: ConversationState, *, is_page: Callable[[str], bool]) -> list[Say]:
    """The same answers, the one page among them begun with what `text` told. is_page: whether a name is a page of the library."""
    if len(says) != 1:
        return says
    name, found = str(says[0]["say"]), told.read(text, before=state.signs.speaker)
    if name == OFFER:
        first = arguments(("seen", "todo"), name, found, state)
        return [{"say": FIRST, "args": first}, *says] if "seen" in first else says
    item = (pieces.item_of(found) if found.stage or "eggs" in found.matters else "") if name in LOST else name
    if found.stage == told.BACK and "fear" not in found.matters and item in _OF_LAW:
        item = "returnee_support"
    if not item or not is_page(item) or item in EMERGENCY_ITEMS:
        return _once(says, name, state, is_page)
    args = arguments(("seen", "todo", "asked"), item, found, state)
    if "seen" not in args or "todo" not in args:
        return _once([{"say": item, "args": {}}] if item != name else says, item, state, is_page)
    again = item in state.said
    _remember(state, item, str(args["seen"]))
    brief = pieces.brief(item, found, state.language or "vi")
    if brief and not again:
        args["brief"] = brief
    if found.man and not again:
        args["note"] = "note_man"
    args["again"] = again
    return [{"say": item, "args": args}]


def arguments(stems: tuple[str, ...], item: str, found: Told, state: ConversationState) -> dict[str, Any]:
    """Names of the pieces and what fills them; without the first line where it was said before."""
    language = state.language or "vi"
    args: dict[str, Any] = {stem: name for stem in stems if (name := pieces.of(_STEMS[stem], found, language))}
    if args.get("seen") in state.said:
        del args["seen"]
    if item == OFFER and "seen" in args:
        _remember(state, str(args["seen"]))
    you = "em" if found.speaker == person.CHILD else "elder" if found.elder else "bạn"
    return {**args, "to": found.to, "when": found.when, "whom": found.whom or "unknown", "you": you, "item": item}


def beside(says: list[Say], text: str) -> list[Say]:
    """The same answers, after the short answer to a second question of the message that asks how a report goes."""
    if len(says) != 1 or says[0]["say"] in _ANSWERS_IT:
        return says
    asking = [clause for clause in questions.clauses(text) if questions.asks(clause)]
    names = [asked.topic(clause) for clause in asking]
    second = next((name for name in names if name in _SECOND), "")
    return [{"say": f"tip_asked_{second}", "args": {}}, *says] if second and len(asking) > 1 and "" in names else says


def ransomed(says: list[Say], text: str) -> list[Say]:
    """The same answers; who has paid a ransom is not told not to pay, but what can be done now."""
    if not any(say["say"] == RANSOM for say in says) or told.read(text).stage != told.RANSOMED:
        return says
    return [{"say": RANSOM_PAID, "args": {}} if say["say"] == RANSOM else say for say in says]


def _once(says: list[Say], name: str, state: ConversationState, is_page: Callable[[str], bool]) -> list[Say]:
    """The same answer; in place of a page that was said already its longer form, then a word about it, then a person."""
    lost = name in ("out_of_scope", "chitchat")
    if name in _MAY_REPEAT or not (lost or is_page(name)) or (state.language or "vi") != "vi":
        return says
    if name not in state.said:
        _remember(state, name)
        return says
    if not lost and f"more:{name}" not in state.said:
        _remember(state, f"more:{name}")
        return [{"say": name, "args": {"more": True}}]
    lines = _AGAIN_LOST if lost else _AGAIN
    line = next((line for line in lines if f"{line}:{name}" not in state.said), lines[-1])
    _remember(state, f"{line}:{name}")
    return [{"say": line, "args": {"item": name, "you": "bạn"}}]


def _remember(state: ConversationState, *names: str) -> None:
    state.said = (*(name for name in state.said if name not in names), *names)[-_MOST:]


def shown(state: ConversationState, choice: str) -> None:
    """A page that was tapped has been said, too."""
    verb, _, name = choice.partition(":")
    if verb in ("say", "more") and name:
        _remember(state, name if verb == "say" else choice)
