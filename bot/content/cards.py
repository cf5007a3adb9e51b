"""The pieces of the emergency answers in content/dialogue/cards, checked: what `lachan content check` says about them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.content.documents import Problem, read_yaml, validator
from bot.content.yaml_lines import YamlDocument
from bot.core.content import buttons
from bot.core.content.checks import Banned
from bot.core.content.facts import phone_numbers
from bot.core.content.library import ContentLibrary
from bot.core.messages import MAX_CHOICE_TITLE

FOLDER = "dialogue/cards"
MOST_CHARS = 320  # of a piece: two of them and the numbers stay below 600, what a small phone shows at once
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_WHOM = frozenset({"whom", "Whom"})


def check_cards(root: Path, library: ContentLibrary, banned: tuple[Banned, ...], today: date) -> list[Problem]:
    """Every mistake in the pieces; [] where there are none."""
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).glob("*.yml")):
        file = f"{FOLDER}/{path.name}"
        for number, row in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if not unicodedata.is_normalized("NFC", row):
                problems.append(Problem(file, number, "not NFC: type the letters again, composed"))
        document = read_yaml(path, file, validator("cards"), problems)
        if document is not None:
            problems += [Problem(file, line, message) for line, message in _wrong(document, library, banned, today)]
    return problems


def _wrong(
    document: YamlDocument, library: ContentLibrary, banned: tuple[Banned, ...], today: date
) -> Iterator[tuple[int, str]]:
    try:
        if date.fromisoformat(document.data["reviewed"]) > today:
            yield document.line(["reviewed"]), "reviewed: in the future"
    except ValueError:
        yield document.line(["reviewed"]), "reviewed: no such day"
    longest = max(document.data["whom"].values(), key=len)
    for name, body in document.data["lines"].items():
        text, line = str(body["text"]), document.line(["lines", name])
        titles = [title for _, title in body.get("choices", ())]
        for reason in [
            *text_faults(text, library, banned, MOST_CHARS),
            *(f"{{{found}}} is filled with nothing" for found in _PLACEHOLDER.findall(text) if found not in _WHOM),
            *_titles(titles, longest),
            *targets(body.get("choices", ()), library),
        ]:
            yield line, f"{name}: {reason}"


def text_faults(text: str, library: ContentLibrary, banned: tuple[Banned, ...], most: int) -> Iterator[str]:
    """What is wrong with the words of a piece of at most `most` characters."""
    known = {hotline.dial for hotline in library.hotlines}
    yield from (f"number {number} is not in hotlines.yml" for number in phone_numbers(text) if number not in known)
    if len(text) > most:
        yield f"{len(text)} characters, at most {most}"
    if "!" in text:
        yield "an exclamation mark"
    lowered = text.lower()
    for rule in banned:
        at = lowered.find(rule.words)
        if at >= 0 and not any(lead in lowered[max(0, at - 40) : at] for lead in rule.unless_after):
            yield f"{rule.words!r}: {rule.why}"


def _titles(titles: list[str], longest: str) -> Iterator[str]:
    for title in titles:
        if len(title.replace("{whom}", longest)) > MAX_CHOICE_TITLE:
            yield f"button {title!r} is too long once it names {longest!r}"


def targets(choices: list[list[str]], library: ContentLibrary) -> Iterator[str]:
    """Buttons that lead nowhere."""
    for choice, _ in choices:
        target = buttons.parse(choice)
        if target is None or (target.verb != "do" and not library.has(target.name)):
            yield f"button {choice!r} leads nowhere"
