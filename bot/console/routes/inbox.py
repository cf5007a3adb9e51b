"""The desk: referrals of the officer's units, the pressing ones first, with the time that is left."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.console.guard import ADMIN, AUDITOR, EVERYONE, READERS, page
from bot.console.views import page_number, render
from bot.core.referrals.states import FINAL, State
from bot.services.tips import desk, escalated
from bot.services.tips.desk import SHOWS, Wanted
from bot.services.units import register, rekey

OPEN_STATES = tuple(state.value for state in State if state not in FINAL)


@page("/", roles=EVERYONE)
async def inbox(request: Request) -> Response:
    """Administrators and auditors read no tips; their own pages are their desk."""
    core, officer = request.app.state.core, request.state.officer
    if officer.role == ADMIN:
        return RedirectResponse("/accounts", 303)
    if officer.role == AUDITOR:
        return RedirectResponse("/audit", 303)
    if officer.old_keys:  # whoever works carries on what a change of the unit's key has left
        await core.db.run(lambda s: rekey.carry_on(s, officer, core.now()))
    wanted = _wanted(request)
    found = await core.db.read(lambda s: desk.listing(s, officer, core.clocks, wanted, core.now()))
    names = await core.db.read(
        lambda s: register.names(s, {*found.units, *(row.referral.unit_id for row in found.rows)})
    )
    context = {
        "found": found, "wanted": wanted, "names": names, "place": core.gazetteer, "states": OPEN_STATES, "shows": SHOWS,
        "band": await core.db.read(lambda s: escalated.band(s, officer, core.now())),
        "link": lambda **changes: _link(wanted, changes),
    }  # fmt: skip
    return render(request, "inbox.html", context)


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    show, state = asked.get("show", "open"), asked.get("state", "")
    return Wanted(
        state=state if state in OPEN_STATES else "",
        show=show if show in SHOWS else "open",
        unit=asked.get("unit", "")[:40],
        category=asked.get("category", "")[:40],
        page=page_number(request),
    )


def _link(wanted: Wanted, changes: Mapping[str, object]) -> str:
    """The address of this list with some filters changed; back on the first page unless that is what changes."""
    fields: dict[str, object] = {
        "show": wanted.show, "state": wanted.state, "unit": wanted.unit, "category": wanted.category, **changes,
    }  # fmt: skip
    kept = {name: value for name, value in fields.items() if value and (name, value) != ("show", "open")}
    return "/" + (f"?{urlencode(kept)}" if kept else "")


@page("/pulse", roles=READERS, presence=False)
async def pulse(request: Request) -> Response:
    """What an open list asks every half a minute: numbers only, and no sign that somebody is there."""
    core, officer = request.app.state.core, request.state.officer
    beat = await core.db.read(lambda s: desk.pulse(s, officer))
    return JSONResponse({"unread": beat.unread, "urgent": beat.urgent, "newest": beat.newest, "replies": beat.replies})
