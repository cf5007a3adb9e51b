"""Sparse features of a message: words and pieces of words, in the normal form and as typed.

Four blocks, each tf-idf weighted and scaled to unit length, so that none drowns the others: normal words (1-2),
pieces of normal words (2-5 letters, never across a space), words as typed (1-2), and concepts (the triage's "who
suffers what"). All but the third stay the same when the diacritics are left out; the third keeps what they tell apart.
numpy and scipy only: nothing else is needed to serve.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.sparse import csr_matrix

Words = tuple[Sequence[str], Sequence[str], Sequence[str]]  # normal words, words as typed in lower case, concepts


@dataclass(frozen=True)
class Shape:
    """What to count: longest word run, letters of a word piece, and how much each block weighs."""

    norm_words: int = 2
    typed_words: int = 2
    char_min: int = 2
    char_max: int = 5
    min_count: int = 2  # rarer word pieces and word pairs are noise
    weights: tuple[float, float, float, float] = (1.0, 0.5, 0.5, 0.4)


def _runs(words: Sequence[str], longest: int) -> list[str]:
    found = list(words)
    for size in range(2, longest + 1):
        found += [" ".join(words[i : i + size]) for i in range(len(words) - size + 1)]
    return found


def _pieces(words: Sequence[str], shortest: int, longest: int) -> list[str]:
    found: list[str] = []
    for word in words:
        padded = f" {word[:40]} "
        for size in range(shortest, longest + 1):
            if size >= len(padded):
                found.append(padded)
                break
            found += [padded[i : i + size] for i in range(len(padded) - size + 1)]
    return found


def blocks(words: Words, shape: Shape) -> tuple[list[str], list[str], list[str], list[str]]:
    """The features of each block, repeated as often as they occur; linear in the number of letters."""
    normal, typed, concepts = words
    return (
        _runs(["<", *normal, ">"], shape.norm_words),
        _pieces(normal, shape.char_min, shape.char_max),
        _runs(typed, shape.typed_words),
        list(concepts),
    )


@dataclass
class Vectoriser:
    """Vocabulary and idf of the four blocks, learned once; columns are numbered block after block."""

    shape: Shape = field(default_factory=Shape)
    vocabularies: list[dict[str, int]] = field(default_factory=list)
    idf: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))

    def fit(self, messages: Iterable[Words]) -> Vectoriser:
        """Learn from the training messages."""
        frequencies = [Counter[str]() for _ in range(4)]
        total = 0
        for words in messages:
            total += 1
            for counter, features in zip(frequencies, blocks(words, self.shape), strict=True):
                counter.update(set(features))
        start, idf = 0, []
        self.vocabularies = []
        for counter in frequencies:
            kept = sorted(f for f, n in counter.items() if n >= self.shape.min_count)
            self.vocabularies.append({feature: start + i for i, feature in enumerate(kept)})
            idf += [math.log((1 + total) / (1 + counter[f])) + 1 for f in kept]
            start += len(kept)
        self.idf = np.asarray(idf, dtype=np.float32)
        return self

    def row(self, words: Words) -> tuple[np.ndarray, np.ndarray]:
        """Columns and values of one message."""
        columns: list[int] = []
        values: list[np.ndarray] = []
        for vocabulary, features, weight in zip(
            self.vocabularies, blocks(words, self.shape), self.shape.weights, strict=True
        ):
            counts = Counter(index for f in features if (index := vocabulary.get(f)) is not None)
            if not counts:
                continue
            index = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
            value = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[index]
            columns += counts.keys()
            values.append(value * (weight / float(np.linalg.norm(value))))
        joined = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        return np.asarray(columns, dtype=np.int64), joined.astype(np.float32)

    def matrix(self, messages: Sequence[Words]) -> csr_matrix:
        """Rows of `messages`, shape (len(messages), number of features)."""
        rows = [self.row(words) for words in messages]
        indptr = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        indices = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, dtype=np.int64)
        data = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, dtype=np.float32)
        return csr_matrix((data, indices, indptr), shape=(len(rows), len(self.idf)))
