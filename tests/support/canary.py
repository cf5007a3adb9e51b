"""Marked words, and a search for them in everything the system wrote."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator
from pathlib import Path


def files_in(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below the folders, with what it holds, while the programs that write there go on."""
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            try:
                yield path, path.read_bytes()
            except FileNotFoundError:  # SQLite's log, PostgreSQL's cache of its catalogue: they come and go
                continue


class Canary:
    """A word that occurs nowhere else, and every shape in which it could lie on a disk."""

    def __init__(self, *more: str) -> None:
        self.word = "canary" + secrets.token_hex(6)
        self.secrets = [self.word, *more]

    def add(self, secret: str) -> None:
        """Something else that must not be found: a phone number, a session token, a receipt code."""
        self.secrets.append(secret)

    def shapes(self) -> dict[bytes, str]:
        found: dict[bytes, str] = {}
        for secret in self.secrets:
            raw = secret.encode()
            for shape in (
                raw,
                raw.upper(),
                secret.encode("utf-16-le"),
                raw.hex().encode(),
                json.dumps(secret)[1:-1].encode(),
            ):
                found[shape] = secret[:6]
            for shift in range(3):  # base64 of a text that holds the word, at each alignment
                encoded = base64.b64encode(b"x" * shift + raw)
                found[encoded[4 if shift else 0 : -4]] = secret[:6]
        return {shape: name for shape, name in found.items() if len(shape) >= 8}

    def hits(self, *folders: Path) -> list[str]:
        """'file: start of the secret' for every hit below the folders."""
        shapes, hits = self.shapes(), []
        for path, data in files_in(*folders):
            hits += [f"{path.name}: {name}…" for shape, name in shapes.items() if shape in data]
        return hits
