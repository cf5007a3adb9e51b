"""Citizens filing whole tips while processes are killed under them.

How long that takes is no verdict: on a full machine engines need minutes to start, and while they are killed nobody is answered.
It goes on as long as anything is done, by what the database counts as answered. What stands still for ten times as long as
this machine needs to start the product has stopped, and everybody gives up.
"""

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
from sqlalchemy import func, select

from bot.settings import load
from bot.storage.database import Database
from bot.storage.tables import Inbox
from tests.support.product import Product
from tests.support.progress import Progress

STARTS = 10  # so many times the measured start of the product without anything done are a standstill
LEAST_SECONDS = 60.0
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
    stalled: threading.Event  # nothing is done any more, for anybody
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
        while not self.stalled.is_set():
            try:
                return attempt()
            except (httpx.HTTPError, ValueError, KeyError):
                time.sleep(0.2)
        asked = "the code" if len(self.acknowledged) == len(self._story()) else f"message {len(self.acknowledged) + 1}"
        raise AssertionError(f"citizen {self.number} was never answered: {asked}")


@dataclass
class Work:
    """What was done for all citizens together, and since when nothing more was."""

    running: Product
    tellers: list[Storyteller]
    patience: float
    done: int = 0
    since: float = field(default_factory=time.monotonic)
    longest: float = 0.0  # seconds without anything done

    def stands_still(self, answered: int) -> bool:
        """answered: rows of the inbox that are done. Messages acknowledged and codes read count too."""
        now = time.monotonic()
        done = answered + sum(len(teller.acknowledged) + bool(teller.code) for teller in self.tellers)
        if done > self.done:
            self.done, self.since = done, now
        self.longest = max(self.longest, now - self.since)
        return now - self.since > self.patience


def storm(
    running: Product, citizens: int, kills: int, gateway_share: float, seed: int, pause: tuple[float, float]
) -> list[Storyteller]:
    """Run `citizens` while killing `kills` times: the gateway with the given share, else one of its engine workers."""
    chance, stalled = random.Random(seed), threading.Event()
    tellers = [Storyteller(running.url, number, stalled) for number in range(citizens)]
    start = _restarted(running)
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
    work = Work(running, tellers, max(LEAST_SECONDS, STARTS * start))
    _to_the_end(work, stalled)
    if kills >= progress.least:
        print(f"the product started in {start:.0f} s; nothing was done for {work.longest:.0f} s at most", flush=True)
    return tellers


def _restarted(running: Product) -> float:
    """Kill the gateway and start it. Seconds until its engine answers, on this machine as it is now."""
    began = time.monotonic()
    running.kill("gateway")
    running.start("gateway")
    running.wait_ready()
    return time.monotonic() - began


def _to_the_end(work: Work, stalled: threading.Event) -> None:
    """Wait for every citizen as long as something is done for one of them."""
    db = Database(load(work.running.env).database_url)
    answered = select(func.count()).select_from(Inbox).where(Inbox.status == "done")  # type: ignore[arg-type]
    try:
        while any(teller.is_alive() for teller in work.tellers):
            with db.reading() as session:
                count = session.execute(answered).scalar_one()
            if work.stands_still(count):
                stalled.set()
            time.sleep(0.5)
    finally:
        db.close()
