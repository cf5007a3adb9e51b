"""What the reader of a tip cannot see from its answers: what was asked in vain, and what nobody asked. Pure; Python 3.10-compatible."""

from __future__ import annotations

from bot.dialogue.interview.draft import Draft
from bot.dialogue.interview.routing import SLOTS

_ALSO = {
    "who": ("people", "child"),
    "behind": ("traces",),
    "evidence": ("files",),
}  # what a question is answered by besides


def left_open(draft: Draft) -> dict[str, list[str]]:
    """What the reader of a tip cannot see from its answers: what was asked in vain, and what nobody asked."""
    unasked = draft.get("unasked") or [q for q in SLOTS if q not in draft["done"]]
    where = draft.get("where") or {}
    told = {q for q in SLOTS if any(draft.get(name) for name in (q, *_ALSO.get(q, ())))} - {"where"}
    told |= {"where"} if any(where.get(key) for key in ("code", "text", "name")) else set()
    unanswered = [q for q in SLOTS if q not in unasked and q not in told]
    found = {"unanswered": unanswered, "unasked": [q for q in unasked if q not in told]}
    return {name: questions for name, questions in found.items() if questions}
