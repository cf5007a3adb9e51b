"""Signing in and out."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import EVERYONE, PUBLIC, cookie_name, page, set_cookie, steady
from bot.console.views import render
from bot.core.errors import NotAuthenticated
from bot.services import signin

ANSWER_SECONDS = 0.6  # every refused sign-in takes the same time


@page("/sign-in", roles=PUBLIC)
async def show(request: Request) -> Response:
    return render(request, "sign_in.html", {"wrong": False, "locked": False})


@page("/sign-in", roles=PUBLIC, method="POST")
async def submit(request: Request) -> Response:
    """Password and code in one step, so that neither can be tried alone."""
    core, started = request.app.state.core, time.monotonic()
    form = await request.form()
    login, password, code = (str(form.get(name, ""))[:200] for name in ("login", "password", "code"))
    token, locked = None, False
    found = await core.db.read(lambda s: signin.find_login(s, login.strip().lower()))
    private = await _slow(core, found, password)
    try:
        token = await core.db.run(
            lambda s: signin.sign_in(s, core.vault, found, private, code.replace(" ", ""), core.now())
        )
    except NotAuthenticated:
        locked = True
    if token is None:
        await steady(started, ANSWER_SECONDS)
        return render(request, "sign_in.html", {"wrong": not locked, "locked": locked}, 401)
    response = RedirectResponse("/", 303)
    set_cookie(request, response, token)
    return response


@page("/stay", roles=EVERYONE)
async def stay(request: Request) -> Response:
    """Somebody pressed "go on" before the session closed; what they were typing stays where it is."""
    return Response(status_code=204)


@page("/sign-out", roles=EVERYONE, method="POST")
async def leave(request: Request) -> Response:
    core, officer = request.app.state.core, request.state.officer
    await core.db.run(lambda s: signin.sign_out(s, officer.session_id))
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(request), path="/")
    return response


async def _slow(core: Any, found: signin.SignInTry, password: str) -> bytes | None:
    return await asyncio.get_running_loop().run_in_executor(core.slow, signin.unlock, core.vault, found, password)
