"""What every answer of the gateway has in common: security headers, and errors that say nothing of what was written."""

from __future__ import annotations

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.core.errors import InvalidInput, LaChanError, NotAllowed, NotAuthenticated, TooLarge
from bot.gateway import pages
from bot.gateway.metrics import METRICS
from bot.services import soundness

log = logging.getLogger(__name__)

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {ancestors}"
)


class SecurityHeaders:
    """Adds the headers to every response. `ancestors`: origins that may embed the chat (the widget)."""

    def __init__(self, app: ASGIApp, ancestors: tuple[str, ...] = ()) -> None:
        self.app = app
        self._version = pages.version_of(pages.STATIC)
        allowed = " ".join(ancestors) if ancestors else "'none'"
        self._headers = [
            (b"content-security-policy", CSP.format(ancestors=allowed).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(self)"),
            (b"strict-transport-security", b"max-age=31536000"),
        ]
        if not ancestors:
            self._headers.append((b"x-frame-options", b"DENY"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        kept = pages.cache_control(scope["path"], self._version)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                cache = kept if message["status"] < 400 else b"no-store"
                message["headers"] = [*message["headers"], *self._headers, (b"cache-control", cache)]
            await send(message)

        await self.app(scope, receive, with_headers)


_STATUS: tuple[tuple[type[LaChanError], int], ...] = (
    (TooLarge, 413),
    (InvalidInput, 400),
    (NotAuthenticated, 401),
    (NotAllowed, 404),
)
_OF_CODE = {"too_many": 429, "too_slow": 408, "uploads_full": 503}


async def on_error(request: Request, error: Exception) -> Response:
    """An error of ours, as JSON in Vietnamese."""
    status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
    code = error.args[0] if error.args else "error"
    status = _OF_CODE.get(code, status)
    METRICS.refused.labels(code if status < 500 else "internal").inc()
    book = request.app.state.parts.renderer.book("vi")
    text = book.errors.get(code) or book.errors["bad_request"]
    headers = {"Retry-After": "5"} if status in {429, 503} else {"Connection": "close"} if status == 408 else None
    return JSONResponse({"error": code, "message": text}, status_code=status, headers=headers)


async def on_http(request: Request, error: Exception) -> Response:
    """An address or a method that is not there: JSON in Vietnamese, as for everything else."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    code = "not_found" if status == 404 else "bad_request"
    book = request.app.state.parts.renderer.book("vi")
    headers = error.headers if isinstance(error, HTTPException) else None
    return JSONResponse({"error": code, "message": book.errors[code]}, status_code=status, headers=headers)


async def on_gone(request: Request, error: Exception) -> Response:
    """Who hung up in the middle of a message reads no answer; they send it again by its id."""
    return Response(status_code=400)


async def on_crash(request: Request, error: Exception) -> Response:
    """Anything unexpected: its kind is logged, its text may quote a citizen and is not."""
    cause = soundness.cause(error)
    # No path: it can hold a one-time token.
    log.error("unhandled", extra=soundness.noted(error))
    book = request.app.state.parts.renderer.book("vi")
    body = {"error": cause or "internal", "message": book.errors["internal"]}
    return JSONResponse(body, status_code=503 if cause else 500)
