"""A whole tip, with a photo and a place, over each channel: real gateway, real engine, real sealing.

Zalo is the sandbox; Telegram once the stub of ours and once telemelya, which nobody here wrote.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from bot.app import Core
from bot.commands.sandbox import environment as sandbox_environment
from bot.core.messages import Channel
from bot.dialogue.state import ConversationState
from bot.gateway.asgi import build, create_app
from bot.sandbox.world import Fault, World
from bot.services.messaging import channel_tokens
from bot.services.tips.files import FileRef
from bot.services.units import demo
from bot.storage.tables import Contact, Conversation, Inbox, Outbox, Tip, TipFile
from tests.support import live, telegram_server, telegram_stub
from tests.support.canary import files_in
from tests.support.product import free_port
from tests.support.telegram_stub import TelegramStub
from tests.support.world import core_in

CODE = re.compile(r"(?:\d{3} ){6}\d{3}")
HANOI = (21.0278, 105.8342)
STORY = "Bà hàng xóm hay rủ mấy em trong xóm đi phục vụ quán hát, hứa lương cao"


def picture(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


@dataclass
class Running:
    """A gateway, the platforms around it, and everything that was logged."""

    core: Core
    url: str
    zalo: World
    telegram: TelegramStub
    records: list[logging.LogRecord] = field(default_factory=list)

    def count(self, table: Any, *where: Any) -> int:
        with self.core.db.reading() as session:
            return session.execute(select(func.count()).select_from(table).where(*where)).scalar_one()


class Keep(logging.Handler):
    """Keeps every record, whatever its level."""

    def __init__(self, records: list[logging.LogRecord]) -> None:
        super().__init__(logging.NOTSET)
        self._records = records

    def emit(self, record: logging.LogRecord) -> None:
        self._records.append(record)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    port, folder = free_port(), tmp_path_factory.mktemp("channels")
    gateway, stub = f"http://127.0.0.1:{port}", TelegramStub()
    stub.gateway = gateway
    with live.zalo(gateway) as world, live.served(stub.app()) as telegram:
        env = sandbox_environment(world) | {
            "LACHAN_TELEGRAM_TOKEN": telegram_stub.TOKEN, "LACHAN_TELEGRAM_WEBHOOK_SECRET": telegram_stub.SECRET,
            "LACHAN_TELEGRAM_API_BASE": telegram, "LACHAN_ENGINE_WORKERS": "1", "LACHAN_ENGINE_TIMEOUT": "25",
        }  # fmt: skip
        with serving(folder, port, env) as (core, records):
            with core.db.transaction() as session:
                channel_tokens.enter(
                    session, core.vault, Channel.ZALO_OA, world.access, world.refresh, core.now(), 90_000
                )
            yield Running(core, gateway, world, stub, records)


def serving(folder: Path, port: int, env: dict[str, str]):
    from contextlib import contextmanager

    @contextmanager
    def run() -> Iterator[tuple[Core, list[logging.LogRecord]]]:
        records: list[logging.LogRecord] = []
        handler, root = Keep(records), logging.getLogger()
        level, _ = root.level, root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            with core_in(folder, **env) as core:
                units = (core.settings.content_dir / "units" / "demo.csv").read_bytes()
                with core.db.transaction() as session:
                    demo.seed(session, core.vault, units, core.now())
                with live.served(create_app(build(core)), port) as url:
                    live.wait_for(lambda: live.is_ready(url), 250)
                    yield core, records
        finally:
            root.removeHandler(handler)
            root.setLevel(level)

    return run()


@dataclass
class Talk:
    """One person's conversation: what they do, and what they must read afterwards."""

    texts: Callable[[], list[str]]
    say: Callable[[str], Any]
    tap: Callable[[str], Any]
    buttons: Callable[[], str] = str  # what takes the file back that was sent last
    read: int = 0

    def expect(self, *words: str, seconds: float = live.PATIENCE) -> str:
        """Wait until the bubbles since the last look hold all of `words`. Returns those bubbles."""

        def found() -> str:
            new = "\n".join(self.texts()[self.read :])
            return new if all(word in new for word in words) else ""

        try:
            new = live.wait_for(found, seconds)
        except AssertionError:
            raise AssertionError(f"no {words} in {self.texts()}") from None
        self.read = len(self.texts())
        return new


def whole_tip(talk: Talk, place: Callable[[], Any], photo: Callable[[], Any], *, pick: bool) -> str:
    """Everything from the menu to the receipt. Returns the receipt code."""
    talk.tap("do:report_tip")
    talk.expect("bạn có đang an toàn")
    talk.tap("ans:yes")
    talk.expect("Bạn kể mình nghe")
    talk.say(STORY)
    talk.expect("Chuyện xảy ra ở đâu?")
    place()
    if pick:
        talk.expect("Nơi nào đúng")
        talk.tap("first place")
    talk.expect("xảy ra khi nào")
    talk.tap("when:week")
    talk.expect("Ai đang gặp nguy hiểm?")
    talk.tap("who:many")
    talk.expect("ai đứng sau không")
    talk.tap("ans:skip")
    talk.expect("ảnh, ghi âm")
    photo()
    talk.expect("nhận và khóa lại", "Bạn có muốn thêm cách nào nữa không?")
    talk.tap("reply:notices")
    talk.expect("Bạn gửi đi chứ?")
    talk.tap("ans:send")
    shown = talk.expect("Mã tra cứu", "gõ lại một lần")
    code = CODE.search(shown)
    assert code, "the receipt code is not shown"
    talk.say(code.group())
    talk.expect("Khớp rồi")
    return code.group()


def assert_tip_kept(running: Running, channel: Channel, before: int) -> None:
    """One more tip of this channel, with its photo; nothing of the words in the clear."""
    assert running.count(Tip, Tip.channel == channel.value) == before + 1
    assert running.count(TipFile) >= 1
    for path, data in files_in(running.core.settings.data_dir):
        assert "phục vụ quán hát".encode() not in data, path.name
        assert not data.startswith(b"\x89PNG"), path.name


def zalo_talk(running: Running, user: str) -> Talk:
    world = running.zalo
    person = world.person(user)

    def tap(choice: str) -> None:
        buttons = next(row["buttons"] for row in reversed(person.seen) if row["buttons"]) if person.seen else []
        payloads = [button["payload"] for button in buttons]
        wanted = payloads[0] if choice == "first place" else f"#{choice}"
        assert choice == "do:report_tip" or wanted in payloads, payloads
        assert live.act(world, "tap", user, text=wanted) == 200

    return Talk(lambda: [row["text"] for row in person.seen], lambda text: live.act(world, "say", user, text=text), tap)


def test_a_tip_over_the_official_account(running: Running):
    before, user = running.count(Tip, Tip.channel == "zalo_oa"), "oa-citizen-7781"
    talk = zalo_talk(running, user)
    whole_tip(
        talk, lambda: live.act(running.zalo, "place", user, latitude=HANOI[0], longitude=HANOI[1]),
        lambda: live.send_file(running.zalo, picture(), "image/png", user), pick=True,
    )  # fmt: skip
    assert_tip_kept(running, Channel.ZALO_OA, before)


def test_a_tip_over_the_zalo_bot_with_numbers_for_buttons(running: Running):
    before, user = running.count(Tip, Tip.channel == "zalo_bot"), "bot-citizen-7782"
    world = running.zalo
    person = world.person(user, bot=True)

    def say(text: str) -> None:
        assert live.act(world, "text", user, "bot", fields={"text": text}) == 200

    def tap(choice: str) -> None:
        # Typed by number, as a person reads it in the last bubble with numbers.
        numbers = {"ans:yes": "1", "when:week": "2", "who:many": "3", "reply:notices": "2", "ans:send": "1"}
        if choice == "do:report_tip":
            say("Tôi muốn báo tin")
        elif choice == "ans:skip":
            lines = next(
                row["text"] for row in reversed(person.seen) if re.search(r"^\d\. ", row["text"], re.MULTILINE)
            )
            say(re.search(r"^(\d)\. (?:Bỏ qua|Không có|Mình không biết)", lines, re.MULTILINE).group(1))
        else:
            say(numbers[choice])

    talk = Talk(lambda: [row["text"] for row in person.seen], say, tap)
    whole_tip(
        talk, lambda: say("phường Hoàn Kiếm, Hà Nội"),
        lambda: live.send_file(world, picture("blue"), "image/png", user, "bot"), pick=False,
    )  # fmt: skip
    assert_tip_kept(running, Channel.ZALO_BOT, before)
    assert "bot.sendChatAction" in world.calls


def telegram_talk(running: Running, chat: int) -> Talk:
    stub = running.telegram

    def tap(choice: str) -> None:
        if choice == "do:report_tip":
            entity = {"type": "bot_command", "offset": 0, "length": 7}
            assert stub.say(chat, text="/baocao", entities=[entity]) == 200
            return
        buttons = stub.buttons(chat)
        wanted = buttons[0] if choice == "first place" else choice
        assert wanted in buttons, buttons
        assert stub.tap(chat, wanted) == 200

    return Talk(lambda: stub.texts(chat), lambda text: stub.say(chat, text=text), tap)


def test_a_tip_over_telegram(running: Running):
    before, chat, stub = running.count(Tip, Tip.channel == "telegram"), 77_830_001, running.telegram
    talk = telegram_talk(running, chat)
    whole_tip(
        talk, lambda: stub.say(chat, location={"latitude": HANOI[0], "longitude": HANOI[1]}),
        lambda: stub.say(chat, photo=stub.photo(picture("green"))), pick=True,
    )  # fmt: skip
    assert_tip_kept(running, Channel.TELEGRAM, before)
    names = [name for name, body in stub.calls]
    assert "answerCallbackQuery" in names
    assert "sendChatAction" in names


def kept_files(running: Running, channel: Channel, user: str) -> list[str]:
    """The kinds of the files that wait in a conversation, oldest first."""
    conversation = running.core.vault.conversation_id(channel, user)
    with running.core.db.reading() as session:
        sealed = session.get(Conversation, conversation).state
    state = ConversationState.from_json(running.core.vault.open_state(conversation, sealed))
    return [FileRef.unpack(ref).kind for told in state.before for ref in told.files]


def take_back_the_first(
    running: Running, channel: Channel, user: str, talk: Talk, send: Callable[[bytes], Any]
) -> None:
    """Two recordings and a document; the button under the first takes the first back; sent again it is there again."""
    send(VOICE)
    talk.expect("Đoạn ghi âm này mình không làm sạch được")
    button = talk.buttons()
    send(PDF)
    talk.expect("Tài liệu này mình không làm sạch được")
    send(VOICE)
    talk.expect("Mình cũng khóa kín đoạn ghi âm này")
    assert kept_files(running, channel, user) == ["audio", "file", "audio"]
    talk.tap(button)
    talk.expect("Mình đã bỏ đoạn ghi âm bạn gửi lúc", "gửi lại")
    assert kept_files(running, channel, user) == ["file", "audio"]
    send(VOICE)
    talk.expect("Đoạn ghi âm này mình không làm sạch được")
    assert kept_files(running, channel, user) == ["file", "audio", "audio"]


VOICE, PDF = b"#!AMR\n" + b"\x3c" * 90, b"%PDF-1.7\n"


def test_one_file_is_taken_back_over_telegram(running: Running):
    chat, stub = 77_830_021, running.telegram
    talk = telegram_talk(running, chat)
    talk.buttons = lambda: next(one for one in stub.buttons(chat) if one.startswith("file:drop"))
    talk.tap = lambda choice: stub.tap(chat, choice)

    def send(data: bytes) -> None:
        part = stub.photo(data)[0]
        kind = {"voice": part | {"duration": 1}} if data == VOICE else {"document": part}
        assert stub.say(chat, **kind) == 200

    take_back_the_first(running, Channel.TELEGRAM, str(chat), talk, send)


def test_one_file_is_taken_back_over_the_official_account(running: Running):
    user, world = "oa-citizen-7791", running.zalo
    talk = zalo_talk(running, user)

    def buttons() -> str:
        rows = [button["payload"] for row in world.person(user).seen for button in row["buttons"]]
        return next(one for one in reversed(rows) if one.startswith("#file:drop"))

    talk.buttons, talk.tap = buttons, lambda choice: live.act(world, "tap", user, text=choice)
    kinds = {VOICE: "audio/amr", PDF: "application/pdf"}
    take_back_the_first(
        running, Channel.ZALO_OA, user, talk, lambda data: live.send_file(world, data, kinds[data], user)
    )


def test_a_number_takes_back_the_recording_it_stands_under_over_the_zalo_bot(running: Running):
    user, world = "bot-citizen-7792", running.zalo
    person = world.person(user, bot=True)

    def number() -> str:
        return re.search(r"^(\d)\. Bỏ tệp này", person.seen[-1]["text"] + person.seen[-2]["text"], re.MULTILINE).group(
            1
        )

    talk = Talk(
        lambda: [row["text"] for row in person.seen],
        lambda text: live.act(world, "text", user, "bot", fields={"text": text}),
        lambda choice: None,
    )
    for words in ("Đoạn ghi âm này mình không", "Mình cũng khóa kín đoạn ghi âm này"):
        assert live.send_file(world, VOICE, "audio/amr", user, "bot") == 200
        talk.expect(words)
    talk.say(number())
    talk.expect("Mình đã bỏ đoạn ghi âm bạn gửi lúc")
    assert kept_files(running, Channel.ZALO_BOT, user) == ["audio"]


def test_a_blocked_bot_falls_silent_until_the_person_is_back(running: Running):
    chat, stub = 77_830_002, running.telegram
    stub.failures.append((403, "Forbidden: bot was blocked by the user", {}))
    assert stub.say(chat, text="xin chào") == 200
    conversation = running.core.vault.conversation_id(Channel.TELEGRAM, str(chat))
    stopped = (Contact.conversation_id == conversation, Contact.stopped)
    live.wait_for(lambda: running.count(Contact, *stopped) == 1)
    assert stub.say(chat, text="chào lại nhé") == 200
    live.wait_for(lambda: running.count(Contact, *stopped) == 0)
    live.wait_for(lambda: len(stub.texts(chat)) > 1)
    assert stub.door(chat, "kicked") == 200
    live.wait_for(lambda: running.count(Contact, *stopped) == 1)
    assert stub.door(chat, "member") == 200
    live.wait_for(lambda: running.count(Contact, *stopped) == 0)


def test_too_many_requests_are_waited_out(running: Running):
    chat, stub = 77_830_003, running.telegram
    stub.failures.append((429, "Too Many Requests: retry after 1", {"retry_after": 1}))
    stub.say(chat, text="xin chào")
    live.wait_for(lambda: len(stub.texts(chat)) >= 2)
    conversation = running.core.vault.conversation_id(Channel.TELEGRAM, str(chat))
    unsent = (Outbox.conversation_id == conversation, Outbox.status != "sent")
    live.wait_for(lambda: running.count(Outbox, *unsent) == 0)


def test_a_foreign_host_is_refused_kindly(running: Running):
    world, user = running.zalo, "oa-foreign-7783"
    body = {
        "app_id": world.config.app_id, "sender": {"id": user}, "recipient": {"id": world.config.oa_id},
        "event_name": "user_send_image", "timestamp": str(int(world.now() * 1000)),
        "message": {"msg_id": "f1", "attachments": [{"type": "image", "payload": {"url": "https://evil.example/a.png"}}]},
    }  # fmt: skip
    world.person(user).last_interaction = world.now()
    assert signed(running, body) == 200
    live.wait_for(lambda: world.person(user).seen)
    assert "không được phép mở" in world.person(user).seen[0]["text"]


def signed(running: Running, body: dict) -> int:
    import json

    from bot.channels.zalo_oa.verify import HEADER, signature

    raw, config = json.dumps(body).encode(), running.zalo.config
    mac = signature(raw, config.app_id, body["timestamp"], config.oa_secret)
    return httpx.post(f"{running.url}/webhooks/zalo-oa", content=raw, headers={HEADER: f"mac={mac}"}).status_code


def test_a_file_that_is_none_is_refused_kindly(running: Running):
    user = "oa-broken-7784"
    assert live.send_file(running.zalo, b"#!/bin/sh\necho no", "text/plain", user) == 200
    seen = running.zalo.person(user).seen
    live.wait_for(lambda: seen)
    assert "không nhận được" in seen[0]["text"]


def test_withdrawal_erases_and_an_operator_silences(running: Running):
    world, user = running.zalo, "oa-leaving-7785"
    live.act(world, "say", user, text="xin chào")
    seen = world.person(user).seen
    live.wait_for(lambda: seen)
    conversation = running.core.vault.conversation_id(Channel.ZALO_OA, user)
    live.act(world, "operator", user, text="Mình là cán bộ trực")
    live.wait_for(lambda: running.count(Conversation, Conversation.id == conversation, Conversation.quiet_until > 0))
    count = len(seen)
    live.act(world, "say", user, text="dạ em chào")
    live.wait_for(lambda: running.count(Inbox, Inbox.conversation_id == conversation) == 0)
    assert len(seen) == count
    live.act(world, "user_withdraw", user)
    live.wait_for(lambda: running.count(Contact, Contact.conversation_id == conversation) == 0)
    assert running.count(Conversation, Conversation.id == conversation, Conversation.state.is_not(None)) == 0


def test_an_anonymous_visitor_is_answered_where_they_are(running: Running):
    world, user = running.zalo, "anon-7786"
    live.act(world, "say", user, text="xin chào", conversation="conv-1")
    live.wait_for(lambda: world.person(user).seen)
    live.act(world, "say", user, text="số điện thoại trợ giúp", conversation="conv-2")
    count = len(world.person(user).seen)
    live.wait_for(lambda: len(world.person(user).seen) > count)


def test_an_expired_token_is_renewed_once_and_a_revoked_one_keeps_messages_waiting(running: Running):
    world, user = running.zalo, "oa-token-7787"
    exchanges = world.exchanges
    world.access_until = 0.0
    live.act(world, "say", user, text="xin chào")
    seen = world.person(user).seen
    live.wait_for(lambda: seen)
    assert world.exchanges == exchanges + 1
    access, refresh = world.access, world.refresh
    world.access, world.refresh = "other", "other"
    count = len(seen)
    live.act(world, "say", user, text="cảm ơn nhé")
    alarms = lambda: httpx.get(f"{running.url}/readyz", timeout=60).json()["channels"]["alarms"]  # noqa: E731
    live.wait_for(lambda: "zalo_oa" in alarms())
    conversation = running.core.vault.conversation_id(Channel.ZALO_OA, user)
    assert running.count(Outbox, Outbox.conversation_id == conversation, Outbox.status == "pending") >= 1
    world.access, world.refresh = access, refresh
    with running.core.db.transaction() as session:
        channel_tokens.enter(session, running.core.vault, Channel.ZALO_OA, access, refresh, running.core.now(), 90_000)
        from bot.storage.tables import ChannelMeter

        session.get(ChannelMeter, "pace:zalo_oa").paused_until = 0.0  # a person need not wait a minute in a test
        for row in session.execute(select(Outbox).where(Outbox.conversation_id == conversation)).scalars():
            row.next_at = 0.0
    live.wait_for(lambda: len(seen) > count)
    live.wait_for(lambda: "zalo_oa" not in alarms())


@pytest.mark.parametrize(("lost", "copies"), [(True, 2), (False, 1)])
def test_an_answer_lost_on_the_way_goes_out_again(running: Running, lost: bool, copies: int):
    world, user = running.zalo, f"oa-lost-7788-{copies}"
    world.faults.append(Fault("cs", times=1, lost=lost, status=0 if lost else 502))
    live.act(world, "say", user, text="xin chào")
    conversation = running.core.vault.conversation_id(Channel.ZALO_OA, user)
    live.wait_for(lambda: running.count(Outbox, Outbox.conversation_id == conversation, Outbox.status == "sent") >= 1)
    first = world.person(user).seen[0]["text"]
    assert sum(first in row["text"] for row in world.person(user).seen) == copies, (
        "a copy says that it is one, and the same"
    )


def test_a_cry_for_help_survives_a_bad_gateway(running: Running):
    stub, chat = running.telegram, 70_302
    stub.failures += [(502, "Bad Gateway", {}), (504, "Gateway Timeout", {})]
    stub.say(chat, text="cứu em với em bị nhốt ở Bavet họ đánh")
    live.wait_for(lambda: any("113" in text for text in stub.texts(chat)[2:]))  # it waits 2 s, then 10 s
    assert running.core.vault.conversation_id(Channel.TELEGRAM, str(chat))


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, telegram_server.Telemelya]]:
    """The gateway with telemelya as Telegram, the webhook registered as an operator would."""
    port, folder = free_port(), tmp_path_factory.mktemp("telemelya")
    with telegram_server.telemelya() as server:
        env = {
            "LACHAN_TELEGRAM_TOKEN": telegram_server.TOKEN, "LACHAN_TELEGRAM_API_BASE": server.url,
            "LACHAN_TELEGRAM_WEBHOOK_SECRET": telegram_server.SECRET, "LACHAN_ENGINE_WORKERS": "1",
            "LACHAN_ENGINE_TIMEOUT": "25",
        }  # fmt: skip
        with serving(folder, port, env) as (core, records):
            url = f"http://127.0.0.1:{port}"
            hook = {"url": f"{url}/webhooks/telegram", "secret_token": telegram_server.SECRET}
            httpx.post(f"{server.url}/bot{telegram_server.TOKEN}/setWebhook", json=hook).raise_for_status()
            yield Running(core, url, World(), TelegramStub(), records), server


def test_a_tip_over_a_telegram_server_written_elsewhere(elsewhere):
    running, server = elsewhere
    person = server.person(55_500_001)

    def tap(choice: str) -> None:
        person.do(command="/baocao") if choice == "do:report_tip" else person.do(callback_data=choice)

    talk = Talk(person.texts, lambda text: person.do(text=text), tap)
    whole_tip(
        talk, lambda: person.do(text="phường Hoàn Kiếm, Hà Nội"), lambda: person.photo(picture("black")), pick=False
    )
    assert_tip_kept(running, Channel.TELEGRAM, 0)
    assert any(call["method"] == "answerCallbackQuery" for call in person.responses())


def test_nothing_was_logged_that_names_anybody(running: Running, elsewhere):
    """Last: every record of the tests above, at every level, formatted in full with its arguments and extras."""
    secrets = [
        running.zalo.config.app_secret, running.zalo.config.oa_secret, running.zalo.config.bot_token, running.zalo.access,
        running.zalo.refresh, telegram_stub.TOKEN, telegram_stub.SECRET, telegram_server.TOKEN, telegram_server.SECRET,
        "oa-citizen-7781", "bot-citizen-7782", "77830001", "77830002", "77830003", "55500001", "oa-", "anon-7786", "phục vụ quán hát",
        "xin chào", "Hoàn Kiếm", "/media/",
    ]  # fmt: skip
    records = [*running.records, *elsewhere[0].records]
    own = [record for record in records if not record.name.startswith("asyncio")]
    for record in own:
        shown = f"{record.getMessage()} {record.__dict__}"
        for secret in secrets:
            assert secret not in shown, (record.name, record.levelname, secret[:3])
