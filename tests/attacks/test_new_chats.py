"""A stranger who opens conversations without end is slowed down; nobody else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import Core
from bot.core.lines import Callers, LineLimit, RateLimit, line_of
from bot.gateway.asgi import build, create_app
from tests.attacks.test_slow_clients import CITIZEN, EVERYBODY_ELSE, STRANGER, browser
from tests.integration.channels.test_web_stream import IdleEngine
from tests.support import live, nginx
from tests.support.world import core_in


def opened(url: str, address: str, count: int, **headers: str) -> list[int]:
    """The answers to so many new conversations, up to the first that is refused."""
    found: list[int] = []
    with browser(url, address, **headers) as client:
        while len(found) < count and 429 not in found:
            found.append(client.post("/chat/api/sessions").status_code)
    return found


def test_without_a_proxy_each_line_has_its_own_limit(tmp_path: Path):
    with (
        core_in(tmp_path, LACHAN_PROXIES=",".join(EVERYBODY_ELSE)) as core,
        live.served(create_app(build(core, engine=IdleEngine(), pushes={})), proxies=EVERYBODY_ELSE) as url,
    ):
        assert 429 in opened(url, STRANGER, 400)
        assert set(opened(url, CITIZEN, 20)) == {200}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2a01:4f8:1:2::1", "2a01:4f8:1:2:ffff:ffff:ffff:ffff", True), ("2a01:4f8:1:2::1", "2a01:4f8:1:3::1", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True), ("203.0.113.7", "203.0.113.8", False),
    ],
)  # fmt: skip
def test_a_line_of_ipv6_is_its_first_64_bits(one: str, other: str, same: bool):
    assert (line_of(one) == line_of(other)) is same


def test_another_address_of_the_same_line_is_no_new_line():
    limit = LineLimit(Callers(("10.0.0.0/8",)), RateLimit(60, 0.0))
    allowed = [limit.allow(f"2a01:4f8:1:2::{number:x}") for number in range(100)]
    assert allowed == [True] * 60 + [False] * 40
    assert limit.allow("2a01:4f8:1:3::1")
    assert not any("2a01" in str(key) for key in limit._limit._buckets), "no address is kept"


@pytest.mark.parametrize("proxy", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "::ffff:127.0.0.1", "fd00::5", ""])
def test_what_stands_for_many_is_never_counted_as_one(proxy: str):
    limit = LineLimit(Callers(), RateLimit(1, 0.0))
    assert all(limit.allow(proxy) for _ in range(1_000))


def test_a_named_proxy_with_a_public_address_is_not_counted_either():
    callers = Callers(("8.8.8.0/24",))
    assert callers.line("8.8.8.9") == ""
    assert callers.line("127.0.0.1") == "127.0.0.1", "once proxies are named, only they are"


def test_behind_nginx_each_line_has_its_own_limit_and_there_is_none_for_all(core: Core, tmp_path: Path):
    host = {"Host": nginx.PUBLIC}
    app = create_app(build(core, engine=IdleEngine(), pushes={}))
    with live.served(app) as gateway, nginx.proxied(tmp_path, gateway) as front:
        assert 429 in opened(front, STRANGER, 400, **host)
        assert set(opened(front, CITIZEN, 20, **host)) == {200}
