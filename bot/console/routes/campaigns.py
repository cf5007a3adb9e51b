"""Campaigns: the list with its calendar, and making one. Nobody's name or number is on these pages, only counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import asked, campaign_calendar, campaign_form
from bot.console.campaign_form import Fields
from bot.console.guard import ADMIN, AUDITOR, page
from bot.console.views import render
from bot.core.campaigns import audience as audience_module
from bot.core.campaigns import schedule
from bot.core.campaigns.params import LENGTHS
from bot.core.errors import InvalidInput
from bot.presentation import campaign_desk
from bot.presentation.campaign_desk import MAKERS
from bot.services.campaigns import acts
from bot.services.campaigns.words import sources

VIEWERS = MAKERS | {ADMIN, AUDITOR}
SPREADS = (0, 60, 120, 240, 480, 1440, 4320)


@page("/campaigns", roles=VIEWERS)
async def listing(request: Request) -> Response:
    core, day = request.app.state.core, campaign_desk.today(request.app.state.core)
    rows = await core.db.read(acts.listing)
    year, number = campaign_calendar.month_of(request.query_params.get("month", ""), day)
    return render(
        request,
        "campaigns.html",
        {
            "rows": rows, "month": campaign_calendar.month(year, number, day, rows), "today": day,
            "coming": campaign_calendar.coming(day), "days_left": schedule.days_to_30_7(day),
            "kits": sources(core).kits.values(), "may_make": request.state.officer.role in MAKERS,
        },
    )  # fmt: skip


@page("/campaigns/new", roles=MAKERS)
async def empty_form(request: Request) -> Response:
    core = request.app.state.core
    tomorrow = (campaign_desk.today(core) + timedelta(days=1)).isoformat()
    return await _form(request, campaign_form.prefilled(request.query_params, sources(core).kits, tomorrow))


@page("/campaigns", roles=MAKERS, method="POST")
async def create(request: Request) -> Response:
    """A draft. What cannot be used at all is said above the form, which keeps what was filled in."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    fields = Fields()
    try:
        fields = campaign_form.read_fields(form)
        params = campaign_form.to_params(fields, asked.resolver(request))
    except InvalidInput as error:
        return await _form(request, fields, error.code)
    made = await core.db.run(lambda s: acts.create(s, campaign_desk.desk(core), params, officer.officer_id).id)
    return RedirectResponse(f"/campaigns/{made}", 303)


@page("/campaigns/{id:int}/edit", roles=MAKERS)
async def edit_form(request: Request) -> Response:
    core, number = request.app.state.core, asked.number(request)
    row = await core.db.read(lambda s: acts.get(s, number))
    if row.state != "draft":
        return RedirectResponse(f"/campaigns/{number}", 303)
    fields = campaign_form.fields_of(acts.params_of(row), core.gazetteer)
    return await _form(request, fields, number=number)


@page("/campaigns/{id:int}/edit", roles=MAKERS, method="POST")
async def edit(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    number, fields = asked.number(request), Fields()
    try:
        fields = campaign_form.read_fields(form)
        params = campaign_form.to_params(fields, asked.resolver(request))
        await core.db.run(lambda s: acts.edit(s, campaign_desk.desk(core), number, params, officer.officer_id))
    except InvalidInput as error:
        return await _form(request, fields, error.code, number=number)
    return RedirectResponse(f"/campaigns/{number}", 303)


@page("/campaigns/look", roles=MAKERS, method="POST")
async def look(request: Request) -> Response:
    """The part of the form's page that follows what is filled in: who would get it, and how it would look."""
    fields = campaign_form.read_fields(await request.form())
    return render(request, "campaign_look.html", await _look(request, fields))


async def _look(request: Request, fields: Fields) -> dict[str, Any]:
    core, reader = request.app.state.core, asked.resolver(request)
    places = campaign_form.read_places(fields.places, reader)
    day = campaign_desk.today(core)
    audience, problems = audience_module.Audience(), []
    try:
        audience = audience_module.make(provinces=places.provinces, communes=places.communes, **fields.chosen)
        params = campaign_form.to_params(replace(fields, title=fields.title or "-"), reader)
        problems = await core.db.read(lambda s: acts.problems(s, campaign_desk.desk(core), params))
    except InvalidInput as error:
        problems = [error.code]
    return {
        "people": await core.db.read(lambda s: campaign_desk.people(s, core, audience)),
        "places": places, "problems": problems, "names": core.books["vi"].intents,
        "shown": campaign_desk.draft_shown(sources(core), fields.source, fields.length, core.settings, day),
        "on": acts.channels_on(core.settings),
    }  # fmt: skip


async def _form(request: Request, fields: Fields, problem: str = "", number: int = 0) -> Response:
    core = request.app.state.core
    look_now = await _look(request, fields)
    return render(
        request,
        "campaign_form.html",
        {
            **look_now, "fields": fields, "problem": problem, "number": number, "lengths": LENGTHS, "spreads": SPREADS,
            "groups": campaign_desk.choices_of_content(core, sources(core)), "choices": campaign_form.CHOICES,
            "coming": campaign_calendar.coming(campaign_desk.today(core)), "today": campaign_desk.today(core),
            "days_left": schedule.days_to_30_7(campaign_desk.today(core)),
        },
        400 if problem else 200,
    )  # fmt: skip
