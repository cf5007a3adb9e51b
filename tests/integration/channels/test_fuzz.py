"""Mutated webhooks, all properly signed: no 5xx, nothing but 200, 400, 401 and 413, and what is stored can be read again."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy import delete

from bot.gateway.asgi import build, create_app
from bot.storage.tables import Inbox
from tests.integration.channels import test_telegram, test_zalo_bot, test_zalo_oa
from tests.support.channel_runner import NoEngine, inbox_of
from tests.support.webhook_fuzz import webhooks

SIGN = {module.PATH: module.sign for module in (test_telegram, test_zalo_bot, test_zalo_oa)}
SAMPLES = [
    (module.PATH, case.body)
    for module in (test_telegram, test_zalo_bot, test_zalo_oa)
    for case in module.INCOMING
    if isinstance(case.body, dict) and case.status == 200
]
EXPECTED = {200, 400, 401, 413}


class Door:
    """The gateway's webhooks, called without a network in between."""

    def __init__(self, core) -> None:
        self._core = core
        self._loop = asyncio.new_event_loop()
        app = create_app(build(core, engine=NoEngine()))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://gateway")

    def post(self, path: str, body: bytes) -> int:
        headers = SIGN[path](body) if path != test_zalo_oa.PATH else _sign(body)
        return self._loop.run_until_complete(self._client.post(path, content=body, headers=headers)).status_code

    def close(self) -> None:
        self._loop.run_until_complete(self._client.aclose())
        self._loop.close()


def _sign(body: bytes) -> dict[str, str]:
    try:
        return test_zalo_oa.sign(body)
    except UnicodeEncodeError:  # a timestamp that no vendor could have signed
        return {}


def hammer(core, examples: int) -> None:
    door, answers = Door(core), Counter[int]()

    @given(webhooks(SAMPLES))
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate], derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(webhook: tuple[str, bytes]) -> None:
        status = door.post(*webhook)
        answers[status] += 1
        assert status in EXPECTED

    try:
        run()
        stored = inbox_of(core)
        print(f"\n{answers.total()} mutated webhooks: {dict(answers)}, {len(stored)} messages stored")
        assert len(stored) > min(examples // 50, 1_000)  # many keep the id of their sample, and are then one message
        assert all(message.sender and message.message_id for message in stored)
        with core.db.transaction() as session:
            session.execute(delete(Inbox))
    finally:
        door.close()


def test_two_thousand_mutated_webhooks(on):
    hammer(on, 2_000)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_hundred_thousand_mutated_webhooks(on):
    hammer(on, 100_000)
