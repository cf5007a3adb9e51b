"""`lachan` commands of tests: each a process of its own, forked off one that has imported the product already.

What a command reads, keeps and prints is its own; only the two seconds of importing, the same for all, are spent once.
Run as a script this is the process that is forked; `run` starts it when the first command is wanted.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 200  # seconds; a command that hangs is ended, before the test is
_TURN = threading.Lock()


@cache
def _forked() -> socket.socket:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.commands", str(theirs.fileno())], cwd=ROOT, pass_fds=[theirs.fileno()],
        stdin=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def run(*arguments: str, env: Mapping[str, str], typed: str = "") -> subprocess.CompletedProcess[str]:
    """One command to its end, without a terminal. env: everything it finds in its environment; typed: its input."""
    with _TURN, tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder, name) for name in ("stdin", "stdout", "stderr")}
        files["stdin"].write_text(typed, encoding="utf-8")
        asked = {"arguments": arguments, "env": dict(env), "files": [str(file) for file in files.values()]}
        Path(folder, "asked").write_text(json.dumps(asked), encoding="utf-8")
        line = _forked()
        line.send(os.fsencode(Path(folder, "asked")))
        code = int(line.recv(64))
        out, err = (files[name].read_text(encoding="utf-8") for name in ("stdout", "stderr"))
    return subprocess.CompletedProcess(list(arguments), code, out, err)


def _become(asked: dict) -> NoReturn:
    """In the child: be `python -m bot.cli` with these arguments."""
    os.setsid()
    signal.alarm(PATIENCE)
    for number, file in enumerate(asked["files"]):
        opened = os.open(file, os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(asked["env"])
    sys.argv = ["lachan", *asked["arguments"]]
    from bot.cli import main

    main()
    raise SystemExit(0)


def _serve(line: socket.socket) -> None:
    from bot.cli import COMMANDS

    for module in COMMANDS.values():
        importlib.import_module(module)
    while name := line.recv(4096):
        asked = json.loads(Path(os.fsdecode(name)).read_text(encoding="utf-8"))
        child = os.fork()
        if child == 0:
            line.close()
            _become(asked)  # ends as a command ends: by the exception that leaves it, exit handlers and all
        line.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
