"""A line of what `lachan check` reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Mark(Enum):
    GOOD = "good"
    OFF = "off"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line of the report, in plain words."""

    mark: Mark
    subject: str
    words: str


def good(subject: str, words: str) -> Finding:
    return Finding(Mark.GOOD, subject, words)


def bad(subject: str, words: str) -> Finding:
    return Finding(Mark.BAD, subject, words)
