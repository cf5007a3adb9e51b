"""The pool: workers die, hang and are absent; turns are answered or refused in time, never lost, never doubled."""

from __future__ import annotations

import asyncio
import io
import logging
import os
import signal
import traceback
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import EngineUnavailable
from bot.engine_client.pool import EnginePool, PoolConfig, TurnFailed
from tests.support.engine_worker import ACTIONS

MARK = "DAUVET7391"


@pytest.fixture
def config(models: Path) -> PoolConfig:
    return PoolConfig(models=models, workers=1, actions=ACTIONS, answer_timeout=200, hang_timeout=6)


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(test)


async def busy_pid(pool: EnginePool) -> int:
    """Process id of a worker that has work."""
    while True:
        for link in pool._links.values():
            if link.in_flight:
                return link.process.pid
        await asyncio.sleep(0.01)


def test_two_workers_share_the_work_and_survive_kills(config: PoolConfig) -> None:
    async def test() -> None:
        async with EnginePool(replace(config, workers=2)) as pool:
            await pool.wait_ready(250, workers=2)
            slow = [pool.turn(text="x", intent="test_slow", state=None) for _ in range(4)]
            pids = {r.replies[0]["args"]["worker"] for r in await asyncio.gather(*slow)}
            assert pids == set(pool.pids)
            assert len(pids) == 2
            await kill_mid_turn(pool)
            await kill_all_while_busy(pool)

    async def kill_mid_turn(pool: EnginePool) -> None:
        task = asyncio.create_task(pool.turn(text="x", intent="test_slow", state=None))
        victim = await busy_pid(pool)
        os.kill(victim, signal.SIGKILL)
        result = await task
        assert result.replies[0]["say"] == "slow"
        assert result.replies[0]["args"]["worker"] != victim, "another worker answered"

    async def kill_all_while_busy(pool: EnginePool) -> None:
        await pool.wait_ready(250, workers=2)
        tasks = [asyncio.create_task(pool.turn(text="xin chào", state=None)) for _ in range(30)]
        await busy_pid(pool)
        for pid in pool.pids:
            os.kill(pid, signal.SIGKILL)
        results = await asyncio.gather(*tasks)
        assert {r.replies[0]["say"] for r in results} == {"greeting"}
        assert pool.stats.restarts == 3

    run(test())


def test_a_hanging_turn_costs_the_worker_its_life_and_nobody_else_the_answer(config: PoolConfig) -> None:
    async def test() -> None:
        async with EnginePool(config) as pool:
            await pool.wait_ready(250)
            (old,) = pool.pids
            hang = asyncio.create_task(pool.turn(text="x", intent="test_hang", state=None))
            await busy_pid(pool)
            others = [asyncio.create_task(pool.turn(text="xin chào", state=None)) for _ in range(3)]
            with pytest.raises(EngineUnavailable):
                await hang
            assert {r.replies[0]["say"] for r in await asyncio.gather(*others)} == {"greeting"}
            assert pool.pids != [old]
            assert pool.stats.restarts == 1, "killed once, and the turn was not repeated on the next worker"

    run(test())


def test_no_worker_means_an_error_within_the_time_out(config: PoolConfig, tmp_path: Path) -> None:
    async def test() -> None:
        async with EnginePool(replace(config, models=tmp_path, answer_timeout=0.5)) as pool:
            with pytest.raises(EngineUnavailable):
                await pool.turn(text="xin chào", state=None)
            with pytest.raises(EngineUnavailable):
                await pool.wait_ready(600)  # gives up because there is no model, not for the time
            assert pool.stats.ready == 0

    run(test())


def test_a_missing_interpreter_is_the_same(config: PoolConfig, tmp_path: Path) -> None:
    async def test() -> None:
        async with EnginePool(replace(config, python=tmp_path / "python", answer_timeout=1)) as pool:
            with pytest.raises(EngineUnavailable):
                await pool.turn(text="xin chào", state=None)
            while pool.stats.restarts < 2:  # it is tried again: the cause may pass
                await asyncio.sleep(0.05)

    run(test())


def test_errors_and_logs_say_nothing(config: PoolConfig, caplog: pytest.LogCaptureFixture) -> None:
    """Canary: every way the pool can fail, at the most talkative log level."""
    caplog.set_level(logging.DEBUG)
    told = io.StringIO()

    async def fails(pool: EnginePool, kind: type[Exception], **request: Any) -> None:
        state = {"v": 1, "model": MARK, "events": [], "draft": {"tip": MARK}}
        with pytest.raises(kind) as caught:
            await pool.turn(text=MARK, state=state, context={"x": MARK}, conversation=MARK, **request)
        traceback.print_exception(caught.value, file=told)

    async def test() -> None:
        async with EnginePool(config) as pool:
            await pool.wait_ready(250)
            for intent in ("test_raise", "test_silent", "test_plain", "test_stuck", "test_draft"):
                await fails(pool, TurnFailed, intent=intent)
            await fails(pool, EngineUnavailable, intent="test_slow", timeout=0.1)
            await fails(pool, EngineUnavailable, intent="test_hang")
            await fails(pool, EngineUnavailable, timeout=0.05)

    asyncio.run(test(), debug=True)
    assert "TurnFailed" in told.getvalue()
    assert "engine_worker_ended" in caplog.text
    assert MARK not in told.getvalue()
    assert MARK not in caplog.text


def test_the_engine_gets_no_secret_and_leaves_no_debris(
    config: PoolConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LACHAN_SERVER_KEY", "MARK")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    async def test() -> None:
        async with EnginePool(config) as pool:
            await pool.wait_ready(250)
            (folder,) = tmp_path.iterdir()
            assert folder.stat().st_mode & 0o077 == 0
            seen = (await pool.turn(text="x", intent="test_echo", state=None)).replies[0]["args"]
            assert not [name for name in seen["environment"] if name.startswith("LACHAN_SERVER")]
            environ = Path(f"/proc/{pool.pids[0]}/environ").read_bytes()
            assert b"MARK" not in environ
        assert list(tmp_path.iterdir()) == []

    run(test())
