"""Marked words and ids go over Zalo and Telegram, the failing ways too; no file that was written holds one of them, nor a token."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.channels.zalo_oa.verify import HEADER, signature
from bot.commands.sandbox import environment as sandbox_environment
from bot.sandbox.world import Fault, World
from tests.e2e.test_canary import engine_pids, marked_picture
from tests.support import commands, live, telegram_stub
from tests.support.canary import Canary
from tests.support.product import Product, product
from tests.support.telegram_stub import TelegramStub

pytestmark = pytest.mark.e2e
CHAT, BLOCKED = 918_273_645_001, 918_273_645_002


@dataclass
class Scene:
    """Real processes, the platforms around them, and what must not be found."""

    running: Product
    zalo: World
    telegram: TelegramStub
    canary: Canary

    @property
    def citizen(self) -> str:
        return f"oa-{self.canary.word}"

    def wait(self, found) -> None:
        live.wait_for(found)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    stub, canary = TelegramStub(), Canary(str(CHAT), str(BLOCKED), telegram_stub.TOKEN, telegram_stub.SECRET)
    with ExitStack() as stack:
        world = stack.enter_context(live.zalo("http://127.0.0.1:9"))
        telegram = stack.enter_context(live.served(stub.app()))
        (tmp_path / "tmp").mkdir()
        env = sandbox_environment(world) | {
            "LACHAN_TELEGRAM_TOKEN": telegram_stub.TOKEN, "LACHAN_TELEGRAM_WEBHOOK_SECRET": telegram_stub.SECRET,
            "LACHAN_TELEGRAM_API_BASE": telegram, "TMPDIR": str(tmp_path / "tmp"), "LACHAN_ENGINE_TIMEOUT": "15",
        }  # fmt: skip
        running = stack.enter_context(product(tmp_path, "gateway", "jobs", **env))
        object.__setattr__(world.config, "gateway", running.url)
        stub.gateway, world.webhook_url = running.url, f"{running.url}/webhooks/zalo-bot"
        config = world.config
        for secret in (config.app_secret, config.oa_secret, config.bot_token, config.bot_secret):
            canary.add(secret)
        connect(running, world, canary)
        yield Scene(running, world, stub, canary)


def connect(running: Product, world: World, canary: Canary) -> None:
    """`lachan zalo login` as an operator does it; every token that ever lived is looked for."""
    canary.add(world.refresh)
    canary.add(world.access)
    done = commands.run("zalo", "login", env=running.env, typed=f"{world.refresh}\n")
    done.check_returncode()
    with running.log.open("a") as log:  # what the command said is searched with the rest
        log.write(done.stdout + done.stderr)
    canary.add(world.refresh)
    canary.add(world.access)


def over_zalo(scene: Scene) -> None:
    world, word, citizen = scene.zalo, scene.canary.word, scene.citizen
    seen = world.person(citizen).seen
    for text in (f"xin chào {word}", f"tôi muốn tố giác {word}", f"cứu em với {word}"):
        before = len(seen)
        assert live.act(world, "say", citizen, text=text) == 200
        scene.wait(lambda before=before: len(seen) > before)
    live.act(world, "place", citizen, latitude=21.0278, longitude=105.8342)
    live.send_file(world, marked_picture(word), "image/jpeg", citizen)
    live.send_file(world, f"#!/bin/sh {word}".encode(), "text/plain", citizen)
    live.act(world, "say", f"anon-{word}", text=f"xin chào {word}", conversation=f"conv-{word}")
    live.act(world, "operator", f"op-{word}", text=f"cán bộ trực {word}")
    live.act(
        world, "say", f"op-{word}", text=f"cứu em với, em bị nhốt {word}"
    )  # gets its card in the operator's silence
    scene.wait(lambda: world.person(f"op-{word}").seen)
    bot = f"bot-{word}"
    shown = world.person(bot, bot=True).seen
    assert live.act(world, "text", bot, "bot", fields={"text": f"xin chào {word}"}) == 200
    scene.wait(lambda: shown)
    live.send_file(world, marked_picture(word), "image/jpeg", bot, "bot")
    live.act(world, "text", bot, "bot", fields={"text": f"cứu với {word}", "display_name": word})


def over_telegram(scene: Scene) -> None:
    stub, word = scene.telegram, scene.canary.word
    stub.say(CHAT, text=f"xin chào {word}")
    scene.wait(lambda: stub.texts(CHAT))
    stub.say(CHAT, photo=stub.photo(marked_picture(word)), caption=f"ảnh {word}")
    stub.say(CHAT, contact={"phone_number": f"+84{CHAT % 10**9}", "first_name": word})
    hidden = {"type": "text_link", "offset": 0, "length": 3, "url": f"https://{word}.example/{word}"}
    origin = {"type": "hidden_user", "sender_user_name": word, "date": 1}
    stub.say(CHAT, text=f"xem {word}", entities=[hidden], forward_origin=origin, quote={"text": word, "position": 0})
    stub.tap(CHAT, "do:report_tip")
    stub.say(CHAT, text=f"/start {word}")


def everything_fails(scene: Scene) -> None:
    """Refusals, lost answers, dead tokens and forged deliveries, each with something marked in it."""
    world, stub, word, citizen = scene.zalo, scene.telegram, scene.canary.word, scene.citizen
    stub.failures += [
        (403, f"Forbidden: bot was blocked by {word}", {}), (400, f"Bad Request: {word}", {}), (500, word, {}),
        (429, f"retry {word}", {"retry_after": 1}),
    ]  # fmt: skip
    for chat in (BLOCKED, CHAT):
        stub.say(chat, text=f"alo {word}")
    world.faults += [
        Fault("cs", code=-201), Fault("cs", status=500), Fault("cs", lost=True), Fault("cs", code=-230), Fault("cs", code=-9999),
        Fault("bot.sendMessage", code=400), Fault("bot.sendMessage", status=502), Fault("upload", code=-210),
    ]  # fmt: skip
    for number in range(4):
        live.act(world, "say", f"{citizen}-{number}", text=f"số điện thoại trợ giúp {word}")
    for forged in (f'{{"app_id":"{word}', json.dumps({"app_id": world.config.app_id, "text": word}), word * 30_000):
        httpx.post(f"{scene.running.url}/webhooks/zalo-oa", content=forged, headers={HEADER: f"mac={word}"})
        httpx.post(f"{scene.running.url}/webhooks/zalo-bot", content=forged, headers={"X-Bot-Api-Secret-Token": word})
        httpx.post(
            f"{scene.running.url}/webhooks/telegram?{word}",
            content=forged,
            headers={"X-Telegram-Bot-Api-Secret-Token": word},
        )
        httpx.post(f"{scene.running.url}/webhooks/{word}?q={word}", content=forged)
    config = world.config
    stamp = str(int(world.now() * 1000))
    foreign = {
        "app_id": config.app_id, "sender": {"id": citizen}, "recipient": {"id": config.oa_id}, "event_name": "user_send_image",
        "timestamp": stamp, "message": {"msg_id": word, "attachments": [
            {"type": "image", "payload": {"url": f"https://{word}.example/{word}?{word}"}}]},
    }  # fmt: skip
    raw = json.dumps(foreign).encode()
    mac = signature(raw, config.app_id, stamp, config.oa_secret)
    assert (
        httpx.post(f"{scene.running.url}/webhooks/zalo-oa", content=raw, headers={HEADER: f"mac={mac}"}).status_code
        == 200
    )
    time.sleep(3)
    world.access, world.refresh = "gone", "gone-too"  # revoked: renewed in vain, then the alarm
    live.act(world, "say", citizen, text=f"còn đó không {word}")
    live.act(world, "user_withdraw", f"{citizen}-1")
    scene.wait(lambda: "zalo_oa" in httpx.get(f"{scene.running.url}/readyz", timeout=60).json()["channels"]["alarms"])
    for pid in engine_pids(scene.running):
        os.kill(pid, signal.SIGKILL)
    stub.say(CHAT, text=f"cứu em bị nhốt {word}")
    time.sleep(2)


def test_no_word_id_or_token_of_any_channel_is_found_at_rest(scene: Scene, tmp_path: Path):
    over_zalo(scene)
    over_telegram(scene)
    everything_fails(scene)
    for role in ("gateway", "jobs"):
        scene.running.kill(role)
    log = scene.running.log.read_text()
    for event in ("zalo_token_refused", "channel_alarm", "message_set_aside"):
        assert event in log, "the failures happened and were noted"
    assert scene.canary.hits(tmp_path) == []
    assert "xin chào" not in log
    (tmp_path / "control.txt").write_text(scene.canary.word)
    assert scene.canary.hits(tmp_path) != [], "the search can find"
