"""The server's marks on public keys and on columns that decide who gets something: whoever can only write to the database cannot
put a key of their own, or themselves, in the place of another.

A mark is an HMAC under a key made of the server's, over what it is for, whose it is, and the key or the columns themselves. Every session
of the product's database carries the key for marks, so that no code that seals to somebody can forget to ask.
"""

from __future__ import annotations

import hmac

from sqlmodel import Session

from bot.core.errors import ConfigError
from bot.server_keys import Keys
from bot.storage import sealing

INFO = "marks"  # where a session carries the key


def key_for(keys: Keys) -> bytes:
    """The key that marks are made with."""
    return sealing.subkey(keys.server, "public-key-marks")


def make(key: bytes, kind: str, owner: str, public: bytes) -> bytes:
    """The mark of one public key, or of what is said of `owner`. kind: 'unit' | 'waiting' | 'officer' | 'passkey' | 'unit-post'...;
    owner: id of the row. 32 bytes."""
    return bytes.fromhex(sealing.keyed_hash(key, kind, owner, public.hex()))


def mark(session: Session, kind: str, owner: str, public: bytes) -> bytes:
    """`make` with the session's key."""
    return make(_key(session), kind, owner, public)


def is_good(session: Session, kind: str, owner: str, public: bytes, found: bytes | None) -> bool:
    """Whether the server itself put `public` there."""
    return hmac.compare_digest(mark(session, kind, owner, public), found or b"")


def _key(session: Session) -> bytes:
    key = session.info.get(INFO)
    if not key:
        raise ConfigError("this connection to the database has no server key: open it through the product's core")
    return bytes(key)
