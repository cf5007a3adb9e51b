"""What the words of the console mean, and its keys; an officer's own ready-made answers."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.guard import EVERYONE, READERS, page
from bot.console.routes.referral import told_code, words_of
from bot.console.views import render
from bot.core.errors import InvalidInput
from bot.services.tips import saved_replies


@page("/help", roles=EVERYONE)
async def explain(request: Request) -> Response:
    """Every explanation that stands beside a word, in one place."""
    return render(request, "help.html", {})


@page("/replies", roles=READERS)
async def replies(request: Request) -> Response:
    """The officer's own ready-made answers."""
    return await _page(request)


@page("/replies", roles=READERS, method="POST")
async def add(request: Request) -> Response:
    """Keep one more; a form that is refused comes back with its words."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    title, text = words_of(form, "title"), words_of(form, "text")
    try:
        await core.db.run(lambda s: saved_replies.add(s, officer, title, text, core.now()))
    except InvalidInput as error:
        return await _page(request, error.code, title, text)
    return RedirectResponse("/replies?told=reply_kept", 303)


@page("/replies/{id}", roles=READERS, method="POST")
async def remove(request: Request) -> Response:
    """Drop one of the officer's own."""
    core, officer = request.app.state.core, request.state.officer
    await core.db.run(lambda s: saved_replies.remove(s, officer, request.path_params["id"]))
    return RedirectResponse("/replies?told=reply_gone", 303)


async def _page(request: Request, problem: str = "", title: str = "", text: str = "") -> Response:
    core, officer = request.app.state.core, request.state.officer
    kept = await core.db.read(lambda s: saved_replies.own(s, officer))
    context = {"kept": kept, "problem": problem, "title": title, "text": text, "told": told_code(request)}
    return render(request, "replies.html", context, 400 if problem else 200)
