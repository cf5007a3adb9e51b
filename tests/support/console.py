"""A console with demonstration officers in their browsers, and forms as they send them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable

import httpx
import pyotp

from bot.app import Core
from bot.console.asgi import create_app
from bot.services.tips import record
from bot.services.units import demo
from tests.support.routes import straight

STORY = "nhà bà Năm giữ giấy tờ <b>ba cô</b> gái"
DRAFT = {
    "what": STORY, "where": {"code": "10645", "province": "31", "name": "Xã An Phú, Hải Phòng", "text": "gần chợ"},
    "when": "when:week", "who": "who:many", "people": 3, "traces": ["0912 345 678"], "contact": "chị Hoa 0987 654 321",
}  # fmt: skip
NOW = 1_800_000_000.0


class Desk:
    """A console with demonstration officers, and browsers signed in to it."""

    def __init__(self, core: Core) -> None:
        core.now = lambda: self.now
        self.core, self.now, self.app = core, NOW, create_app(core)
        raw = (core.settings.content_dir / "units" / "demo.csv").read_bytes()
        with core.db.transaction() as session:
            self.officers = {one.login: one for one in demo.seed(session, core.vault, raw, NOW, core.gazetteer)}

    def browser(self) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://console.test")

    async def signed_in(self, login: str) -> httpx.AsyncClient:
        officer, client = self.officers[login], self.browser()
        self.now += 31  # a code works once, so each sign-in needs its own time step
        code = pyotp.TOTP(officer.totp_secret).at(self.now)
        answer = await client.post("/sign-in", data={"login": login, "password": officer.password, "code": code})
        assert answer.status_code == 303, answer.text
        return client

    def tip(self, unit: str = "ca.31.10645", **more: object) -> tuple[str, str]:
        """(receipt code, referral id) of a fresh tip."""
        prepared = record.prepare(self.core.vault, {**DRAFT, **more})
        with self.core.db.transaction() as session:
            created = record.create(
                session, self.core.vault, prepared, to=straight(session, unit), category="labour", urgent=False,
                channel="web", language="vi", clocks=self.core.clocks, now=self.now,
            )  # fmt: skip
        with self.core.db.reading() as session:
            referral = record.current_referral(session, created.tip_id)
        return prepared.code, referral.id


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())


async def csrf(client: httpx.AsyncClient, path: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', (await client.get(path)).text)[1]


async def post(client: httpx.AsyncClient, path: str, page: str, **form: str) -> httpx.Response:
    asks = form.get("act") in {"transfer", "refuse", "close"} and path.startswith("/referrals/")
    if asks or path.endswith(("/renew", "/switch", "/unit/recovery")) or path.startswith("/unit/grant/"):
        form = {"sure": "yes"} | form
    token = await csrf(client, page)
    answer = await client.post(path, data={"csrf": token, **form})
    if asks and answer.status_code == 303:  # nobody waits for the ten seconds here
        referral_id = path.split("/")[2]
        answer = await client.post("/pressed", data={"csrf": token, "id": referral_id, "do": "now"})
    return answer
