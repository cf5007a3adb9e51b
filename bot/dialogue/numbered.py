"""Channels without buttons show choices as numbered lines; here a lone number becomes the choice again."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.moments import ahead
from bot.core.sending import NUMBER_FROM
from bot.dialogue.heard import TurnInput

PASSED = "ans:passed"  # a choice that no question has
LONGEST_TURN = 900.0  # seconds; choices offered later than so after a message were offered by a clock that ran ahead
MOST_OFFERED = 20  # choices remembered for a number to pick
_NUMBER = re.compile(r"^\s*([0-9]{1,2})\s*[.)]?\s*$")


def picked(turn: TurnInput, *, numbers: bool) -> TurnInput:
    """A lone number on a channel that shows choices as numbered lines, as the choice it stands for.

    A number that arrived before the choices were offered answers something else: it must not send a tip nobody has read,
    and counts as a button of an earlier question.
    """
    message = turn.message
    found = _NUMBER.match(message.text) if numbers and message.kind is InboundKind.TEXT else None
    offered, offered_at = turn.state.offered.choices, turn.state.offered.at
    in_time = turn.received_at >= offered_at or ahead(offered_at, turn.received_at, LONGEST_TURN)
    if found is None or not 1 <= int(found.group(1)) <= len(offered):
        return turn
    choice = offered[int(found.group(1)) - 1] if in_time else PASSED
    return replace(turn, message=replace(message, kind=InboundKind.CHOICE, choice=choice, text=""))


def is_number(message: InboundMessage, numbers: Callable[[Channel], bool]) -> bool:
    """Whether a message is a lone number on a channel (`numbers`) where a number picks a choice."""
    return message.kind is InboundKind.TEXT and bool(_NUMBER.match(message.text)) and numbers(message.channel)


def counted(replies: list[OutboundMessage]) -> list[OutboundMessage]:
    """Choices numbered through all bubbles of a turn, so that a number means one thing."""
    done, counted = 1, []
    for reply in replies:
        counted.append(replace(reply, meta={**reply.meta, NUMBER_FROM: str(done)}) if reply.choices else reply)
        done += len(reply.choices)
    return counted
