"""Wakes the event streams of a conversation when something was written for it in this process."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Bell:
    """Streams also look by themselves now and then, since another process may have written."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, conversation: str) -> None:
        for event in self._waiting.get(conversation, ()):
            event.set()

    @contextmanager
    def listening(self, conversation: str) -> Iterator[asyncio.Event]:
        """An event that is set whenever the conversation's bell rings; nothing rung meanwhile is missed."""
        event = asyncio.Event()
        self._waiting[conversation].add(event)
        try:
            yield event
        finally:
            self._waiting[conversation].discard(event)
            if not self._waiting[conversation]:
                self._waiting.pop(conversation, None)


async def rung(event: asyncio.Event, seconds: float) -> bool:
    """Wait until the bell rings; False when it did not for so long. The next call waits for another ring."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return False
    event.clear()
    return True
