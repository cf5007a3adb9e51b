"""Runs turns: the oldest messages of each conversation, one turn of a conversation at a time, many conversations at once."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable

from sqlalchemy.exc import InterfaceError, OperationalError

from bot.core.errors import Conflict, EngineUnavailable
from bot.core.messages import Channel, InboundKind, OutboundMessage
from bot.dialogue.bursts import LONGEST_WAIT, NO_WAIT, Rule
from bot.dialogue.heard import TurnInput
from bot.engine_client.pool import HUNG, TurnFailed
from bot.gateway.conductor import Conductor
from bot.gateway.metrics import METRICS
from bot.services import soundness
from bot.services.messaging import contacts, inbox, turns
from bot.storage.database import Database
from bot.storage.vault import Vault

log = logging.getLogger(__name__)
LEASE = 30.0  # seconds; longer than a turn may take, short enough to recover after a crash
BATCH = 32
GIVE_WAY_SECONDS = 1.0
MOST_TURNS = 50  # in a row for one conversation before others get their chance


class Dispatcher:
    """`kick` after a message was accepted; `run` to process one conversation now and wait for it."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        conductor: Conductor,
        *,
        now: Callable[[], float] = time.time,
        answered: Callable[[Channel, str], Awaitable[None]] | None = None,
        fetch: Callable[[TurnInput], Awaitable[TurnInput]] | None = None,
        started: Callable[[TurnInput], None] | None = None,
        give_way: Callable[[], bool] | None = None,
        rule: Rule = NO_WAIT,
    ) -> None:
        self._db, self._vault, self._conductor, self._now = db, vault, conductor, now
        self._owner = secrets.token_hex(16)
        self._locks: dict[str, asyncio.Lock] = {}
        self._wake = asyncio.Event()
        self._answered = answered
        self._fetch = fetch
        self._started = started
        self._give_way = give_way
        self._rule = rule
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def kick(self, at: float = 0.0) -> None:
        """There may be something to do, now or `at` a moment in the next seconds."""
        wait = min(at - self._now(), LONGEST_WAIT) if at else 0.0
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._wake.set)
        else:
            self._wake.set()

    async def serve(self) -> None:
        """Work until cancelled. Also finds messages other processes accepted and those whose retry is due."""
        while not self._stopping:
            try:
                found = await self._db.run(lambda s: inbox.claim(s, self._owner, self._now(), LEASE, BATCH))
            except Exception as error:  # the database may be away for a while; messages wait in it
                log.error("dispatcher_claim_failed", extra=soundness.noted(error))
                found = []
            for conversation in found:
                task = asyncio.create_task(self._guarded(conversation))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            if len(self._tasks) >= BATCH:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED)
            elif not found:
                self._wake.clear()
                try:
                    await asyncio.wait_for(self._wake.wait(), 0.5)
                except TimeoutError:
                    continue

    async def stop(self) -> None:
        """Finish what runs, for a moment."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _guarded(self, conversation: str) -> None:
        try:
            await self.run(conversation)
        except Exception as error:
            log.error("turn_failed", extra=soundness.noted(error))

    async def run(self, conversation: str) -> float:
        """Answer what is pending in one conversation, in order. Returns when nothing is left or another process has it.

        The moment until which more is waited for is given back, or 0.0; nothing is held until then.
        """
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        try:
            async with lock:
                for _ in range(MOST_TURNS):
                    more = await self._one(conversation)
                    if isinstance(more, turns.Waits):
                        self.kick(more.until)
                        return more.until
                    if not more:
                        return 0.0
                return 0.0
        finally:
            if not lock.locked():
                self._locks.pop(conversation, None)

    async def _wait_for_intake(self) -> None:
        """Taking messages in comes before thinking about them, for a moment: nothing may be refused or late."""
        end = time.monotonic() + GIVE_WAY_SECONDS
        while self._give_way is not None and self._give_way() and time.monotonic() < end:
            await asyncio.sleep(0.02)

    async def _one(self, conversation: str) -> bool | turns.Waits:
        await self._wait_for_intake()
        loaded = await self._db.run(
            lambda s: turns.load(
                s, self._vault, conversation, self._owner, self._now(), LEASE, self._unread, self._rule
            )
        )
        if loaded is None:
            await self._card_blocked(conversation)
            return False
        if isinstance(loaded, turns.Waits):
            return loaded
        turn = loaded
        started = time.perf_counter()
        if turn.message.kind in contacts.EVENTS or turn.quiet:
            done = contacts.finish_event(self._vault, turn, self._now(), self._conductor.unheard.cry(turn))
            return await self._db.run(lambda s: turns.commit(s, self._vault, turn, done, self._now()))
        if self._started is not None:
            self._started(turn)
        try:
            if self._fetch is not None and turn.message.kind is InboundKind.ATTACHMENT:
                turn = await self._fetch(turn)
            finish = await self._conductor.think(turn)
            more = await self._db.run(lambda s: turns.commit(s, self._vault, turn, finish, self._now()))
        except Conflict:
            METRICS.conflicts.inc()
            return True
        except TurnFailed as failure:
            log.error("turn_refused", extra={"code": failure.code})
            # A full machine can make an innocent message hang once.
            return await self._failed(turn, blame=failure.code != HUNG or turn.attempts > 0)
        except (EngineUnavailable, OperationalError, InterfaceError) as error:
            log.warning("turn_waits", extra=soundness.noted(error))
            return await self._failed(turn, blame=False)
        except Exception as error:
            # Whatever it was, its text may quote the citizen: only its kind is noted.
            log.error("turn_error", extra=soundness.noted(error))
            return await self._failed(turn, blame=True)
        METRICS.turns.labels(turn.channel.value).inc()
        METRICS.turn_seconds.observe(time.perf_counter() - started)
        if self._answered is not None:
            await self._answered(turn.channel, conversation)
        return more

    async def _card_blocked(self, conversation: str) -> None:
        card = self._conductor.unheard.fallback
        channel = await self._db.run(lambda s: turns.card_blocked(s, self._vault, conversation, card, self._now()))
        if channel is not None and self._answered is not None:
            await self._answered(channel, conversation)

    def _unread(self, turn: TurnInput) -> OutboundMessage:
        METRICS.failed_turns.labels("set_aside").inc()
        log.error("turn_set_aside", extra={"channel": turn.channel.value})
        return self._conductor.unheard.unread(turn)

    async def _failed(self, turn: TurnInput, *, blame: bool) -> bool:
        """Whether what waits behind the message can be answered now: it can when the message itself was the cause."""
        card, unread = self._conductor.unheard.fallback(turn), self._unread
        status = await self._db.run(
            lambda s: turns.fail(s, self._vault, turn, self._owner, card, self._now(), blame=blame, unread=unread)
        )
        METRICS.failed_turns.labels(status).inc()
        if self._answered is not None:
            await self._answered(turn.channel, turn.conversation_id)
        return blame
