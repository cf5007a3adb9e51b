"""A Bot API that takes thousands of messages a second and remembers who was sent how many: plain asyncio, no framework."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

TOKEN = "424242:sink-telegram-token"
_CHAT = re.compile(rb'(?:^|&)chat_id=(\d+)|name="chat_id"\r\n\r\n(\d+)')
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


class TelegramSink:
    """got: chat -> messages taken. moments: when each was taken (monotonic). latency: seconds until it is answered."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        self.got: Counter[int] = Counter()
        self.moments: list[float] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        server = await asyncio.start_server(self._connection, "127.0.0.1", 0, limit=1 << 20, backlog=1_000)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        async with server:
            await over.wait()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length.group(1))) if length else b""
                answer = await self._answer(head.split(b" ", 2)[1], body)
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(answer) + answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the process at the other end was killed
        finally:
            writer.close()

    async def _answer(self, path: bytes, body: bytes) -> bytes:
        if not path.endswith((b"/sendMessage", b"/sendPhoto")):
            return b'{"ok":true,"result":true}'
        found = _CHAT.search(body)
        assert found is not None
        chat = int(found.group(1) or found.group(2))
        self.got[chat] += 1
        self.moments.append(time.monotonic())
        if self.latency:
            await asyncio.sleep(self.latency)
        message = {
            "message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"},
            "photo": [{"file_id": "kept", "file_unique_id": "kept", "width": 1, "height": 1}],
        }  # fmt: skip
        return json.dumps({"ok": True, "result": message}).encode()


@contextmanager
def telegram_sink(latency: float = 0.0) -> Iterator[TelegramSink]:
    """Run one on a free loopback port, in a thread of its own."""
    sink, ready = TelegramSink(latency), threading.Event()
    loop, over = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(sink.serve(ready, over)), daemon=True)
    thread.start()
    assert ready.wait(90)
    try:
        yield sink
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
