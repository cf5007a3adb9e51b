"""A whole product in a temporary folder: real database, real sealing with a cheap slow hash, real content."""

from __future__ import annotations

import base64
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlmodel import SQLModel

from bot.app import Core
from bot.content.places.built import load_gazetteer
from bot.core.places.gazetteer import Gazetteer
from bot.settings import ROOT, Settings, load
from bot.storage.database import migrate


@cache
def _gazetteer(content: Path) -> Gazetteer:
    return load_gazetteer(content=content / "places")


@cache
def _empty_database() -> bytes:
    """An SQLite database with all migrations, made once a run: a thousand tests begin with one."""
    with tempfile.TemporaryDirectory(prefix="lachan-empty-") as folder:
        migrate(f"sqlite:///{folder}/lachan.db")
        return Path(folder, "lachan.db").read_bytes()


def migrated(database_url: str) -> None:
    """Bring the database to the newest schema, as `migrate` does; one that is not there yet is copied."""
    url = make_url(database_url)
    file = Path(url.database or "")
    if url.get_backend_name() == "sqlite" and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_empty_database())
        return
    migrate(database_url)


def environment(folder: Path, database_url: str = "", **more: str) -> dict[str, str]:
    """Environment variables of a product in `folder`, for processes of its own."""
    env = {
        "LACHAN_DATA_DIR": str(folder),
        "LACHAN_SERVER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "LACHAN_VAULT_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "LACHAN_RECEIPT_SALT": base64.b64encode(secrets.token_bytes(16)).decode(),
        "LACHAN_KDF_OPS": "1",
        "LACHAN_KDF_MEM": "8192",
        "LACHAN_QUIET_SECONDS": "0",  # tests of pieces set their own
        "LACHAN_DEMO": "1",
    }
    if database_url:
        env["LACHAN_DATABASE_URL"] = database_url
    return env | more


def settings_in(folder: Path, database_url: str = "", **more: str) -> Settings:
    return load(environment(folder, database_url, **more))


@contextmanager
def core_in(folder: Path, database_url: str = "", **more: str) -> Iterator[Core]:
    """A migrated, empty product."""
    settings = settings_in(folder, database_url, **more)
    migrated(settings.database_url)
    core = Core(settings)
    if core.db.is_sqlite:  # no test cuts the power
        event.listen(core.db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    if settings.content_dir == ROOT / "content":  # a third of a second, for each of a thousand products
        core.__dict__["gazetteer"] = _gazetteer(settings.content_dir)
    try:
        yield core
    finally:
        if not core.db.is_sqlite:
            empty(core)
        core.close()


def empty(core: Core) -> None:
    """Empty every table of a shared PostgreSQL database and count its ids from one again.

    For small tables that is ten times quicker than TRUNCATE ... RESTART IDENTITY.
    """
    with core.db.transaction() as session:
        for table in reversed(SQLModel.metadata.sorted_tables):
            session.execute(text(f'DELETE FROM "{table.name}"'))
        session.execute(
            text(
                "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences"
                " WHERE schemaname = current_schema() AND last_value IS NOT NULL"
            )
        )
