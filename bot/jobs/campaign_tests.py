"""Sends a campaign's message to the officer who asked to see it, on the channel of their notices."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.app import Core
from bot.channels.base import PushChannel
from bot.core.campaigns.params import Params
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel
from bot.core.sending import Address
from bot.services.campaigns.words import as_sent, messages, sources, thaw
from bot.services.messaging import pacing
from bot.services.units import officer_address, posts
from bot.storage.tables import Campaign, CampaignTest, Officer

log = logging.getLogger(__name__)
TOO_OLD = 3600.0  # nobody waits for a test that long


@dataclass(frozen=True)
class _Job:
    id: int
    campaign_id: int
    params: str
    frozen: str
    route: str
    address: str


def waiting(session: Session, now: float) -> bool:
    """Whether somebody waits for their test message."""
    query = select(col(CampaignTest.id)).where(
        col(CampaignTest.status) == "pending", col(CampaignTest.created_at) > now - TOO_OLD
    )
    return session.execute(query.limit(1)).first() is not None


async def send_waiting(core: Core, channels: Mapping[Channel, PushChannel]) -> None:
    """Send every waiting test once."""
    job = await core.db.run(lambda s: _claim(core, s))
    while job is not None:
        status, code = await _send(core, channels, job)
        await core.db.run(partial(_mark, test_id=job.id, status=status, code=code))
        job = await core.db.run(lambda s: _claim(core, s))


def _claim(core: Core, session: Session) -> _Job | None:
    query = select(CampaignTest).where(
        col(CampaignTest.status) == "pending", col(CampaignTest.created_at) > core.now() - TOO_OLD
    )
    for row in session.execute(
        query.order_by(col(CampaignTest.id)).limit(20).with_for_update(skip_locked=True)
    ).scalars():
        campaign, officer = session.get(Campaign, row.campaign_id), session.get(Officer, row.officer_id)
        found = officer_address.addresses(core.vault, officer) if officer and posts.works(session, officer) else {}
        found.pop(officer_address.EMAIL, None)
        if campaign is None or not found:
            row.status, row.code = "failed", "no_address"
            continue
        row.status = "sending"
        route, address = next(iter(found.items()))
        return _Job(row.id, campaign.id, campaign.params, campaign.frozen, route, address)
    return None


async def _send(core: Core, channels: Mapping[Channel, PushChannel], job: _Job) -> tuple[str, str]:
    channel = channels.get(Channel(job.route))
    if channel is None:
        return "failed", "channel_off"
    try:
        drafted = messages(sources(core), Params.from_json(job.params), job.campaign_id) if not job.frozen else {}
        message = (drafted or thaw(job.frozen))["vi"]
        for part in channel.parts(as_sent(message, numbers=channel.numbers)):
            await pacing.permit(core.db, channel.channel, channel.pace, core.now)
            await channel.send(Address(job.address), part)
    except SendError as error:
        return ("unknown" if error.policy is SendPolicy.UNKNOWN else "failed"), error.code
    except Exception as error:
        log.error("campaign_test_crashed", extra={"error": type(error).__name__})
        return "failed", "crash"
    return "sent", ""


def _mark(session: Session, test_id: int, status: str, code: str) -> None:
    session.execute(update(CampaignTest).where(col(CampaignTest.id) == test_id).values(status=status, code=code[:40]))
