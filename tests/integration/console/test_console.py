"""The console over its ASGI application, on both databases: what each role can do, and what nobody can."""

from __future__ import annotations

import asyncio
import re

import pyotp
import pytest
from sqlalchemy import func, select

from bot.console import guard
from bot.services.tips import files, record, referrals
from bot.services.units import demo, enrolment
from bot.storage.tables import Audit, ConsoleSession, ContactOpening, Notice, Officer, Referral
from tests.support.console import csrf, post, run


def test_reading_acting_answering(desk):
    async def story():
        code, referral = desk.tip()
        client = await desk.signed_in("anphu")
        assert f"/referrals/{referral}" in (await client.get("/")).text
        page = await client.get(f"/referrals/{referral}")
        assert page.status_code == 200
        assert "nhà bà Năm giữ giấy tờ &lt;b&gt;ba cô&lt;/b&gt; gái" in page.text
        assert "0987" not in page.text, "the reporter's contact is no part of the page"
        for act in ("receive", "accept", "verify"):
            assert (
                await post(client, f"/referrals/{referral}/act", f"/referrals/{referral}", act=act)
            ).status_code == 303
        reply = await post(client, f"/referrals/{referral}/answer", f"/referrals/{referral}", text="cảm ơn bạn")
        assert reply.status_code == 303
        done = await post(
            client, f"/referrals/{referral}/act", f"/referrals/{referral}", act="close", reason="victim_safe"
        )
        assert done.status_code == 303
        keys = desk.core.vault.receipt_keys(code)
        with desk.core.db.transaction() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            assert [entry["text"] for entry in record.entries(session, opened)] == ["cảm ơn bạn"]
            assert session.get(Referral, referral).state == "closed"

    run(story)


@pytest.mark.parametrize("login", ["binhlu", "laichau", "trungtam", "quantri", "kiemtra"])
def test_nobody_else_opens_it(desk, login):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in(login)
        for path in (f"/referrals/{referral}", f"/referrals/{'0' * 32}"):
            answer = await client.get(path)
            assert answer.status_code == 404
            assert "nhà bà" not in answer.text
        token = await csrf(client, "/unit" if login not in {"quantri", "kiemtra"} else "/audit")
        for act in ("act", "answer", "extend", "contact"):
            answer = await client.post(
                f"/referrals/{referral}/{act}", data={"csrf": token, "act": "receive", "text": "x"}
            )
            assert answer.status_code == 404
        with desk.core.db.reading() as session:
            assert session.get(Referral, referral).state == "new"

    run(story)


def test_the_unit_above_reads_it_too(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("haiphong")
        assert (await client.get(f"/referrals/{referral}")).status_code == 200

    run(story)


ROLE_OF = {
    "anphu": "officer",
    "haiphong": "supervisor",
    "trungtam": "central",
    "quantri": "admin",
    "kiemtra": "auditor",
}


def test_every_route_names_its_roles_and_keeps_to_them(desk):
    async def story():
        clients = {login: await desk.signed_in(login) for login in ROLE_OF}
        nobody = desk.browser()
        assert guard.REGISTRY
        for entry in guard.REGISTRY:
            assert entry.roles, entry.path
            path = re.sub(r"\{[^}]+\}", "0" * 32, entry.path)
            if entry.roles == guard.PUBLIC or path == "/sign-out":
                continue
            answer = await nobody.request(entry.method, path)
            assert answer.status_code in {303, 401}, (entry.path, "open to nobody")
            for login, role in ROLE_OF.items():
                answer = await clients[login].request(entry.method, path)
                if role not in entry.roles or entry.method == "POST":  # without its token no form is taken
                    assert answer.status_code == 404, (entry.path, role)
                else:
                    assert answer.status_code in {200, 204, 303, 404}, (entry.path, role)
                    assert answer.status_code != 404 or "{" in entry.path, (entry.path, role)

    run(story)


def test_a_route_that_declares_nothing_lets_nobody_in(desk):
    async def story():
        async def open_page(request):
            raise AssertionError("reached")

        entry = guard.Page("/forgotten", "GET", frozenset(), open_page)
        desk.app.router.routes.append(guard.Route("/forgotten", guard._guarded(entry), methods=["GET"]))
        for login in ROLE_OF:
            assert (await (await desk.signed_in(login)).get("/forgotten")).status_code == 404

    run(story)


def test_forms_from_elsewhere_are_refused(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        path, token = f"/referrals/{referral}/act", await csrf(client, f"/referrals/{referral}")
        for data, headers in [
            ({"act": "receive"}, {}), ({"act": "receive", "csrf": "x"}, {}),
            ({"act": "receive", "csrf": token}, {"Origin": "https://evil.example"}),
            ({"act": "receive", "csrf": token}, {"Sec-Fetch-Site": "cross-site"}),
        ]:  # fmt: skip
            assert (await client.post(path, data=data, headers=headers)).status_code == 404
        with desk.core.db.reading() as session:
            assert session.get(Referral, referral).state == "new"

    run(story)


def test_wrong_sign_ins_look_alike_and_lock(desk):
    async def story():
        client, pages = desk.browser(), set()
        for login in ("anphu", "khongco"):
            answer = await client.post(
                "/sign-in", data={"login": login, "password": "sai sai sai sai", "code": "000000"}
            )
            assert answer.status_code == 401
            assert f'value="{login}"' in answer.text, "the name need not be typed again"
            pages.add(answer.text.replace(login, ""))
        assert len(pages) == 1
        for _ in range(5):
            await client.post("/sign-in", data={"login": "anphu", "password": "x", "code": "1"})
        officer = desk.officers["anphu"]
        code = pyotp.TOTP(officer.totp_secret).at(desk.now)
        answer = await client.post("/sign-in", data={"login": "anphu", "password": officer.password, "code": code})
        assert "tạm khóa" in answer.text
        pages.clear()
        for login in ("anphu", "khongco"):
            for _ in range(6):
                answer = await client.post("/sign-in", data={"login": login, "password": "x" * 12, "code": "1"})
            pages.add((answer.status_code, answer.text.replace(login, "")))
        assert len(pages) == 1, "a login that does not exist locks just the same"
        desk.now += 901
        assert await desk.signed_in("anphu")

    run(story)


def test_sessions_end(desk):
    async def story():
        client = await desk.signed_in("anphu")
        cookie = client.cookies["lachan"]
        with desk.core.db.reading() as session:
            row = session.execute(select(ConsoleSession)).scalars().first()
        assert cookie not in repr(row.model_dump())
        desk.now += 1801
        assert (await client.get("/")).status_code == 303
        client = await desk.signed_in("anphu")
        await post(client, "/sign-out", "/")
        with desk.core.db.reading() as session:
            assert session.execute(select(func.count()).select_from(ConsoleSession)).scalar_one() <= 1

    run(story)


def test_revealing_a_contact_needs_a_reason_and_is_written_down(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        page = f"/referrals/{referral}"
        assert (await post(client, f"{page}/contact", page, reason="ngắn")).status_code == 400
        opened = await post(client, f"{page}/contact", page, reason="cần gọi để đón cháu bé")
        assert "chị Hoa 0987 654 321" in opened.text
        assert "0987" not in (await client.get(page)).text
        with desk.core.db.reading() as session:
            entries = [row.model_dump() for row in session.execute(select(Audit)).scalars()]
        assert any(entry["action"] == "contact_revealed" for entry in entries)
        assert "đón cháu" not in repr(entries)

    run(story)


def test_an_answer_sent_twice_by_a_second_press_is_said_once(desk):
    async def story():
        code, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        form = {"csrf": await csrf(client, page), "text": "cảm ơn bạn"}
        both = await asyncio.gather(*(client.post(f"{page}/answer", data=form) for _ in range(2)))
        assert [answer.status_code for answer in both] == [303, 303]
        assert await said(desk, code) == ["cảm ơn bạn"]
        await client.post(f"{page}/answer", data={**form, "text": "bạn an toàn không?"})
        desk.now += 600
        await client.post(f"{page}/answer", data={**form, "text": "bạn an toàn không?"})
        assert await said(desk, code) == ["cảm ơn bạn", "bạn an toàn không?", "bạn an toàn không?"]

    async def said(desk, code):
        keys = desk.core.vault.receipt_keys(code)
        with desk.core.db.reading() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            return [entry["text"] for entry in record.entries(session, opened)]

    run(story)


def test_the_address_of_a_form_opened_as_a_page_is_answered_in_vietnamese(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        answer = await client.get(f"/referrals/{referral}/contact")
        assert answer.status_code == 404
        assert "Không có trang này" in answer.text

    run(story)


def test_a_transfer_reseals_to_the_new_unit_and_the_one_above(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        page = f"/referrals/{referral}"
        form = {"act": "transfer", "reason": "other_place", "unit": "ca.12.03390"}
        assert (await post(client, f"{page}/act", page, **form)).status_code == 303
        for login in ("binhlu", "laichau"):
            other = await desk.signed_in(login)
            link = re.search(r"/referrals/[0-9a-f]{32}", (await other.get("/")).text)[0]
            assert "nhà bà Năm" in (await other.get(link)).text
        opened = await post(other, f"{link}/contact", link, reason="cần gọi lại cho người báo")
        assert "chị Hoa" in opened.text
        above = await desk.signed_in("haiphong")
        for old in (client, above):
            for path in (page, link):
                assert (await old.get(path)).status_code == 404
            assert (await post(old, f"{link}/contact", "/unit", reason="muốn xem ai đã báo")).status_code == 404
            assert (await post(old, f"{link}/act", "/unit", act="receive")).status_code == 404

    run(story)


def test_a_unit_above_that_gives_a_tip_up_for_a_conflict_keeps_no_key(desk):
    async def story():
        _, referral = desk.tip(unit="ca.31")
        page = f"/referrals/{referral}"
        with desk.core.db.transaction() as session:
            ministry = {"login": "cucbo", "name": "Cục", "unit_id": "bo-cong-an.hinh-su", "role": "central"}
            token = enrolment.invite(session, **ministry, by=None, now=desk.now)
            done = enrolment.enrol(session, desk.core.vault, token, "mot cau dai de nho", desk.now, vouched=True)
        desk.officers["cucbo"] = demo.DemoOfficer("cucbo", "mot cau dai de nho", done.totp_secret, "", None)
        giver = await desk.signed_in("haiphong")
        form = {"act": "transfer", "reason": "conflict_of_interest", "unit": "ca.31.10645"}
        assert (await post(giver, f"{page}/act", page, **form)).status_code == 303
        receiver = await desk.signed_in("anphu")
        link = re.search(r"/referrals/[0-9a-f]{32}", (await receiver.get("/")).text)[0]
        assert (await receiver.get(link)).status_code == 200
        for path in (page, link):
            assert (await giver.get(path)).status_code == 404
        next_above = await desk.signed_in("cucbo")
        assert (await next_above.get(link)).status_code == 200, "somebody above can still open it"

    run(story)


def test_a_tip_is_not_handed_to_a_unit_whose_officers_are_switched_off(desk):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        with desk.core.db.transaction() as session:
            session.execute(select(Officer).where(Officer.login == "binhlu")).scalar_one().active = False
        form = {"act": "transfer", "reason": "other_place", "unit": "ca.12.03390"}
        assert (await post(client, f"{page}/act", page, **form)).status_code == 400
        assert (await client.get(page)).status_code == 200

    run(story)


@pytest.mark.parametrize(("login", "told"), [("anphu", "ca.31"), ("haiphong", "trung-uong.tiep-nhan")])
def test_a_contact_opened_by_the_unit_above_is_told_to_the_one_above_that(desk, login, told):
    async def story():
        _, referral = desk.tip()
        client, page = await desk.signed_in(login), f"/referrals/{referral}"
        assert (await post(client, f"{page}/contact", page, reason="cần gọi lại cho người báo")).status_code == 200
        with desk.core.db.reading() as session:
            assert list(session.execute(select(Notice.unit_id).where(Notice.kind == "contact")).scalars()) == [told]

    run(story)


def test_attachments_are_shown_clean_and_downloaded_only(desk, tmp_path):
    import io

    from PIL import Image

    async def story():
        picture = io.BytesIO()
        Image.new("RGB", (30, 30), "teal").save(picture, "PNG")
        kept = files.keep(desk.core.settings.blobs_dir, picture.getvalue())
        _, referral = desk.tip(files=[kept.ref])
        client = await desk.signed_in("anphu")
        file_id = files.FileRef.unpack(kept.ref).id
        view = await client.get(f"/referrals/{referral}/files/{file_id}/view")
        assert view.headers["content-type"] == "image/jpeg"
        link = f"/referrals/{referral}/files/{file_id}"
        clean = await client.get(f"{link}/original")
        assert clean.content == view.content, "without a reason the clean copy, also as a download"
        page = f"/referrals/{referral}"
        assert (await post(client, f"{link}/open", page, reason="ngắn")).status_code == 400
        original = await post(client, f"{link}/open", page, reason="làm chứng cứ cho cơ quan điều tra")
        assert original.content == picture.getvalue()
        for answer in (clean, original):
            assert answer.headers["content-disposition"].startswith("attachment")
            assert "sandbox" in answer.headers["content-security-policy"]
        assert "làm chứng cứ cho cơ quan điều tra" in (await client.get(page)).text
        with desk.core.db.reading() as session:
            done = [row.action for row in session.execute(select(Audit).order_by(Audit.seq)).scalars()]
            notices = [row.kind for row in session.execute(select(Notice)).scalars()]
            reasons = [row.reason for row in session.execute(select(ContactOpening)).scalars()]
        assert [action for action in done if action in {"file_viewed", "file_downloaded", "original_opened"}] == [
            "file_viewed", "file_downloaded", "original_opened",
        ]  # fmt: skip
        assert "original" in notices
        assert all(b"ch\xe1\xbb\xa9ng" not in reason for reason in reasons), "the reason is sealed"
        other = await desk.signed_in("binhlu")
        assert (await other.get(f"/referrals/{referral}/files/{file_id}/view")).status_code == 404
        assert (await post(other, f"{link}/open", "/unit", reason="muốn xem ai đã báo")).status_code == 404

    run(story)


def test_what_has_no_clean_copy_and_what_has_nothing_else(desk):
    from tests.support import odd_pictures

    async def story():
        blobs = desk.core.settings.blobs_dir
        sent = [odd_pictures.film(b"heic", b"mif1"), b"%PDF-1.7\n", odd_pictures.plain()]
        kept = [files.FileRef.unpack(files.keep(blobs, data, original=False).ref) for data in sent]
        _, referral = desk.tip(files=[ref.pack() for ref in kept])
        client, page = await desk.signed_in("anphu"), f"/referrals/{referral}"
        heic, paper, clean = (f"{page}/files/{ref.id}" for ref in kept)
        assert (await client.get(f"{heic}/original")).status_code == 400, "a picture as it came needs a reason"
        assert (await post(client, f"{heic}/open", page, reason="làm chứng cứ cho vụ án")).content == sent[0]
        assert (await client.get(f"{paper}/original")).content == sent[1]
        downloaded = await client.get(f"{clean}/original")
        assert downloaded.content == files.fetch(blobs, kept[2], view=True)
        gone = await post(client, f"{clean}/open", page, reason="làm chứng cứ cho vụ án")
        assert gone.status_code == 400, "the original was never kept"
        shown = (await client.get(page)).text
        assert shown.count("Mở bản gốc</summary>") == 1
        assert "Không làm sạch được" in shown

    run(story)


def test_an_administrator_invites_and_the_newcomer_gets_the_key_from_a_colleague(desk):
    async def story():
        _, referral = desk.tip()
        admin = await desk.signed_in("quantri")
        form = {"login": "moi", "name": "Cán bộ mới", "role": "officer", "unit": "ca.31.10645"}
        page = (await post(admin, "/accounts", "/accounts", **form)).text
        token = re.search(r"/enrol/([A-Za-z0-9_\-]+)", page)[1]
        newcomer = desk.browser()
        assert (await newcomer.get(f"/enrol/{token}")).status_code == 200
        weak = await newcomer.post(f"/enrol/{token}", data={"password": "ngan", "again": "ngan"})
        assert weak.status_code == 400
        enrolled = await newcomer.post(
            f"/enrol/{token}", data={"password": "mot cau dai de nho", "again": "mot cau dai de nho"}
        )
        secret = re.search(r'class="secret">([A-Z2-7]{32})<', enrolled.text)[1]
        assert (await newcomer.get(f"/enrol/{token}")).status_code in {303, 401}
        desk.officers["moi"] = demo.DemoOfficer("moi", "mot cau dai de nho", secret, "ca.31.10645", None)
        client = await desk.signed_in("moi")
        assert (await client.get(f"/referrals/{referral}")).status_code == 404
        colleague = await desk.signed_in("anphu")
        with desk.core.db.reading() as session:
            officer_id = session.execute(select(Officer.id).where(Officer.login == "moi")).scalar_one()
        assert (await post(colleague, f"/unit/grant/{officer_id}", "/unit")).status_code == 303
        assert (await client.get(f"/referrals/{referral}")).status_code == 200

    run(story)


def test_a_lost_password_does_not_open_old_tips_but_the_recovery_key_does(desk):
    async def story():
        _, referral = desk.tip()
        admin = await desk.signed_in("quantri")
        with desk.core.db.reading() as session:
            officer_id = session.execute(select(Officer.id).where(Officer.login == "anphu")).scalar_one()
        page = (await post(admin, f"/accounts/{officer_id}/renew", "/accounts")).text
        token = re.search(r"/enrol/([A-Za-z0-9_\-]+)", page)[1]
        words = "mot cau khac rat dai"
        enrolled = await desk.browser().post(f"/enrol/{token}", data={"password": words, "again": words})
        secret = re.search(r'class="secret">([A-Z2-7]{32})<', enrolled.text)[1]
        recovery = desk.officers["anphu"].recovery_key
        desk.officers["anphu"] = demo.DemoOfficer("anphu", words, secret, "ca.31.10645", None)
        client = await desk.signed_in("anphu")
        assert (await client.get(f"/referrals/{referral}")).status_code == 404
        assert (await post(client, "/unit/recover", "/unit", recovery="AAAA-BBBB")).status_code == 400
        assert (await post(client, "/unit/recover", "/unit", recovery=recovery)).status_code == 303
        assert (await client.get(f"/referrals/{referral}")).status_code == 200

    run(story)


def test_the_auditor_sees_the_chain_and_no_words(desk):
    async def story():
        _, referral = desk.tip()
        await (await desk.signed_in("anphu")).get(f"/referrals/{referral}")
        page = (await (await desk.signed_in("kiemtra")).get("/audit")).text
        assert "Chuỗi nguyên vẹn" in page
        assert "Mở xem tin" in page
        assert "nhà bà" not in page

    run(story)


def test_the_clock_can_be_lengthened_once(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")
        page = f"/referrals/{referral}"
        await post(client, f"{page}/act", page, act="receive")
        assert (await post(client, f"{page}/extend", page, reason="complex")).status_code == 303
        assert (await post(client, f"{page}/extend", page, reason="complex")).status_code == 400
        with desk.core.db.reading() as session:
            row = session.get(Referral, referral)
        assert row.next_clock_at - row.received_at == pytest.approx(desk.core.clocks.decide_extended)

    run(story)


def test_statistics_count_and_tell_nothing(desk):
    async def story():
        desk.tip()
        page = (await (await desk.signed_in("haiphong")).get("/statistics")).text
        assert "Cưỡng bức lao động" in page
        assert "nhà bà" not in page

    run(story)


def test_referrals_listed_are_only_those_that_can_be_opened(desk):
    async def story():
        desk.tip()
        desk.tip(unit="ca.12.03390")
        client = await desk.signed_in("anphu")
        links = set(re.findall(r"/referrals/[0-9a-f]{32}", (await client.get("/")).text))
        assert len(links) == 1
        assert referrals.EXTENSION_REASONS

    run(story)
