"""Telling units that something waits for them: a row now, delivery by the jobs process. Never any content."""

from __future__ import annotations

import secrets

from sqlmodel import Session

from bot.storage.tables import Notice


def queue_notice(session: Session, unit_id: str, referral_id: str, kind: str, now: float) -> None:
    """Queue one notice for a unit. kind: 'new' | 'urgent' | 'reply' | 'escalation' | 'overdue' | 'erasure' | others of
    content/notices.yml."""
    session.add(Notice(id=secrets.token_hex(8), unit_id=unit_id, referral_id=referral_id, kind=kind, created_at=now))
