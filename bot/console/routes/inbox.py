"""The desk: referrals of the officer's units, the pressing ones first, with the time that is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from bot.console import list_place
from bot.console.guard import ADMIN, AUDITOR, EVERYONE, READERS, page
from bot.console.list_place import Place
from bot.console.routes.referral import told_code
from bot.console.views import page_number, render
from bot.core.referrals.states import FINAL, State
from bot.core.text import nfc
from bot.services.tips import desk, escalated, glimpses, owners, pressed, taken_down
from bot.services.tips.desk import PAGE_ROWS, SHOWS, SORTS, Listed, Wanted
from bot.services.tips.glimpses import Glimpse
from bot.services.tips.pressed import STALE
from bot.services.units import register, rekey

SEARCH_CHARS = 80
OPEN_STATES = tuple(state.value for state in State if state not in FINAL)


@page("/", roles=EVERYONE)
async def inbox(request: Request) -> Response:
    """Administrators and auditors read no tips; their own pages are their desk."""
    core, officer = request.app.state.core, request.state.officer
    if officer.role == ADMIN:
        return RedirectResponse("/accounts", 303)
    if officer.role == AUDITOR:
        return RedirectResponse("/audit", 303)
    if officer.old_keys:  # whoever works carries on what a change of the unit's key has left
        await core.db.run(lambda s: rekey.carry_on(s, officer, core.now()))
    return await list_page(request, _wanted(request))


@page("/search", roles=READERS, method="POST")
async def search(request: Request) -> Response:
    """Look through one's own tips. What is looked for is in no address: it may be a name or a number."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    text = nfc(str(form.get("q", "")))[:SEARCH_CHARS].strip()
    hits = await core.db.run(lambda s: glimpses.search(s, officer, text, core.now()))
    place = Place("/search", text, hits.ids[:PAGE_ROWS], len(hits.ids), hits.searched, hits.all)
    return await list_page(request, Wanted(show="all"), place)


@page("/search", roles=READERS)
async def found(request: Request) -> Response:
    """What the last search of this sign-in found, without looking through the tips again."""
    place = list_place.kept(request)
    if place.to != "/search":
        return RedirectResponse("/", 303)
    return await list_page(request, Wanted(show="all"), place)


async def list_page(
    request: Request, wanted: Wanted, hits: Place | None = None, problem: str = "", chosen: Sequence[str] = ()
) -> Response:
    """The list, remembered as the place to come back to. hits: a search, whose tips alone are shown then. problem, chosen: of what
    was wanted with several rows and refused."""
    core, officer = request.app.state.core, request.state.officer
    context = await _rows(request, wanted, hits)
    more = {
        "band": None if hits else await core.db.read(lambda s: escalated.band(s, officer, core.now())),
        "pressed": await core.db.read(lambda s: pressed.waiting(s, officer, core.now())),
        "colleagues": await core.db.read(lambda s: owners.colleagues(s, officer.unit_id)),
        "takes_down": await core.db.read(lambda s: taken_down.may(s, officer)) is not None,
        "told": told_code(request), "problem": problem, "chosen": chosen, "stale": STALE,
    }  # fmt: skip
    answer = render(request, "inbox.html", context | more, 400 if problem else 200)
    list_place.keep(request, answer, hits or Place(_link(wanted, {"page": wanted.page})))
    return answer


async def _rows(request: Request, wanted: Wanted, hits: Place | None = None) -> dict[str, Any]:
    core, officer = request.app.state.core, request.state.officer
    ids = None if hits is None else hits.ids

    def work(session: Session) -> tuple[Listed, dict[str, Glimpse], dict[str, str]]:
        found = desk.listing(session, officer, core.clocks, wanted, core.now(), ids)
        names = register.names(session, {*found.units, *(row.referral.unit_id for row in found.rows)})
        return found, glimpses.glimpses(session, officer, [(row.referral, row.tip) for row in found.rows]), names

    found, shown, names = await core.db.read(work)
    return {
        "found": found, "wanted": wanted, "names": names, "place": core.gazetteer, "states": OPEN_STATES, "shows": SHOWS,
        "sorts": SORTS, "hits": hits, "glimpse": shown, "number": glimpses.number, "most": PAGE_ROWS, "chosen": (),
        "link": lambda **changes: _link(wanted, changes),
    }  # fmt: skip


@page("/rows", roles=READERS, presence=False)
async def rows(request: Request) -> Response:
    """Counters and rows of an open list, fetched by itself when something came, and no sign that somebody is there."""
    return render(request, "inbox_rows.html", await _rows(request, _wanted(request)))


def _wanted(request: Request) -> Wanted:
    asked = request.query_params
    show, state, sort = asked.get("show", "open"), asked.get("state", ""), asked.get("sort", "")
    return Wanted(
        state=state if state in OPEN_STATES else "",
        show=show if show in SHOWS else "open",
        unit=asked.get("unit", "")[:40],
        category=asked.get("category", "")[:40],
        sort=sort if sort in SORTS else "",
        page=page_number(request),
    )


def _link(wanted: Wanted, changes: Mapping[str, object]) -> str:
    """The address of this list with some filters changed; back on the first page unless that is what changes."""
    fields: dict[str, object] = {
        "show": wanted.show, "state": wanted.state, "unit": wanted.unit, "category": wanted.category,
        "sort": wanted.sort, **changes,
    }  # fmt: skip
    kept = {name: value for name, value in fields.items() if value and (name, value) != ("show", "open")}
    return "/" + (f"?{urlencode(kept)}" if kept else "")


@page("/pulse", roles=READERS, presence=False)
async def pulse(request: Request) -> Response:
    """What an open list asks every half a minute: numbers only, and no sign that somebody is there."""
    core, officer = request.app.state.core, request.state.officer
    beat = await core.db.read(lambda s: desk.pulse(s, officer))
    return JSONResponse({"unread": beat.unread, "urgent": beat.urgent, "newest": beat.newest, "replies": beat.replies})
