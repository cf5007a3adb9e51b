"""The three keys of a server: what they are, and the file they are kept in. `bot/settings.py` says where that is."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import ConfigError

SIZES = {"server": 32, "vault": 32, "receipt_salt": 16}  # bytes


class NoKeys(ConfigError):
    """This machine has no server keys; whether it should have depends on what lies in the database."""


@dataclass(frozen=True)
class Keys:
    """Server keys, 32 bytes each. `vault` opens contacts, `server` opens conversations in progress; neither opens a
    submitted tip. `receipt_salt` (16 bytes) goes into the slow hash of receipt codes."""

    server: bytes = field(repr=False)
    vault: bytes = field(repr=False)
    receipt_salt: bytes = field(repr=False)


def decode_key(variable: str, said: str, size: int) -> bytes:
    """A key of `size` bytes written in base64. Raises ConfigError naming the variable, never its value."""
    try:
        value = base64.b64decode(said, validate=True)
    except ValueError:
        raise ConfigError(f"{variable} không phải base64; chép lại đúng khóa đã cất") from None
    if len(value) != size or len(set(value)) < 4:
        raise ConfigError(f"{variable} phải là {size} byte ngẫu nhiên viết bằng base64; chép lại đúng khóa đã cất")
    return value


def stored_keys(path: Path, *, create: bool) -> Keys:
    """The keys in the file, made first where there is none and `create` says so.

    Raises NoKeys when there is no file, ConfigError when it cannot be read or is damaged.
    """
    if not path.exists():
        if not create:
            raise NoKeys(
                "chưa có khóa máy chủ; máy mới thì chạy `lachan db init`, còn máy đã từng dùng thì chép lại keys.json "
                "(hoặc đặt LACHAN_SERVER_KEY, LACHAN_VAULT_KEY, LACHAN_RECEIPT_SALT)"
            )
        _write(path)
    damaged = (
        "tệp khóa máy chủ (keys.json) bị hỏng; chép lại đúng tệp đã cất riêng hay từ máy khác rồi chạy lại. Không xóa, không tạo "
        "khóa mới: khóa mới không mở được gì đã lưu"
    )
    try:
        stored = json.loads(path.read_text())
        decoded = {name: base64.b64decode(stored[name], validate=True) for name in SIZES}
    except PermissionError:
        raise ConfigError(
            "không có quyền đọc tệp khóa máy chủ (keys.json); tệp phải thuộc về tài khoản đang chạy chương trình, quyền 0600"
        ) from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigError(damaged) from None
    if any(len(decoded[name]) != size for name, size in SIZES.items()):
        raise ConfigError(damaged)
    return Keys(**decoded)


def as_text(keys: Keys) -> str:
    """The keys as their file holds them."""
    return json.dumps({name: base64.b64encode(getattr(keys, name)).decode() for name in SIZES})


def put(path: Path, keys: Keys) -> None:
    """Make the file of these keys. Raises FileExistsError when there is one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(as_text(keys))


def from_text(said: bytes) -> Keys:
    """What `as_text` wrote. Raises ConfigError."""
    try:
        stored = json.loads(said)
        keys = Keys(**{name: base64.b64decode(stored[name], validate=True) for name in SIZES})
    except (ValueError, KeyError, TypeError):
        raise ConfigError("tệp này không chứa khóa máy chủ") from None
    if any(len(getattr(keys, name)) != size for name, size in SIZES.items()):
        raise ConfigError("tệp này không chứa khóa máy chủ")
    return keys


def _write(path: Path) -> None:
    try:
        put(path, Keys(**{name: secrets.token_bytes(size) for name, size in SIZES.items()}))
    except FileExistsError:
        return  # another process made them first: use those
