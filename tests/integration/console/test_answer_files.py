"""Files that officers send with an answer: stored sealed, told to the reporter, fetched only while the tip is open."""

from __future__ import annotations

import asyncio
import io

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from bot.core.messages import Channel
from bot.dialogue.commands import LookUpTip
from bot.dialogue.state import ConversationState
from bot.gateway.asgi import build, create_app
from bot.services.messaging import commands
from bot.services.tips import files, record
from bot.storage.tables import Audit, Conversation, TipEntry, TipFile
from tests.support.canary import Canary
from tests.support.console import csrf

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


class NoEngine:
    """Never asked here."""

    ready, workers = False, 0


def photo() -> bytes:
    """A picture with a place in its metadata."""
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010E] = "chụp ở nhà cán bộ"
    Image.new("RGB", (40, 40), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


async def answer(client, referral: str, *uploads: bytes, text: str = "mời bạn xem", **form) -> httpx.Response:
    page = f"/referrals/{referral}"
    parts = [("files", (f"tên thật {number}.bin", data)) for number, data in enumerate(uploads)]
    data = {"csrf": await csrf(client, page), "text": text} | form
    return await client.post(f"{page}/answer", data=data, files=parts or None)


def look_up(core, code: str, channel: str, conversation: str) -> tuple[dict, ConversationState]:
    """(what the command says, the state it leaves) when a reporter types the code."""
    work = commands.Work(
        vault=core.vault, clocks=core.clocks, conversation_id=conversation, channel=channel, language="vi",
        state=ConversationState(),
        route=None, cards=None, check_offer=None, code=code, now=core.now(),
    )  # fmt: skip
    commands.prepare(work, 0, LookUpTip())
    with core.db.transaction() as session:
        (said,) = commands.run(session, work, 0, LookUpTip())
        if work.channel == Channel.WEB.value:
            row = session.get(Conversation, conversation) or Conversation(id=conversation, channel=channel)
            row.state, row.updated_at = core.vault.seal_state(conversation, work.state.to_json()), core.now()
            session.add(row)
    return said, work.state


def report(core, said):
    (bubble,) = core.renderer.render([said], "vi")
    return bubble


def test_files_reach_the_reporter_on_the_web_and_only_while_the_tip_is_open(desk):
    async def story():
        core, canary = desk.core, Canary()
        code, referral = desk.tip()
        client = await desk.signed_in("anphu")
        papers = PDF + canary.word.encode()
        assert (await answer(client, referral, photo(), papers)).status_code == 303
        assert canary.hits(core.settings.data_dir) == []
        page = (await client.get(f"/referrals/{referral}")).text
        assert "Có 2 tệp" in page
        assert page.count("cán bộ gửi") == 2

        gateway = create_app(build(core, engine=NoEngine(), pushes={}))
        web = httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url="http://chat.test")
        token = (await web.post("/chat/api/sessions")).json()["session"]
        me = {"Authorization": f"Bearer {token}"}
        conversation = core.vault.conversation_id(Channel.WEB, token)
        bubble = report(core, look_up(core, code, "web", conversation)[0])
        assert "mời bạn xem (có 2 tệp)" in bubble.text
        got = {}
        for item in bubble.attachments:
            fetched = await web.get(f"/chat/api/files/{item.ref}", headers=me)
            assert fetched.status_code == 200
            assert fetched.headers["content-disposition"].startswith("attachment")
            got[item.kind] = fetched.content
        assert got["file"] == papers
        assert not dict(Image.open(io.BytesIO(got["image"])).getexif()), "the clean copy goes out"

        path = f"/chat/api/files/{bubble.attachments[0].ref}"
        assert (await web.get(path)).status_code == 401
        other = (await web.post("/chat/api/sessions")).json()["session"]
        assert (await web.get(path, headers={"Authorization": f"Bearer {other}"})).status_code == 404
        assert (await web.get("/chat/api/files/" + "0" * 32 + ".pdf", headers=me)).status_code == 404
        desk.now += 3601
        assert (await web.get(path, headers=me)).status_code == 404
        with core.db.transaction() as session:
            row = session.get(Conversation, conversation)
            row.state, row.updated_at = core.vault.seal_state(conversation, {}), desk.now
        assert (await web.get(path, headers=me)).status_code == 404, "the reporter closed the tip"

    asyncio.run(story())


def test_another_tip_s_files_and_the_reporter_s_own_are_not_served(desk):
    async def story():
        core = desk.core
        own = files.keep(core.settings.blobs_dir, photo())
        first, _ = desk.tip(files=[own.ref])
        _, second = desk.tip()
        client = await desk.signed_in("anphu")
        await answer(client, second, PDF)
        gateway = create_app(build(core, engine=NoEngine(), pushes={}))
        web = httpx.AsyncClient(transport=httpx.ASGITransport(gateway), base_url="http://chat.test")
        token = (await web.post("/chat/api/sessions")).json()["session"]
        bubble = report(core, look_up(core, first, "web", core.vault.conversation_id(Channel.WEB, token))[0])
        assert bubble.attachments == ()
        with core.db.reading() as session:
            ids = list(session.execute(select(TipFile.id)).scalars())
        assert len(ids) == 2
        for file_id in ids:
            answered = await web.get(f"/chat/api/files/{file_id}.jpg", headers={"Authorization": f"Bearer {token}"})
            assert answered.status_code == 404

    asyncio.run(story())


def test_elsewhere_the_reporter_is_told_where_to_open_them(desk):
    async def story():
        code, referral = desk.tip()
        await answer(await desk.signed_in("anphu"), referral, PDF)
        bubble = report(desk.core, look_up(desk.core, code, "telegram", "c" * 64)[0])
        assert "(có 1 tệp)" in bubble.text
        assert f"mở trang {desk.core.settings.public_url}, chọn" in bubble.text
        assert bubble.attachments == ()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("uploads", "status", "words"),
    [
        ([b"MZ\x90\x00 not for us"], 400, "Chỉ gửi được ảnh"),
        ([PDF] * 6, 400, "tối đa 5 tệp"),
        ([b"\xff\xd8\xff\xe0" + b"broken" * 50], 400, ""),
        ([PDF + b"x" * (21 * 1024 * 1024)], 400, "tổng cộng 20 MB"),
    ],
)
def test_what_is_refused(desk, uploads, status, words):
    async def story():
        _, referral = desk.tip()
        refused = await answer(await desk.signed_in("anphu"), referral, *uploads)
        assert refused.status_code == status
        assert words in refused.text
        with desk.core.db.reading() as session:
            assert session.execute(select(TipEntry)).first() is None
            assert session.execute(select(TipFile)).first() is None

    asyncio.run(story())


def test_a_form_without_a_file_still_works_and_others_store_nothing(desk):
    async def story():
        code, referral = desk.tip()
        client = await desk.signed_in("anphu")
        assert (await answer(client, referral, b"")).status_code == 303
        keys = desk.core.vault.receipt_keys(code)
        with desk.core.db.transaction() as session:
            opened = record.open_with_receipt(session, desk.core.vault, keys.lookup, keys.pair)
            assert [entry["files"] for entry in record.entries(session, opened)] == [[]]
            (entry,) = session.execute(select(Audit).where(Audit.action == "answered")).scalars()
            assert entry.detail == f"referral={referral} files=0"
        stranger = await desk.signed_in("binhlu")
        data = {"csrf": await csrf(stranger, "/unit"), "text": "x"}
        refused = await stranger.post(f"/referrals/{referral}/answer", data=data, files=[("files", ("a.pdf", PDF))])
        assert refused.status_code == 404
        blobs = desk.core.settings.blobs_dir
        assert not blobs.exists() or not list(blobs.iterdir())

    asyncio.run(story())


def test_a_form_that_is_too_long_is_not_read(desk):
    async def story():
        _, referral = desk.tip()
        client = await desk.signed_in("anphu")

        async def body():
            yield b"x" * 65536

        headers = {"content-length": str(200 * 1024 * 1024), "content-type": "multipart/form-data; boundary=b"}
        answered = await client.post(f"/referrals/{referral}/answer", content=body(), headers=headers)
        assert answered.status_code == 400
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answered = await client.post(f"/referrals/{referral}/act", content=body(), headers=headers)
        assert answered.status_code == 400, "no length, no reading"
        assert (await client.post("/sign-in", data={"login": "x" * 100_000})).status_code == 400

    asyncio.run(story())
