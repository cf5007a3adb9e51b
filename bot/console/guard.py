"""Who may call what: every route names its roles, and a route that names none lets nobody in."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.errors import NotAllowed, NotAuthenticated
from bot.services import signin
from bot.services.signin import SignedIn

OFFICER, SUPERVISOR, CENTRAL, ADMIN, AUDITOR = "officer", "supervisor", "central", "admin", "auditor"
READERS = frozenset({OFFICER, SUPERVISOR, CENTRAL})  # who may open tips, if they hold a key of the unit
EVERYONE = READERS | {ADMIN, AUDITOR}
PUBLIC = frozenset({"public"})

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """One entry of the route table, also what the route-walk test reads."""

    path: str
    method: str
    roles: frozenset[str]
    handler: Handler


REGISTRY: list[Page] = []


def page(path: str, *, roles: frozenset[str], method: str = "GET") -> Callable[[Handler], Handler]:
    """Register a handler. `roles`: PUBLIC, or the roles that may call it."""

    def register(handler: Handler) -> Handler:
        REGISTRY.append(Page(path, method, roles, handler))
        return handler

    return register


def routes() -> list[Route]:
    """The route table, every handler behind its guard."""
    return [Route(entry.path, _guarded(entry), methods=[entry.method]) for entry in REGISTRY]


def _guarded(entry: Page) -> Handler:
    async def call(request: Request) -> Response:
        if entry.roles != PUBLIC:
            try:
                await _sign_in_or_refuse(request, entry)
            except NotAuthenticated:
                if entry.method == "GET":
                    return RedirectResponse("/sign-in", 303)
                raise
        if entry.method == "POST":
            await _check_csrf(request, entry)
        return await entry.handler(request)

    return call


async def _sign_in_or_refuse(request: Request, entry: Page) -> None:
    core = request.app.state.core
    token = request.cookies.get(cookie_name(request), "")

    def work(session: Session) -> SignedIn:
        found = signin.resume(session, token, core.now())
        signin.touch(session, found.session_id, core.now())
        return found

    officer = await core.db.run(work)
    if officer.role not in entry.roles:
        raise NotAllowed("role")
    request.state.officer = officer


async def _check_csrf(request: Request, entry: Page) -> None:
    # A form from elsewhere carries no token; on public forms the browser's own word on the origin has to do.
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    if site not in {"same-origin", "none"} or (
        origin and origin != f"{request.url.scheme}://{request.headers['host']}"
    ):
        raise NotAllowed("csrf")
    if entry.roles == PUBLIC:
        return
    form = await request.form()
    if not secrets.compare_digest(str(form.get("csrf", "")), request.state.officer.csrf):
        raise NotAllowed("csrf")


def cookie_name(request: Request) -> str:
    """__Host- binds the cookie to this host and to https; plain http is for loopback only."""
    return "__Host-lachan" if request.app.state.core.settings.secure_cookies else "lachan"


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Put the session's token into the browser; gone when the browser closes."""
    secure = request.app.state.core.settings.secure_cookies
    response.set_cookie(cookie_name(request), token, httponly=True, samesite="strict", secure=secure, path="/")


async def steady(started: float, seconds: float) -> None:
    """Wait until `seconds` have passed since `started`, so that an answer's time tells nothing."""
    await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
