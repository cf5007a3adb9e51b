"""Attachments: judged by content, encrypted in memory, and only then written.

A file's key travels in its reference, which lives in the sealed inbox and draft until the tip is made; then it is sealed
under the tip's key. A blob on disk has no name, no type and no owner.
"""

from __future__ import annotations

import base64
import io
import json
import os
import secrets
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError
from sqlmodel import Session

from bot.core.errors import InvalidInput, TooLarge
from bot.core.messages import MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, Attachment
from bot.services.minutes import minute
from bot.storage import sealing
from bot.storage.tables import TipFile

MAX_PIXELS = 50_000_000  # a picture beyond is a bomb or a poster, and either would fill the memory
VIEW_SIZE = (1600, 1600)

_KINDS: dict[str, str] = {
    "image/jpeg": "image", "image/png": "image", "image/webp": "image", "image/gif": "image",
    "audio/mpeg": "audio", "audio/ogg": "audio", "audio/aac": "audio", "audio/wav": "audio", "audio/amr": "audio",
    "audio/mp4": "audio", "audio/webm": "audio", "video/mp4": "video", "video/webm": "video", "video/3gpp": "video",
    "video/quicktime": "video", "application/pdf": "file",
}  # fmt: skip
_ALIASES = {"audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/x-m4a": "audio/mp4", "audio/AMR": "audio/amr",
            "application/ogg": "audio/ogg", "audio/mp3": "audio/mpeg", "audio/x-aac": "audio/aac",
            "video/3gpp2": "video/3gpp", "image/jpg": "image/jpeg", "audio/m4a": "audio/mp4"}  # fmt: skip
EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif", "audio/mpeg": "mp3",
              "audio/ogg": "ogg", "audio/aac": "aac", "audio/wav": "wav", "audio/amr": "amr", "audio/mp4": "m4a",
              "audio/webm": "webm", "video/mp4": "mp4", "video/webm": "webm", "video/3gpp": "3gp",
              "video/quicktime": "mov", "application/pdf": "pdf"}  # fmt: skip


# What the library has no name for: voice messages of a Zalo account (AMR) and a Zalo bot (ADTS), and films of some phones.
_OPENINGS = ((b"#!AMR", "audio/amr"), (b"\xff\xf1", "audio/aac"), (b"\xff\xf9", "audio/aac"))
_FILM_BRANDS = frozenset({b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"dash", b"MSNV"})


@dataclass(frozen=True)
class FileRef:
    """Everything about a stored file but its bytes. key: of the original; view: whether a clean copy lies beside it."""

    id: str
    key: str
    kind: str
    mime: str
    size: int
    view: bool
    scan: str  # "clean" | "not_scanned"

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


def sniff(data: bytes) -> str:
    """The MIME type by content. Raises InvalidInput('file_type') for anything not on the list."""
    for opening, mime in _OPENINGS:
        if data.startswith(opening):
            return mime
    if data[4:8] == b"ftyp" and data[8:12] in _FILM_BRANDS:
        return "video/mp4"
    try:
        matches = puremagic.magic_string(data)
    except (puremagic.PureError, ValueError):
        matches = []
    for match in matches:
        mime = _ALIASES.get(match.mime_type, match.mime_type)
        if mime in _KINDS:
            return mime
    raise InvalidInput("file_type")


def clean_copy(data: bytes) -> bytes:
    """The picture decoded and encoded anew as JPEG: no metadata, no second file hidden inside.

    Raises InvalidInput('file_broken') when it cannot be decoded, TooLarge for too many pixels.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise TooLarge("too_large")
            image.draft("RGB", VIEW_SIZE)
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail(VIEW_SIZE)
            out = io.BytesIO()
            upright.save(out, "JPEG", quality=85)
            return out.getvalue()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise InvalidInput("file_broken") from None


def keep(blobs: Path, data: bytes, clamav_socket: str = "") -> Attachment:
    """Judge, encrypt and store one file.

    Raises TooLarge over 20 MB, InvalidInput('empty' | 'file_type' | 'file_broken' | 'file_infected').
    """
    if not data:
        raise InvalidInput("empty")
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise TooLarge("too_large")
    mime = sniff(data)
    view = clean_copy(data) if _KINDS[mime] == "image" else None
    scan = scan_bytes(data, clamav_socket)
    if scan == "infected":
        raise InvalidInput("file_infected")
    ref = FileRef(
        id=secrets.token_hex(16), key=sealing.new_key().hex(), kind=_KINDS[mime], mime=mime, size=len(data),
        view=view is not None, scan=scan,
    )  # fmt: skip
    _write(blobs, ref.id, sealing.seal(bytes.fromhex(ref.key), data, f"blob:{ref.id}"))
    if view is not None:
        _write(blobs, f"{ref.id}v", sealing.seal(bytes.fromhex(ref.key), view, f"blob:{ref.id}v"))
    return Attachment(ref=ref.pack(), kind=ref.kind, size=ref.size)


def fetch(blobs: Path, ref: FileRef, *, view: bool = False) -> bytes:
    """The bytes of a stored file, or of its clean copy. Raises InvalidInput('file_gone')."""
    name = f"{ref.id}v" if view else ref.id
    try:
        sealed = (blobs / name).read_bytes()
    except OSError:
        raise InvalidInput("file_gone") from None
    return sealing.unseal(bytes.fromhex(ref.key), sealed, f"blob:{name}")


def attach(session: Session, tip_id: str, key: bytes, refs: list[str], author: str, now: float) -> list[str]:
    """Bind stored files to a tip, their references sealed under its key. Returns the ids; at most ten a call."""
    ids = []
    for packed in refs[:MAX_ATTACHMENTS]:
        ref = FileRef.unpack(packed)
        meta = sealing.seal_json(key, asdict(ref), f"file:{tip_id}:{ref.id}")
        session.add(TipFile(id=ref.id, tip_id=tip_id, author=author, meta=meta, view=ref.view, created_at=minute(now)))
        ids.append(ref.id)
    return ids


def open_ref(key: bytes, row: TipFile) -> FileRef:
    """The reference of a tip's file, opened with the tip's key."""
    return FileRef(**sealing.unseal_json(key, row.meta, f"file:{row.tip_id}:{row.id}"))


def erase(blobs: Path, file_id: str) -> None:
    """Remove a blob and its copy. Its key is gone with the tip; removing the bytes is tidiness."""
    for name in (file_id, f"{file_id}v"):
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
    blobs.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(blobs / f".{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(sealed)
        out.flush()
        os.fsync(out.fileno())
    os.replace(blobs / f".{name}", blobs / name)
