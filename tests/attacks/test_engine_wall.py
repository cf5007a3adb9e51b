"""Somebody has code running inside an engine worker, next to a gateway of the same user: what can they reach?

The ways out are those of tests/support/wall_attacks.py, taken by native calls inside a real worker. Each of them is also
tried without the wall: a way that leads nowhere anyhow would prove nothing.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.engine import landlock, seccomp
from bot.engine_client import pool as pools
from bot.engine_client.pool import EnginePool, PoolConfig, sweep
from tests.support import wall_attacks
from tests.support.engine_worker import ACTIONS, PYTHON, ROOT, Worker, command, trained
from tests.support.product import Product, product

OFFERED = landlock.version() > 0 and seccomp.offered()


@pytest.fixture(scope="module")
def models() -> Path:
    return trained()


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with product(tmp_path_factory.mktemp("gateway"), "gateway", LACHAN_ENGINE_WORKERS="1") as running:
        yield running


@pytest.fixture
def target(gateway: Product, tmp_path: Path) -> dict[str, Any]:
    """What the attacker is after."""
    victim = tmp_path / "victim"
    victim.write_text("tin báo")
    data = gateway.folder / "data"
    (data / "keys.json").write_text("{}")  # this product has its keys in the environment; by default they lie here
    pid = gateway.processes["gateway"].pid
    return {"data": str(data), "gateway": pid, "port": gateway.port, "folder": str(tmp_path), "victim": str(victim)}


@pytest.fixture
def worker(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    running = Worker(tmp_path_factory.mktemp("w"), models)
    try:
        running.connect()
        yield running
    finally:
        running.end()


def test_nothing_leads_out_of_a_worker(worker: Worker, target: dict[str, Any], gateway: Product) -> None:
    before = worker.ask(op="ping")
    answer = worker.turn("x", intent="test_wall", context={"attack": target})
    found = set(answer["replies"][0]["args"]["open"])
    assert found == ways_of_a_kernel_without(before["wall"])
    if OFFERED:
        assert before["wall"] == []
        assert sorted(path.name for path in Path(target["folder"]).iterdir()) == ["victim"]
        assert Path(target["victim"]).read_text() == "tin báo"
    assert gateway.processes["gateway"].poll() is None
    assert worker.turn("xin chào")["ok"], "an attack that failed does not stop the conversation"


def ways_of_a_kernel_without(missing: list[str]) -> set[str]:
    """Where Landlock is not there, files that the user may read stay readable; everything else is refused twice."""
    if "landlock" not in missing:
        return set()
    reading = {"keys", "database", "keys from a new thread", "list of the data folder", "passwd"}
    return reading | {"command line of the gateway"}


def test_the_ways_do_lead_out_where_there_is_no_wall(target: dict[str, Any]) -> None:
    script = [str(PYTHON), "-m", "tests.support.wall_attacks", json.dumps(target)]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, check=True)
    found = set(json.loads(done.stdout))
    surely = {"keys", "database", "passwd", "command line of the gateway", "signal", "tcp", "shell", "fork", "clone", "spawn",
              "exec", "truncate", "write", "append", "memory file", "chmod", "times", "rename", "udp", "unix socket",
              "symlink", "folder", "keys from a new thread", "make itself readable", "limits of the gateway"}  # fmt: skip
    assert surely <= found
    assert found <= set(wall_attacks.ways(target))


def without_privileges() -> None:
    """Root without the powers of root, for good: what an ordinary user of the same name would be."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(64):
        libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
    header, none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capset(header, none)


def environment_seen_by_its_own_user(pid: int) -> int:
    """Exit status of reading /proc/PID/environ and opening /proc/PID/mem by an unprivileged process of the same user."""
    code = f"import os\nfor n in ('environ', 'mem'):\n    os.close(os.open('/proc/{pid}/' + n, os.O_RDONLY))"
    reader = subprocess.run(
        [sys.executable, "-c", code], preexec_fn=without_privileges, capture_output=True, check=False
    )
    return reader.returncode


def test_no_process_of_the_same_user_reads_the_memory_of_the_product(tmp_path: Path) -> None:
    """Also on a kernel without Landlock. The counterpart is a process like it that does not hide."""
    plain = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, preexec_fn=without_privileges)
    script = "from bot.app import hide_memory\nhide_memory()\nprint('hidden', flush=True)\ninput()"
    hidden = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, preexec_fn=without_privileges
    )  # fmt: skip
    try:
        assert hidden.stdout is not None
        assert hidden.stdout.readline() == b"hidden\n"
        assert environment_seen_by_its_own_user(plain.pid) == 0
        assert environment_seen_by_its_own_user(hidden.pid) != 0
    finally:
        for process in (plain, hidden):
            process.kill()
            process.wait()


def test_every_role_hides_its_memory(gateway: Product) -> None:
    """The files of a hidden process in /proc belong to root, whoever runs it; to tell, it must not be root's or be asked of
    the kernel: a hidden process has no readable map for its own user without privileges."""
    assert environment_seen_by_its_own_user(gateway.processes["gateway"].pid) != 0
    for role in ("gateway", "console", "jobs", "all"):
        helped = subprocess.run(
            [sys.executable, "-c", _SERVE, role], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert helped.stdout == "0\n", role


_SERVE = """
import ctypes, sys
from bot.commands import serve
def dumpable(*_):
    print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), flush=True)
    raise SystemExit(0)
serve.soundness.settings = dumpable
serve.app([sys.argv[1]])
"""


def test_a_kernel_without_a_part_is_named_or_refused(models: Path, tmp_path: Path) -> None:
    """A kernel that answers ENOSYS to Landlock, played by a module put before the real one."""
    lame = tmp_path / "lame"
    lame.mkdir()
    (lame / "sitecustomize.py").write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from bot.engine import landlock\n"
        "def absent(*_):\n    raise OSError(38, 'landlock')\n"
        "landlock.restrict = absent\n"
        "landlock.version = lambda: 0\n"
    )
    environment = {"PYTHONPATH": str(lame)}
    running = Worker(tmp_path, models, environment)
    try:
        running.connect()
        assert running.ask(op="ping")["wall"] == ["landlock"]
    finally:
        running.end()
    refused = subprocess.run(
        [*command(tmp_path / "second", models), "--wall", "required"], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, **environment}, check=False,
    )  # fmt: skip
    assert refused.returncode == 13
    assert "landlock" in refused.stderr
    assert not (tmp_path / "second").exists()


def test_a_thread_that_was_there_before_the_wall_is_named(tmp_path: Path) -> None:
    code = (
        "import threading, time\n"
        "from bot.engine import wall\n"
        "threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"
        "print(wall.raise_wall(), flush=True)\n"
        "import os\nos._exit(0)\n"
    )
    done = subprocess.run([str(PYTHON), "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "one_thread" in done.stdout


def test_the_filter_knows_both_machines() -> None:
    for machine in ("x86_64", "aarch64"):
        steps = seccomp.program(machine, 7)
        assert len(steps) < 4096  # BPF_MAXINSNS
        for at, (code, yes, no, _) in enumerate(steps):
            if code == 0x15:
                assert at + 1 + max(yes, no) < len(steps)
        assert steps[-1][0] == 0x06
    with pytest.raises(OSError, match="machine"):
        seccomp.program("riscv64", 7)


def test_workers_of_the_pool_stand_behind_the_wall_after_a_restart_too(models: Path) -> None:
    wall = "required" if OFFERED else "best"
    config = PoolConfig(models=models, workers=1, actions=ACTIONS, answer_timeout=200, first_backoff=0.05, wall=wall)

    async def run() -> None:
        async with EnginePool(config) as pool:
            for _ in range(2):
                await pool.wait_ready(250)
                pid = pool.pids[0]
                assert_walled(pid)
                os.kill(pid, signal.SIGKILL)
                while pool.pids == [pid]:
                    await asyncio.sleep(0.05)

    asyncio.run(run())


def assert_walled(pid: int) -> None:
    status = Path(f"/proc/{pid}/status").read_text()
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["NoNewPrivs"].strip() == "1"
    assert int(fields["CapEff"], 16) == int(fields["CapPrm"], 16) == 0
    if OFFERED:
        assert fields["Seccomp"].strip() == "2"


def test_sockets_of_a_killed_gateway_are_swept_and_of_a_living_one_kept(tmp_path: Path) -> None:
    dead, living, young = (tmp_path / f"lachan-engine-{name}" for name in ("dead", "living", "young"))
    for folder in (dead, living, young):
        folder.mkdir()
        (folder / "worker-0").touch()
    old = time.time() - 3600
    for folder in (dead, living):
        os.utime(folder, (old, old))
    held = pools._claimed(living)
    assert held is not None
    sweep(tmp_path)
    os.close(held)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lachan-engine-living", "lachan-engine-young"]
    shutil.rmtree(living)
