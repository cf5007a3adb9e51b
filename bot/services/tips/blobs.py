"""Files that nobody refers to any more: left by drafts that were given up, and by crashes."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput
from bot.services.minutes import QUARTER
from bot.services.tips.files import PUT_BY, FileRef
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Conversation, Inbox, TipFile
from bot.storage.vault import Vault

BLUR_WITHIN = 1_800.0  # seconds; retention runs every ten minutes
# Seconds; a draft rests an hour at most before it is forgotten. Files are dated to the quarter: some are swept that much earlier.
ORPHAN_AGE = 2 * 3600.0


def orphans(session: Session, vault: Vault, blobs: Path, now: float) -> list[Path]:
    """Old files that belong to no tip, no draft and no message that still waits for its turn."""
    old = list(_older(blobs, now - ORPHAN_AGE))
    if not old:
        return []
    kept = set(session.execute(select(col(TipFile.id))).scalars())
    left = [path for path in old if _file_id(path) not in kept]
    if left:
        waiting = set(_in_conversations(session, vault))
        left = [path for path in left if path.name.startswith(".") or _file_id(path) not in waiting]
    return left


def blur(blobs: Path, now: float) -> None:
    """Give the newest files one time of their last change: the system keeps an exact one, which only another change replaces."""
    for path in _older(blobs, now):
        with contextlib.suppress(OSError):  # removed meanwhile
            found = path.stat()
            if found.st_mtime > now - QUARTER - BLUR_WITHIN:
                os.utime(path, (found.st_mtime, found.st_mtime))


def missing(session: Session, blobs: Path) -> int:
    """How many files of tips are no longer on this machine."""
    there = {_file_id(path) for path in blobs.iterdir() if not path.name.startswith(".")} if blobs.is_dir() else set()
    return sum(file_id not in there for file_id in session.execute(select(col(TipFile.id))).scalars())


def _older(blobs: Path, before: float) -> Iterator[Path]:
    if not blobs.is_dir():
        return
    for path in blobs.iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < before:
                yield path
        except OSError:  # removed meanwhile
            continue


def _file_id(path: Path) -> str:
    return path.name.removeprefix(".").removesuffix("v")


def _in_conversations(session: Session, vault: Vault) -> Iterator[str]:
    states = select(col(Conversation.id), col(Conversation.state)).where(col(Conversation.state).is_not(None))
    for conversation_id, sealed in session.execute(states):
        try:
            yield from _references(vault.open_state(conversation_id, sealed))
        except CannotOpen:
            continue
    waiting = select(Inbox).where(col(Inbox.status) != "done", col(Inbox.payload).is_not(None))
    for row in session.execute(waiting).scalars():
        try:
            found = vault.open_inbound(row.conversation_id, row.channel, row.message_hash, row.payload or b"")
            yield from _references(found.to_json())
        except CannotOpen:
            continue


def _references(value: Any) -> Iterator[str]:
    """Ids of stored files anywhere in a JSON value."""
    if isinstance(value, dict):
        for part in value.values():
            yield from _references(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _references(part)
    elif isinstance(value, str) and len(value) > 100:  # a packed reference holds a key of 64 characters
        try:
            yield FileRef.unpack(value.removeprefix(PUT_BY)).id
        except InvalidInput:
            return
