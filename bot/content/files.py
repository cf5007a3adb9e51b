"""The content library on disk: front matter and Markdown, checked against the schema, reloaded without a restart.

A reload swaps the whole library or nothing: with a mistake anywhere the last good one keeps serving and `problems`
says why (shown in /readyz). Only the first load is lenient, because a hotline must start: good items are served,
bad ones are left out and named.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from bot.content.documents import CONTENT_ROOT, Problem, read_text, read_yaml, schema_problems, validator
from bot.content.offers import read_signal_book
from bot.content.screening import read_checklist
from bot.content.yaml_lines import YamlDocument, YamlProblem
from bot.core.content.library import ContentLibrary
from bot.core.content.model import HOTLINE_CARD, ContentItem, Hotline, Kind, Status
from bot.core.errors import ConfigError
from bot.core.messages import Choice
from bot.core.offers.signals import SignalBook
from bot.core.screening.checklist import Checklist


@dataclass(frozen=True)
class Loaded:
    """What one reading of the tree gave. lines: where each field of each item stands, for later checks."""

    items: tuple[ContentItem, ...]
    hotlines: tuple[Hotline, ...]
    sites: tuple[str, ...]
    offers: SignalBook | None
    checklist: Checklist | None
    problems: tuple[Problem, ...]
    lines: dict[tuple[str, str], YamlDocument]


class ContentFiles:
    """Holds the last good content of a directory: the library, the offer signs and the screening checklist."""

    def __init__(self, root: Path = CONTENT_ROOT) -> None:
        """Loads at once.

        Raises ConfigError without a usable Vietnamese hotline card, offer signs or checklist.
        """
        self._root = root
        self._seen = fingerprint(root)
        loaded = read_tree(root)
        self._problems = loaded.problems
        try:
            self._library = ContentLibrary.of(loaded.items, loaded.hotlines, loaded.sites)
        except ValueError:
            raise ConfigError(f"no usable {HOTLINE_CARD} in Vietnamese: {self._first_problem()}") from None
        if loaded.offers is None or loaded.checklist is None:
            raise ConfigError(f"no usable offer signs or checklist: {self._first_problem()}")
        self._offers, self._checklist = loaded.offers, loaded.checklist

    @property
    def library(self) -> ContentLibrary:
        """The library to answer from."""
        return self._library

    @property
    def offers(self) -> SignalBook:
        """The signs for bot.core.offers.check.check_offer."""
        return self._offers

    @property
    def checklist(self) -> Checklist:
        """The self-screening checklist."""
        return self._checklist

    @property
    def problems(self) -> tuple[str, ...]:
        """`file:line: what is wrong` for the newest state on disk; empty when it is being served."""
        return tuple(map(str, self._problems))

    def reload_if_changed(self) -> bool:
        """Look for changed files and take them if they are all good. True when new content is served."""
        seen = fingerprint(self._root)
        if seen == self._seen:
            return False
        self._seen = seen
        loaded = read_tree(self._root)
        self._problems = loaded.problems
        if loaded.problems or loaded.offers is None or loaded.checklist is None:
            return False
        library = ContentLibrary.of(loaded.items, loaded.hotlines, loaded.sites)
        self._library, self._offers, self._checklist = library, loaded.offers, loaded.checklist
        return True

    def _first_problem(self) -> str:
        return str(self._problems[0]) if self._problems else "file missing"


def fingerprint(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of the files the library is made of; cheap enough for every few seconds."""
    found = []
    watched = ("facts.yml", "hotlines.yml", "answers/*/*.md", "offers/*.yml", "offers/*.json", "screening/*.yml")
    for path in sorted(path for pattern in watched for path in root.glob(pattern)):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.append((path.relative_to(root).as_posix(), stat.st_size, stat.st_mtime_ns))
    return tuple(found)


def read_tree(root: Path) -> Loaded:
    """Read and check every file. Never raises for what stands in a file: mistakes come back as problems."""
    problems: list[Problem] = []
    hotlines, sites = _read_hotlines(root, problems)
    check = validator("item")
    items: dict[tuple[str, str], ContentItem] = {}
    lines: dict[tuple[str, str], YamlDocument] = {}
    homes: dict[tuple[str, str], str] = {}
    for path in sorted((root / "answers").glob("*/*.md")):
        file = path.relative_to(root).as_posix()
        read = _read_item(path, file, check, problems)
        if read is None:
            continue
        item, document = read
        key = (item.id, item.language)
        if key in items:
            problems.append(Problem(file, document.line(["id"]) + 1, f"duplicate id {item.id!r}, also in {homes[key]}"))
            continue
        if path.stem != item.id or path.parent.name != item.language:
            message = f"file must be answers/{item.language}/{item.id}.md"
            problems.append(Problem(file, document.line(["id"]) + 1, message))
            continue
        items[key], lines[key], homes[key] = item, document, file
    if (HOTLINE_CARD, "vi") not in items:
        problems.append(
            Problem(f"answers/vi/{HOTLINE_CARD}.md", 1, "missing or broken; it is the answer of last resort")
        )
    offers, checklist = read_signal_book(root, problems), read_checklist(root, problems)
    return Loaded(tuple(items.values()), hotlines, sites, offers, checklist, tuple(problems), lines)


def _read_item(
    path: Path, file: str, check: Draft202012Validator, problems: list[Problem]
) -> tuple[ContentItem, YamlDocument] | None:
    text = read_text(path, file, problems)
    if text is None:
        return None
    front, body = _split(text)
    if front is None:
        problems.append(Problem(file, 1, "no front matter: the file must begin with --- and close it with ---"))
        return None
    try:
        document = YamlDocument(front)
    except YamlProblem as error:
        problems.append(Problem(file, error.line + 1, f"broken YAML: {error.message}"))
        return None
    wrong = schema_problems(file, document, check, offset=1)
    if not wrong:
        wrong = _date_problems(file, document)
    problems.extend(wrong)
    return None if wrong else (_item(document.data, body), document)


def _split(text: str) -> tuple[str | None, str]:
    if not text.startswith("---\n"):
        return None, ""
    front, separator, body = text[4:].partition("\n---\n")
    if not separator:
        return (text[4:-4], "") if text.endswith("\n---") else (None, "")
    return front, body.strip()


def _date_problems(file: str, document: YamlDocument) -> list[Problem]:
    found = []
    for name in ("reviewed", "expires"):
        try:
            date.fromisoformat(document.data[name])
        except ValueError:
            found.append(Problem(file, document.line([name]) + 1, f"{name}: no such day"))
    if not found and document.data["expires"] <= document.data["reviewed"]:
        found.append(Problem(file, document.line(["expires"]) + 1, "expires before it was reviewed"))
    return found


def _item(data: dict[str, Any], body: str) -> ContentItem:
    return ContentItem(
        id=data["id"],
        language=data["language"],
        kind=Kind(data["kind"]),
        topic=data["topic"],
        title=data["title"],
        short=data["short"].strip(),
        long=body,
        buttons=tuple(Choice(b["id"], b["title"]) for b in data["buttons"]),
        picture=data.get("picture", ""),
        picture_alt=data.get("picture_alt", ""),
        audience=tuple(data["audience"]),
        sources=tuple(data["sources"]),
        author=data["author"],
        reviewer=data["reviewer"],
        reviewed=date.fromisoformat(data["reviewed"]),
        expires=date.fromisoformat(data["expires"]),
        status=Status(data["status"]),
        notice=data.get("notice", ""),
    )


def _read_hotlines(root: Path, problems: list[Problem]) -> tuple[tuple[Hotline, ...], tuple[str, ...]]:
    file = "hotlines.yml"
    document = read_yaml(root / file, file, validator("hotlines"), problems)
    if document is None:
        return (), ()
    rows = document.data["hotlines"]
    seen: set[str] = set()
    for index, row in enumerate(rows):
        if row["id"] in seen:
            problems.append(Problem(file, document.line(["hotlines", index, "id"]), f"duplicate id {row['id']!r}"))
        seen.add(row["id"])
    return tuple(Hotline(**row) for row in rows), tuple(site["host"] for site in document.data["sites"])
