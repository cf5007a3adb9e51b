"""What was read of one message is not read again: readings are kept for the length of its turn, and go with it.

A text is put into standard words a dozen times in a turn, by readers who do not know each other. Within a `Memo` each such
reading is made once, wherever its parts of the turn run: on the event loop, on a thread, inside a transaction.
Pure; standard library only, Python 3.10-compatible.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
Memo = dict[Any, Any]
_OPEN: ContextVar[Memo | None] = ContextVar("readings", default=None)


@contextmanager
def within(memo: Memo) -> Iterator[None]:
    """Keep readings in `memo` and take them from there, in this thread, until the block ends."""
    token = _OPEN.set(memo)
    try:
        yield
    finally:
        _OPEN.reset(token)


def once(read: Callable[P, T]) -> Callable[P, T]:
    """For a pure function of hashable arguments that gives something nobody changes: made once in a turn. Elsewhere as ever."""

    @wraps(read)
    def call(*args: P.args, **more: P.kwargs) -> T:
        memo = _OPEN.get()
        if memo is None:
            return read(*args, **more)
        key = (read, args, tuple(sorted(more.items())))
        if key not in memo:
            memo[key] = read(*args, **more)
        found: T = memo[key]
        return found

    return call
