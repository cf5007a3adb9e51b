"""Copies for support services: given from a referral's page, read by officers of the unit they are sealed to."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import told
from bot.console.guard import READERS, page
from bot.console.views import render
from bot.core.units.model import SUPPORT_KINDS, Directory, Unit, UnitKind
from bot.services.tips import referrals, support
from bot.storage.tables import Correction, Tip


@page("/referrals/{id}/copies", roles=READERS, method="POST")
async def give(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id = request.path_params["id"]
    parts = [str(part) for part in form.getlist("parts")]
    unit_id, consent, reason, needs = (str(form.get(name, "")) for name in ("unit", "consent", "reason", "needs"))

    def work(session: Session) -> None:
        _, tip, _ = referrals.open_tip(session, officer, referral_id)
        place = _corrected_place(core, session.get(Correction, tip.id), tip)
        support.give_copy(
            session, officer, referral_id, unit_id, parts, consent, reason, core.now(), needs=needs, place=place
        )

    await core.db.run(work)
    return RedirectResponse(f"/referrals/{referral_id}", 303)


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
    return render(request, "copies.html", {"copies": copies})


@page("/copies/{id}", roles=READERS)
async def show(request: Request) -> Response:
    core, officer = request.app.state.core, request.state.officer
    copy, body = await core.db.run(lambda s: support.read_copy(s, officer, request.path_params["id"], core.now()))
    return render(
        request, "copy.html", {"copy": copy, "body": body, "lines": told.lines(core.books["vi"], body["words"])}
    )


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
