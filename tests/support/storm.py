"""Citizens filing whole tips while processes are killed under them."""

from __future__ import annotations

import os
import random
import re
import signal
import threading
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.support.product import Product
from tests.support.progress import Progress

GIVE_UP_SECONDS = 900.0  # a citizen keeps trying; while engines are being killed most answers are the hotline card
_CODE = re.compile(r"\d{3}(?: \d{3}){6}")


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


@dataclass
class Storyteller(threading.Thread):
    """Files one tip, retrying each message with its own id until it is acknowledged, as the chat page does."""

    url: str
    number: int
    acknowledged: list[str] = field(default_factory=list)
    session: str = ""
    code: str = ""
    error: str = ""

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        try:
            with httpx.Client(base_url=self.url, timeout=60) as client:
                self.session = self._until(lambda: client.post("/chat/api/sessions").json()["session"])
                for body in self._story():
                    self._send(client, body)
                self._read_code(client)
        except AssertionError as error:
            self.error = str(error)

    def _story(self) -> list[dict[str, str]]:
        return [
            {"text": "tôi muốn tố giác"}, {"choice": "ans:yes"}, {"text": f"câu chuyện số {self.number} ở nhà trọ cuối xóm"},
            {"text": "xã An Phú, Hải Phòng"}, {"choice": "when:week"}, {"choice": "who:adult"}, {"choice": "ans:skip"},
            {"choice": "ans:skip"}, {"choice": "reply:none"}, {"choice": "ans:send"},
        ]  # fmt: skip

    def _send(self, client: httpx.Client, body: dict[str, str]) -> None:
        payload = {"message_id": uuid.uuid4().hex, **body}
        headers = {"Authorization": f"Bearer {self.session}"}

        def post() -> bool:
            response = client.post("/chat/api/messages", json=payload, headers=headers)
            response.raise_for_status()
            return True

        self._until(post)
        self.acknowledged.append(payload["message_id"])

    def _read_code(self, client: httpx.Client) -> None:
        def find() -> str:
            answer = client.get("/chat/api/messages?after=0", headers={"Authorization": f"Bearer {self.session}"})
            answer.raise_for_status()
            found = _CODE.findall("\n".join(message["text"] for message in answer.json()["messages"]))
            if not found:
                raise httpx.HTTPError("not yet")
            return found[-1]

        self.code = self._until(find)

    def _until(self, attempt):
        end = time.monotonic() + GIVE_UP_SECONDS
        while time.monotonic() < end:
            try:
                return attempt()
            except (httpx.HTTPError, ValueError, KeyError):
                time.sleep(0.2)
        asked = "the code" if len(self.acknowledged) == len(self._story()) else f"message {len(self.acknowledged) + 1}"
        raise AssertionError(f"citizen {self.number} was never answered: {asked}")


def storm(
    running: Product, citizens: int, kills: int, gateway_share: float, seed: int, pause: tuple[float, float]
) -> list[Storyteller]:
    """Run `citizens` while killing `kills` times: the gateway with the given share, else one of its engine workers."""
    chance = random.Random(seed)
    tellers = [Storyteller(running.url, number) for number in range(citizens)]
    waiting = list(tellers)
    progress = Progress("kills", kills)
    for number in range(1, kills + 1):
        for _ in range(max(1, citizens // max(kills, 1))):
            if waiting:
                waiting.pop().start()
        time.sleep(chance.uniform(*pause))
        gateway = running.processes["gateway"]
        if chance.random() < gateway_share:
            running.kill("gateway")
            running.start("gateway")
        elif workers := children_of(gateway.pid):
            os.kill(chance.choice(workers), signal.SIGKILL)
        progress.at(number)
    for teller in waiting:
        teller.start()
    running.wait_ready()
    for teller in tellers:
        teller.join(GIVE_UP_SECONDS)
    return tellers
