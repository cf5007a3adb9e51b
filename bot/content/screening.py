"""The self-screening checklist, read from content/screening/checklist.yml."""

from __future__ import annotations

from pathlib import Path

from bot.content.documents import Problem, read_yaml, validator
from bot.core.messages import Choice
from bot.core.screening.checklist import OTHER, SELF, WHO, Checklist, Outcome, Question

FILE = "screening/checklist.yml"


def read_checklist(root: Path, problems: list[Problem]) -> Checklist | None:
    """The checklist, or None with every mistake added to `problems`."""
    document = read_yaml(root / FILE, FILE, validator("screening"), problems)
    if document is None:
        return None
    data = document.data
    seen: set[str] = set()
    for index, row in enumerate(data["questions"]):
        if row["id"] in seen:
            line = document.line(["questions", index, "id"])
            problems.append(Problem(FILE, line, f"duplicate id {row['id']!r}"))
            return None
        seen.add(row["id"])
    if data["questions"][0]["id"] != WHO:
        problems.append(Problem(FILE, document.line(["questions", 0]), f"the first question must be {WHO!r}"))
        return None
    return Checklist(
        opening=data["opening"],
        questions=tuple(map(_question, data["questions"])),
        outcomes={name: _outcome(name, row) for name, row in data["outcomes"].items()},
        option_titles=data["option_titles"],
        signs_from=data["signs_from"],
    )


def _question(row: dict[str, object]) -> Question:
    text = {SELF: row["self"], OTHER: row.get("other", row["self"])}
    return Question(row["id"], row["kind"], text, tuple(row["options"]), row["source"])  # type: ignore[arg-type]


def _outcome(name: str, row: dict[str, object]) -> Outcome:
    rows: list[dict[str, str]] = row["buttons"]  # type: ignore[assignment]
    buttons = {language: tuple(Choice(b["id"], b[language]) for b in rows) for language in ("vi", "en")}
    return Outcome(name, row["text"], buttons)  # type: ignore[arg-type]
