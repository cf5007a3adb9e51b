"""Counts that stay when tips are erased: how many, of which sort, where, with which outcome. Never which one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from bot.core.referrals.states import Decision
from bot.storage.database import insert_ignore
from bot.storage.tables import Referral, Statistic, Tip

DECISIONS = tuple(decision.value for decision in Decision)
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
    none = dict.fromkeys(("count", "verified", "verified_in_time", "victims", "victims_child", *DECISIONS), 0)
    insert_ignore(session, Statistic, [{**key, **none}])
    decided = {} if not tip.decision else {tip.decision: getattr(Statistic, tip.decision) + 1}
    in_time = int(bool(tip.verify_result) and tip.verified_at <= tip.verify_by)
    session.execute(
        update(Statistic)
        .filter_by(**key)
        .values(
            count=col(Statistic.count) + 1, verified=col(Statistic.verified) + int(bool(tip.verify_result)),
            verified_in_time=col(Statistic.verified_in_time) + in_time, victims=col(Statistic.victims) + tip.victims,
            victims_child=col(Statistic.victims_child) + tip.victims_child, **decided,
        )
    )  # fmt: skip


def erased(session: Session) -> list[Statistic]:
    """All counts of erased tips, by month."""
    return list(
        session.execute(select(Statistic).order_by(col(Statistic.month), col(Statistic.province_code))).scalars()
    )


MOST_MONTHS = 12


@dataclass(frozen=True)
class Victims:
    """People found to be victims, and how many of them are under 18; of erased tips too."""

    people: int
    children: int


def victims(session: Session, province: str = "") -> Victims:
    """Count them in the country, or in the tips of one province."""
    own = [col(Tip.province_code) == province] if province else []
    columns = (func.coalesce(func.sum(col(Tip.victims)), 0), func.coalesce(func.sum(col(Tip.victims_child)), 0))
    people, children = session.execute(select(*columns).where(*own)).one()
    for row in erased(session):
        if not province or row.province_code == province:
            people, children = people + row.victims, children + row.victims_child
    return Victims(int(people), int(children))


def totals(session: Session, province: str = "") -> Mapping[str, Counter[str]]:
    """How many tips of each sort there are and were: by "month", "place", "category", "urgency", "channel", "state",
    "verified", "decision".

    province: only its tips, with its communes as places; "" counts the country, with provinces as places. Erased tips
    count wherever a number of them was kept; of their communes, channels and states none was.
    """
    own = [col(Tip.province_code) == province] if province else []
    place = col(Tip.commune_code) if province else col(Tip.province_code)
    columns = {
        "place": place,
        "category": col(Tip.category),
        "urgency": col(Tip.urgency),
        "channel": col(Tip.channel),
        "verified": col(Tip.verify_result),
        "decision": col(Tip.decision),
    }
    found: dict[str, Counter[str]] = {
        name: Counter(dict(session.execute(select(column, func.count()).where(*own).group_by(column)).all()))  # type: ignore[arg-type]
        for name, column in columns.items()
    }
    for name in ("verified", "decision"):
        found[name].pop("", None)
    states = select(col(Referral.state), func.count()).join(Tip, col(Tip.id) == col(Referral.tip_id)).where(*own)
    found["state"] = Counter(dict(session.execute(states.group_by(col(Referral.state))).all()))  # type: ignore[arg-type]
    found["month"] = Counter(month_of(at) for (at,) in session.execute(select(col(Tip.created_at)).where(*own)))
    for row in erased(session):
        if province and row.province_code != province:
            continue
        found["category"][row.category] += row.count
        found["urgency"][row.urgency] += row.count
        found["month"][row.month] += row.count
        found["decision"].update({name: getattr(row, name) for name in DECISIONS if getattr(row, name)})
        if not province:
            found["place"][row.province_code] += row.count
    return found
