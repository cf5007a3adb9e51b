"""`models/manifest.json`: which model is served, what it was made from, and how to tell that it is the one.

    {"v": 1, "model": "engine-<hash>.tar.gz", "hash": "<hash of the inputs>", "sha256": "<of the archive>",
     "probes": {"<message>": "<intent>", ...}}

Standard library only, Python 3.10-compatible.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAME = "manifest.json"


class ManifestError(Exception):
    """There is no usable model. The message says what to do."""


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` says."""

    model: str
    hash: str
    sha256: str
    probes: dict[str, str] = field(default_factory=dict)
    v: int = 1


def sha256_of(path: Path) -> str:
    """Hexadecimal SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def read(models: Path, sha256: str = "") -> Manifest:
    """The manifest below `models`; with `sha256` only the one whose bytes have it. Raises ManifestError."""
    try:
        data = (models / NAME).read_bytes()
        if sha256 and hashlib.sha256(data).hexdigest() != sha256:
            raise ManifestError("models/manifest.json is not the one whose signature was checked")
        return Manifest(**json.loads(data))
    except FileNotFoundError:
        raise ManifestError("there is no trained model; run `make train`") from None
    except (ValueError, TypeError):
        raise ManifestError("models/manifest.json cannot be read; run `make train`") from None


def write(models: Path, manifest: Manifest) -> None:
    """Write the manifest so that a reader sees the old or the new one, never half of it."""
    draft = models / (NAME + ".new")
    draft.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(draft, models / NAME)


def verified_archive(models: Path, manifest: Manifest) -> Path:
    """Path of the archive, after its SHA-256 was checked: loading a model runs code. Raises ManifestError."""
    archive = models / manifest.model
    if Path(manifest.model).name != manifest.model or not archive.is_file():
        raise ManifestError("the model named in models/manifest.json is missing; run `make train`")
    if sha256_of(archive) != manifest.sha256:
        raise ManifestError("the model is not the one models/manifest.json names: its SHA-256 differs")
    return archive


def private_copy(models: Path, manifest: Manifest, folder: Path) -> Path:
    """The archive copied into `folder`, checked as it is read: nobody can exchange it between the look and the loading.

    Raises ManifestError.
    """
    copy = folder / "model.tar.gz"
    try:
        data = (models / Path(manifest.model).name).read_bytes()
    except OSError:
        raise ManifestError("the model named in models/manifest.json is missing; run `make train`") from None
    if hashlib.sha256(data).hexdigest() != manifest.sha256:
        raise ManifestError("the model is not the one models/manifest.json names: its SHA-256 differs")
    copy.write_bytes(data)
    return copy
