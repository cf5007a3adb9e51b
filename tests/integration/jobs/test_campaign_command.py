"""`lachan campaign`: the real commands, their prompts answered on standard input; once as a process of its own."""

from __future__ import annotations

import base64
import os
import re
import shutil
import time
from datetime import datetime

import pyotp
import pytest
from click.testing import Result
from openpyxl import load_workbook
from sqlalchemy import select
from typer.testing import CliRunner

from bot.app import Core
from bot.commands import campaign as command
from bot.commands import zalo
from bot.core.campaigns.schedule import VIETNAM
from bot.services.campaigns import acts
from bot.services.units import demo
from bot.settings import ROOT, load
from bot.storage.tables import Campaign, CampaignTest, ConsoleSession, Delivery, Officer
from tests.support import campaigns as world
from tests.support import commands
from tests.support.campaigns import StubChannel, duty
from tests.support.world import environment, migrated

ON = {"LACHAN_TELEGRAM_TOKEN": "1:stub"}


class Server:
    """A machine with the product on it, and officers who know their passwords."""

    def __init__(self, folder) -> None:
        self.env = environment(folder, **ON)
        self.folder = folder
        settings = load(self.env)
        migrated(settings.database_url)
        self.core = Core(settings)
        raw = (settings.content_dir / "units" / "demo.csv").read_bytes()
        with self.core.db.transaction() as session:
            made = demo.seed(session, self.core.vault, raw, 1000.0)
        self.officers = {officer.login: officer for officer in made}
        self._step = int(time.time() // 30) - 1

    def run(self, *words: object, by: str = "", typed: str = "") -> Result:
        """One command; `by` answers the prompts for somebody."""
        if by:
            words = (*words, "--as", by)
            typed = typed or self.secrets(by)
        return CliRunner().invoke(
            command.app, [*map(str, words)], input=typed, env=self.env, prog_name="lachan campaign"
        )

    def secrets(self, login: str) -> str:
        """Password and a code that is good now. A code works once: what was used is forgotten between two commands."""
        with self.core.db.transaction() as session:
            session.execute(select(Officer).where(Officer.login == login)).scalar_one().totp_last = -1
        officer = self.officers[login]
        return f"{officer.password}\n{pyotp.TOTP(officer.totp_secret).now()}\n"

    def ok(self, *words: object, by: str = "") -> str:
        done = self.run(*words, by=by)
        assert done.exit_code == 0, done.output
        return done.stdout

    def refused(self, *words: object, by: str = "", typed: str = "") -> str:
        done = self.run(*words, by=by, typed=typed)
        assert done.exit_code == 1, done.output
        assert isinstance(done.exception, SystemExit)
        assert done.stdout == ""
        return done.stderr

    def row(self, number: int = 1) -> Campaign:
        return world.state(self.core, number)

    def seal(self, number: int = 1) -> str:
        return self.row(number).digest


@pytest.fixture
def server(tmp_path):
    found = Server(tmp_path)
    world.subscribe(found.core, 12, province_code=lambda n: ("31", "01")[n % 2], topics=lambda n: n % 2)
    yield found
    found.core.close()


def at(hour: int = 10) -> str:
    """Ten in the morning of a day that comes, in Viet Nam."""
    tomorrow = datetime.fromtimestamp(time.time() + 86_400, VIETNAM)
    return f"{tomorrow:%Y-%m-%d} {hour:02}:00"


def test_from_a_draft_to_the_report(server, tmp_path):
    assert "ngay_30_7: " in server.ok("kits")
    assert "30/07/2027 – 30/07/2027" in server.ok("calendar", 2027)
    assert server.ok("count", "--province", "31") == "Telegram: 6\nTất cả: 6\n"
    made = server.ok("draft", "kit:ngay_30_7", at(), "--province", "31", "--length", "medium", by="haiphong")
    assert made == "Bản nháp số 1: 30/7: ba việc nhỏ cho người mình thương\n"
    shown = server.ok("preview", 1)
    assert "Trên màn hình khóa (Telegram, Zalo Bot): Bản tin Lá Chắn" in shown
    assert {"== Telegram, Tiếng Việt ==", "== Zalo OA, Tiếng Anh =="} <= set(shown.splitlines())
    assert "Chờ người thứ hai duyệt" in server.ok("submit", 1, by="haiphong")
    assert "[own_campaign]" in server.refused("approve", 1, server.seal(), by="haiphong")
    assert "[changed]" in server.refused("approve", 1, "0" * 64, by="trungtam")
    assert "Đã duyệt" in server.ok("approve", 1, server.seal(), by="trungtam")
    assert "Tạm dừng" in server.ok("pause", 1, by="trungtam")
    assert "Đã duyệt" in server.ok("resume", 1, by="haiphong")
    server.core.now = lambda: server.row().start_at + 1
    assert duty(server.core, StubChannel()).run() == 6
    with server.core.db.transaction() as session:
        someone = session.execute(select(Delivery.conversation_id).where(Delivery.campaign_id == 1)).scalars().first()
        acts.tapped(session, 1, "do:check_offer", someone)
    line = server.ok("progress", 1)
    assert f"[{'█' * 30}] 100%  6/6  Đã gửi xong  Đã gửi 6" in line
    for name in ("a.csv", "a.xlsx", "a.svg"):
        assert server.ok("report", 1, tmp_path / name) == f"Đã ghi {name}\n"
    assert "Telegram,Đã gửi,,6" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    cells = [cell.value for row in load_workbook(tmp_path / "a.xlsx")["Kết quả"] for cell in row]
    assert cells[-4:] == ["Telegram", "Đã gửi", None, 6]
    chart = (tmp_path / "a.svg").read_text()
    assert {"Kết quả", "Đã gửi", "Kiểm tra một lời mời"} <= {
        line.split(">", 1)[1].split("<")[0] for line in chart.splitlines() if line.startswith("<text")
    }
    assert "Đã gửi xong" in server.ok("list")
    with server.core.db.reading() as session:
        assert session.execute(select(ConsoleSession.id)).first() is None, "no session stays behind"


def test_a_dry_run_needs_no_second_person_and_reaches_nobody(server):
    server.ok("draft", "kit:nguoi_tro_ve", at(), "--dry-run", by="haiphong")
    assert "Đã duyệt" in server.ok("submit", 1, by="haiphong")
    server.core.now = lambda: server.row().start_at + 1
    channel = StubChannel()
    duty(server.core, channel).run()
    assert channel.got == []
    assert "Chạy thử 12" in server.ok("progress", 1)


def test_stop_withdraw_and_a_test_message(server):
    server.ok("draft", "kit:ngay_30_7", at(), by="haiphong")
    server.ok("submit", 1, by="haiphong")
    assert "Bản nháp" in server.ok("withdraw", 1, by="trungtam")
    assert "Tin thử sẽ tới" in server.ok("test", 1, by="haiphong")
    assert "Đã dừng hẳn" in server.ok("stop", 1, by="haiphong")
    assert "[act_not_possible]" in server.refused("resume", 1, by="haiphong")
    with server.core.db.reading() as session:
        assert session.execute(select(CampaignTest.officer_id)).scalars().all() == [server.row().created_by]


def test_what_people_run_by_hand(server, tmp_path):
    said = server.ok("by-hand", "ngay_30_7", tmp_path / "tay")
    sms = (tmp_path / "tay" / "sms.txt").read_text().strip()
    assert sms.isascii()
    assert len(sms) < 160
    assert f"sms.txt: {len(sms)} ký tự, không dấu" in said
    read_aloud = int(said.split("đọc khoảng ")[1].split()[0])
    assert 60 <= read_aloud <= 90
    assert (tmp_path / "tay" / "30_7_day.png").read_bytes()[:4] == b"\x89PNG"
    assert "LACHAN_PUBLIC_URL" in said
    server.env["LACHAN_PUBLIC_URL"] = "https://lachan.example.vn"
    assert "to-roi.pdf" in server.ok("by-hand", "ngay_30_7", tmp_path / "tay")
    assert (tmp_path / "tay" / "ap-phich-a3.pdf").read_bytes()[:4] == b"%PDF"
    assert "[kit]" in server.refused("by-hand", "khong_co", tmp_path / "tay")
    assert "[file]" in server.refused("by-hand", "ngay_30_7", "/dev/null/x")


@pytest.mark.parametrize("number", [7, 2**31, 10**20])
def test_a_number_no_campaign_has(server, number):
    assert "[campaign]" in server.refused("preview", number)
    assert "[campaign]" in server.refused("pause", number, by="haiphong")


def test_words_that_expired_are_not_handed_out(server, tmp_path):
    shutil.copytree(ROOT / "content", tmp_path / "content")
    kit = tmp_path / "content" / "campaigns" / "ngay_30_7.yml"
    kit.write_text(re.sub(r"(?m)^expires: .*$", "expires: 2026-01-01", kit.read_text()))
    server.env |= {
        "LACHAN_CONTENT_DIR": str(tmp_path / "content"), "LACHAN_ZALO_APP_ID": "1", "LACHAN_ZALO_APP_SECRET": "app-secret-of-a-test",
    }  # fmt: skip
    assert "[content_expired]" in server.refused("by-hand", "ngay_30_7", tmp_path / "tay")
    assert not (tmp_path / "tay").exists()
    done = CliRunner().invoke(zalo.app, ["article", "ngay_30_7"], env=server.env)
    assert (done.exit_code, "đã hết hạn" in done.output) == (1, True)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("kit:ngay_30_7", "mai sáng"), "start"), (("kit:ngay_30_7", at(), "--topic", "money"), "audience"),
        (("file:danh-sach.csv", at()), "content"), (("kit:ngay_30_7", at(), "--length", "epic"), "content"),
        (("kit:ngay_30_7", at(), "--spread", "999999"), "spread"), (("kit:ngay_30_7", at(), "--weekly", "9"), "weekly"),
    ],
)  # fmt: skip
def test_drafts_that_cannot_be_are_refused(server, words, code):
    said = server.refused("draft", *words, by="haiphong")
    assert f"[{code}]" in said
    assert "Không làm được" not in said, "each has its own sentence"


@pytest.mark.parametrize(
    ("words", "code"),
    [(("kit:ngay_30_7", "2026-01-01 10:00"), "past"), (("kit:ngay_30_7", at(23)), "night"),
     (("kit:ngay_30_7", at(), "--province", "96"), "nobody"), (("kit:none", at()), "content_missing"),
     (("kit:ngay_30_7", at(), "--channel", "zalo_oa", "--channel", "telegram"), "channel_off")],
)  # fmt: skip
def test_drafts_that_cannot_be_sent_are_not_submitted(server, words, code):
    assert f"[{code}]" in server.ok("draft", *words, by="haiphong"), "said at once"
    assert f"[{code}]" in server.refused("submit", 1, by="haiphong")
    assert server.row().state == "draft"


def test_who_may_not(server):
    assert "[role]" in server.refused("draft", "kit:ngay_30_7", at(), by="anphu")
    assert "[role]" in server.refused("draft", "kit:ngay_30_7", at(), by="quantri")
    wrong = "khong-phai-mat-khau\n000000\n"
    assert "[sign_in]" in server.refused("stop", 1, by="haiphong", typed=wrong)
    assert "[sign_in]" in server.refused("stop", 1, by="khong.ai", typed=wrong)
    for _ in range(4):
        server.run("stop", 1, by="haiphong", typed=wrong)
    assert "[locked]" in server.refused("stop", 1, by="haiphong")
    assert "[campaign]" in server.refused("preview", 99)
    assert "[suffix]" in server.refused("report", 1, "x.pdf")


def test_a_code_works_once(server):
    typed = server.secrets("haiphong")
    assert server.run("draft", "kit:ngay_30_7", at(), by="haiphong", typed=typed).exit_code == 0
    assert "[sign_in]" in server.refused("submit", 1, by="haiphong", typed=typed)


def test_lists_of_subscribers_are_refused(server, tmp_path):
    file = tmp_path / "danh-sach.csv"
    file.write_text("so,ten\n0900000000,An\n")
    said = server.refused("import", file)
    assert "[no_lists]" in said
    assert "0900000000" not in said


def test_as_a_process_of_its_own(server):
    words = ("campaign", "draft", "kit:ngay_30_7", at(), "--as", "haiphong")
    done = commands.run(*words, env=os.environ | server.env, typed=server.secrets("haiphong"))
    assert (done.returncode, done.stdout[:15], done.stderr) == (0, "Bản nháp số 1: ", "")


def test_settings_that_are_wrong_are_named(tmp_path):
    env = environment(tmp_path, **ON) | {"LACHAN_SERVER_KEY": base64.b64encode(b"short").decode()}
    done = CliRunner().invoke(command.app, ["list"], env=env)
    assert done.exit_code == 1
    assert done.stderr.startswith("Thiết lập chưa đúng: LACHAN_SERVER_KEY")
    assert "c2hvcnQ" not in done.output


def test_a_database_that_is_not_there_says_what_to_do(tmp_path):
    done = CliRunner().invoke(command.app, ["list"], env=environment(tmp_path, **ON))
    assert done.exit_code == 1
    assert "lachan db init" in done.stderr
