"""The product as processes of its own: real gateway, real engine, real console, on free loopback ports."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support import commands
from tests.support.world import environment

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 250


_CHANCE = random.Random(f"{os.getpid()} {time.time_ns()}")
_GIVEN: list[socket.socket] = []


def free_port() -> int:
    """A port for a server that is started later. Not from the range that outgoing connections are given, and never twice,
    also not to tests that run beside: between the look and the start somebody else would have it. The sign that a port is
    given is a name in the kernel's list of sockets, which goes with this process."""
    while True:
        port = _CHANCE.randrange(15_000, 32_000)
        sign = socket.socket(socket.AF_UNIX)
        with socket.socket() as probe:
            try:
                sign.bind(f"\0lachan-test-port-{port}")
                probe.bind(("127.0.0.1", port))
            except OSError:
                sign.close()
                continue
        _GIVEN.append(sign)
        return port


@dataclass
class Product:
    """A running product. `log` collects what every process printed."""

    folder: Path
    env: dict[str, str]
    port: int
    console_port: int
    log: Path
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def console_url(self) -> str:
        return f"http://127.0.0.1:{self.console_port}"

    def lachan(self, *arguments: str) -> str:
        """Run one command to its end."""
        done = commands.run(*arguments, env=self.env)
        done.check_returncode()
        return done.stdout

    def start(self, role: str) -> None:
        """Start a role and forget about waiting."""
        with self.log.open("ab") as out:
            self.processes[role] = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve", role], cwd=ROOT, env=self.env, stdout=out, stderr=out,
                start_new_session=True,
            )  # fmt: skip

    def kill(self, role: str) -> None:
        """kill -9, at once."""
        process = self.processes[role]
        os.kill(process.pid, signal.SIGKILL)
        process.wait(60)

    def wait_ready(self, url: str = "") -> None:
        """Until the gateway's engine answers (or `url` does)."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                if httpx.get(url or f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError(f"the product did not get ready:\n{self.log.read_text()[-3000:]}")

    def stop(self) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


@contextmanager
def product(folder: Path, *roles: str, database_url: str = "", demo: bool = True, **more: str) -> Iterator[Product]:
    """Run `roles` ("gateway", "console", "jobs") over a fresh data directory."""
    port, console_port = free_port(), free_port()
    data = folder / "data"
    ours = {
        "LACHAN_PORT": str(port), "LACHAN_CONSOLE_PORT": str(console_port), "LACHAN_ENGINE_WORKERS": "1",
        "LACHAN_ENGINE_TIMEOUT": "25",  # an answer that comes late on a full machine is still the answer that is looked at
    }  # fmt: skip
    env = {**os.environ, **environment(data, database_url, **(ours | more))}
    running = Product(folder, env, port, console_port, folder / "processes.log")
    try:
        running.lachan("db", "init", *(["--demo"] if demo else []))
        for role in roles:
            running.start(role)
        if "gateway" in roles:
            running.wait_ready()
        if "console" in roles:
            running.wait_ready(f"{running.console_url}/sign-in")
        yield running
    finally:
        running.stop()


class Citizen:
    """Somebody in the web chat, over HTTP."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=60)
        self.session = self.client.post("/chat/api/sessions").json()["session"]

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.session}"}

    def post(self, message_id: str = "", **body) -> httpx.Response:
        payload = {"message_id": message_id or uuid.uuid4().hex, **body}
        return self.client.post("/chat/api/messages", json=payload, headers=self.auth)

    def say(self, text: str) -> list[dict]:
        """Write; returns the bubbles."""
        return self._bubbles(self.post(text=text))

    def tap(self, choice: str) -> list[dict]:
        return self._bubbles(self.post(choice=choice))

    def shown(self) -> list[dict]:
        """The bubbles that stand on the page."""
        return self._bubbles(self.client.get("/chat/api/messages", headers=self.auth))

    @staticmethod
    def _bubbles(response: httpx.Response) -> list[dict]:
        assert response.status_code == 200, response.text
        return response.json()["messages"]
