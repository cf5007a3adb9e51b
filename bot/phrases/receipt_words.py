"""The words a receipt code can be said in, read once from content/receipt_words. Python 3.10-compatible.

A list is never changed: the codes that were given with it would change, too. Its version guards it.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.core.tips.receipt_words import WordList

NAME = "receipt_words/vi"
FILE = Path(__file__).resolve().parents[2] / "content" / f"{NAME}.yml"
VERSION = 1


def _read(file: Path) -> WordList:
    """Raises ValueError for a list of another version, or one whose words are not all text."""
    found = yaml.safe_load(file.read_text(encoding="utf-8"))
    if found["version"] != VERSION or not all(isinstance(word, str) for word in found["words"]):
        raise ValueError(
            f"{file.name}: version {VERSION} of the receipt words, every one of them text, is what codes were given in"
        )
    return WordList(found["words"])


WORDS = _read(FILE)
