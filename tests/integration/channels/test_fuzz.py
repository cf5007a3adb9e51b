"""Mutated webhooks, all properly signed: no 5xx, nothing but 200, 400, 401 and 413, and what is stored can be read again."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest
from sqlalchemy import delete, func, select

from bot.gateway.asgi import build, create_app
from bot.storage.tables import Inbox
from tests.integration.channels import test_telegram, test_zalo_bot, test_zalo_oa
from tests.support.channel_runner import NoEngine, inbox_of
from tests.support.progress import Progress
from tests.support.webhook_fuzz import webhook

SIGN = {module.PATH: module.sign for module in (test_telegram, test_zalo_bot, test_zalo_oa)}
SAMPLES = [
    (module.PATH, case.body)
    for module in (test_telegram, test_zalo_bot, test_zalo_oa)
    for case in module.INCOMING
    if isinstance(case.body, dict) and case.status == 200
]
EXPECTED = {200, 400, 401, 413}
TOGETHER = 50  # as many deliveries at once


def _sign(path: str, body: bytes) -> dict[str, str]:
    try:
        return SIGN[path](body)
    except UnicodeEncodeError:  # a timestamp that no vendor could have signed
        return {}


async def hammer(core, deliveries: int) -> Counter[int]:
    """Deliver what the first seeds grow; the answers, counted."""
    answers, progress = Counter[int](), Progress("webhooks", deliveries, least=50_000)
    app = create_app(build(core, engine=NoEngine()))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:

        async def post(seed: int) -> None:
            path, body = webhook(SAMPLES, seed)
            status = (await client.post(path, content=body, headers=_sign(path, body))).status_code
            assert status in EXPECTED, f"seed {seed}"
            answers[status] += 1

        for first in range(0, deliveries, TOGETHER):
            await asyncio.gather(*(post(seed) for seed in range(first, first + TOGETHER)))
            progress.at(answers.total())
    return answers


def check(core, deliveries: int) -> None:
    answers = asyncio.run(hammer(core, deliveries))
    stored = inbox_of(core)
    with core.db.reading() as session:  # a cry is answered at once, and what waits in its conversation with it
        rows = session.execute(select(func.count()).select_from(Inbox)).scalar_one()
    print(f"\n{answers.total()} mutated webhooks: {dict(answers)}, {rows} messages stored")
    assert answers.total() == deliveries
    assert rows > min(deliveries // 50, 1_000)  # many keep the id of their sample, and are then one message
    assert all(message.sender and message.message_id for message in stored)
    with core.db.transaction() as session:
        session.execute(delete(Inbox))


def test_five_thousand_mutated_webhooks(on):
    check(on, 5_000)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_hundred_thousand_mutated_webhooks(on):
    check(on, 100_000)
