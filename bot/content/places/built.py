"""The gazetteer from the file built at set-up: a few tens of milliseconds to load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.content.places.compile import compile_gazetteer, digest
from bot.core.places.gazetteer import FORMAT, Gazetteer
from bot.settings import ROOT

CONTENT = ROOT / "content" / "places"
BUILT = ROOT / ".build" / "gazetteer.json"


def load_gazetteer(built: Path = BUILT, content: Path = CONTENT) -> Gazetteer:
    """From the built file when it is current, else compiled on the spot (a second). Raises ConfigError without tables."""
    data: dict[str, Any] | None = None
    if built.is_file():
        try:
            data = json.loads(built.read_text("utf-8"))
        except ValueError:
            data = None
    if data is None or data.get("format") != FORMAT or data.get("digest") != digest(content):
        data = compile_gazetteer(content)
    return Gazetteer(data)


def build(built: Path = BUILT, content: Path = CONTENT) -> Gazetteer:
    """Compile and write the file `load_gazetteer` reads; replaced in one step so that a reader never sees half of it."""
    data = compile_gazetteer(content)
    built.parent.mkdir(parents=True, exist_ok=True)
    half = built.with_suffix(".part")
    half.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")), "utf-8")
    half.replace(built)
    return Gazetteer(data)
