"""The words of danger on disk, checked: what `lachan content check` says about content/danger, with file and line."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from bot.core.text import clean, fold
from bot.core.word_patterns import REFERENCE, expression
from bot.storage.content_problems import Problem, read_yaml, validator
from bot.storage.yaml_lines import YamlDocument

PEOPLE, MARKS, FOREIGN = "danger/vi/people.yml", "danger/vi/marks.yml", "danger/foreign.yml"
_SET = re.compile(r"\[[^\]]*\]|\\.")  # within square brackets both cases may stand


def check_danger(root: Path, today: date) -> list[Problem]:
    """Every mistake in content/danger; [] where there is no such directory."""
    problems: list[Problem] = []
    schema = validator("danger").schema
    files = {path.relative_to(root).as_posix(): path for path in sorted((root / "danger").rglob("*.yml"))}
    documents: dict[str, YamlDocument] = {}
    for file, path in files.items():
        name = file.removeprefix("danger/").removesuffix(".yml").replace("/", "_")
        if name not in schema["$defs"]:
            problems.append(Problem(file, 1, "unknown file: the product reads no such list"))
            continue
        problems += composed(path, file)
        lists = {"properties": {**schema["properties"], "lists": {"$ref": f"#/$defs/{name}"}}}
        document = read_yaml(path, file, Draft202012Validator({**schema, **lists}), problems)
        if document is not None:
            documents[file] = document
    shared = _lists(documents[PEOPLE]) if PEOPLE in documents else {}
    for file, document in documents.items():
        problems += reviewed(file, document, today) + _entries(file, document, shared)
    return problems


def composed(path: Path, file: str) -> list[Problem]:
    """Lines that are not in the composed form (NFC) that everything typed is brought into, and would never match."""
    rows = path.read_bytes().decode("utf-8", "replace").splitlines()
    return [
        Problem(file, number, "not NFC: type the letters again, composed")
        for number, row in enumerate(rows, 1)
        if not unicodedata.is_normalized("NFC", row)
    ]


def reviewed(file: str, document: YamlDocument, today: date) -> list[Problem]:
    """What is wrong with the day on which the file was reviewed."""
    line = document.line(["reviewed"])
    try:
        day = date.fromisoformat(document.data["reviewed"])
    except ValueError:
        return [Problem(file, line, "reviewed: no such day")]
    return [Problem(file, line, "reviewed: in the future")] if day > today else []


def _lists(document: YamlDocument) -> dict[str, list[str]]:
    return {**document.data.get("parts", {}), **document.data["lists"]}


def _entries(file: str, document: YamlDocument, shared: dict[str, list[str]]) -> list[Problem]:
    lists = _lists(document)
    named = {name for entries in lists.values() for entry in entries for name in REFERENCE.findall(entry)}
    problems = [
        Problem(file, document.line(["parts", name]), f"part {name!r} is named by no entry")
        for name in document.data.get("parts", {})
        if name not in named
    ]
    for section in ("parts", "lists"):
        for name, entries in document.data.get(section, {}).items():
            for index, entry in enumerate(entries):
                message = wrong(entry, {**shared, **lists}, folded=file not in (MARKS, FOREIGN))
                message = message or (f"{entry!r} stands here twice" if entry in entries[:index] else "")
                if message:
                    problems.append(Problem(file, document.line([section, name, index]), f"{name}: {message}"))
    return problems


def wrong(entry: str, lists: dict[str, Any], *, folded: bool) -> str:
    """What is wrong with an entry, or "". folded: it is matched against words without marks."""
    bare = _SET.sub("", entry)
    unknown = [name for name in REFERENCE.findall(entry) if name not in lists]
    if entry != clean(entry) or (entry != entry.strip() and not entry.startswith(" ")):
        return f"{entry!r} has something invisible in it, or a space at its end"
    if bare != bare.lower():
        return f"{entry!r} is not lower case"
    if folded and bare != fold(bare):
        return f"{entry!r} has marks; words here are written without"
    if unknown:
        return f"unknown list {unknown[0]!r} in {entry!r}"
    try:
        re.compile(expression(entry, lambda name: "x"))
    except re.error as error:
        return f"{entry!r} cannot be read: {error.msg}"
    return ""
