"""A backup: the database of one moment, the files of tips and the content, in one parcel for the operator's key.

It is made beside the running product. The server keys are never in it: `pack_keys` makes a parcel of their own, to be kept elsewhere,
so that whoever finds one of the two opens nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from nacl.public import PublicKey

from bot.core.errors import ConfigError
from bot.server_keys import Keys, as_text
from bot.services import audit, heartbeat
from bot.settings import Settings
from bot.storage import copying, parcels, space
from bot.storage.database import Database

DUTY = "backup"  # the heartbeat of the last one
NAME, ENDING = "lachan-", ".backup"
MANIFEST, DATABASE, BLOBS, CONTENT = "manifest.json", "lachan.db", "blobs", "content"
VERSION = 1
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Manifest:
    """What a parcel says of itself. made_at: Unix seconds. tables: rows and figure of each (bot.storage.copying). files: their
    sizes in bytes by name. audit: number and hash of the audit log's last entry."""

    version: int
    made_at: float
    revision: str
    tables: dict[str, tuple[int, str]]
    files: dict[str, int]
    audit: tuple[int, str]
    content: int = 0  # how many files of content

    @property
    def rows(self) -> int:
        return sum(count for count, _ in self.tables.values())


@dataclass(frozen=True)
class Made:
    """A finished backup. size: bytes of the parcel. removed: names of older ones that gave way to it."""

    file: Path
    size: int
    manifest: Manifest
    removed: list[str] = field(default_factory=list)


def make(
    settings: Settings, db: Database, public: PublicKey, folder: Path, now: Callable[[], float], keep: int
) -> Made:
    """Write a parcel into `folder`, and remove the oldest beyond `keep` (0: none). One at a time.

    Raises ConfigError when there is nothing to back up, no room, or another backup is being made.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _workplace(settings.data_dir) as work:
        _check_room(settings, folder)
        began = now()
        file = work / DATABASE
        copying.snapshot(settings.database_url, file)
        names = _hold_files(settings.blobs_dir, work / BLOBS)
        manifest = _describe(file, work / BLOBS, names, settings.content_dir, began)
        target = folder / f"{NAME}{time.strftime(_STAMP, time.gmtime(began))}{ENDING}"
        _write(target, public, manifest, work, settings.content_dir)
    with db.transaction() as session:
        heartbeat.beat(session, DUTY, began)
        audit.record(session, now(), "system", "backup_made", "", f"rows={manifest.rows} files={len(manifest.files)}")
    return Made(target, target.stat().st_size, manifest, _rotate(folder, keep))


def pack_keys(keys: Keys, public: PublicKey, file: Path) -> None:
    """The server keys in a parcel of their own. Raises ConfigError when there is such a file already."""
    with _new_file(file) as out:
        writer = parcels.Writer(out, public)
        writer.write(as_text(keys).encode())
        writer.close()


@contextmanager
def _workplace(data: Path) -> Iterator[Path]:
    """A private folder on the data's own disk, where files can be held by a second name; what a crash left there goes first."""
    handle = os.open(data / ".backup.lock", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ConfigError("đang có một bản sao lưu khác được làm; chờ nó xong") from None
        work = data / ".backup"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(handle)


def _check_room(settings: Settings, folder: Path) -> None:
    """The snapshot lies beside the data for a while, and the parcel is about as large as both."""
    url = settings.database_url
    base = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    size = base.stat().st_size if base and base.exists() else 0
    files = sum(path.stat().st_size for path in settings.blobs_dir.iterdir()) if settings.blobs_dir.is_dir() else 0
    floor = max(space.FULL, settings.min_free_mb * 2**20)
    if space.free(settings.data_dir) < size + space.FULL or space.free(folder) < size + files + floor:
        need = (size + files + floor) // 2**20 + 1
        raise ConfigError(
            f"không đủ chỗ cho bản sao lưu: cần khoảng {need} MB trống ở nơi cất và {size // 2**20 + 9} MB ở thư mục dữ liệu"
        )


def _hold_files(blobs: Path, held: Path) -> list[str]:
    """Give every file a second name, so that one erased meanwhile is still whole; the second names go with the workplace."""
    held.mkdir(mode=0o700)
    names = []
    for path in sorted(blobs.iterdir()) if blobs.is_dir() else []:
        if path.name.startswith(".") or not path.is_file():
            continue
        try:
            os.link(path, held / path.name)
        except FileNotFoundError:
            continue  # erased since it was listed
        except OSError:  # a disk without second names
            shutil.copyfile(path, held / path.name)
        names.append(path.name)
    return names


def _describe(file: Path, held: Path, names: list[str], content: Path, began: float) -> Manifest:
    engine = copying.connect(f"sqlite:///{file}", writes=False)
    try:
        with copying.of_one_moment(engine) as connection:
            tables, revision = copying.sums(connection), copying.revision(connection)
            if not revision:
                raise ConfigError("chưa có gì để sao lưu: cơ sở dữ liệu chưa có lược đồ")
            end = audit.end_of(connection)
    finally:
        engine.dispose()
    return Manifest(
        version=VERSION, made_at=began, revision=revision, tables=tables,
        files={name: (held / name).stat().st_size for name in names}, audit=end, content=len(_content(content)),
    )  # fmt: skip


def _content(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _write(target: Path, public: PublicKey, manifest: Manifest, work: Path, content: Path) -> None:
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        with _new_file(part) as out:
            writer = parcels.Writer(out, public)
            with tarfile.open(fileobj=writer, mode="w|", format=tarfile.PAX_FORMAT) as tar:  # type: ignore[call-overload]
                said = json.dumps(asdict(manifest)).encode()
                tar.addfile(_entry(MANIFEST, len(said)), BytesIO(said))
                _add(tar, DATABASE, work / DATABASE)
                for name in manifest.files:
                    _add(tar, f"{BLOBS}/{name}", work / BLOBS / name)
                for path in _content(content):
                    _add(tar, f"{CONTENT}/{path.relative_to(content).as_posix()}", path)
            writer.close()
        if target.exists():
            raise ConfigError("vừa có một bản sao lưu của đúng giây này; chạy lại")
        os.replace(part, target)
        _sync(target.parent)
    finally:
        part.unlink(missing_ok=True)


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


def _add(tar: tarfile.TarFile, name: str, path: Path) -> None:
    with path.open("rb") as source:
        tar.addfile(_entry(name, os.fstat(source.fileno()).st_size), source)


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file for its owner alone, on the disk when this ends. Raises ConfigError when it exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigError(f"đã có tệp {path.name} ở đó; chọn tên khác, không ghi đè") from None
    with os.fdopen(handle, "wb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _rotate(folder: Path, keep: int) -> list[str]:
    """The oldest first by their names, which are their times; nothing else in the folder is touched."""
    if not keep:
        return []
    ours = sorted(path for path in folder.glob(f"{NAME}*{ENDING}") if path.is_file())
    gone = ours[:-keep]
    for path in gone:
        path.unlink()
    return [path.name for path in gone]
