"""What is said where no engine answers: the card, that a message or a file could not be read, that somebody sends too much."""

from __future__ import annotations

from dataclasses import replace

from bot.core.messages import EVENT_KINDS, OutboundMessage
from bot.dialogue import loop_guard
from bot.dialogue.emergency import after_card, leads
from bot.dialogue.heard import TurnInput
from bot.dialogue.reading.message import Reader
from bot.dialogue.state import ConversationState
from bot.gateway.tools import Tools
from bot.services.messaging.contacts import QUIET_SECONDS


class Unheard:
    """Answers by the gateway's own reading. Writes nothing."""

    def __init__(self, tools: Tools, reader: Reader) -> None:
        self._tools, self._reader = tools, reader

    def refusals(self, turn: TurnInput, language: str) -> list[OutboundMessage]:
        """Why files were not taken, one bubble a reason."""
        errors = self._tools.renderer.book(language).errors
        return [
            OutboundMessage(text=errors.get(code) or errors["file_gone"], meta={"item": "file_refused"})
            for code in turn.refused
        ]

    def told_off(self, verdict: loop_guard.Verdict, state: ConversationState) -> list[OutboundMessage]:
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
