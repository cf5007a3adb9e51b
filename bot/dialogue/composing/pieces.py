"""Which reviewed pieces make the answer of what was told, falling back step by step to the general card of the item.

A piece is a line of content/dialogue/composed/<language>.yml whose name says what it takes for granted:
`do_leaving_self_paid` is said to who leaves and has paid, and to nobody else. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

from bot.dialogue.composing import told as reading
from bot.dialogue.composing.told import Told
from bot.dialogue.reading import person
from bot.phrases.books import ROOT, data

TELLS = "told"  # the stage of who tells of a matter and of no stage
_OTHERS = (person.RELATIVE, person.FRIEND)
# What a matter is answered with where the classifier saw no topic; by stage where there is none.
_ITEMS = {
    "lover": "online_lover_meeting", "market": "online_lover_meeting", "marry": "marriage_broker",
    "surrogacy": "surrogacy", "eggs": "surrogacy", "kidney": "organ_trade", "boat": "fishing_boat_forced_labor",
    "task": "online_collaborator_scam", "labour": "job_abroad_check", "chat": "light_work_high_pay",
}  # fmt: skip
_BY_STAGE = {
    reading.INVITED: "light_work_high_pay", reading.PLANS: "safe_migration", reading.LEAVING: "safe_migration",
    reading.BACK: "returnee_support", reading.PAID: "fees_and_complaints",
}  # fmt: skip


@lru_cache(maxsize=4)
def names(language: str) -> frozenset[str]:
    """The pieces there are in a language; none in most."""
    if not (ROOT / "dialogue" / "composed" / f"{language}.yml").is_file():
        return frozenset()
    return frozenset(data(f"dialogue/composed/{language}")["lines"])


def of(stem: str, told: Told, language: str = "vi") -> str:
    """The piece `stem` for this person, or "" where there is none: the more of what was told a piece says, the earlier."""
    stage = told.stage or (TELLS if told.matters else "")
    if not stage or stage == reading.RANSOMED:
        return ""
    known = names(language)
    for who, matter, minor, paid, to in product(  # whom it is for before what it is about: nobody gets another's advice
        _speakers(told), (*told.matters, ""), _when("minor", told.minor), _when("paid", told.paid), _when("to", told.to)
    ):
        found = "_".join(filter(None, (stem, stage, matter, who, minor, paid, to)))
        if found in known:
            return found
    return ""


def _when(name: str, said: object) -> tuple[str, ...]:
    return (name, "") if said else ("",)


def _speakers(told: Told) -> tuple[str, ...]:
    if told.speaker in _OTHERS:
        return (told.speaker, "other", "")
    if told.speaker == person.PROFESSIONAL:
        return (told.trade, told.speaker, "")
    if told.speaker == person.CHILD:
        return (person.CHILD, person.SELF, "")
    return (told.speaker, "") if told.speaker else ("",)


def item_of(told: Told) -> str:
    """The page for what was told where the classifier saw no topic of ours, or ""."""
    if told.stage in (reading.BACK, reading.PAID) and "task" not in told.matters:
        return _BY_STAGE[told.stage]
    return next((_ITEMS[matter] for matter in told.matters if matter in _ITEMS), "") or _BY_STAGE.get(told.stage, "")


def brief(item: str, told: Told, language: str) -> str:
    """The short card of a page for this person, or "" where the page's own card stands."""
    others = told.speaker in (*_OTHERS, person.PROFESSIONAL)
    found = [f"brief_{item}_other"] if others else [f"brief_{item}_leaving"] if told.stage == reading.LEAVING else []
    return next((name for name in (*found, f"brief_{item}") if name in names(language)), "")
