"""`lachan zalo` and `lachan check` as an operator runs them, against the pretended platforms."""

from __future__ import annotations

import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot import settings as settings_module
from bot.app import Core
from bot.channel_set import buttons_mark
from bot.channels.zalo_oa.limits import VIETNAM
from bot.commands.sandbox import environment as sandbox_environment
from bot.core.messages import Channel
from bot.sandbox.world import Fault, World
from bot.services.messaging import channel_tokens, outbox, pacing
from tests.support import commands, live, telegram_stub
from tests.support.product import ROOT
from tests.support.telegram_stub import TelegramStub
from tests.support.world import environment, migrated

CERTIFICATES = Path(__file__).parents[2] / "support" / "certificates"


@dataclass
class Operator:
    """Somebody at the server's command line. said: everything the commands printed, also to the error stream."""

    env: dict[str, str]
    said: list[str] = field(default_factory=list)

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        done = commands.run(*arguments, env={**os.environ, **self.env}, typed=typed)
        self.said.append(done.stdout + done.stderr)
        return done.returncode, done.stdout


@dataclass
class Place:
    """Both platforms, and an operator of a product set up for them."""

    zalo: World
    telegram: TelegramStub
    operator: Operator

    def core(self) -> Core:
        return Core(settings_module.load(self.operator.env))

    def connected(self) -> None:
        core = self.core()
        with core.db.transaction() as session:
            channel_tokens.enter(
                session, core.vault, Channel.ZALO_OA, self.zalo.access, self.zalo.refresh, core.now(), 90_000
            )
        core.close()

    def secrets(self) -> list[str]:
        config = self.zalo.config
        return [
            config.app_secret, config.oa_secret, config.bot_token, config.bot_secret, self.zalo.access, self.zalo.refresh,
            telegram_stub.TOKEN, telegram_stub.SECRET,
        ]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    stub = TelegramStub()
    with live.zalo("http://127.0.0.1:9") as world, live.served(stub.app()) as telegram:
        env = environment(tmp_path, **sandbox_environment(world)) | {
            "LACHAN_TELEGRAM_TOKEN": telegram_stub.TOKEN, "LACHAN_TELEGRAM_WEBHOOK_SECRET": telegram_stub.SECRET,
            "LACHAN_TELEGRAM_API_BASE": telegram, "LACHAN_PUBLIC_URL": "http://127.0.0.1:9",
            "LACHAN_ZALO_DOMAIN_VERIFIER": "AbC",
        }  # fmt: skip
        migrated(f"sqlite:///{tmp_path / 'lachan.db'}")
        made = Place(world, stub, Operator(env))
        yield made
        for text in made.operator.said:
            for secret in made.secrets():
                assert secret not in text


def stored(place: Place) -> channel_tokens.TokenPair:
    core = place.core()
    try:
        with core.db.reading() as session:
            pair = channel_tokens.load(session, core.vault, Channel.ZALO_OA)
        assert pair is not None
        return pair
    finally:
        core.close()


def test_login_with_a_pair_from_the_api_explorer(place: Place):
    given = place.zalo.refresh
    code, out = place.operator.run("zalo", "login", typed=f"{given}\n")
    assert (code, "Đã nối" in out) == (0, True)
    assert place.zalo.exchanges == 1, "the pair was exchanged at once, so that a copy of it is worth nothing"
    assert (stored(place).access, stored(place).refresh) == (place.zalo.access, place.zalo.refresh)
    code, out = place.operator.run("zalo", "status")
    assert (code, "Lá Chắn (thử)" in out) == (0, True)
    code, out = place.operator.run("zalo", "login", typed=f"{given}\n")
    assert (code, "-14014" in out) == (1, True), "a refresh token works once"
    assert stored(place).failed == "", "a failed try does not harm the pair that works"


def test_login_with_the_administrators_consent(place: Place):
    """The whole OAuth flow: the address is opened, the administrator agrees, the address bar is pasted back."""
    redirect = "https://lachan.example.vn/callback"
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot.cli", "zalo", "login", "--redirect", redirect], cwd=ROOT,
        env={**os.environ, **place.operator.env}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        text=True, start_new_session=True,
    )  # fmt: skip
    address = next(line for line in process.stdout if line.startswith("http")).strip()
    assert parse_qs(urlsplit(address).query)["redirect_uri"] == [redirect]
    agreed = httpx.get(address, follow_redirects=False)
    landed = agreed.headers["location"]
    assert landed.startswith(f"{redirect}?code=")
    rest, _ = process.communicate(f"{landed}\n", timeout=250)
    place.operator.said.append(rest)
    assert (process.returncode, "Đã nối" in rest) == (0, True)
    assert stored(place).access == place.zalo.access


def test_a_foreign_consent_is_refused(place: Place):
    answer = "https://lachan.example.vn/callback?code=code00000001&state=foreign"
    code, _ = place.operator.run(
        "zalo", "login", "--redirect", "https://lachan.example.vn/callback", typed=f"{answer}\n"
    )
    assert code != 0
    assert place.zalo.exchanges == 0


def test_everything_good(place: Place):
    place.connected()
    code, out = place.operator.run("check", "--register")
    assert "token dùng được, bot @lachan_bot" in out
    assert "token dùng được, OA “Lá Chắn (thử)”" in out
    assert "token dùng được, gói BASIC" in out
    assert out.count("webhook đã đăng ký đúng") == 2
    assert place.telegram.webhook == "http://127.0.0.1:9/webhooks/telegram"
    assert place.zalo.webhook_url == "http://127.0.0.1:9/webhooks/zalo-bot"
    assert "tháng này 0/3000 tin, 0/50 người" in out
    assert "✗" not in out
    assert code == 0


def test_bad_tokens_are_named_in_plain_words(place: Place):
    place.connected()
    place.operator.env |= {"LACHAN_TELEGRAM_TOKEN": "1:wrong", "LACHAN_ZALO_BOT_TOKEN": "2:wrong"}
    place.zalo.access, place.zalo.refresh = "revoked", "revoked-too"
    code, out = place.operator.run("check")
    assert code == 1
    lines = {line for line in out.splitlines() if "✗" in line}
    for name in ("Telegram", "Zalo Bot"):
        assert any(f"{name}: Token sai hoặc đã bị thu hồi" in line for line in lines), name
    assert any("Zalo OA" in line and "lachan zalo login" in line for line in lines), out
    assert "wrong" not in out


def test_a_missing_webhook_a_missing_secret_and_no_token_at_all(place: Place):
    place.zalo.webhook_url = "https://elsewhere.example/hook"
    place.operator.env |= {"LACHAN_TELEGRAM_WEBHOOK_SECRET": "", "LACHAN_ZALO_OA_SECRET": "", "LACHAN_ZALO_OA_ID": ""}
    code, out = place.operator.run("check")
    assert code == 1
    assert "Telegram: thiếu LACHAN_TELEGRAM_WEBHOOK_SECRET" in out
    assert out.count("webhook chưa đăng ký") == 2
    assert "thiếu LACHAN_ZALO_OA_SECRET" in out
    assert "thiếu LACHAN_ZALO_OA_ID" in out
    assert "Chưa có token. Chạy `lachan zalo login`." in out
    assert "elsewhere" not in out


def test_without_any_token_all_channels_are_off_and_that_is_no_error(tmp_path: Path):
    env = environment(tmp_path)
    migrated(f"sqlite:///{tmp_path / 'lachan.db'}")
    code, out = Operator(env).run("check")
    assert [line for line in out.splitlines() if "tắt" in line and line.startswith("–")][-3:] == [
        "– Telegram: tắt: chưa có LACHAN_TELEGRAM_TOKEN", "– Zalo OA: tắt: chưa có LACHAN_ZALO_APP_ID",
        "– Zalo Bot: tắt: chưa có LACHAN_ZALO_BOT_TOKEN",
    ]  # fmt: skip
    assert code == 0


def test_a_platform_that_is_not_reachable(place: Place):
    """Telegram may be blocked in Viet Nam: that is said, and the others are still checked."""
    place.connected()
    place.operator.env["LACHAN_TELEGRAM_API_BASE"] = "http://127.0.0.1:9"
    code, out = place.operator.run("check")
    assert code == 1
    assert "Telegram: Không nối được tới máy chủ của nền tảng" in out
    assert "OA “Lá Chắn (thử)”" in out


def test_polling_with_a_webhook_left_over(place: Place):
    place.connected()
    place.telegram.webhook = "https://old.example/hook"
    place.operator.env |= {"LACHAN_TELEGRAM_MODE": "polling", "LACHAN_ZALO_BOT_MODE": "polling"}
    code, out = place.operator.run("check")
    assert (code, out.count("đang có webhook nên không lấy được tin")) == (1, 2)
    code, out = place.operator.run("check", "--register")
    assert (code, out.count("lấy tin bằng polling")) == (0, 2)
    assert (place.telegram.webhook, place.zalo.webhook_url) == ("", "")


def test_refused_buttons_and_a_month_nearly_used_up_are_warnings(place: Place):
    place.connected()
    core = place.core()
    month = datetime.now(VIETNAM)
    with core.db.transaction() as session:
        outbox.mark(session, buttons_mark(core.settings.zalo_oa))
        pacing.meter(session, f"month:zalo_bot:{month:%Y-%m}").count = 2_700
    core.close()
    code, out = place.operator.run("check", "--register")
    assert code == 0
    assert "! Zalo OA: Zalo đã từ chối nút bấm" in out
    assert "! Zalo Bot: tháng này 2700/3000 tin" in out


def test_an_account_in_trouble(place: Place):
    place.connected()
    place.zalo.faults.append(Fault("getoa", code=-221))
    code, out = place.operator.run("check", "--register")
    assert (code, "✗ Zalo OA: OA chưa được xác thực. Xác thực OA với Zalo." in out) == (1, True)


@contextmanager
def https(name: str) -> Iterator[str]:
    """A server on loopback with a certificate of tests/support/certificates."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a refused handshake is what is tested
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("name", "trusted", "words"),
    [
        ("valid", True, "chứng chỉ còn"),
        ("valid", False, "chứng chỉ tự ký"),
        ("expired", True, "chứng chỉ đã hết hạn"),
    ],
)
def test_the_certificate_of_the_public_address(place: Place, name: str, trusted: bool, words: str):
    place.connected()
    with https(name) as url:
        place.operator.env["LACHAN_PUBLIC_URL"] = url
        if trusted:
            place.operator.env["SSL_CERT_FILE"] = str(CERTIFICATES / f"{name}.pem")
        code, out = place.operator.run("check", "--register")
    assert f"Địa chỉ công khai: {words}" in out, out
    assert code == (0 if words == "chứng chỉ còn" else 1)


def test_nobody_listens_at_the_public_address(place: Place):
    place.connected()
    place.operator.env["LACHAN_PUBLIC_URL"] = "https://127.0.0.1:9"
    code, out = place.operator.run("check", "--register")
    assert (code, "không mở được qua https" in out) == (1, True)
