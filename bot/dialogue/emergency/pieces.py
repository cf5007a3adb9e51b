"""Which reviewed piece fits this person: by speaker, place and what they can, falling back step by step to the general words.

A piece is a line of content/dialogue/cards/<language>.yml whose name ends in whom it is for: `act_danger_relative_cambodia_text`.
Its name asserts what its words may take for granted; so a piece for one speaker is never used for another. Pure; Python
3.10-compatible.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from bot.dialogue.reading import person
from bot.dialogue.state import Signs
from bot.phrases.books import ROOT, data

OTHERS = frozenset({person.RELATIVE, person.FRIEND})  # who is not there, and fears for somebody
SEEN = frozenset({person.WITNESS, person.PROFESSIONAL, person.TOOK_PART})  # who sees it


@lru_cache(maxsize=8)
def names(language: str) -> frozenset[str]:
    """The pieces there are in a language; none in most."""
    if not (ROOT / "dialogue" / "cards" / f"{language}.yml").is_file():
        return frozenset()
    return frozenset(data(f"dialogue/cards/{language}")["lines"])


def of(stem: str, signs: Signs, language: str) -> str:
    """The piece `stem` for this person, or "" where the general words stay."""
    known = names(language)
    tails = product(_speakers(signs), _places(signs), _hands(signs))
    return next((found for tail in tails if (found := "_".join([stem, *filter(None, tail)])) in known), "")


def _speakers(signs: Signs) -> list[str]:
    if signs.speaker in OTHERS:
        return [signs.speaker, "other", ""]
    if signs.speaker in SEEN:
        return [*filter(None, [signs.trade]), signs.speaker, "seen", ""]
    return [signs.speaker, ""] if signs.speaker else [""]


def _places(signs: Signs) -> list[str]:
    if person.foreign(signs.place):
        return [signs.place, person.ABROAD, ""]
    return [signs.place, ""] if signs.place else [""]


def _hands(signs: Signs) -> list[str]:
    return ["watched", "text", ""] if signs.watched else ["text", ""] if signs.mute else [""]
