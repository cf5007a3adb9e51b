"""The Zalo Bot Platform: what comes in, what goes out."""

from __future__ import annotations

import copy

import httpx
import pytest

from bot.channel_set import zalo_bot
from bot.channels.zalo_bot.verify import HEADER
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, Choice, InboundKind, OutboundMessage
from bot.core.sending import NUMBER_FROM
from bot.services.messaging import outbox
from tests.support.channel_runner import Incoming, Outgoing, check_incoming, check_outgoing

PATH, USER = "/webhooks/zalo-bot", "a1b2c3d4e5f60718293a"


def sign(raw: bytes) -> dict[str, str]:
    return {HEADER: "zalo-bot-hook"}


def update(event: str = "message.text.received", **fields) -> dict:
    message = {
        "date": 1789033572455, "chat": {"chat_type": "PRIVATE", "id": USER}, "message_id": "m1a2b3c4d5e6f7081920",
        "from": {"id": USER, "is_bot": False, "display_name": "An"}, "text": "xin chào",
    } | fields  # fmt: skip
    return copy.deepcopy({"event_name": event, "message": message})


TEXT = {"kind": InboundKind.TEXT, "text": "xin chào", "sender": USER, "channel": Channel.ZALO_BOT, "at": 1789033572.455}
INCOMING = [
    Incoming("valid text, flat as in real traffic", update(), stored=[TEXT]),
    Incoming("valid text, wrapped as in the documentation", {"ok": True, "result": update()}, stored=[TEXT]),
    Incoming("button: there are none, a number comes as text", update(text="2"), stored=[TEXT | {"text": "2"}]),
    Incoming("start", update(text="/start"), stored=[{"kind": InboundKind.FOLLOW}]),
    Incoming("image, real", update("message.image.received", text=None, photo_url="https://a.zdn.vn/1.jpg",
             message_type="CHAT_PHOTO", caption="đây"), stored=[{"kind": InboundKind.ATTACHMENT, "text": "đây"}]),
    Incoming("image, documented", update("message.image.received", text=None, photo="https://a.zdn.vn/1.jpg"),
             stored=[{"kind": InboundKind.ATTACHMENT}]),
    Incoming("voice", update("message.voice.received", text=None, voice_url="https://a.zdn.vn/1.aac"),
             stored=[{"kind": InboundKind.ATTACHMENT}]),
    Incoming("location cannot be sent: unsupported", update("message.unsupported.received", text=None),
             stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("sticker", update("message.sticker.received", text=None, sticker="x"),
             stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("link", update("message.link.received", text="xem", link="https://xau.vn"),
             stored=[{"kind": InboundKind.TEXT, "text": "xem https://xau.vn"}]),
    Incoming("group", update(chat={"chat_type": "GROUP", "id": "g"})),
    Incoming("another bot", update(**{"from": {"id": "b", "is_bot": True}})),
    Incoming("unsupported without a message", {"event_name": "message.unsupported.received"}),
    Incoming("unknown event", update("member.joined")),
    Incoming("a file", update("message.file.received", text=None, url="https://file-stal-13.dlfl.vn/a", file_name="a.pdf"),
             stored=[{"kind": InboundKind.UNSUPPORTED, "sender": USER}]),
    Incoming("a video with words", update("message.video.received", text=None, caption="cứu em", url="https://a.dlmd.me/v"),
             stored=[{"kind": InboundKind.UNSUPPORTED, "text": "cứu em"}]),
    Incoming("a kind nobody knows yet", update("message.hologram.received", text=None), stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("a kind nobody knows yet, in a group",
             update("message.hologram.received", text=None, chat={"chat_type": "GROUP", "id": "g"})),
    Incoming("a reaction", update("message.reaction.received", text=None)),
    Incoming("empty probe", b"", headers={}),
    Incoming("empty probe, an object", b"{}", headers={}),
    Incoming("an empty object", {}),
    Incoming("bad JSON", b"{", status=400),
    Incoming("deep JSON", b"[" * 60_000, status=400),
    Incoming("bad secret", update(), status=401, headers={HEADER: "wrong"}),
    Incoming("missing secret", update(), status=401, headers={}),
    Incoming("duplicate id", update(), stored=[TEXT], times=3),
    Incoming("no id: the same words within four seconds are one", update(message_id=None), stored=[TEXT], times=3),
    Incoming("giant body", b"x" * 300_000, status=413),
]  # fmt: skip


@pytest.mark.parametrize("case", INCOMING, ids=lambda case: case.name)
def test_incoming(on, case):
    check_incoming(on, PATH, case, sign)


OK = (200, {"ok": True, "result": {"message_id": "1", "date": 1}})


def failed(code: int, status: int = 200) -> tuple[int, dict]:
    return status, {"ok": False, "error_code": code, "description": "..."}


HELLO = OutboundMessage("Chào bạn")
CHOICES = (Choice("do:report_tip", "Báo tin"), Choice("do:menu", "Xem tất cả"))
OUTGOING = [
    Outgoing("short", HELLO, [OK], [("/sendMessage", {"chat_id": "1001", "text": "Chào bạn"})]),
    Outgoing("choices are numbered", OutboundMessage("Chọn:", CHOICES), [OK],
             [("/sendMessage", {"text": "Chọn:\n\n1. Báo tin\n2. Xem tất cả"})]),
    Outgoing("numbers go on through a turn", OutboundMessage("Chọn:", CHOICES, meta={NUMBER_FROM: "4"}), [OK],
             [("/sendMessage", {"text": "Chọn:\n\n4. Báo tin\n5. Xem tất cả"})]),
    Outgoing("split", OutboundMessage("chữ " * 900), [OK, OK]),
    Outgoing("a picture has no public address here", OutboundMessage("Thẻ", image="hotline_card.png"), [OK]),
    Outgoing("429 with HTTP 200", HELLO, [failed(429)], error=(SendPolicy.RETRY, "429"), retry_after=900.0),
    Outgoing("5xx inside", HELLO, [failed(502)], error=(SendPolicy.UNKNOWN, "502")),
    Outgoing("5xx bare", HELLO, [(500, b"")], error=(SendPolicy.UNKNOWN, "http_500")),
    Outgoing("blocked", HELLO, [failed(403)], error=(SendPolicy.STOP, "403")),
    Outgoing("token reset", HELLO, [failed(401)], error=(SendPolicy.ALERT, "401")),
    Outgoing("our mistake", HELLO, [failed(400)], error=(SendPolicy.FIX, "400")),
    Outgoing("time-out after sending", HELLO, [httpx.ReadTimeout("")], error=(SendPolicy.UNKNOWN, "ReadTimeout")),
    Outgoing("never connected", HELLO, [httpx.ConnectError("")], error=(SendPolicy.RETRY, "connect")),
]  # fmt: skip


@pytest.mark.parametrize("case", OUTGOING, ids=lambda case: case.name)
def test_outgoing(on, case):
    check_outgoing(lambda transport: zalo_bot(on, transport), case)


@pytest.mark.parametrize("trouble", [failed(400), failed(502), httpx.ReadTimeout("")])
def test_the_words_go_when_zalo_cannot_fetch_the_picture(on, trouble):
    on.settings = on.settings.model_copy(update={"public_url": "https://lachan.example.vn"})
    card = OutboundMessage("Gọi 113", image="hotline_card.png", image_alt="Số điện thoại")
    case = Outgoing("card", card, [trouble, OK], [("/sendPhoto", {}), ("/sendMessage", {"text": "Gọi 113"})])
    check_outgoing(lambda transport: zalo_bot(on, transport), case)


def test_the_month_of_the_basic_plan_ends(on):
    with on.db.transaction() as session:
        for _ in range(3):
            assert outbox.count_month(session, Channel.ZALO_BOT, "2026-11", 3)
        assert not outbox.count_month(session, Channel.ZALO_BOT, "2026-11", 3)
        assert outbox.count_month(session, Channel.ZALO_BOT, "2026-12", 3)
        assert outbox.month_count(session, Channel.ZALO_BOT, "2026-11") == 3


@pytest.mark.parametrize(
    ("answer", "wanted"), [(failed(408), None), ((200, {"ok": True, "result": update()}), update())]
)
def test_long_polling(on, answer, wanted):
    import asyncio

    async def run():
        client = zalo_bot(on, httpx.MockTransport(lambda request: httpx.Response(answer[0], json=answer[1])))
        try:
            return await client.updates()
        finally:
            await client.close()

    assert asyncio.run(run()) == wanted


def test_a_failing_poll_says_so(on):
    import asyncio

    async def run():
        client = zalo_bot(on, httpx.MockTransport(lambda request: httpx.Response(200, json=failed(401)[1])))
        try:
            await client.updates()
        finally:
            await client.close()

    with pytest.raises(SendError, match="alert:401"):
        asyncio.run(run())
