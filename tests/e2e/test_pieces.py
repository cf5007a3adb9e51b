"""Quick pieces and albums over a real gateway, engine and Telegram's side on this machine: one answer, nothing lost, nothing twice."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from bot.core.messages import Channel
from bot.dialogue.state import ConversationState
from bot.sandbox.world import World
from bot.settings import load
from bot.storage.database import Database
from bot.storage.tables import Conversation, Inbox, Outbox
from bot.storage.vault import Vault
from tests.e2e.test_channels import Running, Talk, picture, serving, telegram_talk
from tests.support import live, telegram_stub
from tests.support.product import free_port, product
from tests.support.telegram_stub import TelegramStub

pytestmark = pytest.mark.e2e
QUIET = "4"  # longer than a person is given: this machine may be busy


def telegram_env(api: str) -> dict[str, str]:
    return {
        "LACHAN_TELEGRAM_TOKEN": telegram_stub.TOKEN, "LACHAN_TELEGRAM_WEBHOOK_SECRET": telegram_stub.SECRET,
        "LACHAN_TELEGRAM_API_BASE": api, "LACHAN_ENGINE_WORKERS": "1", "LACHAN_ENGINE_TIMEOUT": "25",
    }  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    port, stub = free_port(), TelegramStub()
    stub.gateway = f"http://127.0.0.1:{port}"
    with live.served(stub.app()) as api:
        env = telegram_env(api) | {"LACHAN_QUIET_SECONDS": QUIET}
        with serving(tmp_path_factory.mktemp("pieces"), port, env) as (core, records):
            yield Running(core, stub.gateway, World(), stub, records)


def inbox_of(running: Running) -> list[tuple[int, str, int]]:
    """(id, status, first message of its turn) of every message, oldest first."""
    with running.core.db.reading() as session:
        return [tuple(row) for row in session.execute(select(Inbox.id, Inbox.status, Inbox.with_id).order_by(Inbox.id))]


def told(running: Running, chat: int) -> ConversationState:
    conversation = running.core.vault.conversation_id(Channel.TELEGRAM, str(chat))
    with running.core.db.reading() as session:
        row = session.get(Conversation, conversation)
        assert row is not None
        assert row.state is not None
        return ConversationState.from_json(running.core.vault.open_state(conversation, row.state))


def opened(running: Running, chat: int) -> Talk:
    talk = telegram_talk(running, chat)
    talk.tap("do:report_tip")
    talk.expect("bạn có đang an toàn")
    talk.tap("ans:yes")
    talk.expect("Bạn kể mình nghe")
    return talk


def test_three_quick_messages_are_one_answer(running: Running) -> None:
    chat, pieces = 88_100_001, ("bà chủ quán bắt mấy em gái tiếp khách", "ở quán sao đêm", "tối nào cũng thấy vậy")
    talk, before = opened(running, chat), len(inbox_of(running))
    for piece in pieces:
        talk.say(piece)
    live.wait_for(lambda: [row[1] for row in inbox_of(running)[before:]] == ["done"] * 3)
    first = inbox_of(running)[before][0]
    assert [row[2] for row in inbox_of(running)[before:]] == [first] * 3
    assert running.count(Outbox, Outbox.inbox_id.in_([first + 1, first + 2])) == 0
    assert ["what", "\n".join(pieces)] in told(running, chat).draft["said"]


def test_an_album_of_six_with_a_caption_is_one_turn(running: Running) -> None:
    chat, stub = 88_100_002, running.telegram
    before = len(inbox_of(running))
    for number in range(6):
        words = {"caption": "biển số xe của bọn nó đây"} if number == 0 else {}
        stub.say(chat, photo=stub.photo(picture()), media_group_id="13931", **words)
    live.wait_for(lambda: [row[1] for row in inbox_of(running)[before:]] == ["done"] * 6)
    assert len({row[2] for row in inbox_of(running)[before:]}) == 1
    kept = told(running, chat).before
    assert [len(entry.files) for entry in kept] == [6]
    assert kept[0].text == "biển số xe của bọn nó đây"
    texts = stub.texts(chat)
    assert len(texts) == len(set(texts)), texts


def test_a_stop_among_pieces_is_asked_about_at_once(running: Running) -> None:
    talk = opened(running, 88_100_003)
    talk.say("ở quán sao đêm")
    talk.say("DỪNG")
    talk.expect("xóa")


class Writer(threading.Thread):
    """Writes pieces as Telegram delivers them: each again with its own id until it is acknowledged."""

    def __init__(self, url: str, chat: int, pieces: list[str]) -> None:
        super().__init__(daemon=True)
        self.url, self.chat, self.pieces = url, chat, pieces

    def run(self) -> None:
        for number, piece in enumerate(self.pieces):
            person = {"id": self.chat, "is_bot": False, "first_name": "An"}
            message = {"message_id": number, "date": int(time.time()), "from": person, "text": piece,
                       "chat": {"id": self.chat, "type": "private"}}  # fmt: skip
            body = {"update_id": self.chat * 100 + number, "message": message}
            while not self._acknowledged(body):
                time.sleep(0.1)

    def _acknowledged(self, body: dict) -> bool:
        headers = {"X-Telegram-Bot-Api-Secret-Token": telegram_stub.SECRET}
        try:
            return (
                httpx.post(f"{self.url}/webhooks/telegram", json=body, headers=headers, timeout=60).status_code == 200
            )
        except httpx.HTTPError:
            return False


def test_kills_in_the_middle_of_bursts_lose_and_double_nothing(tmp_path: Path) -> None:
    chance, stub = random.Random(5), TelegramStub()
    with live.served(stub.app()) as api, product(tmp_path, "gateway", **telegram_env(api)) as running:
        pieces = {88_200_000 + n: [f"mảnh thứ {m} của câu chuyện người {n}" for m in range(8)] for n in range(6)}
        writers = [Writer(running.url, chat, words) for chat, words in pieces.items()]
        for writer in writers:
            writer.start()
        for _ in range(2):
            time.sleep(chance.uniform(0.2, 1.2))
            running.kill("gateway")
            running.start("gateway")
            running.wait_ready()
        for writer in writers:
            writer.join()
        settings = load(running.env)
        db, vault = Database(settings.database_url), Vault(settings.keys, kdf_ops=1, kdf_mem=8192)
        try:

            def pending() -> list[str]:
                with db.reading() as session:
                    return list(session.execute(select(Inbox.status).where(Inbox.status != "done")).scalars())

            live.wait_for(lambda: not pending())
            with db.reading() as session:
                assert len(session.execute(select(Inbox.id)).all()) == 48
                dedupes = list(session.execute(select(Outbox.dedupe)).scalars())
                assert len(dedupes) == len(set(dedupes))
                for chat, words in pieces.items():
                    conversation = vault.conversation_id(Channel.TELEGRAM, str(chat))
                    row = session.get(Conversation, conversation)
                    state = ConversationState.from_json(vault.open_state(conversation, row.state))
                    assert "\n".join(entry.text for entry in state.before).split("\n") == words
        finally:
            db.close()
