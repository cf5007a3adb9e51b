"""Is somebody in danger now? Decided apart from the 46 meanings, because a missed cry costs more than a card too many.

`assess` needs nothing but the text: the gateway uses it while no engine answers. `decide` weighs the same rules with the
classifier's probabilities. `final_intent` is the meaning after both, used by the engine's last component, hence the same
in the dialogue and in `lachan understand`. Reasons are names of rules, never words of the citizen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core import language
from bot.core.once import once
from bot.dialogue.triage import foreign, frames, rules
from bot.dialogue.triage.frames import NO_FRAME, Frame
from bot.dialogue.triage.reading import Reading, read

EMERGENCY_INTENTS = (
    "emergency_in_danger",
    "emergency_other_person",
    "child_in_danger",
    "missing_person",
    "ransom_demand",
    "sextortion",
    "fake_police_call",
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

_SPECIAL = frozenset({"missing_person", "ransom_demand", "sextortion", "fake_police_call", "self_harm_distress"})
_SPECIAL_FROM = 0.15  # their probability from which their card is shown without a rule that says so
_DOUBTED = frozenset({"missing_person", "sextortion"})  # without a word of it these need the classifier to be...
_SURE = 0.5  # ...so sure


@dataclass(frozen=True)
class _Case:
    """A message looked at once: `code` is its language when it is surely not Vietnamese; `reading` when it is.

    `frame`: the sentence it surely is, which neither the rules nor the model overrule.
    """

    text: str
    code: str
    reading: Reading | None
    found: Triage
    calm: bool
    frame: Frame = NO_FRAME

    @staticmethod
    def of(text: str) -> _Case:
        code = foreign.language_of(text)
        if code:
            level, kind = foreign.cry(text, code)
            return _Case(text, code, None, Triage(level, kind, (f"foreign_{code}",)) if kind else NOTHING, False)
        reading = read(text)
        calm, frame = rules.calming(reading), frames.look(reading)
        if frame.kind:
            return _Case(text, "", reading, Triage("emergency", frame.kind, (frame.rule,)), False, frame)
        if frame.calm or _only_an_idiom(reading):
            return _Case(text, "", reading, NOTHING, True, frame if frame.calm else Frame(calm="idiom"))
        return _Case(text, "", reading, _judge(rules.find(reading), calm), _outweighed(calm), frame)


def _only_an_idiom(reading: Reading) -> bool:
    others = [finding for finding in rules.find(reading) if finding.kind != frames.SELF_HARM]
    return frames.is_idiom(reading) and not others


@once
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
    if probabilities is None or case.frame.kind or case.frame.calm:
        return case.found.level == "emergency"
    if (
        case.reading is not None
        and case.found.level == "emergency"
        and not case.calm
        and frames.says_to_be_held(case.reading)
    ):
        return True
    likely = _mass(probabilities) if danger is None else danger
    if case.code:  # the classifier learned Vietnamese; in another language it only tips the scales
        return case.found.level == "emergency" or (case.found.level == "possible" and likely >= 0.5)
    return likely >= _THRESHOLDS[case.found.level, case.calm]


def _mass(probabilities: Mapping[str, float]) -> float:
    return sum(probabilities.get(name, 0.0) for name in EMERGENCY_INTENTS)


def _kind(case: _Case, probabilities: Mapping[str, float]) -> str:
    """Which emergency it is: the order of the rules (death, ransom, a child) before the likeliest."""
    if case.frame.kind:
        return case.frame.kind
    likeliest = max(EMERGENCY_INTENTS, key=lambda name: probabilities.get(name, 0.0))
    if case.reading is None:
        return case.found.kind or likeliest
    found = {finding.kind for finding in rules.find(case.reading) if finding.strong}
    if "self_harm_distress" in found and probabilities.get("self_harm_distress", 0.0) >= 0.01:
        return "self_harm_distress"
    unfit = {name for name in _unfit(case.reading) if name not in _DOUBTED or probabilities.get(name, 0.0) < _SURE}
    if "ransom_demand" in found - unfit and probabilities.get("ransom_demand", 0.0) >= 0.10:
        return "ransom_demand"
    likeliest = max((name for name in EMERGENCY_INTENTS if name not in unfit), key=lambda n: probabilities.get(n, 0.0))
    others = probabilities.get("emergency_other_person", 0.0)
    if likeliest in _SPECIAL - found and probabilities.get(likeliest, 0.0) < _SPECIAL_FROM:
        # Danger, but of no kind that has advice of its own: the general card of whoever is meant.
        told = case.reading.scan.has("KIN", "OTHER") and not case.reading.scan.has("SELF")
        likeliest = "emergency_other_person" if told else "emergency_in_danger"
    if (
        likeliest == "emergency_in_danger"
        and case.reading.scan.has("KIN")
        and others >= 0.3 * probabilities.get(likeliest, 0.0)
    ):
        likeliest = "emergency_other_person"
    if case.reading.minor and likeliest in ("emergency_in_danger", "emergency_other_person"):
        return "child_in_danger"
    return likeliest


def _unfit(reading: Reading) -> set[str]:
    """Kinds whose card would be the wrong advice: "keep them talking" without anybody held, pills without despair."""
    unfit = set()
    if not frames.somebody_held(reading):
        unfit.add(frames.RANSOM)
    if not frames.sign_of_despair(reading):
        unfit.add(frames.SELF_HARM)
    if not frames.speaks_of_pictures(reading):
        unfit.add(frames.SEXTORTION)
    if not frames.speaks_of_somebody_gone(reading):
        unfit.add("missing_person")
    return unfit


def _fitting(case: _Case, probabilities: dict[str, float], danger: float | None) -> float | None:
    """The probability of danger without what a kind adds for which the message holds no sign at all."""
    if case.reading is None or frames.sign_of_despair(case.reading):
        return danger
    despair = probabilities.get(frames.SELF_HARM, 0.0)
    others = _mass(probabilities) - despair
    return min(_mass(probabilities) if danger is None else danger, others) if despair > others else danger


def final_intent(
    text: str, ranking: Iterable[Mapping[str, object]], danger: float | None = None
) -> tuple[str, float, bool]:
    """(intent, confidence, emergency) of a message given the classifier's full ranking (Rasa's name/confidence rows).

    An emergency never hides behind another meaning, and another meaning never hides behind an emergency that is not.
    """
    found = {str(row["name"]): float(row["confidence"]) for row in ranking if row.get("name")}  # type: ignore[arg-type]
    found.pop("nlu_fallback", None)
    case = _Case.of(text)
    emergency = _decide(case, found or None, _fitting(case, found, danger))
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
    best = max(calm, key=lambda name: calm[name], default="")
    if case.frame.meaning in calm and best not in ("report_tip", "report_tip_status"):
        return case.frame.meaning, max(calm.get(case.frame.meaning, 0.0), 0.9), False
    if not calm:
        return UNKNOWN_INTENT, 0.0, False
    return best, calm[best] / max(sum(calm.values()), 1e-9), False


def _in_another_language(case: _Case, probabilities: Mapping[str, float]) -> bool:
    """By its script, or by its words when there are enough of them or the classifier half agrees."""
    if not case.code:
        return False
    if case.code not in ("en", "fr") or len(case.text.split()) >= 4 or not probabilities:
        return True
    return probabilities.get(NON_VIETNAMESE, 0.0) >= 0.15
