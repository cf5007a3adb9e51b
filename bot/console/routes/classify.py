"""Corrections of what a tip is about, and the result of the verification of victims."""

from __future__ import annotations

from datetime import date

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import asked
from bot.console.asked import Place, count, text
from bot.console.guard import READERS, page
from bot.console.routes import referral
from bot.core.errors import InvalidInput
from bot.core.written import written
from bot.services.tips import classify, decisions, referrals
from bot.services.tips.classify import Classified
from bot.storage.tables import Tip


@page("/referrals/{id}/classify", roles=READERS, method="POST")
async def correct(request: Request) -> Response:
    """Category, urgency, place, child, people. A place that may be several is asked back on the same page."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id = request.path_params["id"]
    _, tip, _ = await core.db.read(lambda s: referrals.open_tip(s, officer, referral_id))
    place = _place(request, form, tip)
    if place.choices:
        return await referral.ask_place(request, [(code, core.gazetteer.full_name(code)) for code in place.choices])
    people = text(form, "people")
    wanted = Classified(
        category=text(form, "category"), urgency=text(form, "urgency"), child=bool(form.get("child")), commune=place.commune,
        province=place.province, people=count(people) if people else None, reason=text(form, "reason"),
        child_reason=text(form, "child_reason"),
    )  # fmt: skip
    await core.db.run(lambda s: classify.classify(s, officer, core.clocks, referral_id, wanted, core.now()))
    return RedirectResponse(f"/referrals/{referral_id}#classified", 303)


def _place(request: Request, form: FormData, tip: Tip) -> Place:
    """Words that were not touched mean the place that stands there."""
    untouched = asked.place_written(form) == referral.place_words(request.app.state.core.gazetteer, tip)
    if untouched and not asked.text(form, "pick"):
        return Place(tip.commune_code, tip.province_code)
    return asked.place(request, form)


@page("/referrals/{id}/verified", roles=READERS, method="POST")
async def verified(request: Request) -> Response:
    """What the verification came to: that ends its clock."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, result = request.path_params["id"], text(form, "result")
    victims, children = (count(text(form, name) or "0") for name in ("victims", "children"))
    await core.db.run(
        lambda s: referrals.verified(
            s,
            officer,
            core.clocks,
            referral_id,
            result,
            victims,
            children,
            core.now(),
            [str(code) for code in form.getlist("basis")],
        )
    )
    return RedirectResponse(f"/referrals/{referral_id}#verified", 303)


@page("/referrals/{id}/decide", roles=READERS, method="POST")
async def decide(request: Request) -> Response:
    """How the report of a crime was decided: that ends its clock, and not the tip."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, kind, number = (
        request.path_params["id"],
        text(form, "decision"),
        " ".join(written(text(form, "number")).split()),
    )
    try:
        on = date.fromisoformat(text(form, "on"))
    except ValueError:
        raise InvalidInput("decision_date") from None
    await core.db.run(lambda s: decisions.make(s, officer, core.clocks, referral_id, kind, number, on, core.now()))
    return RedirectResponse(f"/referrals/{referral_id}#decided", 303)
