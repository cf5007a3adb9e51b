"""A tap on a button of a campaign's message: counted, then answered like any other button."""

from __future__ import annotations

from dataclasses import replace

from sqlmodel import Session

from bot.core.messages import InboundKind
from bot.dialogue.heard import TurnInput
from bot.services.campaigns import acts
from bot.services.campaigns.words import split_tap
from bot.services.messaging.turns import Finish, TurnEnd


def of(turn: TurnInput) -> tuple[int, TurnInput]:
    """(campaign, the turn with the button's own id); (0, the turn itself) when it is no campaign's."""
    message = turn.message
    number, own = split_tap(message.choice) if message.kind is InboundKind.CHOICE else (0, "")
    return (number, replace(turn, message=replace(message, choice=own))) if number else (0, turn)


def counted(finish: Finish, campaign: int, turn: TurnInput) -> Finish:
    """`finish`, which also counts the tap. The count is kept by button; who tapped is not."""
    if not campaign:
        return finish

    def with_tap(session: Session) -> TurnEnd:
        acts.tapped(session, campaign, turn.message.choice, turn.conversation_id)
        return finish(session)

    return with_tap
