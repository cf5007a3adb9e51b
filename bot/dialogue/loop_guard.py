"""Two machines talking to each other, or a stuck key: the same text over and over is told off once, then not answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from enum import Enum

from bot.core.moments import SKEW
from bot.dialogue.heard import TurnInput
from bot.dialogue.state import ConversationState, Repeat

MOST = 20  # times the same text within WINDOW
WINDOW = 300.0  # seconds
REMEMBERED = 6  # different texts; two bots repeat more than one line


class Verdict(Enum):
    """What is done about a message, the mildest first."""

    ANSWER = "answer"
    SLOW_DOWN = "slow_down"  # say so, once
    SILENCE = "silence"


@dataclass(frozen=True)
class Guarded:
    """What to do, and the state with the new count."""

    verdict: Verdict
    state: ConversationState


def look(state: ConversationState, turn: TurnInput, now: float) -> Guarded:
    """Count what was said in the sealed state. Only a short digest of each text is kept there.

    Of several messages taken together each is counted by itself, and one that is not told off has them answered.
    """
    verdicts: list[Verdict] = []
    for text in turn.pieces or (turn.message.text,):
        guarded = _count(state, text.strip().casefold() or turn.message.choice, now)
        state, verdicts = guarded.state, [*verdicts, guarded.verdict]
    return Guarded(next(verdict for verdict in Verdict if verdict in verdicts), state)


def _count(state: ConversationState, said: str, now: float) -> Guarded:
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
