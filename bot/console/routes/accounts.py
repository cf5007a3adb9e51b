"""Accounts: who may sign in. Whoever manages them reads no tip."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import ADMIN, READERS, page
from bot.console.views import render
from bot.core.errors import InvalidInput, NotAllowed
from bot.services import signin, units
from bot.storage.tables import Officer

ROLES = ("officer", "supervisor", "central", "admin", "auditor")
MANAGERS = frozenset({ADMIN})


async def _page(request: Request, link: str = "") -> Response:
    core = request.app.state.core
    officers = await core.db.read(lambda s: list(s.execute(select(Officer).order_by(Officer.login)).scalars()))
    directory = await core.db.read(units.all_units)
    context = {"officers": officers, "units": {u.id: u.name for u in directory}, "roles": ROLES, "link": link}
    return render(request, "accounts.html", context)


@page("/accounts", roles=MANAGERS)
async def show(request: Request) -> Response:
    return await _page(request)


@page("/accounts", roles=MANAGERS, method="POST")
async def invite(request: Request) -> Response:
    """Make an account; its one-time link is shown once."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    login, name, unit_id, role = (str(form.get(key, "")).strip()[:60] for key in ("login", "name", "unit", "role"))
    if role not in ROLES or not login or not name or not login.isascii():
        raise InvalidInput("bad_input")
    token = await core.db.run(
        lambda s: signin.invite(s, login=login, name=name, unit_id=unit_id, role=role, by=officer, now=core.now())
    )
    return await _page(request, link=f"{core.settings.console_url}/enrol/{token}")


@page("/accounts/{id}/renew", roles=MANAGERS, method="POST")
async def renew(request: Request) -> Response:
    """Lost password or device: a new link, and a new key pair with it. Old tips need the unit's key again."""
    core, officer = request.app.state.core, request.state.officer
    token = await core.db.run(lambda s: signin.renew(s, request.path_params["id"], officer, core.now()))
    return await _page(request, link=f"{core.settings.console_url}/enrol/{token}")


@page("/accounts/{id}/switch", roles=MANAGERS, method="POST")
async def switch(request: Request) -> Response:
    """Deactivate, or activate again. Nobody locks themselves out."""
    core, officer = request.app.state.core, request.state.officer
    if request.path_params["id"] == officer.officer_id:
        raise NotAllowed("self")
    await core.db.run(lambda s: signin.switch(s, request.path_params["id"], officer, core.now()))
    return RedirectResponse("/accounts", 303)


@page("/unit", roles=READERS)
async def own_unit(request: Request) -> Response:
    """Colleagues of the unit; one who lost the unit's key gets it back from here."""
    return await _unit(request)


async def _unit(request: Request, link: str = "") -> Response:
    core, officer = request.app.state.core, request.state.officer
    rows = await core.db.read(lambda s: signin.colleagues(s, officer))
    return render(request, "unit.html", {"rows": rows, "link": link, "has_key": officer.unit_id in officer.unit_keys})


@page("/unit/grant/{id}", roles=READERS, method="POST")
async def grant(request: Request) -> Response:
    """Seal the unit's key to a colleague who has none."""
    core, officer = request.app.state.core, request.state.officer
    await core.db.run(lambda s: signin.grant(s, officer, request.path_params["id"], core.now()))
    return RedirectResponse("/unit", 303)


@page("/unit/recover", roles=READERS, method="POST")
async def recover(request: Request) -> Response:
    """The unit's key by its recovery key, for an officer who lost their own."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    key = str(form.get("recovery", ""))[:100]

    def work(session: Session) -> None:
        signin.recover(session, officer, key, core.now())

    await core.db.run(work)
    return RedirectResponse("/unit", 303)
