"""Later answers on the web page: a stream that breaks is taken up where it broke, without loss and without repetition."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import httpx
import pytest

from bot.app import Core
from bot.core.messages import Channel, OutboundMessage
from bot.gateway import web_api
from bot.gateway.asgi import Parts, build, create_app
from bot.services.messaging import turns
from bot.services.tips import answering
from bot.storage.tables import Contact, Conversation, Outbox
from tests.support import desk, live


class IdleEngine:
    """Starts and stops; nothing is thought here."""

    stats = SimpleNamespace(ready=1, workers=1, restarts=0)

    async def start(self) -> None:
        self.loop = asyncio.get_running_loop()

    async def stop(self) -> None: ...


@dataclass
class Page:
    """A browser's side of one conversation, and the server behind it."""

    core: Core
    parts: Parts
    url: str
    token: str
    engine: IdleEngine

    @property
    def conversation(self) -> str:
        return self.core.vault.conversation_id(Channel.WEB, self.token)

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def write(self, text: str, *, ring: bool = True) -> int:
        """An answer from a turn; without `ring` from another process."""
        with self.core.db.transaction() as session:
            dedupe = f"t:{text}"
            row = Outbox(
                conversation_id=self.conversation, channel="web", dedupe=dedupe, status="sent", created_at=self.core.now(),
                payload=self.core.vault.seal_outbound(self.conversation, "web", dedupe, OutboundMessage(text)),
            )  # fmt: skip
            session.add(row)
            session.flush()
            number = row.id
        if ring:
            self.engine.loop.call_soon_threadsafe(self.parts.bell.ring, self.conversation)
        return number

    def read(self, after: str, most: int, headers: dict[str, str] | None = None) -> list[dict]:
        """Open a stream after `after`, take at least `most` messages, and drop the connection."""
        found: list[dict] = []
        query = {"after": after} if after else {}
        with (
            httpx.Client(timeout=live.PATIENCE) as client,
            client.stream(
                "GET", f"{self.url}/chat/api/events", params=query, headers=self.auth | (headers or {})
            ) as response,
        ):
            assert response.headers["content-type"].startswith("text/event-stream")
            assert response.headers["x-accel-buffering"] == "no"
            for line in response.iter_lines():
                if line.startswith("data: "):
                    found += json.loads(line[6:])["messages"]
                    if len(found) >= most:
                        break
        return found


@pytest.fixture
def page(core: Core, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    monkeypatch.setattr(web_api, "QUIET_SECONDS", 0.3)
    engine = IdleEngine()
    parts = build(core, engine=engine)
    with live.served(create_app(parts)) as url:
        token = httpx.post(f"{url}/chat/api/sessions").json()["session"]
        yield Page(core, parts, url, token, engine)


def test_nothing_is_lost_or_repeated_over_many_broken_streams(page: Page):
    wanted = [f"tin {number}" for number in range(60)]

    def keep_writing() -> None:
        for number, text in enumerate(wanted):
            page.write(text, ring=number % 3 != 0)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    found: list[dict] = []
    while len(found) < len(wanted):
        found += page.read(found[-1]["id"] if found else "", min(1 + len(found) % 4, len(wanted) - len(found)))
    writer.join()
    assert [message["text"] for message in found] == wanted


def test_a_stream_and_asking_now_and_then_tell_the_same(page: Page):
    for number in range(5):
        page.write(f"tin {number}")
    streamed = page.read("", 5)
    asked = httpx.get(f"{page.url}/chat/api/messages", headers=page.auth).json()["messages"]
    assert streamed == asked
    assert (
        httpx.get(f"{page.url}/chat/api/messages?after={asked[2]['id']}", headers=page.auth).json()["messages"]
        == asked[3:]
    )


def test_a_browsers_own_way_to_take_up_a_stream(page: Page):
    page.write("một")
    (first,) = page.read("", 1)
    page.write("hai")
    assert [m["text"] for m in page.read("", 1, {"Last-Event-ID": first["id"]})] == ["hai"]


def test_what_is_rung_while_the_stream_looks_is_not_missed(page: Page, monkeypatch: pytest.MonkeyPatch):
    """The bell rings after the look found nothing and before the stream listens: it must not sleep over that."""
    monkeypatch.setattr(web_api, "QUIET_SECONDS", 600.0)
    looked = threading.Event()
    real = turns.later_replies

    def look(session, vault, conversation, after):
        found = real(session, vault, conversation, after)
        if not found and not looked.is_set():
            looked.set()
            with_row = threading.Thread(target=page.write, args=("đừng lỡ",))
            with_row.start()
            with_row.join()
        return found

    monkeypatch.setattr(turns, "later_replies", look)
    assert [m["text"] for m in page.read("", 1)] == ["đừng lỡ"]


def test_another_session_hears_nothing(page: Page):
    page.write("bí mật")
    other = httpx.post(f"{page.url}/chat/api/sessions").json()["session"]
    headers = {"Authorization": f"Bearer {other}"}
    assert httpx.get(f"{page.url}/chat/api/messages", headers=headers).json() == {"messages": []}
    assert httpx.get(f"{page.url}/chat/api/events", headers={"Authorization": "Bearer " + "x" * 43}).status_code == 401


def test_an_officers_notice_waits_for_the_turn_that_is_being_written(page: Page):
    """Whoever asks for what came after the last id would miss an id that appears late below it.

    PostgreSQL waits at the conversation's row, SQLite at the beginning of every writing transaction.
    """
    core, conversation = page.core, page.conversation
    desk.seed(core)
    with core.db.transaction() as session:
        sealed = core.vault.seal_contact(conversation, "web", {"sender": page.token, "reply_to": ""})
        session.add(Contact(conversation_id=conversation, channel="web", address=sealed))
    _, tip, _ = desk.submit(core, core.now(), notify=conversation)
    ids: dict[str, int] = {}

    def notice() -> None:
        with core.db.transaction() as session:
            answering.tell_reporter(session, core.vault, tip, "Có trả lời mới", core.now())
            session.flush()

    with core.db.transaction() as session:
        session.execute(Conversation.__table__.update().where(Conversation.id == conversation).values(version=1))
        other = threading.Thread(target=notice)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "the notice has to wait"
        dedupe = "turn:0"
        row = Outbox(
            conversation_id=conversation, channel="web", dedupe=dedupe, status="sent", created_at=core.now(),
            payload=core.vault.seal_outbound(conversation, "web", dedupe, OutboundMessage("trả lời")),
        )  # fmt: skip
        session.add(row)
        session.flush()
        ids["turn"] = row.id
    other.join()
    found = page.read("", 2)
    assert [m["text"] for m in found] == ["trả lời", "Có trả lời mới"]
    assert int(found[0]["id"]) == ids["turn"] < int(found[1]["id"])
