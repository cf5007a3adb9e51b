"""Where platforms deliver: genuine or refused over the raw bytes, stored, acknowledged; thinking comes later.

A platform that is not configured has no address here (404).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.channels.telegram import payload as telegram_payload
from bot.channels.telegram import verify as telegram_verify
from bot.channels.zalo_bot import payload as zalo_bot_payload
from bot.channels.zalo_bot import verify as zalo_bot_verify
from bot.channels.zalo_oa import payload as zalo_oa_payload
from bot.channels.zalo_oa import verify as zalo_oa_verify
from bot.core.errors import InvalidInput, NotAuthenticated
from bot.core.messages import Channel, InboundMessage
from bot.gateway.metrics import METRICS
from bot.gateway.polling import note_unreadable
from bot.gateway.web_api import read_body
from bot.settings import Settings

log = logging.getLogger(__name__)
MAX_BODY = 256 * 1024  # no genuine event comes near
OK = b"ok"


def routes(settings: Settings) -> list[Route]:
    """Addresses for the platforms that are configured."""
    found = []
    if settings.telegram.token and settings.telegram.mode == "webhook":
        found.append(Route("/webhooks/telegram", telegram, methods=["POST"]))
    if settings.zalo_oa.app_id:
        found.append(Route("/webhooks/zalo-oa", zalo_oa, methods=["POST"]))
        found.append(Route("/webhooks/zalo-oa", probe, methods=["GET"]))
    if settings.zalo_oa.domain_verifier:
        name = settings.zalo_oa.domain_verifier
        found.append(Route(f"/zalo_verifier{name}.html", domain_proof, methods=["GET"]))
    if settings.zalo_bot.token and settings.zalo_bot.mode == "webhook":
        found.append(Route("/webhooks/zalo-bot", zalo_bot, methods=["POST"]))
    return found


async def telegram(request: Request) -> Response:
    """Telegram's updates."""
    parts = request.app.state.parts
    raw = await read_body(request, MAX_BODY)
    telegram_verify.verify(request.headers.get(telegram_verify.HEADER, ""), parts.settings.telegram.webhook_secret)
    heard = telegram_payload.read(_json(raw))
    note_unreadable([heard])
    await _store(parts, heard.messages)
    push = parts.pushes.get(Channel.TELEGRAM)
    if heard.callback and push is not None:
        parts.background(push.acknowledge(heard.callback))
    return _ok()


async def zalo_oa(request: Request) -> Response:
    """An Official Account's events. The console's own test may be empty and unsigned: answered, not processed."""
    parts = request.app.state.parts
    raw = await read_body(request, MAX_BODY)
    if _says_nothing(raw):
        return _ok()
    settings = parts.settings.zalo_oa
    header = request.headers.get(zalo_oa_verify.HEADER, "")
    try:
        body = zalo_oa_verify.verified(raw, header, settings.app_id, settings.oa_secret)
    except NotAuthenticated:
        zalo_oa_verify.explain(raw, header, settings.app_secret, settings.oa_secret, settings.app_id, settings.oa_id)
        raise
    if zalo_oa_payload.is_for_another(body, settings.oa_id):
        return _passed_over("other_account")
    if await parts.replays.seen(zalo_oa_payload.signed_at(body), parts.now()):
        return _passed_over("replayed")
    await _store(parts, zalo_oa_payload.messages(body, settings.oa_id))
    return _ok()


def _passed_over(kind: str) -> Response:
    """Genuine, and not to be heard. Answered as taken: a refusal would be repeated for hours, and end in a switched-off webhook."""
    METRICS.unreadable.labels("zalo_oa", kind).inc()
    log.error("event_passed_over", extra={"channel": "zalo_oa", "code": kind})
    return _ok()


async def zalo_bot(request: Request) -> Response:
    """A Zalo bot's updates. An empty probe is answered, not processed."""
    parts = request.app.state.parts
    raw = await read_body(request, MAX_BODY)
    if _says_nothing(raw):
        return _ok()
    zalo_bot_verify.verify(request.headers.get(zalo_bot_verify.HEADER, ""), parts.settings.zalo_bot.webhook_secret)
    await _store(parts, zalo_bot_payload.messages(_json(raw)))
    return _ok()


async def probe(request: Request) -> Response:
    """Zalo's console looks whether somebody is at home."""
    return _ok()


async def domain_proof(request: Request) -> Response:
    """Proof for Zalo that this domain is ours: the file it asks to be put at the root."""
    name = request.app.state.parts.settings.zalo_oa.domain_verifier
    page = (
        '<!DOCTYPE html><html><head><meta property="zalo-platform-site-verification" '
        f'content="{name}" /></head><body>zalo-platform-site-verification={name}</body></html>'
    )
    return Response(page, media_type="text/html")


async def _store(parts: Any, messages: Sequence[InboundMessage]) -> None:
    """Returns when the messages are safe; raises when they are not, and then the platform delivers again."""
    if messages:
        for accepted in await parts.intake.accept(messages):
            parts.dispatcher.heard(accepted)


def _says_nothing(raw: bytes) -> bool:
    """Nothing at all, or an empty object: Zalo's console asks so, unsigned, whether somebody is at home."""
    return b"".join(raw.split()) in {b"", b"{}"} if len(raw) < 100 else False


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise InvalidInput("bad_request") from None


def _ok() -> Response:
    return PlainTextResponse(OK)


class Background:
    """Small duties whose end nobody waits for, held so that they are not forgotten half-way."""

    def __init__(self, most: int = 200) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._most = most

    def __call__(self, duty: Any) -> None:
        """Run a coroutine that never raises; dropped when too many are under way."""
        if len(self._tasks) >= self._most:
            duty.close()
            return
        task = asyncio.create_task(duty)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
