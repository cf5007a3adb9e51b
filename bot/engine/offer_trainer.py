"""Trains the offer check's model: rows as JSON on standard input, the model and its report as JSON on standard output.

Run by `lachan model offers`, which reads the texts, cuts them into clauses and asks the rules; here is only arithmetic, where
scikit-learn lives. A row: {"hand", "frame", "risk", "clauses": [{run: count}], "signs": [[clause, sign]], "known": whether
every sign of the text is named, "rules": [points, grave, signs, assured]}. Deterministic: folds go by row number, solvers by a seed.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.core.offers.model import FRAMES, VERSION, evidence

Row = dict[str, Any]
SEED = 7
FOLDS = 5
FOLDS_UNSEEN = 3  # when a hand is kept out
FEWEST = 12  # clauses that show a sign, before it is learned
STRAIGHT = ("hand_1", "hand_2", "hand_3")  # hands whose texts the rules were not written after
HIGH, MEDIUM, LOW = 0.98, 0.90, 0.01  # honest texts below `high` and `medium`; dangerous ones below `low`
FRAME_PRECISION = 0.95  # of texts taken for a warning or for no offer, how many have to be so
SIGN_PRECISION = 0.7
SMALL = 0.02  # weights below this are left out


@dataclass
class Words:
    """The runs that count and how rare they are."""

    column: dict[str, int]
    rarity: np.ndarray

    def matrix(self, bags: list[Counter[str]]) -> csr_matrix:
        """Rows of unit length, as bot.core.offers.model weighs them."""
        starts, columns, values = [0], [], []
        for bag in bags:
            found = {self.column[run]: 1 + math.log(n) for run, n in bag.items() if run in self.column}
            index = np.fromiter(found.keys(), dtype=np.int64, count=len(found))
            value = np.fromiter(found.values(), dtype=np.float64, count=len(found)) * self.rarity[index]
            columns.append(index)
            values.append(value / (float(np.linalg.norm(value)) or 1.0))
            starts.append(starts[-1] + len(found))
        flat = (np.concatenate(values), np.concatenate(columns), np.asarray(starts))
        return csr_matrix(flat, shape=(len(bags), len(self.column)))


def _bag(row: Row) -> Counter[str]:
    total: Counter[str] = Counter()
    for clause in row["clauses"]:
        total.update(clause)
    return total


def _words(rows: list[Row]) -> Words:
    spread: Counter[str] = Counter()
    for row in rows:
        spread.update(set(_bag(row)))
    kept = sorted(run for run, n in spread.items() if n >= (3 if run.count(" ") == 2 else 2))
    rarity = np.array([math.log((1 + len(rows)) / (1 + spread[run])) + 1 for run in kept])
    return Words({run: i for i, run in enumerate(kept)}, rarity)


@dataclass
class Learner:
    """Weights (columns, outputs) and constants of one linear question."""

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, x: csr_matrix) -> np.ndarray:
        return x @ self.weights + self.bias


def _binary(x: csr_matrix, y: np.ndarray, **options: Any) -> Learner:
    fitted = LogisticRegression(max_iter=2000, random_state=SEED, **options).fit(x, y)
    return Learner(fitted.coef_.T, fitted.intercept_)


@dataclass
class Parts:
    """The three linear questions, and which signs were learned."""

    words: Words
    wording: Learner
    frames: Learner
    signs: list[str]
    clauses: Learner


def _dangerous(row: Row) -> int | None:
    """1 for a dangerous offer, 0 for an honest one or none at all, None for what is between."""
    if row["frame"] in ("warning", "none"):
        return 0
    return {"high": 1, "low": 0}.get(row["risk"])


def _fit_frames(x: csr_matrix, rows: list[Row]) -> Learner:
    chosen = [i for i, row in enumerate(rows) if row["frame"]]
    y = np.array([FRAMES.index(rows[i]["frame"]) for i in chosen])
    solver = {"solver": "liblinear", "multi_class": "ovr", "class_weight": "balanced"}
    fitted = LogisticRegression(C=10, tol=0.01, random_state=SEED, **solver).fit(x[chosen], y)
    return Learner(fitted.coef_.T, fitted.intercept_)


def _fit_clauses(words: Words, rows: list[Row]) -> tuple[list[str], Learner]:
    bags, shown, known = [], [], []
    for row in rows:
        for number, clause in enumerate(row["clauses"]):
            found = {sign for at, sign in row["signs"] if at == number}
            if found or row["known"]:
                bags.append(Counter(clause))
                shown.append(found)
                known.append(row["known"])
    count = Counter(sign for found in shown for sign in found)
    signs = sorted(sign for sign, n in count.items() if n >= FEWEST)
    x = words.matrix(bags)
    weights, bias = np.zeros((x.shape[1], len(signs))), np.zeros(len(signs))
    for number, sign in enumerate(signs):
        y = np.array([sign in found for found in shown])
        one = _binary(x, y, C=20, penalty="l1", solver="liblinear", tol=0.01)
        weights[:, number], bias[number] = one.weights[:, 0], one.bias[0]
    return signs, Learner(weights, bias)


def fit(rows: list[Row]) -> Parts:
    """The three questions, learned from `rows`."""
    words = _words(rows)
    x = words.matrix([_bag(row) for row in rows])
    chosen = [i for i, row in enumerate(rows) if _dangerous(row) is not None]
    y = np.array([_dangerous(rows[i]) for i in chosen])
    wording = _binary(x[chosen], y, C=3, class_weight="balanced", solver="liblinear")
    signs, clauses = _fit_clauses(words, rows)
    return Parts(words, wording, _fit_frames(x, rows), signs, clauses)


@dataclass
class Told:
    """What `parts` make of one row: log odds by wording, frames, and the likeliest probability of each sign."""

    wording: float
    frames: np.ndarray
    signs: dict[str, float]


def read(parts: Parts, rows: list[Row]) -> list[Told]:
    """What the three questions answer for rows they did not see."""
    x = parts.words.matrix([_bag(row) for row in rows])
    wording = parts.wording.scores(x)[:, 0]
    raw = parts.frames.scores(x)
    frames = np.exp(raw - raw.max(axis=1, keepdims=True))
    frames /= frames.sum(axis=1, keepdims=True)
    bags = [Counter(clause) for row in rows for clause in row["clauses"] or [{}]]
    likely = 1 / (1 + np.exp(-parts.clauses.scores(parts.words.matrix(bags))))
    starts = np.cumsum([0, *(len(row["clauses"]) or 1 for row in rows)])
    most = [likely[a:b].max(axis=0).tolist() for a, b in pairwise(starts)]
    return [Told(float(wording[i]), frames[i], dict(zip(parts.signs, most[i], strict=True))) for i in range(len(rows))]


def held_out(rows: list[Row], folds: int = FOLDS) -> list[Told]:
    """For each row, the answers of questions learned from the other folds."""
    found: list[Told | None] = [None] * len(rows)
    for fold in range(folds):
        inside = [i for i in range(len(rows)) if i % folds == fold]
        parts = fit([row for i, row in enumerate(rows) if i % folds != fold])
        for i, told in zip(inside, read(parts, [rows[i] for i in inside]), strict=True):
            found[i] = told
    return [told for told in found if told is not None]


def weighed(row: Row, told: Told) -> tuple[float, ...]:
    """The evidence of one row."""
    points, grave, signs, assured = row["rules"]
    return evidence(told.wording, points, grave, signs, assured, max(told.signs.values(), default=0.0))


@dataclass
class Mix:
    """The risk: weights over the evidence, and the lines."""

    weights: np.ndarray
    bias: float
    high: float = 1.0
    medium: float = 1.0
    low: float = 0.0

    def risks(self, evidences: np.ndarray) -> np.ndarray:
        return np.asarray(1 / (1 + np.exp(-(evidences @ self.weights + self.bias))))


def mixed(rows: list[Row], told: list[Told]) -> Mix:
    """Weights and lines, on the hands that the rules were not written after."""
    chosen = [
        i for i, row in enumerate(rows)
        if row["hand"] in STRAIGHT and row["frame"] not in ("warning", "none") and _dangerous(row) is not None
    ]  # fmt: skip
    x = np.array([weighed(rows[i], told[i]) for i in chosen])
    y = np.array([_dangerous(rows[i]) for i in chosen])
    fitted = LogisticRegression(C=1.0, random_state=SEED).fit(x, y)
    mix = Mix(fitted.coef_[0], float(fitted.intercept_[0]))
    risks = mix.risks(x)
    mix.high, mix.medium = (float(np.quantile(risks[y == 0], share)) for share in (HIGH, MEDIUM))
    mix.low = float(np.quantile(risks[y == 1], LOW))
    return mix


def _bar(probabilities: np.ndarray, right: np.ndarray, precision: float, lowest: float) -> float:
    """The lowest bar from which at least `precision` of what is above it is right; 0.98 when there is none."""
    order = np.argsort(-probabilities)
    hits = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = [float(probabilities[order[n]]) for n in range(2, len(order)) if hits[n] >= precision]
    return max(lowest, good[-1]) if good else 0.98


def bars(rows: list[Row], told: list[Told], signs: list[str]) -> list[float]:
    """The probability from which each sign is named."""
    known = [i for i, row in enumerate(rows) if row["known"]]
    out = []
    for sign in signs:
        p = np.array([told[i].signs.get(sign, 0.0) for i in known])
        right = np.array([any(name == sign for _, name in rows[i]["signs"]) for i in known])
        out.append(_bar(p, right, SIGN_PRECISION, 0.5))
    return out


def frame_bars(rows: list[Row], told: list[Told]) -> tuple[float, float]:
    """Probabilities of "warning" and of "none" from which a text is no offer; dangerous offers are what must not be lost."""
    chosen = [i for i, row in enumerate(rows) if row["frame"] and row["hand"] in STRAIGHT]
    real = [rows[i]["frame"] for i in chosen]
    out = []
    for frame in ("warning", "none"):
        p = np.array([told[i].frames[FRAMES.index(frame)] for i in chosen])
        right = np.array([name in ("warning", "none") for name in real])
        out.append(_bar(p, right, FRAME_PRECISION, 0.5))
    return out[0], out[1]


def unseen(rows: list[Row]) -> list[dict[str, Any]]:
    """Each hand measured with everything, lines included, learned from the other hands alone."""
    out = []
    for hand in STRAIGHT:
        others = [row for row in rows if row["hand"] != hand]
        mine = [row for row in rows if row["hand"] == hand]
        mix = mixed(others, held_out(others, FOLDS_UNSEEN))
        told = read(fit(others), mine)
        risks = mix.risks(np.array([weighed(row, one) for row, one in zip(mine, told, strict=True)]))
        for risk in ("high", "low"):
            group = [r for r, row in zip(risks, mine, strict=True) if row["risk"] == risk]
            high, medium = (sum(r >= line for r in group) for line in (mix.high, mix.medium))
            out.append(
                {"hand": hand, "risk": risk, "texts": len(group), "high": int(high), "at_least_medium": int(medium)}
            )
    return out


def _rounded(values: Any, digits: int = 3) -> list[float]:
    return [round(float(value), digits) for value in values]


def model(rows: list[Row]) -> dict[str, Any]:
    """The whole model, as bot.core.offers.model reads it."""
    told = held_out(rows)
    mix = mixed(rows, told)
    parts = fit(rows)
    warning, nothing = frame_bars(rows, told)
    runs = []
    for run, i in parts.words.column.items():
        signs = [[n, round(float(w), 2)] for n, w in enumerate(parts.clauses.weights[i]) if abs(w) >= SMALL]
        frames = _rounded(parts.frames.weights[i], 2)
        runs.append(
            [run, round(float(parts.words.rarity[i]), 2), round(float(parts.wording.weights[i, 0]), 3), frames, signs]
        )
    return {
        "version": VERSION,
        "bias": round(float(parts.wording.bias[0]), 4),
        "frame_bias": _rounded(parts.frames.bias),
        "signals": parts.signs,
        "signal_bias": _rounded(parts.clauses.bias),
        "bars": _rounded(bars(rows, told, parts.signs)),
        "mix": _rounded(mix.weights, 4),
        "mix_bias": round(mix.bias, 4),
        "high": round(mix.high, 4),
        "medium": round(mix.medium, 4),
        "low": round(mix.low, 4),
        "warning": round(warning, 4),
        "nothing": round(nothing, 4),
        "runs": runs,
    }


def main() -> None:
    rows = json.load(sys.stdin)
    found = unseen(rows) if "--unseen" in sys.argv else []
    json.dump({"model": model(rows), "unseen": found}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
