"""Accounts: what an invitation may say, what a lost password costs, and the server's own command."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from sqlalchemy import func, select

from bot.storage.tables import ConsoleSession, Officer
from tests.support import commands
from tests.support.console import post, run
from tests.support.world import environment

ROOT = Path(__file__).resolve().parents[3]
GOOD = {"login": "moi.1", "name": "Nguyễn Văn A", "role": "officer", "unit": "ca.31.10645"}


NONSENSE = [
    ({"login": "Có dấu"}, "chữ thường không dấu"),
    ({"login": "a b"}, "chữ thường không dấu"),
    ({"login": "ab"}, "chữ thường không dấu"),
    ({"login": "anphu"}, "đã có"),
    ({"name": "   "}, "Họ tên"),
    ({"name": "x" * 61}, "Họ tên"),
    ({"unit": "ca.99"}, "Vai trò này"),
    ({"unit": ""}, "Vai trò này"),
    ({"role": "supervisor"}, "Vai trò này"),
    ({"role": "central"}, "Vai trò này"),
    ({"role": "admin"}, "Vai trò này"),
    ({"role": "root"}, "Vai trò này"),
]


def test_invitations_that_make_no_sense(desk):
    async def story():
        client = await desk.signed_in("quantri")
        for change, says in NONSENSE:
            answer = await post(client, "/accounts", "/accounts", **(GOOD | change))
            assert answer.status_code == 400, change
            assert says in answer.text, change
        with desk.core.db.reading() as session:
            assert session.execute(select(func.count()).select_from(Officer)).scalar_one() == len(desk.officers)

    run(story)


def test_names_are_text_and_nothing_else(desk):
    async def story():
        client = await desk.signed_in("quantri")
        answer = await post(client, "/accounts", "/accounts", **(GOOD | {"name": "<script>alert(1)</script>"}))
        assert answer.status_code == 200
        listed = (await client.get("/accounts?q=moi.1")).text
        assert "<script>alert" not in listed
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in listed

    run(story)


def test_a_renewed_account_is_out_at_once_and_its_link_works_once(desk):
    async def story():
        officer, admin = await desk.signed_in("anphu"), await desk.signed_in("quantri")
        with desk.core.db.reading() as session:
            officer_id = session.execute(select(Officer.id).where(Officer.login == "anphu")).scalar_one()
        page = (await post(admin, f"/accounts/{officer_id}/renew", "/accounts")).text
        token = re.search(r"/enrol/([A-Za-z0-9_\-]+)", page)[1]
        assert (await officer.get("/")).headers["location"] == "/sign-in"
        words = {"password": "mot cau khac rat dai", "again": "mot cau khac rat dai"}
        assert (await desk.browser().post(f"/enrol/{token}", data=words)).status_code == 200
        for again in (
            await desk.browser().get(f"/enrol/{token}"),
            await desk.browser().post(f"/enrol/{token}", data=words),
        ):
            assert again.status_code == 401
            assert "không dùng được nữa" in again.text

    run(story)


def test_nobody_switches_themselves_off_and_others_are_out_at_once(desk):
    async def story():
        admin, officer = await desk.signed_in("quantri"), await desk.signed_in("anphu")
        with desk.core.db.reading() as session:
            ids = {row.login: row.id for row in session.execute(select(Officer.login, Officer.id))}
        assert (await post(admin, f"/accounts/{ids['quantri']}/switch", "/accounts")).status_code == 404
        assert (await post(admin, f"/accounts/{ids['anphu']}/switch", "/accounts")).status_code == 303
        assert (await officer.get("/")).status_code == 303
        with desk.core.db.reading() as session:
            assert session.execute(select(func.count()).select_from(ConsoleSession)).scalar_one() == 1

    run(story)


def test_searching_and_paging(desk):
    async def story():
        client = await desk.signed_in("quantri")
        found = (await client.get("/accounts?q=An+Phú")).text
        assert "anphu" in found
        assert "laichau" not in found
        assert (await client.get("/accounts?q=%25&page=99999999999")).status_code == 200
        assert "Công an xã An Phú" in (await client.get("/units?q=an+phú")).text

    run(story)


def test_the_first_account_is_made_on_the_server(tmp_path):
    env = environment(tmp_path) | {"PATH": "/usr/bin:/bin", "LACHAN_CONSOLE_URL": "https://noi-bo.example"}

    def lachan(*words: str) -> subprocess.CompletedProcess[str]:
        return commands.run(*words, env=env)

    assert lachan("db", "init").returncode == 0
    made = lachan("officers", "invite", "quan.tri", "--name", "Quản trị")
    assert made.returncode == 0, made.stderr
    assert re.search(r"https://noi-bo\.example/enrol/[A-Za-z0-9_-]{40,}", made.stdout)
    assert "quan.tri" in lachan("officers", "list").stdout
    again = lachan("officers", "invite", "quan.tri", "--name", "Quản trị")
    assert again.returncode == 1
    assert "đã có" in again.stderr
    assert lachan("officers", "renew", "khong.co").returncode == 1
    assert "/enrol/" in lachan("officers", "renew", "quan.tri").stdout
