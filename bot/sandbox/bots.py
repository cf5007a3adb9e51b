"""The pretended Zalo Bot Platform: its methods, its Basic plan, its errors inside HTTP 200."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.sandbox.world import World

MAX_TEXT = 2_000


def routes() -> list[Route]:
    return [Route("/bot{token}/{method}", method, methods=["POST", "GET"])]


def _error(code: int, description: str = "sandbox") -> Response:
    return JSONResponse({"ok": False, "error_code": code, "description": description})


def _result(value: Any) -> Response:
    return JSONResponse({"ok": True, "result": value})


async def method(request: Request) -> Response:
    """Any method of the bot."""
    world: World = request.app.state.world
    name = request.path_params["method"]
    fault = world.fault(f"bot.{name}")
    if fault is not None and not fault.lost:
        await asyncio.sleep(fault.delay)
        return PlainTextResponse("sandbox", status_code=fault.status) if fault.status else _error(fault.code or 400)
    if request.path_params["token"] != world.config.bot_token:
        return _error(401, "Unauthorized")
    try:
        body = await request.json() if request.method == "POST" else {}
    except ValueError:
        body = {}
    handler = _METHODS.get(name)
    if handler is None:
        return _error(404, "no such method")
    answer = await handler(world, body if isinstance(body, dict) else {})
    return PlainTextResponse("broken", status_code=502) if fault is not None else answer


async def _me(world: World, body: dict[str, Any]) -> Response:
    return _result(
        {"id": "1234567890", "account_name": "bot.lachan", "account_type": "BASIC", "can_join_groups": False}
    )


async def _updates(world: World, body: dict[str, Any]) -> Response:
    if world.webhook_url:
        return _error(400, "webhook is set")
    end = time.monotonic() + min(float(body.get("timeout") or 30), 30)
    while not world.updates:
        if time.monotonic() >= end:
            return _error(408, "Request timeout")
        await asyncio.sleep(0.02)
    return _result(world.updates.popleft())


async def _set_webhook(world: World, body: dict[str, Any]) -> Response:
    world.webhook_url, world.webhook_secret = str(body.get("url") or ""), str(body.get("secret_token") or "")
    if not 8 <= len(world.webhook_secret) <= 256:
        return _error(400, "secret_token")
    return _result({"url": world.webhook_url, "verification": {"ok": True, "outcome": "webhook.ok"}})


async def _webhook_info(world: World, body: dict[str, Any]) -> Response:
    return _result({"url": world.webhook_url, "updated_at": 0})


async def _delete_webhook(world: World, body: dict[str, Any]) -> Response:
    world.webhook_url = ""
    return _result({"url": ""})


async def _send(world: World, body: dict[str, Any], text: str, image: str = "") -> Response:
    person = world.bot_people.get(str(body.get("chat_id")))
    if person is None or len(text) > MAX_TEXT or not (text or image):
        return _error(400, "Bad Request")
    if person.blocked:
        return _error(403, "Forbidden")
    if world.month >= world.config.bot_month:
        return _error(429, "Quota exceeded")
    world.month += 1
    shown = {"id": world.next_id("bot"), "text": text, "buttons": [], "image": image, "at": world.now()}
    person.seen.append(shown)
    return _result({"message_id": shown["id"], "date": int(world.now() * 1000)})


async def _message(world: World, body: dict[str, Any]) -> Response:
    return await _send(world, body, str(body.get("text") or ""))


async def _photo(world: World, body: dict[str, Any]) -> Response:
    url = str(body.get("photo") or "")
    if not url.startswith(("http://", "https://")):
        return _error(400, "photo must be a public URL")
    return await _send(world, body, str(body.get("caption") or ""), url)


async def _action(world: World, body: dict[str, Any]) -> Response:
    return JSONResponse({"ok": True})


_METHODS = {
    "getMe": _me, "getUpdates": _updates, "setWebhook": _set_webhook, "getWebhookInfo": _webhook_info,
    "deleteWebhook": _delete_webhook, "sendMessage": _message, "sendPhoto": _photo, "sendChatAction": _action,
}  # fmt: skip
