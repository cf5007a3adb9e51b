"""How a campaign stands and what came of it: counts, never people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, func, select
from sqlmodel import Session, col

from bot.services.campaigns import subscribers
from bot.services.messaging import pacing
from bot.storage.tables import Campaign, CampaignTap, ChannelMeter, Delivery

RECENT = 60.0  # seconds over which the present rate is taken
ENDED = ("sent", "dry", "unknown", "failed", "skipped")
MOST_UNKNOWN = 10_000  # rows of the list of unknown outcomes


@dataclass(frozen=True)
class Progress:
    """rate: messages a second over the last minute. left: seconds until the end at that rate, or None."""

    total: int
    counts: dict[str, int]
    done: int
    rate: float
    left: float | None

    @property
    def share(self) -> float:
        """Part done, 0 to 1."""
        return self.done / self.total if self.total else 0.0


def counts(session: Session, campaign_id: int) -> dict[str, int]:
    """Rows by status."""
    query = (
        select(col(Delivery.status), func.count())
        .where(col(Delivery.campaign_id) == campaign_id)
        .group_by(col(Delivery.status))
    )  # an index alone answers this
    return {row[0]: row[1] for row in session.execute(query)}


def progress(session: Session, campaign: Campaign, now: float) -> Progress:
    """Where a campaign stands."""
    found = counts(session, campaign.id)
    if kept := _kept(campaign, sum(found.values())):
        found = totals(kept)
    total, done = sum(found.values()), sum(found.get(status, 0) for status in ENDED)
    window = min(RECENT, max(1.0, now - campaign.started_at)) if campaign.started_at else RECENT
    recent = select(func.count()).where(
        col(Delivery.campaign_id) == campaign.id,
        col(Delivery.status).in_(["sent", "dry"]),
        col(Delivery.at) > now - window,
    )
    rate = session.execute(recent).scalar_one() / window
    waiting = total - done  # of those that have a row: erased people leave none behind
    left = waiting / rate if rate and waiting > 0 and campaign.state == "running" else None
    return Progress(total, found, done, rate, left)


def _kept(campaign: Campaign, left: int) -> dict[str, Any] | None:
    """The report of the end, once rows it counted were forgotten or erased; None while `left` rows are all there are."""
    kept: dict[str, Any] | None = json.loads(campaign.summary) if campaign.summary else None
    return kept if kept and left < sum(totals(kept).values()) else None


def totals(report: dict[str, Any]) -> dict[str, int]:
    """Counts by status from a report."""
    found: dict[str, int] = {}
    for row in report["rows"]:
        found[row["status"]] = found.get(row["status"], 0) + row["count"]
    return found


def report(session: Session, campaign: Campaign) -> dict[str, Any]:
    """Results by channel, status and reason; sends by hour; taps by button; who left after it. The kept one when rows are gone."""
    query = (
        select(col(Delivery.channel), col(Delivery.status), col(Delivery.code), func.count())
        .where(col(Delivery.campaign_id) == campaign.id)
        .group_by(col(Delivery.channel), col(Delivery.status), col(Delivery.code))
        .order_by(col(Delivery.channel), col(Delivery.status), col(Delivery.code))
    )
    rows = [
        {"channel": channel, "status": status, "code": code, "count": number}
        for channel, status, code, number in session.execute(query)
    ]
    if kept := _kept(campaign, sum(row["count"] for row in rows)):
        return {**kept, **_answers(session, campaign.id)}
    hour = cast(func.floor(col(Delivery.at) / 3600.0), Integer)
    by_hour = (
        select(hour, func.count())
        .where(col(Delivery.campaign_id) == campaign.id, col(Delivery.status).in_(["sent", "dry", "unknown"]))
        .group_by(hour)
        .order_by(hour)
    )
    hours = [{"at": int(row[0]) * 3600, "count": row[1]} for row in session.execute(by_hour)]
    return {"rows": rows, "hours": hours, **_answers(session, campaign.id)}


def _answers(session: Session, campaign_id: int) -> dict[str, Any]:
    """taps: by button. ended: subscriptions that ended after this message, by button, by word or by blocking."""
    found = _taps(session, campaign_id)
    return {
        "taps": [tap for tap in found if tap["choice"] != subscribers.ENDED],
        "ended": sum(tap["count"] for tap in found if tap["choice"] == subscribers.ENDED),
    }


def _taps(session: Session, campaign_id: int) -> list[dict[str, Any]]:
    query = select(col(CampaignTap.choice), col(CampaignTap.count)).where(col(CampaignTap.campaign_id) == campaign_id)
    return [
        {"choice": row[0], "count": row[1]}
        for row in session.execute(query.order_by(col(CampaignTap.count).desc())).all()
    ]


def unknown(session: Session, campaign_id: int) -> list[dict[str, Any]]:
    """Sends nobody knows the end of: their number, channel, time and code. Not whom they were for."""
    query = (
        select(col(Delivery.id), col(Delivery.channel), col(Delivery.at), col(Delivery.code))
        .where(col(Delivery.campaign_id) == campaign_id, col(Delivery.status) == "unknown")
        .order_by(col(Delivery.id))
        .limit(MOST_UNKNOWN)
    )
    return [{"id": row[0], "channel": row[1], "at": row[2], "code": row[3]} for row in session.execute(query)]


def paused_channels(session: Session, channels: list[str], now: float) -> list[str]:
    """Channels that the platform asked to be silent on."""
    keys = [f"pace:{channel}" for channel in channels]
    query = select(col(ChannelMeter.key)).where(col(ChannelMeter.key).in_(keys), col(ChannelMeter.paused_until) > now)
    return [key.removeprefix("pace:") for key in session.execute(query).scalars()]


def forget_meter(session: Session, campaign_id: int) -> None:
    """The campaign's own bucket is needed no more."""
    row = session.get(ChannelMeter, pacing.campaign_key(campaign_id))
    if row is not None:
        session.delete(row)
