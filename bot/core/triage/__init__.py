"""Is somebody in danger now? Decided apart from the 41 meanings, because a missed cry costs more than a card too many.

`assess` needs nothing but the text: the gateway uses it while no engine answers. `decide` weighs the same rules with the
classifier's probabilities. `final_intent` is the meaning after both, used by the engine's last component, hence the same
in the dialogue and in `lachan understand`. Reasons are names of rules, never words of the citizen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core import language
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


@dataclass(frozen=True)
class _Case:
    """A message looked at once: `code` is its language when it is surely not Vietnamese; `reading` when it is."""

    text: str
    code: str
    reading: Reading | None
    found: Triage
    calm: bool

    @staticmethod
    def of(text: str) -> _Case:
        code = foreign.language_of(text)
        if code:
            level, kind = foreign.cry(text, code)
            return _Case(text, code, None, Triage(level, kind, (f"foreign_{code}",)) if kind else NOTHING, False)
        reading = read(text)
        calm = rules.calming(reading)
        return _Case(text, "", reading, _judge(rules.find(reading), calm), _outweighed(calm))


def assess(text: str) -> Triage:
    """What the rules alone say about a message, in any language. Never raises."""
    return _Case.of(text).found


def _judge(findings: list[rules.Finding], calm: tuple[str, ...]) -> Triage:
    if not findings:
        return NOTHING
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
    return _decide(_Case.of(text), probabilities, danger)


def _decide(case: _Case, probabilities: Mapping[str, float] | None, danger: float | None) -> bool:
    if probabilities is None:
        return case.found.level == "emergency"
    likely = _mass(probabilities) if danger is None else danger
    if case.code:  # the classifier learned Vietnamese; in another language it only tips the scales
        return case.found.level == "emergency" or (case.found.level == "possible" and likely >= 0.5)
    return likely >= _THRESHOLDS[case.found.level, case.calm]


def _mass(probabilities: Mapping[str, float]) -> float:
    return sum(probabilities.get(name, 0.0) for name in EMERGENCY_INTENTS)


def _kind(case: _Case, probabilities: Mapping[str, float]) -> str:
    """Which emergency it is: the order of the rules (death, ransom, a child) before the likeliest."""
    likeliest = max(EMERGENCY_INTENTS, key=lambda name: probabilities.get(name, 0.0))
    if case.reading is None:
        return case.found.kind or likeliest
    found = {finding.kind for finding in rules.find(case.reading) if finding.strong}
    if "self_harm_distress" in found and probabilities.get("self_harm_distress", 0.0) >= 0.05:
        return "self_harm_distress"
    if "ransom_demand" in found and probabilities.get("ransom_demand", 0.0) >= 0.10:
        return "ransom_demand"
    if case.reading.minor and likeliest in ("emergency_in_danger", "emergency_other_person"):
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
    case = _Case.of(text)
    emergency = _decide(case, found or None, danger)
    if _in_another_language(case, found):
        return NON_VIETNAMESE, max(found.get(NON_VIETNAMESE, 0.0), 0.9), emergency
    if emergency:
        kind = _kind(case, found) if found else (case.found.kind or EMERGENCY_INTENTS[0])
        return kind, min(1.0, max(_mass(found), 0.5)), True
    return _calm_meaning(case, found)


def _calm_meaning(case: _Case, found: dict[str, float]) -> tuple[str, float, bool]:
    """The likeliest meaning that is no emergency, with its share of what is left."""
    ruled_out = set(EMERGENCY_INTENTS)
    if not case.code and language.is_vietnamese(case.text):
        ruled_out.add(NON_VIETNAMESE)
    calm = {name: p for name, p in found.items() if name not in ruled_out}
    if not calm:
        return UNKNOWN_INTENT, 0.0, False
    best = max(calm, key=lambda name: calm[name])
    return best, calm[best] / max(sum(calm.values()), 1e-9), False


def _in_another_language(case: _Case, probabilities: Mapping[str, float]) -> bool:
    """By its script, or by its words when there are enough of them or the classifier half agrees."""
    if not case.code:
        return False
    if case.code not in ("en", "fr") or len(case.text.split()) >= 4 or not probabilities:
        return True
    return probabilities.get(NON_VIETNAMESE, 0.0) >= 0.15
