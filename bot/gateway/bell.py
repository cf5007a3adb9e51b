"""Wakes the event streams of a conversation when something was written for it in this process."""

from __future__ import annotations

import asyncio
from collections import defaultdict


class Bell:
    """Streams also look by themselves now and then, since another process may have written."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def ring(self, conversation: str) -> None:
        for event in self._waiting.get(conversation, ()):
            event.set()

    async def wait(self, conversation: str, timeout: float) -> bool:
        """True when rung within `timeout` seconds."""
        event = asyncio.Event()
        self._waiting[conversation].add(event)
        try:
            await asyncio.wait_for(event.wait(), timeout)
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._waiting[conversation].discard(event)
            if not self._waiting[conversation]:
                self._waiting.pop(conversation, None)
