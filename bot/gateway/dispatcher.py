"""Runs turns: the oldest messages of each conversation, one turn of a conversation at a time, many conversations at once."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from bot.core.errors import Conflict, EngineUnavailable
from bot.core.lanes import Lanes
from bot.core.messages import Channel, InboundKind, OutboundMessage
from bot.dialogue.bursts import LONGEST_WAIT, NO_WAIT, Rule, files_left, words_of
from bot.dialogue.heard import TurnInput
from bot.engine_client.pool import HUNG, TurnFailed
from bot.gateway.conductor import SHORT, Conductor
from bot.gateway.metrics import METRICS
from bot.gateway.originals import wants_original
from bot.services import soundness
from bot.services.messaging import contacts, inbox, turns
from bot.storage.database import Database
from bot.storage.vault import Vault

T = TypeVar("T")
log = logging.getLogger(__name__)
LEASE = 30.0  # seconds; longer than a turn may take, short enough to recover after a crash
BATCH = 32
GIVE_WAY_SECONDS = 1.0
FILES_SECONDS = 2.0  # so long words wait for what came with them, to be one turn with it
MOST_TURNS = 50  # in a row for one conversation before others get their chance
LONG_AT_ONCE = 2  # turns of long texts, which cost a hundred times what a cry costs; the others of them wait in lanes
MOST_UNDER_WAY = 500  # conversations, those that wait for files or for their lane among them


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
        settled: Callable[[TurnInput], Awaitable[None]] | None = None,
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
        self._tasks: set[asyncio.Task[Any]] = set()
        self._tasks_beside: set[asyncio.Future[Any]] = set()  # files that are fetched while other things are answered
        self._stopping = False
        self._settled = settled
        self._long = Lanes(LONG_AT_ONCE)
        self._fetching = 0
        self._running: Counter[str] = Counter()
        self._crying: set[str] = (
            set()
        )  # of those at work: with danger in what waits, by the database. Before all others

    def kick(self, at: float = 0.0) -> None:
        """There may be something to do, now or `at` a moment in the next seconds."""
        wait = min(at - self._now(), LONGEST_WAIT) if at else 0.0
        if wait > 0:
            asyncio.get_running_loop().call_later(wait, self._wake.set)
        else:
            self._wake.set()

    def heard(self, accepted: inbox.Accepted) -> None:
        """A message was stored: it is answered at once when there is danger in it, in its turn otherwise."""
        if accepted.cries:
            self.begin(accepted)
        else:
            self.kick(accepted.due_at)

    def begin(self, accepted: inbox.Accepted) -> asyncio.Task[float]:
        """`run`, whether or not anybody waits for it: the rest of the conversation is answered too."""
        if accepted.cries:
            self._crying.add(accepted.conversation_id)
        task = asyncio.create_task(self._guarded(accepted.conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def serve(self) -> None:
        """Work until cancelled. Also finds messages other processes accepted and those whose retry is due."""
        while not self._stopping:
            try:
                found, crying = await self._db.run(self._claimed)
            except Exception as error:  # the database may be away for a while; messages wait in it
                log.error("dispatcher_claim_failed", extra=soundness.noted(error))
                found, crying = [], set()
            self._crying |= crying
            for conversation in found:
                task = asyncio.create_task(self._guarded(conversation))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            if self._at_work >= BATCH or len(self._tasks) >= MOST_UNDER_WAY:
                await asyncio.wait(self._tasks, return_when=asyncio.FIRST_COMPLETED, timeout=0.5)
            elif not found:
                self._wake.clear()
                try:
                    await asyncio.wait_for(self._wake.wait(), 0.5)
                except TimeoutError:
                    continue

    def _claimed(self, session: Session) -> tuple[list[str], set[str]]:
        found = inbox.claim(session, self._owner, self._now(), LEASE, BATCH, without=tuple(self._running))
        return found, inbox.crying(session, found, self._now())

    @property
    def _at_work(self) -> int:
        """Tasks that neither wait for files nor for their lane."""
        return len(self._tasks) - self._long.waiting - self._fetching

    async def stop(self) -> None:
        """Finish what runs, for a moment."""
        self._stopping = True
        self._wake.set()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=5)

    async def _guarded(self, conversation: str) -> float:
        try:
            return await self.run(conversation)
        except Exception as error:
            log.error("turn_failed", extra=soundness.noted(error))
            return 0.0

    async def run(self, conversation: str) -> float:
        """Answer what is pending in one conversation, in order. Returns when nothing is left or another process has it.

        The moment until which more is waited for is given back, or 0.0; nothing is held until then.
        """
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        self._running[conversation] += 1
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
            self._running[conversation] -= 1
            if not self._running[conversation]:
                del self._running[conversation]
                self._crying.discard(conversation)
                self._locks.pop(conversation, None)

    async def _run(self, conversation: str, work: Callable[[Session], T]) -> T:
        """One transaction; of a conversation with danger in it before those that wait for the database."""
        run = self._db.run_first if conversation in self._crying else self._db.run
        return await run(work)

    async def _wait_for_intake(self) -> None:
        """Taking messages in comes before thinking about them, for a moment: nothing may be refused or late."""
        end = time.monotonic() + GIVE_WAY_SECONDS
        while self._give_way is not None and self._give_way() and time.monotonic() < end:
            await asyncio.sleep(0.02)

    async def _one(self, conversation: str, *, in_lane: bool = False) -> bool | turns.Waits:
        """The next turn. in_lane: a place for a long text was waited for."""
        if conversation not in self._crying:
            await self._wait_for_intake()
        loaded = await self._run(
            conversation,
            lambda s: turns.load(
                s, self._vault, conversation, self._owner, self._now(), LEASE, self._unread, self._rule
            ),
        )
        if loaded is None:
            await self._card_blocked(conversation)
            return False
        if isinstance(loaded, turns.Waits):
            return loaded
        if loaded.cries:
            self._crying.add(conversation)
        if len(loaded.message.text) <= SHORT or in_lane:
            return await self._answer(loaded)
        crying = conversation in self._crying
        if not self._long.full:
            async with self._long.place(conversation, urgent=crying):
                return await self._answer(loaded)
        # No lease runs out while it waits, and another process may take it meanwhile.
        await self._run(conversation, lambda s: inbox.release(s, conversation, self._owner))
        async with self._long.place(conversation, urgent=crying):
            return await self._one(conversation, in_lane=True)

    async def _answer(self, loaded: TurnInput) -> bool:
        turn, conversation = loaded, loaded.conversation_id
        started = time.perf_counter()
        if turn.message.kind in contacts.EVENTS or turn.quiet:
            card = await self._conductor.aside(turn, self._conductor.unheard.cry, turn)
            done = contacts.finish_event(self._vault, turn, self._now(), card)
            return await self._run(conversation, lambda s: turns.commit(s, self._vault, turn, done, self._now()))
        if self._started is not None:
            self._started(turn)
        try:
            fetched, left = await self._fetched(turn), None
            if fetched is None and not turn.message.text.strip():
                await self._run(conversation, lambda s: inbox.release(s, conversation, self._owner))
                return True  # danger came behind the files, and is answered first
            if fetched is None:
                left = partial(files_left, original=wants_original(turn))
                turn = replace(turn, message=words_of(turn.message))
            else:
                turn = fetched
            finish = await self._conductor.think(turn)
            more = await self._run(
                conversation, lambda s: turns.commit(s, self._vault, turn, finish, self._now(), left)
            )
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
        if self._settled is not None and left is None:
            await self._settled(loaded)
        return more

    async def _fetched(self, turn: TurnInput) -> TurnInput | None:
        """The turn with its files judged and sealed. None when something else is answered first: the words beside files that are
        not there soon, or danger that came behind files without words. They go on being fetched meanwhile."""
        if self._fetch is None or turn.message.kind is not InboundKind.ATTACHMENT:
            return turn
        fetching = asyncio.ensure_future(self._fetch(turn))
        self._fetching += 1
        try:
            while not fetching.done():
                await asyncio.wait({fetching}, timeout=FILES_SECONDS)
                if fetching.done():
                    break
                if turn.message.text.strip():
                    return None
                if await self._db.read(lambda s: inbox.crying(s, [turn.conversation_id], self._now())):
                    return None
            return fetching.result()
        finally:
            self._fetching -= 1
            if not fetching.done():
                self._tasks_beside.add(fetching)
                fetching.add_done_callback(self._let_go)

    def _let_go(self, fetching: asyncio.Future[Any]) -> None:
        """Whatever went wrong is found again by the files' own turn; nobody prints it."""
        self._tasks_beside.discard(fetching)
        _ = fetching.cancelled() or fetching.exception()

    async def _card_blocked(self, conversation: str) -> None:
        blocked = await self._db.read(lambda s: turns.blocked(s, self._vault, conversation, self._now()))
        if not blocked:
            return
        card = self._conductor.unheard.fallback
        read = {turn.inbox_id: await self._conductor.aside(turn, card, turn) for turn in blocked}
        channel = await self._run(
            conversation,
            lambda s: turns.card_blocked(s, self._vault, conversation, lambda one: read.get(one.inbox_id), self._now()),
        )
        if channel is not None and self._answered is not None:
            await self._answered(channel, conversation)

    def _unread(self, turn: TurnInput) -> OutboundMessage:
        METRICS.failed_turns.labels("set_aside").inc()
        log.error("turn_set_aside", extra={"channel": turn.channel.value})
        return self._conductor.unheard.unread(turn)

    async def _failed(self, turn: TurnInput, *, blame: bool) -> bool:
        """Whether what waits behind the message can be answered now: it can when the message itself was the cause."""
        card, unread = await self._conductor.aside(turn, self._conductor.unheard.fallback, turn), self._unread
        status = await self._run(
            turn.conversation_id,
            lambda s: turns.fail(s, self._vault, turn, self._owner, card, self._now(), blame=blame, unread=unread),
        )
        METRICS.failed_turns.labels(status).inc()
        if self._answered is not None:
            await self._answered(turn.channel, turn.conversation_id)
        return blame
