"""How fast one conversation and one line may go. Nothing is counted over everybody: such a count is a switch with which
one stranger silences the country."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.core.lines import Callers

MOST_KEYS = 20_000
PER_CONVERSATION = 4  # event streams; a page has one, and one more for a moment when it takes up a broken one
MOST_STREAMS = 4_000


class RateLimit:
    """A token bucket a key, in memory: keys are hashes, never addresses.

    It goes by a clock that only runs forward: one that is set back would otherwise refuse everybody until it catches up.
    """

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst, self._rate, self._clock = burst, per_second, clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, key: str) -> bool:
        now = self._clock()
        tokens, at = self._buckets.pop(key, (float(self._burst), now))
        tokens = min(self._burst, tokens + (now - at) * self._rate)
        self._buckets[key] = (max(tokens - 1, 0.0), now) if tokens >= 1 else (tokens, now)
        while len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        return tokens >= 1


class LineLimit:
    """New conversations of one line, where the caller's own line can be seen; behind a proxy the proxy counts them.

    The line is kept as a hash under a key of this process, until its bucket is one of the oldest.
    """

    def __init__(self, callers: Callers, limit: RateLimit) -> None:
        self._callers, self._limit, self._key = callers, limit, secrets.token_bytes(32)

    def allow(self, host: str) -> bool:
        line = self._callers.line(host)
        return not line or self._limit.allow(hashlib.blake2b(line.encode(), key=self._key, digest_size=16).hexdigest())


@dataclass(eq=False)
class Stream:
    """One open event stream. ended: a newer one took its place."""

    conversation: str
    ended: bool = False


class Streams:
    """The open event streams. The newest are served: a page that comes back must not wait for one that was lost."""

    def __init__(self, most: int = MOST_STREAMS) -> None:
        self._most = most
        self._open: dict[Stream, None] = {}
        self._of: dict[str, list[Stream]] = {}

    @contextmanager
    def opened(self, conversation: str) -> Iterator[tuple[Stream, set[str]]]:
        """A place for a new stream, and the conversations of those that lost theirs, to be woken."""
        stream, lost = Stream(conversation), set()
        mine = self._of.setdefault(conversation, [])
        if len(mine) >= PER_CONVERSATION:
            lost.add(self._end(mine[0]))
        elif len(self._open) >= self._most:
            lost.add(self._end(next(iter(self._open))))
        self._open[stream] = None
        self._of.setdefault(conversation, []).append(stream)
        try:
            yield stream, lost
        finally:
            self._end(stream)

    def _end(self, stream: Stream) -> str:
        stream.ended = True
        if self._open.pop(stream, self) is not self:
            mine = self._of[stream.conversation]
            mine.remove(stream)
            if not mine:
                del self._of[stream.conversation]
        return stream.conversation


@dataclass
class Limits:
    """Requests: new conversations of one line (as many as docs/nginx lets through), messages of one conversation."""

    sessions: LineLimit
    messages: RateLimit = field(default_factory=lambda: RateLimit(60, 10.0))
    streams: Streams = field(default_factory=Streams)

    @classmethod
    def of(cls, callers: Callers) -> Limits:
        return cls(LineLimit(callers, RateLimit(60, 2.0)))
