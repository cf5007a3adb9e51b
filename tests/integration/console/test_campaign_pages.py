"""The campaign pages over their ASGI application, on both databases: who may what, and every refusal with its reason."""

from __future__ import annotations

import asyncio
import csv
import html
import io
import json
import re
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from bot.core.campaigns.schedule import VIETNAM
from bot.core.errors import SendError, SendPolicy
from bot.presentation.words import words
from bot.services.campaigns.words import thaw
from bot.storage.tables import Audit, Campaign, CampaignTap, CampaignTest, Delivery
from tests.support import newsletter
from tests.support.console import Desk, csrf

AUTHOR, SECOND, ADMIN, AUDITOR, OFFICER = "haiphong", "trungtam", "quantri", "kiemtra", "anphu"
NOON = datetime(2026, 7, 20, 12, tzinfo=VIETNAM).timestamp()
SAID = words()["campaign"]
FORM = {
    "title": "30/7 cho Hải Phòng", "source": "kit:ngay_30_7", "length": "medium", "day": "2026-07-21", "hour": "09:00",
    "spread": "0", "weekly": "2", "quiet": "yes", "places": "",
}  # fmt: skip


class House(Desk):
    """A desk at noon of 20 July, with people on Telegram."""

    def __init__(self, core) -> None:
        super().__init__(core)
        self.now = NOON
        newsletter.switch_on(core)

    async def draft(self, client: httpx.AsyncClient, **change: str) -> int:
        answer = await send(client, "/campaigns", {**FORM, **change})
        assert answer.status_code == 303, text_of(answer)
        return int(answer.headers["location"].rsplit("/", 1)[1])

    async def submitted(self, client: httpx.AsyncClient, **change: str) -> int:
        number = await self.draft(client, **change)
        assert (await act(client, number, "submit")).status_code == 303
        return number

    def row(self, number: int) -> Campaign:
        with self.core.db.reading() as session:
            return session.get(Campaign, number)


@pytest.fixture
def house(core) -> House:
    return House(core)


def play(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(story())


async def send(client: httpx.AsyncClient, path: str, form: dict, page: str = "/campaigns/new") -> httpx.Response:
    return await client.post(path, data={"csrf": await csrf(client, page), **form})


async def act(client: httpx.AsyncClient, number: int, what: str, **form: str) -> httpx.Response:
    return await send(client, f"/campaigns/{number}/{what}", form)


async def steer(client: httpx.AsyncClient, number: int, name: str, **form: str) -> httpx.Response:
    return await act(client, number, "act", act=name, **form)


def text_of(answer: httpx.Response) -> str:
    return html.unescape(answer.text)


async def approve(house: House, client: httpx.AsyncClient, number: int) -> httpx.Response:
    return await act(client, number, "approve", shown=house.row(number).digest, read="yes")


def test_from_the_first_draft_to_the_report(house):
    ids = newsletter.people(house.core, 8)
    newsletter.people(house.core, 3, commune_code="10645", province_code="31")

    async def story():
        author, second = await house.signed_in(AUTHOR), await house.signed_in(SECOND)
        number = await house.draft(author, places="xã An Phú, Hải Phòng")
        page = text_of(await author.get(f"/campaigns/{number}"))
        assert ">3</b> người sẽ nhận" in page
        assert "Xã An Phú, Hải Phòng" in page
        assert (await send(author, f"/campaigns/{number}/edit", {**FORM, "places": ""})).status_code == 303
        assert (await act(author, number, "submit")).status_code == 303
        row = house.row(number)
        assert (row.state, len(row.digest)) == ("submitted", 64)
        assert row.digest in (await second.get(f"/campaigns/{number}")).text
        assert (await approve(house, second, number)).status_code == 303
        assert house.row(number).state == "approved"
        house.now = row.start_at + 60
        platform = newsletter.Platform(refuse={ids[0]: SendError(SendPolicy.STOP, "403")})
        await asyncio.to_thread(newsletter.run, house.core, platform)
        assert len(platform.got) == 10
        assert set(platform.times.values()) == {1}
        assert house.row(number).state == "done"
        author = await house.signed_in(AUTHOR)  # a day has passed
        report = text_of(await author.get(f"/campaigns/{number}/report"))
        assert ">10</b> đã gửi" in report
        assert "Người nhận đã chặn" in report
        assert "person-" not in report
        found = (await author.get(f"/campaigns/{number}/progress")).json()
        assert (found["state"], found["done"], found["total"], found["counts"]) == (
            "done", 11, 11, {"sent": 10, "failed": 1},
        )  # fmt: skip
        with house.core.db.reading() as session:
            wanted = Audit.subject == str(number), Audit.action.startswith("campaign_")
            acts = list(session.execute(select(Audit.action).where(*wanted).order_by(Audit.seq)).scalars())
        assert acts == [f"campaign_{a}" for a in ("created", "edited", "submitted", "approved", "started", "done")]

    play(story)


UNUSABLE: list[tuple[dict[str, str], str]] = [
    ({"title": " "}, "title"), ({"title": "x" * 121}, "title"), ({"source": ""}, "content"),
    ({"source": "file:secret"}, "content"), ({"length": "huge"}, "content"), ({"day": "ngày mai"}, "start"),
    ({"day": "2026-02-31"}, "start"), ({"hour": "25:00"}, "start"), ({"spread": "-5"}, "spread"),
    ({"spread": "99999"}, "spread"), ({"weekly": "0"}, "weekly"), ({"weekly": "8"}, "weekly"),
    ({"weekly": "hai"}, "weekly"), ({"topics": "secrets"}, "audience"), ({"channels": "web"}, "audience"),
    ({"ages": "200"}, "audience"), ({"languages": "xx"}, "audience"), ({"places": "Wakanda"}, "places"),
    ({"places": "phường Hòa Bình"}, "places"), ({"recipients": "0900000000\n0900000001"}, "no_lists"),
]  # fmt: skip


def test_a_form_that_cannot_be_used_is_given_back_with_the_reason(house):
    async def story():
        client = await house.signed_in(AUTHOR)
        token = await csrf(client, "/campaigns/new")
        for change, code in UNUSABLE:
            answer = await client.post("/campaigns", data={"csrf": token, **FORM, **change})
            assert (answer.status_code, SAID["problems"][code] in text_of(answer)) == (400, True), change
        with house.core.db.reading() as session:
            assert session.execute(select(Campaign)).first() is None

    play(story)


def test_a_file_of_subscribers_is_refused(house):
    async def story():
        client = await house.signed_in(AUTHOR)
        token = await csrf(client, "/campaigns/new")
        files = {"list": ("subscribers.csv", b"phone\n0900000000\n", "text/csv")}
        answer = await client.post("/campaigns", data={"csrf": token, **FORM}, files=files)
        assert answer.status_code == 400
        assert "Chỉ người tự đăng ký mới được gửi tin" in text_of(answer)
        assert "0900000000" not in answer.text

    play(story)


UNSENDABLE: list[tuple[dict[str, str], str]] = [
    ({"day": "2026-07-19"}, "past"), ({"hour": "23:30"}, "night"), ({"hour": "05:59"}, "night"),
    ({"day": "2028-07-30"}, "too_far"), ({"places": "Cà Mau"}, "nobody"), ({"channels": "zalo_bot"}, "nobody"),
    ({"channels": "zalo_oa"}, "nobody"), ({"source": "kit:no_such"}, "content_missing"),
    ({"source": "item:no_such", "length": "short"}, "content_missing"),
    ({"source": "item:safe_migration", "length": "long"}, "content_missing"),
    ({"source": "item:erase_traces", "length": "short"}, "content_telling"),
    ({"source": "item:what_happens_after_report", "length": "short"}, "content_telling"),
]  # fmt: skip


def test_a_draft_that_cannot_be_sent_says_why_and_is_not_submitted(house):
    newsletter.people(house.core, 2, province_code="31")

    async def story():
        client = await house.signed_in(AUTHOR)
        for change, code in UNSENDABLE:
            number = await house.draft(client, **change)
            assert SAID["problems"][code] in text_of(await client.get(f"/campaigns/{number}")), change
            answer = await act(client, number, "submit")
            assert (answer.status_code, SAID["problems"][code] in text_of(answer)) == (400, True), change
            assert house.row(number).state == "draft"

    play(story)


def test_an_expired_kit_is_refused(house):
    newsletter.people(house.core, 2)

    async def story():
        house.now = datetime(2027, 11, 1, 12, tzinfo=VIETNAM).timestamp()
        client = await house.signed_in(AUTHOR)
        number = await house.draft(client, day="2027-12-01")
        answer = await act(client, number, "submit")
        assert SAID["problems"]["content_expired"] in text_of(answer)

    play(story)


def test_the_author_cannot_agree_to_it(house):
    newsletter.people(house.core, 2)

    async def story():
        author = await house.signed_in(AUTHOR)
        number = await house.submitted(author)
        assert ">Duyệt</button>" not in (await author.get(f"/campaigns/{number}")).text
        answer = await approve(house, author, number)
        assert answer.status_code == 400
        assert SAID["problems"]["own_campaign"] in text_of(answer)
        assert house.row(number).state == "submitted"

    play(story)


def test_two_supervisors_cannot_write_to_the_whole_country(house):
    newsletter.people(house.core, 2)
    newsletter.people(house.core, 3, commune_code="10645", province_code="31")
    newsletter.people(house.core, 4, commune_code="03390", province_code="12")
    refusal = SAID["problems"]["beyond_reach"]

    async def story():
        author, other, central = [await house.signed_in(who) for who in (AUTHOR, "laichau", SECOND)]
        for places in ("", "Lai Châu", "Hải Phòng\nxã Bình Lư, Lai Châu"):
            number = await house.submitted(author, places=places)
            page = text_of(await other.get(f"/campaigns/{number}"))
            if places == "Lai Châu":  # all of it is the other's own province
                assert ">Duyệt</button>" in page
                assert (await approve(house, other, number)).status_code == 303
                continue
            assert refusal in page
            assert ">Duyệt</button>" not in page
            answer = await approve(house, other, number)
            assert answer.status_code == 400
            assert refusal in text_of(answer)
            assert house.row(number).state == "submitted"
            assert (await approve(house, central, number)).status_code == 303
        own = await house.submitted(author, places="xã An Phú, Hải Phòng")
        assert (await approve(house, other, own)).status_code == 303

    play(story)


def test_agreeing_needs_the_tick_and_the_very_text_that_was_shown(house):
    newsletter.people(house.core, 2)

    async def story():
        author, second = await house.signed_in(AUTHOR), await house.signed_in(SECOND)
        number = await house.submitted(author)
        digest = house.row(number).digest
        for form, code in (
            ({"shown": digest}, "read_first"), ({"read": "yes"}, "changed"), ({"shown": "0" * 64, "read": "yes"}, "changed"),
        ):  # fmt: skip
            answer = await act(second, number, "approve", **form)
            assert (answer.status_code, SAID["problems"][code] in text_of(answer)) == (400, True)
        # Somebody takes it back and changes it while the second person reads.
        assert (await steer(author, number, "withdraw")).status_code == 303
        assert (await send(author, f"/campaigns/{number}/edit", {**FORM, "length": "short"})).status_code == 303
        answer = await act(second, number, "approve", shown=digest, read="yes")
        assert SAID["problems"]["not_submitted"] in text_of(answer)
        assert (await act(author, number, "submit")).status_code == 303
        answer = await act(second, number, "approve", shown=digest, read="yes")
        assert SAID["problems"]["changed"] in text_of(answer)
        assert house.row(number).state == "submitted"

    play(story)


def test_nothing_is_changed_after_it_was_submitted(house):
    newsletter.people(house.core, 2)

    async def story():
        author, second = await house.signed_in(AUTHOR), await house.signed_in(SECOND)
        number = await house.submitted(author)
        before = house.row(number)
        answer = await send(second, f"/campaigns/{number}/edit", {**FORM, "title": "Khác"})
        assert answer.status_code == 400
        assert SAID["problems"]["act_not_possible"] in text_of(answer)
        after = house.row(number)
        assert (after.title, after.params, after.digest) == (before.title, before.params, before.digest)
        assert (await author.get(f"/campaigns/{number}/edit")).status_code == 303

    play(story)


def test_what_was_tampered_with_in_the_database_is_not_sent(house):
    newsletter.people(house.core, 2)

    async def story():
        author, second = await house.signed_in(AUTHOR), await house.signed_in(SECOND)
        number = await house.submitted(author)
        await approve(house, second, number)
        with house.core.db.transaction() as session:
            row = session.get(Campaign, number)
            row.frozen = row.frozen.replace("30/7", "31/7")
        house.now += 86_400
        platform = newsletter.Platform()
        await asyncio.to_thread(newsletter.run, house.core, platform)
        assert platform.got == {}
        assert house.row(number).state == "paused"
        author = await house.signed_in(AUTHOR)
        assert SAID["problems"]["changed"] in text_of(await author.get(f"/campaigns/{number}"))

    play(story)


def test_others_make_and_agree_to_nothing(house):
    newsletter.people(house.core, 2)

    async def story():
        author = await house.signed_in(AUTHOR)
        number = await house.submitted(author)
        for login in (OFFICER, ADMIN, AUDITOR):
            await refused_all(number, login)

    async def refused_all(number: int, login: str) -> None:
        other = await house.signed_in(login)
        token = await csrf(other, "/audit" if login in {ADMIN, AUDITOR} else "/unit")
        form = {
            "csrf": token,
            **FORM,
            "shown": house.row(number).digest,
            "read": "yes",
            "act": "stop",
            "confirm": "yes",
        }
        for path in ("", "/look", f"/{number}/edit", f"/{number}/submit", f"/{number}/approve", f"/{number}/act",
                     f"/{number}/test"):  # fmt: skip
            assert (await other.post(f"/campaigns{path}", data=form)).status_code == 404
        assert house.row(number).state == "submitted"
        seen = (await other.get(f"/campaigns/{number}")).status_code
        assert seen == (404 if login == OFFICER else 200)

    play(story)


def test_pausing_going_on_and_stopping(house):
    newsletter.people(house.core, 2)

    async def story():
        author, second = await house.signed_in(AUTHOR), await house.signed_in(SECOND)
        number = await house.submitted(author)
        await approve(house, second, number)
        assert (await steer(author, number, "pause")).status_code == 303
        assert house.row(number).state == "paused"
        assert (await steer(author, number, "resume")).status_code == 303
        assert house.row(number).state == "approved"
        answer = await steer(author, number, "stop")
        assert SAID["problems"]["confirm_needed"] in text_of(answer)
        assert (await steer(author, number, "stop", confirm="yes")).status_code == 303
        assert house.row(number).state == "stopped"
        for name in ("resume", "pause", "withdraw", "start", "approve", "", "finish"):
            answer = await steer(author, number, name)
            assert SAID["problems"]["act_not_possible"] in text_of(answer)

    play(story)


def test_a_dry_run_needs_nobody_and_sends_nothing(house):
    newsletter.people(house.core, 3)

    async def story():
        author = await house.signed_in(AUTHOR)
        number = await house.submitted(author, dry_run="yes")
        house.now += 86_400
        platform = newsletter.Platform()
        await asyncio.to_thread(newsletter.run, house.core, platform)
        assert (platform.got, house.row(number).state) == ({}, "done")
        author = await house.signed_in(AUTHOR)
        assert ">3</b> chạy thử xong" in text_of(await author.get(f"/campaigns/{number}/report"))

    play(story)


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{7*7}}'


def test_a_hostile_title_stays_a_text_everywhere(house):
    newsletter.people(house.core, 2)

    async def story():
        client = await house.signed_in(AUTHOR)
        number = await house.submitted(client, title=HOSTILE)
        for path in ("/campaigns", f"/campaigns/{number}", f"/campaigns/{number}/report"):
            answer = await client.get(path)
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text
            assert "{{7*7}}" in answer.text
            assert "script-src 'self'" in answer.headers["content-security-policy"]
        for path, form in (("/campaigns", {**FORM, "title": HOSTILE, "weekly": "9"}),
                           ("/campaigns/look", {**FORM, "places": HOSTILE})):  # fmt: skip
            answer = await send(client, path, form)
            assert "<script>alert" not in answer.text
            assert "<img src=x" not in answer.text

    play(story)


def test_the_look_beside_the_form_follows_it(house):
    newsletter.people(house.core, 4, topics=1)
    newsletter.people(house.core, 3, commune_code="10645", province_code="31", age_band="25_44", language="en")

    async def story():
        client = await house.signed_in(AUTHOR)

        async def total(**change: str) -> str:
            page = text_of(await send(client, "/campaigns/look", {**FORM, **change}))
            return re.search(r"<b>([\d.]+)</b> người sẽ nhận", page)[1]

        assert await total() == "7"
        assert await total(places="Hải Phòng") == "3"
        assert await total(places="xã An Phú, Hải Phòng") == "3"
        assert await total(topics="online") == "3"
        assert await total(ages="unknown") == "4"
        assert await total(languages="en") == "3"
        assert await total(channels="telegram") == "7"
        assert await total(places="Cà Mau") == "0"
        page = text_of(await send(client, "/campaigns/look", {**FORM, "title": "", "length": "long"}))
        assert "Bản tin Lá Chắn: mẹo đi làm" in page
        assert re.search(r"\d+/1024 chữ", page)
        assert re.search(r"\d+/2000 chữ", page)
        assert SAID["problems"]["title"] not in page

    play(story)


def test_the_report_as_files_tells_no_name_and_runs_no_formula(house):
    newsletter.people(house.core, 2)

    async def story():
        client = await house.signed_in(AUTHOR)
        number = await house.draft(client, title="=HYPERLINK(1)", dry_run="yes")
        with house.core.db.transaction() as session:
            row = session.get(Campaign, number)
            row.state, row.total = "done", 2
            for index, status in enumerate(("sent", "unknown")):
                session.add(Delivery(campaign_id=number, conversation_id=f"secret-{index}", channel="telegram",
                                     status=status, code="timeout" if status == "unknown" else "", at=NOON))  # fmt: skip
            session.add(CampaignTap(campaign_id=number, choice="do:check_offer", count=4))
        raw = (await client.get(f"/campaigns/{number}/report.csv")).content
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
        assert ["Tên", "'=HYPERLINK(1)"] in rows
        assert ["Telegram", "Chưa rõ đã tới chưa", "Kênh trả lời quá chậm", "1"] in rows
        assert ["do:check_offer", "4"] in rows
        assert b"secret" not in raw
        book = load_workbook(io.BytesIO((await client.get(f"/campaigns/{number}/report.xlsx")).content))
        assert book.sheetnames == ["Chiến dịch", "Kết quả", "Theo giờ", "Nút bấm", "Chưa rõ"]
        assert book["Chiến dịch"]["B2"].value == "'=HYPERLINK(1)"
        cells = [str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line]
        assert not [cell for cell in cells if "secret" in cell]

    play(story)


def test_a_test_is_asked_for_by_whoever_will_get_it(house):
    async def story():
        client = await house.signed_in(AUTHOR)
        number = await house.draft(client)
        assert (await act(client, number, "test", officer_id="somebody")).status_code == 303
        with house.core.db.transaction() as session:
            (row,) = session.execute(select(CampaignTest)).scalars()
            assert row.officer_id == house.row(number).created_by
            row.status, row.code = "failed", "no_address"
        assert SAID["codes"]["no_address"] in text_of(await client.get(f"/campaigns/{number}"))

    play(story)


def test_words_for_the_media_run_by_hand(house):
    async def story():
        client = await house.signed_in(AUDITOR)
        listed = (await client.get("/campaigns")).text
        kits = re.findall(r"/campaigns/kits/([a-z0-9_]+)", listed)
        assert len(set(kits)) >= 5
        for kit in set(kits):
            assert "giây" in text_of(await client.get(f"/campaigns/kits/{kit}"))
            sms = await client.get(f"/campaigns/kits/{kit}/sms.txt")
            assert sms.text.strip().isascii()
            assert len(sms.text.strip()) < 160
            assert "attachment" in sms.headers["content-disposition"]
            assert (await client.get(f"/campaigns/kits/{kit}/secrets.txt")).status_code == 404
        pictures = re.findall(r"/campaigns/pictures/([a-z0-9_]+\.png)", listed)
        assert (await client.get(f"/campaigns/pictures/{pictures[0]}")).headers["content-type"] == "image/png"
        for bad in ("..%2Fcards.yml", "cards.yml", "%2e%2e%2fhotlines.yml", "x.png"):
            assert (await client.get(f"/campaigns/pictures/{bad}")).status_code == 404

    play(story)


def test_posters_are_handed_out_where_others_can_open_their_code(house):
    async def story():
        client = await house.signed_in(AUDITOR)
        assert "LACHAN_PUBLIC_URL" in text_of(await client.get("/campaigns/kits/ngay_30_7"))
        house.core.settings = house.core.settings.model_copy(update={"public_url": "https://lachan.example.vn"})
        offered = re.findall(
            r"/campaigns/kits/ngay_30_7/(\w+)\.pdf", (await client.get("/campaigns/kits/ngay_30_7")).text
        )
        assert offered == ["a4", "a3", "leaflet"]
        for what in offered:
            pdf = await client.get(f"/campaigns/kits/ngay_30_7/{what}.pdf")
            assert pdf.content.startswith(b"%PDF")
            assert "attachment" in pdf.headers["content-disposition"]
        assert (await client.get("/campaigns/kits/ngay_30_7/a2.pdf")).status_code == 404

    play(story)


def test_words_that_expired_are_shown_with_a_warning_and_not_handed_out(house):
    async def story():
        house.now = datetime(2028, 1, 10, 12, tzinfo=VIETNAM).timestamp()
        client = await house.signed_in(AUDITOR)
        page = await client.get("/campaigns/kits/ngay_30_7")
        assert "đã hết hạn" in text_of(page)
        assert "sms.txt" not in page.text
        assert (await client.get("/campaigns/kits/ngay_30_7/sms.txt")).status_code == 404

    play(story)


def test_a_campaign_that_is_not_there(house):
    async def story():
        client = await house.signed_in(AUTHOR)
        for number in ("0", "999", "99999999999999999999"):
            for path in ("", "/edit", "/progress", "/report", "/report.csv", "/report.xlsx"):
                assert (await client.get(f"/campaigns/{number}{path}")).status_code == 404

    play(story)


def test_the_calendar_knows_the_day_and_the_season(house):
    async def story():
        client = await house.signed_in(AUTHOR)
        page = text_of(await client.get("/campaigns?month=2026-07"))
        assert "Còn <b>10 ngày</b> tới 30/7" in page
        assert "<small>30/7</small>" in page
        assert "<small>còn 9</small>" in page
        assert "Tháng cao điểm 1/7 – 30/9" in page
        for bad in ("2026-13", "x", "9999-01", "2026-", "2026-07-01", "٢٠٢٦-٠٧"):
            assert "Tháng 7/2026" in text_of(await client.get("/campaigns", params={"month": bad}))

    play(story)


def test_every_message_of_every_kit_is_neutral_on_every_channel(house):
    newsletter.people(house.core, 1)

    async def story():
        client = await house.signed_in(AUTHOR)
        kits = set(re.findall(r"kit=([a-z0-9_]+)\"", (await client.get("/campaigns")).text))
        for kit in kits:
            for length in ("short", "medium", "long"):
                number = await house.submitted(client, source=f"kit:{kit}", length=length)
                page = text_of(await client.get(f"/campaigns/{number}"))
                assert "Lời mở đầu trung tính" in page
                for message in thaw(house.row(number).frozen).values():
                    assert "tip_" not in json.dumps(message.to_json())

    play(story)
