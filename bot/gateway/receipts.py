"""The receipt code while it is being asked back: shown again whenever it may not have arrived, or is asked for.

Only the sealed state holds the code, and only until the person kept it or let it go. The dialogue does not know it: it says
"receipt_again", and the code is filled in here.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.messages import OutboundMessage
from bot.core.tips import receipt
from bot.dialogue.kept import End
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.storage.tables import Outbox

AGAIN, SHOWN = "receipt_again", "receipt_shown"
ENDS = frozenset({"receipt_saved", "receipt_kept", "receipt_unconfirmed", "tip_before_sent"})
# Lines that only make sense below the code.
_BELOW = frozenset({
    "tip_receipt", "receipt_mismatch", "receipt_more", "receipt_kept", "receipt_unconfirmed", "tip_before_sent",
    "tip_sent_already", "tip_sent_added",
})  # fmt: skip
_ASKS_ITSELF = frozenset({"receipt_more", "receipt_no_place"})  # lines that end with the question and its buttons


def with_code(session: Session, says: Sequence[Say], state: ConversationState) -> list[Say]:
    """What is said with the code filled in, and put first where it may not stand above."""
    code = state.receipt.code
    if not code:
        return [say for say in says if say["say"] != AGAIN]
    names = {say["say"] for say in says}
    shown: Say = {"say": AGAIN, "args": {"code": receipt.pretty(code)}}
    found = [shown if say["say"] == AGAIN else say for say in says]
    if names & _ASKS_ITSELF:
        found = [say for say in found if say["say"] != "tip_receipt"]
    if names & _BELOW and not names & {AGAIN, SHOWN} and not _arrived(session, state):
        first = next(number for number, say in enumerate(found) if say["say"] in _BELOW)
        found.insert(first, shown)
    return found


def _arrived(session: Session, state: ConversationState) -> bool:
    """Whether the platform took the message with the code; the web page fetches its answers itself."""
    status = select(col(Outbox.status)).where(col(Outbox.dedupe) == state.receipt.row)
    return session.execute(status).scalar() == "sent"


def remember(state: ConversationState, inbox_id: int, replies: Sequence[OutboundMessage]) -> None:
    """Note which of this turn's messages carries the code."""
    for number, reply in enumerate(replies):
        if reply.meta.get("item") in {AGAIN, SHOWN} and state.receipt.code:
            state.receipt.row = f"in{inbox_id}:{number}"


def forget(state: ConversationState) -> None:
    """From now on nobody here can read the tip."""
    state.forget(End.RECEIPT)
