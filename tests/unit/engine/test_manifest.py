"""The model that is served is the model that was trained, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.engine import manifest


def made(folder: Path, content: bytes = b"model") -> manifest.Manifest:
    (folder / "engine-1.tar.gz").write_bytes(content)
    sha256 = manifest.sha256_of(folder / "engine-1.tar.gz")
    served = manifest.Manifest("engine-1.tar.gz", "1", sha256, {"chào": "greet"})
    manifest.write(folder, served)
    return served


def test_round_trip(tmp_path: Path) -> None:
    served = made(tmp_path)
    assert manifest.read(tmp_path) == served
    assert manifest.verified_archive(tmp_path, served) == tmp_path / "engine-1.tar.gz"


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(manifest.ManifestError, match="make train"):
        manifest.read(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"model": 1, "unknown": 2}'])
def test_broken_manifest(tmp_path: Path, text: str) -> None:
    (tmp_path / manifest.NAME).write_text(text)
    with pytest.raises(manifest.ManifestError):
        manifest.read(tmp_path)


def test_another_archive_under_the_same_name_is_refused(tmp_path: Path) -> None:
    served = made(tmp_path)
    (tmp_path / served.model).write_bytes(b"another")
    with pytest.raises(manifest.ManifestError, match="SHA-256"):
        manifest.verified_archive(tmp_path, served)


def test_a_missing_archive_or_one_outside_the_folder_is_refused(tmp_path: Path) -> None:
    served = made(tmp_path)
    for name in ("engine-2.tar.gz", "../engine-1.tar.gz"):
        with pytest.raises(manifest.ManifestError, match="missing"):
            manifest.verified_archive(tmp_path, manifest.Manifest(name, "1", served.sha256))
