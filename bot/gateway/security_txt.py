"""`/.well-known/security.txt` (RFC 9116): where somebody who found a hole may tell it. Without a contact there is none: 404."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.settings import Settings

PATH = "/.well-known/security.txt"
_VALID_DAYS = (
    180  # RFC 9116 asks for less than a year; the file is made anew each day, so it never runs out while we serve
)


def body(settings: Settings, now: float) -> str:
    """The file as it reads today; "" without a contact."""
    if not settings.security_contact:
        return ""
    today = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [f"Contact: {contact}" for contact in settings.security_contact]
    lines.append(f"Expires: {(today + timedelta(days=_VALID_DAYS)).strftime('%Y-%m-%dT%H:%M:%SZ')}")
    lines.append("Preferred-Languages: vi, en")
    if settings.public_url.startswith("https://"):
        lines.append(f"Canonical: {settings.public_url.rstrip('/')}{PATH}")
    return "".join(f"{line}\n" for line in lines)


def routes(settings: Settings, now: Callable[[], float]) -> Sequence[BaseRoute]:
    """The one address."""

    async def file(_: Request) -> Response:
        text = body(settings, now())
        return PlainTextResponse(text) if text else Response(status_code=404)

    return [Route(PATH, file, methods=["GET"])]
