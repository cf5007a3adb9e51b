"""A month of the calendar of prevention, and what begins or is sent on its days."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from bot.core.campaigns import schedule
from bot.core.campaigns.schedule import VIETNAM, Period
from bot.storage.tables import Campaign

MOST_COMING = 6


@dataclass(frozen=True)
class Day:
    """One square. periods: ids of what it lies in; countdown: days until 30/7 within the countdown, else None."""

    date: date
    in_month: bool
    past: bool
    today: bool
    periods: tuple[str, ...]
    countdown: int | None
    campaigns: tuple[Campaign, ...]


@dataclass(frozen=True)
class Month:
    """Weeks of seven days from Monday. before, after: the neighbouring months as YYYY-MM."""

    year: int
    month: int
    weeks: tuple[tuple[Day, ...], ...]
    before: str
    after: str


def month_of(text: str, today: date) -> tuple[int, int]:
    """(year, month) of 'YYYY-MM'; this month for anything else or for years far away."""
    year, _, month = text.partition("-")
    if len(year) == 4 and year.isascii() and year.isdigit() and month.isascii() and month.isdigit():
        found = (int(year), int(month))
        if abs(found[0] - today.year) <= 5 and 1 <= found[1] <= 12:
            return found
    return today.year, today.month


def month(year: int, number: int, today: date, campaigns: Iterable[Campaign]) -> Month:
    """The month with its periods and the campaigns that start in it."""
    periods = [*schedule.calendar(year - 1), *schedule.calendar(year), *schedule.calendar(year + 1)]
    starts: dict[date, list[Campaign]] = {}
    for campaign in campaigns:
        if campaign.state not in {"draft", "stopped"}:
            starts.setdefault(datetime.fromtimestamp(campaign.start_at, VIETNAM).date(), []).append(campaign)

    def day(at: date) -> Day:
        inside = tuple(period.id for period in periods if period.first <= at <= period.last)
        countdown = schedule.days_to_30_7(at) if "countdown" in inside else None
        return Day(at, at.month == number, at < today, at == today, inside, countdown, tuple(starts.get(at, ())))

    weeks = tuple(tuple(day(at) for at in week) for week in calendar.Calendar().monthdatescalendar(year, number))
    return Month(year, number, weeks, _shifted(year, number, -1), _shifted(year, number, 1))


def coming(today: date) -> tuple[Period, ...]:
    """The periods that go on now or begin within a year, the nearest first."""
    found = [*schedule.calendar(today.year - 1), *schedule.calendar(today.year), *schedule.calendar(today.year + 1)]
    return tuple(period for period in found if period.last >= today and (period.first - today).days < 365)[:MOST_COMING]


def _shifted(year: int, number: int, by: int) -> str:
    total = year * 12 + number - 1 + by
    return f"{total // 12}-{total % 12 + 1:02d}"
