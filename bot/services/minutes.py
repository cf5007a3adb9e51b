"""Times that are kept in clear are kept coarse.

A tip shows the minute it was made, because clocks and statistics need it. What belongs to a conversation must therefore show
no minute: whoever held both tables side by side would read from them who had told the tip.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, cast

from bot.core.clocks import HOUR

QUARTER = HOUR / 4
PART_OF_DAY = 6 * HOUR


def minute(at: float) -> float:
    """Seconds since the epoch, rounded down to the minute: what statistics and clocks need, and no more."""
    return at - at % 60


def quarter(at: float) -> float:
    """Rounded down to the quarter of an hour: what is shown of a conversation that goes on."""
    return at - at % QUARTER


def quarter_sql(column: Any) -> Any:
    """SQL: `quarter`."""
    whole = cast(column, BigInteger)
    return whole - whole % int(QUARTER)


def part_of_day(at: float) -> float:
    """Rounded down to six hours: what stays of a conversation that rests."""
    return at - at % PART_OF_DAY


def part_of_day_sql(column: Any) -> Any:
    """SQL: `part_of_day`."""
    whole = cast(column, BigInteger)
    return whole - whole % int(PART_OF_DAY)
