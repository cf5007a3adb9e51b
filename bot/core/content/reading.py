"""How hard a text is to read.

Vietnamese: syllables per sentence, because written Vietnamese separates syllables and long sentences are what stops a
weak reader. English: the Flesch-Kincaid grade (Kincaid et al., 1975). Bullets and line ends close a sentence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.content.plain import plain

EASY_SYLLABLES = 12.0  # mean syllables per sentence a tired fifteen-year-old reads without effort (house rule)
MAX_MEAN_SYLLABLES = 18.0
MAX_LONGEST_SYLLABLES = 40
MAX_GRADE = 9.0

_SENTENCE_END = re.compile(r"[.!?…:;]+(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)?|\d[\d.,/]*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True)
class Reading:
    """mean, longest: words (Vietnamese: syllables) per sentence. grade: Flesch-Kincaid, 0.0 where not English."""

    words: int
    mean: float
    longest: int
    grade: float

    def level(self, language: str) -> str:
        """easy | medium | hard"""
        if language == "en":
            return "easy" if self.grade <= 6 else "medium" if self.grade <= MAX_GRADE else "hard"
        return "easy" if self.mean <= EASY_SYLLABLES else "medium" if self.mean <= MAX_MEAN_SYLLABLES else "hard"


def measure(text: str, language: str) -> Reading:
    """Count sentences and words. Texts in scripts without spaces get zero figures: nothing honest can be said."""
    sentences = [s for s in (_WORD.findall(part) for part in _SENTENCE_END.split(plain(text))) if s]
    if not sentences or language not in {"vi", "en"}:
        return Reading(0, 0.0, 0, 0.0)
    words = [word for sentence in sentences for word in sentence]
    mean = len(words) / len(sentences)
    grade = 0.0
    if language == "en":
        syllables = sum(_english_syllables(word) for word in words)
        grade = max(0.0, 0.39 * mean + 11.8 * syllables / len(words) - 15.59)
    return Reading(len(words), mean, max(map(len, sentences)), grade)


def _english_syllables(word: str) -> int:
    groups = len(_VOWELS.findall(word.lower()))
    if word.lower().endswith("e") and groups > 1 and not word.lower().endswith("le"):
        groups -= 1
    return max(groups, 1)
