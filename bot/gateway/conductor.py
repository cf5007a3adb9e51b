"""Thinks one turn through: reads the message, asks the engine, prepares the commands, and returns what closes the turn.

Nothing here writes. Emergency words are seen by the gateway's own triage too, so the card comes first whatever the
engine makes of the message, and comes even when no engine answers.
"""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlmodel import Session

from bot.core import teencode, triage
from bot.core.clocks import Clocks
from bot.core.content import english
from bot.core.errors import EngineUnavailable
from bot.core.messages import MAX_TEXT_CHARS, Channel, InboundKind, OutboundMessage
from bot.core.syllables import LEGAL
from bot.core.text import clean, fold, normalise
from bot.core.tips import receipt
from bot.gateway import after_card, loop_guard
from bot.gateway.after_card import EMERGENCY_ITEMS
from bot.gateway.numbered import MOST_OFFERED, counted, picked
from bot.services import commands
from bot.services.render import Renderer, Say
from bot.services.turns import Finish, State, TurnEnd, TurnInput
from bot.services.units import Decision
from bot.storage.vault import Vault

CHOICE_SHAPE = re.compile(r"^[a-z_]{2,12}:[A-Za-z0-9_:.\-]{1,60}$")
_DO = {
    "report_tip": "report_tip", "urgent_tip": "report_tip", "report_tip_status": "report_tip_status",
    "check_offer": "check_offer", "self_screening": "self_screening", "subscribe": "subscribe", "unsubscribe": "unsubscribe",
    "ask_human": "ask_human", "menu": "menu",
}  # fmt: skip
_MENU_WORDS = frozenset({"menu", "start", "bat dau", "huong dan", "danh muc", "tro lai menu"})
_SPOKEN = LEGAL | frozenset(" ".join(teencode.SLANG.values()).split()) | {"haha"}
_KINDS = {
    InboundKind.LOCATION: "send_location", InboundKind.ATTACHMENT: "send_files", InboundKind.UNSUPPORTED: "unsupported",
    InboundKind.FOLLOW: "greet",
}  # fmt: skip


class Engine(Protocol):
    async def turn(self, **request: Any) -> Any:
        """See bot.gateway.engine_pool.EnginePool.turn."""


class PlaceReader(Protocol):
    def read(
        self, text: str, choice: str, latitude: float | None, longitude: float | None, open_place: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What a message says about a place: {"status", "code", "codes", "province", "country", "name", "question"}."""


@dataclass(frozen=True)
class Tools:
    """What thinking needs. `detect` gives the language of a text; the last three carry out commands."""

    vault: Vault
    renderer: Renderer
    engine: Engine
    clocks: Callable[[], Clocks]
    detect: Callable[[str], str]
    places: PlaceReader
    route: Callable[[Session, Mapping[str, Any]], Decision]
    cards: Callable[[tuple[str, ...]], list[Say]]
    screening: Callable[[Mapping[str, Any]], dict[str, Any] | None]
    check_offer: Callable[[str, str, str], list[Say]]
    subscribe: Callable[[Session, str, bool], None]
    slow: ThreadPoolExecutor
    now: Callable[[], float]
    numbers: Callable[[Channel], bool] = lambda channel: False  # whether a channel shows choices as numbered lines


@dataclass(frozen=True)
class Reading:
    """The message as the engine gets it. `code`: a receipt code in it, kept from the engine.

    answers_card: it says where, after an emergency card asked for it.
    """

    text: str
    choice: str
    intent: str
    code: str
    receipt: str
    language: str
    danger: triage.Triage
    answers_card: bool = False


class Conductor:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def think(self, turn: TurnInput) -> Finish:
        """Raises EngineUnavailable when no engine answers; then `fallback` is what the person gets at once."""
        tools, guarded = self._tools, loop_guard.look(turn.state, turn.message, self._tools.now())
        state = dict(guarded.state)
        if guarded.verdict is not loop_guard.Verdict.ANSWER:
            return _without_engine(state, self._told_off(guarded.verdict, state))
        turn = picked(turn, numbers=tools.numbers(turn.channel))
        reading = self._read(turn, state)
        refusals = self._refusals(turn, reading.language)
        if refusals and not (turn.message.attachments or reading.text):
            return _without_engine(state, refusals)
        state["language"] = reading.language
        place = self._place(turn, state, reading.text, reading.choice)
        if not (reading.choice or _in_form(state)) and after_card.answers_card(reading.text, place, state):
            reading = replace(reading, intent="report_tip", answers_card=True)
        result = await tools.engine.turn(
            conversation=turn.conversation_id[:12],
            state=state.get("engine"),
            text=reading.text,
            choice=reading.choice,
            intent=reading.intent,
            context=self._context(turn, state, reading, place),
        )
        # The engine weighs the same rules with what the classifier makes of the message; without its word, the rules count.
        emergency = bool(result.nlu.get("emergency", reading.danger.level == "emergency"))
        work = commands.Work(
            vault=tools.vault, clocks=tools.clocks(), conversation_id=turn.conversation_id, channel=turn.channel.value,
            language=reading.language, state=state, code=reading.code, now=tools.now(), route=tools.route, cards=tools.cards,
            check_offer=tools.check_offer, subscribe=tools.subscribe,
        )  # fmt: skip
        for number, command in enumerate(result.commands):
            await asyncio.get_running_loop().run_in_executor(
                tools.slow, commands.prepare, work, number, command["command"], command["args"]
            )
        kind = result.nlu.get("intent") if result.nlu.get("intent") in EMERGENCY_ITEMS else reading.danger.kind

        def finish(session: Session) -> TurnEnd:
            says = _merge(session, work, result)
            if turn.expired:
                says = [{"say": "draft_expired", "args": {}}, *says]
            formed = _in_form(state) or _in_form({"engine": result.state})
            if not formed and not reading.choice:
                says = after_card.stay(says, reading.text, state)
            if emergency and not reading.choice:
                says = after_card.card_first(says, kind, state, reading.language, in_form=_in_form(state))
            end = self._close(turn, work, result, says, reading)
            return TurnEnd(end.state, [*refusals, *end.replies]) if refusals else end

        return finish

    def _refusals(self, turn: TurnInput, language: str) -> list[OutboundMessage]:
        """Why files were not taken, one bubble a reason."""
        errors = self._tools.renderer.book(language).errors
        return [
            OutboundMessage(text=errors.get(code) or errors["file_gone"], meta={"item": "file_refused"})
            for code in turn.refused
        ]

    def _told_off(self, verdict: loop_guard.Verdict, state: State) -> list[OutboundMessage]:
        if verdict is loop_guard.Verdict.SILENCE:
            return []
        book = self._tools.renderer.book(str(state.get("language") or "vi"))
        return [self._tools.renderer.line(book, "slow_down", {})]

    def fallback(self, turn: TurnInput) -> OutboundMessage:
        """The hotline card, or the emergency answer if the gateway's own triage sees one. Needs no engine."""
        reading = self._read(turn, dict(turn.state))
        urgent = reading.danger.level == "emergency"
        item = (reading.danger.kind or "emergency_in_danger") if urgent else "hotline_card"
        return self._tools.renderer.item(item, reading.language)[0]

    def _read(self, turn: TurnInput, state: State) -> Reading:
        message = turn.message
        text = clean(message.text)[:MAX_TEXT_CHARS].strip()
        choice = message.choice if message.kind is InboundKind.CHOICE else ""
        code = receipt.find(text) or ""
        pending = str(state.get("code") or "")
        compared = ""
        if pending and code:
            compared = "match" if hmac.compare_digest(code, pending) else "mismatch"
        shown = receipt.hide(text) if code else text
        intent = self._intent(message.kind, text, choice, state)
        if code and not compared and not _in_form(state):
            intent = "report_tip_status"
        danger = triage.assess(shown) if shown else triage.NOTHING
        language = self._language(shown, state)
        if not intent and not _in_form(state) and language != "vi" and danger.level != "emergency":
            intent = english.intent_of(shown) if language == "en" else "non_vietnamese"
        if not intent and not _in_form(state) and language == "vi" and danger.level == "none" and not _has_words(shown):
            intent = (
                english.intent_of(shown) or "nlu_fallback"
            )  # keys hit at random; a classifier would still see a meaning in them
        return Reading(shown, choice, intent, code, compared, language, danger)

    def _language(self, text: str, state: State) -> str:
        known = str(state.get("language") or "vi")
        # A name, a number or "ok" must not switch the language, least of all in the middle of an interview.
        if _in_form(state) and len([word for word in text.split() if word.isalpha()]) < 6:
            return known
        if len(text.split()) < 2 and known != "vi" and text.isascii():
            return known
        if state.get("carded") and text.isascii() and len(text.split()) <= 8:
            return known  # "I am in Da Nang"
        found = self._tools.detect(text)
        # Three odd Latin words are more likely a slip of the hand than Polish.
        guess = found in {"und", "vi", "en"} or not text.isascii() or len(text.split()) >= 4
        return known if found == "und" or not guess else found

    def _intent(self, kind: InboundKind, text: str, choice: str, state: State) -> str:
        if kind in _KINDS:
            return _KINDS[kind] if not text else ""
        if not choice and not _in_form(state) and fold(text).strip(" .!/") in _MENU_WORDS:
            return "menu"
        if kind is not InboundKind.CHOICE:
            # Emoji, dots, nothing at all: not for a classifier that would guess.
            return "" if any(char.isalnum() for char in text) else "unsupported"
        verb, _, name = choice.partition(":")
        if verb in {"say", "more"} and self._tools.renderer.has_item(name):
            return "show_item"
        if verb == "do":
            return _DO.get(name, "choose")
        if verb == "intent" and name in self._tools.renderer.book("vi").intents:
            return name
        return "choose"

    def _place(self, turn: TurnInput, state: State, text: str, choice: str) -> dict[str, Any]:
        draft = (state.get("engine") or {}).get("draft") or {}
        return self._tools.places.read(text, choice, turn.message.latitude, turn.message.longitude, draft)

    def _context(self, turn: TurnInput, state: State, reading: Reading, place: dict[str, Any]) -> dict[str, Any]:
        message = turn.message
        draft = (state.get("engine") or {}).get("draft") or {}
        cry = str(state.get("cry") or "")
        urgent = reading.answers_card or (bool(cry) and reading.choice == "do:urgent_tip")
        well_formed = "well_formed" if receipt.is_well_formed(reading.code) else "malformed"
        return {
            "language": reading.language,
            "channel": turn.channel.value,
            "emergency": reading.danger.level == "emergency",
            "place": place,
            "cry": {"text": cry, "place": self._place(turn, {}, cry, "")} if urgent else None,
            "screening": self._tools.screening(draft),
            "files": [attachment.ref for attachment in message.attachments],
            "receipt": reading.receipt,
            "code": well_formed if reading.code and not reading.receipt else None,
            "view_open": bool(state.get("view")),
            "unsure_before": bool(state.get("unsure")),
        }

    def _close(self, turn: TurnInput, work: commands.Work, result: Any, says: list[Say], reading: Reading) -> TurnEnd:
        state, renderer = work.state, self._tools.renderer
        if not work.keep_engine:
            state["engine"] = result.state
        names = {say["say"] for say in says}
        state["unsure"] = int(state.get("unsure") or 0) + 1 if names & {"unsure", "unsure_again"} else 0
        after_card.remember(state, names, reading.text, reading.choice)
        if names & {"receipt_saved", "receipt_unconfirmed"}:
            state.pop("code", None)  # from now on nobody here can read the tip
        says = [_completed(say, state, renderer, work.language) for say in says]
        replies = renderer.render(says, work.language)
        if self._tools.numbers(turn.channel):
            replies = counted(replies)
        state["offered"] = [choice.id for reply in replies for choice in reply.choices][:MOST_OFFERED]
        return TurnEnd({key: value for key, value in state.items() if value not in (None, 0, [], {})}, replies)


def _without_engine(state: State, replies: list[OutboundMessage]) -> Finish:
    return lambda session: TurnEnd(state, replies)


def _has_words(text: str) -> bool:
    """Whether anything in `text` is a syllable of Vietnamese once abbreviations are written out."""
    return any(word in _SPOKEN for word in normalise(text).split())


def _in_form(state: State) -> bool:
    return bool((state.get("engine") or {}).get("draft"))


def _merge(session: Session, work: commands.Work, result: Any) -> list[Say]:
    """Replies and what the commands say, in the order the dialogue uttered them."""
    says: list[Say] = []
    taken = 0
    for number, command in enumerate(result.commands):
        says += result.replies[taken : command["after"]]
        taken = max(taken, command["after"])
        says += commands.run(session, work, number, command["command"], command["args"])
        if work.keep_engine:
            return says
    return says + list(result.replies[taken:])


def _completed(say: Say, state: State, renderer: Renderer, language: str) -> Say:
    if say["say"] not in {"receipt_saved", "receipt_unconfirmed"}:
        return say
    clock = state.get("clock") or {}
    name = "clock_urgent" if clock.get("urgent") else "clock_normal"
    text = renderer.line(renderer.book(language), name, {"hours": clock.get("hours", 24)}).text
    return {"say": say["say"], "args": {"next": text}}


__all__ = ["CHOICE_SHAPE", "Conductor", "EngineUnavailable", "Tools", "picked"]
