"""Enrolment by a one-time link: a password, a TOTP device, and the unit's recovery key once."""

from __future__ import annotations

import base64
import io

import segno
from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import EVERYONE, PUBLIC, page
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.services import audit, enrolment, officer_address
from bot.storage.tables import Officer


@page("/enrol/{token}", roles=PUBLIC)
async def show(request: Request) -> Response:
    core, token = request.app.state.core, request.path_params["token"]
    name = await core.db.read(lambda s: enrolment.invited_name(s, token, core.now()))
    return render(request, "enrol.html", {"name": name, "problem": ""})


@page("/enrol/{token}", roles=PUBLIC, method="POST")
async def submit(request: Request) -> Response:
    core, token, form = request.app.state.core, request.path_params["token"], await request.form()
    first, second = str(form.get("password", "")), str(form.get("again", ""))
    name = await core.db.read(lambda s: enrolment.invited_name(s, token, core.now()))
    if first != second:
        return render(request, "enrol.html", {"name": name, "problem": "not_equal"}, 400)
    try:
        done = await core.db.run(lambda s: enrolment.enrol(s, core.vault, token, first, core.now()))
    except InvalidInput as error:
        return render(request, "enrol.html", {"name": name, "problem": error.code}, 400)
    uri = f"otpauth://totp/La%20Chan:{done.login}?secret={done.totp_secret}&issuer=La%20Chan"
    drawn = io.BytesIO()
    segno.make(uri).save(drawn, kind="png", scale=5)
    picture = "data:image/png;base64," + base64.b64encode(drawn.getvalue()).decode()
    return render(request, "enrolled.html", {"done": done, "picture": picture})


@page("/me", roles=EVERYONE)
async def own(request: Request) -> Response:
    """Where this officer is told that work waits; the notices themselves say nothing."""
    core, officer = request.app.state.core, request.state.officer
    found = await core.db.read(lambda s: officer_address.addresses(core.vault, s.get(Officer, officer.officer_id)))
    return render(request, "me.html", {"found": found})


@page("/me", roles=EVERYONE, method="POST")
async def set_own(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    email, channel, address = (str(form.get(name, "")) for name in ("email", "channel", "address"))

    def work(session: Session) -> None:
        row = session.get(Officer, officer.officer_id)
        officer_address.set_email(core.vault, row, email)
        officer_address.set_channel(core.vault, row, channel, address)
        audit.record(session, core.now(), officer.officer_id, "address_set", officer.officer_id)

    await core.db.run(work)
    return RedirectResponse("/me", 303)
