"""The learned half of the offer check: linear models over word runs, read from content/offers/model.json.

Three questions: whether the text is an offer at all (frame), which signs a clause has (signals), and how worrying the whole is
together with what the rules found (risk). Made by `lachan model offers` from nlu_data/offers and tests/eval_offers; numbers only,
no code. Standard library only: the check works while the engine is away.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.offers.wording import Clause, together

FRAMES = ("offer", "told", "warning", "none")
EVIDENCE = ("wording", "points", "grave", "signs", "assured", "clauses")  # what the risk is weighed of, in this order
VERSION = 1


class ModelError(ValueError):
    """The file is not a model of this version."""


@dataclass(frozen=True)
class Learned:
    """What the model makes of a text. wording: log odds of danger by its words alone. frames: probabilities by FRAMES.

    signals: (sign, probability, clause) for each sign that a clause is likely to have. heaviest: the clause that speaks
    most for danger, None when there are no words.
    """

    wording: float
    frames: Mapping[str, float]
    signals: tuple[tuple[str, float, Clause], ...]
    heaviest: Clause | None


@dataclass(frozen=True)
class OfferModel:
    """runs: run of words -> (rarity, weight for danger, weights for FRAMES, sparse weights for `signals`).

    bias, frame_bias, signal_bias: constants. bars: probability from which a sign is named. mix, mix_bias: the risk's weights
    over EVIDENCE. high, medium, low: risks (probabilities) from and below which the words of the verdict are chosen.
    warning, nothing: probabilities of a frame from which a text is taken for no offer. inputs: digest of what it was made from.
    """

    runs: Mapping[str, tuple[float, float, tuple[float, ...], tuple[tuple[int, float], ...]]] = field(repr=False)
    bias: float
    frame_bias: tuple[float, ...]
    signals: tuple[str, ...]
    signal_bias: tuple[float, ...]
    bars: tuple[float, ...]
    mix: tuple[float, ...]
    mix_bias: float
    high: float
    medium: float
    low: float
    warning: float
    nothing: float
    inputs: str

    def read(self, parts: Sequence[Clause]) -> Learned:
        """Weigh the clauses of a text."""
        values = self._values(together(parts))
        wording, frames = self.bias, list(self.frame_bias)
        for run, value in values.items():
            _, weight, by_frame, _ = self.runs[run]
            wording += value * weight
            for i, part in enumerate(by_frame):
                frames[i] += value * part
        signals: dict[str, tuple[float, Clause]] = {}
        heaviest, most = None, -math.inf
        for clause in parts:
            weight = sum(values[run] * self.runs[run][1] for run in clause.runs if run in values)
            if weight > most:
                heaviest, most = clause, weight
            for sign, p in self._signs(clause):
                if p > signals.get(sign, (0.0, clause))[0]:
                    signals[sign] = (p, clause)
        named = tuple((sign, p, clause) for sign, (p, clause) in signals.items())
        return Learned(wording, dict(zip(FRAMES, _softmax(frames), strict=True)), named, heaviest)

    def risk(self, evidence: Sequence[float]) -> float:
        """Probability of danger by the evidence, in the order of EVIDENCE."""
        return _sigmoid(self.mix_bias + sum(w * x for w, x in zip(self.mix, evidence, strict=True)))

    def _values(self, runs: Counter[str]) -> dict[str, float]:
        found = {run: (1 + math.log(n)) * self.runs[run][0] for run, n in runs.items() if run in self.runs}
        length = math.sqrt(sum(value * value for value in found.values())) or 1.0
        return {run: value / length for run, value in found.items()}

    def _signs(self, clause: Clause) -> list[tuple[str, float]]:
        scores: dict[int, float] = {}
        for run, value in self._values(clause.runs).items():
            for sign, weight in self.runs[run][3]:
                scores[sign] = scores.get(sign, 0.0) + value * weight
        return [(self.signals[sign], _sigmoid(score + self.signal_bias[sign])) for sign, score in scores.items()]


UNTRAINED = OfferModel(
    runs={}, bias=0.0, frame_bias=(0.0,) * len(FRAMES), signals=(), signal_bias=(), bars=(), mix=(0.0,) * len(EVIDENCE),
    mix_bias=0.0, high=1.0, medium=1.0, low=0.0, warning=1.0, nothing=1.0, inputs="",
)  # fmt: skip


def evidence(wording: float, points: float, grave: bool, signs: int, assured: int, clauses: float) -> tuple[float, ...]:
    """The numbers the risk is weighed of, bounded so that no one of them decides alone. points: of the rules; signs: how many
    they found; assured: kinds of honest words; clauses: probability of the likeliest learned sign."""
    return (
        wording,
        min(max(points, -2.0), 6.0) / 3,
        float(grave),
        min(signs, 4) / 2,
        min(assured, 3) / 2,
        clauses,
    )


def parse(data: Mapping[str, Any]) -> OfferModel:
    """The model of a decoded file. Raises ModelError."""
    try:
        if data["version"] != VERSION:
            raise ModelError("version")
        runs = {
            run: (float(rarity), float(danger), tuple(map(float, frames)), tuple((int(i), float(w)) for i, w in signs))
            for run, rarity, danger, frames, signs in data["runs"]
        }
        signals = tuple(map(str, data["signals"]))

        def row(name: str) -> tuple[float, ...]:
            return tuple(map(float, data[name]))

        model = OfferModel(
            runs=runs, bias=float(data["bias"]), frame_bias=row("frame_bias"), signals=signals,
            signal_bias=row("signal_bias"), bars=row("bars"), mix=row("mix"), mix_bias=float(data["mix_bias"]),
            high=float(data["high"]), medium=float(data["medium"]), low=float(data["low"]),
            warning=float(data["warning"]), nothing=float(data["nothing"]), inputs=str(data["inputs"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(type(error).__name__) from None
    right = len(model.mix) == len(EVIDENCE) and len(model.frame_bias) == len(FRAMES)
    if not right or len(model.signal_bias) != len(signals) or len(model.bars) != len(signals):
        raise ModelError("lengths")
    return model


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-max(min(x, 30.0), -30.0)))


def _softmax(scores: Sequence[float]) -> list[float]:
    top = max(scores)
    raised = [math.exp(score - top) for score in scores]
    return [value / sum(raised) for value in raised]
