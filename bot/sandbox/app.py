"""The sandbox as a web application: Zalo's APIs, a page to chat as a user, and a control interface for tests."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.sandbox import bots, oa
from bot.sandbox.people import People
from bot.sandbox.world import Fault, World

PAGE = Path(__file__).parent / "page.html"
_KINDS = {"image": "image", "audio": "audio", "video": "video"}


def create_app(world: World) -> Starlette:
    """The application around `world`."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with httpx.AsyncClient(timeout=15) as http:
            app.state.people = People(world, http)
            yield

    app = Starlette(
        routes=[
            Route("/", page),
            Route("/media/{name}", media),
            Route("/picture/{name}", picture),
            Route("/control/messages", messages),
            Route("/control/act", act, methods=["POST"]),
            Route("/control/send-file", send_file, methods=["POST"]),
            Route("/control/fail", fail, methods=["POST"]),
            Route("/control/set", change, methods=["POST"]),
            *oa.routes(),
            *bots.routes(),
        ],
        lifespan=lifespan,
    )
    app.state.world = world
    return app


async def page(request: Request) -> Response:
    return Response(PAGE.read_bytes(), media_type="text/html")


async def media(request: Request) -> Response:
    """What somebody sent, as on Zalo's CDN."""
    found = request.app.state.world.media.get(request.path_params["name"])
    return Response(found[1], media_type=found[0]) if found else Response(status_code=404)


async def messages(request: Request) -> Response:
    """What a person's chat shows after `after`."""
    world: World = request.app.state.world
    query = request.query_params
    person = world.person(query.get("user", "u1"), bot=query.get("platform") == "bot")
    after = int(query.get("after") or 0)
    shown = [
        {**row, "image": _picture(world, row["image"]), "n": n} for n, row in enumerate(person.seen, 1) if n > after
    ]
    return JSONResponse({"messages": shown})


def _picture(world: World, image: str) -> str:
    return f"{world.base}/picture/{image}" if image and not image.startswith("http") else image


async def picture(request: Request) -> Response:
    """A picture the account uploaded."""
    data = request.app.state.world.uploads.get(request.path_params["name"])
    return Response(data, media_type="image/png") if data else Response(status_code=404)


async def act(request: Request) -> Response:
    """A person does something: {"platform": "oa"|"bot", "user", "what", ...}."""
    people: People = request.app.state.people
    body = await request.json()
    user, what = str(body.get("user") or "u1"), str(body.get("what"))
    if body.get("platform") == "bot":
        status = await people.bot_event(user, what, **body.get("fields", {}))
    elif what in {"say", "tap"}:
        status = await people.say(user, str(body["text"]), conversation=str(body.get("conversation") or ""))
    elif what == "place":
        status = await people.place(user, float(body["latitude"]), float(body["longitude"]))
    elif what == "operator":
        status = await people.operator(user, str(body["text"]))
    elif what == "sticker":
        status = await people.sticker(user)
    else:
        status = await people.manage(user, what)
    return JSONResponse({"webhook": status})


async def send_file(request: Request) -> Response:
    """A person sends a file (multipart: platform, user, file)."""
    world: World = request.app.state.world
    people: People = request.app.state.people
    async with request.form() as form:
        upload: Any = form["file"]
        data, kind = await upload.read(), upload.content_type or "application/octet-stream"
        user, platform = str(form.get("user") or "u1"), str(form.get("platform") or "oa")
    name = secrets.token_hex(8)
    world.media[name] = (kind, data)
    url = f"{world.base}/media/{name}"
    family = _KINDS.get(kind.partition("/")[0], "file")
    if platform == "bot":
        event, field = ("voice", "voice_url") if family == "audio" else ("image", "photo_url")
        status = await people.bot_event(user, event, **{field: url})
    else:
        status = await people.photo(user, url, family)
    return JSONResponse({"webhook": status, "url": url})


async def fail(request: Request) -> Response:
    """Order something to go wrong: the fields of Fault."""
    request.app.state.world.faults.append(Fault(**await request.json()))
    return JSONResponse({"ok": True})


async def change(request: Request) -> Response:
    """Change the world: {"advance": seconds} | {"expire": true} | {"revoke": true} | {"refuse_buttons"|"wrapped": bool}."""
    world: World = request.app.state.world
    body = await request.json()
    world.offset += float(body.get("advance") or 0)
    if body.get("expire"):
        world.access_until = 0.0
    if body.get("revoke"):
        world.access, world.refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    for name in ("refuse_buttons", "wrapped"):
        if name in body:
            setattr(world, name, bool(body[name]))
    # As the API Explorer of the console shows it: for `lachan zalo login` after the tokens were revoked.
    return JSONResponse({"ok": True, "refresh_token": world.refresh if body.get("revoke") else ""})
