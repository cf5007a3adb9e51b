"""An officer's passkeys: added after the password and a second factor, named, taken away."""

from __future__ import annotations

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.console.guard import EVERYONE, page, site
from bot.console.routes.account import own_page, proven
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.services.units import passkeys


def _site(request: Request) -> passkeys.Site:
    found = site(request)
    if found is None:
        raise InvalidInput("passkeys_here")
    return found


@page("/me/passkeys/ask", roles=EVERYONE, method="POST")
async def ask(request: Request) -> Response:
    """The challenge with which a passkey answers in place of the six digits, in a form of one's own account."""
    core, officer, where = request.app.state.core, request.state.officer, _site(request)
    asked = await core.db.read(
        lambda s: passkeys.ask(s, core.vault, officer.officer_id, "prove", where, core.now(), officer.session_id)
    )
    if asked is None:
        return JSONResponse({"problem": "wrong"}, 400)
    return JSONResponse({"options": asked.options, "asked": asked.sealed})


@page("/me/passkeys", roles=EVERYONE, method="POST")
async def begin(request: Request) -> Response:
    """Another passkey: first the password and the six digits, or a passkey there is; then the browser makes the new one."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    try:
        where = _site(request)
        await proven(request, form)
        asked = await core.db.read(lambda s: passkeys.begin(s, core.vault, officer, where, core.now()))
    except InvalidInput as error:
        return await own_page(request, error.code, 400)
    return render(request, "passkey.html", {"asked": asked})


@page("/me/passkeys/add", roles=EVERYONE, method="POST")
async def add(request: Request) -> Response:
    """What the browser made."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    sealed, credential = (str(form.get(name, ""))[:16_000] for name in ("asked", "passkey"))
    name = str(form.get("name", ""))

    def work(session: Session) -> str:
        answer = passkeys.Answer(sealed, credential, site(request))
        return passkeys.add(session, core.vault, officer, answer, name, core.now())

    try:
        problem = await core.db.run(work)
    except InvalidInput as error:
        problem = error.code
    if problem:
        return await own_page(request, problem, 400)
    return RedirectResponse("/me?done=passkey_added#passkeys", 303)


@page("/me/passkeys/{id}", roles=EVERYONE, method="POST")
async def change(request: Request) -> Response:
    """Another name for one of one's own, or the end of it."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    passkey_id, name, removed = request.path_params["id"], str(form.get("name", "")), form.get("act") == "remove"

    def work(session: Session) -> None:
        if removed:
            passkeys.remove(session, officer, passkey_id, core.now())
        else:
            passkeys.rename(session, officer, passkey_id, name, core.now())

    try:
        await core.db.run(work)
    except InvalidInput as error:
        return await own_page(request, error.code, 400)
    return RedirectResponse(f"/me?done=passkey_{'removed' if removed else 'named'}#passkeys", 303)
