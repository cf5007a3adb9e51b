"""Signing in and out."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import (
    EVERYONE,
    PUBLIC,
    cookie_name,
    device_cookie,
    network,
    page,
    set_cookie,
    set_device,
    steady,
)
from bot.console.views import render
from bot.core.errors import InvalidInput, NotAuthenticated
from bot.services.units import enrolment, signin
from bot.storage.tables import Officer

ANSWER_SECONDS = 0.6  # every refused sign-in takes the same time


@page("/sign-in", roles=PUBLIC)
async def show(request: Request) -> Response:
    return render(request, "sign_in.html", {"wrong": False, "locked": False, "login": ""})


@page("/sign-in", roles=PUBLIC, method="POST")
async def submit(request: Request) -> Response:
    """Password and code in one step, so that neither can be tried alone."""
    core, started = request.app.state.core, time.monotonic()
    if not request.app.state.sign_ins.allow(
        request.client.host if request.client else ""
    ):  # each costs a slow hash, whatever name is typed
        return render(request, "sign_in.html", {"wrong": False, "locked": True, "login": ""}, 429)
    form = await request.form()
    login, password, code = (str(form.get(name, ""))[:200] for name in ("login", "password", "code"))
    login = login.strip().lower()
    mark = core.vault.attempt_key("d", login)[2:14]
    origin = signin.Origin(network(request), request.cookies.get(device_cookie(request, mark), "")[:200])
    token, locked = None, await core.db.read(lambda s: signin.is_blocked(s, core.vault, login, origin, core.now()))
    if not locked:
        try:
            token = await _try(core, login, password, code.replace(" ", ""), origin)
        except NotAuthenticated:
            locked = True
    if token is None:
        await steady(started, ANSWER_SECONDS)
        context = {"wrong": not locked, "locked": locked, "login": login[:60]}
        return render(request, "sign_in.html", context, 401)
    response = RedirectResponse(await _first_page(core, token, password), 303)
    set_cookie(request, response, token)
    set_device(request, response, mark, signin.new_device(core.vault, login))
    return response


async def _try(core: Any, login: str, password: str, code: str, origin: signin.Origin) -> str | None:
    found = await core.db.read(lambda s: signin.find_login(s, login))
    unlocked = await slow(core, found, password, known=signin.is_known(core.vault, login, origin))
    return await core.db.run(lambda s: signin.sign_in(s, core.vault, found, unlocked, code, core.now(), origin))


async def _first_page(core: Any, token: str, password: str) -> str:
    """Where to begin: at what is wrong with the keys or the password, if something is."""

    def look(session: Session) -> str:
        officer = signin.resume(session, token, core.now())
        if officer.doubtful or not officer.own_key:
            return "/me#keys"
        row = session.get_one(Officer, officer.officer_id)
        try:
            enrolment.check_password(password, *enrolment.names_of(session, row))
        except InvalidInput:
            return "/me?weak=1#password"
        return "/"

    return await core.db.read(look)


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


async def slow(core: Any, found: signin.SignInTry, password: str, *, known: bool = True) -> signin.Unlocked | None:
    """`unlock` on a thread for slow hashes. known: on threads that strangers cannot fill with names and passwords."""
    threads = core.codes if known else core.slow
    return await asyncio.get_running_loop().run_in_executor(threads, signin.unlock, core.vault, found, password)
