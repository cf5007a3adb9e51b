"""A picture is uploaded to Telegram once; and no second holds more messages than it allows."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from bot.channels.telegram.client import Telegram
from bot.channels.telegram.compose import Part
from bot.channels.telegram.limits import pace_of
from bot.channels.telegram.words import load_words
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Choice
from bot.core.sending import Address
from bot.settings import ROOT, TelegramSettings

PICTURE = "30_7_day.png"
SENT = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}
KEPT = SENT | {"photo": [{"file_id": "kept", "file_unique_id": "k", "width": 1, "height": 1}]}
FORGOTTEN = {"ok": False, "error_code": 400, "description": "Bad Request: wrong file identifier/HTTP URL specified"}
REFUSED = {"ok": False, "error_code": 400, "description": "Bad Request: message caption is too long"}


def send(answers: list[dict], times: int, part: Part) -> list[bool]:
    """Send the part so often. Returns for each call whether the picture's bytes went with it."""
    uploads: list[bool] = []

    def answer(request: httpx.Request) -> httpx.Response:
        uploads.append(b"\x89PNG" in request.content)
        found = answers.pop(0)
        return httpx.Response(found.get("error_code", 200), json=found)

    async def work() -> None:
        settings = TelegramSettings(token="1:x")
        channel = Telegram(
            settings, ROOT / "content/pictures", load_words(ROOT / "content"), httpx.MockTransport(answer)
        )
        try:
            for _ in range(times):
                await channel.send(Address("7"), part)
        finally:
            await channel.close()

    asyncio.run(work())
    return uploads


def test_a_picture_is_uploaded_once():
    assert send([{"ok": True, "result": KEPT}] * 3, 3, Part("Lưu số 111", (), PICTURE)) == [True, False, False]


def test_a_picture_that_telegram_forgot_is_uploaded_again():
    kept = {"ok": True, "result": KEPT}
    assert send([kept, FORGOTTEN, kept, kept], 3, Part("x", (), PICTURE)) == [True, False, True, False]


def test_another_refusal_is_not_taken_for_a_forgotten_picture():
    answers = [{"ok": True, "result": KEPT}, REFUSED, {"ok": True, "result": SENT}]
    assert send(answers, 2, Part("x", (), PICTURE)) == [True, False, False], "the words alone, no second upload"


CALL = (Choice("do:urgent_tip", "Báo khẩn"),)
TOO_LARGE = {"ok": False, "error_code": 413, "description": "Request Entity Too Large"}
RESTART = {"ok": False, "error_code": 500, "description": "Internal Server Error: restart"}
TROUBLE = {
    "400 IMAGE_PROCESS_FAILED": (400, json.dumps(REFUSED | {"description": "Bad Request: IMAGE_PROCESS_FAILED"}).encode()),
    "400 HTML": (400, b"<html>"), "413 HTML": (413, b"<html>413</html>"), "413 JSON": (413, json.dumps(TOO_LARGE).encode()),
    "415": (415, b""), "500 JSON": (500, json.dumps(RESTART).encode()), "502": (502, b"<html>502 Bad Gateway</html>"),
    "504": (504, b"<html>"), "200 of a proxy": (200, b"<html>"), "time-out": httpx.ReadTimeout(""),
    "cut": httpx.RemoteProtocolError("Server disconnected"),
}  # fmt: skip


def asked_of(answers: list[Any], part: Part) -> list[tuple[str, dict[str, str]]]:
    """The calls that sending a part makes; `answers` are (status, body) or what is raised."""
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        kind = request.headers["content-type"]
        fields = dict(httpx.QueryParams(request.content.decode())) if "urlencoded" in kind else {}
        asked.append((request.url.path.rsplit("/", 1)[-1], fields))
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return httpx.Response(found[0], content=found[1])

    async def work() -> None:
        settings = TelegramSettings(token="1:x")
        words, pictures = load_words(ROOT / "content"), ROOT / "content/pictures"
        channel = Telegram(settings, pictures, words, httpx.MockTransport(answer))
        try:
            await channel.send(Address("7"), part)
        finally:
            await channel.close()

    asyncio.run(work())
    assert not answers
    return asked


OK = (200, json.dumps({"ok": True, "result": SENT}).encode())


@pytest.mark.parametrize("name", TROUBLE)
def test_a_refused_picture_never_takes_the_words_and_their_buttons(name):
    asked = asked_of([TROUBLE[name], OK], Part("Gọi 113 ngay", CALL, PICTURE))
    assert [method for method, _ in asked] == ["sendPhoto", "sendMessage"]
    assert asked[1][1]["text"] == "Gọi 113 ngay"
    assert "do:urgent_tip" in asked[1][1]["reply_markup"]


@pytest.mark.parametrize("name", TROUBLE)
def test_an_ornament_is_left_out(name):
    assert len(asked_of([TROUBLE[name]], Part("Ảnh thẻ", (), PICTURE, ornament=True))) == 1


@pytest.mark.parametrize("name", TROUBLE)
def test_a_campaign_is_not_doubled_for_its_picture(name):
    part = Part("Ngày 30/7", (), PICTURE, once=True)
    if name.startswith("4"):
        assert len(asked_of([TROUBLE[name], OK], part)) == 2, "surely refused"
        return
    with pytest.raises(SendError) as lost:
        asked_of([TROUBLE[name]], part)
    assert lost.value.policy is SendPolicy.UNKNOWN


FORBIDDEN = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}
FLOOD = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 3}}
GONE = {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"}


@pytest.mark.parametrize(
    ("status", "body", "policy"),
    [(403, FORBIDDEN, SendPolicy.STOP), (429, FLOOD, SendPolicy.RETRY), (401, FORBIDDEN, SendPolicy.ALERT),
     (400, GONE, SendPolicy.STOP)],
)  # fmt: skip
def test_what_concerns_the_words_too_is_said_at_once(status, body, policy):
    with pytest.raises(SendError) as refused:
        asked_of([(status, json.dumps(body).encode())], Part("x", CALL, PICTURE))
    assert refused.value.policy is policy


def test_words_go_without_a_picture_that_is_not_there():
    assert send([{"ok": True, "result": SENT}], 1, Part("Lưu số 111", (), "none.png")) == [False]


@pytest.mark.parametrize("limit", [1.0, 30.0, 1_000.0])
def test_rate_and_burst_together_stay_within_the_limit(limit):
    pace = pace_of(limit)
    assert pace.per_second + pace.burst <= max(limit, 2.0)
    assert pace.per_second >= 0.95 * limit
