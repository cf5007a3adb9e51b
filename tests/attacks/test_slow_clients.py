"""Strangers who say too little: half a request, a body that hardly comes, streams without end. Citizens are answered."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from bot import doors
from bot.app import Core
from bot.gateway import bodies, limits
from bot.gateway.asgi import build, create_app
from tests.integration.channels.test_web_files import Interview
from tests.support import live, nginx, odd_pictures

STRANGER, CITIZEN = "127.0.0.2", "127.0.0.3"
EVERYBODY_ELSE = ("127.0.0.1",)  # the proxies of a gateway for which the two above are lines of their own
HALF = b"GET / HTTP/1.1\r\nHost: lachan.example.vn\r\nX-Slow: "
PATIENCE = 30.0


@contextmanager
def gateway(core: Core, proxies: tuple[str, ...] = ()) -> Iterator[str]:
    with live.served(create_app(build(core, engine=Interview(), pushes={})), proxies=proxies) as url:
        yield url


class Crowd:
    """Connections of a stranger, held open until the end."""

    def __init__(self, url: str, address: str = STRANGER) -> None:
        place = urlsplit(url)
        self.to, self.address, self.held = (place.hostname, place.port), address, []

    def open(self, count: int, said: bytes) -> Crowd:
        for _ in range(count):
            line = socket.create_connection(self.to, timeout=PATIENCE, source_address=(self.address, 0))
            self.held.append(line)
            line.sendall(said)
        return self

    def __enter__(self) -> Crowd:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self.held:
            line.close()


def browser(url: str, address: str = CITIZEN, **headers: str) -> httpx.Client:
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=url, transport=transport, timeout=PATIENCE, headers=headers)


def begin(client: httpx.Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.post('/chat/api/sessions').json()['session']}"}


def is_answered(url: str, **headers: str) -> None:
    """A citizen who was never here opens the page, cries for help and sends a photo."""
    with browser(url, **headers) as client:
        assert client.get("/").status_code == 200
        auth = begin(client)
        cry = {"message_id": uuid.uuid4().hex, "text": "cứu em với, em bị nhốt"}
        assert client.post("/chat/api/messages", json=cry, headers=auth).json()["messages"]
        photo = {"file": ("a.jpg", odd_pictures.plain())}
        form = {"message_id": uuid.uuid4().hex, "text": "ảnh chỗ này"}
        assert client.post("/chat/api/messages", data=form, files=photo, headers=auth).json()["messages"]


def upload(auth: dict[str, str], declared: int = 1_000_000, sent: int = 200) -> bytes:
    """The beginning of a form with a file."""
    head = (
        f"POST /chat/api/messages HTTP/1.1\r\nHost: lachan.example.vn\r\nAuthorization: {auth['Authorization']}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {declared}\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n'
    )
    return head.encode() + b"\xff" * sent


def test_half_a_request_is_ended(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "HEAD_SECONDS", 0.5)
    with gateway(core) as url, Crowd(url) as crowd:
        for said, status in ((b"", b""), (HALF, b"408"), (b"GET / HT", b"")):
            line = crowd.open(1, said).held[-1]
            answer = line.recv(4_000)
            assert status in answer
            assert b"Invalid" not in answer
            while line.recv(4_000):
                pass  # until it is closed from there


def _headers_without_end(line: socket.socket) -> None:
    for _ in range(20_000):
        line.sendall(b"a: " + b"b" * 1_000 + b"\r\n")


def test_headers_without_end_are_ended(core: Core):
    with gateway(core) as url, Crowd(url) as crowd:
        line = crowd.open(1, HALF).held[-1]
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            _headers_without_end(line)


def test_when_the_house_is_full_who_asked_for_nothing_goes_first(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "MOST", 40)
    with gateway(core) as url, Crowd(url, "127.0.0.1") as crowd:
        crowd.open(60, HALF)
        is_answered(url)


def test_one_line_has_so_many_connections_and_others_are_answered(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(doors, "PER_LINE", 30)
    with gateway(core, EVERYBODY_ELSE) as url, ExitStack() as held:
        client = held.enter_context(browser(url, STRANGER))
        streams = []  # a reader that is let go closes its connection
        for _ in range(40):
            auth = {"Authorization": f"Bearer {httpx.post(f'{url}/chat/api/sessions').json()['session']}"}
            try:
                answer = held.enter_context(client.stream("GET", "/chat/api/events", headers=auth))
            except httpx.HTTPError:
                continue
            streams.append(answer.iter_lines())
            assert next(streams[-1]) == ": ok"
        assert len(streams) == 30
        is_answered(url)


def test_one_conversation_has_few_streams_and_the_newest_is_served(core: Core):
    with gateway(core) as url, ExitStack() as held:
        client = held.enter_context(browser(url))
        auth = begin(client)
        opened = []
        for _ in range(limits.PER_CONVERSATION + 3):
            answer = held.enter_context(client.stream("GET", "/chat/api/events", headers=auth))
            lines = answer.iter_lines()
            assert next(lines) == ": ok"
            opened.append(lines)
        for lines in opened[:3]:
            assert not [line for line in lines if "still here" not in line and line], "ended, and told nothing"
        body = {"message_id": "m1", "text": "xin chào"}
        assert client.post("/chat/api/messages", json=body, headers=auth).status_code == 200
        assert next(line for line in opened[-1] if line.startswith("data: "))


def test_streams_of_everybody_make_room_for_the_newest(core: Core):
    streams = limits.Streams(most=3)
    with ExitStack() as held:
        places = [held.enter_context(streams.opened(f"c{number}")) for number in range(5)]
        assert [place.ended for place, _ in places] == [True, True, False, False, False]
        assert [lost for _, lost in places] == [set(), set(), set(), {"c0"}, {"c1"}]
    with streams.opened("c9") as (place, lost):
        assert not place.ended
        assert not lost


def test_a_body_that_hardly_comes_is_ended_and_words_pass(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "GRACE", 0.5)
    with gateway(core) as url, browser(url, STRANGER) as client, Crowd(url) as crowd:
        auth = begin(client)
        slow = crowd.open(20, upload(auth)).held
        answers = [line.recv(4_000) for line in slow]
        assert all(b"408" in answer for answer in answers)
        is_answered(url)


def test_uploads_have_a_share_and_the_slowest_gives_way(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "MOST_UPLOADS", 5)
    with gateway(core) as url, browser(url, STRANGER) as client, Crowd(url) as crowd:
        auth = begin(client)
        crowd.open(30, upload(auth))
        is_answered(url)


def test_uploads_never_take_more_room_than_their_share(core: Core, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bodies, "MOST_BYTES", 300_000)
    with gateway(core) as url, browser(url, STRANGER) as client, Crowd(url) as crowd:
        auth = begin(client)
        held = crowd.open(3, upload(auth, sent=120_000)).held
        assert any(b"503" in line.recv(4_000) for line in held[:1])
        is_answered(url)


def test_behind_nginx_strangers_who_say_too_little_hold_up_nobody(
    core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """More half requests, slow bodies and streams from one line than nginx's usual 512 connections."""
    monkeypatch.setattr(bodies, "GRACE", 2.0)
    host = {"Host": nginx.PUBLIC}
    with gateway(core) as behind, nginx.proxied(tmp_path, behind) as front, Crowd(front) as crowd:
        crowd.open(700, HALF)
        with browser(front, STRANGER, **host) as client:
            auth = begin(client)
        crowd.open(150, upload(auth))
        events = (
            f"GET /chat/api/events HTTP/1.1\r\nHost: {nginx.PUBLIC}\r\nAuthorization: {auth['Authorization']}\r\n\r\n"
        )
        crowd.open(150, events.encode())
        is_answered(front, **host)
