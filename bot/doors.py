"""The doors of a server: connections that say too little hold nobody's place, with a proxy before them or without.

uvicorn waits for ever for a request's headers, keeps any number of them, and never asks how many connections come from
one line. Here a request's head has its time and its size, a line has so many connections, and when the house is full who
has asked for nothing goes first.
"""

from __future__ import annotations

import asyncio
import json
import resource
from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from bot.core.lines import Callers

HEAD_SECONDS = 15.0  # from the first byte of a request, or from the connection's beginning, to the end of its headers
HEAD_BYTES = 64 * 1024
REST_SECONDS = 120.0  # for the rest of a body whose answer was given before it had all come
KEEP_SECONDS = 75  # an idle connection; a proxy ends its own before (nginx: 60 s), so that none is used as it closes
READ_SECONDS = 60.0  # in which a caller has to take some of an answer
PER_LINE = 200  # connections of one line; a school or a village behind one address has fewer
MOST = 8_000  # connections in all; fewer where the system allows fewer open files
SPARE_FILES = 200  # open files that are no connections: the database, workers, pictures


class Doors:
    """Who is in. One for each server process."""

    def __init__(self, callers: Callers, most: int = MOST) -> None:
        self._callers, self._most = callers, most
        self._inside: dict[Door, str] = {}
        self._lines: Counter[str] = Counter()
        self._idle: dict[Door, None] = {}  # who has asked for nothing, longest first

    def enter(self, door: Door, host: str) -> bool:
        """Whether there is room; makes some where it can."""
        line = self._callers.line(host)
        if line and self._lines[line] >= PER_LINE and not self._send_away(line):
            return False
        if len(self._inside) >= self._most and not self._send_away():
            return False
        self._inside[door] = line
        self._lines[line] += 1
        return True

    def leave(self, door: Door) -> None:
        line = self._inside.pop(door, None)
        self._idle.pop(door, None)
        if line is not None:
            self._lines[line] -= 1
            if not self._lines[line]:
                del self._lines[line]

    def idle(self, door: Door) -> None:
        """It has asked for nothing yet, or was answered."""
        if door in self._inside:
            self._idle.setdefault(door)

    def busy(self, door: Door) -> None:
        """It asks for something."""
        self._idle.pop(door, None)

    def _send_away(self, line: str | None = None) -> bool:
        """Close who has asked for nothing for longest, of `line` or of all. False when everybody is being answered."""
        for door in self._idle:
            if line is None or self._inside[door] == line:
                self.leave(door)
                door.close()
                return True
        return False


class Door(HttpToolsProtocol):
    """One connection. Made by `guarded`, which gives it its `doors`."""

    doors: ClassVar[Doors]
    _head: int = 0
    _in_head: bool = False
    _patience: asyncio.TimerHandle | None = None
    _unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if not self.doors.enter(self, self.client[0] if self.client else ""):
            self.close()
            return
        self.doors.idle(self)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop(self._patience)
        self._stop(self._unread)
        self.doors.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._patience is None and self._is_idle():
            self._wait()
        if self._in_head:
            self._head += len(data)
        super().data_received(data)
        if self._in_head and self._head > HEAD_BYTES:
            self._refuse(431)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head, self._in_head = 0, True

    def on_headers_complete(self) -> None:
        self._in_head = False
        self._stop(self._patience)
        self._patience = None
        self.doors.busy(self)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_idle():
            self.doors.idle(self)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop(self._unread)
        self._unread = self.loop.call_later(READ_SECONDS, self.close)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop(self._unread)
        self._unread = None

    def send_400_response(self, msg: str) -> None:
        """What cannot be read is answered like every error: JSON, in Vietnamese."""
        self._refuse(400)

    def close(self) -> None:
        """Hang up, whatever is still to be said."""
        self.transport.abort()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        rest = self.cycle is not None and self.cycle.more_body
        self._patience = self.loop.call_later(REST_SECONDS if rest else HEAD_SECONDS, self._too_slow)

    def _too_slow(self) -> None:
        if self._in_head:
            self._refuse(408)
        else:
            self.close()

    def _refuse(self, status: int) -> None:
        body = json.dumps(SAYS[status], ensure_ascii=False).encode()
        lines = (
            b"content-type: application/json\r\n", b"content-length: %d\r\n" % len(body), b"cache-control: no-store\r\n",
            b"connection: close\r\n\r\n",
        )  # fmt: skip
        if not self.transport.is_closing():
            self.transport.write(STATUS_LINE[status] + b"".join(lines) + body)
            self.transport.close()

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


# For callers that are no browser of ours: the page never sends such a thing. No content is loaded where these are said.
SAYS: dict[int, dict[str, str]] = {
    400: {"error": "bad_request", "message": "Mình chưa đọc được tin này. Bạn thử gửi lại nhé."},
    408: {"error": "too_slow", "message": "Mạng đang chậm quá nên mình chưa nhận được. Bạn thử gửi lại nhé."},
    431: {"error": "too_large", "message": "Yêu cầu này dài quá nên mình chưa đọc được."},
}


def guarded(proxies: Iterable[str] = ()) -> type[Door]:
    """The class of connections for one server. proxies: see `Callers`."""
    doors = Doors(Callers(tuple(proxies)), min(MOST, max(100, _open_files() - SPARE_FILES)))
    return type("GuardedDoor", (Door,), {"doors": doors})


def _open_files() -> int:
    """How many files this process may have open: as many as the system lets it ask for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and soft >= hard:
        return soft
    wanted = MOST + SPARE_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST + SPARE_FILES)
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):
            return soft
        return wanted
    return soft
