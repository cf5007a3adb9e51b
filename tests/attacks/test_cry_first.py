"""Nobody is silenced: whatever strangers send, a cry is answered first, with a photo beside it too, and no file is lost."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from bot.app import Core
from bot.core.messages import Attachment, Channel, InboundKind, InboundMessage
from bot.core.once import once, within
from bot.dialogue import bursts
from bot.gateway import dispatcher, file_taker, web_api
from bot.gateway.asgi import Parts, build, create_app
from bot.services.messaging import inbox, turned, turns
from bot.services.tips.files import PUT_BY, FileRef
from bot.storage.tables import Conversation
from tests.integration.channels.test_web_files import DOCX, Interview, Person
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


CALM = "ảnh người tuyển đây ạ"


def test_calm_words_do_not_wait_for_the_photo_beside_them(tmp_path, monkeypatch):
    """While strangers' pictures are drawn, the words are answered; the photo comes after them, before what was said later."""
    held = Held(monkeypatch)

    async def story(core: Core, parts: Parts, transport: Any) -> None:
        strangers = [await person(core, parts, transport) for _ in range(3)]
        me = await person(core, parts, transport)
        floods = [asyncio.create_task(one.send(*[picture(n) for n in range(3)])) for one in strangers]
        await until(lambda: parts.taker._lanes.waiting == 1, "the strangers' pictures wait")
        monkeypatch.setattr(dispatcher, "FILES_SECONDS", 0.05)
        answer = await me.send(picture(77), DOCX, text=CALM)
        assert answer.status_code == 200, answer.text
        assert answer.json()["messages"], "the words are answered"
        assert parts.engine.texts == [CALM]
        assert held.order == [], "while not one picture was drawn"
        later = asyncio.create_task(me.say(text="còn đây là nơi ở của họ"))
        held.go.set()
        assert await later
        await asyncio.gather(*floods)
        assert [text for text in parts.engine.texts if text] == [CALM, "còn đây là nơi ở của họ"]
        assert parts.engine.texts.index("", 1) < parts.engine.texts.index("còn đây là nơi ở của họ"), (
            "in the order they came"
        )
        assert len(me.draft()) == 1, "the photo is kept, once"
        await until(lambda: not (parts.dispatcher._tasks or parts.dispatcher._tasks_beside), "the turns end")
        kept = {ref.id for one in (*strangers, me) for ref in one.draft()}
        stored = {path.name.removesuffix("v") for path in core.settings.blobs_dir.iterdir()}
        assert stored == kept, "what was put by is let go, and nothing is kept twice"
        shown = (await me.client.get("/chat/api/messages?after=0", headers=me.auth)).json()["messages"]
        assert core.renderer.book("vi").errors["file_type"] in {one["text"] for one in shown}, (
            "the other one was refused"
        )
        for one in (*strangers, me):
            await one.client.aclose()

    with town(tmp_path) as parts:
        asyncio.run(story(*parts))


def test_words_are_answered_once_when_the_process_dies_before_their_photo_is_there(tmp_path, monkeypatch):
    held = Held(monkeypatch)

    async def begins(core: Core, parts: Parts, transport: Any) -> Person:
        me = await person(core, parts, transport)
        monkeypatch.setattr(dispatcher, "FILES_SECONDS", 0.05)
        assert (await me.send(picture(1), text=CALM, original="1")).json()["messages"]
        for task in (*parts.dispatcher._tasks, *parts.dispatcher._tasks_beside, *parts.taker_tasks()):
            task.cancel()
        return me

    async def goes_on(core: Core, parts: Parts, me: Person) -> None:
        release(core)
        await parts.dispatcher.run(me.conversation)
        assert parts.engine.texts == [""], "the words are not heard again"
        assert [(ref.view, ref.original) for ref in me.draft()] == [(True, True)], "and the photo is kept as was asked"

    with town(tmp_path) as (core, parts, transport):
        parts.taker_tasks = lambda: parts.dispatcher._fetch._going.values()
        me = asyncio.run(begins(core, parts, transport))
        held.go.set()
        asyncio.run(goes_on(core, build(core, engine=Interview(), pushes={}), me))


def release(core: Core) -> None:
    """What a process that died had leased is anybody's, thirty seconds later."""
    with core.db.transaction() as session:
        session.execute(update(Conversation).values(lease_owner="", lease_until=0.0))


class Platform:
    """Telegram's store of files, which is slow."""

    def __init__(self) -> None:
        self.go = asyncio.Event()

    async def fetch(self, ref: str) -> bytes:
        await self.go.wait()
        return odd_pictures.plain()


def test_a_cry_is_answered_before_the_photos_of_the_same_person(core: Core, monkeypatch):
    """A photo was sent and does not come; then the cry. On another gateway it was stored, too."""
    monkeypatch.setattr(dispatcher, "FILES_SECONDS", 0.05)

    async def story() -> None:
        parts, other = (build(core, engine=Interview(), pushes={}) for _ in range(2))
        platform = Platform()
        monkeypatch.setattr(parts.dispatcher._fetch, "_channels", {Channel.TELEGRAM: platform})
        (photo,) = await parts.intake.accept([message("", "fetch:1")])
        work = parts.dispatcher.begin(photo)
        await until(lambda: parts.dispatcher._fetching, "the photo is waited for")
        await other.intake.accept([message("em gửi thêm rồi ạ")])
        assert parts.engine.__dict__.get("texts", []) == [], "other words wait behind it"
        await other.intake.accept([message(CRY)])
        await until(lambda: getattr(parts.engine, "texts", []) == [CRY], "the cry does not")
        platform.go.set()
        await work
        assert parts.engine.texts[:2] == [CRY, "em gửi thêm rồi ạ"], "then the photo, and what belongs to it"
        with core.db.reading() as session:
            sender = core.vault.conversation_id(Channel.TELEGRAM, "7")
            state = core.vault.open_state(sender, session.get(Conversation, sender).state)
        assert len(state["engine"]["draft"]["files"]) == 1

    asyncio.run(story())


def test_a_cry_that_waits_for_another_try_does_not_hold_the_photo_before_it(core: Core):
    with core.db.transaction() as session:
        photo, cry = inbox.accept(
            session, core.vault, [message("", "fetch:1"), message(CRY)], 1000.0, crying=[False, True]
        )

    def first() -> list[int]:
        with core.db.transaction() as session:
            loaded = turns.load(session, core.vault, photo.conversation_id, "me", 1000.0, 30.0)
            inbox.release(session, photo.conversation_id, "me")
            return list(loaded.inbox_ids)

    assert first() == [cry.inbox_id]
    with core.db.transaction() as session:
        inbox.postpone(session, cry.inbox_id, 1000.0, blame=True)
    assert first() == [photo.inbox_id]


def test_after_a_crash_danger_goes_first_on_whatever_gateway(core: Core):
    """The order follows from the rows: nobody told the gateway that takes over which conversation cries."""

    async def story() -> None:
        died = build(core, engine=Interview(), pushes={})
        calm = [replace(message(f"em hỏi lần thứ {n} ạ"), sender=str(n)) for n in range(12)]
        await died.intake.accept(calm)
        cry = replace(message(CRY), sender="crying")
        await died.intake.accept([replace(message("cho em hỏi"), sender="crying")])
        await died.intake.accept([cry])
        with core.db.transaction() as session:
            first = inbox.claim(session, "another", time.time(), 30.0, 4)
            assert first[0] == core.vault.conversation_id(Channel.TELEGRAM, "crying"), "before twelve older ones"
            assert inbox.crying(session, first, time.time()) == {first[0]}
            assert len(first) == 4, "and the oldest have the rest of the places"
        release(core)
        parts = build(core, engine=Interview(), pushes={})
        serving = asyncio.create_task(parts.dispatcher.serve())
        await until(lambda: len(getattr(parts.engine, "texts", [])) == 13, "everybody is answered")
        await parts.dispatcher.stop()
        serving.cancel()
        assert f"cho em hỏi\n{CRY}" in parts.engine.texts, "its own order is kept"
        with core.db.reading() as session:
            assert not session.execute(inbox.select(inbox.Inbox).where(inbox.Inbox.cries)).all(), "nothing stays of it"

    asyncio.run(story())


def test_a_crowd_that_cries_does_not_keep_the_others_out(core: Core):
    async def story() -> None:
        parts = build(core, engine=Interview(), pushes={})
        await parts.intake.accept([replace(message(CRY), sender=f"cry {n}") for n in range(40)])
        await parts.intake.accept([replace(message("cho em hỏi"), sender="calm")])
        with core.db.transaction() as session:
            taken = inbox.claim(session, "one", time.time(), 30.0, 32)
        crying = [core.vault.conversation_id(Channel.TELEGRAM, f"cry {n}") for n in range(40)]
        assert taken[:24] == crying[:24]
        assert len(taken) == 32

    asyncio.run(story())


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
