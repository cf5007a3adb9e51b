"""The wall from the inside: once a worker serves, it opens no connection, starts no process and writes no file.

A deployment should add the outer wall (own user, no network namespace, read-only file system: docs/runbook.md); this
one holds everywhere and cannot be taken down again, because Python has no way to remove an audit hook.
"""

from __future__ import annotations

import os
import sys
from typing import Any

_REFUSED = frozenset(
    {
        "socket.connect",
        "socket.bind",
        "socket.getaddrinfo",
        "socket.gethostbyname",
        "socket.sendto",
        "subprocess.Popen",
        "os.exec",
        "os.fork",
        "os.forkpty",
        "os.posix_spawn",
        "os.spawn",
        "os.system",
        "os.rename",
        "os.mkdir",
        "os.link",
        "os.symlink",
        "sqlite3.connect",
        "pty.spawn",
        "shutil.copyfile",
        "shutil.make_archive",
        "smtplib.connect",
        "urllib.Request",
        "syslog.syslog",
        "tempfile.mkstemp",
        "tempfile.mkdtemp",
    }
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class WallError(RuntimeError):
    """The engine tried to reach outside. Names the kind of attempt only."""


def _hook(event: str, args: tuple[Any, ...]) -> None:
    if event in _REFUSED:
        raise WallError(event)
    if event == "open" and isinstance(args[2], int) and args[2] & _WRITES and args[0] != os.devnull:
        raise WallError("write")


def raise_wall() -> None:
    """From here on the process can only answer on the sockets it already has. There is no way back."""
    sys.addaudithook(_hook)
