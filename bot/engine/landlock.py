"""Which files the process may read, by the kernel (Landlock); everything else of the file tree is refused, to root as well.

System calls by number through libc: Python has no binding in its standard library. Landlock holds for the calling thread
and those it starts, so it has to be raised while there is only one.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on every machine
_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_FILE_RIGHTS = {
    1: 13,
    2: 14,
    3: 15,
    4: 15,
}  # rights of the file tree each version knows, from bit 0; 16 from the fifth on


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """What this kernel offers; 0 for none."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_CREATE, None, 0, _VERSION)))


def restrict(readable: Iterable[Path]) -> None:
    """From here on only what lies below `readable` can be read; nothing written, made, removed or executed, no TCP port
    bound or reached, and, where the kernel is new enough, no process outside signalled. PR_SET_NO_NEW_PRIVS must be set.
    Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    known = version()
    rules = _Ruleset((1 << _FILE_RIGHTS.get(known, 16)) - 1, 0b11 if known >= 4 else 0, 0b11 if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    handle = _call(libc, _CREATE, ctypes.byref(rules), size, 0)
    try:
        for path in readable:
            with contextlib.suppress(FileNotFoundError):
                _allow(libc, handle, path)
        _call(libc, _RESTRICT, handle, 0)
    finally:
        os.close(handle)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path) -> None:
    there = os.open(path, getattr(os, "O_PATH", 0) | os.O_CLOEXEC)
    try:
        rights = _READ_FILE | _READ_DIR if path.is_dir() else _READ_FILE
        _call(libc, _ADD, ruleset, _PATH_BENEATH, ctypes.byref(_Beneath(rights, there)), 0)
    finally:
        os.close(there)


def _call(libc: ctypes.CDLL, number: int, *arguments: object) -> int:
    result = int(libc.syscall(number, *arguments))
    if result < 0:
        raise OSError(ctypes.get_errno(), "landlock")
    return result
