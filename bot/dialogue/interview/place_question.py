"""In which words "which commune?" is put, never twice in the same. Pure; Python 3.10-compatible."""

from __future__ import annotations

from bot.dialogue.interview.draft import Draft

_COMMUNE, _AGAIN = "tip_pick_commune", "tip_pick_again"


def next_line(draft: Draft) -> str:
    """The line that asks for what is still unknown of the place. It counts as said: the next time other words are."""
    where, said = draft.get("where") or {}, list(draft.get("pick_lines") or ())
    question = where.get("question") or {}
    first = str(question.get("line") or ("tip_pick" if question.get("options") else _COMMUNE))
    others = (_COMMUNE, _AGAIN) if where.get("province") else (_AGAIN, _COMMUNE)
    line = next((one for one in (first, *others) if one not in said), others[-1])
    draft["pick_lines"] = [*said, line]
    return line
