"""One campaign: look at it, try it, have it agreed to by a second person, and steer it while it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.console import asked
from bot.console.guard import page
from bot.console.routes.campaigns import VIEWERS
from bot.console.views import render
from bot.core.campaigns.states import Act, State, acts
from bot.core.errors import InvalidInput
from bot.presentation import campaign_desk
from bot.presentation.campaign_desk import MAKERS
from bot.services.campaigns import acts as campaigns
from bot.services.campaigns import report

STEERING = (Act.PAUSE, Act.RESUME, Act.WITHDRAW, Act.STOP)


@page("/campaigns/{id:int}", roles=VIEWERS)
async def show(request: Request) -> Response:
    return await _page(request)


@page("/campaigns/{id:int}/progress", roles=VIEWERS, presence=False)
async def progress(request: Request) -> Response:
    """Numbers for a page that is open; asking does not keep the session alive."""
    core, number = request.app.state.core, asked.number(request)

    def read(session: Session) -> dict[str, Any]:
        row = campaigns.get(session, number)
        return campaign_desk.progress_json(row, report.progress(session, row, core.now()))

    return JSONResponse(await core.db.read(read))


@page("/campaigns/{id:int}/submit", roles=MAKERS, method="POST")
async def submit(request: Request) -> Response:
    core, by = request.app.state.core, request.state.officer.officer_id
    number = asked.number(request)
    return await _done(request, lambda s: campaigns.submit(s, campaign_desk.desk(core), number, by))


@page("/campaigns/{id:int}/approve", roles=MAKERS, method="POST")
async def approve(request: Request) -> Response:
    """A second person agrees to exactly what the page showed them."""
    core, by, form = request.app.state.core, request.state.officer.officer_id, await request.form()
    number, shown = asked.number(request), str(form.get("shown", ""))[:64]
    read = form.get("read") == "yes"

    def work(session: Session) -> None:
        if not read:
            raise InvalidInput("read_first")
        campaigns.approve(session, campaign_desk.desk(core), number, by, shown)

    return await _done(request, work)


@page("/campaigns/{id:int}/act", roles=MAKERS, method="POST")
async def steer(request: Request) -> Response:
    """Withdraw, pause, resume, stop. Stopping cannot be undone, so it asks for a tick."""
    core, by, form = request.app.state.core, request.state.officer.officer_id, await request.form()
    number, name = asked.number(request), str(form.get("act", ""))
    sure = form.get("confirm") == "yes"

    def work(session: Session) -> None:
        if name not in {act.value for act in STEERING}:
            raise InvalidInput("act_not_possible")
        if name == Act.STOP.value and not sure:
            raise InvalidInput("confirm_needed")
        campaigns.act(session, number, Act(name), by, core.now())

    return await _done(request, work)


@page("/campaigns/{id:int}/test", roles=MAKERS, method="POST")
async def test(request: Request) -> Response:
    """Send the message to the officer who asks, on the channel of their notices."""
    core, by = request.app.state.core, request.state.officer.officer_id
    number = asked.number(request)
    return await _done(request, lambda s: campaigns.ask_test(s, number, by, core.now()))


async def _done(request: Request, work: Callable[[Session], Any]) -> Response:
    """Do it and show the campaign again; a refusal is said on its page."""
    try:
        await request.app.state.core.db.run(work)
    except InvalidInput as error:
        return await _page(request, error.code)
    return RedirectResponse(f"/campaigns/{asked.number(request)}", 303)


async def _page(request: Request, refused: str = "") -> Response:
    core, officer = request.app.state.core, request.state.officer
    number = asked.number(request)
    view = await core.db.read(lambda s: campaign_desk.view(s, core, number, officer.officer_id))
    state, maker = State(view.row.state), officer.role in MAKERS
    possible = [act.value for act in STEERING if act in acts(state)] if maker else []
    if view.row.started_at and Act.WITHDRAW.value in possible:
        possible.remove(Act.WITHDRAW.value)  # some people have it already
    context = {
        "view": view, "row": view.row, "params": view.params, "refused": refused, "maker": maker, "possible": possible,
        "may_edit": maker and state is State.DRAFT, "may_submit": maker and state is State.DRAFT,
        "may_approve": maker and state is State.SUBMITTED and not view.own and not view.beyond,
        "places": campaign_desk.place_names(core, view.params.audience),
        "on": campaigns.channels_on(core.settings),
    }  # fmt: skip
    return render(request, "campaign.html", context, 400 if refused else 200)
