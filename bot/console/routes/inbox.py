"""The desk: referrals the officer can open, with urgency and clocks."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import ADMIN, AUDITOR, EVERYONE, page
from bot.console.views import render
from bot.services import referrals, units


@page("/", roles=EVERYONE)
async def inbox(request: Request) -> Response:
    """Administrators and auditors read no tips; their own pages are their desk."""
    core, officer = request.app.state.core, request.state.officer
    if officer.role == ADMIN:
        return RedirectResponse("/accounts", 303)
    if officer.role == AUDITOR:
        return RedirectResponse("/audit", 303)
    closed = request.query_params.get("show") == "all"
    state = request.query_params.get("state", "")
    rows = await core.db.read(lambda s: referrals.listing(s, officer, open_only=not closed))
    names = await core.db.read(lambda s: {unit.id: unit.name for unit in units.all_units(s)})
    shown = [row for row in rows if not state or row.referral.state == state]
    place = core.gazetteer
    return render(
        request,
        "inbox.html",
        {"rows": shown, "names": names, "closed": closed, "state": state, "total": len(rows), "place": place},
    )
