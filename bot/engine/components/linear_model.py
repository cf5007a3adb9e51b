"""The intent classifier's mathematics: three linear learners, blended and calibrated, compiled into one matrix.

A soft support vector machine (better on scattered wordings), a firm one that also leans on word pieces (better on
regular ones) and a complement naive Bayes (for rare wordings) err differently; their blend errs less than each. All are linear, so the
blend is one matrix: serving costs one sparse product and needs neither scikit-learn nor TensorFlow. Blend and
temperature are chosen on predictions for messages held out of the fit, so that 0.8 means right four times in five.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, diags

_MIXES = ((1.0, 0.0), (1.0, 0.5), (0.5, 0.5), (0.0, 1.0))  # soft, firm
_BLENDS = tuple((soft, firm, bayes) for soft, firm in _MIXES for bayes in (0.0, 0.25, 0.5))
_TEMPERATURES = np.geomspace(0.5, 20.0, 60)


def softmax(scores: np.ndarray) -> np.ndarray:
    """Rows of scores to rows of probabilities."""
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return raised / raised.sum(axis=-1, keepdims=True)


@dataclass
class LinearModel:
    """scores = x @ weights + bias, already multiplied by the temperature. `weights`: (features, classes)."""

    classes: list[str]
    weights: np.ndarray
    bias: np.ndarray

    def probabilities(self, columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Probabilities of one message given its non-zero columns; shape (classes,)."""
        return softmax(values @ self.weights[columns] + self.bias)


@dataclass
class Recipe:
    """How to train: C of the soft and firm machines, smoothing of the naive Bayes, folds and seed of calibration."""

    c: float = 0.3
    firm_c: float = 1.5
    alpha: float = 0.3
    folds: int = 3
    seed: int = 42
    piece_columns: tuple[int, int] = (0, 0)  # columns of the word pieces, which the firm machine leans on


def _scales(recipe: Recipe, features: int) -> np.ndarray:
    scales = np.ones(features, dtype=np.float32)
    scales[slice(*recipe.piece_columns)] = 1.6
    return scales


def _full(
    fitted_classes: np.ndarray, weights: np.ndarray, bias: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Columns for every class; a class absent from a fold gets the lowest bias."""
    if len(fitted_classes) == 2 and weights.shape[1] == 1:  # scikit-learn keeps one row for two classes
        weights, bias = np.hstack([-weights, weights]), np.hstack([-bias, bias])
    all_weights = np.zeros((weights.shape[0], count), dtype=np.float32)
    all_bias = np.full(count, float(bias.min()) - 2.0, dtype=np.float32)
    all_weights[:, fitted_classes] = weights
    all_bias[fitted_classes] = bias
    return all_weights, all_bias


def _members(x: csr_matrix, y: np.ndarray, count: int, recipe: Recipe) -> list[tuple[np.ndarray, np.ndarray]]:
    """(weights, bias) of the three learners, each scaled to unit spread of its scores."""
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    scales = _scales(recipe, x.shape[1])
    soft = LinearSVC(C=recipe.c, random_state=recipe.seed).fit(x, y)
    firm = LinearSVC(C=recipe.firm_c, random_state=recipe.seed).fit(x @ diags(scales), y)
    bayes = ComplementNB(alpha=recipe.alpha).fit(x, y)
    raw = [
        _full(soft.classes_, soft.coef_.T, soft.intercept_, count),
        _full(firm.classes_, firm.coef_.T * scales[:, None], firm.intercept_, count),
        _full(bayes.classes_, bayes.feature_log_prob_.T, np.zeros(len(bayes.classes_)), count),
    ]
    out = []
    for weights, bias in raw:
        scores = x @ weights + bias
        spread = float(np.median(scores.std(axis=1))) or 1.0
        out.append((weights / spread, bias / spread))
    return out


def _folds(y: np.ndarray, groups: np.ndarray, recipe: Recipe) -> np.ndarray:
    """The fold of each row: classes spread evenly, a message in all its spellings in one fold."""
    order = np.random.RandomState(recipe.seed).permutation(groups.max() + 1)
    fold_of = np.empty_like(order)
    ranked = order[np.argsort(y[np.unique(groups, return_index=True)[1]][order], kind="stable")]
    fold_of[ranked] = np.arange(len(order)) % recipe.folds
    return fold_of[groups]


def _held_out(x: csr_matrix, y: np.ndarray, folds: np.ndarray, count: int, recipe: Recipe) -> list[np.ndarray]:
    """Scores of each learner for every row, from fits that did not see the row's message in any form."""
    scores = [np.zeros((x.shape[0], count), dtype=np.float32) for _ in range(3)]
    for fold in np.unique(folds):
        test = folds == fold
        for total, (weights, bias) in zip(scores, _members(x[~test], y[~test], count, recipe), strict=True):
            total[test] = x[test] @ weights + bias
    return scores


@dataclass
class DangerModel:
    """One question only: is somebody in danger now? Weighs its own learner with the summed intent probabilities."""

    weights: np.ndarray
    bias: float
    mix: np.ndarray  # of (own score, logit of the summed probabilities, 1)

    def probability(self, columns: np.ndarray, values: np.ndarray, mass: float) -> float:
        """`mass`: summed probability of the dangerous intents."""
        own = float(values @ self.weights[columns]) + self.bias
        return float(1.0 / (1.0 + np.exp(-(self.mix @ np.array([own, logit(mass), 1.0])))))


def logit(p: float | np.ndarray) -> np.ndarray:
    """Log odds, bounded."""
    bounded = np.clip(p, 1e-4, 1 - 1e-4)
    return np.log(bounded / (1 - bounded))


def fit_danger(x: csr_matrix, danger: np.ndarray, folds: np.ndarray, mass: np.ndarray, recipe: Recipe) -> DangerModel:
    """`danger`: which rows are emergencies; `folds`: the fold of each row; `mass`: held-out summed probabilities."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    own = np.zeros(x.shape[0])
    for fold in np.unique(folds):
        test = folds == fold
        learner = LinearSVC(C=recipe.c, random_state=recipe.seed).fit(x[~test], danger[~test])
        own[test] = learner.decision_function(x[test])
    mixer = LogisticRegression(C=100.0).fit(np.column_stack([own, logit(mass)]), danger)
    last = LinearSVC(C=recipe.c, random_state=recipe.seed).fit(x, danger)
    mix = np.array([*mixer.coef_[0], mixer.intercept_[0]])
    return DangerModel(last.coef_[0].astype(np.float32), float(last.intercept_[0]), mix)


def _nll(scores: np.ndarray, y: np.ndarray) -> float:
    chosen = softmax(scores)[np.arange(len(y)), y]
    return float(-np.log(np.maximum(chosen, 1e-9)).mean())


@dataclass
class Trained:
    """What `fit` gives. `danger` is None when none of the dangerous intents was in the data."""

    model: LinearModel
    danger: DangerModel | None
    report: dict[str, float]


def fit(x: csr_matrix, labels: Sequence[str], groups: np.ndarray, recipe: Recipe, dangerous: frozenset[str]) -> Trained:
    """Train on rows `x`; rows of one group are the same message in several spellings and stay in one fold."""
    classes = sorted(set(labels))
    index = {name: i for i, name in enumerate(classes)}
    y = np.asarray([index[label] for label in labels])
    if len(classes) == 1:
        return Trained(LinearModel(classes, np.zeros((x.shape[1], 1), np.float32), np.zeros(1, np.float32)), None, {})
    folds = _folds(y, groups, recipe)
    held_out = _held_out(x, y, folds, len(classes), recipe)
    mixed = {blend: sum(w * s for w, s in zip(blend, held_out, strict=True)) for blend in _BLENDS}
    # Near-ties go to the likelihood, which is less noisy than a count of hits.
    best = max(mixed, key=lambda b: (round(float((mixed[b].argmax(1) == y).mean()), 3), -_nll(mixed[b] * 1.5, y)))
    temperature = min(_TEMPERATURES, key=lambda t: _nll(mixed[best] * t, y))
    members = _members(x, y, len(classes), recipe)
    weights = sum(w * m[0] for w, m in zip(best, members, strict=True)) * temperature
    bias = sum(w * m[1] for w, m in zip(best, members, strict=True)) * temperature
    report = {"soft": best[0], "firm": best[1], "bayes": best[2], "temperature": float(temperature)}
    report["held_out_accuracy"] = float((mixed[best].argmax(1) == y).mean())
    model = LinearModel(classes, weights.astype(np.float32), bias.astype(np.float32))
    columns = [index[name] for name in classes if name in dangerous]
    if not columns or len(columns) == len(classes):
        return Trained(model, None, report)
    mass = softmax(mixed[best] * temperature)[:, columns].sum(axis=1)
    return Trained(model, fit_danger(x, np.isin(y, columns), folds, mass, recipe), report)
