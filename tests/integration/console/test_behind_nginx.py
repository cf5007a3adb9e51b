"""Wrong sign-ins are counted for each address also where nginx stands in front, as docs/nginx has it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pyotp
import pytest

from bot.app import Core
from tests.support import live, nginx
from tests.support.console import Desk


def test_an_outsider_behind_the_same_proxy_locks_no_officer_out(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)
    desk = Desk(core)
    with live.served(desk.app) as console, nginx.proxied(tmp_path, console, console) as front:

        def sign_in(address: str, password: str, code: str, **headers: str) -> httpx.Response:
            form = {"login": "anphu", "password": password, "code": code}
            with httpx.Client(transport=httpx.HTTPTransport(local_address=address), timeout=30) as client:
                return client.post(f"{front}/sign-in", data=form, headers={"Host": nginx.OFFICERS} | headers)

        for number in range(6):  # what a caller says of their own address is not believed
            wrong = sign_in("127.0.0.2", "sai sai sai sai", "000000", **{"X-Forwarded-For": f"203.0.113.{number}"})
        assert "tạm khóa" in wrong.text
        officer = desk.officers["anphu"]
        right = sign_in("127.0.0.3", officer.password, pyotp.TOTP(officer.totp_secret).at(desk.now))
        assert right.status_code == 303
