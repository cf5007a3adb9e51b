"""A stranger who tries codes without end, in as many conversations as they get, keeps no reporter from their tip."""

from __future__ import annotations

import asyncio
import threading

from bot.app import Core
from bot.core.messages import Channel
from bot.gateway import fair_queue
from bot.gateway.conductor import MOST_CODES
from bot.gateway.fair_queue import FairQueue
from bot.services import throttle
from tests.integration.services.test_codes import NOW, Gateway, wrong
from tests.support.desk import seed, submit


def test_the_reporter_goes_before_sixty_strangers_who_failed(core: Core, monkeypatch):
    seed(core)
    code, _, _ = submit(core, NOW)
    gateway, go_on, order = Gateway(core), threading.Event(), []
    real = core.vault.receipt_keys

    def slow(tried: str):
        order.append(tried == code)
        assert go_on.wait(250)
        return real(tried)

    with core.db.transaction() as session:
        for number in range(MOST_CODES):
            key = throttle.code_key(core.vault.conversation_id(Channel.WEB, f"s{number}"))
            throttle.count_failure(session, key, throttle.CODE_PER_PERSON, NOW)
    monkeypatch.setattr(core.vault, "receipt_keys", slow)
    monkeypatch.setattr(fair_queue, "LONGEST_WAIT", 60.0)

    async def story() -> None:
        queue = gateway.parts.dispatcher._conductor._codes
        strangers = [asyncio.create_task(gateway.turn(f"s{number}", wrong())) for number in range(MOST_CODES)]
        while len(queue) < MOST_CODES:
            await asyncio.sleep(0.01)
        reporter = asyncio.create_task(gateway.turn("reporter", code))
        while not any(task.done() for task in strangers):  # the last of them gave way
            await asyncio.sleep(0.01)
        go_on.set()
        assert await reporter == ["status_report"]
        said = await asyncio.gather(*strangers)
        assert said.count(["status_busy"]) == 1
        assert said.count(["status_not_opened"]) == MOST_CODES - 1

    asyncio.run(story())
    assert order.index(True) <= 4, "after those that were under way, before those that waited"


def test_who_failed_least_is_next_and_in_the_order_they_came():
    async def story() -> list[str]:
        queue, order = FairQueue(slots=1, most=10), []
        assert await queue.enter(0)

        async def wait(name: str, failures: int) -> None:
            if await queue.enter(failures):
                order.append(name)
                queue.leave()

        tasks = [
            asyncio.create_task(wait(name, failures)) for name, failures in (("c", 4), ("a", 0), ("d", 4), ("b", 0))
        ]
        await asyncio.sleep(0)
        queue.leave()
        await asyncio.gather(*tasks)
        assert len(queue) == 0
        return order

    assert asyncio.run(story()) == ["a", "b", "c", "d"]


def test_nobody_waits_for_ever(monkeypatch):
    monkeypatch.setattr(fair_queue, "LONGEST_WAIT", 0.05)

    async def story() -> None:
        queue = FairQueue(slots=1, most=3)
        assert await queue.enter(0)
        assert not await queue.enter(0)
        assert len(queue) == 1
        queue.leave()
        assert await queue.enter(3)

    asyncio.run(story())
