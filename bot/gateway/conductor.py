"""Thinks one turn through: reads the message, asks the engine, prepares the commands, and returns what closes the turn.

Nothing here writes. Emergency words are seen by the gateway's own triage too, so the card comes first whatever the
engine makes of the message, and comes even when no engine answers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sqlmodel import Session

from bot.core.clocks import Clocks
from bot.core.messages import EVENT_KINDS, Channel, InboundKind, OutboundMessage
from bot.core.tips import receipt
from bot.core.units.routing import Route
from bot.dialogue import after_sent, invite, loop_guard, memory
from bot.dialogue.commands import Command, LookUpTip, parse
from bot.dialogue.emergency import after_card, at_once, harmed, hindrances, leads
from bot.dialogue.emergency.after_card import EMERGENCY_ITEMS
from bot.dialogue.heard import TurnInput
from bot.dialogue.interview.receipt_forms import AS_WORDS
from bot.dialogue.numbered import MOST_OFFERED, counted, picked
from bot.dialogue.reading.message import Reader, Reading, is_emergency
from bot.dialogue.says import Say
from bot.dialogue.state import Clock, ConversationState, formed, sent
from bot.engine_client.pool import TurnResult
from bot.gateway import campaign_tap, originals, receipts, signup
from bot.gateway.fair_queue import FairQueue
from bot.services.messaging import commands
from bot.services.messaging.contacts import QUIET_SECONDS
from bot.services.messaging.render import Renderer
from bot.services.messaging.turns import Finish, TurnEnd
from bot.storage.vault import Vault

# Receipt codes being tried at once. A code takes a tenth of a second; a turn must end well within its lease.
MOST_CODES = 60
CODES_AT_ONCE = 2  # as many as there are threads for them
_LEAVES = frozenset({"report_tip_status", "check_offer", "self_screening"})  # by a button or a code: see Reader
SHORT = 300  # characters that are read at once, on the event loop; longer texts on a thread
CHOICE_SHAPE = re.compile(r"^[a-z_]{2,12}:[A-Za-z0-9_:.\-]{1,60}$")


class Engine(Protocol):
    async def turn(
        self,
        *,
        text: str,
        state: dict[str, Any] | None,
        context: dict[str, Any],
        choice: str,
        intent: str,
        conversation: str,
    ) -> TurnResult:
        """See bot.engine_client.pool.EnginePool.turn."""


class PlaceReader(signup.Places, Protocol):
    def read(
        self, text: str, choice: str, latitude: float | None, longitude: float | None, open_place: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What a message says about a place: {"status", "code", "codes", "province", "country", "name", "question"}."""


@dataclass(frozen=True)
class Tools:
    """What thinking needs. `detect` gives the language of a text; the last three carry out commands.

    slow: threads for sealing tips. codes: threads for trying receipt codes, which anybody may do, so that they hold up no tip.
    """

    vault: Vault
    renderer: Renderer
    engine: Engine
    clocks: Callable[[], Clocks]
    detect: Callable[[str], str]
    places: PlaceReader
    route: Callable[[Session, Mapping[str, Any]], Route]
    cards: Callable[[tuple[str, ...]], list[Say]]
    screening: Callable[[Mapping[str, Any]], dict[str, Any] | None]
    check_offer: Callable[[str, str, str, Sequence[str]], list[Say]]
    slow: ThreadPoolExecutor
    codes: ThreadPoolExecutor
    now: Callable[[], float]
    numbers: Callable[[Channel], bool] = lambda channel: False  # whether a channel shows choices as numbered lines
    notices: Callable[[], bool] = lambda: True  # whether officers can be told that something waits


class Conductor:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._reader = Reader(tools.renderer, tools.detect)
        self._signup = signup.Signup(tools.places)
        self._aloud = ThreadPoolExecutor(2, thread_name_prefix="reading")
        self._codes = FairQueue(slots=CODES_AT_ONCE, most=MOST_CODES)

    async def think(self, turn: TurnInput) -> Finish:
        """Raises EngineUnavailable when no engine answers; then `fallback` is what the person gets at once."""
        tools, guarded = self._tools, loop_guard.look(turn.state, turn, self._tools.now())
        state = guarded.state.copy()
        if guarded.verdict is not loop_guard.Verdict.ANSWER:
            return _without_engine(state, self._told_off(guarded.verdict, state))
        turn = picked(turn, numbers=tools.numbers(turn.channel))
        campaign, turn = campaign_tap.of(turn)
        finish = await self._answer(turn, state)
        return campaign_tap.counted(finish, campaign, turn)

    async def _answer(self, turn: TurnInput, state: ConversationState) -> Finish:
        tools = self._tools
        reading = await self._aside(turn, self._reader.read, turn, state)
        refusals = self._refusals(turn, reading.language)
        if refusals and not (turn.message.attachments or reading.text):
            return _without_engine(state, refusals)
        if turn.message.kind is InboundKind.EDITED and reading.danger.level != "emergency":
            # It answered a question that may be gone by now; a cry put into it is heard like any other.
            return self._said(state, [{"say": "edited_unread", "args": {}}], state.language or reading.language)
        state.language, state.receipt.part = reading.language, reading.part
        if (harm := self._harm(turn, reading, state)) is not None:
            return harm
        if state.asks_more and reading.intent in _LEAVES:
            state.engine = None  # the interview about it ends, and the tip stays sent
            self._leave_tip(state)
        if (about_files := originals.deed(turn, reading, state, tools.now())) is not None:
            return self._said(state, about_files, reading.language)
        if deed := self._signup.deed(turn, reading, state):
            return self._done(turn, state, reading.language, deed)
        place = await self._aside(turn, self._place, turn, state, reading.text, reading.choice)
        leads.hear(state, reading.text, reading.danger.kind, place, in_form=state.in_form)
        here = turn.message.latitude is not None
        if not reading.choice and reading.language == "vi" and hindrances.tells_on_themselves(reading.text, state):
            if state.in_form or state.sent is not None:  # beside the interview, which waits for its answer
                return self._said(state, [{"say": "turn_myself_in", "args": {}}], reading.language)
            reading = replace(reading, intent=reading.intent or "ask_turn_myself_in")
        if not (reading.choice or state.in_form) and after_card.answers_card(reading.text, place, state, here=here):
            reading = replace(reading, intent="report_tip", answers_card=True)
        elif not (reading.choice or state.in_form) and after_card.sends(reading.text, state):
            reading = replace(reading, choice="do:urgent_tip", intent="report_tip", text="")
        elif not (reading.choice or state.in_form) and memory.agrees(state, reading.text, tools.now()):
            reading = replace(reading, intent="report_tip")
        elif line := self._of_sent(reading, state):
            memory.remember(
                state, turn.message, reading, place, "report_tip", emergency=False, opened=False, now=tools.now()
            )  # for a new report, if they choose one
            if line == "tip_sent_needs_code":
                line = "tip_sent_waits_more" if after_sent.waits(state, tools.now()) else "tip_sent_waits"
            return self._said(state, [{"say": line, "args": {}}], reading.language)
        result = await tools.engine.turn(
            conversation=turn.conversation_id[:12],
            state=state.engine,
            text=reading.text,
            choice=reading.choice,
            intent=reading.intent,
            context=self._context(turn, state, reading, place),
        )
        emergency = is_emergency(result.nlu, reading, state.asked)
        work = commands.Work(
            vault=tools.vault, clocks=tools.clocks(), conversation_id=turn.conversation_id, channel=turn.channel.value,
            language=reading.language, state=state, code=reading.code, now=tools.now(), route=tools.route, cards=tools.cards,
            check_offer=tools.check_offer, code_wait=turn.code_wait,
            danger=bool(result.nlu.get("emergency")) and len(reading.text.split()) >= 5,
        )  # fmt: skip
        wanted = [(parse(entry["command"], entry["args"]), int(entry["after"])) for entry in result.commands]
        for number, (command, _) in enumerate(wanted):
            await self._prepare(work, number, command, turn.code_failures)
        intent = str(result.nlu.get("intent") or "")
        kind = intent if intent in EMERGENCY_ITEMS else reading.danger.kind

        def finish(session: Session) -> TurnEnd:
            says = receipts.with_code(
                session,
                _merge(session, work, result.replies, wanted),
                work.state,
                as_words=_as_words(result.state, state),
            )
            if turn.expired:
                says = [{"say": "draft_expired", "args": {}}, *says]
            in_form = state.in_form or formed(result.state)
            apart = memory.is_open(state) and not _tip_begun(result.state)
            if not reading.choice and reading.language == "vi":
                aside = at_once.beside if in_form else at_once.misheard
                says = aside(says, reading.text, state)
            if not in_form and not reading.choice:
                seen = reading.danger.kind if reading.danger.level == "emergency" else ""
                says = after_card.stay(says, reading.text, state, seen)
                says = says if emergency else hindrances.written(says, reading.text)
                says = hindrances.unfrightened(says, reading.text, state)
            if emergency and not reading.choice:
                says = after_card.card_first(says, kind, state, reading.language, in_form=state.in_form)
            if not reading.choice and reading.language == "vi":
                says = leads.turned(says, state)
            if apart:
                danger = emergency or bool(state.card.near)
                distress = state.card.item == after_card.DISTRESS
                says = memory.name_files(says, turn.message, danger=danger, distress=distress)
            memory.remember(
                state, turn.message, reading, place, intent, emergency=emergency,
                opened=_tip_begun(result.state), now=tools.now(),
                clauses=(result.nlu.get("clauses") or ()) if reading.language == "vi" else (),
            )  # fmt: skip
            says = signup.after_engine(says, state)
            if not formed(result.state) and kind != after_card.DISTRESS:
                says = [*says, *self._waits(turn, reading, state, intent, place, emergency=emergency)]
            if not emergency:  # a cry is answered with the card and nothing beside it
                notes = originals.notes(turn, state)
                says = [*says, *notes] if state.card.near else [*notes, *says]  # after a card the numbers come first
            end = self._close(turn, work, result, says, reading)
            replies = [*refusals, *end.replies]
            receipts.remember(end.state, turn.inbox_id, replies)
            return TurnEnd(end.state, replies)

        return finish

    def _harm(self, turn: TurnInput, reading: Reading, state: ConversationState) -> Finish | None:
        """The first step for who has harmed themself or means to, before any question; what was asked can wait."""
        if reading.choice or reading.language != "vi" or not reading.text or turn.message.attachments:
            return None
        person = state.copy()
        leads.hear(person, reading.text, reading.danger.kind, {}, in_form=state.in_form)
        says = harmed.answer(reading.text, person, reading.danger, in_form=state.in_form)
        if not says:
            state.card = person.card
            return None
        after_card.remember(person, {say["say"] for say in says}, reading.text, "")
        replies = self._tools.renderer.render(leads.led(says, person), reading.language)
        return _without_engine(person, self._offered(turn, person, replies))

    async def _prepare(self, work: commands.Work, number: int, command: Command, failures: int) -> None:
        """The slow part of a command, on threads of its kind. failures: wrong codes of this person, who waits behind others."""
        loop = asyncio.get_running_loop()
        if not isinstance(command, LookUpTip):
            await loop.run_in_executor(self._tools.slow, commands.prepare, work, number, command)
            return
        if not commands.tries_code(work, command):
            return
        if not await self._codes.enter(failures):
            work.crowded = True
            return
        try:
            await loop.run_in_executor(self._tools.codes, commands.prepare, work, number, command)
        finally:
            self._codes.leave()

    async def _aside(self, turn: TurnInput, work: Callable[..., Any], *args: Any) -> Any:
        """Read a long text on a thread of its own kind, so that a short cry for help never waits for a hundred long stories."""
        if len(turn.message.text) <= SHORT:
            return work(*args)
        return await asyncio.get_running_loop().run_in_executor(self._aloud, work, *args)

    def _leave_tip(self, state: ConversationState) -> None:
        """The interview about a tip that was sent is over: from now on nothing can be added to it without its code."""
        state.sent = None
        receipts.forget(state)
        after_sent.remember(state, self._tools.now())

    def _of_sent(self, reading: Reading, state: ConversationState) -> str:
        """The line for what belongs to a tip sent before, whose code is let go, or "": no new report may begin with it silently."""
        calm = reading.danger.level != "emergency" and not (reading.choice or reading.code or state.in_form)
        return after_sent.line_for(state, reading.text, self._tools.now()) if calm else ""

    def _waits(
        self,
        turn: TurnInput,
        reading: Reading,
        state: ConversationState,
        intent: str,
        place: Mapping[str, Any],
        *,
        emergency: bool,
    ) -> list[Say]:
        """That what was just told, and answered like any other words, is not in the tip sent before: it waits for the code."""
        if reading.choice or reading.code or state.in_form:
            return []
        now = self._tools.now()
        placed = place.get("status", "none") != "none"
        told = after_sent.tells(state, reading.text, now, intent=intent, placed=placed, emergency=emergency)
        shown = turn.message.attachments or turn.message.latitude is not None
        if not (told or (shown and after_sent.is_recent(state, now))):
            return []
        return [{"say": "tip_sent_waits_more" if after_sent.waits(state, now) else "tip_sent_waits", "args": {}}]

    def _done(self, turn: TurnInput, state: ConversationState, language: str, deed: signup.Deed) -> Finish:
        def finish(session: Session) -> TurnEnd:
            replies = self._offered(turn, state, self._tools.renderer.render(deed(session), language))
            return TurnEnd(state, replies)

        return finish

    def _said(self, state: ConversationState, says: list[Say], language: str) -> Finish:
        """Says something beside the conversation: what was asked last can still be answered, by a number too."""
        return _without_engine(state, self._tools.renderer.render(says, language))

    def _offered(
        self, turn: TurnInput, state: ConversationState, replies: list[OutboundMessage]
    ) -> list[OutboundMessage]:
        """Replies with their choices numbered where buttons cannot be shown, and remembered for a number to pick."""
        if self._tools.numbers(turn.channel):
            replies, state.offered.at = counted(replies), self._tools.now()
        state.offered.choices = tuple(choice.id for reply in replies for choice in reply.choices)[:MOST_OFFERED]
        return replies

    def _refusals(self, turn: TurnInput, language: str) -> list[OutboundMessage]:
        """Why files were not taken, one bubble a reason."""
        errors = self._tools.renderer.book(language).errors
        return [
            OutboundMessage(text=errors.get(code) or errors["file_gone"], meta={"item": "file_refused"})
            for code in turn.refused
        ]

    def _told_off(self, verdict: loop_guard.Verdict, state: ConversationState) -> list[OutboundMessage]:
        if verdict is loop_guard.Verdict.SILENCE:
            return []
        book = self._tools.renderer.book(state.language or "vi")
        return [self._tools.renderer.line(book, "slow_down", {})]

    def fallback(self, turn: TurnInput) -> OutboundMessage:
        """The hotline card, or the emergency answer if the gateway's own triage sees one. Needs no engine."""
        reading = self._reader.read(turn, turn.state)
        urgent = reading.danger.level == "emergency"
        item = (reading.danger.kind or "emergency_in_danger") if urgent else "hotline_card"
        state = turn.state.copy()
        state.language = reading.language
        leads.hear(state, reading.text, item, {}, in_form=state.in_form)
        if urgent and reading.language in {"vi", "en"}:
            says = leads.turned([{"say": item, "args": {}}], state)
            item = str(after_card.fitted(says, reading.text, state)[0]["say"])
        args = leads.dressed(item, state) if urgent else {}
        first, *more = self._tools.renderer.one(item, args, reading.language)
        card = replace(first, choices=more[-1].choices) if more else first
        # Nothing is stored that would tell what a number means here: it would pick from an older question.
        return replace(card, choices=()) if self._tools.numbers(turn.channel) else card

    def unread(self, turn: TurnInput) -> OutboundMessage:
        """That a message could not be read and is set aside. Needs no engine."""
        book = self._tools.renderer.book(turn.state.language or "vi")
        return self._tools.renderer.line(book, "turn_unread", {})

    def cry(self, turn: TurnInput) -> OutboundMessage | None:
        """The emergency answer to a cry for help while a human has the conversation; None for everything else.

        Nobody knows whether that human still looks. Once is enough: the rest is theirs.
        """
        said = turn.message.kind not in EVENT_KINDS and turn.message.text
        if not said or abs(self._tools.now() - turn.state.cried_at) < QUIET_SECONDS:
            return None
        urgent = self._reader.read(turn, turn.state).danger.level == "emergency"
        return self.fallback(turn) if urgent else None

    def _place(self, turn: TurnInput, state: ConversationState, text: str, choice: str) -> dict[str, Any]:
        draft = {**state.draft, "asked": state.asked}
        return self._tools.places.read(text, choice, turn.message.latitude, turn.message.longitude, draft)

    def _context(
        self, turn: TurnInput, state: ConversationState, reading: Reading, place: dict[str, Any]
    ) -> dict[str, Any]:
        message, cry = turn.message, state.card.cry
        urgent = reading.answers_card or (bool(cry) and reading.choice == "do:urgent_tip")
        well_formed = "well_formed" if receipt.is_well_formed(reading.code) else "malformed"
        return {
            "language": reading.language,
            "channel": turn.channel.value,
            "emergency": reading.danger.level == "emergency",
            "cried": reading.cried,
            "asks_check": reading.asks_check,
            "place": place,
            "before": [told.wire() for told in memory.told(state, self._tools.now())],
            "cry": {"text": cry, "place": self._place(turn, ConversationState(), cry, ""), "card": state.card.item}
            if urgent
            else None,
            "screening": self._tools.screening(state.draft),
            "files": [attachment.ref for attachment in message.attachments],
            "receipt": reading.receipt,
            "code": well_formed if reading.code and not reading.receipt else None,
            "code_part": reading.said.goes_on,
            "code_as_words": reading.said.as_words,
            "code_wrong": list(reading.said.wrong),
            "view_open": state.view is not None,
            "waiting": [
                {"text": told.text, "files": list(told.files)} for told in after_sent.waiting(state, self._tools.now())
            ],
            "unsure_before": bool(state.unsure),
        }

    def _close(self, turn: TurnInput, work: commands.Work, result: Any, says: list[Say], reading: Reading) -> TurnEnd:
        state, renderer = work.state, self._tools.renderer
        if not work.keep_engine:
            state.engine = result.state or None
        names = {say["say"] for say in says}
        state.unsure = state.unsure + 1 if names & {"unsure", "unsure_again"} else 0
        invite.remember(state, names)
        after_card.remember(state, names, reading.text, reading.choice)
        memory.mark_asked(state, names)
        if state.view is not None:
            after_sent.opened(state)
        if "tip_cancelled" in names:
            after_card.forget(state)  # the person took their words back; the next tip does not begin with them
        if state.sent is not None and not sent(state.engine):
            self._leave_tip(state)
        if names & receipts.ENDS:
            receipts.forget(state)
            after_sent.remember(state, self._tools.now())
        if not reading.choice and work.language in {"vi", "en"}:
            says = after_card.fitted(says, reading.text, state)
        says = after_card.placed(leads.led(says, state), memory.commune_told(state, self._tools.now()), state)
        says = [_completed(say, state, renderer, work.language, self._tools.notices()) for say in says]
        replies = leads.offered(renderer.render(says, work.language), state, renderer.book(work.language).lines)
        replies = self._offered(turn, state, invite.add(replies, turn, state, renderer.book(work.language)))
        return TurnEnd(state, replies)


def _tip_begun(engine: Mapping[str, Any] | None) -> bool:
    """Whether a tip is being written in this state of the engine."""
    return "done" in ((engine or {}).get("draft") or {})


def _as_words(engine: Mapping[str, Any] | None, before: ConversationState) -> bool:
    """Whether the code is shown as words: by the draft as it is now, or as it was when the interview ended with this turn."""
    drafts = [(engine or {}).get("draft") or {}, (before.engine or {}).get("draft") or {}]
    return bool(next((draft[AS_WORDS] for draft in drafts if AS_WORDS in draft), False))


def _without_engine(state: ConversationState, replies: list[OutboundMessage]) -> Finish:
    return lambda session: TurnEnd(state, replies)


def _merge(
    session: Session, work: commands.Work, replies: Sequence[Say], wanted: Sequence[tuple[Command, int]]
) -> list[Say]:
    """Replies and what the commands say, in the order the dialogue uttered them."""
    says: list[Say] = []
    taken = 0
    for number, (command, after) in enumerate(wanted):
        says += replies[taken:after]
        taken = max(taken, after)
        says += commands.run(session, work, number, command)
        if work.keep_engine:
            return says
    return says + list(replies[taken:])


def _completed(say: Say, state: ConversationState, renderer: Renderer, language: str, notices: bool) -> Say:
    if say["say"] not in {"receipt_saved", "receipt_kept", "receipt_unconfirmed"}:
        return say
    clock = state.clock or Clock()
    name = "clock_urgent" if clock.urgent else "clock_normal"
    if not notices:  # nobody is rung or written to: what is promised is what the officers' page does
        name += "_quiet"
    text = renderer.line(renderer.book(language), name, {"hours": clock.hours}).text
    return {"say": say["say"], "args": {"next": text}}
