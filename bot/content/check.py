"""Everything `lachan content check` knows about a content directory, each finding with file and line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.content.cards import check_cards
from bot.content.composed import check_composed, page_lines
from bot.content.danger import check_danger, check_interview, check_pages
from bot.content.documents import Problem, YamlDocument, YamlProblem, read_text, read_yaml, validator
from bot.content.facts import check_facts
from bot.content.files import Loaded, read_tree
from bot.content.kits import check_kits
from bot.core.content import buttons
from bot.core.content.checks import Banned, check_library
from bot.core.content.library import ContentLibrary
from bot.core.screening.checklist import Checklist

STYLE_RULES = "style_rules.yml"
MAX_PICTURE_BYTES = 300_000


def check_content(root: Path, today: date) -> list[Problem]:
    """All mistakes, sorted by file and line. Empty when the content may be released."""
    loaded = read_tree(root)
    problems = [
        *loaded.problems,
        *check_danger(root, today),
        *check_interview(root, today),
        *check_facts(root, today),
        *_broken_books(root),
    ]
    banned = _banned(root, problems)
    if loaded.items:
        library = ContentLibrary(
            {(i.id, i.language): i for i in loaded.items}, loaded.hotlines, frozenset(loaded.sites)
        )
        for finding in check_library(library, banned, today):
            problems.append(_located(finding.item_id, finding.language, finding.field, finding.message, loaded))
        problems += _pictures(root, loaded)
        problems += _screening_buttons(loaded.checklist, library)
        problems += check_pages(root, {*(item.id for item in loaded.items), *page_lines(root)}, today)
        problems += check_cards(root, library, banned, today)
        problems += check_composed(root, library, banned, today)
        problems += check_kits(root, library, banned, today)
    return sorted(set(problems), key=lambda problem: (problem.file, problem.line, problem.message))


def _broken_books(root: Path) -> list[Problem]:
    """Books of the dialogue that cannot be read: a colon in a sentence without quotation marks is enough."""
    problems: list[Problem] = []
    for path in sorted((root / "dialogue").rglob("*.yml")):
        file = path.relative_to(root).as_posix()
        text = read_text(path, file, problems)
        try:
            YamlDocument(text or "")
        except YamlProblem as error:
            problems.append(Problem(file, error.line, f"broken YAML: {error.message}"))
    return problems


def _located(item_id: str, language: str, field: str, message: str, loaded: Loaded) -> Problem:
    document = loaded.lines[item_id, language]
    line = document.line([field]) + 1 if field != "body" else _body_line(document.line(["status"]) + 1)
    return Problem(f"answers/{language}/{item_id}.md", line, message)


def _body_line(status_line: int) -> int:
    return status_line + 2  # status is the last field; then --- and the text


def _banned(root: Path, problems: list[Problem]) -> tuple[Banned, ...]:
    if not (root / STYLE_RULES).is_file():
        return ()
    document = read_yaml(root / STYLE_RULES, STYLE_RULES, validator("style_rules"), problems)
    rows = document.data["banned"] if document else ()
    return tuple(
        Banned(row["words"].lower(), tuple(w.lower() for w in row["unless_after"]), row["why"]) for row in rows
    )


def _pictures(root: Path, loaded: Loaded) -> list[Problem]:
    found = []
    for item in loaded.items:
        path = root / "pictures" / item.picture
        if not item.picture:
            continue
        if not path.is_file():
            found.append(_located(item.id, item.language, "picture", f"no picture {item.picture}", loaded))
        elif path.stat().st_size > MAX_PICTURE_BYTES:
            found.append(_located(item.id, item.language, "picture", f"{item.picture} is over 300 kB", loaded))
    return found


def _screening_buttons(checklist: Checklist | None, library: ContentLibrary) -> list[Problem]:
    found = []
    for outcome in checklist.outcomes.values() if checklist else ():
        for button in outcome.buttons["vi"]:
            target = buttons.parse(button.id)
            if target is None or (target.verb != "do" and not library.has(target.name)):
                message = f"outcome {outcome.id}: unknown button {button.id!r}"
                found.append(Problem("screening/checklist.yml", 1, message))
    return found
