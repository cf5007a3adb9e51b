"""What the conversation wants said: a line of the phrasebook or a content item by name, and what fills its gaps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

Say = Mapping[str, Any]


def say(item: str, **args: Any) -> dict[str, Any]:
    """A reply: `item` is rendered in the person's language with `args`."""
    return {"say": item, "args": args}


class Book(Protocol):
    """What the conversation asks of a phrasebook: the titles of intents, by name."""

    @property
    def intents(self) -> Mapping[str, str]: ...


class Texts(Protocol):
    """What the conversation asks of whoever renders it."""

    def has_item(self, name: str) -> bool:
        """Whether the content library has the item."""

    def book(self, language: str) -> Book:
        """The phrasebook of a language."""
