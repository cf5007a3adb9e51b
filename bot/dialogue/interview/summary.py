"""The draft as short lines, to read it back. Pure; Python 3.10-compatible."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.core.text import fold
from bot.dialogue.interview import police
from bot.dialogue.interview.draft import SMALL, Draft, place_text


def summary(draft: Draft) -> dict[str, str]:
    """The draft as short lines for reading back; keys are those of the summary in content/dialogue."""
    where = draft.get("where") or {}
    lines = {
        "what": draft.get("what", ""),
        "where": _place_words(where, draft.get("what", "")),
        "taken": where.get("country", "") if where.get("status") != "foreign" else "",
        "when": draft.get("when", ""),
        "who": draft.get("who", ""),
        "people": str(draft.get("people") or ""),
        "child": "who:child" if draft.get("child") and draft.get("who") != "who:child" else "",
        "behind": draft.get("behind", ""),
        "traces": ", ".join(draft.get("traces", [])),
        "evidence": draft.get("evidence", ""),
        "files": str(len(draft["files"])) if draft.get("files") else "",
        "contact": draft.get("contact", ""),
        "police": police.ABOVE if police.goes_above(draft) else "",
    }
    return {key: value for key, value in lines.items() if value}


def _place_words(where: Mapping[str, Any], story: str) -> str:
    """The place as understood, and in brackets what the person wrote of it besides ("quán karaoke gần chợ")."""
    name, text = str(where.get("name") or ""), place_text(where, story)
    if not name or not text:
        return name or text
    parts = [part.replace(name, "").strip(" ,") for part in text.split("; ")]
    text = "; ".join(dict.fromkeys(part for part in parts if says_more(part, name)))
    return f"{name} ({text})" if text and len(text) <= _SHOWN_CHARS else name


def says_more(text: str, name: str) -> bool:
    """Whether what was written of a place says more than its name."""
    known = set(re.findall(r"\w+", fold(name))) | SMALL
    return bool(set(re.findall(r"\w+", fold(text))) - known)


_SHOWN_CHARS = 160
