"""The engine's workers: started, watched, restarted, asked.

    pool = EnginePool(PoolConfig(models=Path("models"), workers=2))
    await pool.start()                       # returns at once; workers need about seven seconds
    result = await pool.turn(text="...", state=None, context={})
    await pool.stop()

A turn goes to the worker with the least to do. When that worker dies under it, it is asked once more of another; a
turn that hangs costs its worker the life and is not repeated, because it would hang the next one too. Nothing a
citizen wrote, no state and no conversation id is ever logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.errors import EngineUnavailable
from bot.engine_client import trust
from bot.engine_client.trust import ModelRefused, Place
from bot.engine_client.worker import Patience, WorkerCommand, WorkerLink, WorkerLost, start

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
_STEADY = 30.0  # a worker that lived this long (seconds) is restarted without waiting
_START_FAILURES = frozenset({10, 11, 12, 13})  # bot/engine/worker.py: no model, cannot load, probes failed, no wall
_NO_MODEL = 10
_FOLDER = "lachan-engine-"
_UNCLAIMED = 60.0  # seconds a folder of sockets may be without a lock before it counts as left behind


HUNG = "hung"


class TurnFailed(EngineUnavailable):
    """A worker answered that the turn cannot be done (an action raised, nothing to say...). `code`: see protocol.py.

    HUNG: it gave no answer at all and was killed. The state sent with the request still holds. Asking again gives the same
    answer.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PoolConfig:
    """Times in seconds.

    answer_timeout: from the call to the answer, waiting for a free worker included; then EngineUnavailable.
    hang_timeout: a worker that has work and answers nothing for so long is killed.
    start_timeout: a worker that loads and uses no CPU at all for so long is killed; longest_start: one that only ever loads.
    in_flight: requests handed to one worker at a time; more only wait in the gateway, where they can go elsewhere.
    """

    models: Path = ROOT / "models"
    workers: int = 2
    actions: str = "actions"
    python: Path = ROOT / "bot" / "engine" / ".venv" / "bin" / "python"
    root: Path = ROOT
    answer_timeout: float = 8.0
    hang_timeout: float = 5.0
    start_timeout: float = 60.0
    longest_start: float = 900.0
    in_flight: int = 4
    first_backoff: float = 0.2
    longest_backoff: float = 30.0
    use_tensorflow: bool = False
    wall: str = "best"  # "required": no worker on a kernel that lacks a part of it
    trust: Place | None = None  # whose model may be loaded (trust.py), looked at before each start; None: any


@dataclass(frozen=True)
class TurnResult:
    """What a turn came to; see bot/engine/protocol.py for the shapes."""

    state: dict[str, Any]
    replies: list[dict[str, Any]]
    commands: list[dict[str, Any]]
    nlu: dict[str, Any]


@dataclass(frozen=True)
class PoolStats:
    """For /readyz and /metrics."""

    workers: int
    ready: int
    restarts: int
    in_flight: int


class EnginePool:
    """N workers behind one method. Belongs to one event loop."""

    def __init__(self, config: PoolConfig) -> None:
        self._config = config
        self._command = WorkerCommand(
            config.python, config.root, config.models.resolve(), config.actions, config.use_tensorflow, config.wall
        )
        self._links: dict[int, WorkerLink] = {}
        self._changed = asyncio.Condition()
        self._supervisors: list[asyncio.Task[None]] = []
        self._folder: Path | None = None
        self._claim: int | None = None
        self._restarts = 0
        self._start_codes: dict[int, int] = {}  # slot -> exit code of a worker that could not start

    async def start(self) -> None:
        """Start the workers; does not wait for them."""
        sweep(Path(tempfile.gettempdir()))
        self._folder = Path(tempfile.mkdtemp(prefix=_FOLDER))  # 0700
        self._claim = _claimed(self._folder)
        self._supervisors = [asyncio.create_task(self._supervise(slot)) for slot in range(self._config.workers)]

    async def stop(self) -> None:
        """End the workers and wait for them."""
        for task in self._supervisors:
            task.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)
        self._supervisors = []
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        if self._claim is not None:
            os.close(self._claim)
            self._claim = None

    async def __aenter__(self) -> EnginePool:
        await self.start()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.stop()

    @property
    def stats(self) -> PoolStats:
        links = self._links.values()
        return PoolStats(self._config.workers, len(links), self._restarts, sum(link.in_flight for link in links))

    @property
    def pids(self) -> list[int]:
        """Process ids of the ready workers."""
        return [link.process.pid for link in self._links.values()]

    @property
    def models(self) -> set[str]:
        """Hashes of the models being served; one, but for moments after a new training."""
        return {str(link.info.get("model")) for link in self._links.values()}

    async def wait_ready(self, timeout: float, workers: int = 1) -> None:
        """Wait until `workers` are ready. Raises EngineUnavailable; at once when no worker can start at all."""

        def settled() -> bool:
            return len(self._links) >= workers or len(self._start_codes) == self._config.workers

        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._changed:
                await self._changed.wait_for(settled)
        if len(self._links) < workers:
            raise EngineUnavailable("no worker became ready")

    async def turn(
        self,
        *,
        text: str,
        state: dict[str, Any] | None,
        context: dict[str, Any] | None = None,
        choice: str = "",
        intent: str = "",
        conversation: str = "",
        timeout: float | None = None,
    ) -> TurnResult:
        """Answer one message. Raises TurnFailed, or EngineUnavailable when no answer came in time."""
        request = {
            "op": "turn",
            "conversation": conversation,
            "state": state,
            "text": text,
            "choice": choice,
            "intent": intent,
            "context": context or {},
        }
        answer = await self._ask(request, timeout)
        return TurnResult(answer["state"], answer["replies"], answer["commands"], answer["nlu"])

    async def parse(self, texts: list[str], timeout: float | None = None) -> list[dict[str, Any]]:
        """{"intent", "confidence", "emergency", "ranking"} of each text. Raises EngineUnavailable."""
        results: list[dict[str, Any]] = (await self._ask({"op": "parse", "texts": texts}, timeout))["results"]
        return results

    async def _ask(self, request: dict[str, Any], timeout: float | None) -> dict[str, Any]:
        answer: dict[str, Any] | None = None
        try:
            async with asyncio.timeout(self._config.answer_timeout if timeout is None else timeout):
                answer = await self._ask_twice(request)
        except TimeoutError:
            pass  # raised below, without the exception that knows the request
        if answer is None:
            raise EngineUnavailable("no answer")
        if not answer.get("ok"):
            raise TurnFailed(str(answer.get("error")))
        return answer

    async def _ask_twice(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The answer, or None when the request lost two workers."""
        for _attempt in range(2):
            link = await self._least_busy()
            try:
                return await link.call(request)
            except WorkerLost as lost:
                if lost.guilty:
                    return {"ok": False, "error": HUNG}
            finally:
                await self._notify()
        return None

    async def _least_busy(self) -> WorkerLink:
        def free() -> WorkerLink | None:
            links = [link for link in self._links.values() if link.in_flight < self._config.in_flight]
            return min(links, key=lambda link: link.in_flight, default=None)

        async with self._changed:
            await self._changed.wait_for(lambda: free() is not None)
            link = free()
            assert link is not None  # nothing ran between the check and here
            return link

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _supervise(self, slot: int) -> None:
        """Keep one worker alive until the pool stops."""
        assert self._folder is not None
        backoff = self._config.first_backoff
        while True:
            begun = time.monotonic()
            code = await self._live(slot, self._folder)
            if code in _START_FAILURES:
                self._start_codes[slot] = code
            if time.monotonic() - begun > _STEADY:
                backoff = self._config.first_backoff
            self._restarts += 1
            log.warning("engine_worker_ended", extra={"worker": slot, "code": code, "seconds": round(backoff, 1)})
            await self._notify()
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, self._config.longest_backoff)

    async def _live(self, slot: int, folder: Path) -> int | None:
        """One life of a worker: its exit code, or None when it was not ready in time."""
        try:
            patience = Patience(self._config.start_timeout, self._config.longest_start)
            place = self._config.trust
            manifest = "" if place is None else await asyncio.to_thread(trust.verified, place)
            link = await start(self._command, folder, f"worker-{slot}", patience, manifest)
        except ModelRefused:
            log.critical("engine_model_refused", extra={"worker": slot})
            return _NO_MODEL
        except OSError as error:  # no interpreter, no memory for a process...: it may be there the next time
            log.error("engine_worker_not_started", extra={"worker": slot, "error": type(error).__name__})
            return None
        if not isinstance(link, WorkerLink):
            return link
        self._links[slot] = link
        self._start_codes.pop(slot, None)
        log.info("engine_worker_ready", extra={"worker": slot})
        if missing := link.info.get("wall"):
            log.warning("engine_wall_incomplete", extra={"worker": slot, "error": ",".join(map(str, missing))})
        await self._notify()
        watcher = asyncio.create_task(link.watch(self._config.hang_timeout))
        code: int | None = None
        try:
            await link.read()
        finally:
            watcher.cancel()
            self._links.pop(slot, None)
            code = await link.end()
        return code


def _claimed(folder: Path) -> int | None:
    """A lock on the folder that ends with this process; None when somebody else holds it."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def sweep(temporary: Path) -> None:
    """Remove the sockets of gateways that were killed: their workers ended with them and may remove nothing themselves."""
    for folder in temporary.glob(_FOLDER + "*"):
        with contextlib.suppress(OSError):  # another gateway sweeps too, or it is somebody else's
            state = folder.lstat()
            if state.st_uid != os.getuid() or time.time() - state.st_mtime < _UNCLAIMED:
                continue
            claim = _claimed(folder)
            if claim is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(claim)
