"""An answer that may have been lost on the way, on each platform, with its real client: sent again, and not for ever."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.channel_set import push_channels
from bot.channels.base import Again, PushChannel, load_again
from bot.core.messages import Channel, Choice, InboundKind, InboundMessage, OutboundMessage
from bot.core.sending import BULK, NOTICE, REPLY, URGENT
from bot.gateway.sender import Line
from bot.services.messaging import inbox
from bot.storage.tables import Outbox

PERSON = "900913"
WORDS = "Gọi 113 ngay nhé"
PUSHED = (Channel.TELEGRAM, Channel.ZALO_OA, Channel.ZALO_BOT)
DONE = {
    Channel.TELEGRAM: {"ok": True, "result": {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}}},
    Channel.ZALO_OA: {"error": 0, "message": "Success", "data": {"message_id": "m"}},
    Channel.ZALO_BOT: {"ok": True, "result": {"message_id": "m"}},
}
FAULTS: dict[str, Any] = {
    "502 HTML": (502, b"<html>502 Bad Gateway</html>"), "504 HTML": (504, b"<html>504</html>"), "503": (503, b""),
    "500 JSON": (500, json.dumps({"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}).encode()),
    "cut": httpx.RemoteProtocolError("Server disconnected without sending a response."),
    "cut while reading": httpx.ReadError(""), "cut while writing": httpx.WriteError(""), "time-out": httpx.ReadTimeout(""),
    "200 of a proxy": (200, b"<html>"),
}  # fmt: skip


@dataclass
class Flaky:
    """A platform that fails the first `fails` calls. carried: whether it carried them out all the same."""

    channel: Channel
    fault: Any
    fails: int
    carried: bool = False
    chats: list[str] = field(default_factory=list)  # the texts that arrived
    calls: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        words = request.content.decode("utf-8", "replace")
        texts = httpx.QueryParams(words) if "urlencoded" in request.headers.get("content-type", "") else None
        text = texts.get("text") if texts else _text(json.loads(words))
        self.calls += 1
        broken = self.calls <= self.fails
        if not broken or self.carried:
            self.chats.append(str(text))
        if not broken:
            return httpx.Response(200, json=DONE[self.channel])
        if isinstance(self.fault, Exception):
            raise self.fault
        return httpx.Response(self.fault[0], content=self.fault[1])


def _text(body: dict[str, Any]) -> str:
    return str(body.get("text") or body.get("message", {}).get("text"))


def queued(core, channel: Channel, priority: int, now: float, heard: float | None = None) -> int:
    hello = InboundMessage(channel=channel, sender=PERSON, message_id="h", kind=InboundKind.TEXT, text="cứu em")
    with core.db.transaction() as session:
        (met,) = inbox.accept(session, core.vault, [hello], now if heard is None else heard)
        message = OutboundMessage(WORDS, (Choice("do:menu", "Xem tất cả"),))
        row = Outbox(
            conversation_id=met.conversation_id, channel=channel.value, dedupe="r", priority=priority, created_at=now,
            payload=core.vault.seal_outbound(met.conversation_id, channel.value, "r", message),
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


MINUTES = (0.0, 1.0, 2.5, 6.0, 13.0, 60.0, 600.0)


async def minutes(core, platform: Flaky, start: float, moments: tuple[float, ...] = MINUTES) -> None:
    """Run the channel for a while of pretended time, as a process that starts anew each time: all it knows is in the row."""
    client: PushChannel = push_channels(core, httpx.MockTransport(platform))[platform.channel]
    for seconds in moments:
        line = Line(core.db, core.vault, client, lambda at=start + seconds: at, load_again(core.settings.content_dir))
        await line._round()
        while line.tasks:
            await asyncio.gather(*line.tasks)
    await client.close()


def lose(core, channel: Channel, fault: Any, fails: int, priority: int, carried: bool = False) -> tuple[Flaky, Outbox]:
    platform, now = Flaky(channel, fault, fails, carried), core.now()
    row_id = queued(core, channel, priority, now)
    asyncio.run(minutes(core, platform, now))
    with core.db.reading() as session:
        return platform, session.execute(select(Outbox).where(Outbox.id == row_id)).scalar_one()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("channel", PUSHED, ids=lambda channel: channel.value)
@pytest.mark.parametrize("fails", [1, 2])
def test_an_answer_lost_on_the_way_arrives_once(on, channel, fault, fails):
    platform, row = lose(on, channel, FAULTS[fault], fails, URGENT if fails == 1 else REPLY)
    assert len(platform.chats) == 1
    assert WORDS in platform.chats[0]
    assert row.status == "sent"


@pytest.mark.parametrize("channel", PUSHED, ids=lambda channel: channel.value)
@pytest.mark.parametrize("priority", [URGENT, REPLY, NOTICE])
def test_when_each_try_was_carried_out_there_are_three_copies_and_no_more(on, channel, priority):
    platform, row = lose(on, channel, FAULTS["time-out"], 99, priority, carried=True)
    assert len(platform.chats) == 3
    mark = load_again(on.settings.content_dir).vi
    assert [mark in text for text in platform.chats] == [False, True, True], "a copy says that it is one"
    assert row.status == "unknown"


@dataclass(frozen=True)
class Part:
    text: str
    image: str = ""


@pytest.mark.parametrize(
    ("part", "marked"),
    [
        (Part("Gọi 113 ngay, em đang ở đâu?"), "(vi)\nGọi 113 ngay, em đang ở đâu?"), (Part("Call 113 now."), "(en)\nCall 113 now."),
        (Part("โทร 113"), "(en)\nโทร 113"), (Part("ảnh", "a.jpg"), "ảnh"), (Part(""), ""), (Part("đ" * 1_900), "đ" * 1_900),
    ],
)  # fmt: skip
def test_the_mark_fits_the_words_and_the_room(part: Part, marked: str):
    assert Again("(vi)", "(en)").above(part).text == marked


@pytest.mark.parametrize("channel", PUSHED, ids=lambda channel: channel.value)
def test_a_cry_is_answered_within_seconds_when_no_connection_could_be_made(on, channel):
    """Nothing was sent, so nothing is doubled and nothing is marked."""
    platform, now = Flaky(channel, httpx.ConnectError(""), 3), on.now()
    queued(on, channel, URGENT, now)
    asyncio.run(minutes(on, platform, now, (0.0, 1.0, 4.5, 15.0)))
    assert len(platform.chats) == 1
    assert WORDS in platform.chats[0]
    assert "gửi lại" not in platform.chats[0]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("channel", PUSHED, ids=lambda channel: channel.value)
def test_bulk_is_never_repeated(on, channel, fault, monkeypatch):
    monkeypatch.setattr("bot.channels.zalo_oa.limits.night_left", lambda now: 0.0)
    platform, row = lose(on, channel, FAULTS[fault], 1, BULK)
    assert (platform.calls, row.status, row.payload) == (1, "unknown", None)


def test_a_notice_that_zalo_bills_is_never_repeated(on):
    platform, now = Flaky(Channel.ZALO_OA, FAULTS["time-out"], 1), on.now()
    queued(on, Channel.ZALO_OA, NOTICE, now, heard=now - 3 * 86_400)
    asyncio.run(minutes(on, platform, now))
    assert platform.calls == 1
