"""Fetching updates instead of being called: for development, where no public address leads here."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.channels.base import PushChannel
from bot.channels.telegram import payload as telegram_payload
from bot.channels.telegram.client import Telegram
from bot.channels.zalo_bot import payload as zalo_payload
from bot.channels.zalo_bot.client import ZaloBot
from bot.core.errors import SendError
from bot.core.messages import Channel, InboundMessage
from bot.gateway.dispatcher import Dispatcher
from bot.gateway.intake import Intake
from bot.gateway.metrics import METRICS
from bot.settings import Settings

log = logging.getLogger(__name__)
REST_SECONDS = 5.0  # after an error
BREATH_SECONDS = 0.2  # after an empty answer, should a server not hold the request


async def poll_telegram(telegram: Telegram, intake: Intake, dispatcher: Dispatcher) -> None:
    """Until cancelled. An update counts as received only when it lies in the inbox."""
    offset: int | None = None
    while True:
        try:
            updates = await telegram.updates(offset)
            heard = [telegram_payload.read(update) for update in updates]
            stored = await intake.accept([message for one in heard for message in one.messages])
        except SendError as error:
            log.warning("poll_failed", extra={"channel": "telegram", "code": error.code})
            await asyncio.sleep(REST_SECONDS)
            continue
        except Exception as error:
            log.error("poll_crashed", extra={"channel": "telegram", "error": type(error).__name__})
            await asyncio.sleep(REST_SECONDS)
            continue
        if not updates:
            await asyncio.sleep(BREATH_SECONDS)
            continue
        numbers = [update["update_id"] for update in updates if isinstance(update, dict) and _is_number(update)]
        offset = max(numbers) + 1 if numbers else offset
        note_unreadable(heard)
        for accepted in stored:
            dispatcher.heard(accepted)
        for one in heard:
            if one.callback:
                await telegram.acknowledge(one.callback)


def _is_number(update: dict[str, Any]) -> bool:
    return isinstance(update.get("update_id"), int) and not isinstance(update["update_id"], bool)


def note_unreadable(heard: Sequence[telegram_payload.Heard]) -> None:
    """Count and log updates that could be read in part or not at all; by kind, never what stood in them."""
    for one in heard:
        if one.unreadable:
            METRICS.unreadable.labels("telegram", one.unreadable).inc()
            log.warning("update_unreadable", extra={"channel": "telegram", "kind": one.unreadable})


async def poll_zalo_bot(bot: ZaloBot, intake: Intake, dispatcher: Dispatcher) -> None:
    """Until cancelled. Zalo forgets an update once it was read: no other is asked for before this one is stored."""
    unstored: list[InboundMessage] = []
    while True:
        try:
            if not unstored:
                update = await bot.updates()
                unstored = zalo_payload.messages(update)
                if update is None:
                    await asyncio.sleep(BREATH_SECONDS)
            stored = await intake.accept(unstored)
        except SendError as error:
            log.warning("poll_failed", extra={"channel": "zalo_bot", "code": error.code})
            await asyncio.sleep(REST_SECONDS)
        except Exception as error:
            log.error("poll_crashed", extra={"channel": "zalo_bot", "error": type(error).__name__})
            await asyncio.sleep(REST_SECONDS)
        else:
            for accepted in stored:
                dispatcher.heard(accepted)
            unstored = []


def pollers(
    settings: Settings, pushes: Mapping[Channel, PushChannel], intake: Intake, dispatcher: Dispatcher
) -> list[asyncio.Task[None]]:
    """Tasks for the channels set to polling."""
    tasks = []
    telegram, bot = pushes.get(Channel.TELEGRAM), pushes.get(Channel.ZALO_BOT)
    if isinstance(telegram, Telegram) and settings.telegram.mode == "polling":
        tasks.append(asyncio.create_task(poll_telegram(telegram, intake, dispatcher)))
    if isinstance(bot, ZaloBot) and settings.zalo_bot.mode == "polling":
        tasks.append(asyncio.create_task(poll_zalo_bot(bot, intake, dispatcher)))
    return tasks
