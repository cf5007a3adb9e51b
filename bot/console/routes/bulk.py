"""Several rows of the list at once: marked as seen, given to an officer, refused as repetitions of another tip. Asked about first."""

from __future__ import annotations

from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import list_place
from bot.console.guard import READERS, page
from bot.console.pressing import press
from bot.console.routes.inbox import list_page
from bot.console.views import render
from bot.core.errors import InvalidInput, LaChanError
from bot.core.referrals.states import Act, State
from bot.presentation.words import words
from bot.services.tips import bulk, glimpses, owners
from bot.services.tips.desk import Wanted
from bot.services.tips.pressed import Press
from bot.storage.tables import Officer, Referral, Tip

SEEN, GIVE, DUPLICATE = "seen", "give", "duplicate"
_REFUSABLE = frozenset({State.NEW.value, State.RECEIVED.value})
Rows = list[tuple[Referral, Tip]]


@page("/bulk", roles=READERS, method="POST")
async def several(request: Request) -> Response:
    """Show what would be done with the rows that were ticked; with `sure`, do it."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    ids = [str(value)[:32] for value in form.getlist("id")][: bulk.MOST]
    what, to, number = str(form.get("what", "")), str(form.get("to", ""))[:32], str(form.get("of", ""))[:20]

    if what not in {SEEN, GIVE, DUPLICATE}:
        return await list_page(request, Wanted(), problem="act_not_possible", chosen=ids)

    def look(session: Session) -> tuple[Rows, Officer | None, Referral | None]:
        rows = bulk.chosen(session, officer, ids)
        people = {one.id: one for one in owners.colleagues(session, officer.unit_id)}
        if what == GIVE and to not in people:
            raise InvalidInput("not_a_colleague")
        first = bulk.by_number(session, officer, number, ids) if what == DUPLICATE else None
        return rows, people.get(to), first

    try:
        rows, person, first = await core.db.read(look)
    except InvalidInput as error:
        return await list_page(request, Wanted(), problem=error.code, chosen=ids)
    fit = [(referral, tip) for referral, tip in rows if _fits(what, referral)]
    if form.get("sure") == "yes" and fit:
        return await _do(request, form, what, [referral for referral, _ in fit], to, first)
    context = {
        "what": what, "fit": fit, "left_out": [row for row in rows if row not in fit], "person": person, "same": first,
        "number": glimpses.number, "place": core.gazetteer, "to": to, "of": number,
        "list_place": list_place.kept(request),
    }  # fmt: skip
    return render(request, "bulk.html", context)


def _fits(what: str, referral: Referral) -> bool:
    if what == SEEN:
        return bulk.can_be_seen(referral)
    return what == GIVE or (referral.state in _REFUSABLE and not referral.reply_danger_at)


async def _do(
    request: Request, form: FormData, what: str, rows: list[Referral], to: str, first: Referral | None
) -> Response:
    """Each row by itself; one that cannot be done any more holds up no other."""
    core, officer, failed = request.app.state.core, request.state.officer, 0
    note = words()["bulk"]["same_as"].format(number=glimpses.number(first.id)) if first is not None else ""
    at = core.now()
    for referral in rows:
        try:
            if what == DUPLICATE:
                await press(request, referral.id, Press(Act.REFUSE, "duplicate", referral.state, at, "", note))
            elif what == GIVE:
                await core.db.run(lambda s, one=referral.id: owners.assign(s, officer, one, to, at))
            else:
                await core.db.run(lambda s, one=referral.id: bulk.see(s, officer, one, at))
        except LaChanError:
            failed += 1
    told = "some" if failed else {SEEN: "seen", GIVE: "given", DUPLICATE: ""}[what]
    return RedirectResponse(f"/?told={told}" if told else "/", 303)
