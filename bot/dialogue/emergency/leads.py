"""What an emergency answer says to this person: the number that works there, the one thing to do, the question, by whom it is for.

Remembered as signs in the conversation's sealed state, without the words that gave them: somebody who said "bên Cam" a while
ago and cries now cannot reach 113 either. Whatever is not known leaves the general words as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.messages import Choice, OutboundMessage
from bot.core.text import fold
from bot.dialogue.emergency import at_once, hindrances, pieces
from bot.dialogue.emergency.after_card import CHILD, DISTRESS, DISTRESS_LINES, EMERGENCY_ITEMS, STAYING
from bot.dialogue.interview.plates import vehicles
from bot.dialogue.reading import person
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState, Signs

_LED = EMERGENCY_ITEMS | STAYING | {"still_here_child_told", "emergency_line", "tip_urgent_intro", "tip_urgent_kept"}
_NUMBERS, _OTHER_HELD = frozenset({"hotline_card", "hotline_number", "menu", "text_numbers"}), "offer_other_held"
_MYSELF, _ANOTHER = "emergency_in_danger", "emergency_other_person"
_TOPICS = {
    _MYSELF: "danger", _ANOTHER: "danger", CHILD: "child", "missing_person": "missing", "ransom_demand": "ransom",
    "sextortion": "pictures", "fake_police_call": "police", DISTRESS: "despair",
}  # fmt: skip
# Cards whose first line is advice of their own, which only a first line of their own kind replaces.
_OWN_FIRST_LINE = {"sextortion": "lead_pictures", "fake_police_call": "lead_police"}
_CALM_PLACES = frozenset({"", person.VIET_NAM})


def hear(state: ConversationState, text: str, kind: str, place: Mapping[str, Any], *, in_form: bool) -> None:
    """Take the signs from a message; the later word wins. kind: the emergency in it, or "".

    A place in Viet Nam ends "abroad" outside a form only for who is there themself: a family at home has a home, too.
    """
    signs = state.signs
    said = person.read(text, kind, place, before=signs.speaker, in_form=in_form)
    less = signs.speaker in pieces.SEEN and said.speaker in {person.WITNESS, *pieces.OTHERS}
    less = less or (signs.speaker == person.CHILD and said.speaker == person.SELF)  # said again without the age
    if said.speaker and not less:
        signs.speaker, signs.trade = said.speaker, said.trade
        signs.whom = said.whom or (signs.whom if said.speaker in pieces.OTHERS else "")
    stays = signs.place == person.SEA or (person.foreign(signs.place) and signs.speaker in pieces.OTHERS | pieces.SEEN)
    if said.place == person.HOME:
        signs.place = person.VIET_NAM
    elif said.place and not (said.place == person.VIET_NAM and stays):
        known = said.place == person.ABROAD and person.foreign(signs.place)
        signs.place = signs.place if known else said.place
    if not in_form and (place.get("status") in {"commune", "candidates"} or vehicles(text, fold(text))):
        signs.placed = True  # nobody is asked again which commune, or which boat
    if said.mute is not None:
        signs.mute = said.mute
        signs.watched = said.watched or (signs.watched and said.mute)


def turned(says: list[Say], state: ConversationState) -> list[Say]:
    """The same answers, the card for oneself and the one for another as it is told: nobody is given the other's."""
    return [{**say, "say": _turned(say["say"], state.signs.speaker)} for say in says]


def _turned(name: str, speaker: str) -> str:
    if name == "missing_person" and speaker in (person.SELF, person.CHILD):
        return (
            CHILD if speaker == person.CHILD else _MYSELF
        )  # whom others look for is not told how to look for somebody
    if name not in (_MYSELF, _ANOTHER) or not speaker:
        return str(name)
    if speaker == person.CHILD:
        return CHILD
    return _MYSELF if speaker == person.SELF else _ANOTHER


def led(says: list[Say], state: ConversationState) -> list[Say]:
    """The same answers, those about an emergency with what is said to this person."""
    return [_led(say, state) if say["say"] in _LED else say for say in says]


def _led(say: Say, state: ConversationState) -> Say:
    found = dressed(say["say"], state)
    if (say.get("args") or {}).get("more"):  # the longer answer has its own order
        found = {"lead": found["lead"]} if "lead" in found else {}
    return {"say": say["say"], "args": {**(say.get("args") or {}), **found}} if found else say


def dressed(name: str, state: ConversationState) -> dict[str, str]:
    """Names of what takes the place of the general words of `name`.

    lead: the first line. act: the rest of the first bubble. ask: the question. near: the number of the place, above the
    question. whole: the whole line. whom: of whom they tell, where a piece says it.
    """
    signs, language, topic = state.signs, state.language or "vi", _TOPICS.get(name, "")
    if name == _MYSELF and signs.speaker in pieces.OTHERS | pieces.SEEN:  # tapped: "Tôi đang gặp nguy hiểm"
        signs = replace(signs, speaker=person.SELF, whom="")
    found = {"lead": lead_of(name, signs, language)}
    if topic:
        found["act"], found["ask"] = (pieces.of(f"{stem}_{topic}", signs, language) for stem in ("act", "ask"))
        abroad = person.foreign(signs.place) and topic in {"danger", "child", "missing", "ransom"}
        found["near"] = pieces.of("near", Signs(place=signs.place), language) if abroad else ""
    else:
        found["whole"] = pieces.of(name, signs, language)
    kept = {key: value for key, value in found.items() if value}
    return {**kept, "whom": signs.whom or "unknown"} if kept else kept


def lead_of(name: str, signs: Signs, language: str) -> str:
    """The line that an emergency answer begins with, or "": the one that can be reached from there, or none to call."""
    abroad, mute = person.foreign(signs.place), signs.mute
    if name in at_once.ANSWERS:
        return ""  # the answer itself comes first, and names the numbers
    if name in hindrances.FREE and not (abroad and signs.speaker in (person.SELF, person.CHILD)):
        return ""
    if name in DISTRESS_LINES:
        if abroad:
            return "lead_abroad_distress"
        own = pieces.of("lead_distress", signs, language) if name == DISTRESS else ""
        return own if own and own.endswith("_text") == mute else "lead_text_distress" if mute else ""
    if signs.place in _CALM_PLACES and not mute:
        if name in _OWN_FIRST_LINE:
            return pieces.of(_OWN_FIRST_LINE[name], signs, language)
        return pieces.of("lead", signs, language) if name in (_MYSELF, _ANOTHER, CHILD) else ""
    if name in _OWN_FIRST_LINE and not (abroad or mute):
        return pieces.of(_OWN_FIRST_LINE[name], signs, language)
    own = pieces.of("lead", signs, language)
    fits = own and own.endswith("_text") == mute and (not abroad or "_abroad" in own)
    if fits:
        return own
    if abroad:
        return "lead_abroad_text" if mute else "lead_abroad"
    return "lead_text" if mute else ""


def offered(
    replies: list[OutboundMessage], state: ConversationState, lines: Mapping[str, Any]
) -> list[OutboundMessage]:
    """The same bubbles; who tells of another is not offered "Tôi đang bị giữ" under a page about how people are lured."""
    if state.signs.speaker not in pieces.OTHERS | pieces.SEEN or _OTHER_HELD not in lines:
        return replies
    return [_for_another(reply, lines[_OTHER_HELD].text) for reply in replies]


def _for_another(reply: OutboundMessage, title: str) -> OutboundMessage:
    own, other = f"say:{_MYSELF}", f"say:{_ANOTHER}"
    if reply.meta.get("item") in _LED | _NUMBERS or all(choice.id != own for choice in reply.choices):
        return reply
    there = any(choice.id == other for choice in reply.choices)
    rest = [Choice(other, title) if choice.id == own else choice for choice in reply.choices]
    return replace(reply, choices=tuple(rest if not there else [c for c in reply.choices if c.id != own]))
