"""Rendering: one Jinja environment, and the page number a request names."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.presentation.words import age, day, iso, left, short, when, words
from bot.services.tips.file_types import accept
from bot.services.units.signin import IDLE

HERE = Path(__file__).parent


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
    )
    environment.filters["when"] = when
    environment.filters["left"] = left
    environment.filters["day"] = day
    environment.filters["iso"] = iso
    environment.filters["age"] = age
    environment.filters["short"] = short
    environment.globals["words"] = words()
    environment.globals["accept"] = accept(heic=False)
    return environment


def load() -> None:
    """Read every page and its words now: what is exchanged on the disk under a running process is not half taken up by it."""
    environment = _environment()
    for name in environment.list_templates():
        environment.get_template(name)


def page_number(request: Request) -> int:
    """The page asked for, from 0; nonsense is the first page."""
    raw = request.query_params.get("page", "0")
    return min(int(raw), 100_000) if raw.isascii() and raw.isdigit() and len(raw) < 7 else 0


def confirm(request: Request, what: str, *, back: str, about: str = "", warning: bool = False) -> Response:
    """A page that says what a press will do, with the press itself. what: a code of `confirm` in the console's words; back: where
    to go without it; about: whom or what it concerns; warning: whether its words of warning hold."""
    context = {"said": words()["confirm"][what], "back": back, "about": about, "warning": warning}
    return render(request, "confirm.html", context)


def render(request: Request, name: str, context: dict[str, Any], status: int = 200) -> Response:
    """A page; `officer` is there when somebody is signed in."""
    core = request.app.state.core
    common = {
        "officer": getattr(request.state, "officer", None),
        "bar": getattr(request.state, "bar", None),
        "now": core.now(),
        "book": core.books["vi"],
        "path": request.url.path,
        "idle": IDLE,
    }
    return HTMLResponse(_environment().get_template(name).render(**common, **context), status)
