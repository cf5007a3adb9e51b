"""Files of the web chat: a bad one costs only itself, the person is told why, and what nobody sends does not fill the disk."""

from __future__ import annotations

import asyncio
import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from PIL import Image
from PIL.ExifTags import Base

from bot.app import Core
from bot.core.messages import MAX_CHOICE_TITLE, Channel
from bot.engine_client.pool import TurnResult
from bot.gateway import file_taker, originals
from bot.gateway.asgi import Parts, build, create_app
from bot.services.tips import files, unsent
from bot.services.tips.files import FileRef
from bot.storage import space
from bot.storage.tables import Conversation
from tests.integration.channels.test_web_stream import IdleEngine
from tests.support import odd_pictures
from tests.support.world import core_in

DOCX = b"PK\x03\x04" + b"\0" * 200


class Interview(IdleEngine):
    """An engine in the middle of a tip: keeps what files came, as a draft does."""

    async def turn(self, **request: Any) -> TurnResult:
        draft = (request["state"] or {}).get("draft") or {"files": []}
        draft["files"] = [*draft["files"], *request["context"]["files"]]
        self.texts = [*getattr(self, "texts", []), request["text"]]
        says = [{"say": "file_kept" if request["context"]["files"] else "tip_added", "args": {}}]
        return TurnResult({"draft": draft, "slots": {}}, says, [], {})


class Person:
    def __init__(self, core: Core, parts: Parts, client: httpx.AsyncClient) -> None:
        self.core, self.parts, self.client = core, parts, client

    async def begin(self) -> Person:
        self.token = (await self.client.post("/chat/api/sessions")).json()["session"]
        self.auth = {"Authorization": f"Bearer {self.token}"}
        return self

    async def send(self, *data: bytes, text: str = "", **fields: str) -> httpx.Response:
        sent = [("file", (f"tep{number}.jpg", part)) for number, part in enumerate(data)]
        form = {"message_id": uuid.uuid4().hex, "text": text, **fields}
        return await self.client.post("/chat/api/messages", data=form, files=sent, headers=self.auth)

    async def say(self, **body: Any) -> list[dict[str, Any]]:
        body = {"message_id": uuid.uuid4().hex, **body}
        return (await self.client.post("/chat/api/messages", json=body, headers=self.auth)).json()["messages"]

    @property
    def conversation(self) -> str:
        return self.core.vault.conversation_id(Channel.WEB, self.token)

    def draft(self) -> list[FileRef]:
        with self.core.db.reading() as session:
            state = self.core.vault.open_state(self.conversation, session.get(Conversation, self.conversation).state)
        return [FileRef.unpack(packed) for packed in state["engine"]["draft"]["files"]]


def chat(tmp_path, story: Callable[[Person], Any], **env: str) -> None:
    async def run(core: Core) -> None:
        parts = build(core, engine=Interview(), pushes={})
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            await story(await Person(core, parts, client).begin())

    with core_in(tmp_path, **env) as core:
        asyncio.run(run(core))


def said(response: httpx.Response) -> list[str]:
    assert response.status_code == 200, response.text
    return [message["text"] for message in response.json()["messages"]]


def traced(kind: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[Base.Make.value] = "CANARYPHONE"
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, kind, exif=exif)
    return out.getvalue()


def test_a_refused_file_costs_neither_the_words_nor_the_picture_beside_it(tmp_path):
    async def story(person: Person) -> None:
        answer = said(await person.send(odd_pictures.plain(), DOCX, text="ảnh và hợp đồng đây ạ"))
        errors = person.core.renderer.book("vi").errors
        assert errors["file_type"] in answer
        assert [ref.kind for ref in person.draft()] == ["image"]
        assert person.parts.engine.texts == ["ảnh và hợp đồng đây ạ"]

    chat(tmp_path, story)


@pytest.mark.parametrize("block", odd_pictures.ODD_EXIF.values(), ids=odd_pictures.ODD_EXIF.keys())
def test_odd_exif_never_breaks_a_turn(tmp_path, block):
    async def story(person: Person) -> None:
        said(await person.send(odd_pictures.with_exif("JPEG", block), text="mặt người tuyển đây ạ"))
        assert [ref.view for ref in person.draft()] == [True]

    chat(tmp_path, story)


@pytest.mark.parametrize(
    ("data", "code"),
    [((b"",), "file_empty"), ((DOCX,), "file_type"), ((b"\xff\xd8\xff\xe0" + b"\0" * 40,), "file_broken"),
     ((b"%PDF-1.7" + b"0" * 11 * 2**20, b"%PDF-1.7" + b"0" * 11 * 2**20), "files_too_large")],
    ids=["nothing inside", "a kind that is not taken", "not a picture", "too much together"],
)  # fmt: skip
def test_files_alone_are_refused_with_the_true_reason(tmp_path, data, code):
    async def story(person: Person) -> None:
        response = await person.send(*data)
        assert response.status_code in {400, 413}
        assert response.json() == {"error": code, "message": person.core.renderer.book("vi").errors[code]}

    chat(tmp_path, story)


def test_a_trouble_nobody_foresaw_costs_the_file_and_nothing_else(tmp_path, monkeypatch):
    def broken(*_: Any, **__: Any) -> None:
        raise struct_error

    struct_error = RuntimeError("CANARY: what the person wrote")
    monkeypatch.setattr(file_taker.files, "keep", broken)

    async def story(person: Person) -> None:
        answer = said(await person.send(odd_pictures.plain(), text="cho em hỏi"))
        assert person.core.renderer.book("vi").errors["file_failed"] in answer
        assert person.parts.engine.texts == ["cho em hỏi"]

    chat(tmp_path, story)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary=x"])
def test_a_form_that_cannot_be_read_is_answered_in_vietnamese(tmp_path, content_type):
    async def story(person: Person) -> None:
        headers = {**person.auth, "Content-Type": content_type}
        response = await person.client.post("/chat/api/messages", content=b"--y\r\nnonsense", headers=headers)
        assert response.status_code == 400
        assert response.json()["message"] in person.core.renderer.book("vi").errors.values()

    chat(tmp_path, story)


def test_the_eleventh_file_is_refused_and_ten_are_kept(tmp_path):
    async def story(person: Person) -> None:
        answer = said(await person.send(*[b"%PDF-1.7\n"] * 12, text="đây ạ"))
        assert person.core.renderer.book("vi").errors["files_full"] in answer
        assert len(person.draft()) == 10

    chat(tmp_path, story)


def test_what_one_conversation_leaves_unsent_is_limited_by_number_and_by_bytes(tmp_path):
    async def story(person: Person) -> None:
        for _ in range(2):
            said(await person.send(*[b"%PDF-1.7\n"] * 10))
        refused = await person.send(b"%PDF-1.7\n")
        assert refused.json()["error"] == "files_quota"
        assert said(await person.send(b"%PDF-1.7\n", text="vẫn nghe em chứ"))[0] == refused.json()["message"]
        other = await Person(person.core, person.parts, person.client).begin()
        for _ in range(5):
            said(await other.send(b"%PDF-1.7\n" + b"0" * 19_900_000))
        assert (await other.send(b"%PDF-1.7\n" + b"0" * 19_900_000)).json()["error"] == "files_quota"
        stored = sum(path.stat().st_size for path in person.core.settings.blobs_dir.iterdir())
        assert stored < 2 * unsent.MOST_BYTES
        await person.core.db.run(lambda s: unsent.sent(s, person.core.vault, other.conversation))
        said(await other.send(b"%PDF-1.7\n"))

    chat(tmp_path, story)


def test_a_clock_that_ran_ahead_does_not_keep_the_quota_closed(tmp_path):
    with core_in(tmp_path) as core, core.db.transaction() as session:
        for _ in range(unsent.MOST_FILES):
            unsent.claim(session, core.vault, "c", 10, 2_000_000.0)
        unsent.claim(session, core.vault, "c", 10, 1_000_000.0)


def test_a_full_disk_refuses_files_with_the_reason_and_takes_words(tmp_path, monkeypatch):
    monkeypatch.setattr(space, "free", lambda folder: 300 * 2**20)

    async def story(person: Person) -> None:
        answer = said(await person.send(odd_pictures.plain(), text="em bị nhốt"))
        assert person.core.renderer.book("vi").errors["disk_low"] in answer
        assert person.parts.engine.texts == ["em bị nhốt"]
        assert (await person.send(odd_pictures.plain())).json()["error"] == "disk_low"

    chat(tmp_path, story)
    (tmp_path / "small").mkdir()
    chat(tmp_path / "small", _takes_a_picture, LACHAN_MIN_FREE_MB="100")


async def _takes_a_picture(person: Person) -> None:
    said(await person.send(odd_pictures.plain()))
    assert person.draft()


def test_the_clean_copy_is_the_default_and_the_person_is_told_once(tmp_path):
    async def story(person: Person) -> None:
        first = (await person.send(traced())).json()["messages"]
        line = person.core.renderer.book("vi").lines["file_clean"].text
        assert [message["text"] for message in first].count(line) == 1
        assert [choice["id"] for choice in first[0]["choices"]] == [originals.KEEP]
        assert line not in said(await person.send(traced()))
        assert [ref.original for ref in person.draft()] == [False, False]
        blobs = person.core.settings.blobs_dir
        assert all(b"CANARYPHONE" not in files.fetch(blobs, ref) for ref in person.draft())

    chat(tmp_path, story)


@pytest.mark.parametrize("way", ["button", "words", "caption", "tick on the page"])
def test_the_original_is_kept_when_the_person_asks(tmp_path, way):
    async def story(person: Person) -> None:
        said(await person.send(traced()))
        if way == "button":
            assert "15 phút" in (await person.say(choice=originals.KEEP))[0]["text"]
        elif way == "words":
            assert "15 phút" in (await person.say(text="em muốn gửi bản gốc"))[0]["text"]
        caption = {"caption": "gui anh goc nha"}.get(way, "")
        fields = {"original": "1"} if way == "tick on the page" else {}
        answer = said(await person.send(traced(), text=caption, **fields))
        assert person.core.renderer.book("vi").lines["file_original_kept"].text in answer
        first, second = person.draft()
        assert (first.original, second.original, second.view) == (False, True, True)
        assert b"CANARYPHONE" in files.fetch(person.core.settings.blobs_dir, second)
        assert b"CANARYPHONE" not in files.fetch(person.core.settings.blobs_dir, second, view=True)

    chat(tmp_path, story)


VOICE, PDF = b"#!AMR\n" + b"\x3c" * 90, b"%PDF-1.7\n"


def drop_of(messages: list[dict[str, Any]], nth: int = 0) -> str:
    """The button that takes files back, of the nth bubble of an answer that has one."""
    found = [c["id"] for message in messages for c in message["choices"] if c["id"].startswith(originals.DROP)]
    return found[nth]


def named(person: Person, kind: str) -> str:
    return person.core.renderer.book("vi").values[f"file:{kind}"]


@pytest.mark.parametrize("kind", ["heic", "film", "voice", "pdf", "bomb"])
def test_what_cannot_be_cleaned_is_said_and_can_be_taken_back(tmp_path, kind):
    data = {"heic": odd_pictures.film(b"heic", b"mif1"), "film": odd_pictures.film(b"isom"),
            "voice": b"#!AMR\n" + b"\x3c" * 90, "pdf": b"%PDF-1.7\n", "bomb": odd_pictures.plain("WEBP", (7000, 7000))}[kind]  # fmt: skip

    async def story(person: Person) -> None:
        said(await person.send(traced()))
        answer = (await person.send(data)).json()["messages"]
        what = {"heic": "image", "film": "video", "voice": "audio", "pdf": "file", "bomb": "image"}[kind]
        assert answer[0]["text"] == person.core.renderer.book("vi").lines[f"file_as_sent_{what}"].text
        assert [ref.original for ref in person.draft()] == [False, True]
        dropped = await person.say(choice=drop_of(answer))
        assert named(person, what) in dropped[0]["text"]
        assert [ref.original for ref in person.draft()] == [False]
        late = await person.say(choice=drop_of(answer))
        assert late[0]["text"] == person.core.renderer.book("vi").lines["file_drop_late"].text

    chat(tmp_path, story)


@pytest.mark.parametrize("taken", [0, 1, 2])
def test_the_button_takes_back_the_file_of_its_own_message_and_no_other(tmp_path, taken):
    async def story(person: Person) -> None:
        buttons = []
        for data in (VOICE, VOICE, PDF):
            buttons.append(drop_of((await person.send(data)).json()["messages"]))
        there = [ref.id for ref in person.draft()]
        answer = (await person.say(choice=buttons[taken]))[0]["text"]
        assert named(person, "file" if taken == 2 else "audio") in answer
        assert re.search(r"lúc \d\d:\d\d", answer), "which of two recordings is told by its time"
        left = [one for number, one in enumerate(there) if number != taken]
        assert [ref.id for ref in person.draft()] == left
        again = (await person.send(VOICE)).json()["messages"]
        assert len(person.draft()) == 3, "sent again it is there again"
        late = await person.say(choice=buttons[taken])
        assert late[0]["text"] == person.core.renderer.book("vi").lines["file_drop_late"].text
        assert len(person.draft()) == 3, "an old button does not reach what was sent after it"
        await person.say(choice=drop_of(again))
        assert [ref.id for ref in person.draft()] == left

    chat(tmp_path, story)


def test_files_of_one_message_go_by_kind_and_are_counted(tmp_path):
    async def story(person: Person) -> None:
        first = (await person.send(VOICE, PDF, VOICE)).json()["messages"]
        choices = [choice for message in first for choice in message["choices"]]
        titles = [choice["title"] for choice in choices if choice["id"].startswith(originals.DROP)]
        assert titles == ["Bỏ 2 đoạn ghi âm này", "Bỏ tệp này"]
        assert all(len(title) <= MAX_CHOICE_TITLE for title in titles)
        answer = await person.say(choice=drop_of(first))
        assert "2 đoạn ghi âm" in answer[0]["text"]
        assert [ref.kind for ref in person.draft()] == ["file"]

    chat(tmp_path, story)


@pytest.mark.parametrize("mark", ["", ":", ":00000000", ":a:b", "s", "_all:1"])
def test_a_made_up_button_takes_nothing_back(tmp_path, mark):
    async def story(person: Person) -> None:
        await person.send(VOICE)
        await person.say(choice=originals.DROP + mark)
        assert len(person.draft()) == 1

    chat(tmp_path, story)


def test_what_waits_for_an_interview_is_taken_back_in_the_same_way(tmp_path):
    async def run(core: Core) -> None:
        engine = Listener()
        parts = build(core, engine=engine, pushes={})
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            person = await Person(core, parts, client).begin()
            first = (await person.send(VOICE)).json()["messages"]
            await person.send(PDF)
            await person.say(choice=drop_of(first))
            await person.say(text="rồi sao nữa")
            waiting = [FileRef.unpack(ref).kind for told in engine.seen[-1] for ref in told["files"]]
            assert waiting == ["file"]

    with core_in(tmp_path) as core:
        asyncio.run(run(core))


class Listener(IdleEngine):
    """An engine at rest: answers, and remembers what came with each turn from before."""

    async def turn(self, **request: Any) -> TurnResult:
        self.seen = [*getattr(self, "seen", []), request["context"]["before"]]
        lone = request["context"]["files"] and not request["text"]
        return TurnResult({"draft": {}}, [{"say": "files_thanks" if lone else "menu", "args": {}}], [], {})


def test_what_comes_before_an_interview_waits_and_is_handed_to_it(tmp_path):
    story = "quán karaoke bắt mấy đứa con gái tiếp khách, giữ hết giấy tờ"

    async def run(core: Core) -> None:
        engine = Listener()
        parts = build(core, engine=engine, pushes={})
        transport = httpx.ASGITransport(create_app(parts), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            person = await Person(core, parts, client).begin()
            await person.say(text=story)
            answer = (await person.send(odd_pictures.plain(), text="ảnh nè")).json()["messages"]
            assert any("Mình giữ tệp này một lúc" in bubble["text"] for bubble in answer)
            await person.say(choice="do:report_tip")
        told = engine.seen[-1]
        assert [entry["text"] for entry in told] == [story, "ảnh nè"]
        assert len(told[1]["files"]) == 1

    with core_in(tmp_path) as core:
        asyncio.run(run(core))
