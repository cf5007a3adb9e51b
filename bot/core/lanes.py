"""A queue for work that anybody may cause and everybody waits for: each caller has one lane, and lanes are served in turn.

Whoever brings twenty pieces of work waits with the second until everybody who came meanwhile had their first. What is urgent
goes before what is not, in turn among itself. Standard library only; for one event loop.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

URGENT_IN_A_ROW = 4  # then one of the others, so that nobody is kept out by strangers who all say that it is urgent

_Ring = OrderedDict[str, deque[asyncio.Future[None]]]


class Crowded(Exception):
    """So many wait in this lane, or in all, that another would wait too long."""


class Lanes:
    """`slots` at once. most_each: how many of one lane may be under way and wait; most: how many of all lanes may wait before
    a lane that has some already gets no more in. Who has none is never turned away."""

    def __init__(self, slots: int, *, most_each: int = 1_000_000, most: int = 1_000_000) -> None:
        self._free, self._most_each, self._most = slots, most_each, most
        self._urgent: _Ring = OrderedDict()
        self._others: _Ring = OrderedDict()
        self._inside: dict[str, int] = {}  # of each lane: under way and waiting
        self._in_a_row = 0

    @property
    def full(self) -> bool:
        """Whether who comes now has to wait."""
        return not self._free

    @property
    def waiting(self) -> int:
        """How many wait for a slot."""
        return sum(len(lane) for ring in (self._urgent, self._others) for lane in ring.values())

    @asynccontextmanager
    async def place(self, lane: str, *, urgent: bool = False) -> AsyncIterator[None]:
        """A slot for the length of the block, when it is this lane's turn. Raises Crowded at once."""
        await self._enter(lane, urgent=urgent)
        try:
            yield
        finally:
            self._leave(lane)

    async def _enter(self, lane: str, *, urgent: bool) -> None:
        inside = self._inside.get(lane, 0)
        if inside and (inside >= self._most_each or self.waiting >= self._most):
            raise Crowded
        self._inside[lane] = inside + 1
        if self._free:
            self._free -= 1
            return
        ring, called = self._urgent if urgent else self._others, asyncio.get_running_loop().create_future()
        ring.setdefault(lane, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():  # it had just been given the slot
                self._leave(lane)
            else:
                self._forget(ring, lane, called)
                self._count_out(lane)
            raise

    def _leave(self, lane: str) -> None:
        self._count_out(lane)
        called = self._next()
        if called is None:
            self._free += 1
        else:
            called.set_result(None)

    def _next(self) -> asyncio.Future[None] | None:
        """Whose turn it is: the lane that waited longest since it was served, and goes to the end of its ring."""
        while first := self._ring():
            self._in_a_row = self._in_a_row + 1 if first is self._urgent else 0
            lane, waiting = next(iter(first.items()))
            called = waiting.popleft()
            if waiting:
                first.move_to_end(lane)
            else:
                del first[lane]
            if not called.done():  # it may just have given up
                return called
        return None

    def _ring(self) -> _Ring:
        if self._urgent and (self._in_a_row < URGENT_IN_A_ROW or not self._others):
            return self._urgent
        return self._others

    @staticmethod
    def _forget(ring: _Ring, lane: str, called: asyncio.Future[None]) -> None:
        waiting = ring.get(lane)
        if waiting is not None and called in waiting:
            waiting.remove(called)
            if not waiting:
                del ring[lane]

    def _count_out(self, lane: str) -> None:
        self._inside[lane] -= 1
        if not self._inside[lane]:
            del self._inside[lane]
