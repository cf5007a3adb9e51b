"""One referral taken out of the system, on paper or as files. The reporter's contact is never among it.

Everything is gathered in one transaction together with the audit entry that says so; the entry's hash is printed on the
sheet, so that a sheet can be matched with the log and a log with the sheet. Nothing is written to a disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, TooLarge
from bot.services import audit
from bot.services.tips import classify, files, reading, record, referrals
from bot.services.tips.classify import Corrected
from bot.services.tips.files import FileRef
from bot.services.tips.reading import Done
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Audit, Referral, Tip, TipFile, Unit

FORMATS = ("docx", "pdf", "zip")
MAX_ZIP_BYTES = 200 * 1024 * 1024  # the whole archive is made in memory
_COUNTED_ONLY = frozenset({"tip_read", "file_viewed"})  # a line for each look would bury the acts


@dataclass(frozen=True)
class Attached:
    """An attachment under the neutral name it has in every export."""

    id: str
    name: str
    by_reporter: bool
    at: float
    ref: FileRef = field(repr=False)


@dataclass(frozen=True)
class Said:
    """A line of the dialogue. files: neutral names; entry: the line as it was sealed, see record.entries."""

    by_reporter: bool
    at: float
    text: str = field(repr=False)
    files: tuple[str, ...] = ()
    entry: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Exported:
    """What goes on the sheet. `audit_seq` and `audit_hash` name the entry 'exported' that was written with it."""

    referral: Referral
    tip: Tip
    unit_name: str
    officer_name: str
    at: float
    audit_seq: int
    audit_hash: str
    history: tuple[Done, ...]
    reads: int
    words: dict[str, Any] = field(repr=False)
    dialogue: tuple[Said, ...] = field(repr=False)
    attached: tuple[Attached, ...] = field(repr=False)
    correction: Corrected | None = field(default=None, repr=False)


def gather(session: Session, officer: SignedIn, referral_id: str, form: str, now: float) -> Exported:
    """Read a referral for an export and write that down.

    form: one of FORMATS. Raises NotAllowed, InvalidInput('format'), TooLarge('zip_too_large').
    """
    if form not in FORMATS:
        raise InvalidInput("format")
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    attached = _attached(reading.files_of(session, opened))
    if form == "zip" and sum(item.ref.size for item in attached) > MAX_ZIP_BYTES:
        raise TooLarge("zip_too_large")
    history, reads = _history(session, tip.id)
    for item in attached if form == "zip" else ():
        audit.record(session, now, officer.officer_id, "file_downloaded", tip.id, f"file={item.id}")
    detail = f"referral={referral.id} format={form} files={len(attached) if form == 'zip' else 0}"
    digest = audit.record(session, now, officer.officer_id, "exported", tip.id, detail)
    unit = session.get(Unit, referral.unit_id)
    words = sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"]
    return Exported(
        referral=referral, tip=tip, unit_name=unit.name if unit else "", officer_name=officer.name, at=now,
        audit_seq=session.execute(select(col(Audit.seq)).where(col(Audit.hash) == digest)).scalar_one(), audit_hash=digest,
        words=words, correction=classify.corrected(session, opened, words),
        dialogue=_dialogue(session, opened, attached), attached=attached, history=history, reads=reads,
    )  # fmt: skip


def originals(blobs: Path, exported: Exported) -> list[tuple[str, bytes]]:
    """(neutral name, bytes) of every attachment: of a reporter's picture the clean copy, all else as it was sent.

    Raises InvalidInput('file_gone').
    """
    return [
        (item.name, files.fetch(blobs, item.ref, view=item.by_reporter and item.ref.view)) for item in exported.attached
    ]


def _attached(found: Iterable[tuple[TipFile, FileRef]]) -> tuple[Attached, ...]:
    return tuple(
        Attached(row.id, f"tep-{number:02d}.{_ending(row, ref)}", row.author == "reporter", row.created_at, ref)
        for number, (row, ref) in enumerate(found, 1)
    )


def _ending(row: TipFile, ref: FileRef) -> str:
    return "jpg" if row.author == "reporter" and ref.view else files.EXTENSIONS[ref.mime]


def _dialogue(session: Session, opened: record.OpenTip, attached: tuple[Attached, ...]) -> tuple[Said, ...]:
    names = {item.id: item.name for item in attached}
    return tuple(
        Said(
            entry["author"] == "reporter",
            entry["at"],
            entry["text"],
            tuple(names[file_id] for file_id in entry.get("files") or () if file_id in names),
            entry,
        )
        for entry in record.entries(session, opened)
    )


def _history(session: Session, tip_id: str) -> tuple[tuple[Done, ...], int]:
    lines = reading.history(session, tip_id)
    acts = tuple(line for line in lines if line.action not in _COUNTED_ONLY)
    return acts, len(lines) - len(acts)
