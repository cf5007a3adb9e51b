"""A ready-made campaign as an article of the Official Account."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import date

import httpx
import pytest

from bot.channel_set import zalo_oa
from bot.channels.zalo_oa import article
from bot.content.kits import read_kits
from bot.core.errors import SendError
from bot.core.messages import Channel
from bot.services.messaging import channel_tokens
from tests.support.world import core_in


@pytest.fixture
def core(tmp_path):
    with core_in(tmp_path, LACHAN_ZALO_APP_ID="1", LACHAN_ZALO_APP_SECRET="app-secret-of-a-test") as core:
        with core.db.transaction() as session:
            channel_tokens.enter(session, core.vault, Channel.ZALO_OA, "access", "refresh", core.now(), 90_000)
        yield core


def make(core, answers: list[dict]) -> tuple[str, list[tuple[str, dict]]]:
    """Create an article against these answers. Returns its id and the calls."""
    calls: list[tuple[str, dict]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        calls.append((request.url.path, json.loads(request.content)))
        return httpx.Response(200, json=answers.pop(0))

    async def work() -> str:
        client = zalo_oa(core, httpx.MockTransport(answer))
        try:
            return await client.create_article({"title": "x"}, tries=3, pause=0.0)
        finally:
            await client.close()

    return asyncio.run(work()), calls


CREATED = {"error": 0, "data": {"token": "t1"}}
PROCESSING = {"error": -214, "message": "article is processing"}


def test_it_waits_until_the_article_is_there(core):
    made, calls = make(core, [CREATED, PROCESSING, {"error": 0, "data": {"id": "a1"}}])
    assert made == "a1"
    verify = ("/v2.0/article/verify", {"token": "t1"})
    assert calls == [("/v2.0/article/create", {"title": "x"}), verify, verify]


def test_it_does_not_wait_for_ever(core):
    assert make(core, [CREATED, PROCESSING, PROCESSING, PROCESSING])[0] == ""


def test_a_refusal_is_told(core):
    with pytest.raises(SendError) as refused:
        make(core, [{"error": -223, "message": "quota"}])
    assert refused.value.code == "-223"


@pytest.mark.parametrize("public", ["https://lachan.example/pictures", ""])
def test_every_kit_fits_into_an_article(core, public):
    for kit in read_kits(core.settings.content_dir).values():
        body = article.body(kit, public, "Lá Chắn")
        assert (body["status"], body["comment"]) == ("hide", "hide")
        assert len(body["title"]) <= 150
        assert 0 < len(body["description"]) <= 300
        assert "\n\n".join(part["content"] for part in body["body"]) == kit.texts["vi"]["long"]
        assert body["cover"].get("photo_url", "") == (f"{public}/{kit.picture}" if public else "")


def test_a_long_description_ends_with_a_sentence(core):
    kit = read_kits(core.settings.content_dir)["ngay_30_7"]
    long = replace(kit, texts={"vi": {"short": "Một câu. " * 60, "long": "x"}}, reviewed=date.min)
    assert article.body(long, "", "x")["description"].endswith("câu.")
