"""Deadlines from content/clocks.yml: changed by an editor, not by a programmer."""

from __future__ import annotations

from pathlib import Path

import yaml

from bot.content import yaml_text
from bot.core.clocks import DAY, HOUR, MINUTE, Clocks
from bot.core.errors import ConfigError


def load_clocks(path: Path) -> Clocks:
    """Raises ConfigError when a value is missing or not a positive number."""
    try:
        data = yaml_text.load(path.read_text(encoding="utf-8"))
        clocks = Clocks(
            urgent_steps=tuple(float(m) * MINUTE for m in data["urgent_unread_minutes"]),
            receive=float(data["receive_hours"]) * HOUR,
            receive_remote=float(data["receive_remote_hours"]) * HOUR,
            verify=float(data["verify_days"]) * DAY,
            decide=float(data["decide_days"]) * DAY,
            decide_extended=float(data["decide_extended_days"]) * DAY,
            retention=float(data["retention_days"]) * DAY,
            erase_warning=float(data["erase_warning_hours"]) * HOUR,
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError):
        raise ConfigError("content/clocks.yml cannot be read") from None
    steps = clocks.urgent_steps
    if (
        list(steps) != sorted(steps)
        or min(steps, default=0) <= 0
        or min(clocks.receive, clocks.decide, clocks.retention) <= 0
    ):
        raise ConfigError("content/clocks.yml: durations must be positive and in order")
    return clocks
