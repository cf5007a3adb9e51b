"""What a piece of an offer leaves behind: which signs, no words. An offer often comes in several messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.offers.model import evidence


@dataclass(frozen=True)
class Trace:
    """signs: points by sign. assured: ids of what an honest employer shows. wording: log odds of danger by the words alone.

    likely: probability of the likeliest learned sign. grave: a sign that is enough alone was there.
    """

    signs: Mapping[str, float]
    assured: frozenset[str]
    wording: float
    likely: float
    grave: bool

    def evidence(self, score: float) -> tuple[float, ...]:
        """What the risk is weighed of; score: the points of the signs together."""
        return evidence(self.wording, score, self.grave, len(self.signs), len(self.assured), self.likely)


def joined(pieces: Sequence[Trace]) -> Trace:
    """Several pieces as one: every sign counts once with its most points, the most dangerous wording stands for all."""
    signs: dict[str, float] = {}
    for piece in pieces:
        for sign, points in piece.signs.items():
            signs[sign] = max(points, signs.get(sign, 0.0))
    return Trace(
        signs,
        frozenset().union(*(piece.assured for piece in pieces)),
        max(piece.wording for piece in pieces),
        max(piece.likely for piece in pieces),
        any(piece.grave for piece in pieces),
    )
