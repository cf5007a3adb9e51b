"""Signing in and out."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.console import list_place
from bot.console.guard import (
    EVERYONE,
    PUBLIC,
    cookie_name,
    device_cookie,
    network,
    page,
    set_cookie,
    set_device,
    site,
    steady,
)
from bot.console.views import render
from bot.core.errors import InvalidInput, NotAllowed, NotAuthenticated
from bot.core.lanes import Crowded
from bot.services.tips import notes
from bot.services.units import enrolment, passkeys, signin, signin_tries
from bot.storage.tables import Officer

ANSWER_SECONDS = 0.6  # every refused sign-in takes the same time


@page("/sign-in", roles=PUBLIC)
async def show(request: Request) -> Response:
    return _page(request)


def _page(
    request: Request,
    *,
    wrong: bool = False,
    locked: bool = False,
    busy: bool = False,
    login: str = "",
    status: int = 200,
) -> Response:
    # Whether passkeys are offered depends on the console's address alone: the page says nothing about any account.
    context = {
        "wrong": wrong,
        "locked": locked,
        "busy": busy,
        "login": login[:60],
        "passkeys": site(request) is not None,
    }
    return render(request, "sign_in.html", context, status)


@dataclass(frozen=True)
class _Typed:
    """What somebody typed, and from where. mark: what names the cookie of this login."""

    login: str
    password: str = field(repr=False)
    code: str = field(repr=False)
    mark: str
    origin: signin_tries.Origin


def _allowed(request: Request) -> bool:
    """Each try costs a slow hash, whatever name is typed."""
    return bool(request.app.state.sign_ins.allow(request.client.host if request.client else ""))


def _typed(request: Request, form: FormData) -> _Typed:
    vault = request.app.state.core.vault
    login, password, code = (str(form.get(name, ""))[:200] for name in ("login", "password", "code"))
    login = login.strip().lower()
    mark = vault.attempt_key("d", login)[2:14]
    origin = signin_tries.Origin(network(request), request.cookies.get(device_cookie(request, mark), "")[:200])
    return _Typed(login, password, code.replace(" ", ""), mark, origin)


async def _unlocked(request: Request, typed: _Typed) -> tuple[signin.SignInTry, signin.Unlocked | None]:
    """Raises NotAuthenticated('locked') before the slow hash, Crowded when too many of this line wait for theirs."""
    core = request.app.state.core
    if await core.db.read(lambda s: signin_tries.is_blocked(s, core.vault, typed.login, typed.origin, core.now())):
        raise NotAuthenticated("locked")
    found = await core.db.read(lambda s: signin.find_login(s, typed.login))
    known = signin_tries.is_known(core.vault, typed.login, typed.origin)
    if known:
        return found, await slow(core, found, typed.password)
    # A line has its turn, however many names it types; where no line can be seen, a name has.
    lane = request.app.state.callers.line(request.client.host if request.client else "") or f"name:{typed.mark}"
    async with request.app.state.hashes.place(lane):
        return found, await slow(core, found, typed.password, known=False)


@page("/sign-in", roles=PUBLIC, method="POST")
async def submit(request: Request) -> Response:
    """Password and code, or a passkey's answer, in one step, so that neither can be tried alone."""
    core, started = request.app.state.core, time.monotonic()
    if not _allowed(request):
        return _page(request, locked=True, status=429)
    form = await request.form()
    typed, instead = _typed(request, form), passkey_of(request, form, "sign-in")
    token, locked = None, False
    try:
        found, unlocked = await _unlocked(request, typed)
        token = await core.db.run(
            lambda s: signin.sign_in(
                s, core.vault, found, unlocked, typed.code, core.now(), typed.origin, instead=instead
            )
        )
    except NotAuthenticated:
        locked = True
    except Crowded:
        return _page(request, busy=True, login=typed.login, status=503)
    if token is None:
        await steady(started, ANSWER_SECONDS)
        return _page(request, wrong=not locked, locked=locked, login=typed.login, status=401)
    await core.db.run(lambda s: notes.pass_on(s, signin.resume(s, token, core.now()), core.now()))
    response = RedirectResponse(await _first_page(core, token, typed.password), 303)
    set_cookie(request, response, token)
    set_device(request, response, typed.mark, signin_tries.new_device(core.vault, typed.login))
    return response


@page("/sign-in/passkey", roles=PUBLIC, method="POST")
async def ask_passkey(request: Request) -> Response:
    """The challenge for a passkey, after the right password. A wrong one, and an account without passkeys, are told the same."""
    core, started, where = request.app.state.core, time.monotonic(), site(request)
    if where is None:
        raise NotAllowed("passkeys")
    if not _allowed(request):
        return JSONResponse({"problem": "locked"}, 429)
    typed, asked, problem = _typed(request, await request.form()), None, "wrong"
    try:
        found, unlocked = await _unlocked(request, typed)
        asked = await core.db.run(
            lambda s: passkeys.offer(s, core.vault, found, unlocked, where, core.now(), typed.origin)
        )
    except NotAuthenticated:
        problem = "locked"
    except Crowded:
        return JSONResponse({"problem": "busy"}, 503)
    await steady(started, ANSWER_SECONDS)
    if asked is None:
        return JSONResponse({"problem": problem}, 401)
    return JSONResponse({"options": asked.options, "asked": asked.sealed})


def passkey_of(request: Request, form: FormData, purpose: str, session_id: str = "") -> signin.SecondFactor | None:
    """What a form says in place of the six digits; None when it says nothing, and the digits count."""
    credential, sealed = (str(form.get(name, ""))[:16_000] for name in ("passkey", "asked"))
    if not credential:
        return None
    core = request.app.state.core
    answer = passkeys.Answer(sealed, credential, site(request))
    return passkeys.factor(core.vault, answer, purpose, core.now(), session_id)


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
    list_place.forget(request, response)
    return response


async def slow(core: Any, found: signin.SignInTry, password: str, *, known: bool = True) -> signin.Unlocked | None:
    """`unlock` on a thread for slow hashes. known: on threads that strangers cannot fill with names and passwords."""
    threads = core.codes if known else core.slow
    return await asyncio.get_running_loop().run_in_executor(threads, signin.unlock, core.vault, found, password)
