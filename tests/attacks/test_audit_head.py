"""An insider who writes to the database rewrites the audit log, chain and all: nothing inside of it can show that any more."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from sqlmodel import col

from bot.app import Core
from bot.checks.desks import desks
from bot.checks.findings import Mark
from bot.core.errors import SendError
from bot.jobs import audit_head
from bot.services import audit, audit_heads
from bot.settings import ROOT, MailSettings
from bot.storage.tables import Audit, AuditHead
from tests.support.smtp_sink import smtp_sink
from tests.support.world import core_in, environment

NOW = 1_800_000_000.0


@pytest.fixture
def core(tmp_path: Path):
    """An office whose log is kept on another disk."""
    for name in ("data", "elsewhere"):
        (tmp_path / name).mkdir()
    with core_in(tmp_path / "data", LACHAN_AUDIT_HEAD_FILE=str(tmp_path / "elsewhere" / "heads")) as made:
        made.now = lambda: NOW
        yield made


def acts(core: Core, number: int, actor: str = "anphu") -> None:
    with core.db.transaction() as session:
        for at in range(number):
            audit.record(session, NOW + at, actor, "tip_read", f"tip-{at}")


def rewrite(core: Core, forget: int) -> None:
    """Every entry by somebody else, one left out, hashes and head computed anew: what an insider would leave."""
    with core.db.transaction() as session:
        rows = [
            (row.at, row.action, row.subject, row.detail)
            for row in session.execute(select(Audit).order_by(col(Audit.seq))).scalars()
            if row.seq != forget
        ]
        session.execute(delete(Audit))
        session.execute(delete(AuditHead))
        for at, action, subject, detail in rows:
            audit.record(session, at, "somebody-else", action, subject, detail)


def verdict(core: Core) -> audit.Verdict:
    with core.db.reading() as session:
        return audit.verify(session)


def said_by_check(core: Core):
    return next(line for line in desks(core) if line.subject == "Mã cuối nhật ký")


def test_a_rewritten_chain_is_whole_and_does_not_fit_what_was_kept(core) -> None:
    acts(core, 5)
    assert said_by_check(core).mark is Mark.WARN, "nothing was kept yet"
    audit_head.run(core)
    assert said_by_check(core).mark is Mark.GOOD
    rewrite(core, forget=3)
    acts(core, 4)
    assert verdict(core).ok, "the chain itself cannot tell"
    kept = audit_heads.kept(core.settings.audit_head_file)
    with core.db.reading() as session:
        assert audit.contradicted(session, kept) == kept
    assert said_by_check(core).mark is Mark.BAD


def test_a_log_cut_back_and_told_on_is_noticed(core) -> None:
    acts(core, 5)
    audit_head.run(core)
    with core.db.transaction() as session:
        session.execute(delete(Audit).where(col(Audit.seq) > 3))
        last = session.execute(select(col(Audit.hash)).where(col(Audit.seq) == 3)).scalar_one()
        session.execute(update(AuditHead).values(seq=3, hash=last))
    assert verdict(core).ok
    assert said_by_check(core).mark is Mark.BAD


def test_the_file_only_grows_and_an_unchanged_log_adds_no_line(core) -> None:
    path = core.settings.audit_head_file
    acts(core, 1)
    audit_head.run(core)
    first = path.read_text()
    audit_head.run(core)
    assert path.read_text() == first
    acts(core, 1)
    audit_head.run(core)
    assert path.read_text().startswith(first)
    assert [head.seq for head in audit_heads.kept(path)] == [1, 2]
    assert set(json.loads(first)) == {"lachan_audit", "at", "seq", "hash"}, "it names nobody"
    assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0


def test_a_place_that_cannot_be_written_is_told(core, caplog) -> None:
    acts(core, 1)
    core.settings = core.settings.model_copy(update={"audit_head_file": Path("/nowhere/heads")})
    with pytest.raises(audit_heads.HeadsError):
        audit_head.run(core)
    assert [(r.code, r.error) for r in caplog.records if r.msg == "audit_head_not_kept"] == [
        ("file", "FileNotFoundError")
    ]
    assert said_by_check(core).mark is Mark.BAD


def test_a_damaged_line_is_not_passed_over(core) -> None:
    acts(core, 1)
    audit_head.run(core)
    path = core.settings.audit_head_file
    path.write_text(path.read_text().replace('"hash": "', '"hash": "x'))
    assert said_by_check(core).mark is Mark.BAD


def test_a_mail_a_day_by_one_of_many_processes_and_again_when_it_failed(core, tmp_path) -> None:
    acts(core, 2)
    with smtp_sink() as sink:
        mail = MailSettings(host="127.0.0.1", port=sink.port, sender="Lá Chắn <lachan@example.vn>", tls=False)
        core.settings = core.settings.model_copy(
            update={"mail": mail, "audit_head_mail": "kiemtoan@example.vn", "audit_head_file": None}
        )
        sink.refuse_data = b"451 later"
        with pytest.raises(SendError):
            audit_head.run(core)
        assert sink.mails == []
        sink.refuse_data = b""
        for _ in range(3):
            audit_head.run(core)
        assert [to for to, _ in sink.mails] == ["kiemtoan@example.vn"]
        core.now = lambda: NOW + 86_400
        audit_head.run(core)
        assert len(sink.mails) == 2
        saved = sink.mails[0][1]
    assert audit_heads.read(audit_heads.plain(saved)) == [audit.Head(2, verdict(core).head)]


def test_the_command_compares_a_file_or_a_saved_mail(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    env = environment(tmp_path / "data")
    with core_in(tmp_path / "data", **env) as core:
        acts(core, 3)
        line = lachan(env, "audit", "head")
        assert json.loads(line.stdout)["seq"] == 3
        kept = tmp_path / "kept"
        kept.write_text(f"ghi lại ngày 1/12:\n{line.stdout}")
        good = lachan(env, "audit", "head", "--verify", str(kept))
        assert (good.returncode, "Khớp cả 1" in good.stdout) == (0, True)
        acts(core, 1)
        assert lachan(env, "audit", "head", "--verify", str(kept)).returncode == 0
        rewrite(core, forget=2)
        bad = lachan(env, "audit", "head", "--verify", str(kept))
        assert bad.returncode == 1
        assert "mục 3" in bad.stderr
        assert lachan(env, "audit", "head", "--verify", str(tmp_path / "absent")).returncode == 1


def lachan(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments], cwd=ROOT, env={"PATH": "/usr/bin:/bin", **env}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
