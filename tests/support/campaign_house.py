"""A console on a free port at noon of 20 July, with people on a platform of our own, for a real browser."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyotp
import uvicorn
from playwright.sync_api import Page
from sqlalchemy import select

from bot.app import Core
from bot.console.asgi import create_app
from bot.core.campaigns.audience import Audience
from bot.core.campaigns.params import Params
from bot.core.campaigns.schedule import VIETNAM
from bot.core.errors import SendError, SendPolicy
from bot.presentation.campaign_desk import desk
from bot.services.campaigns import acts
from bot.services.units import demo
from bot.storage.tables import CampaignTap, Officer
from tests.support import newsletter
from tests.support.product import free_port
from tests.support.world import core_in

NOON = datetime(2026, 7, 20, 12, tzinfo=VIETNAM).timestamp()
AUTHOR, SECOND = "haiphong", "trungtam"


class House:
    """The running console. Its clock goes on from noon and can be moved."""

    def __init__(self, core: Core, url: str) -> None:
        self.core, self.url = core, url
        self._began, self._noon = time.monotonic(), NOON
        core.now = self.now
        newsletter.switch_on(core)
        raw = (core.settings.content_dir / "units" / "demo.csv").read_bytes()
        with core.db.transaction() as session:
            self.officers = {officer.login: officer for officer in demo.seed(session, core.vault, raw, self.now())}
            self.ids = {login: self._id(session, login) for login in (AUTHOR, SECOND)}

    def now(self) -> float:
        return self._noon + time.monotonic() - self._began

    def later(self, seconds: float) -> None:
        self._noon += seconds

    @staticmethod
    def _id(session: Any, login: str) -> str:
        return session.execute(select(Officer.id).where(Officer.login == login)).scalar_one()

    def sign_in(self, page: Page, login: str) -> None:
        officer = self.officers[login]
        self.later(31)  # a code works once
        page.goto(f"{self.url}/sign-in")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", officer.password)
        page.fill("input[name=code]", pyotp.TOTP(officer.totp_secret).at(self.now()))
        page.get_by_role("button", name="Đăng nhập").click()
        page.wait_for_url(f"{self.url}/")

    def campaign(self, title: str, *, submit: bool = True, approve: bool = True, **more: Any) -> int:
        """A campaign as far as wanted."""
        wanted = {
            "title": title, "source": "kit", "source_id": "ngay_30_7", "length": "medium", "start_at": self.now() + 1,
            "audience": Audience(), **more,
        }  # fmt: skip
        with self.core.db.transaction() as session:
            house = desk(self.core)
            row = acts.create(session, house, Params(**wanted), self.ids[AUTHOR])
            if submit:
                acts.submit(session, house, row.id, self.ids[AUTHOR])
            if submit and approve:
                acts.approve(session, house, row.id, self.ids[SECOND], row.digest)
            return row.id

    def examples(self) -> tuple[int, int, int, int]:
        """(done, waiting for a second person, draft, half way) for pictures of the pages."""
        ids = newsletter.people(self.core, 400, topics=1)
        newsletter.people(self.core, 60, commune_code="10645", province_code="31", age_band="18_24")
        refuse = {person: SendError(SendPolicy.STOP, "403") for person in ids[:9]}
        refuse |= {person: SendError(SendPolicy.UNKNOWN, "timeout") for person in ids[9:11]}
        done = self.campaign("Hè cho sinh viên: làm thêm an toàn", source_id="he_cho_sinh_vien", length="short")
        self.later(5)
        newsletter.run(self.core, newsletter.Platform(refuse=refuse))
        with self.core.db.transaction() as session:
            for choice, count in (
                ("do:check_offer", 61),
                ("say:digital_safety", 24),
                ("do:unsubscribe", 3),
                ("ended", 5),
            ):
                session.add(CampaignTap(campaign_id=done, choice=choice, count=count))
        going = self.campaign("Trước 30/7: hỏi thăm người sắp đi xa", weekly=5)
        self.later(5)
        half = time.monotonic() + 6
        newsletter.run(self.core, newsletter.Platform(per_second=30.0), stopping=lambda: time.monotonic() > half)
        waiting = self.campaign("30/7: ba việc nhỏ cho người mình thương", approve=False, start_at=NOON + 10 * 86_400)
        draft = self.campaign(
            "30/7 cho Hải Phòng", submit=False, start_at=NOON + 9 * 86_400,
            audience=Audience(provinces=("31",), communes=("10645",), topics=("jobs",)),
        )  # fmt: skip
        return done, waiting, draft, going


@contextmanager
def house(folder: Path) -> Iterator[House]:
    """A console in `folder` that a browser can open."""
    port = free_port()
    with core_in(folder, LACHAN_CONSOLE_URL=f"http://127.0.0.1:{port}") as core:
        made = House(core, f"http://127.0.0.1:{port}")
        server = uvicorn.Server(uvicorn.Config(create_app(core), host="127.0.0.1", port=port, log_config=None))
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        end = time.monotonic() + 90
        while not server.started and time.monotonic() < end:
            time.sleep(0.05)
        try:
            yield made
        finally:
            server.should_exit = True
            thread.join(10)
