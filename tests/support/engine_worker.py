"""An engine worker started and spoken to by a test, and the small bot it serves."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.engine import protocol

ROOT = Path(__file__).resolve().parents[2]
PYTHON = ROOT / "bot/engine/.venv/bin/python"
DATA = ROOT / "tests/support/engine_fixture/data"
ACTIONS = "tests.support.engine_fixture.actions"


def trained() -> Path:
    """Folder with the trained test bot; trains (half a minute) when its inputs changed."""
    folder = ROOT / ".build/engine_fixture"
    done = trainer("--data", str(DATA), "--actions", ACTIONS, "--models", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def trainer(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the trainer in the engine's Python."""
    command = [str(PYTHON), "-m", "bot.engine.trainer", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def command(socket_: Path, models: Path) -> list[str]:
    """How to start a worker."""
    where = ["--socket", str(socket_), "--models", str(models), "--actions", ACTIONS]
    return [str(PYTHON), "-m", "bot.engine.worker", *where]


@dataclass
class Worker:
    """A worker process and a connection to it, spoken to synchronously."""

    folder: Path
    models: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] = field(init=False)
    _ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.socket = self.folder / "worker"
        (self.folder / "home").mkdir()
        home = str(self.folder / "home")
        base = {"PATH": os.environ["PATH"], "HOME": home, "TMPDIR": home, "PYTHONDONTWRITEBYTECODE": "1"}
        with (self.folder / "stdout").open("wb") as out, (self.folder / "stderr").open("wb") as err:
            self.process = subprocess.Popen(
                command(self.socket, self.models),
                cwd=ROOT,
                env=base | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )

    def connect(self, timeout: float = 250) -> None:
        """Wait until the worker is ready."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline and self.process.poll() is None:
            self._connection = socket.socket(socket.AF_UNIX)
            try:
                self._connection.connect(str(self.socket))
            except OSError:
                self._connection.close()
                time.sleep(0.05)
            else:
                self._lines = self._connection.makefile("rb")
                return
        raise AssertionError(f"the worker is not ready: {self.printed()}")

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def receive(self) -> dict[str, Any]:
        return protocol.decode(self._lines.readline())

    def ask(self, **request: Any) -> dict[str, Any]:
        number = next(self._ids)
        self.send(protocol.encode({"id": number, **request}))
        answer = self.receive()
        assert answer["id"] == number
        return answer

    def turn(self, text: str = "", **request: Any) -> dict[str, Any]:
        return self.ask(op="turn", text=text, **request)

    def talk(self, *texts: str, state: dict[str, Any] | None = None) -> tuple[list[list[str]], dict[str, Any]]:
        """Say several things; the items answered each time, and the last answer."""
        said, answer = [], {"state": state}
        for text in texts:
            answer = self.turn(text, state=answer["state"])
            assert answer["ok"], answer
            said.append([reply["say"] for reply in answer["replies"]])
        return said, answer

    def printed(self) -> str:
        return "".join((self.folder / name).read_text(errors="replace") for name in ("stdout", "stderr"))

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
