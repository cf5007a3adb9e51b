"""Mutated HTTP requests, as a stranger and as somebody signed in, to every route of both sides: nothing breaks, nothing hangs."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.app import Core
from bot.gateway.asgi import build, create_app
from tests.integration.channels.test_web_files import Interview
from tests.integration.console.test_matrix import CAMPAIGN, FORMS
from tests.support.console import Desk, csrf
from tests.support.http_fuzz import Shot, places, shot
from tests.support.progress import Progress
from tests.support.world import core_in

PATIENCE = 120.0  # seconds after which a request counts as hanging
MESSAGES = "/chat/api/messages"
CHAT: dict[str, Sequence[Mapping[str, object]]] = {
    MESSAGES: [
        {"message_id": "m", "text": "cứu em với"}, {"message_id": "m", "choice": "do:report_tip", "language": "en"},
        {"message_id": "m", "location": {"latitude": 21.0, "longitude": 105.8}}, {"message_id": "m", "text": "ảnh đây", "original": "1"},
    ],
    "/webhooks/telegram": [{"update_id": 1, "message": {"text": "x"}}], "/webhooks/zalo-oa": [{"event_name": "follow"}],
}  # fmt: skip


async def ask(app: Starlette, made: Shot) -> int:
    """Speak ASGI, so that whatever a server lets through can be said. Returns the status."""
    path, _, query = made.path.partition("?")
    raw = path.encode()
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": made.method, "scheme": "http",
        "path": httpx.URL("http://h" + path if path.startswith("/") else "http://h/").path, "raw_path": raw,
        "query_string": query.encode(), "root_path": "", "headers": _with_length(made), "server": ("h", 80),
        "client": ("127.0.0.1", 9), "state": {},
    }  # fmt: skip
    pieces, status, started = [made.body], [], asyncio.Event()

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(), "more_body": False}
        await started.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            status.append(message["status"])
            started.set()

    await asyncio.wait_for(app(scope, receive, send), PATIENCE)
    return status[0]


def _with_length(made: Shot) -> list[tuple[bytes, bytes]]:
    named = {name.lower() for name, _ in made.headers}
    length = [] if b"content-length" in named or not made.body else [(b"content-length", b"%d" % len(made.body))]
    host = [] if b"host" in named else [(b"host", b"h")]
    return [*host, *((name.lower(), value) for name, value in made.headers), *length]


async def hammer(
    app: Starlette, bodies: Mapping[str, Sequence[Mapping[str, object]]], values: Mapping[str, Sequence[str]],
    proofs: Callable[[int], Any], requests: int, together: int,
) -> Counter[int]:  # fmt: skip
    answers, where = Counter[int](), places(app, bodies)
    progress = Progress("requests", requests, least=5_000)

    async def one(seed: int, proof: Sequence[Mapping[str, str]]) -> None:
        made = shot(where, values, proof, seed)
        try:
            status = await ask(app, made)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {made.method} {made.path[:200]}: {error!r}") from error
        assert status < 500, f"seed {seed}: {made.method} {made.path[:200]} {made.headers} {made.body[:300]!r}"
        answers[status] += 1

    for first in range(0, requests, together):
        proof = await proofs(first)
        await asyncio.gather(*(one(seed, proof) for seed in range(first, min(requests, first + together))))
        progress.at(answers.total())
    return answers


def chat(folder: Path, requests: int) -> None:
    """The citizens' side."""

    async def run(core: Core) -> Counter[int]:
        app = create_app(build(core, engine=Interview(), pushes={}))
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://h") as client:

            async def proofs(first: int) -> list[dict[str, str]]:
                tokens = [(await client.post("/chat/api/sessions")).json()["session"] for _ in range(3)]
                return [{"Authorization": f"Bearer {token}"} for token in tokens]

            return await hammer(
                app, CHAT, {"file": ["chat.js", "x"], "name": ["0" * 32 + ".jpg"]}, proofs, requests, 20
            )

    with core_in(
        folder, LACHAN_TELEGRAM_TOKEN="1:x", LACHAN_TELEGRAM_WEBHOOK_SECRET="geheim", LACHAN_ZALO_APP_ID="7"
    ) as core:
        answers = asyncio.run(run(core))
    print(f"\n{answers.total()} mutated requests of citizens: {dict(sorted(answers.items()))}")
    assert answers.total() == requests
    assert answers[200] > requests // 10, "enough of them get somewhere"


def console(folder: Path, requests: int) -> None:
    """The officers' side, by strangers and by officers with their cookies and forms."""
    forms: dict[str, list[Mapping[str, object]]] = {path: [dict(form)] for path, form in FORMS.items()}
    forms |= {
        "/campaigns": [dict(CAMPAIGN)],
        "/campaigns/look": [dict(CAMPAIGN)],
        "/sign-in": [{"login": "anphu", "password": "x", "code": "000000"}],
    }

    async def run(core: Core) -> Counter[int]:
        desk = Desk(core)
        tips = [desk.tip()[1] for _ in range(3)]
        values = {
            "id": [*tips, "ca.31.10645", "1"],
            "kit": ["ngay_30_7"],
            "name": ["console.css"],
            "file": ["console.css"],
        }

        async def proofs(first: int) -> list[dict[str, str]]:
            found = []
            for login in ("anphu", "haiphong", "trungtam", "quantri"):
                client = await desk.signed_in(login)
                cookie = "; ".join(f"{key}={value}" for key, value in client.cookies.items())
                found.append({"Cookie": cookie, "X-CSRF": await csrf(client, "/me")})
            for form in (form for several in forms.values() for form in several):
                form["csrf"] = found[first % 4]["X-CSRF"]  # type: ignore[index]  # right for one of the four
            return found

        return await hammer(desk.app, forms, values, proofs, requests, 100)

    with core_in(folder) as core:
        answers = asyncio.run(run(core))
    print(f"\n{answers.total()} mutated requests to the console: {dict(sorted(answers.items()))}")
    assert answers.total() == requests
    assert answers[200] + answers[303] > requests // 20, "enough of them get somewhere"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.routes.sign_in.ANSWER_SECONDS", 0.0)


def test_six_hundred_requests_of_citizens(tmp_path: Path):
    chat(tmp_path, 600)


def test_four_hundred_requests_to_the_console(tmp_path: Path, quick: None):
    console(tmp_path, 400)


def test_a_form_token_of_foreign_letters_is_only_wrong(core: Core, quick: None):
    async def story() -> None:
        client = await Desk(core).signed_in("anphu")
        for token in ("ước", "\ud800".encode("utf-8", "replace").decode(), ""):
            assert (await client.post("/sign-out", data={"csrf": token})).status_code in {403, 404}

    asyncio.run(story())


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_twelve_thousand_requests_of_citizens(tmp_path: Path):
    chat(tmp_path, 12_000)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_eight_thousand_requests_to_the_console(tmp_path: Path, quick: None):
    console(tmp_path, 8_000)
