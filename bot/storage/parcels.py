"""A file that only an operator opens, who keeps the private key elsewhere: written and read piece by piece, whatever its size.

libsodium's secret stream (XChaCha20-Poly1305, each piece bound to the ones before it, the last marked as the last) under a key of
this one file, which stands at the beginning in a sealed box (X25519). Whoever has the machine can write such files, not read them.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import BinaryIO

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from bot.core.errors import ConfigError

MAGIC = b"LACHAN-PARCEL-1\n"
PIECE = 64 * 1024  # bytes before sealing
_KEY = sodium.crypto_secretstream_xchacha20poly1305_KEYBYTES
_HEADER = sodium.crypto_secretstream_xchacha20poly1305_HEADERBYTES
_MORE = sodium.crypto_secretstream_xchacha20poly1305_ABYTES
_MESSAGE = sodium.crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
_FINAL = sodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL
_BOXED = _KEY + sodium.crypto_box_SEALBYTES
_PUBLIC, _PRIVATE = "lachan-backup-public-", "lachan-backup-private-"

DAMAGED = "tệp sao lưu bị hỏng, bị cắt cụt hoặc bị sửa: không dùng được; lấy bản sao lưu khác"
OTHER_KEY = "khóa này không mở được tệp: dùng khóa riêng đã tạo cùng lúc với LACHAN_BACKUP_KEY"


def new_pair() -> tuple[str, str]:
    """(public, private), as an operator keeps them: the public one in the settings, the private one away from the machine."""
    private = PrivateKey.generate()
    return _PUBLIC + _words(bytes(private.public_key)), _PRIVATE + _words(bytes(private))


def public_key(said: str) -> PublicKey:
    """Raises ConfigError."""
    return PublicKey(_bytes(said, _PUBLIC, "khóa công khai của bản sao lưu phải bắt đầu bằng " + _PUBLIC))


def private_key(said: str) -> PrivateKey:
    """Raises ConfigError."""
    return PrivateKey(_bytes(said, _PRIVATE, "khóa riêng của bản sao lưu phải bắt đầu bằng " + _PRIVATE))


def _words(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(said: str, start: str, wrong: str) -> bytes:
    body = said.strip().removeprefix(start)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    except ValueError:
        raw = b""
    if not said.strip().startswith(start) or len(raw) != 32:
        raise ConfigError(wrong)
    return raw


class Writer:
    """A writable binary file whose bytes go sealed into `out`. `close` writes the end; a file without it is damaged."""

    def __init__(self, out: BinaryIO, public: PublicKey) -> None:
        key = secrets.token_bytes(_KEY)
        self._out, self._held = out, bytearray()
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        header = sodium.crypto_secretstream_xchacha20poly1305_init_push(self._state, key)
        out.write(MAGIC + SealedBox(public).encrypt(key) + header)

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > PIECE:  # the last piece is written by `close`, so that it can be marked as the last
            self._push(bytes(self._held[:PIECE]), _MESSAGE)
            del self._held[:PIECE]
        return len(data)

    def close(self) -> None:
        self._push(bytes(self._held), _FINAL)
        self._held.clear()

    def _push(self, piece: bytes, tag: int) -> None:
        self._out.write(sodium.crypto_secretstream_xchacha20poly1305_push(self._state, piece, b"", tag))


class Reader:
    """A readable binary file of what a `Writer` sealed. Raises ConfigError for another key, and for anything cut, changed or added."""

    def __init__(self, source: BinaryIO, private: PrivateKey) -> None:
        start = source.read(len(MAGIC) + _BOXED + _HEADER)
        if len(start) != len(MAGIC) + _BOXED + _HEADER or not start.startswith(MAGIC):
            raise ConfigError("đây không phải tệp sao lưu của Lá Chắn, hoặc tệp bị cắt cụt")
        try:
            key = SealedBox(private).decrypt(start[len(MAGIC) : len(MAGIC) + _BOXED])
        except CryptoError:
            raise ConfigError(OTHER_KEY) from None
        self._state = sodium.crypto_secretstream_xchacha20poly1305_state()
        sodium.crypto_secretstream_xchacha20poly1305_init_pull(self._state, start[-_HEADER:], key)
        self._source, self._pieces, self._held = source, self._open(), bytearray()

    def _open(self) -> Iterator[bytes]:
        tag = _MESSAGE
        while tag != _FINAL:
            sealed = self._source.read(PIECE + _MORE)
            try:
                piece, tag = sodium.crypto_secretstream_xchacha20poly1305_pull(self._state, sealed)
            except (CryptoError, ValueError, RuntimeError):
                raise ConfigError(DAMAGED) from None
            yield piece
        if self._source.read(1):
            raise ConfigError(DAMAGED)

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._held) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        taken = bytes(self._held) if size < 0 else bytes(self._held[:size])
        del self._held[: len(taken)]
        return taken
