"""Applications served on free loopback ports from this process: the gateway, the pretended Zalo, a Telegram stub."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import uvicorn

from bot.doors import KEEP_SECONDS, guarded
from bot.sandbox.app import create_app as sandbox_app
from bot.sandbox.world import Config, World
from tests.support.product import free_port

PATIENCE = 90.0  # seconds for what must happen at last; how soon is no verdict, and a full machine is slow


@contextmanager
def served(app: Any, port: int = 0, *, proxies: tuple[str, ...] = (), host: str = "127.0.0.1") -> Iterator[str]:
    """Serve an ASGI application in a thread, behind the doors the product has; yields its address."""
    port = port or free_port()
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=3,
        http=guarded(proxies), ws="none", timeout_keep_alive=KEEP_SECONDS,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_for(lambda: server.started or not thread.is_alive(), PATIENCE)
    assert server.started, "the application did not start"
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


def wait_for(found: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first truthy value of `found`. Fails after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = found()
        if value:
            return value
        time.sleep(0.03)
    raise AssertionError("it did not happen in time")


def is_ready(url: str) -> bool:
    """Whether the product at `url` says so. While its engine loads on a full machine it may not answer in time: not yet, then."""
    try:
        return httpx.get(f"{url}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@contextmanager
def zalo(gateway: str, **config: Any) -> Iterator[World]:
    """A pretended Zalo that delivers to `gateway`."""
    port = free_port()
    world = World(config=Config(gateway=gateway, **({"per_minute": 10_000} | config)), base=f"http://127.0.0.1:{port}")
    world.webhook_url, world.webhook_secret = f"{gateway}/webhooks/zalo-bot", world.config.bot_secret
    with served(sandbox_app(world), port):
        yield world


def act(world: World, what: str, user: str = "u1", platform: str = "oa", **more: Any) -> int:
    """Somebody on the pretended Zalo does something. Returns the webhook's status."""
    body = {"platform": platform, "user": user, "what": what, **more}
    return httpx.post(f"{world.base}/control/act", json=body, timeout=30).json()["webhook"]


def send_file(world: World, data: bytes, kind: str, user: str = "u1", platform: str = "oa") -> int:
    """Somebody sends a file."""
    response = httpx.post(
        f"{world.base}/control/send-file", data={"user": user, "platform": platform}, files={"file": ("f", data, kind)},
        timeout=30,
    )  # fmt: skip
    return response.json()["webhook"]
