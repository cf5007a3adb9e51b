"""States of conversations as earlier versions stored them.

Version 1 was one flat object, its keys written by many modules. Version 2 knew of a person that they are abroad, cannot call, are
a child; a state without `version` is of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Key of version 1 -> where its value stood in version 2.
WHERE: dict[str, tuple[str, ...]] = {
    "language": ("language",),
    "engine": ("engine",),
    "unsure": ("unsure",),
    "asked_about": ("asked_about",),
    "carded": ("card", "near"),
    "card": ("card", "item"),
    "cry": ("card", "cry"),
    "step": ("card", "step"),
    "despair": ("card", "despair"),
    "paid": ("card", "paid"),
    "shown": ("card", "shown"),
    "cards": ("interview_cards",),
    "abroad": ("signs", "abroad"),
    "mute": ("signs", "mute"),
    "young": ("signs", "young"),
    "lure": ("lure", "near"),
    "lure_step": ("lure", "step"),
    "offend": ("offend", "near"),
    "offend_step": ("offend", "step"),
    "before": ("before",),
    "sent_at": ("sent_at",),
    "code": ("receipt", "code"),
    "code_part": ("receipt", "part"),
    "receipt_row": ("receipt", "row"),
    "clock": ("clock",),
    "view": ("view",),
    "originals_until": ("files", "originals_until"),
    "traces_told": ("files", "told"),
    "unclean": ("files", "unclean"),
    "offered": ("offered", "choices"),
    "offered_at": ("offered", "at"),
    "signup": ("signup",),
    "repeats": ("repeats",),
    "cried": ("cried_at",),
}
FORGOTTEN = {"draft": {"forgotten": True}}  # the engine's state after the idle hour: a draft is gone


def up_to_date(stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """`stored` in the shape of today. Whether its values can be read is not looked at here."""
    if "version" not in stored:
        return from_version_2(from_version_1(stored))
    return from_version_2(stored) if stored["version"] == 2 else stored


def from_version_2(stored: Mapping[str, Any]) -> dict[str, Any]:
    """`stored`, of version 2, in the shape of today."""
    signs = stored.get("signs")
    if not isinstance(signs, Mapping):
        return dict(stored)
    found = {"mute": signs["mute"]} if "mute" in signs else {}
    if signs.get("abroad") is True:
        found["place"] = "abroad"
    if signs.get("young") is True:
        found["speaker"] = "child"
    return {**stored, "signs": found}


def from_version_1(stored: Mapping[str, Any]) -> dict[str, Any]:
    """`stored`, of version 1, in the shape of version 2."""
    found: dict[str, Any] = {}
    for key, (first, *rest) in WHERE.items():
        if key not in stored:
            continue
        if rest:
            found.setdefault(first, {})[rest[0]] = stored[key]
        else:
            found[first] = stored[key]
    if found.get("engine") == FORGOTTEN:
        found["draft_forgotten"] = bool(found.pop("engine"))
    if isinstance(found.get("repeats"), Mapping):
        found["repeats"] = [_repeat(digest, row) for digest, row in found["repeats"].items()]
    return found


def _repeat(digest: Any, row: Any) -> dict[str, Any]:
    times, since = row if isinstance(row, list) and len(row) == 2 else (None, None)
    return {"digest": digest, "count": times, "since": since}
