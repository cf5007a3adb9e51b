"""The front door of the inbox: many deliveries, one commit. Returns only after the messages are safe."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from sqlmodel import Session

from bot.core.messages import InboundMessage
from bot.dialogue.bursts import NO_WAIT, Rule, cries, words_first
from bot.gateway.metrics import METRICS
from bot.services.messaging import inbox
from bot.storage.database import Database
from bot.storage.vault import Vault

MOST = 400  # messages in one transaction
BUSY = 20  # deliveries that wait for a commit
STORM = 150  # deliveries a second
WINDOW = 0.25  # seconds in which they are counted

_Heard = tuple[InboundMessage, bool]  # and whether there is danger in it


class Intake:
    """Collects what arrives while a commit is running and commits it together: an fsync serves many."""

    def __init__(
        self, db: Database, vault: Vault, *, now: Callable[[], float] = time.time, rule: Rule = NO_WAIT
    ) -> None:
        self._db, self._vault, self._now, self._rule = db, vault, now, rule
        self._waiting: list[tuple[Sequence[_Heard], asyncio.Future[list[inbox.Accepted]]]] = []
        self._window = (0.0, 0, 0)  # when it began, deliveries in it, and in the one before
        self._writer: asyncio.Task[None] | None = None

    def busy(self) -> bool:
        """Whether deliveries come in a storm: platforms wait two seconds for an answer, people wait longer for theirs."""
        started, count, before = self._window
        age = time.monotonic() - started
        in_window = max(count, before) if age < WINDOW else count if age < 2 * WINDOW else 0
        return len(self._waiting) >= BUSY or in_window >= STORM * WINDOW

    def _count(self, deliveries: int) -> None:
        now, (started, count, _) = time.monotonic(), self._window
        if now - started < WINDOW:
            self._window = (started, count + deliveries, self._window[2])
        else:
            self._window = (now, deliveries, count if now - started < 2 * WINDOW else 0)

    async def accept(self, messages: Sequence[InboundMessage]) -> list[inbox.Accepted]:
        """Store messages durably; of a cry with files the words first, as a message of their own. One entry a message, in order.

        Raises what the database raises; then nothing may be acknowledged.
        """
        if not messages:
            return []
        self._count(1)
        crying = [cries(message) for message in messages]
        parts = [words_first(one) if cry else (one,) for one, cry in zip(messages, crying, strict=True)]
        future: asyncio.Future[list[inbox.Accepted]] = asyncio.get_running_loop().create_future()
        heard = [(part, cry and not part.after_words) for one, cry in zip(parts, crying, strict=True) for part in one]
        self._waiting.append((heard, future))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        stored, accepted, at = await future, list[inbox.Accepted](), 0
        for one, cry in zip(parts, crying, strict=True):
            accepted.append(replace(stored[at], cries=cry))
            at += len(one)
        return accepted

    async def _write(self) -> None:
        while self._waiting:
            batch, size = [], 0
            while self._waiting and size < MOST:
                batch.append(self._waiting.pop(0))
                size += len(batch[-1][0])
            flat = [heard for messages, _ in batch for heard in messages]
            try:
                accepted = await self._db.run_first(self._accepting(flat))
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            self._hand_out(batch, accepted)

    def _accepting(self, heard: list[_Heard]) -> Callable[[Session], list[inbox.Accepted]]:
        messages, crying = [message for message, _ in heard], [cry for _, cry in heard]
        return lambda session: inbox.accept(session, self._vault, messages, self._now(), self._rule, crying)

    @staticmethod
    def _hand_out(batch, accepted: list[inbox.Accepted]) -> None:
        position = 0
        for messages, future in batch:
            part = accepted[position : position + len(messages)]
            position += len(messages)
            for (message, _), entry in zip(messages, part, strict=True):
                (METRICS.accepted if entry.fresh else METRICS.repeated).labels(message.channel.value).inc()
            if not future.done():
                future.set_result(part)
