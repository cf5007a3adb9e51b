"""What officers do with a referral: its steps, its clocks, how long it is kept."""

from __future__ import annotations

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import READERS, page
from bot.console.routes.referral import KEEP_DAYS, back, words_of
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.core.referrals.states import Act
from bot.services.keeping import retention
from bot.services.tips import reading, referrals, transfers


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
    if what in {Act.TRANSFER, Act.REFUSE, Act.CLOSE} and not sure:
        raise InvalidInput("sure_needed")

    def work(session: Session) -> None:
        if not sure and referrals.for_another(session, officer, request.path_params["id"]):
            raise InvalidInput("sure_needed")
        if what is Act.TRANSFER:
            transfers.transfer(
                session, officer, core.clocks, request.path_params["id"], unit_id, reason, core.now(), note
            )
        else:
            referrals.act(session, officer, core.clocks, request.path_params["id"], what, reason, core.now())

    await core.db.run(work)
    # These put the tip out of the officer's sight, or out of the list; a page of its own says that they worked.
    return back(request, "/done" if what in {Act.TRANSFER, Act.REFUSE, Act.CLOSE} else "")


@page("/referrals/{id}/done", roles=READERS)
async def done(request: Request) -> Response:
    """What an officer has just done with a tip, which they may not be able to open any more."""
    core, officer = request.app.state.core, request.state.officer
    ended = await core.db.read(lambda s: reading.ended(s, officer, request.path_params["id"]))
    return render(request, "done.html", {"ended": ended})


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
