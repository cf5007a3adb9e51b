"""Making deleted rows unreadable in the files they lay in."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.storage import write_ahead
from bot.storage.database import Database

# Where sealed words of tips lie.
TIP_TABLES = (
    "tip", "tip_key", "tip_entry", "tip_file", "tip_notice", "tip_note", "answer_draft", "pressed_act", "support_copy", "contact_opening",
    "correction", "decision",
)  # fmt: skip
_BUSY_MILLISECONDS, _PAUSE = 500, 0.05


def wipe(db: Database, *, tables: tuple[str, ...] = (), tries: int = 20) -> bool:
    """After rows were deleted and committed. Returns False when others kept the files busy; try again later.

    SQLite overwrites deleted rows itself (secure_delete) but keeps older pages in the write-ahead log: the log is copied
    back and cut to nothing. PostgreSQL leaves them in the table's file: `tables` are written anew (VACUUM FULL). Its own
    write-ahead log keeps old pages, sealed as they were, until its files are recycled.
    """
    if db.is_sqlite:
        return write_ahead.cut(db.engine, milliseconds=_BUSY_MILLISECONDS, tries=tries, pause=_PAUSE)
    return _rewrite(db, tables)


def _rewrite(db: Database, tables: tuple[str, ...]) -> bool:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.execute(text("SET lock_timeout = '5s'"))
            for table in tables:
                connection.execute(text(f'VACUUM FULL "{table}"'))
        except OperationalError:  # somebody is reading; nothing is lost by trying again later
            return False
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True
