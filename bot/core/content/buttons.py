"""The grammar of button ids in content: `say:ITEM`, `more:ITEM`, `do:ACT`."""

from __future__ import annotations

from dataclasses import dataclass

ACTS = frozenset(
    {
        "report_tip",
        "urgent_tip",
        "report_tip_status",
        "check_offer",
        "self_screening",
        "subscribe",
        "ask_human",
        "menu",
    }
)
VERBS = frozenset({"say", "more", "do"})
MAX_BUTTONS = 5  # Zalo shows at most five
MAX_TITLE = 40  # characters that fit one line of a small phone


@dataclass(frozen=True)
class Target:
    """Where a button leads. verb: say | more | do. name: an item id, or for `do` one of ACTS."""

    verb: str
    name: str


def parse(button_id: str) -> Target | None:
    """The target of a content button, or None when the id is not in the grammar."""
    verb, separator, name = button_id.partition(":")
    if not separator or verb not in VERBS or not name:
        return None
    if verb == "do" and name not in ACTS:
        return None
    return Target(verb, name)
