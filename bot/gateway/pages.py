"""The chat page and its files: the page is always fresh, its files are kept for a year under an address of their version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.services.tips.file_types import accept
from bot.settings import Settings

HERE = Path(__file__).parent
STATIC = HERE / "static"
VERSIONED = "/static/v/"


def version_of(folder: Path) -> str:
    """Twelve hexadecimal digits that change with any file below `folder`."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def routes(settings: Settings) -> Sequence[BaseRoute]:
    """The page, its files with and without a version in their address, and the pictures of the content."""
    templates, version = Jinja2Templates(HERE / "templates"), version_of(STATIC)
    templates.env.auto_reload = (
        False  # the page that was read at the start fits this process, whatever lies on the disk by now
    )
    templates.get_template("chat.html")
    context: dict[str, Any] = {
        "exit_url": settings.exit_url, "version": version, "files": f"{VERSIONED}{version}",
        "accept": accept(heic=False), "accept_heic": accept(heic=True),
    }  # fmt: skip

    async def page(request: Request) -> Response:
        return templates.TemplateResponse(request, "chat.html", context)

    async def service_worker(request: Request) -> Response:
        body = (STATIC / "sw.js").read_bytes()
        return Response(body, media_type="text/javascript", headers={"Service-Worker-Allowed": "/"})

    return [
        Route("/", page),
        Route("/sw.js", service_worker),
        # A page that was open during an update still asks for its old version; it gets the files there are.
        Mount(f"{VERSIONED}{{version}}", StaticFiles(directory=STATIC)),
        Mount("/static", StaticFiles(directory=STATIC)),
        Mount("/pictures", StaticFiles(directory=settings.content_dir / "pictures", check_dir=False)),
    ]


def cache_control(path: str, version: str) -> bytes:
    """How long an answer may be kept. Pages and the API are never stored: the device may be shared."""
    if path.startswith(f"{VERSIONED}{version}/"):
        return b"public, max-age=31536000, immutable"
    if path.startswith(VERSIONED):
        return b"no-cache"
    return b"public, max-age=3600" if path.startswith(("/static/", "/pictures/")) else b"no-store"
