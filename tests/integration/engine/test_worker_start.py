"""Starting: what a worker is like when it serves, and what it refuses to serve."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.engine import manifest
from tests.support.engine_worker import ACTIONS, PYTHON, ROOT, Worker, command


def run(models: Path, actions: str = ACTIONS) -> subprocess.CompletedProcess[str]:
    check = [str(PYTHON), "-m", "bot.engine.worker", "--check", "--models", str(models), "--actions", actions]
    return subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(models: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(models, tmp_path / "models"))


def test_environment_of_a_serving_worker(worker: Worker) -> None:
    seen = worker.turn("x", intent="test_echo")["replies"][0]["args"]
    assert seen["tensorflow"] is False
    assert seen["umask"] == "0o77"
    assert seen["telemetry"] == "false"
    limits = Path(f"/proc/{worker.process.pid}/limits").read_text()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"], "core dumps would hold a citizen's words"
    assert seen["streams"] == [os.stat(os.devnull).st_rdev] * 3


def test_socket_is_private(worker: Worker) -> None:
    assert stat.S_IMODE(worker.socket.stat().st_mode) == 0o600


def test_nothing_is_left_on_disk(worker: Worker) -> None:
    worker.turn("xin chào")
    left = [p for p in (worker.folder / "home").rglob("*") if p.is_file()]
    assert left == [], "neither ~/.config/rasa nor an unpacked model"


def test_the_wall_holds(worker: Worker, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        context = {"folder": str(tmp_path), "port": listener.getsockname()[1]}
        answer = worker.turn("x", intent="test_wall", context=context)
    assert answer["replies"] == [{"say": "ways_out", "args": {"open": []}}]
    assert list(tmp_path.iterdir()) == []


def test_model_that_is_not_the_one_of_the_manifest_is_refused(copy: Path) -> None:
    with (copy / manifest.read(copy).model).open("ab") as archive:
        archive.write(b"x")
    done = run(copy)
    assert done.returncode == 10
    assert "SHA-256" in done.stderr


def test_trap_9_model_that_does_not_understand_its_probes_is_refused(copy: Path) -> None:
    served = manifest.read(copy)
    wrong = dict.fromkeys(served.probes, "thank")
    manifest.write(copy, manifest.Manifest(served.model, served.hash, served.sha256, wrong))
    done = run(copy)
    assert done.returncode == 12
    assert "probe messages understood" in done.stderr


def test_missing_actions_are_named(models: Path) -> None:
    done = run(models, actions="actions.turn")
    assert done.returncode == 11
    assert "action_submit_tip" in done.stderr


def test_the_worker_ends_with_its_parent(models: Path, tmp_path: Path) -> None:
    """kill -9 of the gateway leaves no worker behind; its socket, which a walled worker cannot remove, the next gateway sweeps."""
    folder = tmp_path / "sockets"
    folder.mkdir()
    script = (
        "import subprocess, sys, time\n"
        f"p = subprocess.Popen({command(folder / 's', models)!r}, cwd={str(ROOT)!r})\n"
        "print(p.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    deadline = time.monotonic() + 900
    while not (folder / "s").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    deadline = time.monotonic() + 90
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not alive(pid)


def test_a_worker_whose_gateway_died_before_it_looked_ends_too(models: Path, tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    late = subprocess.Popen([*command(tmp_path / "s", models), "--parent", str(gone.pid)], cwd=ROOT)
    assert late.wait(timeout=250) == 0


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.soak
def test_switch_back_to_tensorflow(models: Path, tmp_path: Path) -> None:
    running = Worker(tmp_path, models, {"LACHAN_ENGINE_USE_TENSORFLOW": "1"})
    try:
        running.connect()
        assert running.turn("x", intent="test_echo")["replies"][0]["args"]["tensorflow"] is True
    finally:
        running.end()
