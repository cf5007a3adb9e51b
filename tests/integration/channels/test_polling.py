"""Fetching updates from servers over HTTP: each is stored once, in order, and none is lost when something fails."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import httpx
import pytest

from bot.app import Core
from bot.channel_set import zalo_bot
from bot.channels.telegram.client import Telegram
from bot.channels.telegram.words import load_words
from bot.core.messages import InboundKind, InboundMessage
from bot.gateway import polling
from bot.gateway.intake import Intake
from bot.sandbox.world import Fault
from bot.services.messaging.inbox import Accepted
from tests.support import live, telegram_stub
from tests.support.channel_runner import inbox_of
from tests.support.telegram_stub import TelegramStub
from tests.support.world import core_in

CHAT = 4_040_404


class Bell:
    """Counts how often the dispatcher was told."""

    def __init__(self) -> None:
        self.kicks = 0

    def kick(self, at: float = 0.0) -> None:
        self.kicks += 1

    def heard(self, accepted: Accepted) -> None:
        self.kicks += 1


class Unsteady:
    """An intake whose database is away for the first `fails` attempts."""

    def __init__(self, core: Core, fails: int = 0) -> None:
        self._real, self.fails = Intake(core.db, core.vault), fails

    async def accept(self, messages: list[InboundMessage]) -> Any:
        if messages and self.fails:
            self.fails -= 1
            raise OSError("away")
        return await self._real.accept(messages)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "REST_SECONDS", 0.05)


def poll(duty: Callable[[], Awaitable[None]], done: Callable[[], bool], seconds: float = live.PATIENCE) -> None:
    """Run an endless duty until `done`."""

    async def run() -> None:
        task = asyncio.ensure_future(duty())
        try:
            async with asyncio.timeout(seconds):
                while not done():
                    assert not task.done(), task.exception()
                    await asyncio.sleep(0.02)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(run())


def update(number: int, **fields: Any) -> dict[str, Any]:
    person = {"id": CHAT, "is_bot": False, "first_name": "An"}
    message = {"message_id": number, "date": 1_441_645_532, "chat": {"id": CHAT, "type": "private"}, "from": person}
    if "data" in fields:
        query = {"id": f"cb{number}", "from": person, "chat_instance": "1", "message": {**message, "text": "x"}}
        return {"update_id": number, "callback_query": query | fields}
    return {"update_id": number, "message": message | fields}


def telegram(core: Core, url: str) -> Telegram:
    return Telegram(
        core.settings.telegram, core.settings.content_dir / "pictures", load_words(core.settings.content_dir)
    )


@pytest.fixture
def stubbed(tmp_path):
    stub = TelegramStub()
    with live.served(stub.app()) as url:
        env = {
            "LACHAN_TELEGRAM_TOKEN": telegram_stub.TOKEN, "LACHAN_TELEGRAM_API_BASE": url,
            "LACHAN_TELEGRAM_MODE": "polling",
        }  # fmt: skip
        with core_in(tmp_path, **env) as core:
            yield stub, core, url


def offsets(stub: TelegramStub) -> list[int]:
    return [int(body.get("offset") or 0) for name, body in stub.calls if name == "getUpdates"]


def test_telegram_updates_are_stored_once_in_order_and_taps_acknowledged(stubbed):
    stub, core, url = stubbed
    stub.updates = [update(11, text="một"), update(12, text="hai"), update(13, data="do:menu"), {"update_id": 14}]
    client, bell = telegram(core, url), Bell()
    poll(
        lambda: polling.poll_telegram(client, Intake(core.db, core.vault), bell),
        lambda: 15 in offsets(stub) and any(name == "answerCallbackQuery" for name, _ in stub.calls),
    )
    stored = inbox_of(core)
    assert [(m.kind, m.text or m.choice) for m in stored] == [
        (InboundKind.TEXT, "một"), (InboundKind.TEXT, "hai"), (InboundKind.CHOICE, "do:menu"),
    ]  # fmt: skip
    assert bell.kicks >= 1


def test_an_unreadable_update_holds_back_none_of_the_others(stubbed):
    stub, core, url = stubbed
    poll_of_old = {"id": "1", "question": "q", "options": [{"text": "a", "voter_count": 0}]}
    stub.updates = [
        update(41, text="trước"), update(42, poll=poll_of_old), {"update_id": 43, "message": {"chat": 7}}, {"update_id": 43, "message": 7},
        update(44, text="cứu em với em bị nhốt", reply_to_message={"message_id": 1, "date": 1, "poll": poll_of_old}),
    ]  # fmt: skip
    client = telegram(core, url)
    poll(lambda: polling.poll_telegram(client, Intake(core.db, core.vault), Bell()), lambda: 45 in offsets(stub))
    assert [(message.kind, message.text) for message in inbox_of(core)] == [
        (InboundKind.TEXT, "trước"), (InboundKind.UNSUPPORTED, "Bình chọn: q; a"), (InboundKind.TEXT, "cứu em với em bị nhốt"),
    ]  # fmt: skip


def test_telegram_is_asked_again_for_what_could_not_be_stored(stubbed):
    stub, core, url = stubbed
    stub.updates = [update(21, text="đừng mất")]
    client = telegram(core, url)
    poll(lambda: polling.poll_telegram(client, Unsteady(core, fails=2), Bell()), lambda: 22 in offsets(stub))
    assert [message.text for message in inbox_of(core)] == ["đừng mất"]
    assert offsets(stub)[:3] == [0, 0, 0], "an update counts as received only when it is stored"


def test_telegram_polling_goes_on_after_errors(stubbed):
    stub, core, url = stubbed
    stub.poll_failures = [(401, "Unauthorized"), (409, "Conflict: webhook is active"), (502, "Bad Gateway")]
    stub.updates = [update(31, text="vẫn tới")]
    client = telegram(core, url)
    poll(lambda: polling.poll_telegram(client, Intake(core.db, core.vault), Bell()), lambda: 32 in offsets(stub))
    assert [message.text for message in inbox_of(core)] == ["vẫn tới"]


@pytest.fixture
def sandboxed(tmp_path):
    with live.zalo("http://127.0.0.1:9") as world:
        world.webhook_url = ""  # fetching instead of being called
        env = {
            "LACHAN_ZALO_BOT_TOKEN": world.config.bot_token, "LACHAN_ZALO_BOT_API_BASE": world.base,
            "LACHAN_ZALO_BOT_MODE": "polling",
        }  # fmt: skip
        with core_in(tmp_path, **env) as core:
            yield world, core


def said(world, *texts: str) -> None:
    for text in texts:
        assert live.act(world, "text", "an", "bot", fields={"text": text}) == 200


def test_zalo_bot_updates_are_stored_in_order(sandboxed):
    world, core = sandboxed
    said(world, "một", "hai", "ba")
    bot, bell = zalo_bot(core), Bell()
    poll(
        lambda: polling.poll_zalo_bot(bot, Intake(core.db, core.vault), bell),
        lambda: len(inbox_of(core)) == 3 and bell.kicks >= 3,
    )
    assert [message.text for message in inbox_of(core)] == ["một", "hai", "ba"]


def test_a_zalo_bot_update_that_cannot_be_stored_at_once_is_kept(sandboxed):
    """Zalo forgets it on reading, so it would be lost for ever."""
    world, core = sandboxed
    said(world, "đừng mất", "kế tiếp")
    bot = zalo_bot(core)
    poll(lambda: polling.poll_zalo_bot(bot, Unsteady(core, fails=3), Bell()), lambda: len(inbox_of(core)) == 2)
    assert [message.text for message in inbox_of(core)] == ["đừng mất", "kế tiếp"]


def test_zalo_bot_polling_goes_on_after_errors(sandboxed):
    world, core = sandboxed
    said(world, "vẫn tới")
    for fault in ({"code": 408}, {"code": 429}, {"status": 502}):
        world.faults.append(Fault("bot.getUpdates", **fault))
    bot = zalo_bot(core)
    poll(lambda: polling.poll_zalo_bot(bot, Intake(core.db, core.vault), Bell()), lambda: len(inbox_of(core)) == 1)
    assert world.calls.count("bot.getUpdates") >= 4


def test_an_empty_wait_is_no_error(sandboxed, monkeypatch):
    world, core = sandboxed
    monkeypatch.setattr("bot.channels.zalo_bot.limits.POLL_SECONDS", 0.2)

    async def run() -> Any:
        bot = zalo_bot(core)
        try:
            return await bot.updates()
        finally:
            await bot.close()

    assert asyncio.run(run()) is None
    answer = httpx.post(f"{world.base}/bot{world.config.bot_token}/getUpdates", json={"timeout": 0.1}).json()
    assert (answer["ok"], answer["error_code"]) == (False, 408)
