"""The words everybody tries as a password, from content/passwords/common.txt."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.core.errors import ConfigError
from bot.settings import ROOT

FILE = ROOT / "content" / "passwords" / "common.txt"


@cache
def common_words(path: Path = FILE) -> frozenset[str]:
    """Raises ConfigError when the file is missing: without it weak passwords would pass."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ConfigError("content/passwords/common.txt cannot be read") from None
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
