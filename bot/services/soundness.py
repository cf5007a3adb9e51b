"""Whether a database may be served: readable, undamaged, of this version, and sealed with the keys that are here.

Every trouble has a sentence with its cause and what mends it; none of them names anybody, so they may be printed and logged.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session, col

from bot.core.errors import ConfigError
from bot.server_keys import Keys, NoKeys
from bot.services import heartbeat
from bot.settings import Settings, database_url, load
from bot.storage import sealing, space
from bot.storage.database import MIGRATIONS, Database, connect, insert_ignore
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Contact, Conversation, Installation, Officer
from bot.storage.vault import Vault

KEYS = "keys"
WRITTEN = "written"  # the heartbeat's row that proves writing
_SQLITE = {13: "disk_full", 11: "damaged", 26: "damaged", 8: "unreachable", 10: "unreachable", 14: "unreachable"}
_POSTGRESQL = {"53100": "disk_full", "XX001": "damaged", "XX002": "damaged"}
_PROBED = 3  # rows of each kind tried with the keys where no fingerprint has been kept yet

WORDS = {
    "damaged": "tệp cơ sở dữ liệu bị hỏng; đừng chạy `lachan db init`: dừng mọi tiến trình, giữ lại tệp hỏng, "
    "rồi khôi phục bản sao lưu mới nhất (xem docs/runbook.md, mục sao lưu)",
    "disk_full": "ổ đĩa đã đầy nên không ghi được gì; xóa bớt hoặc thêm chỗ, không cần chạy lại lệnh nào",
    "unreachable": "không mở được; kiểm tra LACHAN_DATABASE_URL, quyền của tệp, hoặc máy chủ PostgreSQL có đang chạy",
    "empty": "chưa có lược đồ; máy mới thì chạy `lachan db init`, còn máy đã từng dùng thì khôi phục bản sao lưu",
    "schema_old": "lược đồ cũ hơn chương trình; sao lưu rồi chạy `lachan db init` để nâng cấp",
    "schema_new": "lược đồ mới hơn chương trình; cập nhật chương trình trên máy này cho bằng các máy khác",
    "keys_other": "khóa máy chủ trên máy này không phải khóa đã niêm phong dữ liệu; chép đúng tệp keys.json (hoặc các biến "
    "LACHAN_SERVER_KEY, LACHAN_VAULT_KEY, LACHAN_RECEIPT_SALT) từ máy cũ hay bản sao lưu; không tạo khóa mới",
    "keys_missing": "cơ sở dữ liệu đã có dữ liệu nhưng máy này chưa có khóa máy chủ; chép keys.json từ máy cũ hay bản sao lưu "
    "rồi chạy lại; không tạo khóa mới, vì khóa mới không mở được gì đã lưu",
    "keys_unknown": "chưa ghi dấu của khóa máy chủ; chạy `lachan db init` một lần",
}


@dataclass(frozen=True)
class Trouble:
    """Why a database may not be served. code: a key of WORDS."""

    code: str

    @property
    def words(self) -> str:
        return WORDS[self.code]


def settings(env: Mapping[str, str] | None = None) -> Settings:
    """`bot.settings.load` for a process that serves or checks. Raises ConfigError; where the keys are gone beside a database in
    use, with the sentence that never advises new ones."""
    try:
        return load(env)
    except NoKeys:
        if in_use(database_url(env)):
            raise ConfigError(f"Cơ sở dữ liệu: {WORDS['keys_missing']}") from None
        raise


def is_full(url: str) -> bool:
    """Whether the disk a SQLite file lies on has no room left: the driver then says only that it cannot open it."""
    path = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if path is None:
        return False
    try:
        return space.free(path.parent) < space.FULL
    except OSError:
        return False


def cause(error: BaseException) -> str:
    """'disk_full', 'damaged' or 'unreachable': what a driver's or the system's error comes down to; '' for others."""
    if isinstance(error, OSError):
        return "disk_full" if error.errno in {errno.ENOSPC, errno.EDQUOT} else ""
    inner = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(inner, sqlite3.Error):
        return _SQLITE.get((getattr(inner, "sqlite_errorcode", None) or 0) & 0xFF, "")
    state = getattr(inner, "sqlstate", None)
    if state in _POSTGRESQL:
        return _POSTGRESQL[state]
    return "unreachable" if isinstance(error, OperationalError) else ""


def noted(error: BaseException) -> dict[str, str]:
    """What a log line may say of an error: its kind, and what it comes down to where that is known."""
    found = cause(error)
    return {"error": type(error).__name__, **({"code": found} if found else {})}


def fingerprint(keys: Keys) -> str:
    """What tells one set of server keys from another, and nothing about them."""
    own = sealing.subkey(keys.server, "fingerprint")
    return sealing.keyed_hash(own, keys.vault.hex(), keys.receipt_salt.hex())


@cache
def head() -> str:
    """The newest revision this program knows."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return str(ScriptDirectory.from_config(config).get_current_head())


@cache
def _known() -> frozenset[str]:
    return frozenset(path.name[:4] for path in (MIGRATIONS / "versions").glob("0*.py"))


def judge(db: Database, keys: Keys, vault: Vault, *, thorough: bool = False) -> Trouble | None:
    """What is wrong with a database; None when it may be served. thorough: also read every page of it (SQLite)."""
    try:
        with db.reading() as session:
            return _damage(session, thorough) or _schema(session) or _keys(session, keys, vault)
    except Exception as error:
        found = cause(error) or "unreachable"
        return Trouble("disk_full" if found == "unreachable" and is_full(db.url) else found)


def refuse(db: Database, keys: Keys, vault: Vault, *, thorough: bool = False) -> None:
    """Before serving: raises ConfigError with the cause and what mends it."""
    trouble = judge(db, keys, vault, thorough=thorough)
    if trouble is not None and trouble.code == "keys_unknown":
        with db.transaction() as session:
            remember(session, keys, vault)
    elif trouble is not None:
        raise ConfigError(f"Cơ sở dữ liệu: {trouble.words}")


def _damage(session: Session, thorough: bool) -> Trouble | None:
    if not thorough or session.get_bind().dialect.name != "sqlite":
        return None
    return None if session.execute(text("PRAGMA quick_check(1)")).scalar() == "ok" else Trouble("damaged")


def revision(session: Session) -> str:
    """The revision of the schema; '' when there is none."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return ""
    return str(session.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _schema(session: Session) -> Trouble | None:
    found = revision(session)
    if not found:
        return Trouble("empty")
    if found == head():
        return None
    return Trouble("schema_old" if found in _known() else "schema_new")


def _keys(session: Session, keys: Keys, vault: Vault) -> Trouble | None:
    kept = session.get(Installation, KEYS)
    if kept is not None:
        return None if kept.value == fingerprint(keys) else Trouble("keys_other")
    return Trouble("keys_other") if opens(session, vault) is False else Trouble("keys_unknown")


def opens(session: Session, vault: Vault) -> bool | None:
    """Whether these keys open what lies here; None when nothing lies here that would tell."""
    verdicts = []
    for row in session.execute(select(Contact).limit(_PROBED)).scalars():
        verdicts.append(_try(lambda row=row: vault.open_contact(row.conversation_id, row.channel, row.address)))
    stated = select(Conversation).where(col(Conversation.state).is_not(None)).limit(_PROBED)
    for row in session.execute(stated).scalars():
        verdicts.append(_try(lambda row=row: vault.open_state(row.id, row.state)))
    for row in session.execute(select(Officer).where(col(Officer.totp).is_not(None)).limit(_PROBED)).scalars():
        verdicts.append(_try(lambda row=row: vault.open_staff(row.id, row.totp, "totp")))
    return any(verdicts) if verdicts else None


def _try(work) -> bool:
    try:
        work()
    except CannotOpen:
        return False
    return True


def remember(session: Session, keys: Keys, vault: Vault) -> None:
    """Keep the fingerprint of `keys` unless one is kept. Raises ConfigError when the database belongs to other keys."""
    kept = session.get(Installation, KEYS)
    if kept is None and opens(session, vault) is not False:
        insert_ignore(session, Installation, [{"name": KEYS, "value": fingerprint(keys)}])
        kept = session.get(Installation, KEYS, populate_existing=True)
    if kept is None or kept.value != fingerprint(keys):
        raise ConfigError(f"Cơ sở dữ liệu: {WORDS['keys_other']}")


def in_use(url: str) -> bool:
    """Whether there is anything behind `url` that was sealed with some keys. Raises ConfigError when it cannot be read."""
    parsed_file = url.removeprefix("sqlite:///") if url.startswith("sqlite:///") else ""
    if parsed_file and not Path(parsed_file).exists():
        return False
    engine = connect(url, writes=False)
    try:
        with Session(engine) as session:
            if not revision(session):
                return False
            tables = set(inspect(session.connection()).get_table_names())
            sealed = ("installation", "contact", "tip", "officer", "channel_token")
            return any(
                session.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first()  # noqa: S608  names of ours
                for name in sealed
                if name in tables
            )
    except DBAPIError as error:
        found = cause(error) or "unreachable"
        raise ConfigError(
            f"Cơ sở dữ liệu: {WORDS['disk_full' if found == 'unreachable' and is_full(url) else found]}"
        ) from None
    finally:
        engine.dispose()


def write(db: Database, now: float) -> None:
    """Prove that something can be written, by writing. Raises whatever the driver raises when it cannot."""
    with db.transaction() as session:
        heartbeat.beat(session, WRITTEN, now)
