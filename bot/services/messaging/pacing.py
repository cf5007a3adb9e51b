"""Sending rights taken a moment ahead, from the buckets that all processes share.

`outbox` takes rights that are there now. A campaign takes those of the next fraction of a second too and spreads its
sends over it, so that a channel's limit is used up evenly with few transactions: at most `per_second` + `burst` in any
second, whoever sends. A bucket in debt holds replies back for `ahead` seconds at most.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core import moments
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel
from bot.core.sending import Pace
from bot.storage.database import Database, insert_ignore
from bot.storage.tables import ChannelMeter

ASK_EVERY = 0.1  # seconds between two looks for a right


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
        select(ChannelMeter)
        .where(col(ChannelMeter.key) == key)
        .with_for_update()
        .execution_options(populate_existing=True)
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


def take_one(session: Session, channel: Channel, pace: Pace, now: float) -> bool:
    """Take one right that is there now."""
    bucket = meter(session, channel_key(channel))
    if available(bucket, pace.per_second, float(pace.burst), now) < 1:
        return False
    bucket.tokens -= 1
    return True


async def permit(
    db: Database,
    channel: Channel,
    pace: Pace,
    now: Callable[[], float],
    then: Callable[[Session], None] = lambda _: None,
    *,
    longest: float = 10.0,
) -> None:
    """Wait for the right to send one thing, and do `then` in the transaction that takes it.

    longest: seconds. Raises SendError to be tried again when there is none by then.
    """

    def take(session: Session) -> bool:
        if not take_one(session, channel, pace, now()):
            return False
        then(session)
        return True

    for _ in range(round(longest / ASK_EVERY)):
        if await db.run(take):
            return
        await asyncio.sleep(ASK_EVERY)
    raise SendError(SendPolicy.RETRY, "pace")
