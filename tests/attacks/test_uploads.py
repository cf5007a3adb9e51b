"""Whoever uploads much, slowly, twice, half or nonsense costs the product neither memory nor disk, and others nothing."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import uuid
from urllib.parse import urlsplit

import httpx
import pytest

from bot.app import Core
from bot.core.errors import InvalidInput
from bot.core.messages import MAX_ATTACHMENT_BYTES, Channel
from bot.gateway import upload
from bot.gateway.asgi import build, create_app
from bot.services.tips import unsent
from bot.settings import ROOT
from bot.storage import space
from bot.storage.tables import Attempt
from tests.integration.channels.test_web_files import DOCX, Interview, Person, chat, said
from tests.support import live, odd_pictures

PDF = b"%PDF-1.7\n"
LARGE = PDF + b"0" * 19_900_000
BIDI = "\u202egpj.exe\u2066 ảnh “bản gốc” của em\u2069"
NAMES = {
    "vietnamese": "hợp đồng lao động của cô Hường (bản 2).jpg", "bidi": BIDI, "none": "",
    "endless": "ảnh" * 1_400, "a path": "../../../etc/passwd", "a line break": "a\r\nX-Evil: 1.jpg", "nul": "a\0b.php",
}  # fmt: skip


def blobs(core: Core) -> list[str]:
    folder = core.settings.blobs_dir
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def counted(core: Core, conversation: str) -> int:
    with core.db.reading() as session:
        row = session.get(Attempt, core.vault.attempt_key("files", conversation))
        return row.count if row else 0


def test_many_large_uploads_at_once_lie_sealed_on_the_disk_and_not_in_memory(tmp_path):
    """In a process of its own, in bytes: ten waiting files of 20 MB were 400 MB."""
    script = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from bot.gateway.upload import Waiting\n"
        "piece = b'CANARYWORD' * 6553\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "files = [Waiting(Path(sys.argv[1]), 0) for _ in range(10)]\n"
        "for _ in range(300):\n"
        "    for file in files: file.gather(piece); file.full and file.put_away()\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(list(Path(sys.argv[1]).iterdir())))\n"
        "assert files[3].read_all() == piece * 300\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True, cwd=ROOT
    )
    grown, names = map(int, done.stdout.split())
    assert grown < 16 * 1024, "kB"
    assert names == 0, "what is under way has no name, so a crash leaves nothing"


@pytest.fixture
def on_disk(monkeypatch) -> list:
    """The nameless files that uploads lie in, as they are opened."""
    opened: list = []
    real = upload.tempfile.TemporaryFile
    monkeypatch.setattr(upload.tempfile, "TemporaryFile", lambda **more: opened.append(real(**more)) or opened[-1])
    return opened


def test_nothing_of_an_upload_reaches_the_disk_in_the_clear(tmp_path, on_disk):
    file = upload.Waiting(tmp_path, 0)
    file.gather(b"CANARYWORD" * 100_000)
    file.put_away()
    on_disk[0].seek(0)
    lies = on_disk[0].read()
    assert len(lies) > 900_000
    assert b"CANARYWORD" not in lies
    assert file.read_all() == b"CANARYWORD" * 100_000
    file.close()


def test_who_changes_the_waiting_bytes_is_not_believed(tmp_path, on_disk):
    file = upload.Waiting(tmp_path, 0)
    file.gather(b"x" * 600_000)
    file.put_away()
    on_disk[0].seek(1_000)
    on_disk[0].write(b"yyyy")
    with pytest.raises(Exception, match="ecrypt"):
        file.read_all()


def test_more_than_twenty_megabytes_of_one_file_are_let_go_as_they_come(tmp_path):
    file = upload.Waiting(tmp_path, 0)
    for _ in range(30):
        file.gather(b"x" * (1 << 20))
        file.put_away()
    with pytest.raises(InvalidInput) as refused:
        file.read_all()
    assert refused.value.code == "file_too_large"
    assert file.size > MAX_ATTACHMENT_BYTES


def test_an_upload_for_which_there_is_no_room_costs_the_file_and_not_its_words(tmp_path, monkeypatch):
    monkeypatch.setattr(space, "free", lambda folder: 300 * 2**20)

    async def story(person: Person) -> None:
        answer = said(await person.send(LARGE, text="em bị nhốt"))
        assert person.core.renderer.book("vi").errors["disk_low"] in answer
        assert person.parts.engine.texts == ["em bị nhốt"]
        assert blobs(person.core) == []

    chat(tmp_path, story)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_no_name_of_a_file_keeps_it_out_or_is_kept(tmp_path, name):
    async def story(person: Person) -> None:
        form = {"message_id": uuid.uuid4().hex, "text": "ảnh người tuyển"}
        photo = odd_pictures.plain()
        response = await person.client.post(
            "/chat/api/messages", data=form, files=[("file", (name or " ", photo, "image/jpeg"))], headers=person.auth
        )
        assert response.status_code == 200, response.text
        assert [ref.kind for ref in person.draft()] == ["image"]
        assert person.parts.engine.texts == ["ảnh người tuyển"]
        assert all(set(path) <= set("0123456789abcdefv") for path in blobs(person.core))

    chat(tmp_path, story)


def test_a_message_sent_twice_keeps_its_files_once(tmp_path):
    async def story(person: Person) -> None:
        form = {"message_id": "the-same", "text": ""}
        files = [("file", ("a.jpg", odd_pictures.plain())), ("file", ("b.pdf", PDF))]

        async def post() -> httpx.Response:
            return await person.client.post("/chat/api/messages", data=form, files=files, headers=person.auth)

        first = await post()
        stored = blobs(person.core)
        for again in [await post(), *await asyncio.gather(*[post() for _ in range(5)])]:
            assert again.json() == first.json()
        assert len(person.draft()) == 2
        assert blobs(person.core) == stored
        assert counted(person.core, person.conversation) == 2, "a bad line must not use up what may be sent"

    chat(tmp_path, story)


def test_two_uploads_at_once_in_one_chat_are_both_kept(tmp_path):
    async def story(person: Person) -> None:
        answers = await asyncio.gather(*[person.send(odd_pictures.plain(), LARGE[:3_000_000]) for _ in range(2)])
        assert all(answer.status_code == 200 for answer in answers)
        assert sorted(ref.kind for ref in person.draft()) == ["file", "file", "image", "image"]
        assert counted(person.core, person.conversation) == 4

    chat(tmp_path, story)


@pytest.mark.parametrize("data", [DOCX, b"", b"\xff\xd8\xff\xe0" + b"\0" * 40], ids=["letter", "empty", "broken"])
def test_what_was_refused_does_not_count_as_sent(tmp_path, data):
    async def story(person: Person) -> None:
        for _ in range(unsent.MOST_FILES + 2):
            assert (await person.send(data)).json()["error"] != "files_quota"
        said(await person.send(odd_pictures.plain()))
        assert counted(person.core, person.conversation) == 1

    chat(tmp_path, story)


def form_bytes(boundary: str, data: bytes) -> bytes:
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="message_id"\r\n\r\nbroken-one\r\n--{boundary}\r\n'
    head += 'Content-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    return head.encode() + data + f"\r\n--{boundary}--\r\n".encode()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_an_upload_that_breaks_in_the_middle_leaves_nothing_and_can_be_sent_again(core: Core, share: float):
    body = form_bytes("x", odd_pictures.plain() + b"\0" * 2_000_000)
    with live.served(create_app(build(core, engine=Interview(), pushes={}))) as url:
        token = httpx.post(f"{url}/chat/api/sessions", timeout=90).json()["session"]
        head = (
            f"POST /chat/api/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        place = urlsplit(url)
        for _ in range(3):
            with socket.create_connection((place.hostname, place.port), timeout=90) as line:
                line.sendall(head.encode() + body[: int(len(body) * share)])
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "multipart/form-data; boundary=x"}
        whole = httpx.post(f"{url}/chat/api/messages", content=body, headers=headers, timeout=90)
        assert whole.status_code == 200, whole.text
        assert len(blobs(core)) == 1
        assert counted(core, core.vault.conversation_id(Channel.WEB, token)) == 1
