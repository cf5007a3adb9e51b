"""Tips told to officers: a form of one's own, and the receipt for whoever told it, shown once."""

from __future__ import annotations

import asyncio
import secrets
from datetime import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from bot.console import asked
from bot.console.asked import Place, count, text
from bot.console.guard import READERS, page
from bot.console.views import render
from bot.core.campaigns.schedule import VIETNAM
from bot.core.errors import InvalidInput, NotAllowed, TooLarge
from bot.core.tips import receipt
from bot.core.tips.channel import HOTLINE, TOLD_TO_OFFICERS
from bot.core.units.model import UnitKind
from bot.core.written import written
from bot.phrases.receipt_words import WORDS
from bot.services.tips import glimpses, record, taken_down
from bot.services.tips.taken_down import TakenDown
from bot.services.units import register
from bot.storage.tables import Unit

_LOCAL = "%Y-%m-%dT%H:%M"  # of <input type="datetime-local">
_WORDS = ("what", "when", "who", "behind", "evidence", "reference")
_SHORT, _LONG = 300, 4000


@page("/tips/new", roles=READERS)
async def blank(request: Request) -> Response:
    return await _page(request, await _unit(request))


async def _unit(request: Request) -> Unit:
    """The officer's unit. Raises NotAllowed where it takes no tips down."""
    core, officer = request.app.state.core, request.state.officer
    unit: Unit | None = await core.db.read(lambda s: taken_down.may(s, officer))
    if unit is None:
        raise NotAllowed("take_down")
    return unit


async def _page(
    request: Request, unit: Unit, typed: dict[str, str] | None = None, problem: str = "", choices: tuple[str, ...] = ()
) -> Response:
    """The form, with what was typed already. choices: communes that the place may mean."""
    core = request.app.state.core
    of_111 = unit.kind == UnitKind.CHILD_111.value
    context: dict[str, Any] = {
        "typed": typed or {"at": datetime.fromtimestamp(core.now(), VIETNAM).strftime(_LOCAL), "place": _own_place(core, unit)},
        "unit": unit, "problem": problem, "once": (typed or {}).get("once") or secrets.token_hex(16),
        "channels": (HOTLINE,) if of_111 else TOLD_TO_OFFICERS,
        "places": [(code, core.gazetteer.full_name(code)) for code in choices],
        "oldest": int(taken_down.OLDEST // 86_400),
    }  # fmt: skip
    return render(request, "take_down.html", context, 400 if problem else 200)


def _own_place(core: Any, unit: Unit) -> str:
    if unit.commune_code in core.gazetteer.communes:
        return str(core.gazetteer.full_name(unit.commune_code))
    return ""


@page("/tips", roles=READERS, method="POST")
async def make(request: Request) -> Response:
    """Store it. What is wrong keeps the form; the receipt code is in the answer to this one request, and nowhere else."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    unit = await _unit(request)
    typed = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    try:
        place = asked.place(request, form)
        if place.choices:
            return await _page(request, unit, typed, "place_unclear", place.choices)
        taken = _read(core, form, place)
        await core.db.read(lambda s: taken_down.check(s, officer, taken, core.now()))
        new_id = taken_down.tip_id(officer, typed.get("once", "")) if typed.get("once") else ""
        prepared = await asyncio.to_thread(record.prepare, core.vault, taken_down.draft_of(taken), new_id)
        done = await core.db.run(
            lambda s: taken_down.take_down(
                s, core.vault, officer, register.directory(s), core.clocks, taken, prepared, core.now()
            )
        )
    except (InvalidInput, TooLarge) as error:
        return await _page(request, unit, typed, error.code)
    context = {
        "done": done, "number": glimpses.number(done.referral_id), "code": receipt.pretty(done.code),
        "spoken": WORDS.words_of(done.code), "url": core.settings.public_url, "at": core.now(),
    }  # fmt: skip
    return render(request, "taken_down.html", context)


def _read(core: Any, form: FormData, place: Place) -> TakenDown:
    """What the form says. Raises InvalidInput('told_at'), TooLarge."""
    people = text(form, "people")
    return TakenDown(
        channel=text(form, "channel"),
        at=_when(text(form, "at")),
        category=text(form, "category"),
        urgent=text(form, "urgency") != "normal",  # whoever leaves it open is not made to wait
        child=bool(form.get("child")),
        people=count(people) if people else None,
        above=bool(form.get("above")),
        told={name: _said(form, name, _LONG if name == "what" else _SHORT * 3) for name in _WORDS},
        place={
            "code": place.commune, "province": place.province, "country": _said(form, "country", _SHORT),
            "name": _name(core, place), "text": _said(form, "spot", _SHORT),
        },
        contact=_said(form, "contact", taken_down.MOST_CONTACT),
    )  # fmt: skip


def _said(form: FormData, name: str, most: int) -> str:
    return written(text(form, name), most).replace("\r\n", "\n").strip()


def _name(core: Any, place: Place) -> str:
    if place.commune:
        return str(core.gazetteer.full_name(place.commune))
    return str(core.gazetteer.provinces[place.province].full_name) if place.province else ""


def _when(local: str) -> float:
    """A local time of Viet Nam as seconds since the epoch."""
    try:
        return datetime.strptime(local[:16], _LOCAL).replace(tzinfo=VIETNAM).timestamp()
    except ValueError:
        raise InvalidInput("told_at") from None
