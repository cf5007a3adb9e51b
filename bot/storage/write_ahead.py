"""SQLite's write-ahead log: where older states of a row stay until the log is copied back and cut to nothing.

What somebody had erased must not lie there until the next tidying. Whoever erases says so in the transaction
(`leave_no_trace`), and the log is cut when that has committed: in the background, for some milliseconds at a time, because
whoever cuts holds up the writers.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlmodel import Session

WANTED = "cut-the-log"  # in a session's info
_USUAL_MILLISECONDS = 30_000
_SOON_MILLISECONDS, _SOON_TRIES, _SOON_PAUSE = (
    50,
    40,
    0.25,
)  # what readers keep busy for longer is done by the next tidying


def leave_no_trace(session: Session) -> None:
    """What this transaction erases is to leave the log as soon as it has committed. PostgreSQL does that in its own time."""
    session.info[WANTED] = True


def cut(engine: Engine, *, milliseconds: int, tries: int, pause: float, stop: threading.Event | None = None) -> bool:
    """Copy the log back and cut it. False when others kept it busy `tries` times, waiting `milliseconds` each."""
    ended = stop or threading.Event()
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Waiting here holds up the writers; better to ask more often.
        cursor.execute(f"PRAGMA busy_timeout={milliseconds}")
        for _ in range(tries):
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if not busy:
                return True
            if ended.wait(pause):
                return False
        return False
    finally:
        connection.cursor().execute(f"PRAGMA busy_timeout={_USUAL_MILLISECONDS}")
        connection.close()


class Cutter:
    """Cuts the log in the background, one cut after the other; what is asked for while one waits is one with it."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._lock, self._ended = engine, threading.Lock(), threading.Event()
        self._pool: ThreadPoolExecutor | None = None
        self._waits = False

    def soon(self) -> None:
        with self._lock:
            if self._waits or self._ended.is_set():
                return
            self._waits = True
            self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="db-log")
            self._pool.submit(self._cut)

    def _cut(self) -> None:
        with self._lock:
            self._waits = False  # what commits from now on needs another cut
        cut(self._engine, milliseconds=_SOON_MILLISECONDS, tries=_SOON_TRIES, pause=_SOON_PAUSE, stop=self._ended)

    def close(self) -> None:
        self._ended.set()
        if self._pool is not None:
            self._pool.shutdown(wait=True)
