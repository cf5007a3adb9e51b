"""Stored moments against a clock that may have run ahead when they were written.

A machine whose battery died can be a day ahead until somebody sets it right. What it stored as "not before", "claimed at" or
"seen at" then lies in the future; nobody may have to wait until the true time has caught up. Every such moment has a longest
distance at which a right clock can have put it; further away it counts as past.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, or_

from bot.core.moments import SKEW


def due(column: Any, now: float, longest: float) -> Any:
    """SQL: the moment in `column` has come, or no right clock can have set it."""
    return or_(column <= now, column > now + longest + SKEW)


def stale(column: Any, now: float, age: float) -> Any:
    """SQL: what happened at `column` is longer ago than `age`, or lies in the future."""
    return or_(column < now - age, column > now + SKEW)


def within(column: Any, since: float, now: float) -> Any:
    """SQL: it happened after `since`, and not in the future."""
    return and_(column > since, column <= now + SKEW)
