"""The Official Account's tokens: one process spends the refresh token, the new pair is safe before anybody uses it."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot import settings as settings_module
from bot.app import Core
from bot.channel_set import zalo_oa
from bot.channels.zalo_oa.tokens import LEASE_SECONDS
from bot.commands.sandbox import environment as sandbox_environment
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import Address
from bot.gateway.sender import Line
from bot.sandbox.world import Fault, World
from bot.services.messaging import channel_tokens, inbox
from bot.storage.database import migrate
from bot.storage.tables import Outbox
from tests.support import live
from tests.support.product import ROOT
from tests.support.world import environment

PROCESS = Path(__file__).parents[2] / "support" / "token_process.py"


@dataclass
class Office:
    """A product connected to the pretended Zalo, and what a process of it needs."""

    core: Core
    world: World
    env: dict[str, str]
    clock: list[float]
    alarm: str = ""

    def process(self, how: str = "live") -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        made = subprocess.Popen(
            [sys.executable, str(PROCESS), how], stdin=pipe, stdout=pipe, text=True, cwd=ROOT,
            env={**os.environ, **self.env, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert made.stdout.readline() == "ready\n"
        return made

    def pair(self) -> channel_tokens.TokenPair:
        with self.core.db.reading() as session:
            found = channel_tokens.load(session, self.core.vault, Channel.ZALO_OA)
        assert found is not None
        return found

    def answer_waits(self) -> None:
        """Somebody wrote, and one answer lies in the outbox."""
        message = InboundMessage(Channel.ZALO_OA, "an", "m1", InboundKind.TEXT, text="x")
        self.world.person("an").last_interaction = self.world.now()
        with self.core.db.transaction() as session:
            (accepted,) = inbox.accept(session, self.core.vault, [message], self.core.now())
            sealed = self.core.vault.seal_outbound(
                accepted.conversation_id, "zalo_oa", "t:0", OutboundMessage("Trả lời")
            )
            row = Outbox(
                conversation_id=accepted.conversation_id, channel="zalo_oa", dedupe="t:0", payload=sealed,
                created_at=self.core.now(),
            )  # fmt: skip
            session.add(row)

    def outbox(self) -> Outbox:
        with self.core.db.reading() as session:
            return session.execute(select(Outbox)).scalar_one()

    def _with_line(self, work: Callable[[Line], Awaitable[None]]) -> str:
        async def run() -> str:
            client = zalo_oa(self.core)
            line = Line(self.core.db, self.core.vault, client, self.core.now)
            line.alarm, line._asleep = self.alarm, bool(self.alarm)
            try:
                await work(line)
                while line.tasks:
                    await asyncio.gather(*line.tasks)
                return line.alarm
            finally:
                await client.close()

        return asyncio.run(run())

    def one_round(self) -> str:
        """One look of the sender into the outbox. Returns its alarm."""
        return self._with_line(lambda line: line._round())

    def look_after(self) -> str:
        """What the sender does now and then without any message. Returns its alarm, kept for the next look."""
        self.alarm = self._with_line(lambda line: line._keep_alive())
        return self.alarm

    def enter(self) -> None:
        with self.core.db.transaction() as session:
            channel_tokens.enter(
                session,
                self.core.vault,
                Channel.ZALO_OA,
                self.world.access,
                self.world.refresh,
                self.core.now(),
                90_000,
            )


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with live.zalo("http://127.0.0.1:9") as world:
        env = environment(tmp_path, **sandbox_environment(world))
        settings = settings_module.load(env)
        migrate(settings.database_url)
        clock = [0.0]
        core = Core(settings)
        real = core.now
        core.now = lambda: real() + clock[0]
        made = Office(core, world, env, clock)
        made.enter()
        yield made
        core.close()


def test_two_processes_at_once_exchange_the_token_once(office: Office):
    both = [office.process(), office.process()]
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=250)[0].strip() for process in both]
    assert said == ["2", "2"], "both have the pair after the old one"
    assert office.world.exchanges == 1
    pair = office.pair()
    assert (pair.access, pair.refresh) == (office.world.access, office.world.refresh)


def test_many_callers_in_one_process_exchange_it_once(office: Office):
    office.world.access_until = 0.0  # every call finds the token expired
    office.world.person("1001").last_interaction = office.world.now()

    async def run() -> None:
        client = zalo_oa(office.core)
        try:
            part = client.parts(OutboundMessage("Chào bạn"))[0]
            await asyncio.gather(*(client.send(Address("1001"), part) for _ in range(8)))
        finally:
            await client.close()

    asyncio.run(run())
    assert office.world.exchanges == 1
    assert len(office.world.person("1001").seen) == 8


def test_a_new_pair_is_stored_before_it_is_used(office: Office):
    office.world.access_until = 0.0
    office.world.person("1001").last_interaction = office.world.now()
    stored_when_used: list[bool] = []

    class Watching(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            token = request.headers.get("access_token")
            if token and token == office.world.access and office.world.exchanges:
                stored_when_used.append(office.pair().access == token)
            return await super().handle_async_request(request)

    async def run() -> None:
        client = zalo_oa(office.core, Watching())
        try:
            await client.send(Address("1001"), client.parts(OutboundMessage("Chào bạn"))[0])
        finally:
            await client.close()

    asyncio.run(run())
    assert stored_when_used == [True]


def test_killed_between_exchange_and_storing_ends_in_one_alarm_and_no_lost_message(office: Office, caplog):
    """The old token is spent and the new one died with the process: nothing can mend that but a person, who is told."""
    process = office.process("die")
    process.stdin.write("go\n")
    process.stdin.flush()
    assert process.wait(250) == -9
    assert office.world.exchanges == 1
    assert office.pair().version == 1
    office.answer_waits()
    office.one_round()  # the lease of the dead process still runs: nobody may try
    assert (office.outbox().status, office.pair().failed) == ("pending", "")
    office.clock[0] += LEASE_SECONDS + 30
    with caplog.at_level(logging.INFO):
        assert office.one_round() == "-14014"
    assert [record.msg for record in caplog.records if record.levelno == logging.CRITICAL][:1] == ["zalo_token_refused"]
    assert (office.outbox().status, office.pair().failed) == ("pending", "-14014")
    office.clock[0] += 120
    asked = len([call for call in office.world.calls if call == "oauth"])
    office.one_round()
    assert len([call for call in office.world.calls if call == "oauth"]) == asked, "a spent token is not tried again"
    office.enter()  # `lachan zalo login`
    office.clock[0] += 120
    assert office.one_round() == ""
    assert office.outbox().status == "sent"
    assert [row["text"] for row in office.world.person("an").seen] == ["Trả lời"]


def test_while_tokens_cannot_be_exchanged_messages_wait_and_the_alarm_is_raised(office: Office):
    office.world.access_until = 0.0
    office.world.faults.append(Fault("oauth", times=20, status=403))  # a proxy's word, and no refusal of the pair
    office.answer_waits()
    for _ in range(8):
        office.one_round()
        office.clock[0] += 120
    assert (office.outbox().status, office.outbox().attempts, office.pair().failed) == ("pending", 0, "")
    office.clock[0] += 25 * 3_600
    assert office.look_after() == "token_exchange"
    office.world.faults.clear()
    office.clock[0] += 120
    assert office.look_after() == ""
    office.world.person("an").last_interaction = office.world.now()
    office.one_round()
    assert office.outbox().status == "sent"


def test_stopping_waits_for_an_exchange_under_way(office: Office):
    office.world.access_until = 0.0
    office.world.person("1001").last_interaction = office.world.now()

    async def run() -> None:
        asked = asyncio.Event()

        class Slow(httpx.AsyncHTTPTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                response = await super().handle_async_request(request)
                if request.url.path.endswith("access_token"):
                    asked.set()
                    await asyncio.sleep(0.3)  # the old token is spent, the new one on its way
                return response

        client = zalo_oa(office.core, Slow())
        sending = asyncio.create_task(client.send(Address("1001"), client.parts(OutboundMessage("Chào bạn"))[0]))
        await asked.wait()
        await client.close()
        await asyncio.gather(sending, return_exceptions=True)

    asyncio.run(run())
    pair = office.pair()
    assert (pair.version, pair.access, pair.refresh) == (2, office.world.access, office.world.refresh)


def test_a_database_that_is_away_for_a_moment_does_not_cost_the_new_pair(office: Office, monkeypatch):
    monkeypatch.setattr("bot.channels.zalo_oa.tokens.STORE_WAITS", (0.01, 0.01))
    real, falls = channel_tokens.rotated, [OperationalError("", {}, Exception()), OperationalError("", {}, Exception())]

    def rotated(*given):
        if falls:
            raise falls.pop()
        return real(*given)

    monkeypatch.setattr(channel_tokens, "rotated", rotated)

    async def renew() -> None:
        client = zalo_oa(office.core)
        try:
            await client._tokens.renew(office.pair())
        finally:
            await client.close()

    asyncio.run(renew())
    assert (office.pair().version, office.pair().access) == (2, office.world.access)


def test_a_broken_exchange_is_tried_again_only_after_the_lease(office: Office):
    office.world.faults.append(Fault("oauth", status=502))

    async def renew() -> None:
        client = zalo_oa(office.core)
        try:
            await client._tokens.renew(office.pair())
        finally:
            await client.close()

    with pytest.raises(SendError) as first:
        asyncio.run(renew())
    assert first.value.policy is SendPolicy.RETRY
    office.clock[0] += LEASE_SECONDS + 1
    asyncio.run(renew())
    assert office.pair().version == 2


def test_a_token_is_renewed_before_it_ends(office: Office):
    async def use() -> None:
        client = zalo_oa(office.core)
        try:
            await client.keep_alive()
        finally:
            await client.close()

    asyncio.run(use())
    assert office.world.exchanges == 0
    office.clock[0] = 20 * 3_600 + 1
    asyncio.run(use())
    asyncio.run(use())
    assert office.world.exchanges == 1
