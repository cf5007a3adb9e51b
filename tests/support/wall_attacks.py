"""What native code inside an engine worker would try: each way through libc or the bare system call, past Python's hooks.

Standard library only and Python 3.10: it runs inside the worker (the test bot's action `test_wall`), and without a wall as
`python -m tests.support.wall_attacks JSON`, which shows that the ways do lead out where nothing is in the way.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import platform
import socket
import struct
import sys
import threading
from collections.abc import Callable
from typing import Any

_X86 = platform.machine() == "x86_64"
_NUMBERS = {  # system calls without a wrapper in libc: x86_64, aarch64
    "io_uring_setup": (425, 425), "memfd_create": (319, 279),
    "pidfd_open": (434, 434), "userfaultfd": (323, 282),
    "add_key": (248, 217), "openat2": (437, 437),
    "rt_tgsigqueueinfo": (297, 240),
}  # fmt: skip
_O = os.O_RDONLY


class _Libc:
    def __init__(self) -> None:
        self.c = ctypes.CDLL(None, use_errno=True)

    def __call__(self, name: str, *arguments: Any) -> int:
        """Result of a libc function. Raises OSError for -1."""
        number = _NUMBERS.get(name)
        call = getattr(self.c, name) if number is None else self.c.syscall
        result = call(*arguments) if number is None else call(number[0 if _X86 else 1], *arguments)
        if result == -1:
            raise OSError(ctypes.get_errno(), name)
        return int(result)


def _read(libc: _Libc, path: str) -> None:
    handle = libc("open", path.encode(), _O)
    buffer = ctypes.create_string_buffer(64)
    try:
        if libc("read", handle, buffer, 64) <= 0:
            raise OSError(errno.EIO, "nothing to read")
    finally:
        libc("close", handle)


def _memory(libc: _Libc, pid: int) -> None:
    """Its memory, as far as opening: what maps to where need not be known."""
    libc("close", libc("open", f"/proc/{pid}/mem".encode(), _O))


def _peek(libc: _Libc, pid: int) -> None:
    """process_vm_readv: EFAULT would mean that the door was open and only the address wrong."""
    buffer = ctypes.create_string_buffer(8)
    here = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 8)
    there = (ctypes.c_uint64 * 2)(4096, 8)
    try:
        libc("process_vm_readv", pid, here, 1, there, 1, 0)
    except OSError as error:
        if error.errno != errno.EFAULT:
            raise


def _connect(libc: _Libc, port: int) -> None:
    handle = libc("socket", socket.AF_INET, socket.SOCK_STREAM, 0)
    address = struct.pack("=HHI8x", socket.AF_INET, socket.htons(port), 0x0100007F)
    libc("connect", handle, address, len(address))
    request = b"GET / HTTP/1.0\r\n\r\n"
    libc("send", handle, request, len(request), 0)


def _child(libc: _Libc) -> None:
    child = libc("fork")
    if child == 0:
        libc.c._exit(0)
    libc("waitpid", child, None, 0)


def _bare_child(libc: _Libc) -> None:
    """clone without a thread's flags."""
    child = libc("syscall", 56 if _X86 else 220, 17, None, None, None, None)
    if child == 0:
        libc.c._exit(0)
    libc("waitpid", child, None, 0)


def _shell(libc: _Libc, command: str) -> None:
    if libc("system", command.encode()) != 0:
        raise OSError(errno.EPERM, "system")


def _spawned(libc: _Libc, folder: str) -> None:
    child = ctypes.c_int(0)
    argv = (ctypes.c_char_p * 3)(b"touch", f"{folder}/spawned".encode(), None)
    code = libc.c.posix_spawn(ctypes.byref(child), b"/usr/bin/touch", None, None, argv, None)
    if code != 0:
        raise OSError(code, "posix_spawn")
    libc("waitpid", child, None, 0)


def _new_file(libc: _Libc, folder: str) -> None:
    libc("close", libc("open", f"{folder}/written".encode(), os.O_WRONLY | os.O_CREAT, 0o600))


def _memory_file(libc: _Libc) -> None:
    libc("close", libc("memfd_create", b"x", 0))


def _from_a_new_thread(libc: _Libc, path: str) -> None:
    got: list[bool] = []

    def look() -> None:
        with contextlib.suppress(OSError):
            _read(libc, path)
            got.append(True)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    if not got:
        raise OSError(errno.EACCES, "thread")


def ways(target: dict[str, Any]) -> dict[str, Callable[[_Libc], Any]]:
    """Every way, by name. target: {"data": folder, "gateway": pid, "port": its port, "folder": a writable folder,
    "victim": a file in it}."""
    data, pid, folder, victim = target["data"], target["gateway"], target["folder"], target["victim"].encode()
    limits = (ctypes.c_uint64 * 2)(1024, 1024)
    ring = ctypes.create_string_buffer(120)
    return {
        "keys": lambda c: _read(c, f"{data}/keys.json"),
        "database": lambda c: _read(c, f"{data}/lachan.db"),
        "keys from a new thread": lambda c: _from_a_new_thread(c, f"{data}/keys.json"),
        "list of the data folder": lambda c: _listed(c, data),
        "passwd": lambda c: _read(c, "/etc/passwd"),
        "environment of the gateway": lambda c: _read(c, f"/proc/{pid}/environ"),
        "command line of the gateway": lambda c: _read(c, f"/proc/{pid}/cmdline"),
        "memory of the gateway": lambda c: _memory(c, pid),
        "process_vm_readv": lambda c: _peek(c, pid),
        "ptrace": lambda c: c("ptrace", 0x4206, pid, None, None),  # PTRACE_SEIZE: does not stop it
        "signal": lambda c: c("kill", pid, 0),
        "signal to a thread": lambda c: c("syscall", 234 if _X86 else 131, pid, pid, 0),
        "queued signal": lambda c: c("rt_tgsigqueueinfo", pid, pid, 0, ctypes.create_string_buffer(128)),
        "pidfd": lambda c: c("pidfd_open", pid, 0),
        "limits of the gateway": lambda c: c("prlimit", pid, 7, None, limits),
        "priority of the gateway": lambda c: c("setpriority", 0, pid, 19),
        "tcp": lambda c: _connect(c, target["port"]),
        "udp": lambda c: c("socket", socket.AF_INET, socket.SOCK_DGRAM, 0),
        "unix socket": lambda c: c("socket", socket.AF_UNIX, socket.SOCK_STREAM, 0),
        "netlink": lambda c: c("socket", 16, socket.SOCK_RAW, 0),
        "socket pair": lambda c: c("socketpair", socket.AF_UNIX, socket.SOCK_STREAM, 0, (ctypes.c_int * 2)()),
        "shell": lambda c: _shell(c, f"id > {folder}/shell"),
        "fork": _child,
        "clone": _bare_child,
        "spawn": lambda c: _spawned(c, folder),
        "exec": _executes,
        "truncate": lambda c: c("truncate", victim, ctypes.c_long(0)),
        "write": lambda c: _new_file(c, folder),
        "append": lambda c: c("open", victim, os.O_WRONLY | os.O_APPEND),
        "unnamed file": lambda c: c("open", folder.encode(), os.O_WRONLY | getattr(os, "O_TMPFILE", 0), 0o600),
        "openat2": lambda c: c("openat2", -100, victim, (ctypes.c_uint64 * 3)(os.O_RDWR, 0, 0), 24),
        "memory file": _memory_file,
        "chmod": lambda c: c("chmod", victim, 0o666),
        "times": lambda c: c("utimensat", -100, victim, None, 0),
        "rename": lambda c: c("rename", victim, victim + b".moved"),
        "link": lambda c: c("link", victim, victim + b".link"),
        "symlink": lambda c: c("symlink", b"/", f"{folder}/root".encode()),
        "folder": lambda c: c("mkdir", f"{folder}/made".encode(), 0o700),
        "pipe": lambda c: c("mkfifo", f"{folder}/pipe".encode(), 0o600),
        "unlink": lambda c: c("unlink", victim),
        "io_uring": lambda c: c("io_uring_setup", 4, ring),
        "user namespace": lambda c: c("unshare", 0x10000000),
        "userfaultfd": lambda c: c("userfaultfd", 1),
        "key ring": lambda c: c("add_key", b"user", b"lachan", b"x", 1, -2),
        "make itself readable": lambda c: c("prctl", 4, 1, 0, 0, 0),
    }


def _listed(libc: _Libc, folder: str) -> None:
    libc("close", libc("open", folder.encode(), _O | os.O_DIRECTORY))


def _executes(libc: _Libc) -> None:
    """execve itself: of something that cannot run, so that a worker without a wall lives on to report ENOEXEC or EACCES."""
    try:
        libc("execve", b"/etc/passwd", (ctypes.c_char_p * 2)(b"x", None), None)
    except OSError as error:
        if error.errno == errno.EPERM:
            raise


def open_ways(target: dict[str, Any]) -> list[str]:
    """Names of the ways that lead out."""
    libc = _Libc()
    found = []
    for name, way in ways(target).items():
        with contextlib.suppress(OSError):
            way(libc)
            found.append(name)
    return found


if __name__ == "__main__":
    print(json.dumps(open_ways(json.loads(sys.argv[1]))))
