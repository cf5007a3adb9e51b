"""Is somebody in danger now? Decided apart from the 41 meanings, because a missed cry costs more than a card too many.

`assess` needs nothing but the text: the gateway uses it while no engine answers. `decide` weighs the same rules with the
classifier's probabilities. `final_intent` is the meaning after both, used by the engine's last component, hence the same
in the dialogue and in `lachan understand`. Reasons are names of rules, never words of the citizen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.triage import foreign, rules
from bot.core.triage.reading import Reading, read

EMERGENCY_INTENTS = (
    "emergency_in_danger",
    "emergency_other_person",
    "child_in_danger",
    "missing_person",
    "ransom_demand",
    "self_harm_distress",
)
NON_VIETNAMESE = "non_vietnamese"
UNKNOWN_INTENT = "out_of_scope"  # what a message without any known word is taken for


@dataclass(frozen=True)
class Triage:
    """level: "none", "possible" or "emergency". kind: one of EMERGENCY_INTENTS, or "". reasons: names of rules."""

    level: str
    kind: str = ""
    reasons: tuple[str, ...] = ()


NOTHING = Triage("none")

# The summed probability of the six emergency meanings from which the answer is "emergency", by what the rules say.
# Chosen on training messages held out of the fit (docs/nlu-report.md), for recall first.
_THRESHOLDS = {
    ("emergency", False): 0.25,
    ("emergency", True): 0.45,
    ("possible", False): 0.25,
    ("possible", True): 0.35,
    ("none", False): 0.32,
    ("none", True): 0.35,
}


def assess(text: str) -> Triage:
    """What the rules alone say about a message, in any language. Never raises."""
    code = foreign.language_of(text)
    if code:
        level, kind = foreign.cry(text, code)
        return Triage(level, kind, (f"foreign_{code}",)) if kind else NOTHING
    return _assess(read(text))


def _assess(reading: Reading) -> Triage:
    findings = rules.find(reading)
    if not findings:
        return NOTHING
    calm = rules.calming(reading)
    strong = [finding for finding in findings if finding.strong]
    first = (strong or findings)[0]
    reasons = (*(finding.rule for finding in findings), *calm)
    if strong and not _outweighed(calm):
        return Triage("emergency", first.kind, reasons)
    if strong or not _outweighed(calm):
        return Triage("possible", first.kind, reasons)
    return NOTHING


def _outweighed(calm: tuple[str, ...]) -> bool:
    return any(name in calm for name in ("hypothetical", "past", "story", "advert", "question", "trivial"))


def decide(text: str, probabilities: Mapping[str, float] | None, danger: float | None = None) -> bool:
    """True when somebody is in danger now.

    `probabilities`: intent -> probability, or None without a classifier. `danger`: the classifier's own probability of
    danger where it has one; otherwise the sum over the six emergency intents stands for it.
    """
    code = foreign.language_of(text)
    if code:
        level, _ = foreign.cry(text, code)
        return level == "emergency" or (level == "possible" and _mass(probabilities) >= 0.5)
    reading = read(text)
    found = _assess(reading)
    if probabilities is None:
        return found.level == "emergency"
    calm = bool(rules.calming(reading)) and _outweighed(rules.calming(reading))
    likely = _mass(probabilities) if danger is None else danger
    return likely >= _THRESHOLDS[found.level, calm]


def _mass(probabilities: Mapping[str, float] | None) -> float:
    return sum((probabilities or {}).get(name, 0.0) for name in EMERGENCY_INTENTS)


def _kind(text: str, probabilities: Mapping[str, float]) -> str:
    """Which emergency it is: the order of the rules (death, ransom, a child) before the likeliest."""
    likeliest = max(EMERGENCY_INTENTS, key=lambda name: probabilities.get(name, 0.0))
    if foreign.language_of(text):
        return assess(text).kind or likeliest
    reading = read(text)
    found = {finding.kind for finding in rules.find(reading) if finding.strong}
    if "self_harm_distress" in found and probabilities.get("self_harm_distress", 0.0) >= 0.05:
        return "self_harm_distress"
    if "ransom_demand" in found and probabilities.get("ransom_demand", 0.0) >= 0.10:
        return "ransom_demand"
    if reading.minor and likeliest in ("emergency_in_danger", "emergency_other_person"):
        return "child_in_danger"
    return likeliest


def final_intent(
    text: str, ranking: Iterable[Mapping[str, object]], danger: float | None = None
) -> tuple[str, float, bool]:
    """(intent, confidence, emergency) of a message given the classifier's full ranking (Rasa's name/confidence rows).

    An emergency never hides behind another meaning, and another meaning never hides behind an emergency that is not.
    """
    found = {str(row["name"]): float(row["confidence"]) for row in ranking if row.get("name")}  # type: ignore[arg-type]
    found.pop("nlu_fallback", None)
    emergency = decide(text, found or None, danger)
    if _foreign_only(text, found):
        return NON_VIETNAMESE, max(found.get(NON_VIETNAMESE, 0.0), 0.9), emergency
    mass = _mass(found)
    if emergency:
        kind = _kind(text, found) if found else (assess(text).kind or EMERGENCY_INTENTS[0])
        return kind, max(mass, found.get(kind, 0.0), 0.5), True
    calm = {name: p for name, p in found.items() if name not in EMERGENCY_INTENTS}
    if not calm:
        return UNKNOWN_INTENT, 0.0, False
    best = max(calm, key=lambda name: calm[name])
    return best, calm[best] / max(1.0 - mass, calm[best], 1e-9), False


def _foreign_only(text: str, probabilities: Mapping[str, float]) -> bool:
    """True when the message is in another language: by its script, or by its words if the classifier half agrees."""
    code = foreign.language_of(text)
    if not code:
        return False
    if code not in ("en", "fr"):
        return True
    return probabilities.get(NON_VIETNAMESE, 1.0 if not probabilities else 0.0) >= 0.15
