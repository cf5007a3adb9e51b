"""Whose model the engine may load: loading a model runs code, so its manifest carries an Ed25519 signature (libsodium).

    models/manifest.json   names the archive with its SHA-256
    models/manifest.sig    {"v": 1, "key": <public key>, "signature": <over the manifest's bytes>}, base64
    data/model-key.json    {"v": 1, "public": ..., "secret": ... or ""}: the key this installation trusts, apart from the models

The key is made by the first training, or taken from the first signed model that an empty data directory meets. An operator
who trains elsewhere sets LACHAN_MODEL_PUBLIC_KEY and keeps the secret half there; that setting wins.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

from bot.core.errors import ConfigError

SIGNATURE = "manifest.sig"
_MANIFEST = "manifest.json"
_CONTEXT = b"lachan-model-v1\0"
FOREIGN = (
    "Mô hình trong models/ không phải mô hình mà máy này tin (chữ ký hoặc mã băm không khớp): có thể đã bị tráo, nên engine không "
    "nạp; người nhắn tin chỉ nhận được thẻ số khẩn cấp. Chạy `make train` để huấn luyện lại, hoặc chép lại đúng thư mục models/. "
    "Nếu chính bạn vừa thay mô hình: `lachan model trust`. "
    "(The model is not signed by the key of this installation: it may have been swapped, and is not loaded.)"
)
_NONE = "Chưa có mô hình; chạy `make train`. (There is no model yet.)"
_UNSIGNED = "Mô hình trong models/ chưa được ký nên engine không nạp; chạy `make train`. (The model is not signed; run `make train`.)"


class ModelRefused(ConfigError):
    """The engine is not given this model. Says what to do, in Vietnamese and English."""


@dataclass(frozen=True)
class Place:
    """Where the model and the key lie. public_key: the operator's (base64), "" for the one in key_file."""

    models: Path
    key_file: Path
    public_key: str = ""


@dataclass(frozen=True)
class ModelKey:
    """The key that is trusted; `secret` only where models are trained and signed."""

    public: bytes
    secret: bytes = field(default=b"", repr=False)


def fingerprint(public: bytes) -> str:
    """Short form to be compared by eye or telephone."""
    digits = hashlib.sha256(public).hexdigest()[:20]
    return "-".join(digits[at : at + 5] for at in range(0, 20, 5))


def trusted(place: Place) -> ModelKey | None:
    """The key of this installation; None for none yet. Raises ModelRefused when its file is damaged."""
    kept = _read_key(place.key_file)
    if place.public_key:  # settings have looked at its form
        public = base64.b64decode(place.public_key)
        return kept if kept is not None and kept.public == public else ModelKey(public)
    return kept


def signer(models: Path) -> bytes | None:
    """Public key of whoever signed the manifest that is there; None when nobody did, or the signature does not fit."""
    try:
        given = json.loads((models / SIGNATURE).read_text(encoding="utf-8"))
        public = base64.b64decode(given["key"], validate=True)
        VerifyKey(public).verify(_CONTEXT + (models / _MANIFEST).read_bytes(), base64.b64decode(given["signature"]))
    except (OSError, ValueError, KeyError, TypeError, CryptoError):
        return None
    return public


def verified(place: Place) -> str:
    """SHA-256 of the manifest, once its signature fits the key of this installation and the archive fits the manifest.

    An installation without a key takes the one that signed the model it meets first. Raises ModelRefused.
    """
    if not (place.models / _MANIFEST).exists():
        raise ModelRefused(_NONE)
    known, signed_by = trusted(place), signer(place.models)
    if signed_by is None and (known is None or not (place.models / SIGNATURE).exists()):
        raise ModelRefused(_UNSIGNED)
    if signed_by is None or (known is not None and signed_by != known.public):
        raise ModelRefused(FOREIGN)
    manifest = (place.models / _MANIFEST).read_bytes()
    if not _archive_fits(place.models, manifest):
        raise ModelRefused(FOREIGN)
    if known is None:
        keep(place, ModelKey(signed_by))
    return hashlib.sha256(manifest).hexdigest()


def sign(models: Path, key: ModelKey) -> None:
    """Sign the manifest that is there. Raises ModelRefused without a secret half or a whole model."""
    manifest = (models / _MANIFEST).read_bytes()
    if not key.secret or not _archive_fits(models, manifest):
        raise ModelRefused(FOREIGN)
    signature = SigningKey(key.secret).sign(_CONTEXT + manifest).signature
    body = {"v": 1, "key": _text(key.public), "signature": _text(signature)}
    draft = models / (SIGNATURE + ".new")
    draft.write_text(json.dumps(body) + "\n", encoding="utf-8")
    draft.chmod(0o644)  # no secret, and the engine's folder may be served to another user
    os.replace(draft, models / SIGNATURE)


def new_key() -> ModelKey:
    """A fresh pair."""
    made = SigningKey.generate()
    return ModelKey(bytes(made.verify_key), bytes(made))


def keep(place: Place, key: ModelKey) -> None:
    """Trust this key from now on."""
    place.key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = json.dumps({"v": 1, "public": _text(key.public), "secret": _text(key.secret)})
    draft = place.key_file.with_name(f"{place.key_file.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(body + "\n")
    os.replace(draft, place.key_file)


def _read_key(path: Path) -> ModelKey | None:
    with contextlib.suppress(FileNotFoundError):
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            public, secret = (base64.b64decode(stored[name], validate=True) for name in ("public", "secret"))
            if len(public) == 32 and (not secret or bytes(SigningKey(secret).verify_key) == public):
                return ModelKey(public, secret)
        except FileNotFoundError:
            raise
        except (OSError, ValueError, KeyError, TypeError):
            pass
        raise ModelRefused(
            f"Tệp khóa mô hình ({path.name}) không đọc được: chép lại từ bản sao lưu, hoặc xóa tệp rồi `make train`. "
            "(The model key cannot be read.)"
        )
    return None


def _archive_fits(models: Path, manifest: bytes) -> bool:
    try:
        said = json.loads(manifest)
        name, wanted = said["model"], said["sha256"]
        digest = hashlib.sha256()
        with (models / Path(name).name).open("rb") as archive:
            for block in iter(lambda: archive.read(1 << 20), b""):
                digest.update(block)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(digest.hexdigest() == wanted)


def public_text(key: ModelKey) -> str:
    """The public half as LACHAN_MODEL_PUBLIC_KEY takes it."""
    return _text(key.public)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
