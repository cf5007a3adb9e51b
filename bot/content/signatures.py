"""Who answers for what people read: the file in which an installation names a person for each reviewer's role.

The library names roles, never people, and ships without any. `role`: as `reviewer` in a content file; `name`, `office`: who signed; `day`: the
day until which everything reviewed is signed for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.content import yaml_text
from bot.core.errors import ConfigError

Reviewed = tuple[str, date]  # the reviewer's role, the day of the review


@dataclass(frozen=True)
class Signature:
    """name, office: a person; day: the last day of review this signature covers."""

    name: str
    office: str
    day: date


def read_signatures(path: Path | None) -> dict[str, Signature]:
    """Role -> signature; {} without a file. Raises ConfigError when the file cannot be read or a name is empty."""
    if path is None:
        return {}
    try:
        rows: list[dict[str, Any]] = yaml_text.load(path.read_text(encoding="utf-8"))["signed"]
        found = {str(row["role"]): _signature(row) for row in rows}
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError):
        raise ConfigError("LACHAN_REVIEWERS_FILE cannot be read") from None
    if any(len(one.name.split()) < 2 or not one.office.strip() or one.name == role for role, one in found.items()):
        raise ConfigError("LACHAN_REVIEWERS_FILE names nobody")
    return found


def unsigned(shown: Iterable[Reviewed], signatures: dict[str, Signature]) -> int:
    """How many of the shown texts nobody has signed for, or not since their last review."""
    return sum(1 for role, day in shown if role not in signatures or signatures[role].day < day)


def _signature(row: dict[str, Any]) -> Signature:
    day = row["day"]
    return Signature(
        str(row["name"]), str(row["office"]), day if isinstance(day, date) else date.fromisoformat(str(day))
    )
