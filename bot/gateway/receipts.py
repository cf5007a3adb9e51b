"""The receipt code while it is being asked back: shown again whenever it may not have arrived, or is asked for.

Only the sealed state holds the code, and only until the person kept it or let it go. The dialogue does not know it: it says
"receipt_again", and the code is filled in here.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.messages import OutboundMessage
from bot.dialogue.heard import TurnInput
from bot.dialogue.interview import receipt_forms
from bot.dialogue.interview.receipt_forms import AGAIN, SHOWN
from bot.dialogue.kept import End
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.storage.tables import Outbox

ENDS = frozenset({"receipt_saved", "receipt_kept", "receipt_unconfirmed", "tip_before_sent"})
_QUESTION = frozenset(
    {
        "tip_receipt",
        "tip_receipt_words",
        "tip_receipt_short",
        "tip_receipt_short_words",
        "tip_receipt_idle",
        "tip_receipt_idle_words",
    }
)
# Lines that only make sense below the code.
_BELOW = frozenset({
    "tip_receipt", "tip_receipt_short", "tip_receipt_short_words", "tip_receipt_idle", "tip_receipt_idle_words",
    "receipt_mismatch", "receipt_more", "receipt_kept", "receipt_unconfirmed", "tip_before_sent",
    "tip_sent_already", "tip_sent_added", "tip_receipt_words", "receipt_mismatch_words",
    "receipt_words_wrong", "receipt_more_words",
})  # fmt: skip
# Lines that end with the question and its buttons.
_ASKS_ITSELF = frozenset({"receipt_more", "receipt_more_words", "receipt_no_place", "receipt_no_place_words"})


def with_code(session: Session, says: Sequence[Say], state: ConversationState, *, as_words: bool = False) -> list[Say]:
    """What is said with the code filled in, and put first where it may not stand above. as_words: the form it is put in then."""
    code = state.receipt.code
    if not code:
        return [say for say in says if say["say"] not in AGAIN]
    names = {say["say"] for say in says}
    found = [_filled(say["say"], code) if say["say"] in AGAIN else say for say in says]
    if names & _ASKS_ITSELF:
        found = [say for say in found if say["say"] not in _QUESTION]
    if names & _BELOW and not names & {*AGAIN, *SHOWN} and not _arrived(session, state):
        first = next(number for number, say in enumerate(found) if say["say"] in _BELOW)
        found.insert(first, _filled(AGAIN[as_words], code))
    return found


def _filled(line: str, code: str) -> Say:
    return {"say": line, "args": {"code": receipt_forms.shown(line, code)}}


def _arrived(session: Session, state: ConversationState) -> bool:
    """Whether the platform took the message with the code; the web page fetches its answers itself."""
    status = select(col(Outbox.status)).where(col(Outbox.dedupe) == state.receipt.row)
    return session.execute(status).scalar() == "sent"


def remember(state: ConversationState, turn: TurnInput, replies: Sequence[OutboundMessage]) -> None:
    """Note which of this turn's messages carries the code."""
    for number, reply in enumerate(replies):
        if reply.meta.get("item") in {*AGAIN, *SHOWN} and state.receipt.code:
            state.receipt.row = turn.answer_name(number)


def forget(state: ConversationState) -> None:
    """From now on nobody here can read the tip."""
    state.forget(End.RECEIPT)
