"""The bot's own lines (content/dialogue/<language>.yml), loaded whole and checked; a reload keeps the last good ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from bot.content import yaml_text
from bot.content.placeholders import read_filled
from bot.core.errors import ConfigError
from bot.core.messages import MAX_CHOICE_TITLE, MAX_CHOICES, Choice

# A language that has only the lines of an urgent report reads it back in one way.
_READ_BACKS = ("tip_summary_unplaced", "tip_summary_again", "tip_summary_above", "tip_changed")
_FILLS = ("whom", "to", "when", "you")  # tables of words that fill the places of pieces
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Line:
    """One thing the bot says in a dialogue; `text` has {placeholders}."""

    text: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Phrasebook:
    """All lines of one language, and the words for codes."""

    language: str
    lines: dict[str, Line]
    labels: dict[str, str]
    values: dict[str, str]
    categories: dict[str, str]
    intents: dict[str, str]
    errors: dict[str, str]


def load_phrasebooks(folder: Path) -> dict[str, Phrasebook]:
    """All languages below `folder`. Raises ConfigError naming the file and the line's id."""
    books = {path.stem: _book(path) for path in sorted(folder.glob("*.yml"))}
    if "vi" not in books:
        raise ConfigError("content/dialogue/vi.yml is missing")
    wanted = set(books["vi"].lines)
    for language, book in books.items():
        if missing := sorted(wanted - set(book.lines)):
            raise ConfigError(f"content/dialogue/{language}.yml lacks {', '.join(missing)}")
    for path in sorted((folder / "cards").glob("*.yml")):
        books[path.stem] = _with_pieces(path, books)
    for path in sorted((folder / "composed").glob("*.yml")):
        books[path.stem] = _with_pieces(path, books)
    return books | {path.stem: _urgent_book(path, books) for path in sorted((folder / "urgent").glob("*.yml"))}


def _with_pieces(path: Path, books: Mapping[str, Phrasebook]) -> Phrasebook:
    """A language with the pieces of its answers; the words that fill them (whom, where to, when) stand among its values."""
    name = f"{path.parent.name}/{path.name}"
    try:
        data = yaml_text.load(read_filled(path, path.parents[2]))
        lines = {line: _line(path, line, body) for line, body in data["lines"].items()}
        base, tables = books[path.stem], [kind for kind in _FILLS if kind in data]
        words = {f"{kind}:{code}": str(word) for kind in tables for code, word in data[kind].items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise ConfigError(f"content/dialogue/{name} cannot be read") from None
    if twice := sorted(set(lines) & set(base.lines)):
        raise ConfigError(f"content/dialogue/{name}: {', '.join(twice)} stand elsewhere too")
    return replace(base, lines=base.lines | lines, values=base.values | words)


def _urgent_book(path: Path, books: Mapping[str, Phrasebook]) -> Phrasebook:
    """A language in which only the lines of an urgent report exist; all others come in the language of its `base`."""
    try:
        data = yaml_text.load(read_filled(path, path.parents[2]))
        base = books[data["base"]]
        lines = {name: _line(path, name, body) for name, body in data["lines"].items()}
        labels = {name: str(data.get("labels", {}).get(name, word)) for name, word in base.labels.items()}
        values = base.values | {name: str(word) for name, word in data.get("values", {}).items()}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise ConfigError(f"content/dialogue/urgent/{path.name} cannot be read") from None
    for name, line in lines.items():
        known = base.lines.get(name, Line(""))
        # The items other buttons lead to do not exist in this language; another report does.
        foreign = {choice.id for choice in line.choices} - {choice.id for choice in known.choices} - {"do:urgent_tip"}
        if not known.text or foreign or set(_PLACEHOLDER.findall(line.text)) - set(_PLACEHOLDER.findall(known.text)):
            raise ConfigError(f"content/dialogue/urgent/{path.name}: {name} does not match the line of the base")
    read_backs = {name: lines["tip_summary"] for name in _READ_BACKS if "tip_summary" in lines}
    return replace(base, lines=base.lines | read_backs | lines, labels=labels, values=values)


def _book(path: Path) -> Phrasebook:
    try:
        data = yaml_text.load(read_filled(path, path.parents[1]))
        lines = {name: _line(path, name, body) for name, body in data["lines"].items()}
        tables = {key: data[key] for key in ("labels", "values", "categories", "intents", "errors")}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError):
        raise ConfigError(f"content/dialogue/{path.name} cannot be read") from None
    return Phrasebook(path.stem, lines, **tables)


def _line(path: Path, name: str, body: dict[str, Any]) -> Line:
    choices = tuple(Choice(str(choice), str(title)) for choice, title in body.get("choices", ()))
    if len(choices) > MAX_CHOICES or any(len(c.title) > MAX_CHOICE_TITLE for c in choices):
        raise ConfigError(f"content/dialogue/{path.name}: {name} has too many or too long buttons")
    return Line(str(body["text"]).strip(), choices)
