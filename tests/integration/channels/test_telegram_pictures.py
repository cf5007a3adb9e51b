"""A picture is uploaded to Telegram once; and no second holds more messages than it allows."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.channels.telegram.client import Telegram
from bot.channels.telegram.compose import Part
from bot.channels.telegram.limits import pace_of
from bot.channels.telegram.words import load_words
from bot.core.errors import SendError, SendPolicy
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
    with pytest.raises(SendError) as refused:
        send([{"ok": True, "result": KEPT}, REFUSED], 2, Part("x", (), PICTURE))
    assert (refused.value.policy, refused.value.code) == (SendPolicy.FIX, "400")


def test_words_go_without_a_picture_that_is_not_there():
    assert send([{"ok": True, "result": SENT}], 1, Part("Lưu số 111", (), "none.png")) == [False]


@pytest.mark.parametrize("limit", [1.0, 30.0, 1_000.0])
def test_rate_and_burst_together_stay_within_the_limit(limit):
    pace = pace_of(limit)
    assert pace.per_second + pace.burst <= max(limit, 2.0)
    assert pace.per_second >= 0.95 * limit
