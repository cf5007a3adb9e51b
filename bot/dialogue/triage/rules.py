"""The rules: which concepts together are an emergency, of which kind, and what speaks against it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue.triage import heard
from bot.dialogue.triage.reading import Reading

SHORT_CRY = 7  # words; a cry this short needs no other sign
_HARM = ("CAPTIVE", "FORCED", "VIOLENCE", "SOLD")


@dataclass(frozen=True)
class Finding:
    """One rule that fired. `strong`: enough by itself when nothing speaks against it."""

    rule: str
    kind: str
    strong: bool


def calming(reading: Reading) -> tuple[str, ...]:
    """What says "not now, not real": rule names."""
    scan = reading.scan
    calm = [
        name for concept, name in (("IF", "hypothetical"), ("PAST", "past"), ("STORY", "story")) if scan.has(concept)
    ]
    if scan.has("TRIVIAL"):
        calm.append("trivial")
    if len(scan.of("AD")) >= 3:
        calm.append("advert")
    if scan.has("ASK") and not scan.has("CRY", "WEAK_CRY"):
        calm.append("question")
    if scan.has("REPORT"):
        calm.append("suspicion")
    return tuple(calm)


def _suicide(reading: Reading) -> list[Finding]:
    leapt = heard.no_death(reading.normal) and len(reading.scan.of("SUICIDE")) == 1
    if leapt or not reading.scan.has("SUICIDE"):
        return []
    return [Finding("wish_to_die", "self_harm_distress", True)]


def _ransom(reading: Reading) -> list[Finding]:
    scan = reading.scan
    if scan.has("RANSOM"):
        return [
            Finding(
                "ransom_word",
                "ransom_demand",
                scan.words <= SHORT_CRY or scan.has("MONEY_ASK", "RELEASE", "KIN", "SELF"),
            )
        ]
    if scan.near("MONEY_ASK", "RELEASE", 14, ordered=False):
        return [Finding("money_for_release", "ransom_demand", True)]
    return []


def _harm(reading: Reading) -> list[Finding]:
    scan = reading.scan
    kinds = [concept for concept in _HARM if scan.has(concept)]
    if not kinds:
        return []
    person = "SELF" if scan.has("SELF") else ""
    other = scan.has("KIN") or (scan.has("OTHER") and not person)
    strong = (
        len(kinds) > 1
        or scan.has("NOW", "CRY", "WEAK_CRY", "PLACE")
        or bool(person)
        or other
        or scan.words <= SHORT_CRY
    )
    if reading.minor:
        return [Finding("minor_" + kinds[0].lower(), "child_in_danger", strong)]
    kind = "emergency_other_person" if other else "emergency_in_danger"
    return [Finding(kinds[0].lower(), kind, strong)]


def _cry(reading: Reading) -> list[Finding]:
    scan = reading.scan
    if scan.has("CRY"):
        kind = "child_in_danger" if reading.minor else "emergency_in_danger"
        if scan.has("KIN", "OTHER") and kind == "emergency_in_danger" and not scan.has("SELF"):
            kind = "emergency_other_person"
        return [Finding("cry", kind, scan.words <= SHORT_CRY or scan.has("SELF", "KIN", "OTHER", "CHILD", *_HARM))]
    if scan.has("WEAK_CRY"):
        return [Finding("weak_cry", "emergency_in_danger", scan.words <= 5)]
    return []


def _missing(reading: Reading) -> list[Finding]:
    scan = reading.scan
    if not scan.has("MISSING"):
        return []
    someone = scan.has("KIN", "CHILD", "OTHER") or reading.minor
    strong = len(scan.of("MISSING")) > 1 or (someone and scan.has("MISSING"))
    return [Finding("gone", "missing_person", strong)]


def find(reading: Reading) -> list[Finding]:
    """Every rule that fires, in order of priority: death, ransom, harm, a cry, somebody gone."""
    return [*_suicide(reading), *_ransom(reading), *_harm(reading), *_cry(reading), *_missing(reading)]
