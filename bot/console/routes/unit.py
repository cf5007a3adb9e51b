"""One's own unit: colleagues, the unit's key and its recovery, and units below that are locked out."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import CENTRAL, READERS, SUPERVISOR, page
from bot.console.views import confirm as ask
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.services.units import rekey, unit_keys
from bot.storage.sealing import CannotOpen


async def _page(request: Request, **more: Any) -> Response:
    core, officer = request.app.state.core, request.state.officer
    rows = await core.db.read(lambda s: unit_keys.colleagues(s, officer))
    above = officer.role in {SUPERVISOR, CENTRAL}
    lost = await core.db.read(lambda s: unit_keys.lost_below(s, officer)) if above else []
    waiting = await core.db.read(lambda s: unit_keys.waiting_below(s, officer))
    opened = await core.db.read(lambda s: unit_keys.is_open(s, officer))
    context = {
        "spoken": await core.db.read(lambda s: unit_keys.own_spoken(s, officer, waiting=True)),
        "recovered": await core.db.read(lambda s: unit_keys.recovered_lately(s, officer, core.now())),
        "recoverable": await core.db.read(lambda s: unit_keys.can_recover(s, officer)),
        "rows": rows,
        "waiting": waiting,
        "opened": opened,
        "has_key": officer.unit_id in officer.unit_keys,
        "lost": lost,
        "rekey": await core.db.read(lambda s: rekey.standing(s, officer)),
        "changed": await core.db.read(lambda s: rekey.changed_lately(s, officer, core.now())),
        "own_digits": await core.db.read(lambda s: unit_keys.own_spoken(s, officer)),
        "receivers": await core.db.read(lambda s: rekey.receivers(s, officer)),
        "recovery": "",
        "done": request.query_params.get("done", ""),
    } | more
    return render(request, "unit.html", context)


@page("/unit", roles=READERS)
async def show(request: Request) -> Response:
    """Colleagues of the unit; one who lost the unit's key gets it back from here."""
    return await _page(request)


@page("/unit/grant/{id}", roles=READERS, method="POST")
async def grant(request: Request) -> Response:
    """Seal the unit's key to a colleague who has none."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    if form.get("sure") != "yes":
        to = await core.db.read(lambda s: unit_keys.grantable(s, officer, request.path_params["id"]))
        return ask(request, "grant", back="/unit", about=f"{to.name} ({to.login})")
    await core.db.run(lambda s: unit_keys.grant(s, officer, request.path_params["id"], core.now()))
    return RedirectResponse("/unit", 303)


@page("/unit/recover", roles=READERS, method="POST")
async def recover(request: Request) -> Response:
    """The unit's key by its recovery key, for an officer who lost their own."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    key = str(form.get("recovery", ""))[:100]
    if not await core.db.run(lambda s: unit_keys.recover(s, officer, key, core.now())):
        raise CannotOpen("recovery")
    return RedirectResponse("/unit", 303)


@page("/unit/recovery", roles=READERS, method="POST")
async def new_recovery(request: Request) -> Response:
    """A fresh recovery key, shown in the answer to this one request."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    if officer.unit_id in officer.unit_keys and form.get("sure") != "yes":
        return ask(request, "recovery", back="/unit")
    printed = await core.db.run(lambda s: unit_keys.new_recovery(s, officer, core.now()))
    return await _page(request, recovery=printed)


@page("/unit/rekey", roles=READERS, method="POST")
async def change_key(request: Request) -> Response:
    """Another key for the unit, or the next part of what is sealed anew. The recovery key is shown in this one answer."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    if form.get("go_on") == "1":
        await core.db.run(lambda s: rekey.carry_on(s, officer, core.now()))
        return RedirectResponse("/unit#rekey", 303)
    if form.get("sure") != "yes":
        raise InvalidInput("sure_needed")
    printed = await core.db.run(lambda s: rekey.begin(s, officer, core.now()))
    return await _page(request, recovery=printed, done="rekeyed", own_digits="")  # those of the old key


@page("/unit/confirm/{id}", roles=READERS, method="POST")
async def confirm(request: Request) -> Response:
    """The first officer of a unit below is who they say, or is not."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    decide = {"yes": unit_keys.confirm, "no": unit_keys.turn_away}.get(str(form.get("answer", "")))
    if decide is None:
        raise InvalidInput("bad_form")
    shown = str(form.get("shown", ""))[:64]
    await core.db.run(lambda s: decide(s, officer, request.path_params["id"], shown, core.now()))
    return RedirectResponse("/unit?done=" + ("confirmed" if decide is unit_keys.confirm else "turned_away"), 303)


@page("/unit/restore/{id}", roles=frozenset({SUPERVISOR, CENTRAL}), method="POST")
async def restore(request: Request) -> Response:
    """A unit below lost its key for good: make it a new one."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    shown = str(form.get("shown", ""))[:64]
    await core.db.run(lambda s: unit_keys.restore(s, officer, request.path_params["id"], core.now(), shown))
    return RedirectResponse("/unit", 303)


@page("/unit/mend/{id}", roles=READERS, method="POST")
async def mend(request: Request) -> Response:
    """The database names another key than the officers hold: put the true one back."""
    core, officer = request.app.state.core, request.state.officer
    await core.db.run(lambda s: unit_keys.mend(s, officer, request.path_params["id"], core.now()))
    return RedirectResponse("/me", 303)
