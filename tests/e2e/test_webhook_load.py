"""A thousand webhooks a second, three copies of each, out of order: all answered, every message in one turn."""

from __future__ import annotations

import asyncio
import json
import random
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.channels.zalo_oa.verify import HEADER, signature
from tests.support.live import wait_for
from tests.support.product import product
from tests.support.webhook_load import post_all

APP_ID, SECRET = "360846524940903967", "load-oa-secret"
RATE, COPIES, PEOPLE = 1_000, 3, 300


def deliveries(seconds: int) -> tuple[list[tuple[bytes, dict[str, str]]], int]:
    """Signed events in the order they are posted, and how many messages they are."""
    rng, count = random.Random(7), RATE * seconds // COPIES
    planned: list[tuple[float, int]] = []
    for number in range(count):
        planned += [(number + rng.uniform(0, count / 5), number) for _ in range(COPIES)]
    planned.sort()
    made = [event(number) for number in range(count)]
    return [made[number] for _, number in planned], count


def event(number: int) -> tuple[bytes, dict[str, str]]:
    stamp = str(1_543_908_534_740 + number)
    body = {
        "app_id": APP_ID, "sender": {"id": f"load-{number % PEOPLE}"}, "recipient": {"id": "1"},
        "event_name": "user_send_text", "message": {"text": f"cảm ơn lần {number}", "msg_id": f"load-{number}"},
        "timestamp": stamp,
    }  # fmt: skip
    raw = json.dumps(body, ensure_ascii=False).encode()
    return raw, {HEADER: f"mac={signature(raw, APP_ID, stamp, SECRET)}"}


def storm(folder: Path, seconds: int, patience: float) -> None:
    """Post for `seconds`; then wait up to `patience` seconds for all turns. How quick it was is printed, not judged."""
    posts, count = deliveries(seconds)
    more = {"LACHAN_ZALO_APP_ID": APP_ID, "LACHAN_ZALO_OA_SECRET": SECRET, "LACHAN_ENGINE_WORKERS": "2"}
    with product(folder, "gateway", **more) as running:
        result = asyncio.run(post_all(f"{running.url}/webhooks/zalo-oa", posts, RATE))
        print(
            f"\n{len(posts)} webhooks at {RATE}/s: slowest {max(result.seconds):.2f} s, 99% {result.slowest(0.99):.2f} s, "
            f"half {result.slowest(0.5) * 1000:.0f} ms; posted at most {result.behind:.2f} s late"
        )
        assert result.statuses == [200] * len(posts)
        engine = create_engine(f"sqlite:///{folder / 'data' / 'lachan.db'}")

        def number(query: str) -> int:
            with engine.connect() as connection:
                return connection.execute(text(query)).scalar_one()

        wait_for(lambda: number("SELECT count(*) FROM inbox WHERE status != 'done'") == 0, patience)
        assert number("SELECT count(*) FROM inbox") == count
        # Every message was answered by one turn, alone or with others: its first bubble exists once, under the key of the first.
        turns = number("SELECT count(*) FROM inbox WHERE with_id IN (0, id)")
        assert (
            number(
                "SELECT count(*) FROM inbox WHERE with_id NOT IN (SELECT id FROM inbox WHERE with_id = id) AND with_id"
            )
            == 0
        )
        assert number("SELECT count(DISTINCT inbox_id) FROM outbox") == turns
        assert number("SELECT count(*) FROM outbox WHERE dedupe LIKE 'in%\\:0' AND dedupe NOT LIKE '%f\\:%'") == turns
        engine.dispose()


def test_a_thousand_webhooks_a_second_for_two_seconds(tmp_path: Path):
    storm(tmp_path, 2, 250)


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_a_thousand_webhooks_a_second_for_ten_seconds(tmp_path: Path):
    storm(tmp_path, 10, 600)
