"""An answer given after sending, as its readers see it: what was read from the words, beside the words. Pure; Python 3.10-compatible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.dialogue.interview import places_told

_SECTIONS = ("where", "when", "who", "behind", "evidence")


def rows(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, words or a button's code) of what an entry's words were read as, where they do not say just that."""
    facts, text = entry.get("facts") or {}, str(entry.get("text") or "").strip()
    found = [(name, str(facts[name])) for name in _SECTIONS if facts.get(name) and str(facts[name]).strip() != text]
    found += list(places_told.by_role(dict(facts)).items())
    if facts.get("people"):
        found.append(("people", str(facts["people"])))
    if facts.get("child"):
        found.append(("child", "who:child"))
    if facts.get("traces") and list(facts["traces"]) != [text]:
        found.append(("traces", ", ".join(map(str, facts["traces"]))))
    return found
