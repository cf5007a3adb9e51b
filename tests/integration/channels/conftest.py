"""A product with all channels switched on, on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Core
from bot.core.messages import Channel
from bot.services.messaging import channel_tokens
from tests.support.world import core_in

APP_ID, OA_ID, OA_SECRET = "360846524940903967", "388613280878808645", "test_oa_secret"
SWITCHED_ON = {
    "LACHAN_TELEGRAM_TOKEN": "123456:telegram-token", "LACHAN_TELEGRAM_WEBHOOK_SECRET": "telegram-hook",
    "LACHAN_TELEGRAM_API_BASE": "http://127.0.0.1:9", "LACHAN_ZALO_APP_ID": APP_ID,
    "LACHAN_ZALO_APP_SECRET": "app-key", "LACHAN_ZALO_OA_ID": OA_ID, "LACHAN_ZALO_OA_SECRET": OA_SECRET,
    "LACHAN_ZALO_API_BASE": "http://127.0.0.1:9", "LACHAN_ZALO_OAUTH_BASE": "http://127.0.0.1:9",
    "LACHAN_ZALO_DOMAIN_VERIFIER": "AbC123", "LACHAN_ZALO_BOT_TOKEN": "9876:zalo-bot-token",
    "LACHAN_ZALO_BOT_WEBHOOK_SECRET": "zalo-bot-hook", "LACHAN_ZALO_BOT_API_BASE": "http://127.0.0.1:9",
}  # fmt: skip


@pytest.fixture
def on(tmp_path: Path) -> Iterator[Core]:
    """All channels configured, a fresh Zalo token pair entered."""
    with core_in(tmp_path, **SWITCHED_ON) as core:
        with core.db.transaction() as session:
            channel_tokens.enter(session, core.vault, Channel.ZALO_OA, "access-1", "refresh-1", core.now(), 90_000)
        yield core
