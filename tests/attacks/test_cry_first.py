"""Nobody is silenced: whatever strangers send, a cry is answered first, with a photo beside it too, and no file is lost."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from bot.app import Core
from bot.core.messages import Attachment, Channel, InboundKind, InboundMessage
from bot.core.once import once, within
from bot.dialogue import bursts
from bot.gateway import file_taker, web_api
from bot.gateway.asgi import Parts, build, create_app
from bot.services.messaging import inbox, turned
from bot.services.tips.files import PUT_BY, FileRef
from tests.integration.channels.test_web_files import Interview, Person
from tests.support import odd_pictures
from tests.support.world import core_in

CRY = "cứu em với, em bị nhốt"
LONG = "em so\n" * 660  # one of the longest texts, in pieces that cost most to read
PATIENCE = 250.0


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a machine takes is no verdict: an answer is waited for as long as it takes."""
    monkeypatch.setattr(web_api, "WAIT_SECONDS", PATIENCE)


async def until(found: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.02)


class Held:
    """`files.keep` as it is, but nothing is drawn before `go` is set; `order` says whose files were drawn, by their size."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.go, self.order, self._real = threading.Event(), list[int](), file_taker.files.keep
        monkeypatch.setattr(file_taker.files, "keep", self._keep)

    def _keep(self, blobs, data: bytes, *args: Any, **more: Any) -> Attachment:
        assert self.go.wait(PATIENCE)
        self.order.append(len(data))
        return self._real(blobs, data, *args, **more)


@contextmanager
def town(tmp_path, **env: str) -> Iterator[tuple[Core, Parts, Any]]:
    with core_in(tmp_path, **env) as core:
        parts = build(core, engine=Interview(), pushes={})
        yield core, parts, httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)


async def person(core: Core, parts: Parts, transport: Any) -> Person:
    client = httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", timeout=PATIENCE)
    return await Person(core, parts, client).begin()


def picture(of: int) -> bytes:
    """A picture that is told from others by its size."""
    return odd_pictures.plain() + b"\0" * of


def test_a_cry_with_a_photo_is_answered_while_strangers_pictures_wait_and_its_photo_comes_next(tmp_path, monkeypatch):
    held, base = Held(monkeypatch), len(odd_pictures.plain())

    async def story(core: Core, parts: Parts, transport: Any) -> None:
        strangers = [await person(core, parts, transport) for _ in range(3)]
        me = await person(core, parts, transport)
        floods = [
            asyncio.create_task(one.send(*[picture(1_000 * (at + 1) + n) for n in range(5)]))
            for at, one in enumerate(strangers)
        ]
        await until(
            lambda: parts.taker._lanes.waiting == 1, "one file of each conversation is in the queue, two are held"
        )
        answer = await me.send(picture(77), picture(78), text=CRY)
        assert answer.status_code == 200, answer.text
        assert answer.json()["messages"], "the words are answered"
        assert parts.engine.texts == [CRY]
        assert held.order == [], "while not one picture was drawn"
        await until(lambda: parts.taker._lanes.waiting == 2, "the photo waits")
        held.go.set()
        await asyncio.gather(*floods)
        await until(lambda: len(me.draft()) == 2, "no file is lost")
        drawn = [size - base for size in held.order]
        assert drawn.index(77) <= 2, "two were under way, and then it was the turn of the cry's photo"
        assert sorted(drawn) == sorted([77, 78, *(1_000 * (at + 1) + n for at in range(3) for n in range(5))])
        for at in range(3):
            assert [size for size in drawn if size // 1_000 == at + 1] == [1_000 * (at + 1) + n for n in range(5)]
        assert parts.engine.texts[0] == CRY, "the words first, then what came with them"
        await until(lambda: not parts.dispatcher._tasks, "the turns end")
        kept = {ref.id for one in (*strangers, me) for ref in one.draft()}
        stored = {path.name.removesuffix("v") for path in core.settings.blobs_dir.iterdir()}
        assert stored == kept, "what was put by is let go"
        for one in (*strangers, me):
            await one.client.aclose()

    with town(tmp_path) as parts:
        asyncio.run(story(*parts))


def test_who_sends_many_pictures_waits_for_everybodys_first(tmp_path, monkeypatch):
    held, base = Held(monkeypatch), len(odd_pictures.plain())

    async def story(core: Core, parts: Parts, transport: Any) -> None:
        people = [await person(core, parts, transport) for _ in range(4)]
        sending = [asyncio.create_task(people[0].send(*[picture(1_000 + n) for n in range(8)]))]
        await until(lambda: parts.taker._lanes._inside, "the first comes")
        for at, one in enumerate(people[1:]):
            sending.append(asyncio.create_task(one.send(picture(at + 1))))
            await until(lambda count=at: sum(parts.taker._lanes._inside.values()) == count + 2, "they wait in turn")
        held.go.set()
        await asyncio.gather(*sending)
        drawn = [size - base for size in held.order]
        assert max(drawn.index(n) for n in (1, 2, 3)) <= 6, drawn
        for one in people:
            await one.client.aclose()

    with town(tmp_path) as parts:
        asyncio.run(story(*parts))


def test_a_cry_with_files_sent_twice_is_one_and_keeps_each_file_once(tmp_path):
    async def story(core: Core, parts: Parts, transport: Any) -> None:
        me = await person(core, parts, transport)
        form = {"message_id": uuid.uuid4().hex, "text": CRY}

        async def post() -> httpx.Response:
            files = [("file", ("a.jpg", odd_pictures.plain()))]
            return await me.client.post("/chat/api/messages", data=form, files=files, headers=me.auth)

        first = await post()
        again = await asyncio.gather(post(), post())
        assert all(answer.json()["messages"][0] == first.json()["messages"][0] for answer in again)
        await until(lambda: len(me.draft()) == 1 and not parts.dispatcher._tasks, "the photo is kept")
        names = {path.name.removesuffix("v") for path in core.settings.blobs_dir.iterdir()}
        assert names == {ref.id for ref in me.draft()}
        await me.client.aclose()

    with town(tmp_path) as parts:
        asyncio.run(story(*parts))


def test_a_photo_put_by_is_kept_after_the_process_died(tmp_path):
    async def begins(core: Core, parts: Parts, transport: Any) -> Person:
        me = await person(core, parts, transport)
        parts.dispatcher.begin = lambda accepted: asyncio.create_task(asyncio.sleep(0, 0.0))  # nobody comes to answer
        asking = asyncio.create_task(me.send(odd_pictures.plain(), text=CRY))
        await until(lambda: core.settings.blobs_dir.is_dir() and any(core.settings.blobs_dir.iterdir()), "it is safe")
        await until(lambda: pending(core) == 2, "and so are the words")
        asking.cancel()
        return me

    async def goes_on(core: Core, parts: Parts, transport: Any, me: Person) -> None:
        await parts.dispatcher.run(me.conversation)
        assert parts.engine.texts == [CRY, ""]
        assert [ref.view for ref in me.draft()] == [True]

    def pending(core: Core) -> int:
        with core.db.reading() as session:
            return len(session.execute(inbox.select(inbox.Inbox)).all())

    with town(tmp_path) as before:
        me = asyncio.run(begins(*before))
        parts = build(before[0], engine=Interview(), pushes={})
        asyncio.run(goes_on(before[0], parts, None, me))


def message(text: str, *files: str, **more: Any) -> InboundMessage:
    kind = InboundKind.ATTACHMENT if files else InboundKind.TEXT
    found = tuple(Attachment(ref, "image", 10) for ref in files)
    return InboundMessage(Channel.TELEGRAM, "7", uuid.uuid4().hex, kind, text=text, attachments=found, **more)


def test_on_every_channel_a_cry_goes_before_its_files_in_one_order(core: Core):
    async def story() -> None:
        parts = build(core, engine=Interview(), pushes={})
        crying, calm = message(CRY, "fetch:1", "fetch:2", album="a"), message("ảnh người tuyển đây ạ", "fetch:3")
        first, second = await parts.intake.accept([crying, calm])
        assert (first.cries, second.cries) == (True, False)
        assert first.inbox_id < second.inbox_id
        with core.db.reading() as session:
            rows = session.execute(inbox.select(inbox.Inbox).order_by(inbox.Inbox.id)).scalars().all()
            stored = [turned.inbound(core.vault, row) for row in rows]
        assert [(one.text, len(one.attachments), one.after_words) for one in stored] == [
            (CRY, 0, False), ("", 2, True), ("ảnh người tuyển đây ạ", 1, False),
        ]  # fmt: skip
        assert bursts.Rule().apart(stored[1]), "it is no piece of the words that went before"

    asyncio.run(story())


def test_a_cry_passes_the_long_texts_of_strangers(tmp_path):
    """By the order of the answers: when the cry is answered, most of what came before it waits."""

    async def story(core: Core, parts: Parts, transport: Any) -> None:
        strangers = [await person(core, parts, transport) for _ in range(12)]
        me, done = await person(core, parts, transport), list[int]()

        async def long(at: int, one: Person) -> None:
            await one.say(text=LONG)
            done.append(at)

        flood = [asyncio.create_task(long(at, one)) for at, one in enumerate(strangers)]
        await until(lambda: parts.dispatcher._long.waiting >= 8, "the long texts wait in their lanes")
        before = len(done)
        assert await me.say(text=CRY)
        assert len(done) - before <= 4, "the two under way, and perhaps the next two"
        await asyncio.gather(*flood)
        assert sorted(done) == list(range(12)), "and everybody is answered"
        for one in (*strangers, me):
            await one.client.aclose()

    with town(tmp_path) as parts:
        asyncio.run(story(*parts))


def test_closing_the_turn_of_a_long_text_reads_nothing_inside_the_transaction(tmp_path, monkeypatch):
    from bot.core import text as words

    read, real = list[str](), words.tokens.__wrapped__

    def counted(text: str) -> Any:
        if len(text) > 1_000:
            read.append(threading.current_thread().name)
        return real(text)

    monkeypatch.setattr(words, "tokens", once(counted))

    async def story(core: Core, parts: Parts, transport: Any) -> None:
        me = await person(core, parts, transport)
        assert await me.say(text=LONG)
        assert read
        assert all(name.startswith("reading") for name in read), set(read)
        await me.client.aclose()

    with town(tmp_path) as parts:
        asyncio.run(story(*parts))


def test_readings_are_kept_for_one_turn_and_go_with_it():
    made: list[str] = []

    @once
    def shout(text: str) -> str:
        made.append(text)
        return text.upper()

    assert (shout("a"), shout("a"), made) == ("A", "A", ["a", "a"])
    memo: dict = {}
    with within(memo):
        assert (shout("a"), shout("a"), len(made)) == ("A", "A", 3)
    shout("a")
    assert len(made) == 4


def test_what_is_put_by_is_named_apart_from_what_is_kept():
    ref = FileRef("0" * 32, "1" * 64, "image", "image/jpeg", 9, False, "not_scanned")
    assert FileRef.unpack((PUT_BY + ref.pack()).removeprefix(PUT_BY)) == ref
