"""Thinks one turn through: reads the message, asks the engine, prepares the commands, and returns what closes the turn.

Nothing here writes. Emergency words are seen by the gateway's own triage too, so the card comes first whatever the
engine makes of the message, and comes even when no engine answers.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from bot.core.messages import InboundKind, OutboundMessage
from bot.core.offers.request import carries_offer
from bot.core.once import Memo, within
from bot.core.text import normalise
from bot.core.tips import receipt
from bot.dialogue import after_offer, after_sent, loop_guard, memory
from bot.dialogue.commands import CheckOffer, Command, LookUpTip, parse
from bot.dialogue.composing import answer as composing
from bot.dialogue.composing import told
from bot.dialogue.emergency import after_card, at_once, harmed, hindrances, leads
from bot.dialogue.emergency.after_card import EMERGENCY_ITEMS
from bot.dialogue.heard import TurnInput
from bot.dialogue.interview import hands, held
from bot.dialogue.interview.before import tells
from bot.dialogue.numbered import picked
from bot.dialogue.reading import pages
from bot.dialogue.reading.message import Reader, Reading, is_emergency
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState, formed
from bot.gateway import campaign_tap, closing, originals, receipts, signup
from bot.gateway.fair_queue import FairQueue
from bot.gateway.tools import Tools
from bot.gateway.unheard import Unheard
from bot.services.messaging import commands
from bot.services.messaging.turns import Finish, TurnEnd

# Receipt codes being tried at once. A code takes a tenth of a second; a turn must end well within its lease.
MOST_CODES = 60
CODES_AT_ONCE = 2  # as many as there are threads for them
_LEAVES = frozenset({"report_tip_status", "check_offer", "self_screening"})  # by a button or a code: see Reader
SHORT = 300  # characters that are read at once, on the event loop; longer texts on a thread
CHOICE_SHAPE = re.compile(r"^[a-z_]{2,12}:[A-Za-z0-9_:.\-]{1,60}$")


@dataclass(frozen=True)
class Heard:
    """What was read of a message that the engine is to answer. refusals: why files of it were not taken."""

    reading: Reading
    place: dict[str, Any]
    refusals: list[OutboundMessage]
    context: dict[str, Any]


class Conductor:
    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._reader = Reader(tools.renderer, tools.detect)
        self.unheard = Unheard(tools, self._reader)
        self._signup = signup.Signup(tools.places)
        self._aloud = ThreadPoolExecutor(2, thread_name_prefix="reading")
        self._codes = FairQueue(slots=CODES_AT_ONCE, most=MOST_CODES)

    async def think(self, turn: TurnInput) -> Finish:
        """Raises EngineUnavailable when no engine answers; then `fallback` is what the person gets at once."""
        tools, guarded = self._tools, loop_guard.look(turn.state, turn, self._tools.now())
        state = guarded.state.copy()
        if guarded.verdict is not loop_guard.Verdict.ANSWER:
            return _without_engine(state, self.unheard.told_off(guarded.verdict, state))
        turn = picked(turn, numbers=tools.numbers(turn.channel))
        campaign, turn = campaign_tap.of(turn)
        finish = await self._answer(turn, state)
        return campaign_tap.counted(finish, campaign, turn)

    async def _answer(self, turn: TurnInput, state: ConversationState) -> Finish:
        """Three parts: what is read before the engine, its answer, and what closes the turn inside the transaction.

        Long texts are read on a thread, and read once: of them the last part finds everything in `memo`.
        """
        tools, memo = self._tools, Memo()
        heard = await self.aside(turn, self._hear, turn, state, memo)
        if not isinstance(heard, Heard):
            return heard
        reading, place, refusals = heard.reading, heard.place, heard.refusals
        result = await tools.engine.turn(
            conversation=turn.conversation_id[:12],
            state=state.engine,
            text=reading.text,
            choice=reading.choice,
            intent=reading.intent,
            context=heard.context,
        )
        emergency = is_emergency(result.nlu, reading, state.asked, sent=state.sent is not None)
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
        if len(turn.message.text) > SHORT:
            await self.aside(turn, self._foresee, turn, reading, state, intent, place, memo, emergency)

        checked = any(isinstance(command, CheckOffer) for command, _ in wanted)
        if not (
            checked or state.in_form or formed(result.state)
        ):  # read here: nobody's words are, while a transaction is open
            checked = await self.aside(turn, carries_offer, reading.text)  # a page answered it

        def end(session: Session) -> TurnEnd:
            says = receipts.with_code(
                session,
                closing.merge(session, work, result.replies, wanted),
                work.state,
                as_words=closing.as_words(result.state, state),
            )
            if turn.expired:
                says = [{"say": "draft_expired", "args": {}}, *says]
            in_form = state.in_form or formed(result.state)
            apart = memory.is_open(state) and not closing.tip_begun(result.state)
            if not reading.choice and reading.language == "vi":
                aside = at_once.beside if in_form else at_once.misheard
                says = aside(says, reading.text, state)
            if reading.choice and not in_form:
                composing.shown(state, reading.choice)
            if not in_form and not reading.choice:
                seen = reading.danger.kind if reading.danger.level == "emergency" else ""
                says = after_card.stay(says, reading.text, state, seen)
                says = says if emergency else hindrances.written(says, reading.text)
                says = hindrances.unfrightened(says, reading.text, state)
                if not (emergency or state.card.near) and reading.language == "vi":
                    says = after_offer.answer(says, reading.text, state)
                    says = composing.answer(says, reading.text, state, is_page=tools.renderer.has_item)
                    says = composing.beside(says, reading.text)
            if emergency and not reading.choice and not hands.hushed(says, reading.text):
                says = after_card.card_first(says, kind, state, reading.language, in_form=state.in_form)
            if not reading.choice and reading.language == "vi":
                says = leads.turned(says, state)
            if apart:
                danger = emergency or bool(state.card.near)
                distress = state.card.item == after_card.DISTRESS
                says = memory.name_files(says, turn.message, danger=danger, distress=distress)
            memory.remember(
                state, turn.message, reading, place, intent, emergency=emergency,
                opened=closing.tip_begun(result.state), now=tools.now(),
                clauses=(result.nlu.get("clauses") or ()) if reading.language == "vi" else (),
            )  # fmt: skip
            says = signup.after_engine(says, state)
            if not formed(result.state) and kind != after_card.DISTRESS:
                says = [*says, *self._waits(turn, reading, state, intent, place, emergency=emergency)]
            if not emergency:  # a cry is answered with the card and nothing beside it
                notes = originals.notes(turn, state)
                says = [*says, *notes] if state.card.near else [*notes, *says]  # after a card the numbers come first
            closed = closing.close(tools, turn, work, result, says, reading, checked=checked)
            replies = [*closed.replies, *refusals] if emergency else [*refusals, *closed.replies]
            receipts.remember(closed.state, turn, replies)
            return TurnEnd(closed.state, replies)

        def finish(session: Session) -> TurnEnd:
            with within(memo):
                return end(session)

        return finish

    def _hear(self, turn: TurnInput, state: ConversationState, memo: Memo) -> Finish | Heard:
        """What is read of a message before the engine sees it, or what answers it without the engine. Changes `state`."""
        with within(memo):
            return self._heard(turn, state)

    def _heard(self, turn: TurnInput, state: ConversationState) -> Finish | Heard:
        now = self._tools.now()
        reading = self._reader.read(turn, state)
        refusals = self.unheard.refusals(turn, reading.language)
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
            closing.leave_tip(state, now)
        if (about_files := originals.deed(turn, reading, state, now)) is not None:
            return self._said(state, about_files, reading.language)
        if deed := self._signup.deed(turn, reading, state):
            return self._done(turn, state, reading.language, deed)
        place = self._place(turn, state, reading.text, reading.choice)
        leads.hear(state, reading.text, reading.danger.kind, place, in_form=state.in_form)
        here = turn.message.latitude is not None
        if not reading.choice and reading.language == "vi" and hindrances.tells_on_themselves(reading.text, state):
            if state.in_form or state.sent is not None:  # beside the interview, which waits for its answer
                return self._said(state, [{"say": "turn_myself_in", "args": {}}], reading.language)
            reading = replace(reading, intent=reading.intent or "ask_turn_myself_in")
        reading = self._surely_meant(reading, state)
        if not (reading.choice or state.in_form) and after_card.answers_card(reading.text, place, state, here=here):
            reading = replace(reading, intent="report_tip", answers_card=True)
        elif not (reading.choice or state.in_form) and after_card.sends(reading.text, state):
            reading = replace(reading, choice="do:urgent_tip", intent="report_tip", text="")
        elif not (reading.choice or state.in_form) and memory.agrees(state, reading.text, now):
            reading = replace(reading, intent="report_tip")
        elif line := self._of_sent(reading, state):
            memory.remember(
                state, turn.message, reading, place, "report_tip", emergency=False, opened=False, now=now
            )  # for a new report, if they choose one
            if line == "tip_sent_needs_code":
                line = "tip_sent_waits_more" if after_sent.waits(state, now) else "tip_sent_waits"
            return self._said(state, [{"say": line, "args": {}}], reading.language)
        return Heard(reading, place, refusals, self._context(turn, state, reading, place))

    def _surely_meant(self, reading: Reading, state: ConversationState) -> Reading:
        """The message with the meaning its words leave no doubt of, where nobody is in danger by the rules."""
        busy = reading.choice or reading.intent or reading.code or state.in_form or state.card.near
        if busy or reading.language != "vi" or reading.danger.level == "emergency":
            return reading
        meaning = pages.surely(reading.text) or told.calm_meaning(reading.text)
        return replace(reading, intent=meaning) if meaning else reading

    def _foresee(
        self, turn: TurnInput, reading: Reading, state: ConversationState, intent: str, place: Mapping[str, Any],
        memo: Memo, emergency: bool,
    ) -> None:  # fmt: skip
        """Read of a long text what closing its turn will ask for: nobody's words are read while a transaction is open."""
        with within(memo):
            normalise(reading.text)
            tells(reading.text, intent, emergency=emergency)
            self._waits(turn, reading, state, intent, place, emergency=emergency)

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
        if state.in_form and not harmed.told(reading.text, state, in_form=True):
            place = self._place(turn, state, reading.text, "")
            if held.tells(reading.text, place):  # the report is held still, and nothing told is lost to it
                person.engine = held.kept(person.engine, reading.text, place) or person.engine
        replies = self._tools.renderer.render(leads.led(says, person), reading.language)
        replies += self.unheard.refusals(turn, reading.language)
        return _without_engine(person, closing.offered(self._tools, turn, person, replies))

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

    async def aside(self, turn: TurnInput, work: Callable[..., Any], *args: Any) -> Any:
        """Read a long text on a thread of its own kind, so that a short cry for help never waits for a hundred long stories."""
        if len(turn.message.text) <= SHORT:
            return work(*args)
        return await asyncio.get_running_loop().run_in_executor(self._aloud, work, *args)

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
            replies = closing.offered(self._tools, turn, state, self._tools.renderer.render(deed(session), language))
            return TurnEnd(state, replies)

        return finish

    def _said(self, state: ConversationState, says: list[Say], language: str) -> Finish:
        """Says something beside the conversation: what was asked last can still be answered, by a number too."""
        return _without_engine(state, self._tools.renderer.render(says, language))

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


def _without_engine(state: ConversationState, replies: list[OutboundMessage]) -> Finish:
    return lambda session: TurnEnd(state, replies)
