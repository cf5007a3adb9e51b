"""Genuine deliveries of Zalo in the wrong hands: posted again after days, or meant for another account."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import delete

from bot.gateway.asgi import build, create_app
from bot.storage.tables import Inbox
from tests.integration.channels.conftest import OA_ID
from tests.integration.channels.test_zalo_oa import MANAGEMENT, PATH, event, sign
from tests.support.channel_runner import NoEngine, inbox_of

NOW = 1_796_000_000.0
HOUR, DAY = 3_600.0, 86_400.0


class Gateway:
    """A gateway that hears only Zalo; made anew it is another process on the same database."""

    def __init__(self, core: Any) -> None:
        self.core = core
        self.app = create_app(build(core, engine=NoEngine()))

    def hears(self, *bodies: dict[str, Any]) -> list[str]:
        """What lies in the inbox after these deliveries: the texts."""

        async def run() -> None:
            transport = httpx.ASGITransport(app=self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
                for body in bodies:
                    raw = json.dumps(body, ensure_ascii=False).encode()
                    assert (await client.post(PATH, content=raw, headers=sign(raw))).status_code == 200

        asyncio.run(run())
        return [message.text for message in inbox_of(self.core)]


def said(text: str, at: float) -> dict[str, Any]:
    return event(message={"text": text, "msg_id": f"m-{text}"}, timestamp=str(int(at * 1000)))


def forget_ids(core: Any) -> None:
    """What happens after two days."""
    with core.db.transaction() as session:
        session.execute(delete(Inbox))


@pytest.fixture
def at_noon(on) -> Callable[[float], None]:
    moment = [NOW]
    on.now = lambda: moment[0]
    return lambda now: moment.__setitem__(0, now)


def test_a_delivery_posted_again_after_days_is_not_heard(on, at_noon):
    gateway, caught = Gateway(on), said("bắt được", NOW)
    assert gateway.hears(caught) == ["bắt được"]
    at_noon(NOW + 3 * DAY)
    assert gateway.hears(said("người khác", NOW + 3 * DAY)) == ["bắt được", "người khác"]
    forget_ids(on)
    assert gateway.hears(caught) == []
    assert Gateway(on).hears(caught) == [], "nor by another process"
    assert gateway.hears(said("cứu em", NOW + 3 * DAY + 5)) == ["cứu em"]


def test_what_zalo_repeats_for_hours_is_heard(on, at_noon):
    gateway = Gateway(on)
    assert gateway.hears(said("mới", NOW), said("gửi lại", NOW - 2 * HOUR)) == ["mới", "gửi lại"]


@pytest.mark.parametrize("wrong", [-400 * DAY, -3 * DAY, 3 * DAY, 400 * DAY])
def test_a_wrong_clock_of_ours_shuts_nobody_out(on, at_noon, wrong: float):
    at_noon(NOW + wrong)
    assert Gateway(on).hears(said("một", NOW), said("hai", NOW + 60)) == ["một", "hai"]
    at_noon(NOW + 120)
    assert Gateway(on).hears(said("ba", NOW + 120)) == ["một", "hai", "ba"]


def test_a_moment_far_ahead_shuts_nobody_out(on, at_noon):
    gateway = Gateway(on)
    assert gateway.hears(said("lạ", NOW + 4_000 * DAY), said("thường", NOW + 1)) == ["lạ", "thường"]


@pytest.mark.parametrize(
    ("body", "heard"),
    [
        (event(recipient={"id": "999999999999"}), False),
        (event("anonymous_send_text", recipient={"id": "999999999999"}), False),
        (MANAGEMENT | {"event_name": "follow", "oa_id": "999999999999"}, False),
        (MANAGEMENT | {"event_name": "user_withdraw", "oa_id": "999999999999"}, False),
        (event("oa_send_text", sender={"id": "999999999999", "admin_id": "7"}, recipient={"id": "12345"}), False),
        (event("oa_send_text", sender={"id": OA_ID, "admin_id": "7"}, recipient={"id": "12345"}), True),
        (event("oa_send_text", sender={"id": "12345", "admin_id": "7"}, recipient={"id": OA_ID}), True),
        (event(), True), (event(recipient=None), True), (event(recipient={"id": int(OA_ID)}), True),
        (MANAGEMENT | {"event_name": "follow"}, True),
    ],
)  # fmt: skip
def test_events_of_another_account_are_not_heard(on, body: dict[str, Any], heard: bool):
    assert bool(Gateway(on).hears(body)) is heard


def test_they_are_counted_by_kind_and_logged_without_words(on, at_noon, caplog):
    Gateway(on).hears(said("chuyện riêng", NOW) | {"recipient": {"id": "999999999999"}})
    (record,) = [record for record in caplog.records if record.msg == "event_passed_over"]
    assert (record.channel, record.code) == ("zalo_oa", "other_account")
    assert "chuyện riêng" not in caplog.text
