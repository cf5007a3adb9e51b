"""Who may call what: every route names its roles, and a route that names none lets nobody in."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlsplit

from sqlmodel import Session
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.errors import InvalidInput, NotAllowed, NotAuthenticated, TooLarge
from bot.core.lines import line_of
from bot.core.messages import MAX_ATTACHMENT_BYTES
from bot.services.tips import desk
from bot.services.tips.desk import Pulse
from bot.services.units import notice_health, passkeys, signin, unit_keys
from bot.services.units.signin import SignedIn

OFFICER, SUPERVISOR, CENTRAL, ADMIN, AUDITOR = "officer", "supervisor", "central", "admin", "auditor"
READERS = frozenset({OFFICER, SUPERVISOR, CENTRAL})  # who may open tips, if they hold a key of the unit
EVERYONE = READERS | {ADMIN, AUDITOR}
PUBLIC = frozenset({"public"})

MAX_FORM_BYTES = 64 * 1024
MAX_FILES = 5
DEVICE_SECONDS = 180 * 86_400
MAX_UPLOAD_BYTES = MAX_ATTACHMENT_BYTES + 4 * MAX_FORM_BYTES  # all files of a form together
# A part larger than this would be spooled to disk by the parser, in the clear; nothing that gets this far is larger.
MultiPartParser.spool_max_size = MAX_UPLOAD_BYTES + 1

_PORTS = {"http": 80, "https": 443}  # which a browser leaves out
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Page:
    """One entry of the route table, also what the route-walk test reads."""

    path: str
    method: str
    roles: frozenset[str]
    handler: Handler
    max_body: int = MAX_FORM_BYTES
    presence: bool = True  # whether a call shows that somebody is there


@dataclass(frozen=True)
class Bar:
    """What every page of the console says at its top. pulse: of those who may open tips. trouble: services/units/notice_health.
    waiting: units below that wait for this officer's own to confirm them. opened: whether the own unit receives tips."""

    pulse: Pulse | None = None
    trouble: str = ""
    waiting: int = 0
    opened: bool = True


REGISTRY: list[Page] = []


def page(
    path: str, *, roles: frozenset[str], method: str = "GET", max_body: int = MAX_FORM_BYTES, presence: bool = True
) -> Callable[[Handler], Handler]:
    """Register a handler.

    roles: PUBLIC, or the roles that may call it. max_body: bytes a form of it may have. presence: False for what a page
    asks by itself; such a call does not keep a session alive.
    """

    def register(handler: Handler) -> Handler:
        REGISTRY.append(Page(path, method, roles, handler, max_body, presence))
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
            _check_size(request, entry)
            await _check_csrf(request, entry)
            request.state.checked = True  # the form is the officer's own and was read: it may be shown to them again
        return await entry.handler(request)

    return call


async def _sign_in_or_refuse(request: Request, entry: Page) -> None:
    core = request.app.state.core
    token = request.cookies.get(cookie_name(request), "")

    def look(session: Session) -> tuple[SignedIn, Bar]:
        officer = signin.resume(session, token, core.now())
        if not entry.presence:
            return officer, Bar()
        pulse = desk.pulse(session, officer) if officer.role in READERS else None
        trouble = notice_health.trouble(session, core.settings, officer, core.now())
        waiting = len(unit_keys.waiting_below(session, officer)) if officer.role in READERS else 0
        opened = officer.role not in READERS or unit_keys.is_open(session, officer)
        return officer, Bar(pulse, trouble, waiting, opened)

    officer, request.state.bar = await core.db.read(look)
    if entry.presence and abs(core.now() - officer.seen_at) > signin.TOUCH_AFTER:
        await core.db.run(lambda s: signin.touch(s, officer.session_id, core.now()))
    if officer.role not in entry.roles:
        raise NotAllowed("role")
    request.state.officer = officer


def _check_size(request: Request, entry: Page) -> None:
    # Servers read no more of a body than its header says, so the header can be trusted; without one nothing is read.
    declared = request.headers.get("content-length", "0" if "transfer-encoding" not in request.headers else "")
    if not declared.isascii() or not declared.isdigit() or int(declared) > entry.max_body:
        raise TooLarge("too_large" if entry.max_body == MAX_FORM_BYTES else "files_too_large")


async def _check_csrf(request: Request, entry: Page) -> None:
    # A form from elsewhere carries no token; on public forms the browser's own word on the origin has to do.
    site = request.headers.get("sec-fetch-site", "same-origin")
    if site not in {"same-origin", "none"} or request.headers.get("origin") not in _origins(request):
        raise NotAllowed("csrf")
    if entry.roles == PUBLIC:
        return
    try:
        form = await request.form(max_files=MAX_FILES, max_fields=80, max_part_size=MAX_FORM_BYTES)
    except HTTPException:  # too many parts, or not a form at all
        raise InvalidInput("bad_form") from None
    # As bytes: text with letters beyond ASCII cannot be compared in constant time.
    given = str(form.get("csrf", "")).encode("utf-8", "replace")
    if not secrets.compare_digest(given, request.state.officer.csrf.encode()):
        raise NotAllowed("csrf")


def _origins(request: Request) -> set[str | None]:
    # What the request calls this server counts for nothing: any name can be made to lead here (DNS rebinding).
    return {None, *_own(request.app.state.core.settings.console_url)}


@cache
def _own(console_url: str) -> frozenset[str]:
    """The origins a browser names when it shows the console: of its one address, on the machine itself by any of its names."""
    public = urlsplit(console_url)
    port = "" if public.port == _PORTS.get(public.scheme, 0) or public.port is None else f":{public.port}"
    names = (
        _LOOPBACK if f"[{public.hostname}]" in _LOOPBACK or public.hostname in _LOOPBACK else (public.hostname or "",)
    )
    return frozenset(f"{public.scheme}://{name}{port}" for name in names)


def site(request: Request) -> passkeys.Site | None:
    """Where the console is for passkeys; None where they are impossible."""
    return passkeys.site_of(request.app.state.core.settings.console_url, request.headers.get("host", ""))


def cookie_name(request: Request) -> str:
    """__Host- binds the cookie to this host and to https; plain http is for loopback only."""
    return "__Host-lachan" if request.app.state.core.settings.secure_cookies else "lachan"


def set_cookie(request: Request, response: Response, token: str) -> None:
    """Put the session's token into the browser; gone when the browser closes."""
    secure = request.app.state.core.settings.secure_cookies
    response.set_cookie(cookie_name(request), token, httponly=True, samesite="strict", secure=secure, path="/")


def device_cookie(request: Request, mark: str) -> str:
    """The name under which a browser keeps that somebody signed in from it before; `mark` stands for the login."""
    return f"{cookie_name(request)}-{mark}"


def set_device(request: Request, response: Response, mark: str, device: str) -> None:
    """Let this browser be known when that login is typed again, for half a year. It opens nothing."""
    secure = request.app.state.core.settings.secure_cookies
    response.set_cookie(
        device_cookie(request, mark), device, max_age=DEVICE_SECONDS, httponly=True, samesite="strict", secure=secure,
        path="/",
    )  # fmt: skip


def network(request: Request) -> str:
    """Where a request comes from: the address, of IPv6 its first 64 bits; "" where the server was not told."""
    return line_of(request.client.host if request.client else "")


async def steady(started: float, seconds: float) -> None:
    """Wait until `seconds` have passed since `started`, so that an answer's time tells nothing."""
    await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
