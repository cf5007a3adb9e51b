"""One channel of the campaigns under way: claims a moment ahead, sends each message at its moment, marks the results.

One transaction a tick stores the results of the last tick and claims for the next. What is claimed is sent at once or,
when the process is told to stop, given back; only a process that dies leaves claims behind.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlmodel import Session

from bot.app import Core
from bot.channels.base import PushChannel
from bot.core import sending
from bot.core.campaigns import rules
from bot.core.campaigns.params import Params
from bot.core.campaigns.schedule import is_quiet
from bot.core.campaigns.states import Act, State
from bot.core.errors import InvalidInput, SendError, SendPolicy
from bot.core.messages import OutboundMessage
from bot.core.sending import Address, Fate, Moved
from bot.services.campaigns import acts, claims, deliveries
from bot.services.campaigns.claims import Due
from bot.services.campaigns.deliveries import Outcome
from bot.services.campaigns.words import as_sent, thaw
from bot.services.messaging import contacts, outbox
from bot.storage.tables import Campaign

log = logging.getLogger(__name__)
AHEAD_MESSAGES = 8.0
LEAST_AHEAD, MOST_AHEAD = 0.08, 0.5  # seconds claimed ahead; what a kill can leave unknown, and a reply has to wait
TICKS_AHEAD = 3.0  # a claim lasts for so many of the database's answers, or rights would be lost while it works
HURRY = 0.97  # how much closer together late messages may go than the pace says
# How much may be under way at once follows the quickest call of late: enough for calls twice as slow, and little
# for a kill to leave unknown.
FIRST_GUESS, SLOWER, FORGET = 0.1, 2.0, 1.0003
LEAST_ROOM = 4
IDLE_SECONDS = 0.5
STOP_SECONDS = 8.0  # for calls under way when the process is told to stop
SEND_SECONDS = 60.0  # a call that hangs is given up as unknown; the others never wait for it
STORM = 10  # failures in a row after which it is the channel's fault and no recipient's
STORM_PAUSE = 30.0  # of the campaigns; replies are tried all the same
REFUSED = 20  # messages refused in a row, none accepted: it is the content, and the campaign waits for a person
Hold = Callable[[Session], bool]


class CampaignLine:
    """Everything running campaigns send on one channel."""

    def __init__(self, core: Core, channel: PushChannel, over: Callable[[], bool], held: Hold) -> None:
        pace = channel.pace
        self.sent = 0
        self._core, self._channel, self._over, self._held = core, channel, over, held
        self._line = claims.Line(channel.channel, pace, channel.judge)
        self._took = self._next = 0.0
        self._quickest = FIRST_GUESS
        self._most = max(pace.at_once, math.ceil(pace.per_second))
        self._gate = asyncio.Semaphore(self._most)
        self._done: list[Outcome] = []
        self._stops: list[str] = []
        self._pause_until = self._rest_until = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._words: dict[str, dict[str, OutboundMessage]] = {}
        self._calls: dict[tuple[str, str], Sequence[Any]] = {}
        self._storm = 0
        self._refused: dict[int, int] = {}
        self._turn = 0
        self._agreed: dict[int, tuple[str, str, str]] = {}  # campaign -> what was compared with its approval last

    async def serve(self) -> None:
        """Work until told that it is over, then let calls under way end and store what came of them."""
        while not self._over():
            busy = False
            try:
                busy = await self._round()
            except Exception as error:  # the database may be away for a while
                log.error("campaign_failed", extra={"channel": self._name, "error": type(error).__name__})
            await asyncio.sleep(self._ahead() / 4 if busy or self._tasks else IDLE_SECONDS)
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        await self._store_left()

    @property
    def _name(self) -> str:
        return self._channel.channel.value

    async def _round(self) -> bool:
        began = time.monotonic()
        found, done = await self._stored(self._claim)
        took = time.monotonic() - began
        self._took = max(took, 0.8 * self._took + 0.2 * took)
        for due in found:
            task = asyncio.create_task(self._send(due))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(found or done)

    def _room(self) -> int:
        """How many messages may be claimed and not yet ended."""
        rate = self._channel.pace.per_second
        return LEAST_ROOM + min(self._most, math.ceil(rate * SLOWER * self._quickest)) + math.ceil(rate * self._ahead())

    def _ahead(self) -> float:
        """Seconds to claim ahead, by how long the database takes."""
        few = min(MOST_AHEAD / 2, AHEAD_MESSAGES / self._channel.pace.per_second)
        return min(MOST_AHEAD, max(LEAST_AHEAD, few, TICKS_AHEAD * self._took))

    async def _moment(self, due: Due) -> None:
        """Wait for the claimed moment; where that has passed, go one after another and not all at once."""
        await asyncio.sleep(max(0.0, due.at - self._core.now()))
        now = self._core.now()
        start = max(now, self._next)
        self._next = start + HURRY * len(self._calls_of(due)) / self._channel.pace.per_second
        if start > now:
            await asyncio.sleep(start - now)

    async def _stored(self, after: Callable[[Session], list[Due]]) -> tuple[list[Due], int]:
        """Store the results there are and do `after`, in one transaction; keep the results if it fails."""
        done, stops, pause = self._done, self._stops, self._pause_until
        refused = [number for number, count in self._refused.items() if count >= REFUSED]
        self._done, self._stops = [], []

        def work(session: Session) -> list[Due]:
            self._store(session, done, stops, pause, refused)
            return after(session)

        try:
            found = await self._core.db.run(work)
        except BaseException:
            self._done, self._stops = done + self._done, stops + self._stops
            raise
        if self._pause_until == pause:
            self._pause_until = 0.0
        for number in refused:
            self._refused[number] = 0
        return found, len(done)

    def _claim(self, session: Session) -> list[Due]:
        now = self._core.now()
        room = self._room() - len(self._tasks)
        if room < 1 or now < self._rest_until or self._held(session):
            return []
        running = acts.in_state(session, [State.RUNNING])
        self._turn += 1
        taken: list[Due] = []
        for offset in range(len(running)):
            row = running[(self._turn + offset) % len(running)]
            params = acts.params_of(row)
            if params.dry_run or (params.quiet and is_quiet(now)) or not self._as_agreed(session, row, params):
                continue
            calls = {language: len(self._parts(row, language)) for language in self._messages(row)}
            taken += claims.claim(
                session, self._core.vault, self._line, row, params, calls,
                now=now, ahead=self._ahead(), most=room - len(taken),
            )  # fmt: skip
            if len(taken) >= room:
                break
        return taken

    async def _store_left(self) -> None:
        """What came of the last calls must not be lost: those people would be listed as unknown."""
        for wait in (0.2, 1.0, 0.0):
            try:
                await self._stored(lambda _: [])
                return
            except Exception as error:
                log.error("campaign_failed", extra={"channel": self._name, "error": type(error).__name__})
                await asyncio.sleep(wait)

    def _store(
        self, session: Session, done: Sequence[Outcome], stops: Sequence[str], pause: float, refused: Sequence[int]
    ) -> None:
        deliveries.mark(session, done)
        for conversation in stops:
            contacts.stop(session, conversation)
        if pause:
            outbox.pause(session, self._channel.channel, pause)
        for campaign_id in refused:
            self._halt(session, campaign_id, "content_refused")

    def _halt(self, session: Session, campaign_id: int, code: str) -> None:
        try:
            acts.act(session, campaign_id, Act.PAUSE, "system", self._core.now(), code)
        except InvalidInput:
            return  # somebody was quicker
        log.error("campaign_paused", extra={"channel": self._name, "code": code})

    def _as_agreed(self, session: Session, row: Campaign, params: Params) -> bool:
        """Whether words and parameters are still those that were agreed to; if not, the campaign waits for a person."""
        seen = (row.params, row.frozen, row.approved_digest)
        if self._agreed.get(row.id or 0) == seen:
            return True
        if refused := rules.start_refusal(params, row.params, row.frozen, row.approved_digest, row.approved_by):
            self._halt(session, row.id, refused)
            return False
        self._agreed[row.id or 0] = seen
        return True

    def _messages(self, row: Campaign) -> dict[str, OutboundMessage]:
        if row.digest not in self._words:
            self._words[row.digest] = thaw(row.frozen)
        return self._words[row.digest]

    def _parts(self, row: Campaign, language: str) -> Sequence[Any]:
        key = (str(row.id), language)
        if key not in self._calls:
            message = as_sent(self._messages(row)[language], numbers=self._channel.numbers)
            self._calls[key] = self._channel.parts(message)
        return self._calls[key]

    def _calls_of(self, due: Due) -> Sequence[Any]:
        number = str(due.campaign_id)
        return self._calls.get((number, due.language)) or self._calls[number, "vi"]

    async def _send(self, due: Due) -> None:
        await self._moment(due)
        async with self._gate:
            resting = self._core.now() < self._rest_until
            if resting or self._over():  # never handed over: somebody else, the next start or a later hour sends it
                at = self._rest_until if resting else 0.0
                self._done.append(Outcome(due.id, "pending", "", at, due.attempts, due.parts, due.claimed))
                return
            outcome = await self._deliver(due)
        self._done.append(outcome)  # looked up only now: the list is another one after each tick

    async def _deliver(self, due: Due) -> Outcome:
        """Make the calls of one message. Whatever happens, there is an outcome, and nobody else is kept waiting."""
        calls = self._calls_of(due)
        number = due.parts
        try:
            address, moved = due.address, False
            while number < len(calls):
                if number > due.parts:
                    await asyncio.sleep(self._channel.pace.per_chat)
                try:
                    began = time.monotonic()
                    async with asyncio.timeout(SEND_SECONDS):
                        await self._channel.send(address, calls[number])
                    self._quickest = min(self._quickest * FORGET, time.monotonic() - began)
                except Moved as error:
                    if moved:
                        raise
                    moved, address = True, Address(error.to, address.reply_to)
                    await self._core.db.run(
                        partial(
                            contacts.moved,
                            vault=self._core.vault,
                            conversation_id=due.conversation_id,
                            channel=self._channel.channel,
                            address=address,
                        )
                    )
                    continue
                number += 1
        except SendError as error:
            return self._settle(due, error, number)
        except TimeoutError:
            return self._settle(due, SendError(SendPolicy.UNKNOWN, "timeout"), number)
        except Exception as error:  # its text may hold an address: only its kind is noted
            log.error("campaign_send_crashed", extra={"channel": self._name, "error": type(error).__name__})
            return self._settle(due, SendError(SendPolicy.UNKNOWN, "crash"), number)
        self._storm, self._refused[due.campaign_id] = 0, 0
        self.sent += 1
        return Outcome(due.id, "sent", "", due.at, due.attempts, number)

    def _settle(self, due: Due, error: SendError, parts: int) -> Outcome:
        now = self._core.now()
        found = sending.settle(error, due.attempts, sending.MESSAGES, pauses=error.code in self._channel.pauses)

        def outcome(status: str, at: float = now, attempts: int = due.attempts) -> Outcome:
            return Outcome(due.id, status, error.code, at, attempts, parts, due.claimed)

        if found.fate is Fate.UNKNOWN:
            return outcome("unknown")
        if found.fate is Fate.STOPPED:
            self._stops.append(due.conversation_id)
            return outcome("failed")
        if found.fate is Fate.REFUSED:
            self._refused[due.campaign_id] = self._refused.get(due.campaign_id, 0) + 1
            return outcome("failed")
        if found.fate is Fate.WAITS:
            self._pause_until = max(self._pause_until, now + found.wait)
            self._rest_until = max(self._rest_until, now + found.wait)
            return outcome("pending", now + found.wait)
        self._storm += 1
        if self._storm >= STORM:  # an hour, where the account's quota of the day is used up
            rest = max(STORM_PAUSE, error.retry_after or 0.0)
            self._rest_until = now + rest
            return outcome("pending", now + rest)
        if found.fate is Fate.EXHAUSTED:
            return outcome("failed", attempts=found.attempts)
        return outcome("pending", now + found.wait, found.attempts)
