"""Typing errors in names, tolerated only where the text itself says that a name stands there."""

from __future__ import annotations

from bot.core.places.gazetteer import Gazetteer
from bot.core.places.mentions import Reading, Span


def with_typos(reading: Reading, spans: list[Span], gazetteer: Gazetteer) -> list[Span]:
    return spans
