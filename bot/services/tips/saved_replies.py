"""An officer's own ready-made answers, in any language, sealed to the officer alone: what is typed there may be a name."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, TooLarge
from bot.core.messages import MAX_TEXT_CHARS
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import SavedReply

MOST = 30  # of one officer
MOST_TITLE = 40  # characters


@dataclass(frozen=True)
class Reply:
    """title: what its button says. text: what goes into the answer."""

    id: str
    title: str = field(repr=False)
    text: str = field(repr=False)


def add(session: Session, officer: SignedIn, title: str, text: str, now: float) -> None:
    """Keep a ready-made answer. Raises InvalidInput('empty' | 'too_many_replies'), TooLarge."""
    if not title or not text:
        raise InvalidInput("empty")
    if len(text) > MAX_TEXT_CHARS or len(title) > MOST_TITLE:
        raise TooLarge("too_large")
    kept = select(func.count()).select_from(SavedReply).where(col(SavedReply.officer_id) == officer.officer_id)
    if session.execute(kept).scalar_one() >= MOST:
        raise InvalidInput("too_many_replies")
    reply_id = secrets.token_hex(16)
    body = sealing.seal_json(_key(officer), {"title": title, "text": text}, f"reply:{reply_id}")
    session.add(SavedReply(id=reply_id, officer_id=officer.officer_id, body=body, created_at=now))


def remove(session: Session, officer: SignedIn, reply_id: str) -> None:
    """Drop one of the officer's own; that of another is as good as none."""
    session.execute(
        delete(SavedReply)
        .where(col(SavedReply.id) == reply_id, col(SavedReply.officer_id) == officer.officer_id)
        .execution_options(synchronize_session=False)
    )


def own(session: Session, officer: SignedIn) -> list[Reply]:
    """The officer's ready-made answers, the oldest first; those under a key the account no longer has are left out."""
    query = select(SavedReply).where(col(SavedReply.officer_id) == officer.officer_id)
    found = []
    for row in session.execute(query.order_by(col(SavedReply.created_at), col(SavedReply.id))).scalars():
        try:
            said = sealing.unseal_json(_key(officer), row.body, f"reply:{row.id}")
        except sealing.CannotOpen:
            continue
        found.append(Reply(row.id, str(said["title"]), str(said["text"])))
    return found


def _key(officer: SignedIn) -> bytes:
    """Made of the officer's private key, which lies in the database only under their password."""
    return sealing.subkey(officer.private_key, "saved-replies")
