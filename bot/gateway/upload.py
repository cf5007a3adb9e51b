"""Reads a form with files. What arrives is sealed at once and lies in a file without a name: an upload costs the process no
memory while it comes, however many come at once and however slowly, and nothing in the clear reaches the disk.
"""

from __future__ import annotations

import asyncio
import errno
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import python_multipart
from nacl.secret import Aead
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect, Request

from bot.core.errors import InvalidInput
from bot.core.messages import MAX_ATTACHMENT_BYTES
from bot.storage import sealing, space

_CHUNK = 1 << 18  # bytes sealed together
_MOST_FIELDS = 6
_MOST_FIELD_BYTES = 64 * 1024
_MOST_HEADER_BYTES = 64 * 1024  # of one part; a file may have a name of any length, which nobody reads
_MOST_PARTS = 100  # of one form, fields and files
_MOST_OPTIONS = 40  # of one header; the library's reader takes time with the square of them
_FILES = frozenset({"file", "file[]"})


class Waiting:
    """One file as it came, until it is closed."""

    def __init__(self, folder: Path, min_free: int) -> None:
        self._folder, self._min_free = folder, min_free
        self._aead, self._sealed, self._gathered = Aead(sealing.new_key()), list[int](), bytearray()
        self._file: Any = None
        self.size = 0
        self.refused = ""  # why nothing was kept, as a code

    def gather(self, data: bytes) -> None:
        """Add bytes. What is beyond the limit is let go, and `refused` says why."""
        self.size += len(data)
        if self.size > MAX_ATTACHMENT_BYTES:
            self.refused = self.refused or "file_too_large"
        if self.refused:
            self._gathered.clear()
        else:
            self._gathered += data

    @property
    def full(self) -> bool:
        """Whether so much was gathered that it is time to put it away."""
        return len(self._gathered) >= _CHUNK

    def put_away(self) -> None:
        """Write what was gathered to the disk, sealed. Where there is no room, it is let go, and `refused` says why."""
        try:
            if self._file is None:
                if space.free(self._folder) < self._min_free + MAX_ATTACHMENT_BYTES:
                    self.refused = "disk_low"
                    return
                self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._file = tempfile.TemporaryFile(dir=self._folder, buffering=0)  # noqa: SIM115 - closed by `close`
            sealed = self._aead.encrypt(bytes(self._gathered), nonce=_nonce(len(self._sealed))).ciphertext
            written = self._file.write(sealed)
        except OSError as error:
            written, self.refused = 0, "disk_low" if error.errno in {errno.ENOSPC, errno.EDQUOT} else "file_failed"
            return
        finally:
            self._gathered.clear()
        if written != len(sealed):
            self.refused = "disk_low"
        self._sealed.append(len(sealed))

    def read_all(self) -> bytes:
        """Everything that was gathered. Raises InvalidInput with the reason when it was let go."""
        if self.refused:
            raise InvalidInput(self.refused)
        parts = []
        if self._file is not None:
            self._file.seek(0)
            for number, size in enumerate(self._sealed):
                parts.append(self._aead.decrypt(self._file.read(size), nonce=_nonce(number)))
        return b"".join([*parts, bytes(self._gathered)])

    def close(self) -> None:
        """Let go of the bytes and of the key that opens them."""
        self._gathered.clear()
        if self._file is not None:
            self._file.close()
            self._file = None


class Form:
    """What a form said: `fields`, and `files` in the order they came. Fed by python_multipart's parser."""

    def __init__(self, folder: Path, min_free: int, most_files: int) -> None:
        self._folder, self._min_free, self._most_files = folder, min_free, most_files
        self.fields: dict[str, str] = {}
        self.files: list[Waiting] = []
        self.more_files = False  # some came that were not even looked at
        self._header, self._value, self._disposition = bytearray(), bytearray(), b""
        self._name, self._field, self._open = "", bytearray(), list[Waiting]()
        self._is_file, self._parts = False, 0

    async def read(self, request: Request) -> None:
        """Raises InvalidInput('form_broken') when it cannot be read or does not come to its end."""
        said = request.headers.get("content-type", "")
        kind, options = parse_options_header(said if said.count(";") <= _MOST_OPTIONS else "")
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise InvalidInput("form_broken")
        callbacks: Any = {
            name: getattr(self, f"_{name}")
            for name in ("on_part_begin", "on_part_data", "on_part_end", "on_header_field", "on_header_value",
                         "on_header_end", "on_headers_finished")
        }  # fmt: skip
        try:
            parser = python_multipart.MultipartParser(boundary, callbacks, max_header_size=_MOST_HEADER_BYTES)
            async for chunk in request.stream():
                parser.write(chunk)
                for file in self._open:
                    if file.full:
                        await asyncio.to_thread(file.put_away)
                self._open = self._open[-1:] if self._is_file else []
            parser.finalize()
        except (FormParserError, ClientDisconnect):
            raise InvalidInput("form_broken") from None

    def close(self) -> None:
        """Let go of all files."""
        for file in self.files:
            file.close()

    def _on_part_begin(self) -> None:
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise InvalidInput("form_broken")
        self._disposition, self._name, self._is_file = b"", "", False
        self._field = bytearray()

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _on_header_end(self) -> None:
        if bytes(self._header).lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header.clear()
        self._value.clear()

    def _on_headers_finished(self) -> None:
        if self._disposition.count(b";") > _MOST_OPTIONS:
            raise InvalidInput("form_broken")
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise InvalidInput("form_broken")
        self._name, self._is_file = options[b"name"].decode("utf-8", "replace"), b"filename" in options
        if not self._is_file and len(self.fields) >= _MOST_FIELDS:
            raise InvalidInput("form_broken")
        if self._is_file and self._name in _FILES and len(self.files) < self._most_files:
            self.files.append(Waiting(self._folder, self._min_free))
            self._open.append(self.files[-1])
        elif self._is_file:
            self.more_files = self.more_files or self._name in _FILES
            self._name = ""  # its bytes are let go

    def _on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            if self._name:
                self.files[-1].gather(data[start:end])
            return
        self._field += data[start:end]
        if len(self._field) > _MOST_FIELD_BYTES:
            raise InvalidInput("form_broken")

    def _on_part_end(self) -> None:
        if not self._is_file:
            self.fields[self._name] = self._field.decode("utf-8", "replace")


@asynccontextmanager
async def form(request: Request, folder: Path, min_free: int, most_files: int) -> AsyncIterator[Form]:
    """The form of `request`, files in `folder`, of whose disk `min_free` bytes stay free; all let go at the end.

    most_files: beyond those the bytes of files are let go unread. Raises InvalidInput('form_broken').
    """
    found = Form(folder, min_free, most_files)
    try:
        await found.read(request)
        yield found
    finally:
        found.close()


def _nonce(number: int) -> bytes:
    return number.to_bytes(Aead.NONCE_SIZE, "big")
