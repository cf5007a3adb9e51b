"""Stored moments against a clock that may have run ahead when they were written; the SQL for it is bot.services.moments."""

from __future__ import annotations

SKEW = 5.0  # seconds that the clocks of two machines may differ


def ahead(moment: float, now: float, longest: float = 0.0) -> bool:
    """Whether `moment` lies further in the future than a right clock can have put it."""
    return moment > now + longest + SKEW
