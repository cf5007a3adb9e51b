"""What officers keep beside a tip: notes, who has it, an answer that is begun; and which other tips name the same."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import READERS, page
from bot.console.routes.referral import words_of
from bot.console.views import render
from bot.services.tips import glimpses, linking, notes, owners
from bot.services.units import register


@page("/referrals/{id}/note", roles=READERS, method="POST")
async def note(request: Request) -> Response:
    """A note for officers only, sealed apart from what the reporter can open."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, text = request.path_params["id"], words_of(form, "note")
    await core.db.run(lambda s: notes.add(s, officer, referral_id, text, core.now()))
    return RedirectResponse(f"/referrals/{referral_id}#notes", 303)


@page("/referrals/{id}/owner", roles=READERS, method="POST")
async def owner(request: Request) -> Response:
    """Take the tip oneself, give it to a colleague of the unit, or lay it down."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, to = request.path_params["id"], str(form.get("to", ""))[:32]
    await core.db.run(lambda s: owners.assign(s, officer, referral_id, to, core.now()))
    return RedirectResponse(f"/referrals/{referral_id}", 303)


@page("/referrals/{id}/links", roles=READERS)
async def links(request: Request) -> Response:
    """Other tips that name the same number, account, plate or link, among those the officer can open."""
    core, officer, referral_id = request.app.state.core, request.state.officer, request.path_params["id"]
    found = await core.db.run(lambda s: linking.linked(s, officer, referral_id, core.now()))
    names = await core.db.read(lambda s: register.names(s, {one.referral.unit_id for one in found}))
    part = request.query_params.get("part") == "1"
    context = {"found": found, "names": names, "number": glimpses.number, "id": referral_id, "place": core.gazetteer}
    return render(request, "links_part.html" if part else "links.html", context)


@page("/referrals/{id}/draft", roles=READERS, method="POST")
async def draft(request: Request) -> Response:
    """Keep what is written so far of an answer; the page sends it by itself while one writes."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, text = request.path_params["id"], words_of(form, "text")
    await core.db.run(lambda s: owners.keep_draft(s, officer, referral_id, text, core.now()))
    if form.get("quiet") == "yes":
        return Response(status_code=204)
    return RedirectResponse(f"/referrals/{referral_id}#dialogue", 303)
