"""How the pieces of an emergency answer take the place of a card's general words; see bot.dialogue.emergency.leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.content.phrasebooks import Line, Phrasebook

PIECES = ("whole", "lead", "act", "ask", "near")
# Cards whose first line is advice before it is a number: another number comes before it, not in its place...
_ADVICE_FIRST = frozenset({"sextortion", "fake_police_call"})
_OWN_LEADS = ("lead_pictures", "lead_police")  # ...but a first line of their own does


def replaces_advice(name: str, lead: str) -> bool:
    """Whether a first line stands in place of the one of the card `name`, rather than before it."""
    return name not in _ADVICE_FIRST or lead.startswith(_OWN_LEADS)


def led(text: str, lead: str, *, whole: bool) -> str:
    """`text` with `lead` as its first line: before it, or in place of the numbers that stand there. See content/STYLE.md."""
    _, _, rest = text.partition("\n")
    return f"{lead}\n{text}" if whole else f"{lead}\n{rest}".strip()


def named(text: str, args: Mapping[str, Any], book: Phrasebook) -> str:
    """`text` with the person it is about in the words of the book, and the place that was told."""
    text = text.replace("{place}", str(args.get("place", "")))
    whom = book.values.get(f"whom:{args.get('whom')}", book.values.get("whom:unknown", ""))
    return text.replace("{whom}", whom).replace("{Whom}", whom[:1].upper() + whom[1:])


def about(line: Line, args: Mapping[str, Any], book: Phrasebook) -> Line:
    """A piece with the person it is about, in its words and on its buttons."""
    choices = tuple(replace(choice, title=named(choice.title, args, book)) for choice in line.choices)
    return Line(named(line.text, args, book), choices)
