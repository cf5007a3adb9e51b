"""A worker that loads slowly is waited for as long as it works; one that is stuck, or loads for ever, is not."""

from __future__ import annotations

import asyncio
import stat
import sys
from pathlib import Path

import pytest

from bot.core.errors import EngineUnavailable
from bot.engine_client.pool import EnginePool, PoolConfig

STUB = """#!{python}
import json, os, socket, sys, time
mode = {mode!r}
begun = time.monotonic()
if mode == "slow":
    while time.monotonic() - begun < {load} or time.process_time() < 0.2:
        sum(range(20_000))
elif mode == "stuck":
    time.sleep(600)
elif mode == "for ever":
    while True:
        sum(range(20_000))
elif mode == "gone":
    sys.exit(11)
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[sys.argv.index("--socket") + 1])
server.listen()
connection, _ = server.accept()
for line in connection.makefile("rb"):
    answer = {{"id": json.loads(line)["id"], "ok": True, "model": "stub"}}
    connection.sendall(json.dumps(answer).encode() + b"\\n")
"""


def stub(folder: Path, mode: str, load: float = 0.0) -> Path:
    path = folder / "worker.py"
    path.write_text(STUB.format(python=sys.executable, mode=mode, load=load))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def pool_of(folder: Path, mode: str, *, load: float = 0.0, stuck: float, longest: float) -> EnginePool:
    python = stub(folder, mode, load)
    return EnginePool(PoolConfig(
        models=folder, workers=1, python=python, root=folder, start_timeout=stuck, longest_start=longest,
    ))  # fmt: skip


def lives_of(pool: EnginePool, until_restarts: int = 1) -> tuple[int, int]:
    """(ready, restarts) once a worker is ready or was given up."""

    async def run() -> tuple[int, int]:
        async with pool:
            while not pool.stats.ready and pool.stats.restarts < until_restarts:
                await asyncio.sleep(0.05)
            return pool.stats.ready, pool.stats.restarts

    return asyncio.run(run())


def test_a_worker_that_loads_slowly_is_not_killed_at_the_time_limit(tmp_path):
    assert lives_of(pool_of(tmp_path, "slow", load=5, stuck=2, longest=100)) == (1, 0)


def test_a_worker_that_is_stuck_is_given_up(tmp_path):
    assert lives_of(pool_of(tmp_path, "stuck", stuck=1, longest=1_000)) == (0, 1)


def test_a_worker_that_only_ever_loads_is_given_up_at_last(tmp_path):
    assert lives_of(pool_of(tmp_path, "for ever", stuck=600, longest=2)) == (0, 1)


def test_a_worker_that_cannot_start_says_so_at_once(tmp_path):
    async def run() -> None:
        async with pool_of(tmp_path, "gone", stuck=600, longest=600) as pool:
            with pytest.raises(EngineUnavailable):
                await pool.wait_ready(100)
            assert pool.stats.restarts <= 1

    asyncio.run(run())
