"""How fast one conversation and one line may go. Nothing is counted over everybody: such a count is a switch with which
one stranger silences the country."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.core.lines import Callers, LineLimit, RateLimit

PER_CONVERSATION = 4  # event streams; a page has one, and one more for a moment when it takes up a broken one
MOST_STREAMS = 4_000


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
