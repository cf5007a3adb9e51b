"""Files that officers sent to a reporter: fetched on the web while the reporter has the tip open, by nobody else.

The message carries the id of a file and no key; the key is found through the opened tip in the conversation's sealed
state, so an old message opens nothing once the reporter has closed the tip or an hour has passed.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlmodel import Session

from bot.core.errors import NotAllowed
from bot.core.messages import MAX_ATTACHMENTS, Attachment
from bot.services.messaging import states
from bot.services.tips import files, reading, record
from bot.services.tips.files import FileRef
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Conversation, Tip, TipFile
from bot.storage.vault import Vault


def from_officers(session: Session, opened: record.OpenTip) -> list[dict[str, Any]]:
    """The newest files of officers, as Attachment fields; ref: the id and the ending of its name."""
    found = [(row, ref) for row, ref in reading.files_of(session, opened) if row.author != "reporter"]
    return [asdict(Attachment(f"{row.id}.{ending(ref)}", ref.kind, ref.size)) for row, ref in found[-MAX_ATTACHMENTS:]]


def ending(ref: FileRef) -> str:
    """How the name of a delivered file ends: of pictures the clean copy is delivered."""
    return "jpg" if ref.view else files.EXTENSIONS[ref.mime]


def for_reporter(session: Session, vault: Vault, conversation_id: str, file_id: str, now: float) -> FileRef:
    """The reference of an officer's file in the tip that this conversation has open. Raises NotAllowed otherwise."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or conversation.state is None:
        raise NotAllowed("file")
    try:
        held = states.of(vault, conversation)
    except CannotOpen:
        raise NotAllowed("file") from None
    view = None if held.rests(now) else held.state.view
    row = session.get(TipFile, file_id)
    if view is None or row is None or row.tip_id != view.tip or row.author == "reporter":
        raise NotAllowed("file")
    if session.get(Tip, row.tip_id) is None:
        raise NotAllowed("file")
    return files.open_ref(view.key, row)
