"""The wall around a serving worker: no connection, no process, no file but code and content, and no way back.

Raised by the worker itself once everything is loaded, so that it needs no privilege and holds in a container and for root
too. Python's audit hook turns what our own code might do by mistake into a named error; the kernel's parts hold against
native code as well. A kernel without one of them leaves the wall incomplete, which the worker tells the gateway and
`lachan check` says. `python -m bot.engine.wall` raises it and prints what is missing, one name a line.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import sys
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.engine import landlock, seccomp

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


ROOT = Path(__file__).resolve().parents[2]
# What a running worker may still read: code and content it loads late, the time zone, and where chance comes from.
_OWN = ("bot", "actions", "content")
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/share/zoneinfo", "/etc/localtime",
           "/dev/null", "/dev/urandom")  # fmt: skip
_OPEN_FILES = 64
_ONE_THREAD_SECONDS = 2.0

_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_CAPABILITY_VERSION = 0x20080522


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    zero = ctypes.c_ulong(0)
    if libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def _drop_capabilities() -> None:
    """Root without the powers of root."""
    libc = ctypes.CDLL(None, use_errno=True)
    header, none = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0), (ctypes.c_uint32 * 6)()
    if libc.capset(ctypes.byref(header), ctypes.byref(none)) != 0:
        raise OSError(ctypes.get_errno(), "capset")


def _limits() -> None:
    """No byte into any file, no core dump, few open files, no queue."""
    for limit, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _alone() -> None:
    """Wait for threads that are ending. Raises OSError when another stays: it would stand outside of the wall."""
    deadline = time.monotonic() + _ONE_THREAD_SECONDS
    while len(os.listdir("/proc/self/task")) > 1:
        if time.monotonic() > deadline:
            raise OSError("other threads")
        time.sleep(0.005)


def readable(package: str) -> list[Path]:
    """Files and folders of code and content; none of data, keys, or the models' folder."""
    parts = package.split(".")
    python = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    base = {str(Path(sys.base_prefix, "lib"))}
    own = [ROOT / name for name in _OWN] + [ROOT.joinpath(*parts)]
    return [*own, *(Path(place) for place in sorted(python | base)), *(Path(place) for place in _SYSTEM)]


def raise_wall(package: str = "actions") -> tuple[str, ...]:
    """From here on the process can only answer on the sockets it already has. There is no way back.

    package: of the actions, whose code may be read. Returns the names of the kernel's parts that could not be raised.
    """
    parts: dict[str, Callable[[], None]] = {
        "one_thread": _alone,
        "limits": _limits,
        "no_new_privs": lambda: _prctl(_PR_SET_NO_NEW_PRIVS, 1),
        "undumpable": lambda: _prctl(_PR_SET_DUMPABLE, 0),
        "landlock": lambda: landlock.restrict(readable(package)),
        "capabilities": _drop_capabilities,
        "seccomp": seccomp.install,
    }
    missing = []
    for name, part in parts.items():
        try:
            part()
        except (OSError, ValueError, AttributeError):  # AttributeError: a libc without the call
            missing.append(name)
    sys.dont_write_bytecode = True  # a module imported late would otherwise try to leave its bytecode
    sys.addaudithook(_hook)
    return tuple(missing)


def before_import() -> None:
    """Call before numpy is imported: threads that its library starts would stand outside of the wall. One is enough for
    matrices as small as these."""
    os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))


def lacking() -> tuple[str, ...]:
    """Names of the parts that this kernel surely does not offer, known before anything is loaded."""
    offers = {"landlock": landlock.version() > 0, "seccomp": seccomp.offered()}
    return tuple(name for name, there in offers.items() if not there)


def main() -> None:
    """Raise the wall around nothing and say what is missing."""
    with contextlib.suppress(BrokenPipeError):
        print("\n".join(raise_wall()), flush=True)


if __name__ == "__main__":
    main()
