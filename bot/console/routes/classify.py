"""Corrections of what a tip is about, and the result of the verification of victims."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console.asked import resolver
from bot.console.guard import READERS, page
from bot.console.routes import referral
from bot.core.errors import InvalidInput
from bot.core.places.model import Status
from bot.core.text import nfc
from bot.core.written import MOST_MARKS
from bot.services.tips import classify, referrals
from bot.services.tips.classify import Classified
from bot.storage.tables import Tip

MOST_OFFERED = 12  # communes of one name to choose from
MOST_PLACE_CHARS = 300


@page("/referrals/{id}/classify", roles=READERS, method="POST")
async def correct(request: Request) -> Response:
    """Category, urgency, place, child, people. A place that may be several is asked back on the same page."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id = request.path_params["id"]
    _, tip, _ = await core.db.read(lambda s: referrals.open_tip(s, officer, referral_id))
    commune, province, choices = _place(request, form, tip)
    if choices:
        return await referral.ask_place(request, [(code, core.gazetteer.full_name(code)) for code in choices])
    people = _text(form, "people")
    wanted = Classified(
        category=_text(form, "category"), urgency=_text(form, "urgency"), child=bool(form.get("child")), commune=commune,
        province=province, people=_number(people) if people else None, reason=_text(form, "reason"),
        child_reason=_text(form, "child_reason"),
    )  # fmt: skip
    await core.db.run(lambda s: classify.classify(s, officer, core.clocks, referral_id, wanted, core.now()))
    return RedirectResponse(f"/referrals/{referral_id}#classified", 303)


def _place(request: Request, form: FormData, tip: Tip) -> tuple[str, str, list[str]]:
    """(commune, province, communes to choose from). Words that were not touched mean the place that stands there."""
    gazetteer = request.app.state.core.gazetteer
    picked = _text(form, "pick")
    if picked in gazetteer.communes:
        return picked, gazetteer.communes[picked].province, []
    written = nfc(_text(form, "place")[: MOST_MARKS * MOST_PLACE_CHARS])[:MOST_PLACE_CHARS]
    if written == referral.place_words(gazetteer, tip):
        return tip.commune_code, tip.province_code, []
    if not written:
        return "", "", []
    found = resolver(request).resolve(written)
    if found.status is Status.COMMUNE and not found.alternatives:
        return found.codes[0], gazetteer.communes[found.codes[0]].province, []
    if found.status is Status.PROVINCE and found.province:
        return "", found.province, []
    choices = list(dict.fromkeys([*found.codes, *found.alternatives]))[:MOST_OFFERED]
    if not choices:
        raise InvalidInput("place_unknown" if found.status is Status.NONE else "place_unclear")
    return "", "", choices


@page("/referrals/{id}/verified", roles=READERS, method="POST")
async def verified(request: Request) -> Response:
    """What the verification came to: that ends its clock."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    referral_id, result = request.path_params["id"], _text(form, "result")
    victims, children = (_number(_text(form, name) or "0") for name in ("victims", "children"))
    await core.db.run(
        lambda s: referrals.verified(s, officer, core.clocks, referral_id, result, victims, children, core.now())
    )
    return RedirectResponse(f"/referrals/{referral_id}#verified", 303)


def _text(form: FormData, name: str) -> str:
    value: Any = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _number(text: str) -> int:
    """A number of people; nonsense is one that no rule accepts."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
