"""What `lachan content check` asks of an item beyond its shape. Pure: a list of findings, with the field they concern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from bot.core.content import buttons, reading
from bot.core.content.facts import phone_numbers
from bot.core.content.library import ContentLibrary
from bot.core.content.model import EMERGENCY_CARD, MAIN_LANGUAGES, ContentItem, Kind, Status

MAX_LONG = 3_600  # characters: two bubbles
FIRST_WORDS = 110  # characters within which an emergency answer names whom to call
FIRST_BREATH = 30  # nothing is said before the number, except to someone who does not want to live
SELF_HARM = "self_harm_distress"
NEXT_STEP = {
    "vi": ("bước tiếp", "?", "nhé", "hãy", "bấm", "gọi"),
    "en": ("next", "?", "call", "tap", "choose", "tell me"),
}

_LINK = re.compile(
    r"[\w.+-]+@[\w.-]+\.\w+|\[[^\]]*\]\([^)]*\)|<[^<>\s]+>|https?://\S*|www\.\S*|\b[\w-]+(?:\.[\w-]+)*\.(?:vn|com|org|net|gov|edu)\b\S*",
    re.I,
)


@dataclass(frozen=True)
class Finding:
    """Something to correct in an item. field: the front matter field, or "body"."""

    item_id: str
    language: str
    field: str
    message: str


@dataclass(frozen=True)
class Banned:
    """Words not to be used, unless shortly after one of `unless_after`."""

    words: str
    unless_after: tuple[str, ...]
    why: str


def check_library(library: ContentLibrary, banned: Iterable[Banned], today: date) -> list[Finding]:
    """Every finding, in a stable order. An empty list is a clean library."""
    rules = tuple(banned)
    items = [item for language in library.languages() for item in library.in_language(language)]
    return [finding for item in items for finding in check_item(item, library, rules, today)]


def check_item(
    item: ContentItem, library: ContentLibrary, banned: tuple[Banned, ...], today: date
) -> Iterator[Finding]:
    """All findings of one item."""
    parts = (
        _dates(item, today),
        _sources(item),
        _lengths(item),
        _buttons(item, library),
        _numbers(item, library),
        _links(item, library),
        _emergency(item),
        _next_step(item),
        _reading(item),
        _words(item, banned),
        _figures(item),
        _translations(item, library),
    )
    for part in parts:
        for field, message in part:
            yield Finding(item.id, item.language, field, message)


Row = tuple[str, str]


def _dates(item: ContentItem, today: date) -> Iterator[Row]:
    if item.expires < today:
        yield "expires", f"expired on {item.expires.isoformat()}"
    if item.reviewed > today:
        yield "reviewed", "review date is in the future"
    if item.status is Status.DRAFT:
        yield "status", "draft: will not be sent"
    if item.status is Status.DRAFT_EMERGENCY and item.id != EMERGENCY_CARD:
        yield "status", f"only {EMERGENCY_CARD} may be a machine-drafted emergency card"
    if item.status is Status.DRAFT_EMERGENCY and not item.notice:
        yield "status", "a machine-drafted card says so to its reader: write that sentence in its language as notice"


def _sources(item: ContentItem) -> Iterator[Row]:
    if item.kind is not Kind.DIALOGUE and not item.sources:
        yield "sources", "no source"
    for source in item.sources:
        if "UNVERIFIED" in source.upper():
            yield "sources", "an unverified fact may not be a source"


def _lengths(item: ContentItem) -> Iterator[Row]:
    if len(item.long) > MAX_LONG:
        yield "body", f"longer answer has {len(item.long)} characters, at most {MAX_LONG}"
    if item.kind in (Kind.ANSWER, Kind.EMERGENCY) and not item.long:
        yield "body", "no longer answer"


def _buttons(item: ContentItem, library: ContentLibrary) -> Iterator[Row]:
    seen: set[str] = set()
    if not item.buttons:
        yield "buttons", "no next step"
    for button in item.buttons:
        target = buttons.parse(button.id)
        if target is None:
            yield "buttons", f"unknown button {button.id!r}"
        elif target.verb != "do" and not library.has(target.name):
            yield "buttons", f"button {button.id!r} leads to no item"
        elif target.verb == "more" and not _has_long(target.name, item.language, library):
            yield "buttons", f"button {button.id!r}: that item has no longer answer"
        if button.id in seen:
            yield "buttons", f"button {button.id!r} twice"
        seen.add(button.id)
    if item.long and f"more:{item.id}" not in seen:
        yield "buttons", "no button leads to the longer answer"


def _has_long(item_id: str, language: str, library: ContentLibrary) -> bool:
    target = library.items.get((item_id, language)) or library.items.get((item_id, "vi"))
    return target is not None and bool(target.long)


OLD_NUMBERS = frozenset({"18001567"})  # named only to say that it became 111


def _numbers(item: ContentItem, library: ContentLibrary) -> Iterator[Row]:
    known = {hotline.dial for hotline in library.hotlines} | OLD_NUMBERS
    for field, text in (("short", item.short), ("body", item.long)):
        for number in phone_numbers(text):
            if number not in known:
                yield field, f"number {number} is not in hotlines.yml"


def _links(item: ContentItem, library: ContentLibrary) -> Iterator[Row]:
    for field, text in (("short", item.short), ("body", item.long)):
        for match in _LINK.finditer(text):
            link = match[0].rstrip('.,;:!?)”"')
            if link.lower() not in library.sites:
                yield field, f"link {link!r}: write only the bare host of a site in hotlines.yml"


def _emergency(item: ContentItem) -> Iterator[Row]:
    if item.kind is not Kind.EMERGENCY:
        return
    reach = {"113": FIRST_BREATH, "111": FIRST_WORDS}
    if item.id == SELF_HARM:
        reach = {"115": FIRST_WORDS, "113": FIRST_WORDS}
    for number, characters in reach.items():
        if number not in item.short[:characters]:
            yield "short", f"{number} must stand in the first {characters} characters"
    if "111" not in item.short:
        yield "short", "111 is missing"


def _next_step(item: ContentItem) -> Iterator[Row]:
    hints = NEXT_STEP.get(item.language)
    if hints is None:
        return
    for field, text in (("short", item.short), ("body", item.long)):
        last = " ".join(re.split(r"(?<=[.?!])\s+", text.strip())[-2:]).lower()
        if text and not any(hint in last for hint in hints):
            yield field, "does not end with what the person can do next"


def _reading(item: ContentItem) -> Iterator[Row]:
    for field, text in (("short", item.short), ("body", item.long)):
        measured = reading.measure(text, item.language)
        if item.language == "vi" and measured.mean > reading.MAX_MEAN_SYLLABLES:
            yield field, f"hard to read: {measured.mean:.1f} syllables a sentence"
        if item.language == "vi" and measured.longest > reading.MAX_LONGEST_SYLLABLES:
            yield field, f"a sentence of {measured.longest} syllables"
        if item.language == "en" and measured.grade > reading.MAX_GRADE:
            yield field, f"hard to read: grade {measured.grade:.1f}"


def _words(item: ContentItem, banned: tuple[Banned, ...]) -> Iterator[Row]:
    for field, text in (("short", item.short), ("body", item.long), ("title", item.title)):
        lowered = text.lower()
        for rule in banned:
            at = lowered.find(rule.words)
            if at >= 0 and not any(lead in lowered[max(0, at - 40) : at] for lead in rule.unless_after):
                yield field, f"{rule.words!r}: {rule.why}"
        if "unverified" in lowered:
            yield field, "an unverified fact may not appear"


def _figures(item: ContentItem) -> Iterator[Row]:
    """A share of the whole means nothing without the whole and its time, and ages badly: the year stands beside it."""
    for field, text in (("short", item.short), ("body", item.long)):
        for paragraph in text.split("\n"):
            counted = re.search(r"\d ?%.{0,40}(?:vụ|nạn nhân|người|cases|victims|people)", paragraph)
            if counted and not re.search(r"\b20\d\d\b", paragraph):
                yield field, "a percentage without its year and its base"


def _translations(item: ContentItem, library: ContentLibrary) -> Iterator[Row]:
    if item.language in MAIN_LANGUAGES:
        for other in MAIN_LANGUAGES:
            if not library.has(item.id, other):
                yield "id", f"missing translation: {other}"
    elif item.id != EMERGENCY_CARD:
        yield "language", f"{item.language}: only {EMERGENCY_CARD} exists in this language"
