"""A small stand-in for the gateway's chat interface, for tests of the page alone.

It answers with canned messages and can be told to fail, to forget its sessions and to push later messages. It serves the
real page and the real static files with the response headers that the gateway promises.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import uvicorn
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.content.documents import CONTENT_ROOT
from bot.content.files import ContentFiles
from bot.content.phrasebooks import load_phrasebooks
from bot.gateway.web_api import _shape
from bot.services.messaging.render import Renderer
from bot.services.tips.file_types import accept
from tests.support.product import free_port

GATEWAY = Path(__file__).parents[2] / "bot" / "gateway"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"
)
LONG_ANSWER = "\n".join(
    f"{number}. Giữ hộ chiếu và giấy tờ của bạn bên mình, đừng đưa cho ai." for number in range(1, 31)
)


@dataclass
class Stub:
    """What the stand-in saw and how it is to behave next. Everything a test reads or sets is here."""

    exit_url: str = "/elsewhere"
    sessions: set[str] = field(default_factory=set)
    opened: int = 0
    ended: list[str] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)  # every attempt, the failed ones too
    taken: list[dict[str, Any]] = field(default_factory=list)  # each message id once
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # by message id
    history: list[dict[str, Any]] = field(default_factory=list)
    fail_next: list[int] = field(default_factory=list)  # status codes for the next sends; 0 drops the answer
    stream_status: int = 200
    streams: int = 0
    delay: float = 0.0  # seconds before an answer
    serial: int = 0

    def message(self, text: str, **more: Any) -> dict[str, Any]:
        self.serial += 1
        made = {"id": f"m{self.serial}", "text": text, "choices": [], **more}
        self.history.append(made)
        return made

    def push(self, text: str, **more: Any) -> None:
        """Something the server says later, such as an officer's answer."""
        self.message(text, **more)

    def forget_sessions(self) -> None:
        """Conversations end with their sessions: a new one starts with nothing said."""
        self.sessions.clear()
        self.history.clear()


@cache
def _renderer() -> Renderer:
    content, books = ContentFiles(), load_phrasebooks(CONTENT_ROOT / "dialogue")
    return Renderer(lambda: content.library, lambda: books, lambda: content.checklist, date.today)


def _real(stub: Stub, item: str, language: str) -> list[dict[str, Any]]:
    """What the product would say with this item of the content library, in the shape it says it."""
    shapes = [_shape(0, reply) for reply in _renderer().item(item, language)]
    return [stub.message(shape.pop("text"), **{k: v for k, v in shape.items() if k != "id"}) for shape in shapes]


def _reply(stub: Stub, said: dict[str, Any]) -> list[dict[str, Any]]:
    text = str(said.get("text") or "").lower()
    if text.startswith("real "):
        _, item, language = text.split()
        return _real(stub, item, language)
    if said.get("choice") == "say:emergency_in_danger":
        text = "nguy hiểm"
    elif said.get("choice"):
        return [stub.message(f"Bạn đã chọn: {said['choice']}.")]
    if said.get("location"):
        return [stub.message("Mình đã nhận vị trí của bạn.")]
    if said.get("files"):
        return [stub.message("Mình đã nhận " + str(len(said["files"])) + " tệp.")]
    if "nguy hiểm" in text:
        return [
            stub.message(
                "Bạn gọi ngay 113 (công an). Nếu không nói được, tìm chỗ đông người rồi gọi sau.\n"
                "Tổng đài 111 cũng luôn có người trực, miễn phí."
            ),
            stub.message(
                "Lúc này bạn nhắn tin có an toàn không?",
                choices=[
                    {"id": "safe_yes", "title": "Có, mình nhắn được"},
                    {"id": "safe_no", "title": "Không an toàn"},
                ],
            ),
        ]
    if "im lặng" in text:
        return []
    if "ở đâu" in text:
        return [stub.message("Việc này xảy ra ở đâu?", ask_location=True, choices=[{"id": "skip", "title": "Bỏ qua"}])]
    if "ảnh" in text:
        picture = {"src": "/static/icons/icon-192.png", "alt": "Biểu tượng lá chắn"}
        return [stub.message("Đây là tấm áp phích.", image=picture)]
    if "tệp" in text:
        return [
            stub.message("Tệp của bạn.", attachments=[{"href": "/chat/api/files/1", "name": "a.txt", "kind": "file"}])
        ]
    if "dài" in text:
        return [stub.message(LONG_ANSWER)]
    return [
        stub.message("Mình nghe rồi. Bạn kể thêm cho mình nhé: ai mời bạn, làm việc gì, ở đâu?"),
    ]


def _error(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": code, "message": message}, status_code=status)


def _bearer(stub: Stub, request: Request) -> str | None:
    token = request.headers.get("authorization", "").removeprefix("Bearer ")
    return token if token in stub.sessions else None


async def _read(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("application/json"):
        return await request.json()
    said: dict[str, Any] = {"files": []}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                said["files"].append({"field": name, "name": value.filename, "size": len(await value.read())})
            else:
                said[name] = value
    return said


def _api(stub: Stub) -> list[Route]:
    async def open_session(request: Request) -> Response:
        stub.opened += 1
        token = f"session-{stub.opened}"
        stub.sessions.add(token)
        return JSONResponse({"session": token})

    async def end_session(request: Request) -> Response:
        token = _bearer(stub, request)
        if token:
            stub.sessions.discard(token)
            stub.history.clear()
            stub.ended.append(token)
        return Response(status_code=204)

    async def post(request: Request) -> Response:
        said = await _read(request)
        stub.posts.append(said)
        if not _bearer(stub, request):
            return _error(401, "session", "Phiên trò chuyện đã kết thúc.")
        failing = stub.fail_next.pop(0) if stub.fail_next else 200
        if failing >= 400:
            return _error(failing, "canned", "Mình chưa đọc được tin này, bạn viết lại giúp mình nhé.")
        await asyncio.sleep(stub.delay)
        key = said["message_id"]
        if key not in stub.answers:
            stub.taken.append(said)
            stub.answers[key] = _reply(stub, said)
        if failing == 0:  # the turn was taken, the answer is lost on the way
            return _error(502, "proxy", "")
        return JSONResponse({"messages": stub.answers[key]})

    async def later(request: Request) -> Response:
        if not _bearer(stub, request):
            return _error(401, "session", "Phiên trò chuyện đã kết thúc.")
        return JSONResponse({"messages": _after(stub, request.query_params.get("after", ""))})

    async def events(request: Request) -> Response:
        stub.streams += 1
        if not _bearer(stub, request):
            return _error(401, "session", "Phiên trò chuyện đã kết thúc.")
        if stub.stream_status != 200:
            return _error(stub.stream_status, "canned", "")
        asked = request.query_params.get("after", "")
        return StreamingResponse(_events(stub, request, asked), media_type="text/event-stream")

    async def file(request: Request) -> Response:
        if not _bearer(stub, request):
            return _error(401, "session", "Phiên trò chuyện đã kết thúc.")
        return Response(b"chung cu", media_type="application/octet-stream")

    return [
        Route("/chat/api/sessions", open_session, methods=["POST"]),
        Route("/chat/api/sessions", end_session, methods=["DELETE"]),
        Route("/chat/api/messages", post, methods=["POST"]),
        Route("/chat/api/messages", later, methods=["GET"]),
        Route("/chat/api/events", events, methods=["GET"]),
        Route("/chat/api/files/1", file, methods=["GET"]),
    ]


def _after(stub: Stub, message_id: str) -> list[dict[str, Any]]:
    ids = [message["id"] for message in stub.history]
    return stub.history[ids.index(message_id) + 1 :] if message_id in ids else list(stub.history)


async def _events(stub: Stub, request: Request, after: str) -> AsyncIterator[str]:
    sent = len(stub.history) - len(_after(stub, after))
    yield ": open\n\n"
    while not await request.is_disconnected():
        if len(stub.history) > sent:
            data = json.dumps({"messages": stub.history[sent:]}, ensure_ascii=False)
            sent = len(stub.history)
            yield f"event: messages\ndata: {data}\n\n"
        await asyncio.sleep(0.05)


def create_app(stub: Stub) -> Starlette:
    """The page, its files, the canned interface, a neutral page to leave to and a portal that embeds the widget."""
    templates = Environment(loader=FileSystemLoader(GATEWAY / "templates"), autoescape=True)

    async def page(request: Request) -> Response:
        html = templates.get_template("chat.html").render(
            exit_url=stub.exit_url, version="test", accept=accept(heic=False), accept_heic=accept(heic=True)
        )  # fmt: skip
        return HTMLResponse(html, headers={"Content-Security-Policy": CSP, "Cache-Control": "no-store"})

    async def elsewhere(request: Request) -> Response:
        return HTMLResponse("<!doctype html><title>Trời nắng</title><p>Hôm nay trời nắng.")

    async def portal(request: Request) -> Response:
        script = '<script src="/static/widget.js" defer></script>'
        return HTMLResponse(f"<!doctype html><html lang=vi><title>Phường</title><h1>Cổng thông tin phường</h1>{script}")

    async def worker(request: Request) -> Response:
        return FileResponse(GATEWAY / "static" / "sw.js", media_type="text/javascript")

    return Starlette(
        routes=[
            Route("/", page),
            Route("/elsewhere", elsewhere),
            Route("/portal", portal),
            Route("/sw.js", worker),
            *_api(stub),
            Mount("/static", StaticFiles(directory=GATEWAY / "static")),
        ]
    )


@contextmanager
def serve(stub: Stub, port: int | None = None) -> Iterator[str]:
    """Runs the stand-in in a thread; yields its address. Raises RuntimeError if it does not start."""
    port = port or free_port()
    _renderer()
    config = uvicorn.Config(
        create_app(stub), host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 90
    while not server.started:
        if time.monotonic() > deadline:
            raise RuntimeError("the chat stand-in did not start")
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=5)
