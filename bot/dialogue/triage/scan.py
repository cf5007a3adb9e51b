"""Finds the concepts of the lexicon in normalised words: one pass, dictionary look-ups, linear in the words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Hit:
    """A concept at words[start:end]."""

    concept: str
    start: int
    end: int


@dataclass(frozen=True)
class Scan:
    """What was found in a message. `words` is its length in words."""

    hits: tuple[Hit, ...]
    words: int

    @property
    def names(self) -> frozenset[str]:
        return frozenset(hit.concept for hit in self.hits)

    def has(self, *concepts: str) -> bool:
        """True when any of the concepts was found."""
        return any(hit.concept in concepts for hit in self.hits)

    def of(self, concept: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.concept == concept]

    def near(self, first: str, second: str, within: int, ordered: bool = True) -> bool:
        """True when `second` starts at most `within` words after `first` ends (or before it, if not `ordered`)."""
        seconds = self.of(second)
        for one in self.of(first):
            for two in seconds:
                gap = two.start - one.end
                if 0 <= gap <= within or (not ordered and 0 <= one.start - two.end <= within):
                    return True
        return False


class Lexicon:
    """Phrases to concepts. A phrase of the concept "MASK" hides what it covers ("nghien cuu" is no cry)."""

    def __init__(self, concepts: Mapping[str, Iterable[str]]) -> None:
        self._phrases: dict[str, tuple[str, ...]] = {}
        self._longest = 1
        for concept, phrases in concepts.items():
            for phrase in phrases:
                known = self._phrases.get(phrase, ())
                if concept not in known:
                    self._phrases[phrase] = (*known, concept)
                self._longest = max(self._longest, phrase.count(" ") + 1)

    def scan(self, words: list[str]) -> Scan:
        """All concepts in `words`; at most longest-phrase look-ups per word."""
        hits: list[Hit] = []
        hidden = 0  # words before this index are covered by a mask
        for start in range(len(words)):
            if start < hidden:
                continue
            for size in range(min(self._longest, len(words) - start), 0, -1):
                found = self._phrases.get(" ".join(words[start : start + size]))
                if found is None:
                    continue
                if "MASK" in found:
                    hidden = start + size
                    break
                hits += [Hit(concept, start, start + size) for concept in found]
        return Scan(tuple(hits), len(words))
