"""telemelya, a Telegram Bot API test server written elsewhere, as a process of its own, and a person who uses it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.live import wait_for
from tests.support.product import free_port

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / ".tools/telemelya/bin/python"
TOKEN, SECRET = "515151:telemelya-token", "telemelya-hook"


@dataclass
class Telemelya:
    """Controls of the running server."""

    url: str

    def person(self, chat: int) -> Person:
        return Person(self, chat)

    def call(self, path: str, **more: Any) -> Any:
        headers = {"Authorization": "Bearer tests"}
        response = httpx.request(url=f"{self.url}/api/v1/test/{path}", headers=headers, timeout=30, **more)
        response.raise_for_status()
        return response.json()


@dataclass
class Person:
    """Somebody with Telegram on their phone."""

    server: Telemelya
    chat: int

    @property
    def session(self) -> str:
        return f"s{self.chat}"

    def do(self, **fields: Any) -> None:
        """Send text=, command=, callback_data= or photo_file_id=."""
        query = {"bot_token": TOKEN, "session_id": self.session}
        self.server.call("send_update", method="POST", params=query, json={"chat_id": self.chat, **fields})

    def photo(self, data: bytes, caption: str = "") -> None:
        """Send a photo whose bytes the bot will fetch."""
        files = {"file": ("anh.png", data, "image/png")}
        query = {"session_id": self.session}
        made = self.server.call("upload_media", method="POST", params=query, files=files)
        self.do(photo_file_id=made["file_id"], photo_caption=caption)

    def responses(self) -> list[dict[str, Any]]:
        """All calls the bot made for this person, oldest first."""
        return self.server.call("responses", method="GET", params={"session_id": self.session})["responses"]

    def texts(self) -> list[str]:
        shown = [call for call in self.responses() if call["method"] in {"sendMessage", "sendPhoto"}]
        return [call.get("text") or call.get("caption") or "" for call in shown]


@contextmanager
def telemelya() -> Iterator[Telemelya]:
    """Start the server; skips nothing: without its environment (scripts/test_tools.sh) this fails."""
    assert PYTHON.exists(), "run `make test-tools` first"
    port = free_port()
    process = subprocess.Popen(
        [str(PYTHON), str(Path(__file__).with_name("telemelya_server.py")), str(port), SECRET],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT,
        env={**os.environ, "AUTH_KEYS": "tests"},
    )  # fmt: skip
    try:
        wait_for(lambda: _up(port))
        yield Telemelya(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(60)


def _up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False
