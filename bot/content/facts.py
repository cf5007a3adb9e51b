"""What `lachan content check` asks of facts.yml, and of every text that people read: no figure and no hotline by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bot.content.documents import Problem, raw_text, read_yaml, validator
from bot.content.placeholders import FACTS, HOTLINES, book_of
from bot.content.yaml_lines import YamlDocument, YamlProblem
from bot.core.content import facts as rules
from bot.core.content.facts import FactBook

# What people read. Lists of words the product listens for, and what officers read, are not among it.
TEXTS = (
    "answers/*/*.md", "dialogue/*.yml", "dialogue/*/*.yml", "campaigns/*.yml", "screening/*.yml", "pictures/cards.yml", "quick_replies.yml",
    "support/*.yml",
)  # fmt: skip
# Fields that nobody reads, or that say where something is from.
_NOT_SHOWN = frozenset(
    {
        "sources",
        "source",
        "author",
        "reviewer",
        "reviewed",
        "expires",
        "status",
        "id",
        "language",
        "kind",
        "topic",
        "audience",
        "picture",
        "icon",
    }
)
Leaf = tuple[int, str]  # first line in the file, the text before it is filled


def check_facts(root: Path, today: date) -> list[Problem]:
    """Every mistake in the facts, and every figure or hotline that a text has by hand."""
    problems: list[Problem] = []
    for file, rows in ((FACTS, "facts"), (HOTLINES, "hotlines")):
        if (root / file).is_file():
            document = read_yaml(root / file, file, validator(rows), problems)
            problems += _dates(file, document, rows, today) if document else ()
    book = book_of(root)
    for path, file in _texts(root):
        lines = raw_text(path).split("\n")
        for start, text in leaves(path):
            for row in text.split("\n"):
                line = line_of(lines, start, row)
                problems += [Problem(file, line, reason) for reason in _by_hand(row, book)]
            for where, reason in rules.told_alone(text, book):
                problems.append(Problem(file, line_of(lines, start, _row_with(text, where)), reason))
    return problems


def write_placeholders(root: Path) -> int:
    """Replace every hotline written by hand with its placeholder; returns how many there were."""
    book, changed = book_of(root), 0
    for path, _ in _texts(root):
        rows = path.read_text(encoding="utf-8").split("\n")
        found = {
            (line_of(rows, start, row), written, placeholder)
            for start, text in leaves(path)
            for row in text.split("\n")
            for written, placeholder in rules.hotlines_by_hand(row, book)
        }
        for line, written, placeholder in sorted(found, key=lambda one: -len(one[1])):
            pattern = rf"(?<![\w.,/%+]){re.escape(written)}(?![\w/%])"
            rows[line - 1], count = re.subn(pattern, placeholder, rows[line - 1])
            changed += count
        if found:
            path.write_text("\n".join(rows), encoding="utf-8")
    return changed


def leaves(path: Path) -> Iterator[Leaf]:
    """Every text of a file that somebody reads, with the line it begins in. Nothing of a file that is broken."""
    text = _shielded(raw_text(path))
    front, body_line, body = text, 0, ""
    if path.suffix == ".md":
        front, _, body = text.removeprefix("---\n").partition("\n---\n")
        body_line = front.count("\n") + 4  # after --- above and --- below
    try:
        document = YamlDocument(front)
    except YamlProblem:
        return
    offset = 1 if path.suffix == ".md" else 0
    for at, leaf in _strings(document, (), document.data):
        yield at + offset, _bare(leaf)
    if body:
        yield body_line, _bare(body)


def line_of(lines: list[str], start: int, row: str) -> int:
    """The line of the file, from 1, in which a row of a text stands; the text's key stands in line `start`."""
    first = row.strip()[:40]
    return next((n for n in range(start, min(start + 80, len(lines) + 1)) if first in lines[n - 1]), start)


def _texts(root: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted({path for pattern in TEXTS for path in root.glob(pattern)}):
        yield path, path.relative_to(root).as_posix()


def _strings(document: YamlDocument, at: tuple[str | int, ...], value: Any) -> Iterator[tuple[int, str]]:
    if isinstance(value, str):
        yield document.line(at), value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_SHOWN:
                yield from _strings(document, (*at, key), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(document, (*at, index), inner)


def _by_hand(row: str, book: FactBook) -> Iterator[str]:
    """What to do about each figure and number of a line that is written out, or stands for nothing."""
    yield from book.unfilled(row)
    for written, placeholder in rules.hotlines_by_hand(row, book):
        yield f"number {written} by hand: write {placeholder} (`lachan content numbers` does it)"
    for figure in rules.figures_by_hand(row):
        yield f"{figure!r} by hand: give it a row in facts.yml with its source and write {{fact:ID}}"


def _row_with(text: str, words: str) -> str:
    """The row of `text` in which the words stand; the first where they are broken over two."""
    return next((row for row in text.split("\n") if words.lower() in row.lower()), text.split("\n", 1)[0])


def _dates(file: str, document: YamlDocument, rows: str, today: date) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, row in enumerate(document.data[rows]):

        def at(name: str, index: int = index) -> int:
            return document.line([rows, index, name])

        try:
            checked, again = date.fromisoformat(row["checked"]), date.fromisoformat(row["check_again"])
        except ValueError:
            yield Problem(file, at("checked"), f"{row['id']}: checked or check_again is no such day")
            continue
        if row["id"] in seen:
            yield Problem(file, at("id"), f"duplicate id {row['id']!r}")
        seen.add(row["id"])
        if checked > today:
            yield Problem(file, at("checked"), f"{row['id']}: checked in the future")
        if again < today:
            why = "look at its source again, then set checked and check_again"
            yield Problem(file, at("check_again"), f"{row['id']} expired on {again.isoformat()}: {why}")


def _shielded(text: str) -> str:
    """Placeholders in brackets that mean nothing to YAML, of the same length."""
    return rules.PLACEHOLDER.sub(lambda found: f"⟦{found[0][1:-1]}⟧", text)


def _bare(text: str) -> str:
    return re.sub(r"⟦((?:fact|hotline|dial):[a-z0-9_]+)⟧", r"{\1}", text)
