"""What a message that is no cry tells of its writer: who is to go, at what stage, where to, when, whether money has gone.

Nothing is guessed: a field is empty unless words of content/topics/told.yml say it, for the first line of an answer states it
as told. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.text import excerpt, nfc, normalise
from bot.dialogue import triage
from bot.dialogue.reading import person
from bot.dialogue.triage import circumstances
from bot.phrases.books import book

INVITED, PLANS, LEAVING, BACK, PAID, RANSOMED = "invited", "plans", "leaving", "back", "paid", "ransomed"
STAGES = (INVITED, PLANS, LEAVING, BACK, PAID, RANSOMED)  # and "": not told
MATTERS = (
    "fear", "papers", "lover", "market", "along", "marry", "surrogacy", "eggs", "kidney", "baby", "boat", "task", "labour", "chat",
)  # fmt: skip  # the first that the words have
PLACES = (
    "mong_cai", "moc_bai", "ha_khau", "cambodia", "myanmar", "laos", "thailand", "china", "taiwan", "japan", "korea",
    "border", "abroad",
)  # fmt: skip  # the nearer first: of "Móng Cái, Trung Quốc" the town is said back
WHENS = ("tonight", "tomorrow", "today")
_BOOK = book("topics/told")
_WORDS = {name: _BOOK.words(name) for name in _BOOK.names()}
_READ = (1_000, 400)  # characters from the start and the end
_LONGEST = 140  # words; a longer text is an advert or a story with several people in it
_OWN = re.compile(rf"\b{book('danger/vi/people').part('me')}\b")


@dataclass(frozen=True)
class Told:
    """What was told; "" and False where nothing was.

    speaker: one of person.SPEAKERS. trade and whom: as in person.Person. stage: one of STAGES. matters: of MATTERS, every one
    that was named. to: of PLACES. when: of WHENS. paid: money has gone, whatever the stage. minor: who is to go is under
    eighteen. elder: the writer calls themself an elder. man: the writer says that he is one.
    """

    speaker: str = ""
    trade: str = ""
    whom: str = ""
    stage: str = ""
    matters: tuple[str, ...] = ()
    to: str = ""
    when: str = ""
    paid: bool = False
    minor: bool = False
    elder: bool = False
    man: bool = False


NOTHING = Told()


def read(message: str, *, before: str = "") -> Told:
    """Read a message. before: the speaker known so far. Never raises."""
    text = normalise(excerpt(nfc(message), *_READ))
    if not text or len(text.split()) > _LONGEST:
        return NOTHING
    masked, names = person.masked(text)
    along = _says("along", text) or _says("along", masked)
    paid = _says("paid", text)
    stage = _stage(text, masked, along=along)
    speaker, trade, whom = _speaker(text, masked, names, before, along=along)
    return Told(
        speaker, trade, whom, stage,
        matters=tuple(name for name in MATTERS if (along if name == "along" else _says(f"says_{name}", text))),
        to=next((name for name in PLACES if _says(f"to_{name}", text)), ""),
        when=_when(text) if stage in (LEAVING, PLANS) else "",
        paid=paid,
        minor=_says("minor", text),
        elder=_says("elder", text),
        man=_says("man", text),
    )  # fmt: skip


def _says(name: str, text: str) -> bool:
    return _WORDS[name].search(text) is not None


def _when(text: str) -> str:
    return next((name for name in WHENS if _says(name, text)), "")


def _stage(text: str, masked: str, *, along: bool) -> str:
    """Where in such a story somebody is; the one in which there is least time left comes first."""
    if _says("paid_ransom", text):
        return RANSOMED
    if _says("back", text) and not (_says("plans", text) or _says("not_back", text)):
        return BACK
    if _when(text) and _says("goes", text):
        return LEAVING
    if along or _says("invites_me", masked) or _says("invites_another", masked):
        return INVITED
    if _says("plans", text):
        return PLANS
    return PAID if _says("paid", text) else ""


def _speaker(text: str, masked: str, names: list[str], before: str, *, along: bool) -> tuple[str, str, str]:
    """(speaker, trade, whom). A relative who is only named beside the writer's own plans is nobody's news."""
    trade = person.trade_of(text)
    if trade:
        return person.PROFESSIONAL, trade, "pupil" if trade == "teacher" else ""
    own = _OWN.search(masked)
    if names and not along and not _says("invites_me", masked) and not _says("kin_bids", masked):
        found = re.search(r"\bkinx\b", masked)
        if found and (own is None or found.start() < own.start()):
            speaker = person.FRIEND if names[0] in person.FRIENDS else person.RELATIVE
            return speaker, "", names[0]
    if own is None:
        return (before, "", "") if before in (person.SELF, person.CHILD) else ("", "", "")
    return (person.CHILD if circumstances.is_child(text) else person.SELF), "", ""


def calm_meaning(message: str) -> str:
    """The meaning of a message about plans or an invitation of which nothing frightening is told, or "".

    A mother whose daughter wants to go, a teacher whose pupil does, who is asked along by a friend or by somebody met online: what
    they need is how to talk and to refuse, not an alarm. Only where the rules hear no danger at all.
    """
    found = read(message)
    if triage.assess(message).level != "none":
        return ""
    if found.stage not in (PLANS, INVITED) or _says("not_calm", normalise(excerpt(nfc(message), *_READ))):
        return ""
    if found.speaker in (person.RELATIVE, person.FRIEND, person.PROFESSIONAL) and found.stage == PLANS:
        return "ask_marriage_broker" if "marry" in found.matters else "ask_safe_migration"
    if found.speaker not in (person.SELF, person.CHILD) or found.stage != INVITED:
        return ""
    if {"chat", "labour"} & {*found.matters} or found.matters[:1] == ("along",):
        return "ask_light_work_high_pay"
    return "ask_online_lover_meeting" if {"lover", "market"} & {*found.matters} else ""
