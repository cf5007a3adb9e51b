"""The words the channel itself says (content/channels.yml)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.content import yaml_text
from bot.core.errors import ConfigError


@dataclass(frozen=True)
class Words:
    """location_hint and location_button invite to share a place; menu: (command, title)."""

    location_hint: str
    location_button: str
    menu: tuple[tuple[str, str], ...] = ()


def load_words(content: Path) -> Words:
    """Raises ConfigError when the file is missing or incomplete."""
    try:
        found = yaml_text.load((content / "channels.yml").read_text(encoding="utf-8"))["telegram"]
        menu = tuple((str(name), str(title)) for name, title in found["menu"])
        return Words(str(found["location_hint"]), str(found["location_button"]), menu)
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        raise ConfigError("content/channels.yml cannot be read or is incomplete") from None
