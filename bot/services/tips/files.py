"""Attachments: judged by content, encrypted in memory, and only then written.

A file's key travels in its reference, which lives in the sealed inbox and draft until the tip is made; then it is sealed
under the tip's key. A blob on disk has no name, no type and no owner.
"""

from __future__ import annotations

import base64
import errno
import json
import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session

from bot.core.errors import InvalidInput, TooLarge
from bot.core.messages import MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, Attachment
from bot.services.minutes import minute, quarter
from bot.services.tips.file_types import EXTENSIONS, KINDS, UNDRAWN, sniff
from bot.services.tips.pictures import clean_copy
from bot.storage import sealing, space
from bot.storage.tables import TipFile

PUT_BY = "put-by:"  # prefix of an attachment's `ref` that is stored as it came, and still has to be kept
Sealer = Callable[[Any, str], bytes]  # seals a JSON value, bound to a context

__all__ = ["EXTENSIONS", "FileRef", "attach", "clean_copy", "erase", "fetch", "keep", "open_ref", "scan_bytes", "sniff"]


@dataclass(frozen=True)
class FileRef:
    """Everything about a stored file but its bytes. key: of all of them; view: whether there is a clean copy.

    original: whether the bytes as they were sent are kept; False: the clean copy is all there is.
    """

    id: str
    key: str
    kind: str
    mime: str
    size: int
    view: bool
    scan: str  # "clean" | "not_scanned"
    original: bool = True

    def pack(self) -> str:
        """One opaque string, for drafts and messages."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @staticmethod
    def unpack(packed: str) -> FileRef:
        """Raises InvalidInput('file_ref')."""
        try:
            return FileRef(**json.loads(base64.urlsafe_b64decode(packed.encode())))
        except (ValueError, TypeError):
            raise InvalidInput("file_ref") from None


def keep(blobs: Path, data: bytes, clamav_socket: str = "", *, original: bool = True, min_free: int = 0) -> Attachment:
    """Judge, encrypt and store one file.

    original: False keeps of a picture only its clean copy, if one can be made. min_free: bytes that must stay free on the
    disk. Raises TooLarge over 20 MB, InvalidInput('file_empty' | 'file_type' | 'file_broken' | 'file_infected' |
    'disk_low').
    """
    mime = _judged(blobs, data, min_free)
    view = clean_copy(data) if KINDS[mime] == "image" and mime not in UNDRAWN else None
    scan = scan_bytes(data, clamav_socket)
    if scan == "infected":
        raise InvalidInput("file_infected")
    only_clean = view is not None and not original
    ref = FileRef(
        id=secrets.token_hex(16), key=sealing.new_key().hex(), kind=KINDS[mime], mime="image/jpeg" if only_clean else mime,
        size=len(view or b"") if only_clean else len(data), view=view is not None, scan=scan, original=not only_clean,
    )  # fmt: skip
    with _room(blobs, ref.id):
        if ref.original:
            _write(blobs, ref.id, sealing.seal(bytes.fromhex(ref.key), data, f"blob:{ref.id}"))
        if view is not None:
            _write(blobs, f"{ref.id}v", sealing.seal(bytes.fromhex(ref.key), view, f"blob:{ref.id}v"))
    return Attachment(ref=ref.pack(), kind=ref.kind, size=ref.size)


def _judged(blobs: Path, data: bytes, min_free: int) -> str:
    """The kind of a file that may be stored."""
    if not data:
        raise InvalidInput("file_empty")
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise TooLarge("file_too_large")
    mime = sniff(data)
    if space.free(blobs) < min_free + 2 * len(data):
        raise InvalidInput("disk_low")
    return mime


@contextmanager
def _room(blobs: Path, file_id: str) -> Iterator[None]:
    """Takes back what was written where the disk is full."""
    try:
        yield
    except OSError as error:
        erase(blobs, file_id)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise InvalidInput("disk_low") from None
        raise


def put_by(blobs: Path, data: bytes, *, min_free: int = 0) -> Attachment:
    """Store one file as it came, sealed and not looked into, until there is time for `keep`: it is safe, and words need not wait.

    Its key lies in the message alone and goes with it. Raises as `keep` does, but for what only drawing finds.
    """
    mime = _judged(blobs, data, min_free)
    ref = FileRef(
        id=secrets.token_hex(16), key=sealing.new_key().hex(), kind=KINDS[mime], mime=mime, size=len(data), view=False,
        scan="not_scanned",
    )  # fmt: skip
    with _room(blobs, ref.id):
        _write(blobs, ref.id, sealing.seal(bytes.fromhex(ref.key), data, f"blob:{ref.id}"))
    return Attachment(ref=PUT_BY + ref.pack(), kind=ref.kind, size=ref.size)


def fetch(blobs: Path, ref: FileRef, *, view: bool = False) -> bytes:
    """The bytes of a stored file, or of its clean copy, which may be all there is. Raises InvalidInput('file_gone')."""
    name = f"{ref.id}v" if view or not ref.original else ref.id
    try:
        sealed = (blobs / name).read_bytes()
    except OSError:
        raise InvalidInput("file_gone") from None
    return sealing.unseal(bytes.fromhex(ref.key), sealed, f"blob:{name}")


def attach(session: Session, tip_id: str, seal: Sealer, refs: list[str], author: str, now: float) -> list[str]:
    """Bind stored files to a tip, their references sealed for its readers. Returns the ids; at most ten a call."""
    ids = []
    for packed in refs[:MAX_ATTACHMENTS]:
        ref = FileRef.unpack(packed)
        meta = seal(asdict(ref), f"file:{tip_id}:{ref.id}")
        session.add(TipFile(id=ref.id, tip_id=tip_id, author=author, meta=meta, view=ref.view, created_at=minute(now)))
        ids.append(ref.id)
    return ids


def open_ref(key: bytes, row: TipFile) -> FileRef:
    """The reference of a tip's file, opened with the tip's key."""
    return FileRef(**sealing.unseal_either(key, row.meta, f"file:{row.tip_id}:{row.id}"))


def erase(blobs: Path, file_id: str) -> None:
    """Remove a blob and its copy. Its key is gone with the tip; removing the bytes is tidiness."""
    for name in (file_id, f"{file_id}v", f".{file_id}", f".{file_id}v"):
        (blobs / name).unlink(missing_ok=True)


def scan_bytes(data: bytes, socket_path: str) -> str:
    """'clean', 'infected' or 'not_scanned', by clamd's INSTREAM command when a socket is set (clamd(8))."""
    if not socket_path:
        return "not_scanned"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as daemon:
            daemon.settimeout(20)
            daemon.connect(socket_path)
            daemon.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), 1 << 16):
                part = data[start : start + (1 << 16)]
                daemon.sendall(len(part).to_bytes(4, "big") + part)
            daemon.sendall(b"\0\0\0\0")
            verdict = daemon.recv(4096)
    except OSError:
        return "not_scanned"
    return "infected" if b"FOUND" in verdict else "clean" if b"OK" in verdict else "not_scanned"


def _write(blobs: Path, name: str, sealed: bytes) -> None:
    """A file that appears whole, dated to the quarter of an hour: backups carry that date, and an exact one tells of a call."""
    blobs.mkdir(parents=True, exist_ok=True, mode=0o770)  # less the umask: for the owner only by default
    handle = os.open(blobs / f".{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o660)
    with os.fdopen(handle, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    # When a picture came would say which conversation it came from: see bot.services.minutes.
    came = quarter(time.time())
    os.utime(blobs / f".{name}", (came, came))
    os.replace(blobs / f".{name}", blobs / name)
