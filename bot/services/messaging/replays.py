"""Deliveries caught on the way and posted again later: their signature is genuine, and their id is forgotten by then.

Ids are remembered for two days and platforms repeat a delivery for hours, so a day is the border. How old a delivery is
says the platform's own clock, by the newest moment it ever signed: ours may be wrong, and then nobody would be heard.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.clocks import DAY
from bot.core.messages import Channel
from bot.services.messaging import pacing
from bot.storage.database import Database
from bot.storage.tables import ChannelMeter

OLDEST = DAY  # seconds; well under the time ids are remembered, well over the two hours in which Zalo repeats
STORE_AFTER = 600.0  # seconds by which the newest moment may be ahead of what is stored


class Replays:
    """The newest moment one platform has signed, shared by all processes through the database."""

    def __init__(self, db: Database, channel: Channel) -> None:
        self._db, self._key = db, f"newest:{channel.value}"
        self._newest = self._stored = 0.0

    async def seen(self, at: float, now: float) -> bool:
        """Whether a delivery signed at `at` (seconds; 0.0 when it says no moment) is a replay; notes it when it is not."""
        if not at:
            return False
        if at < now - OLDEST or not self._stored:  # another process, or an earlier one, may have heard newer ones
            self._stored = await self._db.read(self._load)
            self._newest = max(self._newest, self._stored)
        if at < self._newest - OLDEST:
            return True
        if self._newest < at <= now + DAY:  # further ahead no right clock is; such a moment would shut everybody out
            self._newest = at
        if self._newest > self._stored + STORE_AFTER:
            self._stored = self._newest
            await self._db.run(self._store)
        return False

    def _load(self, session: Session) -> float:
        return float(
            session.execute(select(col(ChannelMeter.at)).where(col(ChannelMeter.key) == self._key)).scalar() or 0
        )

    def _store(self, session: Session) -> None:
        row = pacing.meter(session, self._key)
        row.at = max(row.at, self._newest)
