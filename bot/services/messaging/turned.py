"""Sealed messages that do not belong where they stand: somebody wrote to the database.

Which conversation a waiting message or an answer is of stands in a plain column. Whoever could turn that column to a
conversation of their own would be shown another person's words there; so the seal decides, and a row that does not fit is
emptied, noted in the audit log and shown to nobody.
"""

from __future__ import annotations

import logging

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from bot.core.messages import InboundMessage, OutboundMessage
from bot.services import audit
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Audit, Inbox, Outbox
from bot.storage.vault import Vault

log = logging.getLogger(__name__)
FOUND = "message_doubtful"  # the audit entry of each
CODE = "sealed_otherwise"


def inbound(vault: Vault, row: Inbox) -> InboundMessage | None:
    """The message of a row, if it is of the row's conversation and channel."""
    if row.payload is None:
        return None
    try:
        return vault.open_inbound(row.conversation_id, row.channel, row.message_hash, row.payload)
    except CannotOpen:
        return None


def outbound(vault: Vault, row: Outbox, conversation_id: str) -> OutboundMessage | None:
    """The answer of a row, if it is for `conversation_id` on the row's channel."""
    if row.payload is None:
        return None
    try:
        return vault.open_outbound(conversation_id, row.channel, row.dedupe, row.payload)
    except CannotOpen:
        return None


def refuse_inbound(session: Session, row: Inbox, now: float) -> None:
    """Empty a row that belongs to nobody it names."""
    values = {"status": "dead", "payload": None, "conversation_id": "", "cries": False}
    session.execute(update(Inbox).where(col(Inbox.id) == row.id).values(**values))
    _note(session, f"inbox:{row.id}", now)


def refuse_outbound(session: Session, row: Outbox, now: float) -> None:
    """The same of an answer."""
    values = {"status": "dropped", "payload": None, "error": CODE}
    session.execute(update(Outbox).where(col(Outbox.id) == row.id).values(**values))
    _note(session, f"outbox:{row.id}", now)


def _note(session: Session, which: str, now: float) -> None:
    audit.record(session, now, "system", FOUND, "", f"row={which}")
    log.error(FOUND)


def find(session: Session, vault: Vault) -> list[Inbox | Outbox]:
    """Look at all that waits or can still be shown; which rows belong to nobody they name. Reads only."""
    waiting = select(Inbox).where(col(Inbox.payload).is_not(None)).execution_options(yield_per=500)
    shown = select(Outbox).where(col(Outbox.payload).is_not(None)).execution_options(yield_per=500)
    found: list[Inbox | Outbox] = [row for row in session.execute(waiting).scalars() if inbound(vault, row) is None]
    found += [row for row in session.execute(shown).scalars() if outbound(vault, row, row.conversation_id) is None]
    return found


def refuse(session: Session, row: Inbox | Outbox, now: float) -> None:
    """What `find` found, in a transaction that writes."""
    if isinstance(row, Inbox):
        refuse_inbound(session, row, now)
    else:
        refuse_outbound(session, row, now)


def lately(session: Session, since: float) -> int:
    """How many were refused since then."""
    found = select(func.count()).select_from(Audit).where(col(Audit.action) == FOUND, col(Audit.at) > since)
    return session.execute(found).scalar_one()
