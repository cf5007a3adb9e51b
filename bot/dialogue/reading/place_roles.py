"""What a place is in the story: where somebody is held, was taken, is to be met, is at home, or where whoever is behind it lives.

Read from the words around it, by content/phrases; the words nearest before the place decide. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import replace

import bot.phrases as phrases
from bot.core.places.model import Resolution, Status
from bot.phrases.books import book

HAPPENED, HELD, TAKEN_TO, MEETING, HOME, RECRUITER = "happened", "held", "taken_to", "meeting", "home", "recruiter"
ROLES = (HELD, RECRUITER, MEETING, TAKEN_TO, HOME)  # those with words of their own; without any it happened there
# Whose police it is for, of two communes in one story: where it is done before where it was begun.
_ORDER = (HELD, HAPPENED, TAKEN_TO, MEETING, RECRUITER, HOME)
_CUT = re.compile(rf"[.;!?\n,]+|\s{book('interview/places').part('next_clause')}\s")
_MOST = 8  # clauses that are looked up


def role_of(words: str) -> str:
    """The role of a place named in `words`; HAPPENED where they do not say."""
    return next((role for role in ROLES if phrases.contains(words, f"place_{role}")), HAPPENED)


def apart(text: str, among: Collection[str], resolve: Callable[[str], Resolution]) -> list[tuple[str, Resolution]]:
    """(role, what was found) for each clause of a text that names one commune; [] unless two or more do.

    among: the communes the whole text may mean; a clause alone ("nhà em ở xã An Phú") may mean more.
    """
    found: list[tuple[str, Resolution]] = []
    for clause in [part for part in _CUT.split(text) if part and part.strip()][:_MOST]:
        one = resolve(clause)
        codes = tuple(code for code in one.codes if code in among)
        if len(codes) == 1 and all(codes != other.codes for _, other in found):
            found.append((role_of(clause), replace(one, status=Status.COMMUNE, codes=codes)))
    return found if len(found) > 1 else []


def leading(found: list[tuple[str, Resolution]]) -> tuple[str, Resolution] | None:
    """The place whose police it is for, where the roles decide it; None where two have the same role."""
    ranked = sorted(found, key=lambda one: _ORDER.index(one[0]))
    return ranked[0] if ranked and ranked[0][0] != ranked[1][0] else None
