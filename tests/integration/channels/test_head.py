"""A HEAD is answered at once, without a body, and leaves the connection to the next request: on every GET route there is."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.app import Core
from bot.console.asgi import create_app as console_app
from bot.gateway.asgi import build, create_app
from tests.integration.channels.test_web_stream import IdleEngine
from tests.support import live, nginx
from tests.support.product import Citizen

PATIENCE = 25.0  # seconds without an answer after which a connection counts as spoiled; a spoiled one hangs for sixty
FILLED = {"name": "widget.js", "id": "x", "token": "t" * 43, "path": "x", "file": "x", "code": "x"}


def readable(app: Starlette) -> list[str]:
    """Every path of `app` that can be got, with its parameters filled."""
    found = []
    for route in app.routes:
        if isinstance(route, Mount):
            found.append(f"{route.path}/console.css")
        elif isinstance(route, Route) and "GET" in route.methods:
            found.append(str(route.path_format).format_map(_Filled(FILLED)))
    return sorted(set(found))


class _Filled(dict):
    def __missing__(self, name: str) -> str:
        return "x"


def walk(address: str, paths: list[str], headers: dict[str, str]) -> None:
    """HEAD each path, and get another one on the same connection."""
    for path in paths:
        line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        try:
            for _ in range(2):
                line.request("HEAD", path, headers=headers)
                answer = line.getresponse()
                assert answer.read() == b"", path
                assert answer.status < 600, path
                line.request("GET", "/healthz", headers=headers)
                after = line.getresponse()
                assert (after.status, after.read()) == (200, b'{"ok":true}'), path
        except TimeoutError:
            pytest.fail(f"a HEAD of {path} spoils the connection")
        finally:
            line.close()


def test_every_route_of_the_gateway_answers_a_head_and_frees_the_connection(core: Core):
    app = create_app(build(core, engine=IdleEngine()))
    paths = readable(app)
    assert "/chat/api/events" in paths
    with live.served(app) as url:
        token = httpx.post(f"{url}/chat/api/sessions").json()["session"]
        walk(url, paths, {"Authorization": f"Bearer {token}"})


def test_every_route_of_the_console_answers_a_head_and_frees_the_connection(core: Core):
    app = console_app(core)
    with live.served(app) as url:
        walk(url, readable(app), {})


def test_nobody_waits_behind_somebody_elses_head_when_nginx_stands_in_front(core: Core, tmp_path: Path):
    """nginx takes the answer to a HEAD for complete with its headers and gives the connection to the next person."""
    with (
        live.served(create_app(build(core, engine=IdleEngine()))) as gateway,
        nginx.proxied(tmp_path, gateway) as front,
    ):
        host = {"Host": nginx.PUBLIC}
        with httpx.Client(base_url=front, headers=host, timeout=PATIENCE) as stranger:
            token = stranger.post("/chat/api/sessions").json()["session"]
            auth = {"Authorization": f"Bearer {token}"}
            for _ in range(20):
                assert stranger.head("/chat/api/events", headers=auth).status_code == 405
        walk_through(front, host | auth, ["/", "/chat/api/messages", "/healthz"])


def test_the_gateway_alone_keeps_a_proxys_pool_whole(core: Core, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The same behind an nginx whose own refusal is taken out: an operator's proxy may be another one."""
    real = nginx.configured

    def without_refusal(*args: object) -> str:
        return real(*args).replace("if ($request_method != GET) { return 405; }", "")

    monkeypatch.setattr(nginx, "configured", without_refusal)
    with (
        live.served(create_app(build(core, engine=IdleEngine()))) as gateway,
        nginx.proxied(tmp_path, gateway) as front,
    ):
        host = {"Host": nginx.PUBLIC}
        with httpx.Client(base_url=front, headers=host, timeout=PATIENCE) as stranger:
            token = stranger.post("/chat/api/sessions").json()["session"]
            auth = {"Authorization": f"Bearer {token}"}
            for _ in range(20):
                assert stranger.head("/chat/api/events", headers=auth).status_code == 200
        walk_through(front, host | auth, ["/", "/chat/api/messages", "/healthz"])


def walk_through(front: str, headers: dict[str, str], paths: list[str]) -> None:
    for path in paths * 4:
        assert httpx.get(f"{front}{path}", headers=headers, timeout=PATIENCE).status_code == 200, path


def test_a_stream_that_is_really_read_still_streams(core: Core):
    with live.served(create_app(build(core, engine=IdleEngine()))) as url:
        auth = Citizen(url).auth
        with httpx.stream("GET", f"{url}/chat/api/events", headers=auth, timeout=PATIENCE) as answer:
            assert next(answer.iter_lines()) == ": ok"
