"""Why something could not be sent, in words for operators (content/channels.yml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.content import yaml_text
from bot.core.errors import ConfigError


@dataclass(frozen=True)
class Reason:
    """why: what happened. todo: what to do about it, or "" when nothing is needed."""

    why: str
    todo: str = ""


@dataclass(frozen=True)
class Reasons:
    """Reasons by code; a key that ends in "*" stands for every code that begins like it."""

    known: Mapping[str, Reason] = field(default_factory=dict)

    def of(self, code: str) -> Reason:
        """The words for a code; for one nobody documented, words that show it."""
        found = self.known.get(code)
        if found is None:
            families = (key for key in self.known if key.endswith("*") and code.startswith(key[:-1]))
            found = self.known.get(next(families, ""))
        return found or Reason(f"Không gửi được (mã {code or '?'})", "Chạy `lachan check`.")


def load_reasons(content: Path) -> Reasons:
    """Raises ConfigError when the file is missing or incomplete."""
    try:
        found = yaml_text.load((content / "channels.yml").read_text(encoding="utf-8"))["reasons"]
        return Reasons({str(code): Reason(str(row["why"]), str(row.get("do") or "")) for code, row in found.items()})
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise ConfigError("content/channels.yml cannot be read or is incomplete") from None
