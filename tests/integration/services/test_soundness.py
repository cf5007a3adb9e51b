"""A database that must not be served is never green: other keys, another version, a damaged file, a full disk, files gone."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import sqlite3
import subprocess
from pathlib import Path

import httpx
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.app import Core, _quiet_excepthook
from bot.checks import installation as checks
from bot.checks.findings import Mark
from bot.core.errors import ConfigError
from bot.gateway.asgi import build, create_app
from bot.services import soundness
from bot.services.soundness import WORDS
from bot.services.tips import files
from bot.settings import load
from bot.storage import space
from bot.storage.database import migrate
from bot.storage.tables import Conversation, TipFile
from tests.integration.channels.test_web_stream import IdleEngine
from tests.support import commands
from tests.support.world import core_in, environment, settings_in

PDF = b"%PDF-1.7\n"


def remembered(core: Core) -> None:
    with core.db.transaction() as session:
        soundness.remember(session, core.settings.keys, core.vault)


def judged(core: Core, **more: bool) -> str:
    trouble = soundness.judge(core.db, core.settings.keys, core.vault, **more)
    return trouble.code if trouble else ""


def other_keys(core: Core, tmp_path: Path) -> Core:
    settings = settings_in(tmp_path / "other", core.settings.database_url)
    return Core(settings)


def found(core: Core) -> list[tuple[Mark, str, str]]:
    return [(line.mark, line.subject, line.words) for line in checks.local(core)]


def ready(core: Core) -> tuple[int, dict]:
    async def ask() -> httpx.Response:
        app = create_app(build(core, engine=IdleEngine(), pushes={}))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.get("/readyz")

    answer = asyncio.run(ask())
    return answer.status_code, answer.json()


def lachan(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.run(*arguments, env=os.environ | env)


def test_a_sound_database_is_green_and_proves_writing(core: Core):
    remembered(core)
    assert judged(core, thorough=True) == ""
    status, body = ready(core)
    assert (status, body["cause"], body["database"]) == (200, "", True)
    assert body["disk"]["takes_files"]
    with core.db.reading() as session:
        assert session.execute(text("SELECT count(*) FROM heartbeat WHERE duty = 'written'")).scalar() == 1


def test_other_keys_are_refused_everywhere(core: Core, tmp_path: Path):
    remembered(core)
    other = other_keys(core, tmp_path)
    try:
        assert judged(other) == "keys_other"
        assert ready(other)[0] == 503
        assert ready(other)[1]["cause"] == "keys_other"
        assert (Mark.BAD, "Cơ sở dữ liệu", WORDS["keys_other"]) in found(other)
        with pytest.raises(ConfigError, match=r"keys\.json"):
            soundness.refuse(other.db, other.settings.keys, other.vault)
        with pytest.raises(ConfigError), other.db.transaction() as session:
            soundness.remember(session, other.settings.keys, other.vault)
    finally:
        other.close()
    assert judged(core) == ""


def test_other_keys_are_seen_before_any_mark_was_kept(core: Core, tmp_path: Path):
    """A database of the release before, whose backup came back without its keys."""
    with core.db.transaction() as session:
        session.add(Conversation(id="c", channel="web", state=core.vault.seal_state("c", {"a": 1}), updated_at=1.0))
    assert judged(core) == "keys_unknown"
    other = other_keys(core, tmp_path)
    try:
        assert judged(other) == "keys_other"
        with pytest.raises(ConfigError):
            soundness.refuse(other.db, other.settings.keys, other.vault)
    finally:
        other.close()
    soundness.refuse(core.db, core.settings.keys, core.vault)  # the right ones leave their mark
    assert judged(core) == ""


@pytest.mark.parametrize(("revision", "code"), [("0007", "schema_old"), ("9999", "schema_new")])
def test_another_version_is_refused_and_says_which_way(core: Core, revision: str, code: str):
    remembered(core)
    with core.db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": revision})
    try:
        assert judged(core) == code
        status, body = ready(core)
        assert (status, body["cause"], body["database"]) == (503, code, False)
        assert (Mark.BAD, "Cơ sở dữ liệu", WORDS[code]) in found(core)
        with pytest.raises(ConfigError):
            soundness.refuse(core.db, core.settings.keys, core.vault)
    finally:
        with core.db.transaction() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": soundness.head()})


@pytest.mark.parametrize("start", [0, 8_192, 40_960], ids=["header", "early", "middle"])
def test_a_damaged_file_says_restore_and_never_init(tmp_path: Path, start: int):
    with core_in(tmp_path) as core:
        remembered(core)
        url = core.settings.database_url
    path = Path(url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with path.open("r+b") as file:
        file.seek(start)
        file.write(os.urandom(60_000))
    for leftover in path.parent.glob("lachan.db-*"):
        leftover.unlink()
    env = {key: value for key, value in environment(tmp_path).items() if "DATA_DIR" in key}
    damaged = Core(settings_in(tmp_path))
    try:
        assert judged(damaged, thorough=True) == "damaged"
        (line,) = [line for line in checks.local(damaged) if line.subject == "Cơ sở dữ liệu"]
        assert (line.mark, line.words) == (Mark.BAD, WORDS["damaged"])
    finally:
        damaged.close()
    if start == 40_960:
        keys = environment(tmp_path)
        for command in (("db", "init"), ("serve", "all"), ("serve", "gateway")):
            port = {"LACHAN_PORT": str(_port()), "LACHAN_CONSOLE_PORT": str(_port())}
            done = lachan(env | keys | port, *command)
            assert done.returncode == 1, command
            assert done.stderr.strip() == f"lachan: Cơ sở dữ liệu: {WORDS['damaged']}"


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_a_new_machine_makes_no_keys_for_a_database_in_use(tmp_path: Path):
    env = {"LACHAN_DATA_DIR": str(tmp_path), "LACHAN_KDF_OPS": "1", "LACHAN_KDF_MEM": "8192"}
    assert lachan(env, "db", "init").returncode == 0
    keys = (tmp_path / "keys.json").read_bytes()
    (tmp_path / "keys.json").unlink()
    refused = lachan(env, "db", "init")
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"lachan: Cơ sở dữ liệu: {WORDS['keys_missing']}"
    assert not (tmp_path / "keys.json").exists()
    (tmp_path / "keys.json").write_bytes(keys)
    assert lachan(env, "db", "init").returncode == 0


@pytest.mark.parametrize("command", [("serve", "all"), ("serve", "gateway"), ("check", "--offline")])
def test_keys_that_are_gone_beside_a_used_database_are_never_made_anew(tmp_path: Path, command: tuple[str, ...]):
    env = {"LACHAN_DATA_DIR": str(tmp_path), "LACHAN_KDF_OPS": "1", "LACHAN_KDF_MEM": "8192"}
    new = lachan(env, *command)
    assert new.returncode == 1
    assert "máy mới thì chạy `lachan db init`" in " ".join((new.stdout + new.stderr).split())
    assert lachan(env, "db", "init").returncode == 0
    (tmp_path / "keys.json").unlink()
    refused = lachan(env, *command)
    said = " ".join((refused.stdout + refused.stderr).split())
    assert refused.returncode == 1
    assert WORDS["keys_missing"] in said
    assert "db init" not in said


def test_a_full_disk_at_the_start_is_named_though_the_driver_only_cannot_open(core: Core, monkeypatch):
    remembered(core)
    unable = sqlite3.OperationalError("unable to open database file")
    unable.sqlite_errorcode = 14

    def refuse(*_) -> None:
        raise OperationalError("PRAGMA", {}, unable)

    monkeypatch.setattr(soundness, "_damage", refuse)
    assert judged(core) == "unreachable"
    monkeypatch.setattr(space, "free", lambda folder: 0)
    assert judged(core) == ("disk_full" if core.db.is_sqlite else "unreachable")


def test_a_taken_port_is_named(tmp_path: Path):
    env = environment(tmp_path)
    migrate(load(env).database_url)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = lachan(env | {"LACHAN_PORT": str(port)}, "serve", "gateway")
    assert done.returncode == 1
    assert f"Cổng {port} (127.0.0.1) đang có chương trình khác dùng" in done.stderr
    assert "LACHAN_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_sentence_of_a_setting_is_printed(capsys):
    _quiet_excepthook(ConfigError, ConfigError("LACHAN_X must be a number"), None)
    assert capsys.readouterr().err == "lachan: LACHAN_X must be a number\n"
    _quiet_excepthook(ValueError, ValueError("CANARY"), None)
    assert "CANARY" not in capsys.readouterr().err


def test_a_full_disk_is_not_ready_and_says_so(core: Core, monkeypatch):
    remembered(core)
    monkeypatch.setattr(space, "free", lambda folder: 100_000)
    status, body = ready(core)
    assert (status, body["cause"]) == (503, "disk_full")
    assert (Mark.BAD, "Ổ đĩa", WORDS["disk_full"]) in found(core)
    monkeypatch.setattr(space, "free", lambda folder: 100 * 2**20)
    status, body = ready(core)
    assert (status, body["disk"]) == (200, {"free_mb": 100, "takes_files": False})
    assert any(mark is Mark.BAD and "LACHAN_MIN_FREE_MB=512" in words for mark, _, words in found(core))


def test_a_database_that_can_only_be_read_is_not_ready(tmp_path: Path):
    with core_in(tmp_path) as core:
        remembered(core)
        core.db.engine.dispose()
        event.listen(core.db.engine, "connect", lambda made, _: made.execute("PRAGMA query_only = ON"))
        status, body = ready(core)
        assert (status, body["database"], body["cause"]) == (503, False, "unreachable")
        assert any(mark is Mark.BAD and subject == "Cơ sở dữ liệu" for mark, subject, _ in found(core))


def test_a_full_disk_is_named_in_logs_and_answers(tmp_path: Path):
    """SQLite's own limit stands for the full disk: the next page is refused as on a disk without room (SQLITE_FULL)."""
    with sqlite3.connect(tmp_path / "full.db") as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("PRAGMA max_page_count = 3")
        with pytest.raises(sqlite3.OperationalError) as full:
            connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    wrapped = OperationalError("INSERT", {}, full.value)
    assert soundness.cause(full.value) == soundness.cause(wrapped) == "disk_full"
    assert soundness.noted(wrapped) == {"error": "OperationalError", "code": "disk_full"}
    assert soundness.cause(OSError(errno.ENOSPC, "x")) == "disk_full"
    assert soundness.cause(ValueError("x")) == ""


def test_files_that_are_gone_are_said(core: Core):
    remembered(core)
    ref = files.FileRef.unpack(files.keep(core.settings.blobs_dir, PDF).ref)
    with core.db.transaction() as session:
        session.add(TipFile(id=ref.id, tip_id="t", author="reporter", meta=b"", view=False, created_at=1.0))
    assert not [line for line in found(core) if line[1] == "Tệp đính kèm"]
    files.erase(core.settings.blobs_dir, ref.id)
    (line,) = [line for line in found(core) if line[1] == "Tệp đính kèm"]
    assert line[0] is Mark.BAD
    assert line[2].startswith("1 ")
