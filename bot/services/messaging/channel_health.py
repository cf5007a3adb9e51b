"""How the channels are doing, read from what all processes share: times, codes and counts; no content and no ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, func, or_, select, update
from sqlmodel import Session, col

from bot.core.messages import Channel
from bot.core.sending import BULK
from bot.services.messaging import outbox
from bot.storage.database import changed
from bot.storage.tables import ChannelMeter, ChannelToken, Contact, Inbox, Outbox

PUSHED = (Channel.ZALO_OA, Channel.ZALO_BOT, Channel.TELEGRAM)
# Dead letters whose last try certainly delivered nothing, and that may go through another time. What Zalo or Telegram refused
# for its content, or for good, is refused again. Where nobody knows whether it arrived, an answer keeps its words and may
# go once more by a person's hand; what costs money or went to many has lost them.
MAY_SEND_AGAIN = frozenset({
    "connect", "pace", "token_busy", "token_exchange", "408", "429", "http_429", "-32", "-100", "-200", "-211", "-214",
    "-218", "-234",
})  # fmt: skip


@dataclass(frozen=True)
class Health:
    """One channel. Times are seconds since the epoch, 0.0 for never within what is kept (48 hours).

    trouble: code of what stands in the way now, or "". last_error: the newest code noted, at last_error_at.
    """

    channel: str
    last_sent: float
    last_error: str
    last_error_at: float
    trouble: str
    waiting: int
    waiting_since: float
    paused_until: float
    token_until: float  # the access token ends, renewed by itself before; 0.0 where tokens do not end
    renewed_at: float
    unread: int  # messages of people whose turn failed for good
    month_count: int
    people: int


@dataclass(frozen=True)
class SetAside:
    """Messages of one channel that were given up with one code. again: how many of them may be sent once more."""

    channel: str
    status: str  # dead | unknown
    code: str
    count: int
    newest: float
    again: int


def look(session: Session, channel: Channel, month: str, now: float) -> Health:
    """The health of one channel. month: "2026-11", for the plan's count."""
    name = channel.value
    token = session.get(ChannelToken, name, populate_existing=True)
    meter = session.get(ChannelMeter, f"pace:{name}", populate_existing=True)
    of_channel = select(func.max(col(Outbox.claimed_at))).where(col(Outbox.channel) == name)
    last_sent = session.execute(of_channel.where(col(Outbox.status) == "sent")).scalar() or 0.0
    failed = session.execute(
        select(col(Outbox.error), col(Outbox.claimed_at))
        .where(col(Outbox.channel) == name, col(Outbox.error) != "", col(Outbox.claimed_at) > 0)
        .order_by(col(Outbox.claimed_at).desc(), col(Outbox.id).desc())
        .limit(1)
    ).first()
    error, error_at = (failed.error, failed.claimed_at) if failed else ("", 0.0)
    waiting = session.execute(
        select(func.count(), func.min(col(Outbox.created_at))).where(
            col(Outbox.channel) == name, col(Outbox.status) == "pending"
        )
    ).one()
    stuck = session.execute(
        select(col(Outbox.error))
        .where(col(Outbox.channel) == name, col(Outbox.status) == "pending", col(Outbox.error) != "")
        .limit(1)
    ).scalar()
    trouble = (stuck or (error if error in MAY_SEND_AGAIN else "")) if error_at > last_sent else ""
    unread = select(func.count()).select_from(Inbox).where(col(Inbox.channel) == name, col(Inbox.status) == "dead")
    people = select(func.count()).select_from(Contact).where(col(Contact.channel) == name)
    return Health(
        channel=name, last_sent=last_sent, last_error=error, last_error_at=error_at,
        trouble=(token.failed if token else "") or trouble,
        waiting=waiting[0], waiting_since=waiting[1] or 0.0,
        paused_until=meter.paused_until if meter and meter.paused_until > now else 0.0,
        token_until=token.expires_at if token else 0.0, renewed_at=token.issued_at if token else 0.0,
        unread=session.execute(unread).scalar_one(), month_count=outbox.month_count(session, channel, month),
        people=session.execute(people).scalar_one(),
    )  # fmt: skip


def set_aside(session: Session, now: float) -> list[SetAside]:
    """What was given up, newest first within each channel."""
    again = func.sum(case((_may_be_sent_again(now), 1), else_=0))
    rows = session.execute(
        select(
            col(Outbox.channel),
            col(Outbox.status),
            col(Outbox.error),
            func.count(),
            func.max(col(Outbox.created_at)),
            again,
        )
        .where(col(Outbox.status).in_(("dead", "unknown")), col(Outbox.channel) != Channel.WEB.value)
        .group_by(col(Outbox.channel), col(Outbox.status), col(Outbox.error))
        .order_by(col(Outbox.channel), func.max(col(Outbox.created_at)).desc())
    )
    return [SetAside(*row) for row in rows]


def send_again(session: Session, channel: str, code: str, now: float) -> int:
    """Put what was given up on a channel with a code back into the queue. Returns how many; 0 for codes that are not safe."""
    return changed(
        session,
        update(Outbox)
        .where(_may_be_sent_again(now), col(Outbox.channel) == channel, col(Outbox.error) == code)
        .values(status="pending", attempts=0, unsure=0, next_at=now, error=""),
    )


def _may_be_sent_again(now: float):
    # Words are erased after 48 hours; an answer that late helps nobody anyway.
    return and_(
        or_(
            and_(col(Outbox.status) == "dead", col(Outbox.error).in_(MAY_SEND_AGAIN)),
            and_(col(Outbox.status) == "unknown", col(Outbox.priority) < BULK),
        ),
        col(Outbox.payload).is_not(None),
        col(Outbox.created_at) > now - outbox.MOST_AGE,
    )


def on(channels: Sequence[str]) -> list[Channel]:
    """The pushed channels that are switched on, in the order they are shown."""
    return [channel for channel in PUSHED if channel.value in channels]
