"""What goes between an officer and a reporter: answers, decisions on what was written, the contact."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import MAX_UPLOAD_BYTES, READERS, page
from bot.console.routes.referral import back, page_of, words_of
from bot.core.errors import InvalidInput
from bot.services.tips import answering, files, referrals, reporter_contact


@page("/referrals/{id}/answer", roles=READERS, method="POST", max_body=MAX_UPLOAD_BYTES)
async def answer(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    text = words_of(form, "text")
    if not text:
        raise InvalidInput("empty")
    referral_id, notice = request.path_params["id"], core.books["vi"].lines["notice_news"].text
    await core.db.read(lambda s: referrals.open_tip(s, officer, referral_id))  # nobody else's files are stored
    refs = await _keep(core, form)
    shown, said = (_shown(form, name) if name in form else None for name in ("shown", "said"))
    await core.db.run(
        lambda s: answering.answer(s, core.vault, officer, referral_id, text, notice, core.now(), refs, shown, said)
    )
    return back(request, "?sent=1#dialogue")


def _shown(form: FormData, name: str = "shown") -> int:
    """How many undecided messages of the reporter ("shown") or lines of officers ("said") the officer's page showed; nonsense
    is a number that never fits."""
    text = str(form.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1


@page("/referrals/{id}/message", roles=READERS, method="POST")
async def settle(request: Request) -> Response:
    """What the reporter wrote is dealt with, or opens an ended tip no more."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    what, lines = str(form.get("act", "")), core.books["vi"].lines
    if what not in {"handled", "closed"}:
        raise InvalidInput("act_not_possible")
    await core.db.run(
        lambda s: answering.settle(
            s, core.vault, officer, request.path_params["id"], what, _shown(form), lines["not_reopened"].text,
            lines["notice_news"].text, core.now(),
        )
    )  # fmt: skip
    return back(request)


async def _keep(core: Any, form: FormData) -> list[str]:
    """Store the files of a form, encrypted. What an error leaves behind is removed by the sweep of orphans."""
    refs = []
    for upload in form.getlist("files"):
        data = await upload.read() if isinstance(upload, UploadFile) else b""
        if data:  # a browser sends an empty part when nothing was chosen
            kept = await asyncio.to_thread(
                files.keep, core.settings.blobs_dir, data, core.settings.clamav_socket,
                min_free=core.settings.min_free_mb * 2**20,
            )  # fmt: skip
            refs.append(kept.ref)
    return refs


@page("/referrals/{id}/contact", roles=READERS, method="POST")
async def contact(request: Request) -> Response:
    """Shown in the answer to this one request, kept nowhere."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    reason = str(form.get("reason", ""))
    opened = await core.db.run(
        lambda s: reporter_contact.reveal(s, officer, request.path_params["id"], reason, core.now())
    )
    return await page_of(request, contact=opened)
