"""Sends what waits in the outbox: one task a channel, so that a channel that is down keeps nobody else waiting.

The sender never looks at a status code: an error carries its policy. Words, ids and tokens are never logged.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from functools import partial

from sqlmodel import Session

from bot.channels.base import Again, PushChannel
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel
from bot.core.sending import Address, Moved
from bot.gateway.metrics import METRICS
from bot.services.messaging import contacts, outbox, pacing
from bot.services.messaging.outbox import Due
from bot.storage.database import Database
from bot.storage.vault import Vault

log = logging.getLogger(__name__)
LOOK_SECONDS = 0.5  # another process may have written
SOON_SECONDS = 0.03  # until the next sending right
KEEP_ALIVE_SECONDS = 600.0
STOP_SECONDS = 5.0


class Sender:
    """All push channels that are switched on."""

    def __init__(
        self, db: Database, vault: Vault, channels: Iterable[PushChannel], *, now: Callable[[], float] = time.time,
        again: Again | None = None,
    ) -> None:  # fmt: skip
        self.lines = {channel.channel: Line(db, vault, channel, now, again) for channel in channels}

    def kick(self, channel: Channel) -> None:
        """There may be something to send on this channel."""
        line = self.lines.get(channel)
        if line is not None:
            line.wake.set()

    def start(self) -> list[asyncio.Task[None]]:
        """One task a channel, to be cancelled at the end."""
        return [asyncio.create_task(line.serve()) for line in self.lines.values()]

    async def stop(self) -> None:
        """Let calls under way finish, for a moment, and close the connections."""
        for line in self.lines.values():
            line.stopping = True
        under_way = [task for line in self.lines.values() for task in line.tasks]
        if under_way:
            await asyncio.wait(under_way, timeout=STOP_SECONDS)
        for line in self.lines.values():
            await line.channel.close()

    def alarms(self) -> dict[str, str]:
        """Channel -> code of what a person has to look at."""
        return {channel.value: line.alarm for channel, line in self.lines.items() if line.alarm}


class Line:
    """One channel being served."""

    def __init__(
        self, db: Database, vault: Vault, channel: PushChannel, now: Callable[[], float], again: Again | None = None
    ) -> None:
        """again: the mark above what may arrive a second time."""
        self.channel, self.alarm, self.stopping = channel, "", False
        self.wake = asyncio.Event()
        self.tasks: set[asyncio.Task[None]] = set()
        self._db, self._vault, self._now = db, vault, now
        self._again = again
        self._name = channel.channel.value
        self._kept_at = float("-inf")
        self._asleep = False  # the last look without any message found trouble
        self._due = False  # something waits that could not be claimed yet

    async def serve(self) -> None:
        """Work until cancelled."""
        while not self.stopping:
            busy = False
            try:
                await self._keep_alive()
                busy = await self._round()
            except Exception as error:  # the database may be away for a while; messages wait in it
                log.error("sender_failed", extra={"channel": self._name, "error": type(error).__name__})
            if not busy:
                self.wake.clear()
                try:
                    await asyncio.wait_for(self.wake.wait(), SOON_SECONDS if self.tasks or self._due else LOOK_SECONDS)
                except TimeoutError:
                    continue

    async def _round(self) -> bool:
        """Claim what may go now and start sending it. Whether anything was found."""
        kind, pace = self.channel.channel, self.channel.pace
        room = pace.at_once - len(self.tasks)
        self._due = room >= 1 and await self._db.read(lambda s: outbox.anything_due(s, kind, self._now()))
        if not self._due:
            return False
        now = self._now()

        def work(session) -> list[Due]:
            if lost := outbox.recover(session, kind, now):
                METRICS.sent.labels(self._name, "unknown").inc(lost)
            return outbox.claim(session, self._vault, kind, pace, now, room)

        found = await self._db.run(work)
        for due in found:
            task = asyncio.create_task(self._guarded(due))
            self.tasks.add(task)
            task.add_done_callback(self._finished)
        return bool(found)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.wake.set()

    async def _guarded(self, due: Due) -> None:
        try:
            await self.deliver(due)
        except Exception as error:  # its text may quote the message: only its kind is noted
            log.error("deliver_failed", extra={"channel": self._name, "error": type(error).__name__})

    async def deliver(self, due: Due) -> None:
        """Send one claimed message and store what came of it."""
        if self._now() - due.created_at > outbox.MOST_AGE:
            await self._dead(due, "expired")
            return
        judged = self.channel.judge(due.priority, due.last_heard, self._now())
        if not judged.ok and judged.wait is None:
            await self._dead(due, judged.code)
        elif not judged.ok:
            again = self._now() + (judged.wait or 0.0)
            await self._db.run(lambda s: outbox.put_back(s, due.id, again, judged.code))
        elif due.unsure and judged.paid:
            await self._db.run(lambda s: outbox.may_not_repeat(s, due))
            METRICS.sent.labels(self._name, "unknown").inc()
        else:
            await self._send(due, paid=judged.paid)

    async def _send(self, due: Due, *, paid: bool) -> None:
        try:
            await self._calls(due)
        except SendError as error:
            await self._settle(due, error, paid=paid)
        except Exception as error:
            log.error("send_crashed", extra={"channel": self._name, "error": type(error).__name__})
            await self._settle(due, SendError(SendPolicy.FIX, "crash"), paid=paid)
        else:
            await self._db.run(lambda s: outbox.sent(s, due.id))
            METRICS.sent.labels(self._name, "sent").inc()
            self._set_alarm("")

    async def _calls(self, due: Due) -> None:
        address, moved = due.address, False
        parts = list(self.channel.parts(due.message))
        number = due.parts_sent
        if due.unsure and self._again is not None and number < len(parts):
            parts[number] = self._again.above(parts[number])
        while number < len(parts):
            if number > due.parts_sent:
                await self._next_right(due)
            try:
                await self.channel.send(address, parts[number])
            except Moved as error:
                if moved:
                    raise
                moved = True
                address = Address(error.to, address.reply_to)
                await self._db.run(
                    partial(
                        contacts.moved,
                        vault=self._vault,
                        conversation_id=due.conversation_id,
                        channel=self.channel.channel,
                        address=address,
                    )
                )
                continue
            number += 1
            if number < len(parts):
                await self._db.run(partial(outbox.part_sent, row_id=due.id, parts=number))

    async def _next_right(self, due: Due) -> None:
        """Keep the pace between the parts of one message."""
        await asyncio.sleep(self.channel.pace.per_chat)
        await pacing.permit(
            self._db, self.channel.channel, self.channel.pace, self._now,
            lambda s: outbox.hold(s, due.id, self._now()), longest=20.0,
        )  # fmt: skip

    async def _settle(self, due: Due, error: SendError, *, paid: bool) -> None:
        pauses = error.code in self.channel.pauses
        now = self._now()

        def work(session: Session) -> str:
            result, found = outbox.settle(session, due, error, now, pauses=pauses, paid=paid)
            if found.rest:
                outbox.pause(session, self.channel.channel, now + found.wait)
            return result

        result = await self._db.run(work)
        METRICS.sent.labels(self._name, result).inc()
        if result in {"dead", "unknown", "repeat"}:
            log.warning("message_set_aside", extra={"channel": self._name, "status": result, "code": error.code})
        if error.policy in {SendPolicy.ALERT, SendPolicy.REFRESH}:
            self._set_alarm(error.code)

    async def _dead(self, due: Due, code: str) -> None:
        await self._db.run(lambda s: outbox.give_up(s, due.id, code))
        METRICS.sent.labels(self._name, "dead").inc()
        log.warning("message_set_aside", extra={"channel": self._name, "status": "dead", "code": code})

    def _set_alarm(self, code: str) -> None:
        if code == self.alarm:
            return
        if self.alarm:
            METRICS.alarm.labels(self._name, self.alarm).set(0)
        if code:
            METRICS.alarm.labels(self._name, code).set(1)
            log.critical("channel_alarm", extra={"channel": self._name, "code": code})
        else:
            log.info("channel_recovered", extra={"channel": self._name})
        self.alarm = code

    async def _keep_alive(self) -> None:
        if time.monotonic() - self._kept_at < KEEP_ALIVE_SECONDS:
            return
        self._kept_at = time.monotonic()
        try:
            await self.channel.keep_alive()
        except SendError as error:  # there is no token that works: nothing can be sent
            self._asleep = True
            self._set_alarm(error.code)
        else:
            if self._asleep:  # a person entered a new token, and nothing has been sent since
                self._set_alarm("")
            self._asleep = False
