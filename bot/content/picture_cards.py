"""The words on the picture cards, content/pictures/cards.yml: a title and a few lines, each with the mark before it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content import yaml_text
from bot.content.placeholders import read_filled
from bot.core.errors import ConfigError

FILE = "pictures/cards.yml"


@dataclass(frozen=True)
class Card:
    """lines: (mark, words); the mark is x for a sign of danger, v for what to do, o for a number or a fact."""

    title: str
    lines: tuple[tuple[str, str], ...]


def read_card(root: Path, picture: str, language: str = "vi") -> Card:
    """The words of the card whose picture this is. Raises ConfigError when there is none."""
    try:
        card = yaml_text.load(read_filled(root / FILE, root))["cards"][picture.removesuffix(".png")][language]
        return Card(str(card["title"]), tuple((line[0], line[2:]) for line in map(str, card["lines"])))
    except (OSError, yaml.YAMLError, KeyError, TypeError, IndexError):
        raise ConfigError(f"content/{FILE} has no card for {picture}") from None
