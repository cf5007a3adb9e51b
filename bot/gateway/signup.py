"""Signing up for the newsletter in the conversation: join, choose, see, change, erase, and stop at once.

No engine takes part, so that a wish to stop holds while none answers. What was chosen is stored at every step; the sealed
state only remembers which question is open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from sqlmodel import Session

import bot.phrases as phrases
from bot.core.campaigns.audience import AGES, TOPICS
from bot.core.campaigns.optout import asks_to_join, asks_to_stop, means_newsletter, says_stop
from bot.core.messages import Channel
from bot.core.text import fold
from bot.dialogue.emergency.after_card import EMPTY
from bot.dialogue.heard import TurnInput
from bot.dialogue.reading.message import Reading
from bot.dialogue.reading.questions import is_question
from bot.dialogue.says import Say, say
from bot.dialogue.state import ConversationState, SignUp
from bot.services.campaigns import subscribers

ORDER = ("topics", "place", "age")  # the questions after joining; each has a way past it
JOIN = frozenset({"do:subscribe", "intent:subscribe"})
STOP = frozenset({subscribers.UNSUBSCRIBE, "intent:unsubscribe"})
_PAST = ("no", "skip", "dont_know", "soft_stop", "leave", "refuses")  # meanings of words that pass a question by
_YEARS = re.compile(r"^(?:em |minh |toi |con |chau )?(\d{1,2})(?: tuoi)?\W*$")
_LONGEST_PLACE = 14  # words; a longer message is about something else
Deed = Callable[[Session], list[Say]]


class Places(Protocol):
    def read(
        self, text: str, choice: str, latitude: float | None, longitude: float | None, draft: Mapping[str, Any]
    ) -> dict[str, Any]:
        """See bot.gateway.tools.PlaceReader."""

    def name(self, commune: str, province: str) -> str:
        """The full name of a commune, or of a province, or ''."""


class Signup:
    """`deed` is what a message asks of the newsletter, to be done inside the turn's transaction; None for all others."""

    def __init__(self, places: Places) -> None:
        self._places = places

    def deed(self, turn: TurnInput, reading: Reading, state: ConversationState) -> Deed | None:
        """Runs before the engine is asked. The deed changes `state`."""
        inside = state.in_form
        if _stops(turn, reading, state, inside=inside):
            return lambda session: self._stop(session, turn, state, inside=inside)
        wish = reading.choice
        if not wish and not inside and asks_to_join(reading.text):
            wish = "do:subscribe"
        if wish in JOIN or wish.startswith("sub:"):
            return lambda session: self._wish(session, turn, state, wish, reading.language, inside=inside)
        if inside or reading.danger.level != "none" or state.signup is None:
            return None
        return self._answered(turn, reading, state, state.signup)

    def _stop(self, session: Session, turn: TurnInput, state: ConversationState, *, inside: bool) -> list[Say]:
        state.signup = None
        was_on = subscribers.from_chat(session, turn.conversation_id, False)
        if inside:
            return [say("unsubscribed_in_form")]
        return [say("unsubscribed" if was_on else "unsubscribe_not_on")]

    def _wish(
        self, session: Session, turn: TurnInput, state: ConversationState, wish: str, language: str, *, inside: bool
    ) -> list[Say]:
        if turn.channel is Channel.WEB:
            return [say("subscribe_not_here")]
        if inside and wish != "sub:erase":
            return [say("subscribe_later")]
        if wish in JOIN:
            return self._join(session, turn, state, language)
        if wish == "sub:erase":
            state.signup = None
            subscribers.forget(session, turn.conversation_id)
            return [say("sub_erased")]
        known = subscribers.preferences(session, turn.conversation_id)
        if known is None or not known.active:  # a button of long ago
            return [say("subscribe_offer")]
        return self._chosen(session, turn, state, wish.removeprefix("sub:"))

    def _join(self, session: Session, turn: TurnInput, state: ConversationState, language: str) -> list[Say]:
        known = subscribers.preferences(session, turn.conversation_id)
        if known is not None and known.active:
            return [self._card(session, turn)]
        subscribers.from_chat(session, turn.conversation_id, True, language)
        state.signup = SignUp(guided=True)
        return [say("subscribed"), self._ask(state, "topics")]

    def _chosen(self, session: Session, turn: TurnInput, state: ConversationState, wish: str) -> list[Say]:
        who, (question, _, value) = turn.conversation_id, wish.partition(":")
        if question in ORDER and not value:
            state.signup = SignUp()
            return [self._ask(state, question)]
        if question == "topic":
            return self._topic(session, turn, state, value)
        if question == "place" and value == "none":
            subscribers.change(session, who, province="", commune="")
            return self._next(session, turn, state, "place")
        if question == "age" and value in (*AGES, "none"):
            subscribers.change(session, who, age=value if value in AGES else "")
            return self._next(session, turn, state, "age")
        if question == "lang":
            subscribers.change(session, who, language=value)
        return [self._card(session, turn)]

    def _topic(self, session: Session, turn: TurnInput, state: ConversationState, value: str) -> list[Say]:
        flow = state.signup = state.signup or SignUp()
        if value == "done":
            return self._next(session, turn, state, "topics")
        chosen = [*flow.topics, value] if value in TOPICS else []
        subscribers.change(session, turn.conversation_id, topics=tuple(chosen))
        if value not in TOPICS or set(chosen) >= set(TOPICS):
            return self._next(session, turn, state, "topics")
        flow.topics = tuple(dict.fromkeys(chosen))
        return [self._ask(state, "topics")]

    def _ask(self, state: ConversationState, question: str) -> Say:
        flow = state.signup = state.signup or SignUp()
        flow.ask = question
        return say("sub_topics", chosen=list(flow.topics)) if question == "topics" else say(f"sub_{question}")

    def _next(self, session: Session, turn: TurnInput, state: ConversationState, question: str) -> list[Say]:
        """The following question for somebody who just joined, otherwise how things stand now."""
        guided = state.signup is not None and state.signup.guided
        left = ORDER[ORDER.index(question) + 1 :]
        if guided and left:
            state.signup = SignUp(guided=True)
            return [self._ask(state, left[0])]
        state.signup = None
        return [self._card(session, turn)]

    def _card(self, session: Session, turn: TurnInput) -> Say:
        known = subscribers.preferences(session, turn.conversation_id) or subscribers.Preferences(True)
        place = self._places.name(known.commune, known.province)
        return say("sub_card", topics=list(known.topics), place=place, age=known.age, language=known.language)

    def _answered(self, turn: TurnInput, reading: Reading, state: ConversationState, flow: SignUp) -> Deed | None:
        """What a message that is no button of ours answers, if it answers the open question."""
        question, text = flow.ask, fold(reading.text).strip(" .!")
        typed = reading.text and not reading.choice
        if typed and phrases.means(reading.text, *_PAST):
            wish = {"topics": "topic:done", "place": "place:none", "age": "age:none"}.get(question, "")
        elif question == "place":
            return self._placed(turn, reading, state, flow)
        else:
            wish = _typed(question, text) if typed else ""
        return (lambda session: self._chosen(session, turn, state, wish)) if wish else None

    def _placed(self, turn: TurnInput, reading: Reading, state: ConversationState, flow: SignUp) -> Deed | None:
        message = turn.message
        if reading.choice and not reading.choice.startswith("place:"):
            return None
        if len(reading.text.split()) > _LONGEST_PLACE or is_question(reading.text):
            return None
        open_place = {"where": flow.place, "picks": flow.picks}
        found = self._places.read(
            reading.text, reading.choice, message.latitude, message.longitude, open_place if flow.place else {}
        )
        status = found.get("status")
        if status == "commune" or (status == "province" and found.get("province")):
            place = {"commune": found.get("code") or "", "province": found["province"]}
            return lambda session: self._keep_place(session, turn, state, place)
        if status == "candidates" and found.get("question"):
            return lambda session: self._pick(flow, found)
        if reading.choice:  # "I do not know"
            return lambda session: self._next(session, turn, state, "place")
        return None

    def _keep_place(
        self, session: Session, turn: TurnInput, state: ConversationState, place: Mapping[str, str]
    ) -> list[Say]:
        subscribers.change(session, turn.conversation_id, **place)
        return self._next(session, turn, state, "place")

    def _pick(self, flow: SignUp, found: Mapping[str, Any]) -> list[Say]:
        flow.place, flow.picks = dict(found), flow.picks + 1
        return [say("tip_pick", place=dict(found))]


def after_engine(says: list[Say], state: ConversationState) -> list[Say]:
    """What the dialogue answered while a place was asked for: an answer that means nothing becomes the question again, once.

    Anything else ends the questions; what was chosen so far is kept.
    """
    flow, state.signup = state.signup, None
    if flow is None or flow.ask != "place" or flow.missed or state.in_form:
        return says
    if {entry["say"] for entry in says} <= EMPTY | {"nothing_open"}:
        state.signup = replace(flow, missed=True, place={})
        return [say("sub_place_again")]
    return says


def _stops(turn: TurnInput, reading: Reading, state: ConversationState, *, inside: bool) -> bool:
    if reading.choice:
        return reading.choice in STOP
    if not reading.text:
        return False
    if not asks_to_stop(reading.text):
        # "Dừng lại", "hủy" can only mean the newsletter for somebody who gets it and has nothing else open.
        busy = inside or bool(state.card.near or state.view or state.receipt.code)
        return turn.subscriber and not busy and says_stop(reading.text)
    if inside:
        return means_newsletter(reading.text)  # "dừng" there means the tip
    # After an emergency card "dừng lại" may be said to somebody in the room; a subscriber's word is still kept.
    return turn.subscriber or not state.card.near


def _typed(question: str, text: str) -> str:
    years = _YEARS.match(text)
    if question == "age" and years:
        age = int(years.group(1))
        return "age:" + ("under18" if age < 18 else "18_24" if age < 25 else "25_44" if age < 45 else "45_plus")
    return ""
