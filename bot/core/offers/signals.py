"""Signs as data and the small pattern language they are written in.

A pattern is words in normal form (folded, teencode expanded: see bot.core.text.tokens) with
  (a|b)   alternatives          (a )?   an optional word
  ~       up to four words, not crossing the end of a sentence
  #       a number
Nothing unbounded can be written, so matching stays linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.offers.model import OfferModel

GAP = r"(?:[^ .]+ ){0,4}"
_FORBIDDEN = re.compile(r"[*+{}\\\[\]^$]|\(\?")
_SPACES = re.compile(r" {2,}")


class PatternError(ValueError):
    """A pattern is outside the small language."""


def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The regular expression of one pattern, to be searched in words joined by single spaces.

    Raises PatternError on anything unbounded or unknown.
    """
    if _FORBIDDEN.search(pattern) or pattern != pattern.strip() or _SPACES.search(pattern) or not pattern:
        raise PatternError(pattern)
    expression = pattern.replace("(", "(?:").replace("#", r"\d+").replace("~ ", GAP)
    if "~" in expression:
        raise PatternError(pattern)
    try:
        return re.compile(rf"(?<![^ ]){expression}(?![^ ])")
    except re.error:
        raise PatternError(pattern) from None


@dataclass(frozen=True)
class Signal:
    """One warning sign.

    weight: points for a `strong` pattern; weak_weight: for a `weak` one. grave: enough for "high" on its own.
    negatable: "không", "chưa"... shortly before the words cancels it; cancelled_by: words that do so right before
    ("tự giữ hộ chiếu"). spelled: for a folded word, the only spellings with diacritics that mean it (a word typed
    without diacritics always passes). exact: patterns that count as strong only when those words were typed with
    their diacritics ("bán thận" is sure, "ban than" is not). steps: for the pay sign, pairs of (million dong a month, points).
    topical: alone, in a text that offers nothing, it is only a subject ("thủ đô Campuchia là gì").
    title, why: by language. questions: by language, to put to the recruiter.
    """

    id: str
    weight: float
    weak_weight: float
    strong: tuple[re.Pattern[str], ...]
    weak: tuple[re.Pattern[str], ...]
    title: Mapping[str, str]
    why: Mapping[str, str]
    questions: Mapping[str, Sequence[str]]
    source: str
    grave: bool = False
    negatable: bool = True
    topical: bool = False
    cancelled_by: tuple[str, ...] = ()
    exact: tuple[re.Pattern[str], ...] = ()
    spelled: Mapping[str, Sequence[str]] = field(default_factory=dict)
    steps: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Combination:
    """Signs that mean more together than apart. Each of `groups` needs one of its signs.

    unless_assured: counts only where the offer names no contract, licence or insurance.
    """

    groups: tuple[frozenset[str], ...]
    weight: float
    unless_assured: bool = False


@dataclass(frozen=True)
class Reassurance:
    """Words of an honest employer (contract, insurance, licence); they lower the score, never to "safe"."""

    id: str
    weight: float
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class SignalBook:
    """All the data of the check. medium, high: scores from which the risk is called so. max_relief: most points that
    reassuring words may take off. cues: words of an offer. warnings: words of somebody who warns or reports; recruiting:
    of somebody who wants to be written to. general_questions: by language, worth asking about any offer. replies: texts by key and language.
    model: the learned half."""

    signals: tuple[Signal, ...]
    combinations: tuple[Combination, ...]
    reassurances: tuple[Reassurance, ...]
    cues: tuple[re.Pattern[str], ...]
    warnings: tuple[re.Pattern[str], ...]
    recruiting: tuple[re.Pattern[str], ...]
    medium: float
    high: float
    max_relief: float
    general_questions: Mapping[str, Sequence[str]]
    replies: Mapping[str, Mapping[str, str]]
    model: OfferModel
