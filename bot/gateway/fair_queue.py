"""A queue for slow work that anybody may cause: who has failed least goes first, and is sent away last.

A stranger who tries code after code in many conversations stands behind everybody who comes with their first.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

LONGEST_WAIT = 10.0  # seconds; a turn must end well within its lease


@dataclass(eq=False)
class _Place:
    failures: int
    number: int
    called: asyncio.Future[bool] = field(repr=False)

    @property
    def order(self) -> tuple[int, int]:
        return self.failures, self.number


class FairQueue:
    """`slots` at once, `most` under way and waiting together."""

    def __init__(self, slots: int, most: int) -> None:
        self._free, self._room = slots, most - slots
        self._slots = slots
        self._waiting: list[_Place] = []
        self._count = 0

    def __len__(self) -> int:
        return self._slots - self._free + len(self._waiting)

    async def enter(self, failures: int) -> bool:
        """Wait for a slot. False when there is none for so long, or others with fewer failures took the places."""
        if self._free:
            self._free -= 1
            return True
        if len(self._waiting) >= self._room and not self._send_away(failures):
            return False
        self._count += 1
        place = _Place(failures, self._count, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        try:
            await asyncio.wait({place.called}, timeout=LONGEST_WAIT)
        except asyncio.CancelledError:
            if place.called.done() and place.called.result():
                self.leave()
            raise
        finally:
            if place in self._waiting:
                self._waiting.remove(place)
        return place.called.done() and place.called.result()

    def leave(self) -> None:
        """Give the slot to whoever is next."""
        if not self._waiting:
            self._free += 1
            return
        place = min(self._waiting, key=lambda one: one.order)
        self._waiting.remove(place)
        place.called.set_result(True)

    def _send_away(self, failures: int) -> bool:
        """Make room for somebody with so many failures. False when nobody here has more."""
        last = max(self._waiting, key=lambda one: one.order, default=None)
        if last is None or last.failures <= failures:
            return False
        self._waiting.remove(last)
        last.called.set_result(False)
        return True
