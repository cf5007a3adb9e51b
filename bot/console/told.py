"""What a reporter told, as questions and answers in the order they were asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.tips.draft import place_text
from bot.storage.dialogue_files import Phrasebook

QUESTIONS = ("what", "where", "when", "who", "behind", "evidence", "police")


def lines(book: Phrasebook, words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question, answer) for whatever was answered; the number of people comes last, traces are apart (`traces`)."""
    where = words.get("where") or {}
    text = place_text(where, str(words.get("what") or ""))
    told = {**words, "where": " · ".join(dict.fromkeys(filter(None, [where.get("name"), text, where.get("country")])))}
    found = [
        (book.labels[name], book.values.get(str(told[name]), str(told[name]))) for name in QUESTIONS if told.get(name)
    ]
    if words.get("people"):
        found.append((book.labels["people"], str(words["people"])))
    return found


def traces(words: Mapping[str, Any]) -> list[str]:
    """Numbers, accounts, links and plates found in the tip, one each."""
    return [str(trace) for trace in words.get("traces") or ()]
