"""States of conversations as the previous version stored them: one flat object, its keys written by many modules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Key of version 1 -> where its value stands now.
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


def from_version_1(stored: Mapping[str, Any]) -> dict[str, Any]:
    """`stored` in the shape of today. Whether its values can be read is not looked at here."""
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
