"""What a picture tells about the person who sends it: the clean copy is what is kept, the original only when they ask.

A photo as the phone made it can name the place it was taken at and the phone. Where a clean copy can be made, nothing else is
kept unless the person asked; where none can be made (recordings, films, PDF, HEIC), the person is told and can take it back.
"""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from bot.core.errors import InvalidInput
from bot.core.messages import InboundKind, InboundMessage
from bot.core.text import fold
from bot.dialogue.heard import TurnInput
from bot.dialogue.reading.message import Reading
from bot.dialogue.says import Say
from bot.dialogue.state import ConversationState
from bot.services.tips.files import FileRef
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Conversation
from bot.storage.vault import Vault

KEEP, DROP = "file:original", "file:drop"
AS_SENT = (
    "file_as_sent_"  # and the kind: what stays inside is not the same in a photo, a recording, a film and a document
)
ASKED_SECONDS = 900.0
_MOST_UNCLEAN = 20
_LONGEST_WISH = 12  # words; "gửi bản gốc" inside a story is part of the story
_WISH = re.compile(
    r"\b(?:gui|giu|lay|nhan|kem|muon|can|cho|xai|dung)\b(?: \w+){0,4} (?:ban|anh|hinh|tep|file|video|clip) goc\b"
    r"|^(?:ban|anh|hinh|tep|file) goc\b|\b(?:keep|send|want|use)\b(?: \w+){0,4} originals?\b"
)
_NOT = re.compile(r"\b(?:dung|khong|ko|kg|k|hong|hok|khoi|chua|not|don'?t|without|never)\b(?! (?:ban|anh|hinh) goc)")


def asks(text: str) -> bool:
    """Whether somebody asks, in a few words, that the original be kept."""
    plain = fold(text).strip()
    return len(plain.split()) <= _LONGEST_WISH and bool(_WISH.search(plain)) and not _NOT.search(plain)


def wished(message: InboundMessage) -> bool:
    """Whether a message is nothing but that wish: heard by itself, not as a line among others."""
    return message.kind is InboundKind.TEXT and asks(message.text)


def wants_original(turn: TurnInput) -> bool:
    """Whether the files of this message are to be kept as they are."""
    return (
        turn.message.original
        or asks(turn.message.text)
        or 0.0 < turn.state.files.originals_until - turn.received_at <= ASKED_SECONDS
    )


def before(session: Session, vault: Vault, conversation_id: str, now: float) -> tuple[bool, bool]:
    """For a channel that keeps files before their turn: whether the person asked for it within the last minutes, and whether
    they were shown an emergency card."""
    row = session.get(Conversation, conversation_id)
    if row is None or row.state is None:
        return False, False
    try:
        state = ConversationState.from_json(vault.open_state(conversation_id, row.state))
    except CannotOpen:
        return False, False
    return now < state.files.originals_until <= now + ASKED_SECONDS, bool(state.card.near)


def deed(turn: TurnInput, reading: Reading, state: ConversationState, now: float) -> list[Say] | None:
    """What to say to somebody who asks for the original, or takes a file back; None for everybody else."""
    typed = turn.message.kind is InboundKind.TEXT and bool(state.files.told) and asks(reading.text)
    if reading.choice == KEEP or typed:
        state.files.originals_until = now + ASKED_SECONDS
        return [{"say": "file_original_next", "args": {}}]
    if reading.choice == DROP:
        ids, state.files.unclean = set(state.files.unclean), ()
        state.files.told = tuple(told for told in state.files.told if not told.startswith(AS_SENT))
        there = _taken_out(state, ids)
        return [{"say": "file_dropped" if there else "file_drop_late", "args": {}}]
    return None


def notes(turn: TurnInput, state: ConversationState) -> list[Say]:
    """What the person has to know about the files of this message, each thing once in a conversation."""
    said: list[Say] = []
    told = list(state.files.told)
    found = [ref for ref in map(_ref, (a.ref for a in turn.message.attachments)) if ref is not None]
    unclean = [ref for ref in found if not ref.view]
    if unclean:
        state.files.unclean = (*state.files.unclean, *(ref.id for ref in unclean))[-_MOST_UNCLEAN:]
    for name, applies in (
        ("file_clean", any(not ref.original for ref in found)),
        ("file_original_kept", any(ref.original and ref.view for ref in found)),
        *((f"{AS_SENT}{kind}", True) for kind in dict.fromkeys(ref.kind for ref in unclean)),
    ):
        if applies and name not in told:
            told.append(name)
            said.append({"say": name, "args": {}})
    state.files.told = tuple(told)
    return said


def _ref(packed: str) -> FileRef | None:
    try:
        return FileRef.unpack(packed)
    except InvalidInput:
        return None


def _taken_out(state: ConversationState, ids: set[str]) -> bool:
    """Take references to these files out of what was told and of the engine's state. Whether any was there."""
    before = [list(entry.files) for entry in state.before]
    engine = copy.deepcopy(state.engine)
    there = _without([before, engine], ids)
    state.before = tuple(replace(entry, files=tuple(files)) for entry, files in zip(state.before, before, strict=True))
    state.engine = engine
    return there


def _without(value: Any, ids: set[str]) -> bool:
    """Take references to these files out of every list of `value`, a JSON value. Whether any was there."""
    if isinstance(value, dict):
        return bool(sum(_without(part, ids) for part in value.values()))  # all of them, not only the first
    if not isinstance(value, list):
        return False
    left = [part for part in value if not (isinstance(part, str) and len(part) > 100 and _named(part, ids))]
    changed = len(left) != len(value)
    value[:] = left
    return bool(changed + sum(_without(part, ids) for part in value))


def _named(packed: str, ids: set[str]) -> bool:
    ref = _ref(packed)
    return ref is not None and ref.id in ids
