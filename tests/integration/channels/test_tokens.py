"""The Official Account's tokens: one process spends the refresh token, the new pair is safe before anybody uses it."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot import settings as settings_module
from bot.app import Core
from bot.channels.zalo_oa.tokens import LEASE_SECONDS
from bot.commands.sandbox import environment as sandbox_environment
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import Address
from bot.gateway.channel_set import zalo_oa
from bot.gateway.sender import Line
from bot.sandbox.world import Fault, World
from bot.services import channel_tokens, inbox
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
    said = [process.communicate(timeout=60)[0].strip() for process in both]
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
    assert process.wait(60) == -9
    assert office.world.exchanges == 1
    assert office.pair().version == 1
    message = InboundMessage(Channel.ZALO_OA, "an", "m1", InboundKind.TEXT, text="x")
    office.world.person("an").last_interaction = office.world.now()
    with office.core.db.transaction() as session:
        (accepted,) = inbox.accept(session, office.core.vault, [message], office.core.now())
        sealed = office.core.vault.seal_outbound("t:0", OutboundMessage("Trả lời"))
        row = Outbox(
            conversation_id=accepted.conversation_id, channel="zalo_oa", dedupe="t:0", payload=sealed,
            created_at=office.core.now(),
        )  # fmt: skip
        session.add(row)

    async def one_round() -> str:
        client = zalo_oa(office.core)
        line = Line(office.core.db, office.core.vault, client, office.core.now)
        try:
            await line._round()
            while line.tasks:
                await asyncio.gather(*line.tasks)
            return line.alarm
        finally:
            await client.close()

    def status() -> str:
        with office.core.db.reading() as session:
            return session.execute(select(Outbox.status)).scalar_one()

    asyncio.run(one_round())  # the lease of the dead process still runs: nobody may try
    assert (status(), office.pair().failed) == ("pending", "")
    office.clock[0] += LEASE_SECONDS + 30
    with caplog.at_level(logging.INFO):
        assert asyncio.run(one_round()) == "-14014"
    assert [record.msg for record in caplog.records if record.levelno == logging.CRITICAL][:1] == ["zalo_token_refused"]
    assert (status(), office.pair().failed) == ("pending", "-14014")
    office.clock[0] += 120
    asked = len([call for call in office.world.calls if call == "oauth"])
    asyncio.run(one_round())
    assert len([call for call in office.world.calls if call == "oauth"]) == asked, "a spent token is not tried again"
    office.enter()  # `lachan zalo login`
    office.clock[0] += 120
    assert asyncio.run(one_round()) == ""
    assert status() == "sent"
    assert [row["text"] for row in office.world.person("an").seen] == ["Trả lời"]


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
