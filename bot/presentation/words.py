"""The words officers read for states, acts, reasons, roles and errors, and times as people in Viet Nam read them."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from bot.content import yaml_text
from bot.core.campaigns.schedule import VIETNAM

HERE = Path(__file__).parent


@cache
def words() -> dict[str, dict[str, Any]]:
    """The console's own words for states, acts, reasons, roles and errors."""
    found = yaml_text.load((HERE / "words.yml").read_text(encoding="utf-8"))
    campaign = yaml_text.load((HERE / "campaign_words.yml").read_text(encoding="utf-8"))
    found["audit"] |= campaign.pop("audit")
    found["errors"] = campaign["problems"] | found["errors"]
    return found | {"campaign": campaign}


def when(at: float) -> str:
    """dd/mm/yyyy HH:MM in Viet Nam, or a dash."""
    return datetime.fromtimestamp(at, VIETNAM).strftime("%d/%m/%Y %H:%M") if at else "–"


def day(at: float) -> str:
    """dd/mm/yyyy in Viet Nam."""
    return datetime.fromtimestamp(at, VIETNAM).strftime("%d/%m/%Y")


def iso(at: float) -> str:
    """A machine-readable time, for <time datetime>."""
    return datetime.fromtimestamp(at, VIETNAM).isoformat(timespec="minutes")


def left(seconds: float) -> str:
    """What is left of a clock, or by how much it is over, in the largest two units. console.js says the same."""
    return f"quá hạn {age(seconds)}" if seconds < 0 else f"còn {age(seconds)}"


def age(seconds: float) -> str:
    """A span of time in its largest two units."""
    minutes = int(abs(seconds) // 60)
    days, hours = minutes // 1440, minutes // 60 % 24
    smaller = f"{hours} giờ {minutes % 60} phút" if hours else f"{minutes} phút"
    return f"{days} ngày {hours} giờ" if days else smaller


def short(at: float, now: float) -> str:
    """HH:MM for today, with the day before it otherwise; in Viet Nam."""
    then, today = datetime.fromtimestamp(at, VIETNAM), datetime.fromtimestamp(now, VIETNAM).date()
    return then.strftime("%H:%M" if then.date() == today else "%H:%M %d/%m")
