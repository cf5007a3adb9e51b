"""One database, two dialects. SQLite (WAL) serves one machine; PostgreSQL serves many with the same code."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Engine, UpdateBase, create_engine, event
from sqlalchemy.dialects.postgresql import Insert as PgInsert
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import make_url
from sqlmodel import Session, SQLModel

import bot.storage.tables  # noqa: F401  registers the tables
from bot.core.errors import ConfigError
from bot.storage import marks, write_ahead

T = TypeVar("T")
MIGRATIONS = Path(__file__).parent / "migrations"


def connect(url: str, *, writes: bool = True) -> Engine:
    """An engine for `url`; `writes=False` never takes SQLite's write lock.

    Parameters are never shown in errors or logs, since they can be a citizen's. Raises ConfigError.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(parsed, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin if writes else _sqlite_begin_read)
        return engine
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return create_engine(parsed, hide_parameters=True, pool_size=16, max_overflow=8, pool_pre_ping=True)
    raise ConfigError("the database must be SQLite or PostgreSQL")


def _sqlite_connect(connection, _record) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver's guess
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged message survives a power cut, not only a crash
        "foreign_keys=ON",
        "secure_delete=ON",  # erased words do not linger in free pages
        "temp_store=MEMORY",
        "trusted_schema=OFF",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection) -> None:
    # IMMEDIATE takes the write lock at once; upgrading a read lock later could fail half-way through a use case.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _sqlite_begin_read(connection) -> None:
    connection.exec_driver_sql("BEGIN")


def changed(session: Session, statement: UpdateBase) -> int:
    """How many rows an UPDATE or DELETE reached."""
    done = session.execute(statement)
    assert isinstance(done, CursorResult)
    return done.rowcount


def insert_into(session: Session, table: type[SQLModel]) -> PgInsert | SqliteInsert:
    """An INSERT that knows `on_conflict_do_nothing`, of the session's own dialect."""
    return pg_insert(table) if session.get_bind().dialect.name == "postgresql" else sqlite_insert(table)


def insert_ignore(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """INSERT that leaves rows alone whose unique key exists, on both databases."""
    # One statement carried out many times: it is compiled once, whatever the number of rows.
    session.connection().execute(insert_into(session, table).on_conflict_do_nothing(), rows)


class Database:
    """Sessions, and a way to run them off the event loop. marks_key: see bot.storage.marks; without it nothing can be sealed."""

    def __init__(self, url: str, marks_key: bytes = b"") -> None:
        self.url = url
        self._info = {marks.INFO: marks_key}
        self.engine = connect(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._cutter = write_ahead.Cutter(self.engine) if self.is_sqlite else None
        # SQLite has one writer: a queue of one costs less than threads fighting for its lock.
        self._pool = ThreadPoolExecutor(1 if self.is_sqlite else 12, thread_name_prefix="db")
        self._hurried: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._readers = connect(url, writes=False) if self.is_sqlite else self.engine
        self._read_pool = ThreadPoolExecutor(4, thread_name_prefix="db-read")

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Commit at the end, roll back on any error."""
        with Session(self.engine, expire_on_commit=False, info=dict(self._info)) as session:
            with session.begin():
                yield session
            if self._cutter is not None and session.info.get(write_ahead.WANTED):
                self._cutter.soon()

    async def run(self, work: Callable[[Session], T]) -> T:
        """Run `work` in one transaction on a database thread."""

        def call() -> T:
            self._hurry()
            with self.transaction() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._pool, call)

    async def run_first(self, work: Callable[[Session], T]) -> T:
        """`run`, before everything that waits for a thread: for what somebody waits seconds for, not minutes."""

        def call() -> T:
            with self.transaction() as session:
                return work(session)

        future: Future[T] = Future()
        self._hurried.append((future, call))
        self._pool.submit(self._hurry)
        return await asyncio.wrap_future(future)

    def _hurry(self) -> None:
        """Do what must go first. Runs on a database thread, before the work that thread was given."""
        while self._hurried:
            try:
                future, call = self._hurried.popleft()
            except IndexError:
                return  # another thread took it
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(call())
            except BaseException as error:
                future.set_exception(error)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; whatever it changes is thrown away."""
        with Session(self._readers, expire_on_commit=False, info=dict(self._info)) as session:
            yield session

    async def read(self, work: Callable[[Session], T]) -> T:
        """Run `work`, which only reads, beside the writers."""

        def call() -> T:
            with self.reading() as session:
                return work(session)

        return await asyncio.get_running_loop().run_in_executor(self._read_pool, call)

    def close(self) -> None:
        self._pool.shutdown(wait=True)
        self._read_pool.shutdown(wait=True)
        if self._cutter is not None:
            self._cutter.close()
        self._readers.dispose()
        self.engine.dispose()


def migrate(url: str, marks_key: bytes = b"", queue_key: bytes = b"", to: str = "head") -> None:
    """Bring the schema to the newest revision (Alembic), or to revision `to`. marks_key: needed when keys of an older release are
    there; queue_key (bot.storage.vault): when answers of one still wait."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"], config.attributes["marks"] = url, marks_key
    config.attributes["queue"] = queue_key
    command.upgrade(config, to)
