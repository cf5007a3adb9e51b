"""What officers do with a referral: its steps, its clocks, how long it is kept."""

from __future__ import annotations

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import READERS, page
from bot.console.pressing import carry_out, press
from bot.console.routes.referral import KEEP_DAYS, back, words_of
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.core.referrals.states import Act
from bot.services.keeping import retention
from bot.services.tips import desk, glimpses, pressed, reading, referrals
from bot.services.tips.pressed import Press, Waiting
from bot.services.units import register


@page("/referrals/{id}/act", roles=READERS, method="POST")
async def act(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    try:
        what = Act(str(form.get("act", "")))
    except ValueError:
        raise InvalidInput("act_not_possible") from None
    reason, unit_id = str(form.get("reason", "")), str(form.get("unit", ""))
    note = words_of(form, "note")
    sure = form.get("sure") == "yes"
    if what in pressed.HELD:
        if not sure:
            raise InvalidInput("sure_needed")
        referral_id, state = request.path_params["id"], str(form.get("state", ""))[:20]
        if not state:  # a form that does not say what its page showed
            state = (await core.db.read(lambda s: referrals.open_tip(s, officer, referral_id)))[0].state
        await press(request, referral_id, Press(what, reason, state, core.now(), unit_id, note))
        # These put the tip out of the officer's sight, or out of the list; a page of its own says that they worked.
        return back(request, "/done")

    def work(session: Session) -> None:
        if not sure and referrals.for_another(session, officer, request.path_params["id"]):
            raise InvalidInput("sure_needed")
        referrals.act(session, officer, core.clocks, request.path_params["id"], what, reason, core.now())

    await core.db.run(work)
    return back(request)


@page("/referrals/{id}/done", roles=READERS)
async def done(request: Request) -> Response:
    """What an officer has just pressed or done with a tip, which they may not be able to open any more."""
    core, officer, referral_id = request.app.state.core, request.state.officer, request.path_params["id"]

    def work(session: Session) -> tuple[list[Waiting], reading.Ended | None, str]:
        mine = [one for one in pressed.waiting(session, officer, core.now()) if one.referral_id == referral_id]
        unit = register.names(session, {mine[0].press.unit_id}) if mine and mine[0].press.unit_id else {}
        return mine, None if mine else reading.ended(session, officer, referral_id), "".join(unit.values())

    mine, ended, unit = await core.db.read(work)
    if ended is not None:
        return render(request, "done.html", {"ended": ended})
    context = {"one": mine[0], "unit": unit, "number": glimpses.number, "stale": pressed.STALE}
    return render(request, "pressed.html", context)


@page("/pressed", roles=READERS, method="POST")
async def settle_pressed(request: Request) -> Response:
    """Do at once what was pressed, or take it back. It is the officer's own presses that are asked for, and no other."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    ids = [str(value)[:32] for value in form.getlist("id")][: desk.PAGE_ROWS]
    what = str(form.get("do", ""))
    if what not in {"now", "back"} or not ids:
        raise InvalidInput("act_not_possible")
    if what == "now":
        for referral_id in ids:
            await carry_out(core, officer, referral_id)
    else:
        await core.db.run(lambda s: pressed.take_back(s, officer, ids))
    if len(ids) > 1:
        return RedirectResponse(f"/?told={'bulk' if what == 'now' else 'kept'}", 303)
    return RedirectResponse(f"/referrals/{ids[0]}" + ("/done" if what == "now" else "?told=kept"), 303)


@page("/referrals/{id}/extend", roles=READERS, method="POST")
async def extend(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    reason = str(form.get("reason", ""))
    await core.db.run(
        lambda s: referrals.extend(s, officer, core.clocks, request.path_params["id"], reason, core.now())
    )
    return back(request)


@page("/referrals/{id}/keep", roles=READERS, method="POST")
async def keep(request: Request) -> Response:
    """Put off the erasure of a closed tip."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    reason, days = str(form.get("reason", "")), str(form.get("days", ""))
    number = int(days) if days in {str(choice) for choice in KEEP_DAYS} else 0

    def work(session: Session) -> None:
        _, tip, _ = referrals.open_tip(session, officer, request.path_params["id"])
        retention.keep_longer(session, officer.officer_id, tip.id, number, reason, core.now())

    await core.db.run(work)
    return back(request)
