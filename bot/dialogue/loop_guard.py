"""Two machines talking to each other, or a stuck key: the same text over and over is told off once, then not answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import Enum

from bot.core.messages import InboundMessage
from bot.core.moments import SKEW
from bot.dialogue.state import ConversationState, Repeat

MOST = 20  # times the same text within WINDOW
WINDOW = 300.0  # seconds
REMEMBERED = 6  # different texts; two bots repeat more than one line


class Verdict(Enum):
    ANSWER = "answer"
    SLOW_DOWN = "slow_down"  # say so, once
    SILENCE = "silence"


@dataclass(frozen=True)
class Guarded:
    """What to do, and the state with the new count."""

    verdict: Verdict
    state: ConversationState


def look(state: ConversationState, message: InboundMessage, now: float) -> Guarded:
    """Count `message` in the sealed state. Only a short digest of the text is kept there."""
    said = message.text.strip().casefold() or message.choice
    if not said:
        return Guarded(Verdict.ANSWER, state)
    digest = hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:12]
    seen = {one.digest: one for one in state.repeats if -SKEW <= now - one.since < WINDOW}
    before = seen.pop(digest, Repeat(digest, 0, now))
    again = replace(before, count=before.count + 1)
    counted = replace(state, repeats=(*seen.values(), again)[-REMEMBERED:])
    if before.count < MOST:
        return Guarded(Verdict.ANSWER, counted)
    return Guarded(Verdict.SLOW_DOWN if before.count == MOST else Verdict.SILENCE, counted)
