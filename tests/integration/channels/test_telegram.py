"""Telegram: what comes in, what goes out."""

from __future__ import annotations

import copy

import httpx
import pytest

from bot.channels.telegram.client import Telegram
from bot.channels.telegram.compose import keyboard, parts, units
from bot.channels.telegram.limits import MAX_TEXT
from bot.channels.telegram.verify import HEADER
from bot.channels.telegram.words import load_words
from bot.core.errors import SendPolicy
from bot.core.messages import Channel, Choice, InboundKind, OutboundMessage
from bot.gateway.metrics import METRICS
from tests.support.channel_runner import Incoming, Outgoing, check_incoming, check_outgoing

PATH, USER = "/webhooks/telegram", 1111111
PERSON = {"id": USER, "is_bot": False, "first_name": "An"}
PRIVATE = {"id": USER, "type": "private", "first_name": "An"}
GROUP = {"id": -100, "type": "group", "title": "Nhóm"}


def sign(raw: bytes) -> dict[str, str]:
    return {HEADER: "telegram-hook"}


def update(**fields) -> dict:
    message = {"message_id": 1365, "date": 1441645532, "chat": PRIVATE, "from": PERSON} | fields
    return copy.deepcopy({"update_id": 10_000, "message": message})


def command(text: str) -> dict:
    return update(text=text, entities=[{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}])


def tap(data: str = "do:report_tip", chat: dict = PRIVATE) -> dict:
    message = {"message_id": 5, "date": 1441645532, "chat": chat, "text": "Chọn"}
    query = {"id": "4382bfdwdsb323b2d9", "from": PERSON, "chat_instance": "1", "data": data, "message": message}
    return {"update_id": 10_000, "callback_query": query}


def door(status: str, chat: dict = PRIVATE) -> dict:
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    old = {"user": bot, "status": "member"}
    new = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    change = {"chat": chat, "from": PERSON, "date": 1441645532, "old_chat_member": old, "new_chat_member": new}
    return {"update_id": 10_000, "my_chat_member": change}


def file(**more) -> dict:
    return {"file_id": "AgACAgUAAx", "file_unique_id": "AQAD", "file_size": 1000} | more


PHOTOS = [file(width=90, height=90, file_id="small"), file(width=1280, height=960, file_id="large")]
TEXT = {
    "kind": InboundKind.TEXT,
    "text": "xin chào",
    "sender": str(USER),
    "channel": Channel.TELEGRAM,
    "at": 1441645532.0,
}
GIFT = {"gift": {"id": "1", "star_count": 15, "sticker": {"file_id": "s", "file_unique_id": "u", "type": "regular", "width": 1,
        "height": 1, "is_animated": False, "is_video": False}}}  # fmt: skip
CHOSEN = {"kind": InboundKind.CHOICE, "choice": "do:report_tip", "sender": str(USER)}
ATTACHED = {"kind": InboundKind.ATTACHMENT}

INCOMING = [
    Incoming("valid text", update(text="xin chào"), stored=[TEXT]),
    Incoming("button", tap(), stored=[CHOSEN]),
    Incoming("button with strange data", tap("x y z")),
    Incoming("button in a group", tap(chat=GROUP)),
    Incoming("/start", command("/start"), stored=[{"kind": InboundKind.FOLLOW}]),
    Incoming("/start by a link", command("/start baocao"), stored=[CHOSEN]),
    Incoming("/baocao", command("/baocao@lachan_bot"), stored=[CHOSEN]),
    Incoming("/tracuu", command("/tracuu"), stored=[{"choice": "do:report_tip_status"}]),
    Incoming("/dangky", command("/dangky"), stored=[{"choice": "do:subscribe"}]),
    Incoming("/huy", command("/huy"), stored=[{"kind": InboundKind.TEXT, "text": "hủy"}]),
    Incoming("/hủy, as it is spelt", command("/hủy"), stored=[{"kind": InboundKind.TEXT, "text": "hủy"}]),
    Incoming("/báocáo", command("/BáoCáo"), stored=[CHOSEN]),
    Incoming("/dừng", command("/dừng"), stored=[{"choice": "do:unsubscribe"}]),
    Incoming("/dung", command("/dung"), stored=[{"choice": "do:unsubscribe"}]),
    Incoming("a command of another bot", command("/weather"), stored=[{"kind": InboundKind.TEXT, "text": "/weather"}]),
    Incoming("location", update(location={"latitude": 21.02, "longitude": 105.83}),
             stored=[{"kind": InboundKind.LOCATION, "latitude": 21.02, "longitude": 105.83}]),
    Incoming("venue", update(venue={"location": {"latitude": 21.0, "longitude": 105.8}, "title": "Chợ", "address": "x"}),
             stored=[{"kind": InboundKind.LOCATION}]),
    Incoming("photo with words", update(photo=PHOTOS, caption="đây"), stored=[ATTACHED | {"text": "đây"}]),
    Incoming("voice", update(voice=file(duration=3)), stored=[ATTACHED]),
    Incoming("audio", update(audio=file(duration=3)), stored=[ATTACHED]),
    Incoming("video", update(video=file(duration=3, width=1, height=1)), stored=[ATTACHED]),
    Incoming("video note", update(video_note=file(duration=3, length=1)), stored=[ATTACHED]),
    Incoming("document", update(document=file(file_name="đơn.pdf")), stored=[ATTACHED]),
    Incoming("contact", update(contact={"phone_number": "0912", "first_name": "Ba"}),
             stored=[{"kind": InboundKind.TEXT, "text": "Ba 0912"}]),
    Incoming("their own contact card", update(contact={"phone_number": "0912345678", "first_name": "An", "user_id": USER}),
             stored=[{"kind": InboundKind.TEXT, "text": "Số của tôi: 0912345678"}]),
    Incoming("a card with more on it", update(contact={
        "phone_number": "+855 12 345 678", "first_name": "HR",
        "vcard": "BEGIN:VCARD\nFN:HR\nTEL;CELL:+855 12 345 678\nURL:https://lua.example\nEND:VCARD"}),
        stored=[{"kind": InboundKind.TEXT, "text": "HR +855 12 345 678 https://lua.example"}]),
    Incoming("a place with its name", update(venue={
        "location": {"latitude": 10.7, "longitude": 106.7}, "title": "Karaoke Hoa Mai", "address": "12 Lê Lợi"}),
        stored=[{"kind": InboundKind.LOCATION, "text": "Karaoke Hoa Mai, 12 Lê Lợi", "latitude": 10.7}]),
    Incoming("an address behind words", update(text="Bấm vào đây để đăng ký", entities=[
        {"type": "text_link", "offset": 0, "length": 12, "url": "https://lua.example/dk"}]),
        stored=[{"text": "Bấm vào đây để đăng ký\nĐường dẫn: https://lua.example/dk"}]),
    Incoming("an address behind a caption", update(photo=PHOTOS, caption="Đăng ký tại đây", caption_entities=[
        {"type": "text_link", "offset": 8, "length": 7, "url": "https://lua.example/dk"}]),
        stored=[ATTACHED | {"text": "Đăng ký tại đây\nĐường dẫn: https://lua.example/dk"}]),
    Incoming("somebody behind a name", update(text="anh Nam đó", entities=[
        {"type": "text_mention", "offset": 0, "length": 7, "user": {"id": 9, "is_bot": False, "first_name": "Nam", "username": "nam_cam88"}}]),
        stored=[{"text": "anh Nam đó\nNgười được nhắc: Nam @nam_cam88"}]),
    Incoming("an address below, in the preview and in buttons", update(text="Tuyển gấp", link_preview_options={"url": "https://xem.example"},
        via_bot={"id": 5, "is_bot": True, "first_name": "B", "username": "viec_bot"}, reply_markup={"inline_keyboard": [[
            {"text": "Đăng ký", "url": "https://nut.example"}, {"text": "App", "web_app": {"url": "https://app.example"}},
            {"text": "Ví", "copy_text": {"text": "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE"}}]]}),
        stored=[{"text": "Tuyển gấp\nĐường dẫn: https://xem.example\nNút: Đăng ký https://nut.example\nNút: App https://app.example\n"
                         "Nút: Ví TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE\nQua bot: B @viec_bot"}]),
    Incoming("forwarded from a channel", update(text="Lương 30 triệu", forward_origin={
        "type": "channel", "date": 1, "chat": {"id": -100, "type": "channel", "title": "Viec lam Cam", "username": "vieclamcam"},
        "message_id": 5, "author_signature": "Boss"}),
        stored=[{"text": "Lương 30 triệu\nChuyển tiếp từ: Viec lam Cam · t.me/vieclamcam/5 · Boss"}]),
    Incoming("forwarded from a person", update(text="Lương 30 triệu", forward_origin={
        "type": "user", "date": 1, "sender_user": {"id": 9, "is_bot": False, "first_name": "Nam", "username": "nam_cam88"}}),
        stored=[{"text": "Lương 30 triệu\nChuyển tiếp từ: Nam @nam_cam88"}]),
    Incoming("forwarded from somebody hidden", update(photo=PHOTOS, forward_origin={
        "type": "hidden_user", "date": 1, "sender_user_name": "Chị Hoa Tuyển Dụng"}),
        stored=[ATTACHED | {"text": "Chuyển tiếp từ: Chị Hoa Tuyển Dụng"}]),
    Incoming("forwarded from a group", update(text="Lương 30 triệu", forward_origin={
        "type": "chat", "date": 1, "sender_chat": {"id": -7, "type": "supergroup", "title": "Việc Cam"}, "author_signature": "Admin"}),
        stored=[{"text": "Lương 30 triệu\nChuyển tiếp từ: Việc Cam · Admin"}]),
    Incoming("their own words forwarded", update(text="em sợ", forward_origin={"type": "user", "date": 1, "sender_user": PERSON}),
             stored=[{"text": "em sợ"}]),
    Incoming("a quotation of another chat", update(text="cái này lừa đảo không", quote={"text": "Tuyển đi Campuchia", "position": 0},
        external_reply={"origin": {"type": "channel", "date": 1, "chat": {"id": -100, "type": "channel", "title": "Kênh x"}, "message_id": 3}}),
        stored=[{"text": "cái này lừa đảo không\nTrích: Tuyển đi Campuchia\nTrích từ: Kênh x"}]),
    Incoming("a poll", update(poll={"id": "1", "question": "Ai đi Cam?", "options": [
        {"persistent_id": "a", "text": "Mình", "voter_count": 0}], "total_voter_count": 0, "is_closed": False, "is_anonymous": True,
        "type": "regular", "allows_multiple_answers": False}), stored=[{"text": "Bình chọn: Ai đi Cam?; Mình"}]),
    Incoming("parts of impossible shapes", update(text="xin chào", entities=[7, {"type": "text_link", "url": 5}], forward_origin=[1],
        external_reply="x", reply_markup={"inline_keyboard": [[3], 4]}, story={"chat": 5}), stored=[TEXT]),
    Incoming("sticker", update(sticker=file(type="regular", width=1, height=1, is_animated=False, is_video=False)),
             stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("empty message", update(), stored=[{"kind": InboundKind.UNSUPPORTED}]),
    Incoming("messages set to vanish", update(message_auto_delete_timer_changed={"message_auto_delete_time": 86_400})),
    Incoming("a message pinned", update(pinned_message=update(text="x")["message"])),
    Incoming("blocked", door("kicked"), stored=[{"kind": InboundKind.STOPPED, "sender": str(USER)}]),
    Incoming("unblocked", door("member"), stored=[{"kind": InboundKind.RESUMED, "sender": str(USER)}]),
    Incoming("put into a group", door("member", GROUP)),
    Incoming("group message", update(text="xin chào", chat=GROUP)),
    Incoming("another bot", update(text="xin chào", **{"from": {"id": 5, "is_bot": True, "first_name": "B"}})),
    Incoming("channel post", {"update_id": 1, "channel_post": {"message_id": 1, "date": 1, "chat": GROUP, "text": "x"}}),
    Incoming("edited message", {"update_id": 1, "edited_message": update(text="à nhầm", edit_date=1441645600)["message"]},
             stored=[{"kind": InboundKind.EDITED, "text": "à nhầm", "sender": str(USER)}]),
    Incoming("edited caption", {"update_id": 1, "edited_message": update(photo=PHOTOS, caption="đây")["message"]},
             stored=[{"kind": InboundKind.EDITED, "text": "đây"}]),
    Incoming("a live location goes on", {"update_id": 1, "edited_message": update(location={"latitude": 21.0, "longitude": 105.8})["message"]}),
    Incoming("edited in a group", {"update_id": 1, "edited_message": update(text="x", chat=GROUP)["message"]}),
    Incoming("a boost", update(boost_added={"boost_count": 1})),
    Incoming("a topic", update(forum_topic_created={"name": "x", "icon_color": 1})),
    Incoming("a gift", update(gift=GIFT)),
    Incoming("a gift with words", update(gift=GIFT | {"text": "cứu em với"}), stored=[{"kind": InboundKind.TEXT, "text": "cứu em với"}]),
    Incoming("a price changed", update(paid_message_price_changed={"paid_message_star_count": 5})),
    Incoming("a refund", update(refunded_payment={"currency": "XTR", "total_amount": 1, "invoice_payload": "p", "telegram_payment_charge_id": "c"})),
    Incoming("unknown event", {"update_id": 1, "something_new": {}}),
    Incoming("no update id", {"message": update(text="x")["message"]}),
    Incoming("wrong types", {"update_id": 1, "message": {"message_id": "x", "date": "y", "chat": 7}}),
    Incoming("an impossible date", update(text="xin chào", date=10**30), stored=[TEXT | {"at": 0.0}]),
    Incoming("a list", [1, 2]),
    Incoming("bad JSON", b"{", status=400),
    Incoming("deep JSON", b"[" * 60_000, status=400),
    Incoming("bad secret", update(text="x"), status=401, headers={HEADER: "wrong"}),
    Incoming("missing secret", update(text="x"), status=401, headers={}),
    Incoming("duplicate id", update(text="xin chào"), stored=[TEXT], times=3),
    Incoming("giant body", b"x" * 300_000, status=413),
]  # fmt: skip


OLD_POLL = {
    "id": "1", "question": "q", "options": [{"text": "a", "voter_count": 0}], "total_voter_count": 0, "is_closed": False,
    "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
}  # fmt: skip
QUOTED = {"message_id": 2, "date": 1, "chat": PRIVATE}
CRY = {"text": "cứu em với em bị nhốt"}
HEARD = {"kind": InboundKind.TEXT, "text": CRY["text"], "sender": str(USER)}
UNREAD = {"kind": InboundKind.UNSUPPORTED, "sender": str(USER)}
UNREADABLE = [
    Incoming("a poll of another version", update(poll=OLD_POLL), stored=[UNREAD]),
    Incoming("an answer to a gift of another version", update(**CRY, reply_to_message=QUOTED | {"gift": {"gift": {"id": "x"}}}),
             stored=[HEARD]),
    Incoming("an answer to a poll", update(**CRY, reply_to_message=QUOTED | {"poll": OLD_POLL}), stored=[HEARD]),
    Incoming("a user without a name", update(**CRY, via_bot={"id": 5}), stored=[HEARD]),
    Incoming("entities of a new shape", update(**CRY, entities=[{"type": "new"}]), stored=[HEARD]),
    Incoming("the sender lacks a field", update(**CRY, **{"from": {"id": USER, "is_bot": False}}), stored=[HEARD]),
    Incoming("a date that is text", update(**CRY, date="hôm nay"), stored=[HEARD]),
    Incoming("a photo that cannot be read, with words", update(photo=[{"file_id": 7}], caption=CRY["text"]), stored=[UNREAD | {"text": CRY["text"]}]),
    Incoming("a voice that cannot be read", update(voice={"file_id": "a"}), stored=[UNREAD]),
    Incoming("a gift of another version", update(gift={"gift": {"id": "x"}})),
    Incoming("an edit beside a broken part", {"update_id": 1, "edited_message": update(**CRY, via_bot={"id": 5})["message"]},
             stored=[HEARD | {"kind": InboundKind.EDITED}]),
    Incoming("a tap below a broken message",
             {"update_id": 1, "callback_query": tap()["callback_query"] | {"message": QUOTED | {"poll": OLD_POLL}}}, stored=[CHOSEN]),
    Incoming("blocked, in a new shape", {"update_id": 1, "my_chat_member": {
        "chat": PRIVATE, "from": PERSON, "date": 1, "old_chat_member": {}, "new_chat_member": {"status": "kicked"}}},
        stored=[{"kind": InboundKind.STOPPED}]),
    Incoming("a broken one in a group", update(**CRY, chat=GROUP, via_bot={"id": 5})),
    Incoming("a broken one of a bot", update(**CRY, via_bot={"id": 5}, **{"from": {"id": 5, "is_bot": True, "first_name": "B"}})),
]  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case.name)
def test_an_update_the_library_cannot_build_is_heard_all_the_same(on, case, caplog):
    before = METRICS.unreadable.labels("telegram", "repaired")._value.get()
    check_incoming(on, PATH, case, sign)
    assert METRICS.unreadable.labels("telegram", "repaired")._value.get() == before + 1
    (noted,) = [record for record in caplog.records if record.message == "update_unreadable"]
    assert (noted.channel, noted.kind) == ("telegram", "repaired")
    assert "cứu em" not in caplog.text
    assert str(USER) not in caplog.text


@pytest.mark.parametrize("case", INCOMING, ids=lambda case: case.name)
def test_incoming(on, case):
    check_incoming(on, PATH, case, sign)


def test_the_largest_photo_is_fetched(on):
    from tests.support.channel_runner import deliver

    (stored,) = deliver(on, PATH, Incoming("photo", update(photo=PHOTOS)), sign)
    assert [attachment.ref for attachment in stored.attachments] == ["fetch:large"]
    assert stored.album == ""


@pytest.mark.parametrize("more", [{}, {"reply_to_message": {"poll": 7}}], ids=["whole", "repaired"])
def test_a_picture_of_an_album_says_so(on, more):
    from tests.support.channel_runner import deliver

    (stored,) = deliver(on, PATH, Incoming("photo", update(photo=PHOTOS, media_group_id="13931", **more)), sign)
    assert stored.album == "13931"


SENT = {"message_id": 1, "date": 1, "chat": PRIVATE, "text": "x"}
OK = (200, {"ok": True, "result": SENT})
HELLO = OutboundMessage("Chào bạn")
CHOICES = (Choice("do:report_tip", "Báo tin"), Choice("do:menu", "Xem tất cả"))


def failed(status: int, description: str, **parameters) -> tuple[int, dict]:
    return status, {"ok": False, "error_code": status, "description": description, "parameters": parameters}


BLOCKED = failed(403, "Forbidden: bot was blocked by the user")
OUTGOING = [
    Outgoing("short", HELLO, [OK], [("/sendMessage", {"chat_id": 1001, "text": "Chào bạn"})]),
    Outgoing("buttons", OutboundMessage("Chọn:", CHOICES), [OK], [("/sendMessage", {"reply_markup": {"inline_keyboard": [
        [{"text": "Báo tin", "callback_data": "do:report_tip"}, {"text": "Xem tất cả", "callback_data": "do:menu"}]]}})]),
    Outgoing("split", OutboundMessage("chữ " * 2_000), [OK, OK]),
    Outgoing("picture", OutboundMessage("Thẻ", CHOICES, image="hotline_card.png"), [OK], [("/sendPhoto", {})]),
    Outgoing("picture with more words than a caption takes", OutboundMessage("chữ " * 400, image="hotline_card.png"),
             [OK, OK], [("/sendPhoto", {}), ("/sendMessage", {})]),
    Outgoing("a path out of the folder", OutboundMessage("Thẻ", image="../../keys.json"), [OK], [("/sendMessage", {})]),
    Outgoing("asks for the place", OutboundMessage("Ở đâu?", ask_location=True), [OK, OK],
             [("/sendMessage", {}), ("/sendMessage", {"reply_markup": {"one_time_keyboard": True}})]),
    Outgoing("429", HELLO, [failed(429, "Too Many Requests", retry_after=17)], error=(SendPolicy.RETRY, "429"),
             retry_after=17.0),
    Outgoing("5xx", HELLO, [(502, b"<html>")], error=(SendPolicy.UNKNOWN, "network")),
    Outgoing("blocked", HELLO, [BLOCKED], error=(SendPolicy.STOP, "403")),
    Outgoing("gone", HELLO, [failed(400, "Bad Request: chat not found")], error=(SendPolicy.STOP, "gone")),
    Outgoing("our mistake", HELLO, [failed(400, "Bad Request: message is too long")], error=(SendPolicy.FIX, "400")),
    Outgoing("expired token", HELLO, [failed(401, "Unauthorized")], error=(SendPolicy.ALERT, "401")),
    Outgoing("moved", HELLO, [failed(400, "group chat was upgraded", migrate_to_chat_id=-100123)],
             error=(SendPolicy.RETRY, "moved")),
    Outgoing("time-out after sending", HELLO, [httpx.ReadTimeout("")], error=(SendPolicy.UNKNOWN, "timeout")),
    Outgoing("never connected", HELLO, [httpx.ConnectError("")], error=(SendPolicy.RETRY, "connect")),
    Outgoing("an answer that is not JSON", HELLO, [(200, b"<html>")], error=(SendPolicy.UNKNOWN, "network")),
]  # fmt: skip


def client(core):
    settings = core.settings
    words = load_words(settings.content_dir)
    return lambda transport: Telegram(settings.telegram, settings.content_dir / "pictures", words, transport)


@pytest.mark.parametrize("case", OUTGOING, ids=lambda case: case.name)
def test_outgoing(on, case):
    check_outgoing(client(on), case)


def test_parts_fit_what_telegram_takes(on):
    words = load_words(on.settings.content_dir)
    for text in ("chữ " * 3_000, "😀" * 4_096, "ắ" * 5_000):
        made = parts(OutboundMessage(text, CHOICES), words)
        assert all(0 < units(part.text) <= MAX_TEXT for part in made)
        assert [bool(part.choices) for part in made] == [False] * (len(made) - 1) + [True]


def test_a_choice_too_long_for_a_button_becomes_a_number(on):
    words = load_words(on.settings.content_dir)
    (part,) = parts(OutboundMessage("Chọn:", (Choice("place:" + "x" * 60, "Xã A"),)), words)
    assert part.text == "Chọn:\n\n1. Xã A"
    assert keyboard(part, words) is None
