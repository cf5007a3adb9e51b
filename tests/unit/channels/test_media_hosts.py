"""Where files may be fetched from: the vendor's hosts with all below them, and nothing that only looks like them."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.channels.download import allowed, download
from bot.core.errors import InvalidInput
from bot.settings import ZaloBotSettings, ZaloOASettings

HOSTS = ZaloOASettings().media_hosts
SEEN = (
    "https://f141-zvc.dlmd.me/9b07c0f8bbbf57e10eae/7625487327728053874", "https://video-stal-7.dlmd.me/a",
    "https://file-stal-13.dlfl.vn/a", "https://x9.flchat.vn/a?token=1", "https://zalo-file-dl1.zdn.vn/f",
    "https://f1.photo.talk.zdn.vn/a.jpg", "https://DLMD.me/a", "http://f1.dlfl.vn/a",
)  # fmt: skip
FALSE_FRIENDS = (
    "https://evildlmd.me/a", "https://dlmd.me.evil.example/a", "https://dlmd.me@evil.example/a", "https://dlfl.vn:8443/a",
    "https://127.0.0.1/a", "https://flchat.vn\\@evil.example/a", "ftp://dlmd.me/a", "https://xn--dlmd-x1a.me/a",
    "https://169.254.169.254/latest", "file:///etc/passwd",
)  # fmt: skip


def test_bots_and_accounts_fetch_from_the_same_hosts():
    assert ZaloBotSettings().media_hosts == HOSTS


@pytest.mark.parametrize("url", SEEN)
def test_hosts_seen_in_zalos_traffic_are_allowed(url):
    assert allowed(url, HOSTS).startswith("https://")


@pytest.mark.parametrize("url", FALSE_FRIENDS)
def test_what_only_looks_like_them_is_not(url):
    with pytest.raises(InvalidInput):
        allowed(url, HOSTS)


def fetch(leads_to: str) -> tuple[bytes, list[str]]:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if request.url.host.endswith("dlfl.vn"):
            return httpx.Response(302, headers={"location": leads_to})
        return httpx.Response(200, content=b"bytes")

    async def run() -> bytes:
        async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as client:
            return await download(client, "https://file-stal-13.dlfl.vn/a.pdf", HOSTS)

    return asyncio.run(run()), asked


@pytest.mark.parametrize("to", ["https://s2.flchat.vn/a", "https://file-1.dlmd.me/a", "//x.zdn.vn/a"])
def test_documents_are_followed_where_they_lead(to):
    assert fetch(to)[0] == b"bytes"


def test_a_redirect_elsewhere_is_refused_and_its_host_named(caplog):
    with caplog.at_level("WARNING"), pytest.raises(InvalidInput):
        fetch("https://storage-9.newcdn.example/secret/path?token=abc")
    (record,) = [record for record in caplog.records if record.message == "file_host_refused"]
    assert record.host == "storage-9.newcdn.example"
    assert "secret" not in str(vars(record))
