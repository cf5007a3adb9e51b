"""Sealing with libsodium: what is encrypted to whom. No key is ever stored next to what it opens.

Symmetric: XChaCha20-Poly1305 with associated data. Asymmetric: X25519 sealed boxes. Slow hashes: Argon2id.
Plaintexts are padded to multiples of 256 bytes, large ones to more, so that a length tells little.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nacl import pwhash
from nacl.bindings import crypto_box_SEALBYTES
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead

from bot.core.errors import LaChanError

_BLOCK = 256
KEY_BYTES = 32
_SEALED_KEY = KEY_BYTES + crypto_box_SEALBYTES  # a key in a sealed box


class CannotOpen(LaChanError):
    """Wrong key, or the ciphertext was changed. Says no more than that."""


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def seal(key: bytes, plain: bytes, context: str) -> bytes:
    """Encrypt `plain`; `context` must be given again to open it, so a ciphertext cannot be moved to another row."""
    padded = plain + b"\x80" + b"\x00" * (-(len(plain) + 1) % _block(len(plain)))
    return bytes(Aead(key).encrypt(padded, aad=context.encode()))


def _block(size: int) -> int:
    """To a multiple of what `size` bytes are padded: of all sizes up to N about log log N bits remain (Padmé, PETS 2019)."""
    exponent = max(size, 1).bit_length() - 1
    return int(max(_BLOCK, 1 << max(0, exponent - exponent.bit_length())))


def unseal(key: bytes, sealed: bytes, context: str) -> bytes:
    """Raises CannotOpen."""
    try:
        padded = Aead(key).decrypt(sealed, aad=context.encode())
    except (CryptoError, ValueError):
        raise CannotOpen("cannot open") from None
    return padded.rstrip(b"\x00")[:-1]


def seal_json(key: bytes, value: Any, context: str) -> bytes:
    """`seal` of compact JSON."""
    return seal(key, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), context)


def unseal_json(key: bytes, sealed: bytes, context: str) -> Any:
    """Raises CannotOpen."""
    return json.loads(unseal(key, sealed, context))


def adding_half(key: bytes) -> bytes:
    """What belongs to `key` and can only add: whoever has it seals with `seal_added` for the holders of `key`, and opens nothing."""
    return pair_from_seed(subkey(key, "adding")).public


def seal_added(adding: bytes, value: Any, context: str) -> bytes:
    """`seal_json` by somebody who must not be able to open it again."""
    once = new_key()
    return seal_to(adding, once) + seal_json(once, value, context)


def unseal_either(key: bytes, sealed: bytes, context: str) -> Any:
    """What `seal_json` sealed with `key`, or `seal_added` with its half. Raises CannotOpen."""
    try:
        return unseal_json(key, sealed, context)
    except CannotOpen:
        half = pair_from_seed(subkey(key, "adding")).private
        return unseal_json(open_sealed(half, sealed[:_SEALED_KEY]), sealed[_SEALED_KEY:], context)


@dataclass(frozen=True)
class KeyPair:
    """An X25519 key pair; 32 bytes each."""

    public: bytes
    private: bytes


def new_pair() -> KeyPair:
    """A fresh random pair."""
    private = PrivateKey.generate()
    return KeyPair(bytes(private.public_key), bytes(private))


def public_of(private: bytes) -> bytes:
    """The public half of a private key."""
    return bytes(PrivateKey(private).public_key)


def pair_from_seed(seed: bytes) -> KeyPair:
    """The pair that belongs to a 32-byte seed."""
    private = PrivateKey(seed)
    return KeyPair(bytes(private.public_key), bytes(private))


def seal_to(public: bytes, plain: bytes) -> bytes:
    """Encrypt so that only the holder of the private key can open it; the sender cannot."""
    return bytes(SealedBox(PublicKey(public)).encrypt(plain))


def opener(private: bytes) -> Callable[[bytes], bytes]:
    """What opens many things sealed to one key: making the key ready costs as much as opening. It raises CannotOpen."""
    try:
        box = SealedBox(PrivateKey(private))
    except (CryptoError, ValueError):
        raise CannotOpen("cannot open") from None

    def open_one(sealed: bytes) -> bytes:
        try:
            return bytes(box.decrypt(sealed))
        except (CryptoError, ValueError):
            raise CannotOpen("cannot open") from None

    return open_one


def open_sealed(private: bytes, sealed: bytes) -> bytes:
    """Raises CannotOpen."""
    return opener(private)(sealed)


def slow_hash(secret: str, salt: bytes, size: int, *, ops: int, mem: int) -> bytes:
    """Argon2id of a password or receipt code: `size` bytes. `ops` passes over `mem` bytes of memory."""
    return pwhash.argon2id.kdf(size, secret.encode(), salt[: pwhash.argon2id.SALTBYTES], opslimit=ops, memlimit=mem)


def keyed_hash(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 in hex over unambiguously joined parts; the pseudonym of a person or a message id."""
    joined = "\x00".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, joined.encode(), hashlib.sha256).hexdigest()


def subkey(key: bytes, purpose: str) -> bytes:
    """An independent 32-byte key for one purpose."""
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()
