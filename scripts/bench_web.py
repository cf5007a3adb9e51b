"""The web chat under load: whole product, real slow hash, SQLite. Prints a table.

.venv/bin/python scripts/bench_web.py [--seconds 8]
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.support.product import product  # noqa: E402

FAQ = (
    "việc nhẹ lương cao có thật không",
    "gọi số nào để được giúp",
    "cảm ơn bạn nhiều",
    "đi hàn thời vụ sao cho an toàn",
)
STORY: tuple[dict[str, str], ...] = (
    {"text": "tôi muốn tố giác"}, {"choice": "ans:yes"}, {"text": "nhà trọ cuối xóm giữ giấy tờ mấy cô gái"},
    {"text": "xã An Phú, Hải Phòng"}, {"choice": "when:week"}, {"choice": "who:adult"}, {"choice": "ans:skip"},
    {"choice": "ans:skip"}, {"choice": "reply:none"}, {"choice": "ans:send"},
)  # fmt: skip


class Person:
    """One web session."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client, self.token = client, ""

    async def start(self) -> Person:
        self.token = (await self.client.post("/chat/api/sessions")).json()["session"]
        return self

    async def send(self, body: dict[str, str]) -> float:
        """Seconds until the answer."""
        started = time.perf_counter()
        payload = {"message_id": uuid.uuid4().hex, **body}
        answer = await self.client.post(
            "/chat/api/messages", json=payload, headers={"Authorization": f"Bearer {self.token}"}
        )
        answer.raise_for_status()
        return time.perf_counter() - started


async def chat(url: str, people: int, seconds: float) -> tuple[list[float], float]:
    """Latencies and turns a second of `people` asking one question after another (pausing as people's limits demand)."""
    latencies: list[float] = []
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        end = time.perf_counter() + seconds
        started = time.perf_counter()

        async def talk() -> None:
            while time.perf_counter() < end:
                person = await Person(client).start()
                for text in FAQ * 3:
                    latencies.append(await person.send({"text": text}))
                    if time.perf_counter() > end:
                        return

        await asyncio.gather(*(talk() for _ in range(people)))
        return latencies, len(latencies) / (time.perf_counter() - started)


async def tips(url: str, writers: int, pace: float) -> tuple[float, list[float]]:
    """Confirmed tips a second, and the latencies of others who tell their own tips meanwhile.

    pace: tips confirmed a second, or 0.0 for all of them at once.
    """
    others: list[float] = []
    confirmed, ended = 0, 0.0
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        # Everybody stands before the confirmation first, so that what is measured is confirming.
        ready = [await Person(client).start() for _ in range(writers)]
        for body in STORY[:-1]:
            await asyncio.gather(*(person.send(body) for person in ready))
        started = time.perf_counter()

        async def confirm(person: Person, number: int) -> None:
            nonlocal confirmed, ended
            if pace:
                await asyncio.sleep(number / pace)
            await person.send(STORY[-1])
            confirmed, ended = confirmed + 1, time.perf_counter()

        async def tell() -> None:
            while confirmed < writers:
                person = await Person(client).start()
                for body in STORY[:-1]:
                    others.append(await person.send(body))
                    await asyncio.sleep(0.3)

        await asyncio.gather(tell(), tell(), *(confirm(person, number) for number, person in enumerate(ready)))
        return writers / (ended - started), others


def row(name: str, latencies: list[float], rate: float) -> tuple[str, ...]:
    """A line of the table: medians and 95th percentiles in milliseconds."""
    ordered = sorted(latencies)
    p95 = ordered[int(len(ordered) * 0.95)] if ordered else 0.0
    return name, f"{statistics.median(ordered) * 1000:.1f}", f"{p95 * 1000:.1f}", f"{rate:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    seconds = parser.parse_args().seconds
    table = Table(title="Web chat, whole product on SQLite (fsync on)")
    for heading in ("what", "median ms", "p95 ms", "per second"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    real_hash = {"LACHAN_KDF_OPS": "2", "LACHAN_KDF_MEM": str(64 * 1024 * 1024)}
    for workers in (1, 2):
        with (
            tempfile.TemporaryDirectory() as folder,
            product(Path(folder), "gateway", LACHAN_ENGINE_WORKERS=str(workers), **real_hash) as running,
        ):
            asyncio.run(chat(running.url, 2, 2))  # warm
            for people in (1, 16):
                table.add_row(
                    *row(f"{workers} worker(s), {people} people", *asyncio.run(chat(running.url, people, seconds)))
                )
            if workers == 2:
                for name, pace in (("12 tips a second", 12.0), ("60 tips at once", 0.0)):
                    rate, others = asyncio.run(tips(running.url, 100 if pace else 60, pace))
                    table.add_row(*row(f"others' intake while {name} are confirmed", others, len(others)))
                    table.add_row(f"confirmed tips, {name} (Argon2id 64 MiB)", "", "", f"{rate:.1f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
