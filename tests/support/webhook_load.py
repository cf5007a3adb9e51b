"""Posts webhooks at a steady rate over keep-alive connections, with little of Python's HTTP machinery in the way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

CONNECTIONS = 40


@dataclass
class Result:
    """Status and seconds of every delivery. behind: how late the last one was sent, a sign that the sender was too slow."""

    statuses: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    done: list[float] = field(default_factory=list)  # when each was answered, in seconds from the start
    behind: float = 0.0
    started: float = field(default_factory=time.perf_counter)

    def slowest(self, share: float) -> float:
        """Seconds that `share` of all deliveries did not exceed."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, int(share * len(self.seconds)))]


async def post_all(url: str, deliveries: Sequence[tuple[bytes, dict[str, str]]], per_second: float) -> Result:
    """Post (body, headers) pairs at `per_second`. A delivery's time runs from when it was due, so a queue counts too."""
    parts, result = urlsplit(url), Result()
    queue: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    requests = [_request(parts.hostname or "", parts.path, body, headers) for body, headers in deliveries]
    workers = [asyncio.create_task(_work(parts.hostname, parts.port, queue, result)) for _ in range(CONNECTIONS)]
    start = time.perf_counter() + 0.1
    for number, request in enumerate(requests):
        due = start + number / per_second
        wait = due - time.perf_counter()
        if wait > 0.002:
            await asyncio.sleep(wait)
        result.behind = max(result.behind, time.perf_counter() - due)
        queue.put_nowait((due, request))
    for _ in workers:
        queue.put_nowait(None)
    await asyncio.gather(*workers)
    return result


async def _work(host, port, queue, result: Result) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    while (item := await queue.get()) is not None:
        due, request = item
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(int(row[15:]) for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:"))
        await reader.readexactly(length)
        result.statuses.append(int(head[9:12]))
        now = time.perf_counter()
        result.seconds.append(now - due)
        result.done.append(now - result.started)
    writer.close()


def _request(host: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    rows = {"Host": host, "Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in rows.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body
