"""The system calls that serving needs, as a filter of the kernel (seccomp-BPF); every other one answers EPERM.

Written out by hand instead of through libseccomp, which would be a library of the system that `make setup` cannot bring:
a filter is one straight list of comparisons, and what it lets through is the table below. Linux on x86_64 and aarch64;
elsewhere `install` raises OSError and the wall says that this part is missing.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable

# Numbers of asm/unistd.h: x86_64, aarch64. -1: the call does not exist there.
_CALLS = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67), "lseek": (8, 62),
    "close": (3, 57), "fstat": (5, 80), "stat": (4, -1), "lstat": (6, -1), "newfstatat": (262, 79), "statx": (332, 291),
    "access": (21, -1), "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, -1), "readlinkat": (267, 78),
    "getcwd": (79, 17), "getdents64": (217, 61), "umask": (95, 166),
    "recvfrom": (45, 207), "recvmsg": (47, 212), "sendto": (44, 206), "sendmsg": (46, 211), "shutdown": (48, 210),
    "accept": (43, 202), "accept4": (288, 242), "getsockname": (51, 204), "getpeername": (52, 205),
    "getsockopt": (55, 209), "setsockopt": (54, 208),
    "epoll_wait": (232, -1), "epoll_pwait": (281, 22), "epoll_ctl": (233, 21), "poll": (7, -1), "ppoll": (271, 73),
    "select": (23, -1), "pselect6": (270, 72),
    "mmap": (9, 222), "munmap": (11, 215), "mremap": (25, 216), "mprotect": (10, 226), "madvise": (28, 233),
    "brk": (12, 214), "futex": (202, 98), "membarrier": (324, 283), "rseq": (334, 293), "set_robust_list": (273, 99),
    "set_tid_address": (218, 96), "sched_yield": (24, 124), "sched_getaffinity": (204, 123),
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "restart_syscall": (219, 128), "exit": (60, 93), "exit_group": (231, 94),
    "nanosleep": (35, 101), "clock_nanosleep": (230, 115), "clock_gettime": (228, 113), "clock_getres": (229, 114),
    "gettimeofday": (96, 169), "times": (100, 153), "getrusage": (98, 165), "getrandom": (318, 278), "uname": (63, 160),
    "sysinfo": (99, 179), "getpid": (39, 172), "getppid": (110, 173), "gettid": (186, 178), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
}  # fmt: skip
_OPENAT, _IOCTL, _FCNTL, _CLONE, _CLONE3, _TGKILL = (257, 56), (16, 29), (72, 25), (56, 220), (435, 435), (234, 131)
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH of linux/audit.h

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND | getattr(os, "O_TMPFILE", 0) & 0o20000000
_IOCTLS = (0x5401, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS (is it a terminal?), FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
_FCNTLS = (
    0,
    1,
    2,
    3,
    4,
    1030,
)  # F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC: none of F_SETOWN's signals
_THREAD = 0x10900  # CLONE_VM, CLONE_SIGHAND, CLONE_THREAD: a thread, never a process
_NO_THREAD = 0x7E026000  # CLONE_PTRACE, CLONE_VFORK and every CLONE_NEW* namespace

_ALLOW, _KILL, _REFUSE, _ABSENT = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_LOAD, _EQUAL, _AND, _RETURN = 0x20, 0x15, 0x54, 0x06  # BPF: LD|W|ABS, JMP|JEQ|K, ALU|AND|K, RET|K
_SYSCALL_NUMBER = {"x86_64": 317, "aarch64": 277}  # of seccomp(2)
_SET_MODE_FILTER, _GET_ACTION_AVAIL = 1, 2
_FLAGS = 1 | 4  # TSYNC: every thread of the process; SPEC_ALLOW: do not slow the process down against reading itself

Step = tuple[int, int, int, int]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> Step:
    return code, yes, no, value & 0xFFFFFFFF


def _argument(index: int) -> Step:
    return _step(_LOAD, 16 + 8 * index)  # the low half: the kernel looks at no more of these arguments


def _rule(number: int, body: list[Step]) -> list[Step]:
    """`body` for this call alone; it must end with a return."""
    return [_step(_EQUAL, number, 0, len(body)), *body] if number >= 0 else []


def _when(load: list[Step], values: Iterable[int]) -> list[Step]:
    """Let it through when what was loaded is one of `values`."""
    tests = [step for value in values for step in (_step(_EQUAL, value, 0, 1), _step(_RETURN, _ALLOW))]
    return [*load, *tests, _step(_RETURN, _REFUSE)]


def program(machine: str, pid: int) -> list[Step]:
    """The filter's instructions: (code, jump if true, jump if false, value). Raises OSError for an unknown machine."""
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, "no filter for this machine")
    column, architecture = _MACHINES[machine]
    steps = [_step(_LOAD, 4), _step(_EQUAL, architecture, 1, 0), _step(_RETURN, _KILL), _step(_LOAD, 0)]
    for numbers in _CALLS.values():
        steps += _rule(numbers[column], [_step(_RETURN, _ALLOW)])
    steps += _rule(_OPENAT[column], _when([_argument(2), _step(_AND, _WRITING)], [0]))
    steps += _rule(_IOCTL[column], _when([_argument(1)], _IOCTLS))
    steps += _rule(_FCNTL[column], _when([_argument(1)], _FCNTLS))
    steps += _rule(_CLONE[column], _when([_argument(0), _step(_AND, _THREAD | _NO_THREAD)], [_THREAD]))
    steps += _rule(_CLONE3[column], [_step(_RETURN, _ABSENT)])  # its flags lie in memory; libc then asks clone
    steps += _rule(_TGKILL[column], _when([_argument(0)], [pid]))  # abort() signals this process and no other
    return [*steps, _step(_RETURN, _REFUSE)]


def offered() -> bool:
    """Whether this kernel and machine know the filter."""
    number = _SYSCALL_NUMBER.get(platform.machine())
    if not sys.platform.startswith("linux") or number is None:
        return False
    action = ctypes.c_uint32(_REFUSE & 0xFFFF0000)
    return ctypes.CDLL(None).syscall(number, _GET_ACTION_AVAIL, 0, ctypes.byref(action)) == 0


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_char_p)]


def install() -> None:
    """Filter every thread of this process from now on; PR_SET_NO_NEW_PRIVS must be set. Raises OSError."""
    machine = platform.machine()
    steps = program(machine, os.getpid())
    code = b"".join(struct.pack("=HBBI", *step) for step in steps)
    filter_ = _Program(len(steps), code)
    libc = ctypes.CDLL(None, use_errno=True)
    result = libc.syscall(_SYSCALL_NUMBER[machine], _SET_MODE_FILTER, _FLAGS, ctypes.byref(filter_))
    if result != 0:  # negative: errno; positive: a thread that could not follow
        raise OSError(ctypes.get_errno() or errno.ESRCH, "seccomp")
