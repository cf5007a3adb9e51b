"""Opting in to and out of campaign messages. Nobody is subscribed by anybody else."""

from __future__ import annotations

import time

from sqlmodel import Session

from bot.storage.tables import Subscriber


def from_chat(session: Session, conversation_id: str, on: bool) -> None:
    """The person behind a conversation asks for messages, or asks for them to end."""
    row = session.get(Subscriber, conversation_id)
    if row is None:
        if on:
            session.add(Subscriber(conversation_id=conversation_id, since=time.time()))
        return
    row.active = on
