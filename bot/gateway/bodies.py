"""What is being uploaded: it has to keep coming, and all of it together takes a bounded share.

Files under way lie sealed on the disk (bot.gateway.upload). Who sends one byte a minute, or opens a hundred uploads and goes
away, would hold that room and a connection for ever; words must get through all the same. So words, buttons and webhooks
are never counted here, and when uploads fill their share the slowest of them gives way.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import InvalidInput

GRACE = 20.0  # seconds before anything is expected
PACE = 1024.0  # bytes a second, on average, after that; the slowest mobile network brings more
MOST_BYTES = 512 * 1024 * 1024  # of all uploads under way
MOST_UPLOADS = 200
YOUNG = 5.0  # seconds; a younger upload shows nothing yet about its pace
_BODIES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(eq=False)
class Upload:
    """One request whose body is being read. timer: ends the waiting for its next piece."""

    started: float
    received: int = 0
    reading: bool = True
    pushed_out: bool = False
    timer: asyncio.Timeout | None = field(default=None, repr=False)

    def pace(self, now: float) -> float:
        return self.received / (now - self.started + 1.0)


class Bodies:
    """ASGI middleware. Raises InvalidInput inside the route: 'too_slow', or 'uploads_full' where others are faster."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._open: set[Upload] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _BODIES:
            await self.app(scope, receive, send)
            return
        upload = Upload(time.monotonic())
        if Headers(scope=scope).get("content-type", "").lower().startswith("multipart/"):
            self._open.add(upload)

        async def paced() -> Message:
            if not upload.reading:
                return await receive()
            self._make_room(upload)
            message = await self._next(upload, receive)
            upload.received += len(message.get("body", b""))
            upload.reading = bool(message.get("more_body"))
            return message

        try:
            await self.app(scope, paced, send)
        finally:
            self._open.discard(upload)

    async def _next(self, upload: Upload, receive: Receive) -> Message:
        now = time.monotonic()
        left = upload.started + GRACE + upload.received / PACE - now
        try:
            async with asyncio.timeout(max(0.0, left)) as upload.timer:
                return await receive()
        except TimeoutError:
            upload.reading = False
            raise InvalidInput("uploads_full" if upload.pushed_out else "too_slow") from None
        finally:
            upload.timer = None

    def _make_room(self, upload: Upload) -> None:
        if upload not in self._open:
            return
        while len(self._open) > MOST_UPLOADS or sum(one.received for one in self._open) > MOST_BYTES:
            slowest = self._slowest(besides=None if upload.received else upload)
            if slowest is None or slowest is upload:
                upload.reading = False
                raise InvalidInput("uploads_full")
            self._open.discard(slowest)
            slowest.pushed_out = True
            if slowest.timer is not None and not slowest.timer.expired():
                slowest.timer.reschedule(asyncio.get_running_loop().time())

    def _slowest(self, besides: Upload | None) -> Upload | None:
        """Who gives way: the slowest of those that had time to show their pace; nobody whose files have arrived.

        besides: who has only come, and is heard at first.
        """
        now = time.monotonic()
        reading = [one for one in self._open if one.reading and one is not besides]
        old = [one for one in reading if now - one.started >= YOUNG]
        return min(old or reading, key=lambda one: one.pace(now), default=None)
