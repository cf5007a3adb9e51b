"""The Official Account: what comes in, what goes out."""

from __future__ import annotations

import copy
import json

import httpx
import pytest

from bot.channel_set import zalo_oa
from bot.channels.zalo_oa import errors
from bot.channels.zalo_oa.verify import HEADER, signature
from bot.core.errors import SendPolicy
from bot.core.messages import SOME_ALBUM, Channel, Choice, InboundKind, OutboundMessage
from bot.core.sending import Address
from bot.services.messaging import channel_tokens
from tests.integration.channels.conftest import APP_ID, OA_ID, OA_SECRET
from tests.support.channel_runner import Incoming, Outgoing, check_incoming, check_outgoing

PATH, USER = "/webhooks/zalo-oa", "246845883529197922"
CDN = "https://f1.photo.talk.zdn.vn/anh.jpg"


def sign(raw: bytes) -> dict[str, str]:
    try:
        stamp = str(json.loads(raw).get("timestamp", ""))
    except (ValueError, AttributeError, RecursionError):
        stamp = ""
    return {HEADER: f"mac={signature(raw, APP_ID, stamp, OA_SECRET)}"}


def event(name: str = "user_send_text", **more) -> dict:
    body = {
        "app_id": APP_ID, "sender": {"id": USER}, "user_id_by_app": "552177279717587730", "recipient": {"id": OA_ID},
        "event_name": name, "message": {"text": "xin chào", "msg_id": "96d3cdf3af150460909"}, "timestamp": "1543908534740",
    }  # fmt: skip
    return copy.deepcopy(body | more)


def media(kind: str, url: str = CDN, **payload) -> dict:
    return {"msg_id": "m2", "attachments": [{"type": kind, "payload": {"url": url, "thumbnail": url, **payload}}]}


def place(latitude, longitude) -> dict:
    spot = {"coordinates": {"latitude": latitude, "longitude": longitude}}
    return {"msg_id": "m3", "attachments": [{"type": "location", "payload": spot}]}


RAW_VECTOR = (
    '{"app_id":"360846524940903967","sender":{"id":"246845883529197922"},"user_id_by_app":"552177279717587730",'
    '"recipient":{"id":"388613280878808645"},"event_name":"user_send_text","message":{"text":"xin chào",'
    '"msg_id":"96d3cdf3af150460909"},"timestamp":"1543908534740"}'
).encode()
VECTOR = "b8fea30d4749324c84a910fe6009ffda0e2bd3c66d53f47998b9d375cedcd9a4"
TEXT = {"kind": InboundKind.TEXT, "text": "xin chào", "sender": USER, "channel": Channel.ZALO_OA}
MANAGEMENT = {"oa_id": OA_ID, "follower": {"id": USER}, "app_id": APP_ID, "timestamp": "1543908534740"}

INCOMING = [
    Incoming("the reference's signature vector", RAW_VECTOR, stored=[TEXT | {"at": 1543908534.740}],
             headers={HEADER: f"mac={VECTOR}"}),
    Incoming("a signature without its prefix", RAW_VECTOR, stored=[TEXT], headers={HEADER: VECTOR.upper()}),
    Incoming("valid text", event(), stored=[TEXT]),
    Incoming("button", event(message={"text": "#do:report_tip", "msg_id": "m1"}),
             stored=[{"kind": InboundKind.CHOICE, "choice": "do:report_tip", "text": ""}]),
    Incoming("words that only look like a button", event(message={"text": "#lachan chào", "msg_id": "m1"}),
             stored=[{"kind": InboundKind.TEXT, "text": "#lachan chào"}]),
    Incoming("location in strings", event("user_send_location", message=place("10.7642473", "106.6564314")),
             stored=[{"kind": InboundKind.LOCATION, "latitude": 10.7642473, "longitude": 106.6564314}]),
    Incoming("location in numbers", event("user_send_location", message=place(10.5, 106.5)),
             stored=[{"kind": InboundKind.LOCATION, "latitude": 10.5, "longitude": 106.5}]),
    Incoming("location off the globe", event("user_send_location", message=place("910", "NaN")),
             stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("image", event("user_send_image", message=media("image")),
             stored=[{"kind": InboundKind.ATTACHMENT, "album": SOME_ALBUM}]),
    Incoming("attachments beside the message",
             event("user_send_image", message={"msg_id": "m2"}, attachments=media("image")["attachments"]),
             stored=[{"kind": InboundKind.ATTACHMENT}]),
    Incoming("voice", event("user_send_audio", message=media("audio")),
             stored=[{"kind": InboundKind.ATTACHMENT, "album": ""}]),
    Incoming("file", event("user_send_file", message=media("file", name="đơn.pdf", size="2000")),
             stored=[{"kind": InboundKind.ATTACHMENT}]),
    Incoming("link", event("user_send_link", message=media("link", "https://xau.vn", description="Việc nhẹ")),
             stored=[{"kind": InboundKind.TEXT, "text": "Việc nhẹ https://xau.vn"}]),
    Incoming("business card", event("user_send_business_card", message=media("link", description='{"phone":"0912"}')),
             stored=[{"kind": InboundKind.TEXT, "text": "0912"}]),
    Incoming("business card with a name",
             event("user_send_business_card", message=media("link", description='{"phone":"84912345678","caption":"Bà Hoa"}')),
             stored=[{"kind": InboundKind.TEXT, "text": "Bà Hoa 84912345678"}]),
    Incoming("a video with its description", event("user_send_video", message=media("video", description="đây là chỗ nó nhốt")),
             stored=[{"kind": InboundKind.ATTACHMENT, "text": "đây là chỗ nó nhốt"}]),
    Incoming("sticker", event("user_send_sticker", message=media("sticker")), stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("anonymous text",
             event("anonymous_send_text", message={"text": "xin chào", "msg_id": "a1", "conversation_id": "c-1"}),
             stored=[TEXT | {"reply_to": "c-1"}]),
    Incoming("a conversation's id at somebody with an account",
             event(message={"text": "xin chào", "msg_id": "a1", "conversation_id": "c-1"}), stored=[TEXT | {"reply_to": ""}]),
    Incoming("anonymous image", event("anonymous_send_image", message=media("image") | {"conversation_id": "c-1"}),
             stored=[{"kind": InboundKind.ATTACHMENT, "reply_to": "c-1"}]),
    Incoming("follow", MANAGEMENT | {"event_name": "follow"}, stored=[{"kind": InboundKind.FOLLOW, "sender": USER}]),
    Incoming("unfollow", MANAGEMENT | {"event_name": "unfollow"}, stored=[{"kind": InboundKind.STOPPED, "sender": USER}]),
    Incoming("chat button", {"app_id": APP_ID, "user_id": USER, "event_name": "user_click_chatnow", "timestamp": "1"},
             stored=[{"kind": InboundKind.FOLLOW, "sender": USER}]),
    Incoming("withdrawal", {"app_id": APP_ID, "user_id": USER, "event_name": "user_withdraw", "timestamp": "1"},
             stored=[{"kind": InboundKind.ERASE, "sender": USER}]),
    Incoming("a human operator", event("oa_send_text", sender={"id": OA_ID, "admin_id": "77"}, recipient={"id": USER}),
             stored=[{"kind": InboundKind.HUMAN, "sender": USER}]),
    Incoming("our own echo", event("oa_send_text", sender={"id": OA_ID}, recipient={"id": USER})),
    Incoming("our own id as sender", event(sender={"id": OA_ID})),
    Incoming("receipt", event("user_seen_message", message={"msg_ids": ["1"]})),
    Incoming("user_submit_info is never asked for", event("user_submit_info", info={"phone": "84912345678"})),
    Incoming("unknown event", event("something_new")),
    Incoming("event of the wrong type", event(["user_send_text"])),  # type: ignore[arg-type]
    Incoming("no message at all", event(message=None), stored=[{"kind": InboundKind.TEXT, "text": ""}]),
    Incoming("lone surrogate and NUL", b'{"app_id":"%s","sender":{"id":"9"},"event_name":"user_send_text","timestamp":"5",'
             b'"message":{"text":"a\\ud800\\u0000b","msg_id":"s"}}' % APP_ID.encode(),
             stored=[{"kind": InboundKind.TEXT, "text": "a?b"}]),
    Incoming("empty body of the console's check", b"", headers={}),
    Incoming("empty object of the console's check", b"{}", headers={}),
    Incoming("empty object with blanks", b" { } \n", headers={}),
    Incoming("not quite an empty object", b'{"a":1}', headers={}, status=401),
    Incoming("a kind nobody knows yet", event("user_send_contact", message={"msg_id": "m1"}),
             stored=[{"kind": InboundKind.UNSUPPORTED, "sender": USER}]),
    Incoming("a kind nobody knows yet, with words", event("user_send_poll", message={"msg_id": "m1", "text": "cứu em"}),
             stored=[{"kind": InboundKind.UNSUPPORTED, "text": "cứu em"}]),
    Incoming("in a group", event("user_send_group_text", message={"msg_id": "m1", "text": "chào"})),
    Incoming("anonymous ids at the top level", {
        "app_id": APP_ID, "event_name": "anonymous_send_text", "anonymous_id": "an1", "conversation_id": "c1",
        "recipient": {"id": OA_ID}, "message": {"text": "cứu em với", "msg_id": "m1"}, "timestamp": "1"},
        stored=[{"kind": InboundKind.TEXT, "text": "cứu em với", "sender": "an1", "reply_to": "c1"}]),
    Incoming("bad JSON", b"{", status=401),
    Incoming("deep JSON", b"[" * 60_000, status=401),
    Incoming("a list", b"[1]", status=401),
    Incoming("bad signature", event(), status=401, headers={HEADER: "mac=" + "0" * 64}),
    Incoming("missing signature", event(), status=401, headers={}),
    Incoming("signature that is not text", event(), status=401, headers={HEADER: "mac=é".encode()}),
    Incoming("another app's event", event(app_id="1"), status=401),
    Incoming("duplicate id", event(), stored=[TEXT], times=3),
    Incoming("repeat of a follow", MANAGEMENT | {"event_name": "follow"}, stored=[{"kind": InboundKind.FOLLOW}], times=3),
    Incoming("no id: the same words within four seconds are one", event(message={"text": "cứu"}),
             stored=[{"kind": InboundKind.TEXT, "text": "cứu"}], times=3),
    Incoming("giant body", b"x" * 300_000, status=413),
]  # fmt: skip


@pytest.mark.parametrize("case", INCOMING, ids=lambda case: case.name)
def test_incoming(on, case):
    check_incoming(on, PATH, case, sign)


def test_a_retry_long_after_is_taken_once(on):
    """Zalo repeats for hours with the same body and an old timestamp: valid, and one message."""
    check_incoming(on, PATH, Incoming("first", event(), stored=[TEXT]), sign)
    check_incoming(on, PATH, Incoming("late retry", event(), stored=[TEXT], headers=sign_retry(event())), sign)


def sign_retry(body: dict) -> dict[str, str]:
    return sign(json.dumps(body, ensure_ascii=False).encode()) | {"num_retry": "5"}


OK = (200, {"error": 0, "message": "Success", "data": {"message_id": "1", "user_id": "1001"}})
CHOICES = (Choice("do:report_tip", "Báo tin"), Choice("do:menu", "Xem tất cả"))


def failed(code: int) -> tuple[int, dict]:
    return 200, {"error": code, "message": "..."}


def text_call(text: str) -> tuple[str, dict]:
    return "/v3.0/oa/message/cs", {"recipient": {"user_id": "1001"}, "message": {"text": text}}


BUTTONS = [
    {"title": "Báo tin", "type": "oa.query.hide", "payload": "#do:report_tip"},
    {"title": "Xem tất cả", "type": "oa.query.hide", "payload": "#do:menu"},
]
LONG = "\n".join(f"Dòng {n}: " + "chữ " * 20 for n in range(40))
NEW_PAIR = (200, {"access_token": "access-2", "refresh_token": "refresh-2", "expires_in": "90000"})
HELLO = OutboundMessage("Chào bạn")
CARD = OutboundMessage("Thẻ", image="hotline_card.png", image_alt="Số điện thoại")
UPLOADED = (200, {"error": 0, "data": {"attachment_id": "att-1"}})

OUTGOING = [
    Outgoing("short", HELLO, [OK], [text_call("Chào bạn")]),
    Outgoing("buttons", OutboundMessage("Chọn:", CHOICES), [OK],
             [("/cs", {"message": {"text": "Chọn:", "attachment": {"type": "template", "payload": {"buttons": BUTTONS}}}})]),
    Outgoing("buttons refused become numbers", OutboundMessage("Chọn:", CHOICES), [failed(-201), OK],
             [("/cs", {}), ("/cs", {"message": {"text": "Chọn:\n\n1. Báo tin\n2. Xem tất cả"}})]),
    Outgoing("split", OutboundMessage(LONG), [OK, OK]),
    Outgoing("anonymous", HELLO, [OK],
             [("/v2.0/oa/message", {"recipient": {"anonymous_id": "1001", "conversation_id": "c-1"}})],
             address=Address("1001", "c-1")),
    Outgoing("picture", OutboundMessage("Thẻ", image="hotline_card.png", image_alt="Số điện thoại"),
             [(200, {"error": 0, "data": {"attachment_id": "att-1"}}), OK, OK],
             [("/v2.0/oa/upload/image", {}),
              ("/cs", {"message": {"attachment": {"type": "template", "payload": {
                  "template_type": "media", "elements": [{"media_type": "image", "attachment_id": "att-1"}]}}}}),
              text_call("Thẻ")]),
    Outgoing("a picture whose upload breaks: the words go", CARD, [(503, b""), OK], [("/upload/image", {}), text_call("Thẻ")]),
    Outgoing("no uploads left this month: the words go", CARD, [failed(-211), OK], [("/upload/image", {}), text_call("Thẻ")]),
    Outgoing("a picture Zalo refuses: the words go", CARD, [UPLOADED, failed(-201), OK],
             [("/upload/image", {}), ("/cs", {}), text_call("Thẻ")]),
    Outgoing("a picture nobody knows of: the words go", CARD, [UPLOADED, httpx.ReadTimeout(""), OK],
             [("/upload/image", {}), ("/cs", {}), text_call("Thẻ")]),
    Outgoing("a picture while nothing connects: tried again", CARD, [httpx.ConnectError("")],
             error=(SendPolicy.RETRY, "connect")),
    Outgoing("a picture that is not there", OutboundMessage("Thẻ", image="khong_co.png"), [OK], [text_call("Thẻ")]),
    Outgoing("a path out of the folder", OutboundMessage("Thẻ", image="../../keys.json"), [OK], [text_call("Thẻ")]),
    Outgoing("429", HELLO, [(429, b"")], error=(SendPolicy.RETRY, "http_429"), retry_after=30.0),
    Outgoing("429 in a proxy's JSON", HELLO, [(429, {"error": "Too Many Requests"})], error=(SendPolicy.RETRY, "http_429")),
    Outgoing("403 in a proxy's JSON", HELLO, [(403, {"error": "Forbidden"})], error=(SendPolicy.ALERT, "http_403")),
    Outgoing("calls per minute", HELLO, [failed(-32)], error=(SendPolicy.RETRY, "-32"), retry_after=60.0),
    Outgoing("5xx", HELLO, [(503, b"")], error=(SendPolicy.UNKNOWN, "http_503")),
    Outgoing("time-out after sending", HELLO, [httpx.ReadTimeout("")], error=(SendPolicy.UNKNOWN, "ReadTimeout")),
    Outgoing("never connected", HELLO, [httpx.ConnectError("")], error=(SendPolicy.RETRY, "connect")),
    Outgoing("an answer that is not JSON", HELLO, [(200, b"<html>")], error=(SendPolicy.UNKNOWN, "http_200")),
    Outgoing("blocked", HELLO, [failed(-213)], error=(SendPolicy.STOP, "-213")),
    Outgoing("restricted", HELLO, [failed(-244)], error=(SendPolicy.STOP, "-244")),
    Outgoing("not at night", HELLO, [failed(-234)], error=(SendPolicy.RETRY, "-234"), retry_after=3_600.0),
    Outgoing("too long for Zalo", HELLO, [failed(-210)], error=(SendPolicy.FIX, "-210")),
    Outgoing("silent for a week", HELLO, [failed(-230)], error=(SendPolicy.FIX, "-230")),
    Outgoing("account in trouble", HELLO, [failed(-221)], error=(SendPolicy.ALERT, "-221")),
    Outgoing("a code nobody documented", HELLO, [failed(-9999)], error=(SendPolicy.FIX, "-9999")),
    Outgoing("expired token: renewed once, sent once", HELLO, [failed(-220), NEW_PAIR, OK],
             [("/cs", {}), ("/v4/oa/access_token", {"refresh_token": "refresh-1", "grant_type": "refresh_token"}), ("/cs", {})]),
    Outgoing("renewed and still refused", HELLO, [failed(-216), NEW_PAIR, failed(-216)], error=(SendPolicy.ALERT, "-216")),
    Outgoing("revoked: the exchange is refused", HELLO, [failed(-216), (200, {"error": -14014, "error_name": "x"})],
             error=(SendPolicy.ALERT, "-14014")),
    Outgoing("the exchange's answer is lost", HELLO, [failed(-216), httpx.ReadTimeout("")],
             error=(SendPolicy.RETRY, "token_exchange")),
]  # fmt: skip


@pytest.mark.parametrize("case", OUTGOING, ids=lambda case: case.name)
def test_outgoing(on, case):
    check_outgoing(lambda transport: zalo_oa(on, transport), case)


def test_a_renewed_pair_is_stored_and_sealed(on):
    case = next(case for case in OUTGOING if case.name.startswith("expired token"))
    check_outgoing(lambda transport: zalo_oa(on, transport), case)
    with on.db.reading() as session:
        pair = channel_tokens.load(session, on.vault, Channel.ZALO_OA)
    assert (pair.access, pair.refresh, pair.version, pair.failed) == ("access-2", "refresh-2", 2, "")
    assert b"access-2" not in (on.settings.data_dir / "lachan.db").read_bytes()


def test_after_a_refusal_nobody_asks_again_until_a_person_enters_a_pair(on):
    refused = next(case for case in OUTGOING if case.name.startswith("revoked"))
    check_outgoing(lambda transport: zalo_oa(on, transport), refused)
    check_outgoing(
        lambda transport: zalo_oa(on, transport),
        Outgoing("quiet", HELLO, [], error=(SendPolicy.ALERT, "token_refused")),
    )
    with on.db.transaction() as session:
        channel_tokens.enter(session, on.vault, Channel.ZALO_OA, "access-9", "refresh-9", on.now(), 90_000)
    check_outgoing(lambda transport: zalo_oa(on, transport), Outgoing("again", HELLO, [OK], [text_call("Chào bạn")]))


def test_a_message_refused_at_the_beginning_of_the_night_lives_to_see_the_morning():
    error = errors.to_error({"error": -234})
    assert error.retry_after * (error.tries - 1) >= 8 * 3_600


def test_no_part_is_longer_than_zalo_takes(on):
    client = zalo_oa(on)
    for text in (LONG, "ắ" * 5_000, "a\u0302" * 3_000, "x" * 2_000, "x" * 2_001):
        parts = client.parts(OutboundMessage(text, CHOICES))
        assert all(0 < len(part.text) <= 2_000 for part in parts)
        assert [bool(part.choices) for part in parts] == [False] * (len(parts) - 1) + [True]
