"""The words the product listens for, checked: what `lachan content check` says about content/danger,
content/topics and content/interview."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from jsonschema import Draft202012Validator

from bot.content.documents import Problem, read_yaml, validator
from bot.content.yaml_lines import YamlDocument
from bot.core.text import clean, fold
from bot.core.word_patterns import REFERENCE, expression

PEOPLE, MARKS, FOREIGN = "danger/vi/people.yml", "danger/vi/marks.yml", "danger/foreign.yml"
COMMON = "interview/common.yml"
KINDS, TOLD, PAGES = "topics/kinds.yml", "topics/told.yml", "topics/pages.yml"
_SET = re.compile(r"\[[^\]]*\]|\\.")  # within square brackets both cases may stand
_PAGE_WORDS = ("words", "together", "beside", "doubt", "not_if")
_FORMS = ("as_typed", "capitals")  # lists with marks, with capital letters
_Where = list[str | int]


def check_danger(root: Path, today: date) -> list[Problem]:
    """Every mistake in content/danger and in the kinds and what is told of content/topics; [] where there are no such files."""
    paths = [*sorted((root / "danger").rglob("*.yml")), *filter(Path.is_file, [root / KINDS, root / TOLD])]
    return _check_books(root, paths, "danger", PEOPLE, today)


def check_interview(root: Path, today: date) -> list[Problem]:
    """Every mistake in content/interview; [] where there are no such files."""
    return _check_books(root, sorted((root / "interview").glob("*.yml")), "interview", COMMON, today)


def _check_books(root: Path, paths: Iterable[Path], folder: str, common: str, today: date) -> list[Problem]:
    """folder: that of the files, and the name of their schema. common: the file whose lists all of them may name."""
    problems: list[Problem] = []
    schema = validator(folder).schema
    documents: dict[str, YamlDocument] = {}
    for path in paths:
        file = path.relative_to(root).as_posix()
        name = file.removeprefix(f"{folder}/").removesuffix(".yml").replace("/", "_")
        if name not in schema["$defs"]:
            problems.append(Problem(file, 1, "unknown file: the product reads no such list"))
            continue
        properties = {**schema["properties"], "lists": {"$ref": f"#/$defs/{name}"}}
        document = read_reviewed(
            path, file, Draft202012Validator({**schema, "properties": properties}), today, problems
        )
        documents |= {file: document} if document else {}
    shared = _lists(documents[common]) if common in documents else {}
    for file, document in documents.items():
        parts, known = document.data.get("parts", {}), {*shared, *_lists(document)}
        groups: list[tuple[_Where, list[str]]] = [(["parts", name], entries) for name, entries in parts.items()]
        groups += [(["lists", name], entries) for name, entries in document.data["lists"].items()]
        problems += list(_wrong(file, document, groups, known, folded=file not in (MARKS, FOREIGN)))
        for field in _FORMS:
            problems += [
                Problem(file, document.line([field, index]), f"{field}: unknown list {name!r}")
                for index, name in enumerate(document.data.get(field, ()))
                if name not in _lists(document)
            ]
    return problems


def check_pages(root: Path, items: Collection[str], today: date) -> list[Problem]:
    """Every mistake in content/topics/pages.yml; [] where there is no such file. items: the ids of what can be answered."""
    problems: list[Problem] = []
    if not (root / PAGES).is_file():
        return []
    document = read_reviewed(root / PAGES, PAGES, validator("pages"), today, problems)
    if document is None:
        return problems
    parts, pages = document.data["parts"], document.data["pages"]
    groups: list[tuple[_Where, list[str]]] = [(["parts", name], entries) for name, entries in parts.items()]
    for index, page in enumerate(pages):
        groups += [(["pages", index, field], entries) for field, entries in page.items() if field in _PAGE_WORDS]
        if page.get("item", "") not in {"", *items}:
            line = document.line(["pages", index, "item"])
            problems.append(
                Problem(
                    PAGES, line, f"item {page['item']!r} is no item of content/answers, nor a page_ of composed answers"
                )
            )
    return [*problems, *_wrong(PAGES, document, groups, set(parts), folded=True)]


def read_reviewed(
    path: Path, file: str, check: Draft202012Validator, today: date, problems: list[Problem]
) -> YamlDocument | None:
    """The file, or None with the reasons in `problems`; also lines that are not composed, and the day of its review."""
    for number, row in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
        if not unicodedata.is_normalized("NFC", row):  # what is typed is brought into this form
            problems.append(Problem(file, number, "not NFC: type the letters again, composed"))
    document = read_yaml(path, file, check, problems)
    if document is not None:
        try:
            wrong = "in the future" if date.fromisoformat(document.data["reviewed"]) > today else ""
        except ValueError:
            wrong = "no such day"
        problems += [Problem(file, document.line(["reviewed"]), f"reviewed: {wrong}")] if wrong else []
    return document


def _lists(document: YamlDocument) -> Mapping[str, list[str]]:
    return {**document.data.get("parts", {}), **document.data["lists"]}


def _wrong(
    file: str, document: YamlDocument, groups: list[tuple[_Where, list[str]]], known: set[str], *, folded: bool
) -> Iterator[Problem]:
    named = {name for _, entries in groups for entry in entries for name in REFERENCE.findall(entry)}
    as_typed, capitals = (frozenset(document.data.get(field, ())) for field in _FORMS)
    for where, entries in groups:
        if where[0] == "parts" and where[1] not in named:
            yield Problem(file, document.line(where), f"part {where[1]!r} is named by no entry")
        for index, entry in enumerate(entries):
            reason = wrong_entry(
                entry, known, folded=folded and where[-1] not in as_typed, capitals=where[-1] in capitals
            )
            reason = reason or (f"{entry!r} names its own list" if where[-1] in _reached(entry, groups) else "")
            reason = reason or (f"{entry!r} stands here twice" if entry in entries[:index] else "")
            if reason:
                yield Problem(file, document.line([*where, index]), f"{where[-1]}: {reason}")


def _reached(entry: str, groups: list[tuple[_Where, list[str]]]) -> set[str]:
    """Every list that an entry names, itself or through others."""
    entries_of = {str(where[-1]): entries for where, entries in groups}
    found: set[str] = set()
    waiting = REFERENCE.findall(entry)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [inner for other in entries_of.get(name, ()) for inner in REFERENCE.findall(other)]
    return found


def wrong_entry(entry: str, known: Collection[str], *, folded: bool, capitals: bool = False) -> str:
    """What is wrong with an entry, or "". known: lists it may name. folded: it is matched against words without marks.
    capitals: it may have capital letters."""
    bare = _SET.sub("", entry)
    unknown = [name for name in REFERENCE.findall(entry) if name not in known]
    if entry != clean(entry) or (entry != entry.strip() and not entry.startswith(" ")):
        return f"{entry!r} has something invisible in it, or a space at its end"
    if bare != bare.lower() and not capitals:
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
