"""Backups: made hot, opened by the operator's private key alone, restored whole, and refused wherever they would do harm."""

from __future__ import annotations

import base64
import io
import json
import os
import stat
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, select, text

from bot.app import Core
from bot.core.errors import ConfigError
from bot.server_keys import SIZES
from bot.services import audit, heartbeat, soundness
from bot.services.keeping import backups, restoring
from bot.services.tips import files, record
from bot.settings import load
from bot.storage import copying, parcels
from bot.storage.database import MIGRATIONS
from bot.storage.tables import Campaign, ConsoleSession, TipFile
from tests.support.canary import Canary, files_in
from tests.support.commands import run as lachan
from tests.support.desk import seed, submit
from tests.support.world import core_in, environment

NOW = 1_790_000_000.0
PDF = b"%PDF-1.4\n%evidence\n" + bytes(range(256)) * 600 + b"\n%%EOF"


@pytest.fixture
def operator(tmp_path: Path) -> dict[str, str]:
    """The operator's public key in the settings, the private one in a file."""
    public, private = parcels.new_pair()
    (tmp_path / "private").write_text(private + "\n")
    return {"LACHAN_BACKUP_KEY": public, "LACHAN_BACKUP_DIR": str(tmp_path / "away"), "LACHAN_MIN_FREE_MB": "1"}


@pytest.fixture
def living(core: Core) -> tuple[Core, str, Canary]:
    return full(core)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[tuple[Core, str, Canary]]:
    """`living` on SQLite alone."""
    with core_in(tmp_path / "small") as core:
        yield full(core)


def full(core: Core) -> tuple[Core, str, Canary]:
    """A product with officers, a tip with a file and a dialogue, a campaign under way, somebody signed in. And the tip's code."""
    seed(core)
    canary = Canary()
    kept = files.keep(core.settings.blobs_dir, PDF)
    code, _tip_id, _ = submit(core, NOW, what=f"chuyện {canary.word}", contact=f"0900 {canary.word}", files=[kept.ref])
    keys = core.vault.receipt_keys(code)
    with core.db.transaction() as session:
        opened = record.open_with_receipt(session, core.vault, keys.lookup, keys.pair)
        record.add_entry(session, opened, "reporter", f"lời {canary.word}", NOW)
        session.add(
            Campaign(title="30/7", params="{}", state="running", created_by="x", created_at=NOW, started_at=NOW)
        )
        session.add(
            ConsoleSession(id="s" * 43, officer_id="o", private_key=b"k", csrf="c", created_at=NOW, seen_at=NOW)
        )
    return core, code, canary


def settings_of(core: Core, operator: dict[str, str], **more: str) -> dict[str, str]:
    """The environment of the product `core` is, for a process of its own."""
    url = "" if core.db.is_sqlite else core.settings.database_url
    names = {"server": "LACHAN_SERVER_KEY", "vault": "LACHAN_VAULT_KEY", "receipt_salt": "LACHAN_RECEIPT_SALT"}
    keys = {names[one]: base64.b64encode(getattr(core.settings.keys, one)).decode() for one in SIZES}
    return environment(core.settings.data_dir, url) | keys | operator | more


@contextmanager
def elsewhere(core: Core, folder: Path, name: str) -> Iterator[str]:
    """A database of the same kind that is not there yet; '' for SQLite, whose file follows the data directory."""
    if core.db.is_sqlite:
        yield ""
        return
    engine = create_engine(core.db.engine.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield core.settings.database_url.replace("///postgres?", f"///{name}?")
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()


def new_machine(core: Core, operator: dict[str, str], folder: Path, url: str) -> dict[str, str]:
    """Nothing but the operator's settings: no keys, no data."""
    env = environment(folder, url) | operator
    return {
        name: said
        for name, said in env.items()
        if name not in {"LACHAN_SERVER_KEY", "LACHAN_VAULT_KEY", "LACHAN_RECEIPT_SALT"}
    }


def back_up(core: Core, operator: dict[str, str]) -> Path:
    done = lachan("backup", "run", env=settings_of(core, operator))
    assert done.returncode == 0, done.stderr
    (file,) = Path(operator["LACHAN_BACKUP_DIR"]).glob("lachan-*.backup")
    return file


def test_after_a_disaster_everything_is_back_on_a_new_machine(living, operator, tmp_path):
    core, code, canary = living
    file = back_up(core, operator)
    assert lachan("backup", "keys", str(tmp_path / "the.keys"), env=settings_of(core, operator)).returncode == 0
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE((tmp_path / "the.keys").stat().st_mode) == 0o600
    assert canary.hits(file.parent, tmp_path / "away") == []
    raw = file.read_bytes()
    assert b"lachan.db" not in raw
    assert b"SQLite" not in raw
    assert core.settings.keys.server not in raw

    with elsewhere(core, tmp_path, "drill") as url:
        env = new_machine(core, operator, tmp_path / "new", url)
        done = lachan(
            "restore", str(file), "--key", str(tmp_path / "private"), "--keys", str(tmp_path / "the.keys"), env=env
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert "1 đợt truyền thông đang tạm dừng" in done.stdout
        assert "lachan erase" in done.stdout
        again = Core(load(env))
        try:
            keys = again.vault.receipt_keys(code)
            with again.db.reading() as session:
                opened = record.open_with_receipt(session, again.vault, keys.lookup, keys.pair)
                assert opened is not None
                assert canary.word in str(record.words(session, opened))
                (stored,) = session.execute(select(TipFile)).scalars()
                assert audit.verify(session).ok
                assert session.execute(select(Campaign.state)).scalar_one() == "paused"
                assert session.execute(select(ConsoleSession)).first() is None
            was, now = (one.settings.blobs_dir / stored.id for one in (core, again))
            assert now.read_bytes() == was.read_bytes()
        finally:
            again.close()
        check = lachan("check", "--offline", env=env)
        assert "lược đồ" in check.stdout
        assert "✗ Khóa máy chủ" not in check.stdout
        # A second time would cover what is there.
        twice = lachan("restore", str(file), "--key", str(tmp_path / "private"), env=env)
        assert twice.returncode == 1
        assert "không ghi đè" in twice.stderr
    for path, _ in files_in(tmp_path / "new"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert [path for path in (tmp_path / "new").iterdir() if path.name.startswith(".restore-")] == []


def until(done: Callable[[], bool]) -> None:
    """Raises AssertionError when it does not come."""
    for _ in range(6_000):
        if done():
            return
        time.sleep(0.01)
    raise AssertionError("the writer does not get on")


def test_a_backup_made_under_writers_is_of_one_moment(core, operator, tmp_path):
    """Each transaction below writes two rows that belong together; the audit chain is one more such pair."""
    seed(core)
    done, written = threading.Event(), []

    def write() -> None:
        while not done.is_set():
            number = len(written)
            with core.db.transaction() as session:
                heartbeat.beat(session, f"a{number}", NOW)
                audit.record(session, NOW, "system", "opened", str(number), "")
                heartbeat.beat(session, f"b{number}", NOW)
            written.append(number)
            time.sleep(0.005)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        until(lambda: len(written) >= 20)
        backups.make(
            core.settings, core.db, parcels.public_key(operator["LACHAN_BACKUP_KEY"]), tmp_path / "away", lambda: NOW, 0
        )
        before = len(written)
    finally:
        done.set()
        writer.join()
    (file,) = (tmp_path / "away").glob("*.backup")
    (tmp_path / "unpacked").mkdir()
    with file.open("rb") as source:
        manifest = restoring.unpack(
            source, parcels.private_key((tmp_path / "private").read_text()), tmp_path / "unpacked"
        )
    engine = create_engine(f"sqlite:///{tmp_path}/unpacked/lachan.db")
    with engine.connect() as connection:
        duties = {row[0] for row in connection.execute(text("SELECT duty FROM heartbeat"))}
        chain = connection.execute(text("SELECT count(*), max(seq) FROM audit")).one()
    engine.dispose()
    assert 20 <= len([duty for duty in duties if duty.startswith("a")]) <= before + 1
    assert {duty[1:] for duty in duties if duty[0] == "a"} == {
        duty[1:] for duty in duties if duty[0] == "b" and duty != "backup"
    }
    assert chain[0] == chain[1] == manifest.audit[0]


def test_only_the_private_key_opens_it_and_nothing_cut_or_changed_passes(living, operator, tmp_path):
    core, _, _ = living
    file, (_, other) = back_up(core, operator), parcels.new_pair()
    raw = file.read_bytes()
    (tmp_path / "other").write_text(other)
    said = lachan("restore", str(file), "--verify", "--key", str(tmp_path / "other"), env=settings_of(core, operator))
    assert said.returncode == 1
    assert parcels.OTHER_KEY in said.stderr
    private = parcels.private_key((tmp_path / "private").read_text())
    places = [len(raw) - 1, len(raw) // 2, 200, 30, 3]
    wrong = [raw[:place] for place in places] + [raw + b"\0", b"", raw[:130] + raw[200_000:]]
    wrong += [raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :] for place in places]
    for number, bad in enumerate(wrong):
        work = tmp_path / f"unpacked{number}"
        work.mkdir()
        with pytest.raises(ConfigError):
            restoring.unpack(io.BytesIO(bad), private, work)


HOSTILE = {
    "../out": "reg", "/etc/cron.d/x": "reg", "blobs/../../out": "reg", "blobs/.hidden": "reg", "content/../../out": "reg",
    "content/a/../../../out": "reg", "keys.json": "reg", "blobs/a": "sym", "blobs/b": "link", "content": "dir",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_parcel_of_a_stranger_writes_nothing_outside(name, operator, tmp_path):
    """Whoever has the public key can make a parcel."""
    out, kinds = (
        io.BytesIO(),
        {"sym": tarfile.SYMTYPE, "link": tarfile.LNKTYPE, "dir": tarfile.DIRTYPE, "reg": tarfile.REGTYPE},
    )
    writer = parcels.Writer(out, parcels.public_key(operator["LACHAN_BACKUP_KEY"]))
    with tarfile.open(fileobj=writer, mode="w|") as tar:  # type: ignore[call-overload]
        manifest = json.dumps(
            {"version": 1, "made_at": 0, "revision": "x", "tables": {}, "files": {}, "audit": [0, ""], "content": 0}
        ).encode()
        first = tarfile.TarInfo("manifest.json")
        first.size = len(manifest)
        tar.addfile(first, io.BytesIO(manifest))
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = kinds[HOSTILE[name]], "/etc/passwd"
        tar.addfile(entry)
    writer.close()
    work = tmp_path / "deep" / "work"
    work.mkdir(parents=True)
    out.seek(0)
    with pytest.raises(ConfigError, match="tệp lạ"):
        restoring.unpack(out, parcels.private_key((tmp_path / "private").read_text()), work)
    assert not list(work.rglob("*"))
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "deep" / "out").exists()


def test_other_server_keys_are_refused_and_leave_nothing(living, operator, tmp_path):
    core, _, _ = living
    file = back_up(core, operator)
    env = environment(tmp_path / "new") | operator  # with keys of its own
    done = lachan("restore", str(file), "--key", str(tmp_path / "private"), env=env)
    assert done.returncode == 1
    assert "khóa máy chủ trên máy này không phải" in done.stderr
    assert list((tmp_path / "new").rglob("*")) == []
    without = new_machine(core, operator, tmp_path / "bare", "")
    done = lachan("restore", str(file), "--key", str(tmp_path / "private"), env=without)
    assert done.returncode == 1
    assert "--keys" in done.stderr
    assert list((tmp_path / "bare").rglob("*")) == []


def test_a_trial_changes_nothing_and_names_what_is_wrong(living, operator, tmp_path):
    core, _, _ = living
    file = back_up(core, operator)
    before, there = copying.counted(core.settings.database_url), sorted(core.settings.data_dir.rglob("*"))
    command = ("restore", "--verify", "--key", str(tmp_path / "private"))
    good = lachan(*command, str(file), env=settings_of(core, operator))
    assert good.returncode == 0, good.stdout + good.stderr
    assert "Bản này dùng được" in good.stdout
    assert copying.counted(core.settings.database_url) == before
    kept = [path for path in sorted(core.settings.data_dir.rglob("*")) if not path.name.endswith(("-wal", "-shm"))]
    assert kept == [path for path in there if not path.name.endswith(("-wal", "-shm"))]

    file.unlink()
    with core.db.transaction() as session:
        session.execute(text("UPDATE audit SET detail = 'x' WHERE seq = 2"))
    for path in core.settings.blobs_dir.iterdir():
        path.unlink()
    bad = lachan(*command, str(back_up(core, operator)), env=settings_of(core, operator))
    assert bad.returncode == 1
    assert "Nhật ký bị sửa từ mục 2" in bad.stdout
    assert "Thiếu 1 tệp" in bad.stdout
    assert "KHÔNG trọn vẹn" in bad.stdout


def test_tables_of_the_job_queue_beside_ours_are_left_out(living, operator, tmp_path):
    core, _, _ = living
    if core.db.is_sqlite:  # there the queue has a file of its own
        assert backups.make(
            core.settings, core.db, parcels.public_key(operator["LACHAN_BACKUP_KEY"]), tmp_path / "away", lambda: NOW, 0
        ).manifest.rows
        return
    with core.db.transaction() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS queue_of_jobs (id integer, data bytea)"))
    try:
        made = backups.make(
            core.settings, core.db, parcels.public_key(operator["LACHAN_BACKUP_KEY"]), tmp_path / "away", lambda: NOW, 0
        )
        assert "queue_of_jobs" not in made.manifest.tables
        assert made.manifest.tables["tip"][0] == 1
    finally:
        with core.db.transaction() as session:
            session.execute(text("DROP TABLE queue_of_jobs"))


def test_old_backups_give_way_and_nothing_else_does(living, operator, tmp_path):
    core, _, _ = living
    away, public = tmp_path / "away", parcels.public_key(operator["LACHAN_BACKUP_KEY"])
    away.mkdir()
    (away / "notes.txt").write_text("giữ")
    made = [backups.make(core.settings, core.db, public, away, lambda at=NOW + day * 86_400: at, 3) for day in range(5)]
    assert sorted(path.name for path in away.glob("*.backup")) == sorted(one.file.name for one in made[2:])
    assert (away / "notes.txt").read_text() == "giữ"
    assert made[-1].removed == [made[1].file.name]
    with pytest.raises(ConfigError, match="đúng giây này"):
        backups.make(core.settings, core.db, public, away, lambda: NOW + 4 * 86_400, 3)
    assert [path for path in away.iterdir() if path.name.startswith(".")] == []
    with core.db.reading() as session:
        assert heartbeat.last(session, backups.DUTY) == NOW + 4 * 86_400


def test_one_at_a_time_and_what_a_crash_left_goes(living, operator, tmp_path):
    core, _, _ = living
    left = core.settings.data_dir / ".backup"
    left.mkdir()
    (left / "lachan.db").write_bytes(b"half")
    with backups._workplace(core.settings.data_dir) as work:
        assert list(work.iterdir()) == []
        done = lachan("backup", "run", env=settings_of(core, operator))
    assert done.returncode == 1
    assert "đang có một bản sao lưu khác" in done.stderr
    assert not left.exists()
    back_up(core, operator)
    assert not left.exists()


def test_without_a_key_place_or_room_it_says_what_to_do(living, operator, tmp_path):
    core, _, _ = living
    for without, word in (("LACHAN_BACKUP_KEY", "new-key"), ("LACHAN_BACKUP_DIR", "LACHAN_BACKUP_DIR")):
        env = {name: said for name, said in settings_of(core, operator).items() if name != without}
        done = lachan("backup", "run", env=env)
        assert done.returncode == 1
        assert word in done.stderr
    done = lachan("backup", "run", env=settings_of(core, operator, LACHAN_MIN_FREE_MB=str(10**9)))
    assert done.returncode == 1
    assert "không đủ chỗ" in done.stderr
    done = lachan("backup", "run", env=settings_of(core, operator, LACHAN_BACKUP_KEY="lachan-backup-public-abc"))
    assert done.returncode == 1
    assert "abc" not in done.stderr
    assert not list(tmp_path.glob("away/*"))


def test_a_new_key_is_written_once_for_its_owner(tmp_path):
    env = environment(tmp_path)
    done = lachan("backup", "new-key", str(tmp_path / "key"), env=env)
    assert done.returncode == 0
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    private = (tmp_path / "key").read_text().strip()
    assert private not in done.stdout
    assert "LACHAN_BACKUP_KEY=lachan-backup-public-" in done.stdout
    again = lachan("backup", "new-key", str(tmp_path / "key"), env=env)
    assert again.returncode == 1
    assert (tmp_path / "key").read_text().strip() == private


def test_a_database_moves_to_the_other_kind_and_back(small, postgres_url, tmp_path):
    core, code, _ = small
    engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("CREATE DATABASE moved"))
    url = postgres_url.replace("///postgres?", "///moved?")
    try:
        done = lachan("db", "copy", env=environment(core.settings.data_dir) | {"LACHAN_COPY_URL": url})
        assert done.returncode == 0, done.stdout + done.stderr
        assert "khớp" in done.stdout
        assert copying.counted(url) == copying.counted(core.settings.database_url)
        refused = lachan("db", "copy", env=environment(core.settings.data_dir) | {"LACHAN_COPY_URL": url})
        assert refused.returncode == 1
        assert "không trống" in refused.stderr
        there = Core(core.settings.model_copy(update={"database_url": url}))
        try:
            submit(there, NOW + 60)  # ids go on behind those that came along
            keys = there.vault.receipt_keys(code)
            with there.db.reading() as session:
                assert record.open_with_receipt(session, there.vault, keys.lookup, keys.pair) is not None
                assert audit.verify(session).ok
        finally:
            there.close()
        back = f"sqlite:///{tmp_path}/back.db"
        assert copying.copy(url, back) == copying.counted(url)
        os.chmod(tmp_path / "back.db", 0o600)
    finally:
        with engine.connect() as connection:
            connection.execute(text("DROP DATABASE moved WITH (FORCE)"))
        engine.dispose()


def test_a_copy_that_differs_in_one_value_is_noticed(living, tmp_path):
    core, _, _ = living
    before = copying.counted(core.settings.database_url)
    for change in (
        "UPDATE unit SET name = name || ' ' WHERE id = 'ca.31'",
        "UPDATE tip_key SET sealed = lookup.raw FROM (SELECT sealed AS raw FROM tip_key LIMIT 1) lookup WHERE id > 0",
    ):
        with core.db.transaction() as session:
            session.execute(text(change))
        after = copying.counted(core.settings.database_url)
        assert after != before
        before = after


def older(url: str) -> None:
    """The schema one step back, as the release before left it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes.update(url=url, marks=b"", queue=b"")
    command.downgrade(config, "-1")


def test_an_upgrade_begins_with_a_backup_and_ends_with_a_check(small, operator, tmp_path):
    core, _, _ = small
    older(core.settings.database_url)
    refused = lachan("upgrade", env=settings_of(core, {}))
    assert refused.returncode == 1
    assert "chưa nâng cấp gì" in refused.stderr
    assert "LACHAN_BACKUP_KEY" in refused.stderr
    assert soundness.judge(core.db, core.settings.keys, core.vault).code == "schema_old"
    done = lachan("upgrade", env=settings_of(core, operator))
    assert soundness.judge(core.db, core.settings.keys, core.vault) is None, done.stdout + done.stderr
    assert "1. Đã sao lưu" in done.stdout
    assert "2. Lược đồ" in done.stdout
    assert "3. Kiểm tra" in done.stdout
    assert len(list((tmp_path / "away").glob("*.backup"))) == 1
