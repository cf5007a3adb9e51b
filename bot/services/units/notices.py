"""Telling units that something waits for them: a row now, delivery by the jobs process. Never any content."""

from __future__ import annotations

import hashlib
import secrets

from sqlmodel import Session

from bot.storage.database import insert_ignore
from bot.storage.tables import Notice


def queue_notice(session: Session, unit_id: str, referral_id: str, kind: str, now: float) -> None:
    """Queue one notice for a unit. kind: 'new' | 'urgent' | 'reply' | 'escalation' | 'overdue' | 'erasure' | others of
    content/notices.yml."""
    session.add(Notice(id=secrets.token_hex(8), unit_id=unit_id, referral_id=referral_id, kind=kind, created_at=now))


def once(*parts: str) -> str:
    """A notice id that is the same whenever the same thing is to be said."""
    return hashlib.sha256("\x00".join(parts).encode()).hexdigest()[:32]


def queue_once(session: Session, notice_id: str, unit_id: str, referral_id: str, kind: str, now: float) -> None:
    """Queue a notice unless it exists."""
    row = {
        "id": notice_id, "unit_id": unit_id, "referral_id": referral_id, "kind": kind, "status": "pending",
        "attempts": 0, "next_at": 0.0, "created_at": now,
    }  # fmt: skip
    insert_ignore(session, Notice, [row])
