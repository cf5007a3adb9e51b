"""One engine worker as the gateway sees it: a process, a connection, and the requests it has not answered yet."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.engine import protocol

_CONNECT_POLL = 0.05  # seconds
_LOOK = 1.0  # seconds between two looks at a worker that loads
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH")  # the gateway's environment holds keys


class WorkerLost(Exception):
    """The worker died with this request in hand. `guilty`: it was killed because this very request hung."""

    def __init__(self, guilty: bool) -> None:
        super().__init__("guilty" if guilty else "innocent")
        self.guilty = guilty


@dataclass(frozen=True)
class WorkerCommand:
    """How to start a worker."""

    python: Path
    root: Path
    models: Path
    actions: str
    use_tensorflow: bool
    wall: str = "best"  # or "required"

    def argv(self, socket: Path, manifest: str = "") -> list[str]:
        where = ["--socket", str(socket), "--models", str(self.models), "--actions", self.actions]
        rest = ["--parent", str(os.getpid()), "--wall", self.wall]
        rest += ["--manifest", manifest] if manifest else []
        return [str(self.python), "-m", "bot.engine.worker", *where, *rest]

    def environment(self, folder: Path) -> dict[str, str]:
        """No secret of the gateway reaches the engine. One thread a worker: its matrices are small."""
        kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        return kept | {
            "HOME": str(folder),
            "TMPDIR": str(folder),
            "MPLCONFIGDIR": str(folder),
            "RASA_TELEMETRY_ENABLED": "false",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUTF8": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",
            "LACHAN_ENGINE_USE_TENSORFLOW": "1" if self.use_tensorflow else "0",
        }


@dataclass
class WorkerLink:
    """A running worker. Created by `start`, used by one event loop, thrown away when it ends."""

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    started: float = field(default_factory=time.monotonic)
    info: Mapping[str, Any] = field(default_factory=dict)
    _pending: dict[int, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    _ids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _progress: float = field(default_factory=time.monotonic)
    _guilty: int | None = None

    @property
    def in_flight(self) -> int:
        return len(self._pending)

    async def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its answer. Raises WorkerLost.

        A caller that gives up leaves its place in the queue taken until the worker has answered.
        """
        number = next(self._ids)
        line = protocol.encode(request | {"id": number})
        if not self._pending:
            self._progress = time.monotonic()
        future: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[number] = future
        self.writer.write(line)
        return await future

    async def read(self) -> None:
        """Hand out answers until the connection ends."""
        with contextlib.suppress(ConnectionError, ValueError):
            while line := await self.reader.readline():
                answer = protocol.decode(line)
                self._progress = time.monotonic()
                future = self._pending.pop(answer.get("id") or 0, None)
                if future is not None and not future.done():
                    future.set_result(answer)

    async def watch(self, hang_timeout: float) -> None:
        """Kill the worker when the oldest request got no answer for `hang_timeout` seconds."""
        while True:
            await asyncio.sleep(hang_timeout / 20)
            if self._pending and time.monotonic() - self._progress > hang_timeout:
                self._guilty = next(iter(self._pending))  # a worker takes requests in order
                _kill(self.process)
                return

    async def end(self) -> int:
        """Make sure the process is gone, fail what it had in hand; its exit code."""
        self.writer.close()
        _kill(self.process)
        code = await self.process.wait()
        for number, future in self._pending.items():
            if not future.done():
                future.set_exception(WorkerLost(number == self._guilty))
        self._pending.clear()
        return code


@dataclass(frozen=True)
class Patience:
    """How long a worker may take to become ready, in seconds.

    stuck: without doing any work at all. longest: whatever it does. A full machine makes loading slow, and a worker that is
    killed for being slow only begins anew: so it is judged by its work, not by the clock.
    """

    stuck: float
    longest: float


async def start(
    command: WorkerCommand, folder: Path, name: str, patience: Patience, manifest: str = ""
) -> WorkerLink | int | None:
    """Start a worker and wait until it is ready: the link, or its exit code, or None when patience ended.

    manifest: SHA-256 of the only manifest it may load, "" for whichever is there.
    """
    socket = folder / name
    socket.unlink(missing_ok=True)
    process = await asyncio.create_subprocess_exec(
        *command.argv(socket, manifest),
        cwd=command.root,
        env=command.environment(folder),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for the gateway, which then ends its workers in order
    )
    watched = asyncio.create_task(_connect(process, socket))
    try:
        if await _works(process.pid, watched, patience):
            return watched.result()
        await _reap(process)
        return None
    except BaseException:
        await _reap(process)
        raise
    finally:
        watched.cancel()


async def _works(pid: int, ready: asyncio.Task[WorkerLink | int], patience: Patience) -> bool:
    """Wait for `ready` while the process works. False when it is stuck, or takes too long all the same."""
    begun = moved = time.monotonic()
    seen = _work_done(pid)
    while time.monotonic() - begun < patience.longest:
        await asyncio.wait({ready}, timeout=min(_LOOK, patience.stuck / 4))
        if ready.done():
            return True
        done, now = _work_done(pid), time.monotonic()
        if done is None or done != seen:  # None: this system does not tell, so only the longest time counts
            seen, moved = done, now
        elif now - moved > patience.stuck:
            return False
    return False


def _work_done(pid: int) -> tuple[bytes, ...] | None:
    """What a process has used so far: page faults and ticks of CPU. None where /proc is not there."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return tuple(fields[index] for index in (7, 9, 11, 12))  # minflt, majflt, utime, stime (proc(5))


async def _connect(process: asyncio.subprocess.Process, socket: Path) -> WorkerLink | int:
    while process.returncode is None:
        try:
            reader, writer = await asyncio.open_unix_connection(str(socket), limit=protocol.MAX_LINE)
        except OSError:
            await asyncio.sleep(_CONNECT_POLL)
            continue
        writer.write(protocol.encode({"id": 0, "op": "ping"}))
        with contextlib.suppress(ValueError, ConnectionError):
            if line := await reader.readline():
                return WorkerLink(process, reader, writer, info=protocol.decode(line))
        writer.close()
    return process.returncode


async def _reap(process: asyncio.subprocess.Process) -> None:
    _kill(process)
    await process.wait()


def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill without `Process.kill`, which collects the exit status of a dead child behind asyncio's back."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
