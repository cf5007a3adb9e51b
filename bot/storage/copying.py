"""A whole database copied into an empty one, of the same or the other dialect, and proved equal row by row.

The copy is of one moment: whatever is written meanwhile is in none of its tables or in all. The schema is the source's own
revision, so a database that still waits for its upgrade is copied as it is.
"""

from __future__ import annotations

import hashlib
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, inspect, select, text
from sqlalchemy.engine import make_url

from bot.core.errors import ConfigError
from bot.storage.database import connect, migrate

PAGE = 1_000  # rows at a time
VERSION = "alembic_version"  # written by the migrations themselves
_WORLD = 2**256

Sums = dict[str, tuple[int, str]]  # table -> how many rows, and one figure over all of them, whatever their order


@contextmanager
def of_one_moment(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it was when this began, and writes nothing."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True
        ) as connection:
            yield connection
    else:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM sqlite_master LIMIT 1"))  # a read lock begins with the first reading
            yield connection


def revision(connection: Connection) -> str:
    """The schema's revision, '' where there is none."""
    if VERSION not in inspect(connection).get_table_names():
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def copy(source: str, target: str) -> Sums:
    """Copy everything behind the URL `source` to the empty `target`, and compare.

    Raises ConfigError when there is nothing to copy, when the target holds anything, or when the two differ afterwards.
    """
    read, write = connect(source, writes=False), connect(target)
    try:
        with of_one_moment(read) as there:
            found = revision(there)
            if not found:
                raise ConfigError("cơ sở dữ liệu nguồn chưa có lược đồ: không có gì để chép")
            with write.connect() as here:
                if inspect(here).get_table_names():
                    raise ConfigError(
                        "cơ sở dữ liệu đích không trống; chỉ chép vào một cơ sở dữ liệu mới, chưa có bảng nào"
                    )
            migrate(target, to=found)
            tables = _tables(there)
            with write.begin() as here:
                ours = _tables(
                    here
                )  # PostgreSQL may hold the job queue's tables beside them, which make themselves anew
                _fill(there, here, tables, ours)
                _count_on(here)
            before = sums(there, only=frozenset(ours))
        after = counted(target)
    finally:
        read.dispose()
        write.dispose()
    if before != after:
        wrong = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        raise ConfigError(f"bản chép không khớp bản gốc ở bảng: {', '.join(wrong)}; xóa bản chép rồi làm lại")
    return after


def snapshot(url: str, file: Path) -> None:
    """The database of one moment as a SQLite file, which must not exist. Raises ConfigError as `copy` does."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        copy(url, f"sqlite:///{file}")
        return
    if not parsed.database or not Path(parsed.database).exists():
        raise ConfigError("chưa có cơ sở dữ liệu để sao lưu")
    # SQLite's own copy in one step: a writer beside it waits for as long as the reading takes.
    with _closing(parsed.database) as there, _closing(str(file)) as here:
        there.backup(here)
        here.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _closing(path: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def counted(url: str) -> Sums:
    """`sums` of the database behind `url`."""
    engine = connect(url, writes=False)
    try:
        with of_one_moment(engine) as connection:
            return sums(connection)
    finally:
        engine.dispose()


def sums(connection: Connection, *, only: frozenset[str] = frozenset()) -> Sums:
    """How many rows each table has, and a figure that changes with any value of any row and not with their order.

    only: of these tables; of all without it.
    """
    found = {}
    for name, table in _tables(connection).items():
        if only and name not in only:
            continue
        rows, total = 0, 0
        names = sorted(column.name for column in table.columns)
        for row in connection.execution_options(yield_per=PAGE).execute(select(*(table.c[one] for one in names))):
            rows, total = rows + 1, (total + _figure(row)) % _WORLD
        found[name] = (rows, f"{total:064x}")
    return found


def _figure(row: Sequence[Any]) -> int:
    """The same for the same values in both dialects: SQLite has no booleans, PostgreSQL hands out bytes as a view."""
    digest = hashlib.blake2b(digest_size=32)
    for value in row:
        if value is None:
            digest.update(b"n")
        elif isinstance(value, bytes | memoryview):
            raw = bytes(value)
            digest.update(b"b%d:" % len(raw) + raw)
        elif isinstance(value, float):
            digest.update(b"f" + struct.pack(">d", value))
        elif isinstance(value, int):
            digest.update(b"i%d:" % value)
        else:
            raw = str(value).encode()
            digest.update(b"s%d:" % len(raw) + raw)
    return int.from_bytes(digest.digest())


def _tables(connection: Connection) -> dict[str, Table]:
    """As they really are, whatever revision: those a table refers to first."""
    found = MetaData()
    found.reflect(connection)
    return {table.name: table for table in found.sorted_tables if table.name != VERSION}


def _fill(there: Connection, here: Connection, tables: dict[str, Table], copies: dict[str, Table]) -> None:
    if not copies.keys() <= tables.keys():
        raise ConfigError("lược đồ nguồn không phải lược đồ của chương trình này: chép bằng đúng bản đã dùng")
    for table in reversed(copies.values()):
        here.execute(table.delete())  # what the migrations put there themselves
    for name, table in tables.items():
        if name not in copies:
            continue
        if {column.name for column in table.columns} != {column.name for column in copies[name].columns}:
            raise ConfigError("lược đồ nguồn không phải lược đồ của chương trình này: chép bằng đúng bản đã dùng")
        rows = there.execution_options(yield_per=PAGE).execute(select(table)).mappings()
        for page in rows.partitions(PAGE):
            here.execute(insert(copies[name]), [dict(row) for row in page])


def _count_on(here: Connection) -> None:
    """PostgreSQL's counters go on behind the highest number that came along."""
    if here.dialect.name != "postgresql":
        return
    for name, table in _tables(here).items():
        for column in table.primary_key.columns:
            sequence = here.execute(
                text("SELECT pg_get_serial_sequence(:t, :c)"), {"t": f'"{name}"', "c": column.name}
            ).scalar()
            if sequence:
                highest = here.execute(select(func.max(column))).scalar()
                here.execute(
                    text("SELECT setval(:s, :n, :used)"), {"s": sequence, "n": highest or 1, "used": bool(highest)}
                )
