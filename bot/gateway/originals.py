"""What a picture tells about the person who sends it: the clean copy is what is kept, the original only when they ask.

A photo as the phone made it can name the place it was taken at and the phone. Where a clean copy can be made, nothing else is
kept unless the person asked; where none can be made (recordings, films, PDF, HEIC), the person is told and can take back what came with that message.
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
from bot.dialogue.state import ConversationState, Unclean
from bot.services.tips.files import FileRef
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Conversation
from bot.storage.vault import Vault

KEEP, DROP = "file:original", "file:drop"
AS_SENT = (
    "file_as_sent_"  # and the kind: what stays inside is not the same in a photo, a recording, a film and a document
)
AGAIN = "file_as_sent_again"  # more of a kind that was explained: few words, and a button of its own
ASKED_SECONDS = 900.0
_MOST_UNCLEAN = 20
_MARK = 8  # characters of a file's random id: enough to tell the messages of a conversation apart
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
    verb, _, mark = reading.choice[len(DROP) :].partition(":")
    if reading.choice.startswith(DROP) and not verb:
        return [_dropped(state, mark)]
    return None


def _dropped(state: ConversationState, mark: str) -> Say:
    """Take out the files that the button with this mark stands under, and no other; says which."""
    ours = [one for one in state.files.unclean if one.mark == mark]
    state.files.unclean = tuple(one for one in state.files.unclean if one.mark != mark)
    gone = {f"{AS_SENT}{one.kind}" for one in ours}  # sent again, they are explained again
    state.files.told = tuple(told for told in state.files.told if told not in gone)
    there = _taken_out(state, {one.id for one in ours})
    if not there:
        return {"say": "file_drop_late", "args": {}}
    return {"say": "file_dropped", "args": {"kind": ours[0].kind, "count": len(there), "at": ours[0].at}}


def notes(turn: TurnInput, state: ConversationState) -> list[Say]:
    """What the person has to know about the files of this message, each thing once in a conversation; what was kept as it
    came is named each time, kind by kind, over a button that takes back just this."""
    said: list[Say] = []
    told = list(state.files.told)
    found = [ref for ref in map(_ref, (a.ref for a in turn.message.attachments)) if ref is not None]
    for name, applies in (
        ("file_clean", any(not ref.original for ref in found)),
        ("file_original_kept", any(ref.original and ref.view for ref in found)),
    ):
        if applies and name not in told:
            told.append(name)
            said.append({"say": name, "args": {}})
    for kind in dict.fromkeys(ref.kind for ref in found if not ref.view):
        ids = [ref.id for ref in found if ref.kind == kind and not ref.view]
        name, mark = f"{AS_SENT}{kind}", ids[0][:_MARK]
        more = (Unclean(one, kind, mark, turn.received_at) for one in ids)
        state.files.unclean = (*state.files.unclean, *more)[-_MOST_UNCLEAN:]
        said.append({"say": AGAIN if name in told else name, "args": {"mark": mark, "kind": kind, "count": len(ids)}})
        told = told if name in told else [*told, name]
    state.files.told = tuple(told)
    return said


def _ref(packed: str) -> FileRef | None:
    try:
        return FileRef.unpack(packed)
    except InvalidInput:
        return None


def _taken_out(state: ConversationState, ids: set[str]) -> set[str]:
    """Take references to these files out of what was told and of the engine's state. The ids that were there."""
    before = [list(entry.files) for entry in state.before]
    engine = copy.deepcopy(state.engine)
    there = _without([before, engine], ids)
    state.before = tuple(replace(entry, files=tuple(files)) for entry, files in zip(state.before, before, strict=True))
    state.engine = engine
    return there


def _without(value: Any, ids: set[str]) -> set[str]:
    """Take references to these files out of every list of `value`, a JSON value. The ids that were there."""
    if isinstance(value, dict):
        return set().union(*(_without(part, ids) for part in value.values()))
    if not isinstance(value, list):
        return set()
    named = [_id_of(part) for part in value]
    found = ids.intersection(named)
    value[:] = [part for part, one in zip(value, named, strict=True) if one not in found]
    return found.union(*(_without(part, ids) for part in value))


def _id_of(part: Any) -> str:
    """The id of the file that a packed reference is about; "" for anything else."""
    ref = _ref(part) if isinstance(part, str) and len(part) > 100 else None
    return ref.id if ref is not None else ""
