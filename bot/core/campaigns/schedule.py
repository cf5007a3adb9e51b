"""When a campaign may go out, in Viet Nam's time, and the year's calendar of prevention."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

VIETNAM = timezone(timedelta(hours=7))
NIGHT_FROM, NIGHT_TO = 22, 6  # Zalo forbids promotion then (-234); people sleep on every channel
GRACE = 300.0  # seconds a start may lie in the past: nobody fills in a form in no time
MOST_AHEAD = 400 * 86_400.0
DAY_OF_ACTION = (7, 30)  # QĐ 793/QĐ-TTg of 10-5-2016
# First day of the lunar year. A table: the calendar is astronomical, and eight years are enough to plan with.
TET = (
    date(2026, 2, 17), date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23),
    date(2032, 2, 11), date(2033, 1, 31),
)  # fmt: skip


def is_quiet(at: float) -> bool:
    """Whether it is night in Viet Nam."""
    hour = datetime.fromtimestamp(at, VIETNAM).hour
    return not NIGHT_TO <= hour < NIGHT_FROM


def start_problem(start_at: float, now: float, *, quiet: bool) -> str:
    """'past', 'too_far', 'night', or '' when a campaign may start then."""
    if start_at < now - GRACE:
        return "past"
    if start_at > now + MOST_AHEAD:
        return "too_far"
    return "night" if quiet and is_quiet(start_at) else ""


def read_time(text: str) -> float | None:
    """Seconds since the epoch of 'YYYY-MM-DDTHH:MM' or 'YYYY-MM-DD HH:MM' in Viet Nam's time; None for anything else."""
    for shape in ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(text.strip(), shape).replace(tzinfo=VIETNAM).timestamp()
        except ValueError:
            continue
    return None


@dataclass(frozen=True)
class Period:
    """An entry of the calendar. `id` names its words; `kit` is the ready-made campaign that fits, or ''."""

    id: str
    first: date
    last: date
    kit: str = ""


def calendar(year: int) -> tuple[Period, ...]:
    """The periods of prevention that begin in a year, by their first day."""
    month, day = DAY_OF_ACTION
    found = [
        Period("peak_months", date(year, 7, 1), date(year, 9, 30), "ngay_30_7"),
        Period("countdown", date(year, month, day) - timedelta(days=30), date(year, month, day - 1), "ngay_30_7"),
        Period("day_30_7", date(year, month, day), date(year, month, day), "ngay_30_7"),
        Period("summer", date(year, 5, 15), date(year, 8, 31), "he_cho_sinh_vien"),
    ]
    for first_day in TET:
        before = Period(
            "before_tet", first_day - timedelta(days=45), first_day - timedelta(days=3), "viec_nhe_truoc_tet"
        )
        after = Period("after_tet", first_day + timedelta(days=4), first_day + timedelta(days=34), "viec_nhe_sau_tet")
        found += [period for period in (before, after) if period.first.year == year]
    return tuple(sorted(found, key=lambda period: (period.first, period.id)))


def days_to_30_7(day: date) -> int:
    """Days until the next 30 July; 0 on the day."""
    month, number = DAY_OF_ACTION
    this = date(day.year, month, number)
    return ((this if this >= day else date(day.year + 1, month, number)) - day).days
