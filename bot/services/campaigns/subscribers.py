"""Opting in to and out of campaign messages. Nobody is subscribed by anybody else."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, col

from bot.core.campaigns.audience import AGES, LANGUAGES, UNKNOWN_AGE, Audience, topic_bits, topics_of
from bot.core.campaigns.optout import asks_to_stop
from bot.core.messages import Channel, InboundMessage
from bot.services.campaigns.words import split_tap
from bot.services.minutes import part_of_day
from bot.storage.database import insert_ignore
from bot.storage.tables import CampaignTap, Conversation, Delivery, Subscriber

OPTED_OUT = "opted_out"
ENDED = "ended"  # among the taps of a campaign: subscriptions that ended while it was the last somebody got
UNSUBSCRIBE = "do:unsubscribe"


@dataclass(frozen=True)
class Preferences:
    """What somebody chose. topics: () for everything; the rest '' when not told."""

    active: bool
    topics: tuple[str, ...] = ()
    province: str = ""
    commune: str = ""
    age: str = ""
    language: str = "vi"


def from_chat(session: Session, conversation_id: str, on: bool, language: str = "") -> bool:
    """The person behind a conversation asks for messages, or asks for them to end.

    Ending holds at once, for a campaign that is under way too. Returns whether they are subscribed now (False on the web
    page, which nothing can be pushed to), or, at the end, whether they were.
    """
    row = session.get(Subscriber, conversation_id)
    if not on:
        return _end(session, row)
    channel = (
        session.execute(select(col(Conversation.channel)).where(col(Conversation.id) == conversation_id)).scalar() or ""
    )
    if channel == Channel.WEB.value:
        return False
    if row is None:
        row = Subscriber(conversation_id=conversation_id, channel=channel, since=part_of_day(time.time()))
        session.add(row)
    row.active, row.channel = True, channel or row.channel
    if language in LANGUAGES:
        row.language = language
    session.flush()
    return True


def _end(session: Session, row: Subscriber | None) -> bool:
    if row is None:
        return False
    changed, row.active = row.active, False
    session.flush()
    _drop_waiting(session, row.conversation_id)
    if changed:
        _count_end(session, row.conversation_id)
    return changed


def _count_end(session: Session, conversation_id: str) -> None:
    """Count it for the last campaign they got, however they said it; who it was is not kept."""
    query = select(col(Delivery.campaign_id)).where(
        col(Delivery.conversation_id) == conversation_id, col(Delivery.status).in_(["sent", "unknown"])
    )
    last = session.execute(query.order_by(col(Delivery.at).desc(), col(Delivery.id).desc()).limit(1)).scalar()
    if last is not None:
        count_tap(session, last, ENDED)


def count_tap(session: Session, campaign_id: int, choice: str) -> None:
    """One more `choice` among the answers to a campaign; who chose it is not kept."""
    insert_ignore(session, CampaignTap, [{"campaign_id": campaign_id, "choice": choice, "count": 0}])
    session.execute(
        update(CampaignTap)
        .where(col(CampaignTap.campaign_id) == campaign_id, col(CampaignTap.choice) == choice)
        .values(count=col(CampaignTap.count) + 1)
    )


def _drop_waiting(session: Session, conversation_id: str) -> None:
    session.execute(
        update(Delivery)
        .where(col(Delivery.conversation_id) == conversation_id, col(Delivery.status) == "pending")
        .values(status="skipped", code=OPTED_OUT)
    )


def end_if_asked(session: Session, conversation_id: str, message: InboundMessage) -> None:
    """End the subscription if that is plainly what the message asks, where nobody else reads it for now.

    A message can wait: for a human who took over the conversation, or behind one that waits for an engine. The wish does not.
    """
    tapped = split_tap(message.choice)[1] == UNSUBSCRIBE
    if tapped or asks_to_stop(message.text):
        from_chat(session, conversation_id, False)


def stop(session: Session, conversation_id: str) -> None:
    """They blocked or unfollowed: that ends the subscription too, and opening the door again does not renew it."""
    _end(session, session.get(Subscriber, conversation_id))


def forget(session: Session, conversation_id: str) -> None:
    """Erase the subscription with everything chosen, and whatever tells which campaigns reached this person."""
    if is_active(session, conversation_id):
        _count_end(session, conversation_id)
    session.execute(delete(Delivery).where(col(Delivery.conversation_id) == conversation_id))
    session.execute(delete(Subscriber).where(col(Subscriber.conversation_id) == conversation_id))


def is_active(session: Session, conversation_id: str) -> bool:
    """Whether this person gets campaign messages."""
    query = select(col(Subscriber.active)).where(col(Subscriber.conversation_id) == conversation_id)
    return bool(session.execute(query).scalar())


def preferences(session: Session, conversation_id: str) -> Preferences | None:
    """What this person chose, or None for somebody who never subscribed."""
    row = session.get(Subscriber, conversation_id)
    if row is None:
        return None
    return Preferences(
        row.active, topics_of(row.topics), row.province_code, row.commune_code, row.age_band, row.language
    )


def choose(
    session: Session, conversation_id: str, *, topics: Sequence[str] = (), province: str = "", commune: str = "",
    age: str = "", language: str = "",
) -> None:  # fmt: skip
    """Keep what somebody chose for their own subscription; without one there is nothing to choose for."""
    row = session.get(Subscriber, conversation_id)
    if row is None:
        return
    row.topics = topic_bits(topics)
    row.commune_code = commune if len(commune) == 5 and commune.isdigit() else ""
    row.province_code = province if len(province) == 2 and province.isdigit() else ""
    row.age_band = age if age in AGES else ""
    if language in LANGUAGES:
        row.language = language


def change(session: Session, conversation_id: str, **wanted: Any) -> None:
    """Keep some choices anew and leave the others: topics, province, commune, age, language."""
    known = preferences(session, conversation_id)
    if known is None:
        return
    kept = {name: getattr(known, name) for name in ("topics", "province", "commune", "age", "language")}
    choose(session, conversation_id, **{**kept, **wanted})


def matching(audience: Audience, channels: Sequence[str]) -> ColumnElement[bool]:
    """The audience as a condition on `Subscriber`. channels: those that can be sent on."""
    wanted = [channel for channel in channels if not audience.channels or channel in audience.channels]
    parts: list[ColumnElement[bool]] = [col(Subscriber.active).is_(True), col(Subscriber.channel).in_(wanted)]
    if bits := topic_bits(audience.topics):
        parts.append(or_(col(Subscriber.topics) == 0, col(Subscriber.topics).op("&")(bits) != 0))
    places = []
    if audience.provinces:
        places.append(col(Subscriber.province_code).in_(audience.provinces))
    if audience.communes:
        places.append(col(Subscriber.commune_code).in_(audience.communes))
    if places:
        parts.append(or_(*places))
    if audience.ages:
        bands = ["" if age == UNKNOWN_AGE else age for age in audience.ages]
        parts.append(col(Subscriber.age_band).in_(bands))
    if audience.languages:
        parts.append(col(Subscriber.language).in_(audience.languages))
    return and_(*parts)


def count(session: Session, audience: Audience, channels: Sequence[str]) -> dict[str, int]:
    """How many people an audience has now, by channel. One pass over the table, nothing is loaded."""
    query = (
        select(col(Subscriber.channel), func.count())
        .where(matching(audience, channels))
        .group_by(col(Subscriber.channel))
    )
    return {row[0]: row[1] for row in session.execute(query)}
