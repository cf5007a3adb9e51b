"""The duty of the campaigns: starts what is due, plans it in pages, sends it, and ends it with a report.

A call lasts as long as there is something to send. Only one runs in a process; any number of processes share the work.
"""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlmodel import Session, col

from bot.app import Core
from bot.channel_set import push_channels
from bot.channels.base import PushChannel, quiet_libraries
from bot.channels.zalo_bot.limits import BULK_SHARE
from bot.core.campaigns.schedule import VIETNAM, is_quiet
from bot.core.campaigns.states import Act, State
from bot.core.errors import InvalidInput
from bot.core.messages import Channel
from bot.jobs import campaign_tests
from bot.jobs.campaign_line import CampaignLine
from bot.services import heartbeat
from bot.services.campaigns import acts, claims, deliveries, report
from bot.services.campaigns.words import sources
from bot.services.messaging import outbox
from bot.storage.tables import Campaign, Delivery

log = logging.getLogger(__name__)
HOUSE_SECONDS = 1.0
BEAT_SECONDS = 30.0
KEEP_ROWS = 30 * 86_400.0  # rows of recipients after the end; the report stays
Channels = Callable[[Core], Mapping[Channel, PushChannel]]


class CampaignDuty:
    """All campaigns of one process."""

    def __init__(
        self, core: Core, *, stopping: Callable[[], bool] = lambda: False, channels: Channels = push_channels
    ) -> None:
        self._core, self._stopping, self._channels = core, stopping, channels
        self._busy = threading.Lock()
        self._finished = False
        self._beat_at = float("-inf")

    def run(self) -> int:
        """One call of the duty; at once over when another call is under way. Returns how many messages were sent."""
        if not self._busy.acquire(blocking=False):
            return 0
        try:
            with self._core.db.reading() as session:
                idle = not self._anything(session)
            if idle:
                self._beat()
                return 0
            return asyncio.run(self._serve())
        finally:
            self._busy.release()

    def _anything(self, session: Session) -> bool:
        now = self._core.now()
        due = acts.in_state(session, [State.APPROVED], now)
        running = acts.in_state(session, [State.RUNNING])
        awake = [row for row in running if not (acts.params_of(row).quiet and is_quiet(now) and row.planned)]
        paused = acts.in_state(session, [State.PAUSED])
        left = any(deliveries.lost(session, row.id, now) for row in paused)
        return bool(due or awake or left or self._unclosed(session) or campaign_tests.waiting(session, now))

    def _unclosed(self, session: Session) -> list[Campaign]:
        """Stopped campaigns whose report is not written, and ended ones whose rows are old."""
        now, ended = self._core.now(), [State.STOPPED.value, State.DONE.value]
        rows = session.execute(
            select(Campaign).where(col(Campaign.state).in_(ended), col(Campaign.total) > 0)
        ).scalars()
        return [row for row in rows if not row.summary or self._old(session, row, now)]

    def _old(self, session: Session, row: Campaign, now: float) -> bool:
        if row.ended_at > now - KEEP_ROWS:
            return False
        return (
            session.execute(select(col(Delivery.id)).where(col(Delivery.campaign_id) == row.id).limit(1)).first()
            is not None
        )

    async def _serve(self) -> int:
        quiet_libraries()
        channels = self._channels(self._core)
        self._finished = False
        lines = [
            CampaignLine(self._core, channel, self._over, partial(self._held, kind=kind))
            for kind, channel in channels.items()
        ]
        try:
            await asyncio.gather(self._keep_house(channels), *(line.serve() for line in lines))
        finally:
            for channel in channels.values():
                await channel.close()
        return sum(line.sent for line in lines)

    def _over(self) -> bool:
        return self._finished or self._stopping()

    def _held(self, session: Session, kind: Channel) -> bool:
        """Zalo bots keep the rest of their month for answers."""
        if kind is not Channel.ZALO_BOT:
            return False
        month = datetime.fromtimestamp(self._core.now(), VIETNAM).strftime("%Y-%m")
        most = BULK_SHARE * self._core.settings.zalo_bot.monthly_messages
        return outbox.month_count(session, kind, month) >= most

    async def _keep_house(self, channels: Mapping[Channel, PushChannel]) -> None:
        """Everything but the sending. Ends the call when nothing is left to do."""
        try:
            while not self._over():
                try:
                    await self._round(channels)
                    if not await self._core.db.read(self._anything):
                        break
                except InvalidInput:
                    pass  # another process took the same step first
                except Exception as error:  # the database may be away for a while
                    log.error("campaign_house_failed", extra={"error": type(error).__name__})
                await asyncio.sleep(HOUSE_SECONDS)
        finally:
            self._finished = True

    async def _round(self, channels: Mapping[Channel, PushChannel]) -> None:
        db = self._core.db
        for campaign_id in await db.read(self._due):
            await db.run(partial(self._start, campaign_id=campaign_id))
        while not self._over() and await db.run(lambda s: self._plan_one(s, channels)):
            await asyncio.sleep(0)  # the lines claim between two pages
        while not self._over() and await db.run(self._dry_page):
            await asyncio.sleep(0)
        await db.run(lambda s: self._halt_off(s, channels))
        await db.run(self._recover)
        for campaign_id in await db.read(self._done):
            await db.run(partial(self._finish, campaign_id=campaign_id))
        while not self._over() and await db.run(self._close_page):
            await asyncio.sleep(0)
        await campaign_tests.send_waiting(self._core, channels)
        if time.monotonic() - self._beat_at > BEAT_SECONDS:
            await asyncio.to_thread(self._beat)

    def _due(self, session: Session) -> list[int]:
        return [row.id for row in acts.in_state(session, [State.APPROVED], self._core.now())]

    def _start(self, session: Session, campaign_id: int) -> None:
        core, row = self._core, acts.get(session, campaign_id)
        if row.state != State.APPROVED.value:
            return  # another process was quicker
        desk = acts.Desk(sources(core), acts.channels_on(core.settings), core.now(), core.province_of)
        if not acts.start(session, desk, row):
            log.warning("campaign_not_started", extra={"code": row.reason})

    def _plan_one(self, session: Session, channels: Mapping[Channel, PushChannel]) -> bool:
        """One page of one campaign. Whether there may be more."""
        for row in acts.in_state(session, [State.RUNNING]):
            if not row.planned:
                params = acts.params_of(row)
                deliveries.plan_page(session, row, params, [kind.value for kind in channels])
                return True
        return False

    def _dry_page(self, session: Session) -> bool:
        """A rehearsal: everybody is looked at, nobody is written to."""
        for row in acts.in_state(session, [State.RUNNING]):
            params = acts.params_of(row)
            if params.dry_run and row.planned and claims.rehearse_page(session, row, params, self._core.now()):
                return True
        return False

    def _halt_off(self, session: Session, channels: Mapping[Channel, PushChannel]) -> None:
        """What waits for nothing but a channel that was switched off would wait for ever: a person has to decide."""
        on = [kind.value for kind in channels]
        for row in acts.in_state(session, [State.RUNNING]):
            if not row.planned or acts.params_of(row).dry_run or (on and deliveries.open_rows(session, row.id, on)):
                continue
            if deliveries.open_rows(session, row.id):
                acts.act(session, row.id, Act.PAUSE, "system", self._core.now(), "channel_gone")
                log.error("campaign_paused", extra={"code": "channel_gone"})

    def _recover(self, session: Session) -> None:
        """Take stock of what dead processes left."""
        for row in acts.in_state(session, [State.RUNNING, State.PAUSED]):
            if lost := deliveries.recover(session, row.id, self._core.now()):
                log.warning("campaign_unknown", extra={"count": lost})

    def _done(self, session: Session) -> list[int]:
        running = acts.in_state(session, [State.RUNNING])
        return [row.id for row in running if row.planned and not deliveries.open_rows(session, row.id)]

    def _finish(self, session: Session, campaign_id: int) -> None:
        row = acts.get(session, campaign_id)
        if row.state != State.RUNNING.value:
            return  # another process was quicker
        acts.finish(session, row, self._core.now(), json.dumps(report.report(session, row)))
        report.forget_meter(session, row.id)
        log.info("campaign_done", extra={"count": row.total})

    def _close_page(self, session: Session) -> bool:
        """Tidy what was stopped, and what ended long ago. Whether there may be more."""
        now = self._core.now()
        for row in self._unclosed(session):
            if row.ended_at <= now - KEEP_ROWS and row.summary:
                return deliveries.forget_page(session, row.id) > 0
            if deliveries.drop_waiting(session, row.id, "campaign_stopped"):
                return True
            deliveries.recover(session, row.id, now)
            if not deliveries.open_rows(session, row.id):
                row.summary = json.dumps(report.report(session, row))
                session.add(row)
        return False

    def _beat(self) -> None:
        self._beat_at = time.monotonic()
        with self._core.db.transaction() as session:
            heartbeat.beat(session, "campaigns", self._core.now())
