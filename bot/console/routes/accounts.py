"""Accounts and units: who may sign in, and where. Whoever manages them reads no tip."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import ADMIN, page
from bot.console.views import confirm, page_number, render
from bot.core.errors import InvalidInput, NotAllowed
from bot.services.units import accounts
from bot.storage.tables import Unit

MANAGERS = frozenset({ADMIN})


async def _page(request: Request, status: int = 200, **more: Any) -> Response:
    core, words, number = request.app.state.core, request.query_params.get("q", "")[:60].strip(), page_number(request)
    found = await core.db.read(lambda s: accounts.search(s, words, number))
    unit_id = str(more.get("unit_id") or request.query_params.get("unit", ""))[:40]
    unit = await core.db.read(lambda s: s.get(Unit, unit_id)) if unit_id else None
    context = {"found": found, "q": words, "page": number, "roles": accounts.ROLES, "unit": unit, "link": "", "problem": "",
               "typed": {}} | more  # fmt: skip
    return render(request, "accounts.html", context, status)


@page("/accounts", roles=MANAGERS)
async def show(request: Request) -> Response:
    return await _page(request)


@page("/accounts", roles=MANAGERS, method="POST")
async def invite(request: Request) -> Response:
    """Make an account; its one-time link is shown once."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    typed = {key: str(form.get(key, ""))[:80].strip() for key in ("login", "name", "unit", "role")}
    try:
        token = await core.db.run(
            lambda s: accounts.invite(
                s, officer, login=typed["login"], name=typed["name"], unit_id=typed["unit"], role=typed["role"],
                now=core.now(),
            )
        )  # fmt: skip
    except InvalidInput as error:
        return await _page(request, 400, problem=error.code, typed=typed, unit_id=typed["unit"])
    return await _page(request, link=_link(core, token))


@page("/accounts/{id}/renew", roles=MANAGERS, method="POST")
async def renew(request: Request) -> Response:
    """Lost password or device: a new link, and a new key pair with it. Old tips need the unit's key again."""
    core, officer = request.app.state.core, request.state.officer
    if (await request.form()).get("sure") != "yes":
        return await _confirm(request, "renew")
    token = await core.db.run(lambda s: accounts.renew(s, request.path_params["id"], officer, core.now()))
    return await _page(request, link=_link(core, token))


async def _confirm(request: Request, what: str) -> Response:
    """Say what the press will do to whom, before it is done."""
    core, officer_id = request.app.state.core, request.path_params["id"]
    stake = await core.db.read(lambda s: accounts.at_stake(s, officer_id))
    if what == "switch":
        if officer_id == request.state.officer.officer_id:
            raise NotAllowed("self")
        what = "switch_off" if stake.active else "switch_on"
    about = " · ".join(filter(None, [f"{stake.name} ({stake.login})", stake.unit_name]))
    return confirm(request, what, back="/accounts", about=about, warning=stake.last and what != "switch_on")


def _link(core: Any, token: str) -> str:
    return f"{core.settings.console_url}/enrol/{token}"


@page("/accounts/{id}/switch", roles=MANAGERS, method="POST")
async def switch(request: Request) -> Response:
    """Deactivate, or activate again."""
    core, officer = request.app.state.core, request.state.officer
    if (await request.form()).get("sure") != "yes":
        return await _confirm(request, "switch")
    await core.db.run(lambda s: accounts.switch(s, request.path_params["id"], officer, core.now()))
    return RedirectResponse("/accounts", 303)


@page("/units", roles=MANAGERS)
async def listing(request: Request) -> Response:
    """The directory as it is now; it is replaced as a whole by `lachan units import`."""
    core, words, number = request.app.state.core, request.query_params.get("q", "")[:60].strip(), page_number(request)
    found = await core.db.read(lambda s: accounts.units(s, words, number))
    return render(request, "units.html", {"found": found, "q": words, "page": number})
