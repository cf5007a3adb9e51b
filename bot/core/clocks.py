"""Deadlines as data: what each step may take. The figures live in content/clocks.yml, each with its source:
TTLT 01/2017, TTLT 01/2021, BLTTHS Đ.147, Luật 53/2024/QH15 Đ.27."""

from __future__ import annotations

from dataclasses import dataclass

MINUTE = 60.0
HOUR = 3600.0
DAY = 86400.0


@dataclass(frozen=True)
class Clocks:
    """All in seconds."""

    urgent_steps: tuple[float, ...] = (15 * MINUTE, 30 * MINUTE)  # unread urgent tips climb after these
    receive: float = 24 * HOUR
    receive_remote: float = 48 * HOUR
    verify: float = 3 * DAY
    decide: float = 20 * DAY
    decide_extended: float = 61 * DAY
    retention: float = 90 * DAY
    erase_warning: float = 3 * DAY


def receive_deadline(clocks: Clocks, *, urgent: bool, remote: bool, escalation: int) -> float:
    """Seconds after creation at which an unread referral climbs the next step; inf when there is none left."""
    if urgent:
        steps = clocks.urgent_steps
        return steps[escalation] if escalation < len(steps) else float("inf")
    first = clocks.receive_remote if remote else clocks.receive
    return first * (escalation + 1) if escalation < 2 else float("inf")
