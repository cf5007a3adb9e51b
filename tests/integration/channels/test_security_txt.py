"""Where somebody who found a hole may tell it: the file of RFC 9116, and the line of `lachan check` while there is none."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.app import Core
from bot.checks import installation
from bot.core.errors import ConfigError
from bot.gateway.asgi import build, create_app
from tests.support.channel_runner import NoEngine
from tests.support.world import core_in, settings_in

PATH = "/.well-known/security.txt"


def get(core: Core) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app=create_app(build(core, engine=NoEngine(), pushes={})))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.get(PATH)

    return asyncio.run(ask())


def said_by_check(core: Core) -> str:
    return next(line.words for line in installation.local(core) if line.subject == "Nơi nhận báo lỗ hổng")


def test_without_a_contact_there_is_none_and_check_says_so(tmp_path: Path) -> None:
    with core_in(tmp_path) as core:
        assert get(core).status_code == 404
        assert "LACHAN_SECURITY_CONTACT" in said_by_check(core)


def test_the_file_of_an_installation(tmp_path: Path) -> None:
    contacts = "mailto:baomat@example.vn, https://example.vn/bao-mat"
    more = {"LACHAN_SECURITY_CONTACT": contacts, "LACHAN_PUBLIC_URL": "https://lachan.example.vn"}
    with core_in(tmp_path, **more) as core:
        answer = get(core)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        fields = [line.split(": ", 1) for line in answer.text.splitlines()]
        assert [value for name, value in fields if name == "Contact"] == [part.strip() for part in contacts.split(",")]
        rest = dict(fields)
        assert rest["Preferred-Languages"] == "vi, en"
        assert rest["Canonical"] == f"https://lachan.example.vn{PATH}"
        until = datetime.strptime(rest["Expires"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
        assert core.now() < until < core.now() + 365 * 86_400, "RFC 9116: less than a year ahead"
        assert "LACHAN_SECURITY_CONTACT" not in said_by_check(core)


@pytest.mark.parametrize(
    "wrong", ["baomat@example.vn", "http://example.vn", "mailto:a@b.vn\nX-Injected: 1", "https://a b"]
)
def test_what_is_no_address_is_refused_at_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigError, match="LACHAN_SECURITY_CONTACT"):
        settings_in(tmp_path, LACHAN_SECURITY_CONTACT=wrong)
