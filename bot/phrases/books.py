"""The reviewed words behind the triage, the kinds of trafficking, the finer pages and the interview, read once from
content/danger, content/topics and content/interview. Python 3.10-compatible; the language they are written in is `bot.core.word_patterns`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.core.text import fold
from bot.core.word_patterns import expression, spelled_out

ROOT = Path(__file__).resolve().parents[2] / "content"
PEOPLE = "danger/vi/people"  # lists that every file may name whose folder has no `common.yml`
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Book:
    """The lists of one file. A list that is asked for and is not there raises KeyError when the product starts."""

    def __init__(
        self,
        parts: Mapping[str, list[str]],
        lists: Mapping[str, list[str]],
        shared: Book | None = None,
        as_typed: Collection[str] = (),
    ) -> None:
        """parts: lists that only others name. shared: where a name is looked for that this file has not.
        as_typed: lists with marks; named by a list without, they are read without marks, too.

        Raises ValueError for an entry that is no text: nothing may be heard wrongly because a quote was forgotten.
        """
        self._lists = {name: tuple(entries) for name, entries in {**parts, **lists}.items()}
        self._names, self._shared = tuple(lists), shared
        self._as_typed: frozenset[str] = frozenset(as_typed) | (shared._as_typed if shared else frozenset())
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
            of = self.part if name in self._as_typed else self.bare
            found = [expression(entry, of) for entry in self.entries(name)]
            self._expressions[name] = f"(?:{'|'.join(found)})"
        return self._expressions[name]

    def bare(self, name: str) -> str:
        """The same without marks, for text without marks; a list as typed has nothing but words, or it has no such form."""
        return fold(self.part(name)) if name in self._as_typed else self.part(name)

    def words(self, name: str, *, any_case: bool = False) -> re.Pattern[str]:
        """One pattern of whole words: any entry of the list."""
        return re.compile(rf"\b{self.part(name)}\b", re.IGNORECASE if any_case else 0)

    def begun(self, name: str) -> re.Pattern[str]:
        """The same where a word begins, whether or not one ends after it."""
        return re.compile(rf"\b{self.part(name)}")

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


@lru_cache(maxsize=64)
def book(name: str) -> Book:
    """The book content/<name>.yml."""
    found = data(name)
    common = f"{name.rpartition('/')[0]}/common"
    common = common if (ROOT / f"{common}.yml").is_file() else PEOPLE
    shared = None if name == common else book(common)
    return Book(found.get("parts", {}), found["lists"], shared, found.get("as_typed", ()))
