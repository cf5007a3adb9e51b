"""Counts that stay when tips are erased: how many, of which sort, where, with which outcome. Never which one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from sqlalchemy import select, update
from sqlmodel import Session

from bot.services.inbox import insert_ignore
from bot.storage.tables import Referral, Statistic, Tip

VIETNAM = timezone(timedelta(hours=7))  # no daylight saving since 1975


def month_of(at: float) -> str:
    """ "2026-11" of a time in seconds since the epoch, on the Vietnamese calendar."""
    return datetime.fromtimestamp(at, VIETNAM).strftime("%Y-%m")


def outcome_of(referral: Referral | None) -> str:
    """The reason of the last act, or the state the referral was left in."""
    if referral is None:
        return "unknown"
    return referral.reason or referral.state


def count(session: Session, tip: Tip, referral: Referral | None) -> None:
    """Add a tip that is about to be erased to the counts."""
    key = {
        "month": month_of(tip.created_at), "province_code": tip.province_code, "category": tip.category,
        "outcome": outcome_of(referral), "urgency": tip.urgency,
    }  # fmt: skip
    insert_ignore(session, Statistic, [{**key, "count": 0}])
    session.execute(update(Statistic).filter_by(**key).values(count=Statistic.count + 1))


def erased(session: Session) -> list[Statistic]:
    """All counts of erased tips, by month."""
    return list(session.execute(select(Statistic).order_by(Statistic.month, Statistic.province_code)).scalars())
