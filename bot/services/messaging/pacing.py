"""Sending rights taken a moment ahead, from the buckets that all processes share.

`outbox` takes rights that are there now. A campaign takes those of the next fraction of a second too and spreads its
sends over it, so that a channel's limit is used up evenly with few transactions: at most `per_second` + `burst` in any
second, whoever sends. A bucket in debt holds replies back for `ahead` seconds at most.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session

from bot.core import moments
from bot.core.messages import Channel
from bot.services.messaging.inbox import insert_ignore
from bot.storage.tables import ChannelMeter


def channel_key(channel: Channel) -> str:
    """The bucket that replies, notices and campaigns of a channel share."""
    return f"pace:{channel.value}"


def campaign_key(campaign_id: int) -> str:
    """The bucket of a campaign that is stretched over hours."""
    return f"pace:campaign:{campaign_id}"


def meter(session: Session, key: str) -> ChannelMeter:
    """The row of a bucket, locked until the transaction ends (on SQLite the transaction itself is the lock)."""
    # What this session read before it had the lock may be old by now.
    query = (
        select(ChannelMeter).where(ChannelMeter.key == key).with_for_update().execution_options(populate_existing=True)
    )
    row = session.execute(query).scalars().first()
    if row is None:
        insert_ignore(session, ChannelMeter, [{"key": key, "tokens": 0.0, "at": 0.0, "paused_until": 0.0, "count": 0}])
        row = session.execute(query).scalars().one()
    return row


def available(row: ChannelMeter, per_second: float, burst: float, now: float, ahead: float = 0.0) -> int:
    """Whole rights that may be taken now and for the next `ahead` seconds; none while paused. Fills the bucket.

    A bucket that a clock ahead of time has written is of now: nobody waits until the true time has caught up.
    """
    if moments.ahead(row.at, now):  # written by a clock that ran ahead, and so was whatever pause came with it
        row.at, row.paused_until = now, min(row.paused_until, now)
    if row.paused_until > now:
        return 0  # nothing is written, however often somebody asks
    gained = max(0.0, now - row.at) * per_second
    row.tokens, row.at = min(burst, row.tokens + gained), max(now, row.at)
    return max(0, int(row.tokens + per_second * ahead + 1e-9))


def take(row: ChannelMeter, rights: int, per_second: float, now: float) -> list[float]:
    """Take `rights` and return the moment from which each holds."""
    there = row.tokens
    row.tokens -= rights
    return [now + max(0.0, number - there) / per_second for number in range(1, rights + 1)]
