"""Copies for support services: given from a referral's page, read by officers of the unit they are sealed to."""

from __future__ import annotations

import asyncio
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import told
from bot.console.asked import text
from bot.console.documents import letters, word
from bot.console.guard import READERS, page
from bot.console.views import render
from bot.core.units.model import SUPPORT_KINDS, Directory, Unit, UnitKind
from bot.core.written import written
from bot.services.tips import glimpses, referrals, support, support_answers
from bot.services.tips.support import Asked, Letter
from bot.services.units.signin import SignedIn
from bot.storage.tables import Correction, Tip


@page("/referrals/{id}/copies", roles=READERS, method="POST")
async def give(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id = request.path_params["id"]

    def work(session: Session) -> None:
        asked = _asked(core, session, officer, referral_id, form)
        support.give_copy(session, officer, referral_id, str(form.get("unit", "")), asked, core.now())

    await core.db.run(work)
    return RedirectResponse(f"/referrals/{referral_id}#copies", 303)


def _asked(core: Any, session: Session, officer: SignedIn, referral_id: str, form: FormData) -> Asked:
    """What was chosen for a copy or a letter."""
    _, tip, _ = referrals.open_tip(session, officer, referral_id)
    return Asked(
        parts=[str(part) for part in form.getlist("parts")], consent=text(form, "consent"), reason=str(form.get("reason", "")),
        needs=str(form.get("needs", "")), place=_corrected_place(core, session.get(Correction, tip.id), tip),
        tell=form.get("tell") == "yes",
    )  # fmt: skip


@page("/referrals/{id}/letter", roles=READERS, method="POST")
async def letter(request: Request) -> Response:
    """The chosen parts as a Word document, for a service that is not on the system. Made in memory, kept nowhere."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id = request.path_params["id"]

    def work(session: Session) -> Letter:
        asked = _asked(core, session, officer, referral_id, form)
        unit_id, recipient = text(form, "unit"), text(form, "recipient")
        return support.give_letter(session, officer, referral_id, unit_id, recipient, asked, core.now())

    made = await core.db.run(work)
    data = await asyncio.to_thread(lambda: word.write(letters.compose(made, core.books["vi"]), made.at))
    return Response(
        data, media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        headers={"Content-Disposition": f'attachment; filename="thu-ho-tro-{referral_id[:8]}.docx"',
                 "Content-Security-Policy": "default-src 'none'; sandbox"},
    )  # fmt: skip


@page("/referrals/{id}/letters/{copy}", roles=READERS, method="POST")
async def heard(request: Request) -> Response:
    """What a service that is not on the system answered, as an officer heard it."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, copy_id = request.path_params["id"], request.path_params["copy"]
    answered = _answered(form)
    await core.db.run(
        lambda s: support_answers.heard(
            s, core.vault, officer, referral_id, copy_id, *answered, *_told(core), core.now()
        )
    )
    return RedirectResponse(f"/referrals/{referral_id}#copies", 303)


def _answered(form: FormData) -> tuple[str, str, str]:
    """(answer, reason of a refusal, words for the officers)."""
    return text(form, "what"), text(form, "reason"), written(text(form, "words")).replace("\r\n", "\n").strip()


def _told(core: Any) -> tuple[dict[str, str], str]:
    """(the reporter's sentence by answer, what says that there is news)."""
    lines = core.books["vi"].lines
    return {what: lines[f"support_{what}"].text for what in support_answers.ANSWERS}, lines["notice_news"].text


def _corrected_place(core: Any, correction: Correction | None, tip: Tip) -> str:
    """The name of the place as an officer corrected it, "" where the reporter's own stands."""
    if correction is None or (correction.commune_code, correction.province_code) == (
        tip.commune_code,
        tip.province_code,
    ):
        return ""
    if tip.commune_code in core.gazetteer.communes:
        return core.gazetteer.full_name(tip.commune_code)
    found = core.gazetteer.provinces.get(tip.province_code)
    return found.full_name if found else ""


@page("/copies", roles=READERS)
async def listing(request: Request) -> Response:
    core, officer = request.app.state.core, request.state.officer
    copies = await core.db.read(lambda s: support.received(s, officer))
    return render(request, "copies.html", {"copies": copies, "number": glimpses.number})


@page("/copies/{id}", roles=READERS)
async def show(request: Request) -> Response:
    core, officer = request.app.state.core, request.state.officer
    copy, body = await core.db.run(lambda s: support.read_copy(s, officer, request.path_params["id"], core.now()))
    context = {
        "copy": copy, "body": body, "lines": told.lines(core.books["vi"], body["words"]), "number": glimpses.number,
        "answers": support_answers.possible(copy.state), "refusals": support_answers.REASONS,
    }  # fmt: skip
    return render(request, "copy.html", context)


@page("/copies/{id}/answer", roles=READERS, method="POST")
async def answer(request: Request) -> Response:
    """The service accepts, cannot, or has done its part."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    copy_id, answered = request.path_params["id"], _answered(form)
    await core.db.run(
        lambda s: support_answers.answer(s, core.vault, officer, copy_id, *answered, *_told(core), core.now())
    )
    return RedirectResponse(f"/copies/{copy_id}", 303)


def services_near(directory: Directory, tip: Tip) -> list[Unit]:
    """Support units that may be of use for a tip: of its commune, its province, or for the whole country."""
    found: list[Any] = [*directory.support(tip.commune_code, tip.province_code), directory.at(UnitKind.CHILD_111)]
    found += [
        unit
        for unit in directory.units.values()
        if unit.kind in SUPPORT_KINDS
        and unit.id in directory.enrolled
        and unit.province_code in {"", tip.province_code}
    ]
    return list({unit.id: unit for unit in found if unit is not None}.values())
