"""The console as an ASGI application."""

from __future__ import annotations

import logging
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.app import SLOW_AT_ONCE, Core
from bot.console import guard
from bot.console.routes import (
    account,
    accounts,
    audit,
    bulk,
    campaign_acts,
    campaign_report,
    campaigns,
    channels,
    classify,
    copies,
    desk_notes,
    export,
    help,
    passkeys,
    referral,
    referral_acts,
    referral_answers,
    referral_files,
    sign_in,
    statistics,
    take_down,
    unit,
)
from bot.console.routes import inbox as inbox_routes
from bot.console.views import load, render
from bot.core.errors import Conflict, InvalidInput, LaChanError, NotAllowed, NotAuthenticated
from bot.core.lanes import Lanes
from bot.core.lines import Callers, LineLimit, RateLimit
from bot.head import HeadersOnly
from bot.storage.sealing import CannotOpen

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
# Imported so that they register.
PAGES = (
    account,
    accounts,
    audit,
    bulk,
    channels,
    classify,
    copies,
    desk_notes,
    export,
    help,
    inbox_routes,
    passkeys,
    referral,
    referral_acts,
    referral_answers,
    referral_files,
    sign_in,
    statistics,
    take_down,
    unit,
    campaigns,
    campaign_acts,
    campaign_report,
)
_CSP = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Headers:
    """Security headers on every answer, and nothing kept in any cache."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                extra = [
                    (b"content-security-policy", _CSP), (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"), (b"x-frame-options", b"DENY"),
                    (b"cross-origin-opener-policy", b"same-origin"), (b"cross-origin-resource-policy", b"same-origin"),
                    (b"strict-transport-security", b"max-age=31536000"), (b"cache-control", b"no-store"),
                ]  # fmt: skip
                message["headers"] = [*message["headers"], *(pair for pair in extra if pair[0] not in present)]
            await send(message)

        await self.app(scope, receive, with_headers)


def create_app(core: Core) -> Starlette:
    """The application around `core`."""

    async def healthz(request: Request) -> Response:
        return JSONResponse({"ok": True})

    load()
    app = Starlette(
        routes=[*guard.routes(), Route("/healthz", healthz), Mount("/static", StaticFiles(directory=HERE / "static"))],
        middleware=[Middleware(HeadersOnly), Middleware(Headers)],
        exception_handlers={LaChanError: _on_error, 404: _not_found, 405: _not_found, Exception: _on_crash},
    )
    app.state.core = core
    app.state.pressed = set()  # what waits for its ten seconds (bot/console/pressing.py)
    app.state.callers = Callers(core.settings.proxies)
    app.state.sign_ins = LineLimit(app.state.callers, RateLimit(30, 1.0))  # as docs/nginx has it
    app.state.hashes = Lanes(SLOW_AT_ONCE, most_each=20, most=100)  # sign-ins of browsers nobody knows, line by line
    return app


_STATUS: tuple[tuple[type[LaChanError], int, str], ...] = (
    (InvalidInput, 400, "bad_input"),
    (NotAuthenticated, 401, "signed_out"),
    (NotAllowed, 404, "not_found"),
    (Conflict, 409, "conflict"),
    (CannotOpen, 400, "cannot_open"),
)


async def _on_error(request: Request, error: Exception) -> Response:
    status, name = next(((code, name) for kind, code, name in _STATUS if isinstance(error, kind)), (500, "crash"))
    reason = error.code if isinstance(error, InvalidInput) else ""
    if isinstance(error, NotAuthenticated) and error.args == ("invite",):
        name = "invite_gone"
    if isinstance(error, NotAllowed) and error.args == ("handed_on",):
        name = "handed_on"
    if isinstance(error, InvalidInput | Conflict):
        page = await referral.again(request, reason or name, status)
        if page is not None:
            return page
    return render(request, "message.html", {"name": name, "reason": reason}, status)


async def _not_found(request: Request, error: Exception) -> Response:
    # 405 too: after a form the address bar holds a page that can only be posted to, and officers reload it.
    return render(request, "message.html", {"name": "not_found", "reason": ""}, 404)


async def _on_crash(request: Request, error: Exception) -> Response:
    log.error("unhandled", extra={"error": type(error).__name__})  # no path: it can hold a one-time token
    return render(request, "message.html", {"name": "crash", "reason": ""}, 500)
