"""The reviewed words behind the matcher, read once from content/phrases. Python 3.10-compatible."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

NAME = "phrases/vi"
FILE = Path(__file__).resolve().parents[2] / "content" / f"{NAME}.yml"


def _read(file: Path) -> dict[str, Any]:
    """Raises ValueError for what is no list of words: nothing may be heard wrongly because a quote was forgotten."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    lists = [found["fillers"], *found["short"].values(), *found["kinds"].values()]
    names = [*found["short"], *found["kinds"]]
    if not all(isinstance(word, str) for words in lists for word in words) or not all(
        isinstance(n, str) for n in names
    ):
        raise ValueError(f"{file.name}: every word and every name is text; quote yes, no, on, off, y, n and numbers")
    return found


_DATA = _read(FILE)
# Short forms and regional words, each with the words it is read as.
SHORT: dict[str, str] = {written: meant for meant, forms in _DATA["short"].items() for written in forms}
FILLERS: tuple[str, ...] = tuple(_DATA["fillers"])
KINDS: dict[str, tuple[str, ...]] = {name: tuple(phrases) for name, phrases in _DATA["kinds"].items()}
