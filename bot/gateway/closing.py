"""What closes a turn: the replies in their order, the choices a number may pick, and what of the state has ended with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session

from bot.core.messages import OutboundMessage
from bot.dialogue import after_offer, after_sent, invite, memory
from bot.dialogue.commands import Command
from bot.dialogue.composing import answer as composing
from bot.dialogue.emergency import after_card, leads
from bot.dialogue.heard import TurnInput
from bot.dialogue.interview.receipt_forms import AS_WORDS
from bot.dialogue.numbered import MOST_OFFERED, counted
from bot.dialogue.reading.message import Reading
from bot.dialogue.says import Say
from bot.dialogue.state import Clock, ConversationState, sent
from bot.gateway import receipts
from bot.gateway.tools import Tools
from bot.services.messaging import commands
from bot.services.messaging.render import Renderer
from bot.services.messaging.turns import TurnEnd


def close(
    tools: Tools,
    turn: TurnInput,
    work: commands.Work,
    result: Any,
    says: list[Say],
    reading: Reading,
    *,
    checked: bool,
) -> TurnEnd:
    """What is rendered, offered and remembered when a turn ends. checked: whether an offer was looked at in it."""
    state, renderer = work.state, tools.renderer
    if not work.keep_engine:
        state.engine = result.state or None
    names = {say["say"] for say in says}
    state.unsure = state.unsure + 1 if names & {"unsure", "unsure_again"} else 0
    invite.remember(state, names)
    after_card.remember(state, names, reading.text, reading.choice)
    after_offer.remember(state, says, checked=checked)
    memory.mark_asked(state, names)
    if state.view is not None:
        after_sent.opened(state)
    if "tip_cancelled" in names:
        after_card.forget(state)  # the person took their words back; the next tip does not begin with them
    if state.sent is not None and not sent(state.engine):
        leave_tip(state, tools.now())
    if names & receipts.ENDS:
        receipts.forget(state)
        after_sent.remember(state, tools.now())
    if not reading.choice and work.language in {"vi", "en"}:
        says = after_card.fitted(says, reading.text, state)
    if not reading.choice and work.language == "vi":
        says = composing.ransomed(says, reading.text)
    says = after_card.placed(leads.led(says, state), memory.commune_told(state, tools.now()), state)
    says = [completed(say, state, renderer, work.language, tools.notices()) for say in says]
    replies = leads.offered(renderer.render(says, work.language), state, renderer.book(work.language).lines)
    replies = offered(tools, turn, state, invite.add(replies, turn, state, renderer.book(work.language)))
    return TurnEnd(state, replies)


def offered(
    tools: Tools, turn: TurnInput, state: ConversationState, replies: list[OutboundMessage]
) -> list[OutboundMessage]:
    """Replies with their choices numbered where buttons cannot be shown, and remembered for a number to pick."""
    if tools.numbers(turn.channel):
        replies, state.offered.at = counted(replies), tools.now()
    state.offered.choices = tuple(choice.id for reply in replies for choice in reply.choices)[:MOST_OFFERED]
    return replies


def leave_tip(state: ConversationState, now: float) -> None:
    """The interview about a tip that was sent is over: from now on nothing can be added to it without its code."""
    state.sent = None
    receipts.forget(state)
    after_sent.remember(state, now)


def tip_begun(engine: Mapping[str, Any] | None) -> bool:
    """Whether a tip is being written in this state of the engine."""
    return "done" in ((engine or {}).get("draft") or {})


def as_words(engine: Mapping[str, Any] | None, before: ConversationState) -> bool:
    """Whether the code is shown as words: by the draft as it is now, or as it was when the interview ended with this turn."""
    drafts = [(engine or {}).get("draft") or {}, (before.engine or {}).get("draft") or {}]
    return bool(next((draft[AS_WORDS] for draft in drafts if AS_WORDS in draft), False))


def merge(
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


def completed(say: Say, state: ConversationState, renderer: Renderer, language: str, notices: bool) -> Say:
    if say["say"] not in {"receipt_saved", "receipt_kept", "receipt_unconfirmed"}:
        return say
    clock = state.clock or Clock()
    name = "clock_urgent" if clock.urgent else "clock_normal"
    if not notices:  # nobody is rung or written to: what is promised is what the officers' page does
        name += "_quiet"
    text = renderer.line(renderer.book(language), name, {"hours": clock.hours}).text
    return {"say": say["say"], "args": {"next": text}}
