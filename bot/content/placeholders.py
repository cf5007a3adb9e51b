"""Texts with their placeholders filled from content/facts.yml and content/hotlines.yml."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.content import yaml_text
from bot.core.content.facts import Fact, FactBook
from bot.core.text import nfc

FACTS, HOTLINES = "facts.yml", "hotlines.yml"
_NONE = FactBook()


def book_of(root: Path) -> FactBook:
    """What stands for the placeholders below `root`, read anew when a file has changed. Files that cannot be read give nothing."""
    return _book(root, *(_seen(root / name) for name in (FACTS, HOTLINES)))


def language_of(file: str) -> str:
    """The language numbers are written in: English in an English file, Vietnamese elsewhere (two languages in one file too)."""
    return "en" if file.startswith("answers/en/") or Path(file).name == "en.yml" else "vi"


def read_filled(path: Path, root: Path) -> str:
    """A file's text with its placeholders filled. Raises OSError, and KeyError where one cannot be filled."""
    text, book = nfc(path.read_text(encoding="utf-8")), book_of(root)
    if reason := next(book.unfilled(text), ""):
        raise KeyError(reason)
    return book.fill(text, language_of(path.relative_to(root).as_posix()))


def _seen(path: Path) -> tuple[int, int]:
    try:
        stat = path.stat()
    except OSError:
        return 0, 0
    return stat.st_size, stat.st_mtime_ns


@lru_cache(maxsize=8)
def _book(root: Path, facts: tuple[int, int], hotlines: tuple[int, int]) -> FactBook:
    try:
        lines = _rows(root / HOTLINES, "hotlines") if hotlines[0] else []
        numbers, dials = ({str(row["id"]): str(row[form]) for row in lines} for form in ("number", "dial"))
        known = (_fact(row) for row in _rows(root / FACTS, "facts")) if facts[0] else ()
        return FactBook({fact.id: fact for fact in known}, numbers, dials)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        return _NONE  # `lachan content check` names the mistake; every placeholder is unknown meanwhile


def _rows(path: Path, name: str) -> list[dict[str, Any]]:
    return list(yaml_text.load(path.read_text(encoding="utf-8"))[name]) if path.is_file() else []


def _fact(row: dict[str, Any]) -> Fact:
    value = nfc(str(row["value"]))
    return Fact(
        id=row["id"], kind=row["kind"], value=value, value_en=str(row.get("value_en", value)), status=row["status"],
        told_with=tuple(tuple(map(str, words)) for words in row.get("told_with", ())), words=tuple(row.get("words", ())),
        check_again=date.fromisoformat(str(row["check_again"])),
    )  # fmt: skip
