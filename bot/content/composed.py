"""The pieces of composed answers in content/dialogue/composed, checked: what `lachan content check` says about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import yaml

from bot.content import yaml_text
from bot.content.cards import targets, text_faults
from bot.content.danger import read_reviewed
from bot.content.documents import Problem, validator
from bot.content.yaml_lines import YamlDocument
from bot.core.content.checks import Banned
from bot.core.content.library import ContentLibrary
from bot.core.messages import MAX_CHOICE_TITLE

FOLDER = "dialogue/composed"
FILLS = (
    "to",
    "when",
    "you",
)  # tables of the file whose words fill places of the same name; {whom} is filled from the cards
# Characters of a piece by the beginning of its name. First line, deed, short card and question stay below 600 together.
MOST = {"seen": 110, "do": 170, "ask": 90, "brief": 170, "note": 90, "again": 170, "page": 320}
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


def page_lines(root: Path) -> frozenset[str]:
    """The whole answers among the pieces, to which content/topics/pages.yml may lead."""
    path = root / FOLDER / "vi.yml"
    try:
        lines = yaml_text.load(path.read_text(encoding="utf-8"))["lines"]
        return frozenset(name for name in lines if name.startswith("page_"))
    except (OSError, yaml.YAMLError, KeyError, TypeError):
        return frozenset()


def check_composed(root: Path, library: ContentLibrary, banned: tuple[Banned, ...], today: date) -> list[Problem]:
    """Every mistake in the pieces; [] where there are none."""
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.yml")):
        file = f"{FOLDER}/{path.name}"
        document = read_reviewed(path, file, validator("composed"), today, problems)
        if document is not None:
            problems += [Problem(file, line, message) for line, message in _wrong(document, library, banned)]
    return problems


def _wrong(document: YamlDocument, library: ContentLibrary, banned: tuple[Banned, ...]) -> Iterator[tuple[int, str]]:
    lines = document.data["lines"]
    for name, body in lines.items():
        text, line, stem = str(body["text"]), document.line(["lines", name]), name.split("_")[0]
        choices = body.get("choices", ())
        reasons = [
            *text_faults(text, library, banned, MOST[stem]),
            *_places(name, stem, text, [title for _, title in choices]),
            *targets([[choice.replace("{item}", "menu"), title] for choice, title in choices], library),
        ]
        if stem == "brief" and not library.has(re.sub(r"_(other|leaving)$", "", name.removeprefix("brief_"))):
            reasons.append("is the short card of no page")
        if stem == "seen" and name.replace("seen_", "do_", 1) not in lines and not _has_deed(name, lines):
            reasons.append("no piece says what to do after it")
        yield from ((line, f"{name}: {reason}") for reason in reasons)


def _places(name: str, stem: str, text: str, titles: list[str]) -> Iterator[str]:
    known = {"you", "You"} if stem != "page" else set()
    known |= {"whom", "Whom"} if re.search(r"_(other|relative|friend)", name) else set()
    known |= {"to", "To"} if name.endswith("_to") else set()
    known |= {"when", "When"} if "_leaving" in name else set()
    for found in _PLACEHOLDER.findall(" ".join([text, *titles])):
        if found not in known:
            yield f"{{{found}}} may be filled with nothing here"
    yield from (f"button {title!r} is too long" for title in titles if len(title) > MAX_CHOICE_TITLE)


def _has_deed(name: str, lines: dict[str, object]) -> bool:
    """Whether some piece of the same stage says what to do: of the stage, or of its matter where the stage is only told."""
    stage, _, rest = name.removeprefix("seen_").partition("_")
    return f"do_{stage}" in lines or any(line.startswith(f"do_{stage}_{rest.split('_')[0]}") for line in lines)
