"""A backup opened again: unpacked, proved, put where nothing is yet, and settled so that nothing happens twice.

A parcel can be written by anybody who has the public key. What it holds is therefore proved by the product's own means, with the
server keys: their fingerprint, the audit log's chain, the marks of tips, units and accounts.
"""

from __future__ import annotations

import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nacl.public import PrivateKey
from sqlalchemy import delete, func, select, text
from sqlmodel import Session, col

from bot.core.campaigns.states import Act, State
from bot.core.errors import ConfigError
from bot.server_keys import Keys, from_text, put
from bot.services import audit, soundness
from bot.services.campaigns import acts
from bot.services.keeping.backups import BLOBS, CONTENT, DATABASE, MANIFEST, VERSION, Manifest
from bot.services.tips import binding, blobs, notes
from bot.services.units import posts, public_keys
from bot.storage import copying, parcels
from bot.storage.tables import ChannelToken, ConsoleSession, Inbox, Outbox

_NAMES = re.compile(
    rf"{DATABASE}|{BLOBS}/[A-Za-z0-9_-]+|{CONTENT}/(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*/)*[A-Za-z0-9_-][A-Za-z0-9_.-]*"
)
_LARGEST = 256 * 2**20  # bytes of a manifest: a few million files


@dataclass(frozen=True)
class Report:
    """What a restored installation is worth. entries: of the audit log. broken_at: its first entry that does not fit. missing: files
    of tips that are not there. doubtful: rows whose mark or key does not fit. paused, signed_out, waiting, unsent, tokens: what was
    settled, and what stands in the queues as it stood then."""

    entries: int
    broken_at: int | None
    missing: int
    doubtful: int
    paused: int = 0
    signed_out: int = 0
    waiting: int = 0
    unsent: int = 0
    tokens: int = 0

    @property
    def sound(self) -> bool:
        return self.broken_at is None and not self.missing and not self.doubtful


def unpack(source: IO[bytes], private: PrivateKey, work: Path) -> Manifest:
    """Everything of a parcel below the empty folder `work`, compared with what the parcel says of itself.

    Raises ConfigError for another key, for a parcel that was cut or changed, and for names that are not ours.
    """
    reader = parcels.Reader(source, private)  # type: ignore[arg-type]
    try:
        with tarfile.open(fileobj=reader, mode="r|") as tar:  # type: ignore[call-overload]
            manifest = _manifest(tar)
            while (entry := tar.next()) is not None:
                _take(tar, entry, work)
    except (tarfile.TarError, EOFError):
        raise ConfigError(parcels.DAMAGED) from None
    reader.read()  # to the end: what follows the last entry must be sealed too
    _compare(manifest, work)
    return manifest


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    body = tar.extractfile(entry) if entry is not None and entry.isreg() and entry.name == MANIFEST else None
    if body is None or entry is None or entry.size > _LARGEST:
        raise ConfigError(parcels.DAMAGED)
    try:
        said = json.loads(body.read())
        if said["version"] > VERSION:
            raise ConfigError("bản sao lưu do một bản Lá Chắn mới hơn tạo ra; cập nhật chương trình rồi khôi phục")
        said["tables"] = {name: (int(count), str(figure)) for name, (count, figure) in said["tables"].items()}
        said["audit"] = (int(said["audit"][0]), str(said["audit"][1]))
        return Manifest(**said)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ConfigError(parcels.DAMAGED) from None


def _take(tar: tarfile.TarFile, entry: tarfile.TarInfo, work: Path) -> None:
    body = tar.extractfile(entry) if entry.isreg() and _NAMES.fullmatch(entry.name) else None
    if body is None:
        raise ConfigError("bản sao lưu chứa tệp lạ; không khôi phục từ tệp này")
    target = work / entry.name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(parcels.DAMAGED) from None
    with os.fdopen(handle, "wb") as out:
        while piece := body.read(parcels.PIECE):
            out.write(piece)


def _compare(manifest: Manifest, work: Path) -> None:
    there = {path.name: path.stat().st_size for path in _below(work / BLOBS)}
    if not (work / DATABASE).exists() or there != manifest.files:
        raise ConfigError(parcels.DAMAGED)
    if copying.counted(f"sqlite:///{work / DATABASE}") != manifest.tables:
        raise ConfigError(parcels.DAMAGED)


def _below(folder: Path) -> Iterator[Path]:
    return folder.iterdir() if folder.is_dir() else iter(())


def open_keys(file: Path, private: PrivateKey) -> Keys:
    """The server keys of `bot.services.keeping.backups.pack_keys`. Raises ConfigError."""
    try:
        with file.open("rb") as source:
            return from_text(parcels.Reader(source, private).read())
    except OSError:
        raise ConfigError("không đọc được tệp khóa đã sao lưu") from None


def fit(work: Path, keys: Keys) -> None:
    """Raises ConfigError when the unpacked database belongs to other server keys."""
    engine = copying.connect(f"sqlite:///{work / DATABASE}", writes=False)
    try:
        with copying.of_one_moment(engine) as connection:
            kept = connection.execute(
                text("SELECT value FROM installation WHERE name = :n"), {"n": soundness.KEYS}
            ).scalar()
    finally:
        engine.dispose()
    if kept is not None and kept != soundness.fingerprint(keys):
        raise ConfigError(f"Cơ sở dữ liệu: {soundness.WORDS['keys_other']}")


def refuse_used(url: str, files: Path) -> None:
    """Raises ConfigError when a backup put here would cover anything, and when that cannot be seen."""
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    used = file.exists() if file is not None else soundness.in_use(url)
    if used or any(_below(files)):
        raise ConfigError("nơi khôi phục đã có dữ liệu; khôi phục vào thư mục và cơ sở dữ liệu mới, không ghi đè")


def place(work: Path, url: str, files: Path) -> None:
    """Put the unpacked database and files where the settings want them. Raises ConfigError when something is there."""
    if (work / f"{DATABASE}-wal").exists():
        raise ConfigError("tệp cơ sở dữ liệu đang được mở ở nơi khác; chạy lại")
    refuse_used(url, files)
    files.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in list(_below(work / BLOBS)):
        os.replace(path, files / path.name)
    if url.startswith("sqlite:///"):
        os.replace(work / DATABASE, url.removeprefix("sqlite:///"))  # last: with it the installation exists
    else:
        copying.copy(f"sqlite:///{work / DATABASE}", url)


def put_keys(file: Path, keys: Keys) -> None:
    """Keep the keys where the settings look for them. Raises ConfigError when other keys are there."""
    try:
        put(file, keys)
    except FileExistsError:
        if from_text(file.read_bytes()) != keys:
            raise ConfigError(
                "máy này đã có khóa máy chủ khác (keys.json); khôi phục trên một thư mục dữ liệu mới"
            ) from None


def settle(session: Session, now: float, made_at: float) -> tuple[int, int]:
    """Before anything runs again: campaigns under way wait for a person, since many have theirs already, and everybody signs in anew.
    Returns how many campaigns and sessions."""
    running = acts.in_state(session, (State.RUNNING, State.APPROVED))  # an approved one may have begun after the backup
    for row in running:
        acts.act(session, row.id, Act.PAUSE, "system", now, "restored")
    gone = session.execute(select(func.count()).select_from(ConsoleSession)).scalar_one()
    session.execute(delete(ConsoleSession))
    audit.record(session, now, "system", "restored", "", f"backup_of={int(made_at)}")
    return len(running), gone


def examine(session: Session, files: Path) -> Report:
    """What the database at its newest schema, and the files beside it, are worth."""
    verdict, standing, changed = audit.verify(session), posts.doubtful(session), binding.doubtful(session)
    doubtful = (
        len(public_keys.doubtful(session)) + len(standing.units) + len(standing.accounts) + bool(standing.directory)
    )
    return Report(
        entries=verdict.entries, broken_at=verdict.broken_at, missing=blobs.missing(session, files),
        doubtful=doubtful + len(changed.tips) + len(changed.dialogues) + len(notes.doubtful(session)),
        waiting=_count(session, Inbox, col(Inbox.status) == "pending"), unsent=_count(session, Outbox, col(Outbox.status) == "pending"),
        tokens=_count(session, ChannelToken),
    )  # fmt: skip


def _count(session: Session, table: type, *where) -> int:
    return session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()
