"""The pretended Official Account's API: OAuth v4, messages, uploads, the account. Errors come inside HTTP 200."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.world import WINDOW_SECONDS, Person, World

MAX_TEXT, MAX_BUTTONS, MAX_IMAGE = 2_000, 5, 1024 * 1024
_IMAGES = (b"\x89PNG", b"\xff\xd8\xff")


def routes() -> list[Route]:
    return [
        Route("/v4/oa/access_token", exchange, methods=["POST"]),
        Route("/v4/oa/permission", permission, methods=["GET"]),
        Route("/v3.0/oa/message/cs", consult, methods=["POST"]),
        Route("/v2.0/oa/message", anonymous, methods=["POST"]),
        Route("/v2.0/oa/upload/image", upload, methods=["POST"]),
        Route("/v2.0/oa/getoa", account, methods=["GET"]),
    ]


def _error(code: int, message: str = "sandbox") -> Response:
    return JSONResponse({"error": code, "message": message})


async def exchange(request: Request) -> Response:
    """A refresh token or an authorisation code for a pair."""
    world: World = request.app.state.world
    fault = world.fault("oauth")
    form = await request.form()
    if fault is not None and not fault.lost:
        return await _failed(fault)
    if request.headers.get("secret_key") != world.config.app_secret or form.get("app_id") != world.config.app_id:
        return JSONResponse({"error": -14002, "error_name": "invalid_app", "error_description": "sandbox"})
    if form.get("grant_type") == "authorization_code":
        challenge = world.codes.pop(str(form.get("code")), None)
        digest = hashlib.sha256(str(form.get("code_verifier")).encode()).digest()
        good = challenge == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    else:
        good = form.get("refresh_token") == world.refresh
    if not good:
        return JSONResponse({"error": -14014, "error_name": "invalid_grant", "error_description": "sandbox"})
    access, refresh = world.rotate()
    if fault is not None:
        return PlainTextResponse("broken", status_code=502)
    return JSONResponse({"access_token": access, "refresh_token": refresh, "expires_in": "90000"})


async def permission(request: Request) -> Response:
    """The administrator agrees at once."""
    world: World = request.app.state.world
    code = world.next_id("code")
    world.codes[code] = request.query_params.get("code_challenge", "")
    query = {"code": code, "oa_id": world.config.oa_id, "state": request.query_params.get("state", "")}
    target = request.query_params.get("redirect_uri", "/")
    return RedirectResponse(f"{target}?{urlencode(query)}", status_code=302)


async def _refused(request: Request, where: str) -> Response | None:
    """What stands in the way of any call: an ordered fault, a bad token, too many calls."""
    world: World = request.app.state.world
    fault = world.fault(where)
    if fault is not None and not fault.lost:
        return await _failed(fault)
    request.state.lost = fault is not None
    token = request.headers.get("access_token", "")
    if token != world.access:
        return _error(-216, "Access token is invalid")
    if world.now() > world.access_until:
        return _error(-220, "Access token has expired")
    return _error(-32, "over the limit of calls") if world.over_limit() else None


async def _failed(fault) -> Response:
    await asyncio.sleep(fault.delay)
    if fault.status:
        return PlainTextResponse("sandbox", status_code=fault.status)
    return _error(fault.code or -200)


async def consult(request: Request) -> Response:
    """A consultation message, with Zalo's windows and limits."""
    world: World = request.app.state.world
    refused = await _refused(request, "cs")
    if refused is not None:
        return refused
    body = await _body(request)
    person = world.people.get(str(_dict(body.get("recipient")).get("user_id")))
    if person is None:
        return _error(-201, "user_id is invalid")
    if person.blocked:
        return _error(-213, "User has not followed")
    if world.now() - person.last_interaction > WINDOW_SECONDS:
        return _error(-230, "User has not interacted in 7 days")
    return _deliver(request, person, _dict(body.get("message")))


async def anonymous(request: Request) -> Response:
    """A message to somebody who neither follows nor is signed in."""
    world: World = request.app.state.world
    refused = await _refused(request, "anonymous")
    if refused is not None:
        return refused
    body = await _body(request)
    recipient = _dict(body.get("recipient"))
    person = world.people.get(str(recipient.get("anonymous_id")))
    if person is None or not person.conversation or recipient.get("conversation_id") != person.conversation:
        return _error(-201, "anonymous_id is invalid")
    return _deliver(request, person, _dict(body.get("message")))


def _deliver(request: Request, person: Person, message: dict[str, Any]) -> Response:
    world: World = request.app.state.world
    text = str(message.get("text") or "")
    if len(text) > MAX_TEXT:
        return _error(-210, "text is over the limit")
    shown: dict[str, Any] = {"id": world.next_id("oa"), "text": text, "buttons": [], "image": "", "at": world.now()}
    payload = _dict(_dict(message.get("attachment")).get("payload"))
    buttons = payload.get("buttons") or []
    if buttons:
        if len(buttons) > MAX_BUTTONS or (world.refuse_buttons and not payload.get("template_type")):
            return _error(-201, "attachment is invalid")
        shown["buttons"] = [{"title": b["title"], "type": b["type"], "payload": b["payload"]} for b in buttons]
    for element in payload.get("elements") or []:
        if element.get("attachment_id") not in world.uploads:
            return _error(-100, "attachment_id has expired")
        shown["image"] = element["attachment_id"]
    if not text and not shown["image"]:
        return _error(-201, "message is invalid")
    person.seen.append(shown)
    if request.state.lost:
        return PlainTextResponse("broken", status_code=502)
    data = {"message_id": shown["id"], "user_id": person.id, "sent_time": str(int(world.now() * 1000))}
    return JSONResponse({"data": data, "error": 0, "message": "Success"})


async def upload(request: Request) -> Response:
    """A picture for later messages."""
    world: World = request.app.state.world
    refused = await _refused(request, "upload")
    if refused is not None:
        return refused
    async with request.form() as form:
        file = form.get("file")
        data = await file.read() if file is not None and not isinstance(file, str) else b""
    if not data.startswith(_IMAGES) or len(data) > MAX_IMAGE:
        return _error(-210, "file is over the limit")
    attachment = world.next_id("att")
    world.uploads[attachment] = data
    return JSONResponse({"data": {"attachment_id": attachment}, "error": 0, "message": "Success"})


async def account(request: Request) -> Response:
    """Who the token belongs to."""
    world: World = request.app.state.world
    refused = await _refused(request, "getoa")
    if refused is not None:
        return refused
    data = {
        "oaid": world.config.oa_id, "name": "Lá Chắn (thử)", "is_verified": True, "oa_type": 4, "num_follower": 1,
        "package_name": "Gói thử",
    }  # fmt: skip
    return JSONResponse({"data": data, "error": 0, "message": "Success"})


async def _body(request: Request) -> dict[str, Any]:
    try:
        return _dict(await request.json())
    except ValueError:
        return {}


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
