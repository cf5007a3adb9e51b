"""The reviewed words behind the triage, the kinds of trafficking and the finer pages, read once from content/danger
and content/topics. Python 3.10-compatible; the language they are written in is `bot.core.word_patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.word_patterns import expression, spelled_out

ROOT = Path(__file__).resolve().parents[2] / "content"
PEOPLE = "danger/vi/people"  # lists that every file may name
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Book:
    """The lists of one file. A list that is asked for and is not there raises KeyError when the product starts."""

    def __init__(
        self, parts: Mapping[str, list[str]], lists: Mapping[str, list[str]], shared: Book | None = None
    ) -> None:
        """parts: lists that only others name. shared: where a name is looked for that this file has not.

        Raises ValueError for an entry that is no text: nothing may be heard wrongly because a quote was forgotten.
        """
        self._lists = {name: tuple(entries) for name, entries in {**parts, **lists}.items()}
        self._names, self._shared = tuple(lists), shared
        if not all(isinstance(entry, str) for entries in self._lists.values() for entry in entries):
            raise ValueError("every entry is text; quote no, on, off, y, n and numbers")
        self._expressions: dict[str, str] = {}

    def entries(self, name: str) -> tuple[str, ...]:
        """The entries as they are written; those of the shared file where this one has no such list."""
        if name not in self._lists and self._shared is not None:
            return self._shared.entries(name)
        return self._lists[name]

    def part(self, name: str) -> str:
        """The list as a piece of a regular expression: any of its entries."""
        if name not in self._expressions:
            found = [expression(entry, self.part) for entry in self.entries(name)]
            self._expressions[name] = f"(?:{'|'.join(found)})"
        return self._expressions[name]

    def words(self, name: str, *, any_case: bool = False) -> re.Pattern[str]:
        """One pattern of whole words: any entry of the list."""
        return re.compile(rf"\b{self.part(name)}\b", re.IGNORECASE if any_case else 0)

    def anywhere(self, name: str, *, any_case: bool = False) -> re.Pattern[str]:
        """The same, within words too: entries say themselves where a word begins."""
        return re.compile(self.part(name), re.IGNORECASE if any_case else 0)

    def phrases(self, name: str) -> list[str]:
        """Every phrase the entries stand for, spelled out."""
        return [phrase for entry in self.entries(name) for phrase in spelled_out(entry, self.entries)]

    def names(self) -> tuple[str, ...]:
        """The lists of this file that the product asks for, in their order."""
        return self._names


def data(name: str) -> Any:
    """What stands in content/<name>.yml."""
    return yaml.load((ROOT / f"{name}.yml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506  # a safe loader


@lru_cache(maxsize=32)
def book(name: str) -> Book:
    """The book content/<name>.yml."""
    found = data(name)
    return Book(found.get("parts", {}), found["lists"], None if name == PEOPLE else book(PEOPLE))
