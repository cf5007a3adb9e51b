"""How much one conversation may leave on the disk before a tip is sent: what nobody sends must not fill it."""

from __future__ import annotations

from sqlmodel import Session

from bot.core.errors import InvalidInput
from bot.services.tips.blobs import ORPHAN_AGE
from bot.storage.tables import Attempt
from bot.storage.vault import Vault

WINDOW = ORPHAN_AGE  # seconds; afterwards what was left has been swept away
MOST_FILES = 20
MOST_BYTES = 100 * 1024 * 1024


def claim(session: Session, vault: Vault, conversation_id: str, size: int, now: float) -> None:
    """Count one file of `size` bytes. Raises InvalidInput('files_quota') instead when that would be too much."""
    rows = [_row(session, key, now) for key in _keys(vault, conversation_id)]
    counted = [rows[0].count + 1, rows[1].count + _kilobytes(size)]
    if counted[0] > MOST_FILES or counted[1] > MOST_BYTES // 1024:
        raise InvalidInput("files_quota")
    for row, count in zip(rows, counted, strict=True):
        row.count = count
        session.add(row)


def give_back(session: Session, vault: Vault, conversation_id: str, size: int) -> None:
    """Uncount one file of `size` bytes that was not kept after all."""
    for key, much in zip(_keys(vault, conversation_id), (1, _kilobytes(size)), strict=True):
        row = session.get(Attempt, key)
        if row is not None:
            row.count = max(0, row.count - much)
            session.add(row)


def sent(session: Session, vault: Vault, conversation_id: str) -> None:
    """The files belong to a tip now: begin anew."""
    for key in _keys(vault, conversation_id):
        row = session.get(Attempt, key)
        if row is not None:
            session.delete(row)


def _keys(vault: Vault, conversation_id: str) -> tuple[str, str]:
    return vault.attempt_key("files", conversation_id), vault.attempt_key("kilobytes", conversation_id)


def _kilobytes(size: int) -> int:
    return -(-size // 1024)


def _row(session: Session, key: str, now: float) -> Attempt:
    row = session.get(Attempt, key) or Attempt(key=key, count=0, window_start=now)
    if not 0 <= now - row.window_start < WINDOW:  # over, or set by a clock that ran ahead
        row.count, row.window_start = 0, now
    return row
