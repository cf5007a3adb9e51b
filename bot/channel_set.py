"""The push channels that are configured. A channel without its token is off, and `lachan check` says so."""

from __future__ import annotations

from datetime import datetime

import httpx

from bot.app import Core
from bot.channels.base import PushChannel
from bot.channels.http_calls import new_client
from bot.channels.telegram.client import Telegram
from bot.channels.telegram.words import load_words
from bot.channels.zalo_bot.client import ZaloBot
from bot.channels.zalo_oa.client import ButtonMemory, ZaloOA
from bot.channels.zalo_oa.limits import VIETNAM
from bot.channels.zalo_oa.tokens import Tokens
from bot.core.messages import Channel
from bot.services.messaging import outbox
from bot.settings import ZaloOASettings


def push_channels(core: Core, transport: httpx.AsyncBaseTransport | None = None) -> dict[Channel, PushChannel]:
    """Clients of the channels with a token. Nothing connects here. `transport` replaces the network in tests."""
    settings = core.settings
    found: dict[Channel, PushChannel] = {}
    pictures = settings.content_dir / "pictures"
    if settings.telegram.token:
        found[Channel.TELEGRAM] = Telegram(settings.telegram, pictures, load_words(settings.content_dir), transport)
    if settings.zalo_oa.app_id:
        found[Channel.ZALO_OA] = zalo_oa(core, transport)
    if settings.zalo_bot.token:
        found[Channel.ZALO_BOT] = zalo_bot(core, transport)
    return found


def zalo_oa(core: Core, transport: httpx.AsyncBaseTransport | None = None) -> ZaloOA:
    """The Official Account's client."""
    http, settings = new_client(transport), core.settings.zalo_oa
    tokens = Tokens(core.db, core.vault, settings, http, core.now)
    mark = buttons_mark(settings)

    async def refused() -> bool:
        return await core.db.read(lambda s: outbox.is_marked(s, mark))

    async def note() -> None:
        await core.db.run(lambda s: outbox.mark(s, mark))

    memory = ButtonMemory(refused, note)
    return ZaloOA(settings, tokens, http, core.settings.content_dir / "pictures", core.now, memory)


def buttons_mark(settings: ZaloOASettings) -> str:
    """The mark that Zalo refused buttons of the shape that is set; another shape is tried anew."""
    return f"buttons:zalo_oa:{settings.template_type[:30]}"


def zalo_bot(core: Core, transport: httpx.AsyncBaseTransport | None = None) -> ZaloBot:
    """The Zalo bot's client, counting its messages of the month."""

    async def quota(most: int) -> bool:
        month = datetime.fromtimestamp(core.now(), VIETNAM).strftime("%Y-%m")
        return await core.db.run(lambda s: outbox.count_month(s, Channel.ZALO_BOT, month, most))

    return ZaloBot(core.settings.zalo_bot, new_client(transport), core.settings.public_url, quota, core.now)
