"""How composed pieces become bubbles: what was understood with the one thing to do, then the short card with its buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.content.phrasebooks import Line, Phrasebook
from bot.core.messages import Choice, OutboundMessage

AGAIN = frozenset({"again", "again_2", "again_lost"})


def has_pieces(book: Phrasebook, args: Mapping[str, Any]) -> bool:
    """Whether an answer is begun with what was told."""
    return args.get("seen") in book.lines and args.get("todo") in book.lines


def first(book: Phrasebook, args: Mapping[str, Any]) -> str:
    """The first line and the one thing to do, and a sentence beside them where there is one."""
    told = [book.lines[str(args[key])].text for key in ("seen", "todo", "note") if args.get(key) in book.lines]
    return "\n".join(filled(text, args, book) for text in told)


def bubbles(book: Phrasebook, args: Mapping[str, Any], card: OutboundMessage) -> list[OutboundMessage]:
    """What was understood in one bubble, the card in another. card: the page's own, which stands where it has no short one."""
    item = {"item": card.meta["item"]}
    asked = book.lines.get(str(args.get("asked")), Line(""))
    choices = _choices(asked, args, book) or card.choices
    told, question = first(book, args), filled(asked.text, args, book)
    if args.get("again"):
        return [OutboundMessage(text="\n".join(filter(None, [told, question])), choices=choices, meta=item)]
    brief = book.lines.get(str(args.get("brief")))
    if brief is None:
        return [OutboundMessage(text=told, meta=item), replace(card, meta=item | {"part": "2"})]
    text = "\n".join(filter(None, [filled(brief.text, args, book), question]))
    return [
        OutboundMessage(text=told, meta=item),
        OutboundMessage(text=text, choices=choices, meta=item | {"part": "2"}),
    ]


def line(book: Phrasebook, name: str, args: Mapping[str, Any]) -> OutboundMessage:
    """One piece by itself."""
    found = book.lines[name]
    return OutboundMessage(
        text=filled(found.text, args, book), choices=_choices(found, args, book), meta={"item": name}
    )


def _choices(line: Line, args: Mapping[str, Any], book: Phrasebook) -> tuple[Choice, ...]:
    """The buttons of a piece, each once: the page it is about may be one that it leads to anyway."""
    found: dict[str, Choice] = {}
    for choice in (_leading(choice, args, book) for choice in line.choices):
        found.setdefault(choice.id, choice)
    return tuple(found.values())


def _leading(choice: Choice, args: Mapping[str, Any], book: Phrasebook) -> Choice:
    return Choice(choice.id.replace("{item}", str(args.get("item", ""))), filled(choice.title, args, book))


def filled(text: str, args: Mapping[str, Any], book: Phrasebook) -> str:
    """`text` with what was told in its places. Only codes of the book fill them, never a word of the writer's."""
    for key, kind in (("to", "to"), ("when", "when"), ("whom", "whom"), ("you", "you")):
        word = book.values.get(f"{kind}:{args.get(key)}", "")
        text = text.replace("{" + key + "}", word).replace("{" + key.capitalize() + "}", word[:1].upper() + word[1:])
    return text
