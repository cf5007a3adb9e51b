"""People who were named before the interview in a few words that are no story by themselves. Pure; Python 3.10-compatible."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogue.interview import roles, routing
from bot.dialogue.interview.before import Entry
from bot.dialogue.interview.draft import Draft
from bot.dialogue.reading.speaker import tells_of_another

_FEW = 12  # words


def names_somebody(text: str) -> bool:
    """Whether few words say who somebody of the story is, or that the writer is under 18: "mình 16 tuổi", "nó tên Khoa"."""
    if len(text.split()) > _FEW:
        return False
    return bool(roles.young_speaker(text)) or (roles.of(text) in {roles.WHO, roles.BEHIND} and roles.describes(text))


def keep(draft: Draft, entries: Sequence[Entry]) -> None:
    """Put "mình học lớp 11", "thằng bồ tên Khoa" where they belong.

    Whoever says that they are under 18, and tells of nobody else, is a child in danger.
    """
    told = [str(entry.get("text") or "") for entry in entries]
    of_another = tells_of_another("\n".join(told))
    for words in told:
        young, side = roles.young_speaker(words), roles.of(words)
        if len(words.split()) > _FEW or (young and of_another):
            continue
        if young:
            draft["child"] = True
        if young or (side in {roles.WHO, roles.BEHIND} and roles.describes(words)):
            routing.add(draft, roles.WHO if young else side, words)
