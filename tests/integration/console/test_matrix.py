"""Every account on every route, with things of its own and things of others: what is not in the table is refused."""

from __future__ import annotations

import asyncio
import io
import itertools
from collections.abc import Iterator

import pytest
from PIL import Image
from sqlalchemy import select

from bot.console import guard
from bot.content.kits import read_kits
from bot.presentation import posters
from bot.services.tips import files
from bot.storage.tables import Referral, SupportCopy
from tests.support.console import csrf, post
from tests.support.office import Office
from tests.support.world import core_in

UNIT, ABOVE, STATION = "ca.31.10645", "ca.31", "tyt.10645"
COMMUNE, PROVINCE = frozenset({"anphu"}), frozenset({"haiphong"})
TIP = COMMUNE | PROVINCE  # who can open a tip of UNIT: itself and the first above
READERS = frozenset({"anphu", "haiphong", "binhlu", "laichau", "trungtam", "tramyte"})
EVERYONE = READERS | {"quantri", "kiemtra"}
POLICE = READERS - {"tramyte"}
ADMIN = frozenset({"quantri"})
MAKE = frozenset({"haiphong", "laichau", "trungtam"})  # supervisors and the central desk make campaigns
SEE = MAKE | {"quantri", "kiemtra"}

# (method, path) -> who is let in, when all names in the path are of UNIT
ALLOWED: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/"): EVERYONE,
    ("GET", "/pulse"): READERS,
    ("POST", "/search"): READERS,  # in the tips that one can open
    ("GET", "/search"): READERS,  # what one found oneself
    ("GET", "/rows"): READERS,
    ("POST", "/bulk"): READERS,  # rows of one's own unit
    ("POST", "/pressed"): READERS,  # what one pressed oneself
    ("GET", "/help"): EVERYONE,
    ("GET", "/replies"): READERS,
    ("POST", "/replies"): READERS,
    ("POST", "/replies/{id}"): READERS,  # one's own; those of others are as good as none
    ("GET", "/tips/new"): POLICE,  # police and desks, never a support service
    ("POST", "/tips"): POLICE,
    ("GET", "/stay"): EVERYONE,
    ("GET", "/me"): EVERYONE,
    ("POST", "/me"): EVERYONE,
    ("POST", "/me/password"): EVERYONE,
    ("POST", "/me/device"): EVERYONE,
    ("POST", "/me/device/try"): EVERYONE,
    ("POST", "/me/sessions"): EVERYONE,
    ("POST", "/me/passkeys"): EVERYONE,
    ("POST", "/me/passkeys/ask"): EVERYONE,
    ("POST", "/me/passkeys/add"): EVERYONE,
    ("POST", "/me/passkeys/{id}"): EVERYONE,  # a key of one's own; that of others is as good as none
    ("POST", "/sign-out"): EVERYONE,
    ("GET", "/referrals/{id}"): TIP,
    ("POST", "/referrals/{id}/act"): TIP,
    ("GET", "/referrals/{id}/done"): frozenset(),  # only whoever has ended this very referral
    ("POST", "/referrals/{id}/classify"): COMMUNE,  # the unit that has the tip, not the one that reads it from above
    ("POST", "/referrals/{id}/verified"): TIP,
    ("POST", "/referrals/{id}/decide"): TIP,
    ("POST", "/referrals/{id}/answer"): TIP,
    ("GET", "/referrals/{id}/links"): TIP,
    ("POST", "/referrals/{id}/note"): TIP,
    ("POST", "/referrals/{id}/owner"): COMMUNE,  # the unit that has the tip says who of it
    ("POST", "/referrals/{id}/draft"): TIP,
    ("POST", "/referrals/{id}/message"): TIP,
    ("POST", "/referrals/{id}/extend"): TIP,
    ("POST", "/referrals/{id}/keep"): TIP,
    ("POST", "/referrals/{id}/contact"): TIP,
    ("POST", "/referrals/{id}/copies"): TIP,
    ("POST", "/referrals/{id}/export"): TIP,
    ("GET", "/referrals/{id}/files/{file}/view"): TIP,
    ("GET", "/referrals/{id}/files/{file}/original"): TIP,
    ("POST", "/referrals/{id}/files/{file}/open"): TIP,
    ("POST", "/referrals/{id}/letter"): TIP,
    ("POST", "/referrals/{id}/letters/{copy}"): TIP,
    ("GET", "/copies"): READERS,
    ("GET", "/copies/{id}"): frozenset({"tramyte"}),
    ("POST", "/copies/{id}/answer"): frozenset({"tramyte"}),
    ("GET", "/unit"): READERS,
    ("POST", "/unit/grant/{id}"): COMMUNE,
    ("POST", "/unit/recover"): READERS,
    ("POST", "/unit/recovery"): READERS,
    ("POST", "/unit/rekey"): READERS,  # whoever holds the key of their own unit
    ("POST", "/unit/confirm/{id}"): PROVINCE,
    ("POST", "/unit/restore/{id}"): frozenset(),  # nobody while an officer of the unit holds its key
    ("POST", "/unit/mend/{id}"): frozenset(),  # nobody while the database names the right key
    ("GET", "/statistics"): frozenset({"haiphong", "laichau", "trungtam", "quantri"}),
    ("GET", "/accounts"): ADMIN,
    ("POST", "/accounts"): ADMIN,
    ("POST", "/accounts/{id}/renew"): ADMIN,
    ("POST", "/accounts/{id}/switch"): ADMIN,
    ("GET", "/units"): ADMIN,
    ("GET", "/audit"): frozenset({"quantri", "kiemtra"}),
    ("GET", "/audit.csv"): frozenset({"quantri", "kiemtra"}),
    ("GET", "/campaigns"): SEE,
    ("GET", "/campaigns/new"): MAKE,
    ("POST", "/campaigns"): MAKE,
    ("POST", "/campaigns/look"): MAKE,
    ("GET", "/campaigns/{id:int}"): SEE,
    ("GET", "/campaigns/{id:int}/progress"): SEE,
    ("GET", "/campaigns/{id:int}/edit"): MAKE,
    ("POST", "/campaigns/{id:int}/edit"): MAKE,
    ("POST", "/campaigns/{id:int}/submit"): MAKE,
    ("POST", "/campaigns/{id:int}/approve"): MAKE,
    ("POST", "/campaigns/{id:int}/act"): MAKE,
    ("POST", "/campaigns/{id:int}/test"): MAKE,
    ("GET", "/campaigns/{id:int}/report"): SEE,
    ("GET", "/campaigns/{id:int}/report.csv"): SEE,
    ("GET", "/campaigns/{id:int}/report.xlsx"): SEE,
    ("GET", "/campaigns/kits/{kit}"): SEE,
    ("GET", "/campaigns/kits/{kit}/{what}.txt"): SEE,
    ("GET", "/campaigns/kits/{kit}/{what}.pdf"): SEE,
    ("GET", "/campaigns/pictures/{name}"): SEE,
    ("GET", "/channels"): frozenset({"trungtam", "quantri"}),
    ("POST", "/channels/again"): frozenset({"trungtam", "quantri"}),
}
FORMS: dict[str, dict[str, str]] = {
    "/referrals/{id}/act": {"act": "receive", "sure": "yes"},
    "/referrals/{id}/classify": {"category": "child", "urgency": "normal", "place": "Xã An Phú, Hải Phòng"},
    "/referrals/{id}/verified": {"result": "not_enough"},
    "/referrals/{id}/decide": {"decision": "suspended", "number": "12/QĐ-CSHS", "on": "2027-01-14"},
    "/referrals/{id}/answer": {"text": "cảm ơn bạn"},
    "/referrals/{id}/note": {"note": "gọi trạm y tế chiều nay"},
    "/referrals/{id}/draft": {"text": "chào bạn"},
    "/referrals/{id}/message": {"act": "handled", "shown": "0"},
    "/referrals/{id}/contact": {"reason": "cần gọi lại cho người báo"},
    "/referrals/{id}/files/{file}/open": {"reason": "làm chứng cứ cho cơ quan điều tra"},
    "/referrals/{id}/copies": {"unit": STATION, "parts": "what", "consent": "recorded"},
    "/referrals/{id}/export": {"format": "docx"},
    "/referrals/{id}/letter": {"recipient": "Nhà tạm lánh", "parts": "what", "consent": "recorded"},
    "/referrals/{id}/letters/{copy}": {"what": "accepted"},
    "/copies/{id}/answer": {"what": "accepted"},
    "/search": {"q": "nhà bà Năm"},
    "/bulk": {"what": "duplicate", "of": "06BA 2E41", "sure": "yes"},
    "/pressed": {"do": "now", "id": "0" * 32},
    "/replies": {"title": "Hẹn gọi", "text": "Tối nay chúng tôi viết tiếp."},
    "/tips": {
        "channel": "phone",
        "at": "2027-01-15T10:00",
        "what": "chuyện nghe kể",
        "category": "labour",
        "urgency": "normal",
    },
    "/unit/rekey": {"sure": "yes"},
    "/unit/recovery": {"sure": "yes"},
    "/unit/grant/{id}": {"sure": "yes"},
    "/accounts/{id}/renew": {"sure": "yes"},
    "/accounts/{id}/switch": {"sure": "yes"},
    "/unit/confirm/{id}": {"answer": "yes"},
}


CAMPAIGN = {
    "title": "30/7", "source": "kit:ngay_30_7", "length": "short", "day": "2027-07-30", "hour": "09:00", "spread": "0",
    "weekly": "2", "quiet": "yes", "places": "",
}  # fmt: skip


class Things:
    """One of everything, of UNIT, fresh for each call."""

    def __init__(self, office: Office) -> None:
        self._office, self._number = office, itertools.count()

    async def path(self, pattern: str) -> str:
        if pattern.startswith("/referrals"):
            referral, file = self._referral()
            letter = await self._letter(referral) if "{copy}" in pattern else ""
            return pattern.replace("{id}", referral).replace("{file}", file).replace("{copy}", letter)
        if "{kit}" in pattern or "{name}" in pattern:
            kit = read_kits(self._office.core.settings.content_dir)["ngay_30_7"]
            what = next(iter(posters.FILES)) if pattern.endswith(".pdf") else "sms"
            return pattern.format(kit=kit.id, what=what, name=kit.picture)
        if pattern.startswith("/campaigns"):
            return pattern.replace("{id:int}", await self._campaign() if "{id:int}" in pattern else "")
        if pattern.startswith("/copies"):
            return pattern.replace("{id}", await self._copy())
        if pattern.startswith(("/accounts", "/unit/grant")):
            return pattern.replace("{id}", self._office.enrol(self.name(), UNIT).id)
        if pattern.startswith("/unit/confirm"):
            return pattern.replace("{id}", self._waiting())
        return pattern.replace("{id}", UNIT)

    def form(self, pattern: str) -> dict[str, str]:
        if pattern == "/accounts":
            return {"login": self.name(), "name": "Cán bộ mới", "role": "officer", "unit": UNIT}
        if pattern in {"/campaigns", "/campaigns/look", "/campaigns/{id:int}/edit"}:
            return CAMPAIGN
        return FORMS.get(pattern, {})

    def name(self) -> str:
        return f"canbo{next(self._number)}"

    def _referral(self) -> tuple[str, str]:
        picture = io.BytesIO()
        Image.new("RGB", (20, 20), "teal").save(picture, "PNG")
        kept = files.keep(self._office.core.settings.blobs_dir, picture.getvalue())
        return self._office.tip(UNIT, files=[kept.ref])[1], files.FileRef.unpack(kept.ref).id

    async def _copy(self) -> str:
        referral, _ = self._referral()
        page = f"/referrals/{referral}"
        given = await post(self._office.clients["anphu"], f"{page}/copies", page, **FORMS["/referrals/{id}/copies"])
        assert given.status_code == 303, given.text
        with self._office.core.db.reading() as session:
            newest = (
                select(SupportCopy.id)
                .where(SupportCopy.unit_id == STATION)
                .order_by(SupportCopy.created_at.desc(), SupportCopy.id)
            )
            return session.execute(newest).scalars().first()

    async def _letter(self, referral: str) -> str:
        page = f"/referrals/{referral}"
        made = await post(self._office.clients["anphu"], f"{page}/letter", page, **FORMS["/referrals/{id}/letter"])
        assert made.status_code == 200, made.text
        with self._office.core.db.reading() as session:
            tip_id = session.get(Referral, referral).tip_id
            return session.execute(select(SupportCopy.id).where(SupportCopy.tip_id == tip_id)).scalar_one()

    async def _campaign(self) -> str:
        client = self._office.clients["haiphong"]
        made = await post(client, "/campaigns", "/campaigns/new", **CAMPAIGN)
        assert made.status_code == 303, made.text
        return made.headers["location"].rsplit("/", 1)[1]

    def _waiting(self) -> str:
        unit_id = self._office.add_unit(f"moi.{next(self._number)}", parent=ABOVE)
        self._office.enrol(self.name(), unit_id)
        return unit_id


@pytest.fixture
def office(tmp_path) -> Iterator[Office]:
    with core_in(tmp_path) as core:  # who may do what is the same on both databases
        made = Office(core)
        made.enrol("tramyte", STATION, vouched=True)
        yield made


def test_the_table_names_every_route():
    """A new route belongs into ALLOWED, after somebody thought about who may use it."""
    mine = {(entry.method, entry.path) for entry in guard.REGISTRY if entry.roles != guard.PUBLIC}
    assert mine == set(ALLOWED)


def test_who_is_let_in(office):
    """One office for all routes: what is asked for is made anew for each call."""

    async def story():
        things = Things(office)
        for login in sorted(EVERYONE):
            office.clients[login] = await office.signed_in(login)
        for method, pattern in ALLOWED:
            for login in sorted(EVERYONE, key=lambda name: (name != "anphu", name)):
                await let_in_or_not(office, things, method, pattern, login)

    asyncio.run(story())


async def let_in_or_not(office: Office, things: Things, method: str, pattern: str, login: str) -> None:
    client, path = office.clients[login], await things.path(pattern)
    if method == "GET":
        answer = await client.get(path)
    else:
        answer = await client.post(path, data={"csrf": await csrf(client, "/me"), **things.form(pattern)})
    let_in = answer.status_code != 404
    assert let_in is (login in ALLOWED[method, pattern]), (method, pattern, login, answer.status_code)
    assert answer.status_code < 500, (method, pattern, login, answer.status_code)
    assert let_in or "nhà bà" not in answer.text
    if pattern == "/sign-out":
        office.clients[login] = await office.signed_in(login)
