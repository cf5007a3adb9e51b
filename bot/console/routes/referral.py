"""The page of one referral, and that page again with a form that was refused."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import list_place, told
from bot.console.guard import READERS, page
from bot.console.routes.copies import services_near
from bot.console.views import render
from bot.content import yaml_text
from bot.content.placeholders import read_filled
from bot.core.errors import NotAllowed
from bot.core.places.gazetteer import Gazetteer
from bot.core.referrals.duties import duties
from bot.core.referrals.states import BASES, FINAL, REASONS, Decision, Finding, State
from bot.core.units.model import SUPPORT_KINDS, Directory, Unit
from bot.core.units.routing import Reason, route
from bot.core.written import written
from bot.presentation.words import words as console_words
from bot.services.keeping import retention
from bot.services.tips import (
    classify,
    clocks,
    decisions,
    glimpses,
    notes,
    original_files,
    owners,
    pressed,
    reading,
    record,
    referrals,
    reporter_contact,
    router,
    saved_replies,
    support,
    support_answers,
    transfers,
)
from bot.services.tips.transfers import Involved
from bot.services.units import register
from bot.storage.tables import Referral, Tip

KEEP_DAYS = (30, 90, 180)


class _Kept(dict[str, str]):
    """A form as it was sent; fields it did not have are empty."""

    def __missing__(self, name: str) -> str:
        return ""


@page("/referrals/{id}", roles=READERS)
async def show(request: Request) -> Response:
    return await page_of(request)


async def again(request: Request, problem: str, status: int) -> Response | None:
    """The page of a tip with what its form said and what was wrong, so that nothing has to be written twice.

    None where there is no such page to go back to.
    """
    parts = request.url.path.strip("/").split("/")
    if len(parts) != 3 or parts[0] != "referrals" or not getattr(request.state, "checked", False):
        return None
    form = await request.form()
    kept = {name: str(value) for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    kept["parts"] = " ".join(str(part) for part in form.getlist("parts"))
    kept["basis"] = ",".join(str(one) for one in form.getlist("basis"))
    kept["form"] = {"letter": "copies"}.get(parts[2], parts[2])  # two buttons of one form
    try:
        return await page_of(request, problem=problem, kept=kept, status=status)
    except NotAllowed:
        return None


async def ask_place(request: Request, choices: list[tuple[str, str]]) -> Response:
    """The page again, with the places that what was written may mean."""
    form = await request.form()
    kept = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    return await page_of(request, problem="place_unclear", kept=kept | {"form": "classify"}, places=choices, status=400)


def place_words(gazetteer: Gazetteer, tip: Tip) -> str:
    """A tip's place as it stands in the form that corrects it, "" if unknown."""
    if tip.commune_code in gazetteer.communes:
        return gazetteer.full_name(tip.commune_code)
    return gazetteer.provinces[tip.province_code].full_name if tip.province_code in gazetteer.provinces else ""


async def page_of(
    request: Request, *, contact: str | None = None, problem: str = "", kept: dict[str, str] | None = None,
    places: list[tuple[str, str]] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    """The page of one tip. contact: shown this once. problem: a code of the console's errors. kept: the form that was
    refused, by field. places: what a place that was written may mean, (code, name)."""
    core, officer = request.app.state.core, request.state.officer
    referral_id = request.path_params["id"]

    def work(session: Session) -> tuple[dict[str, Any], Directory]:
        found = reading.read(session, officer, referral_id, core.now())
        row, tip, opened = referrals.open_tip(session, officer, referral_id)
        current = record.current_referral(session, tip.id)
        # What was handed on has its acts where it is now; the old sheet leads there.
        handed_on = row.state == State.TRANSFERRED.value and current is not None and current.id != row.id
        found["live"] = current.id if current is not None and handed_on else ""
        found["copies"] = support.given(session, officer, opened)
        found["openings"] = reporter_contact.openings(session, opened)
        found["decisions"] = decisions.made(session, opened)
        found["correction"] = classify.corrected(session, opened, found["words"])
        found["opened_originals"] = reporter_contact.openings(session, opened, originals=True)
        found["notes"] = notes.read(session, officer, tip.id)
        found["notes_left"] = notes.unread(session, officer, tip.id)
        found["owner"] = owners.owner(session, row.id)
        found["colleagues"] = owners.colleagues(session, row.unit_id) if found["responsible"] else []
        found["looking"] = owners.others(session, officer, row, core.now())
        found["draft"], found["draft_at"] = owners.draft(session, officer, row.id)
        found["pressing"] = pressed.of_another(session, officer, row, core.now())
        found["own_replies"] = saved_replies.own(session, officer)
        found["from_above"] = reading.from_above(session, row)
        found["involved"] = transfers.involved(session, tip.id)
        return found, register.directory(session)

    found, directory = await core.db.run(work)
    referral, tip, words = found["referral"], found["tip"], found.pop("words")
    unit = directory.units.get(referral.unit_id)
    correction = found["correction"]
    context = found | {
        "lines": _lines(core, words, found["entries"]),
        "traced": bool(told.traces(words, found["entries"])),
        "verbatim": told.verbatim(words, console_words()["asked"]),
        "added": lambda entry: told.added(entry, console_words(), core.books["vi"]),
        "told_notes": told.notes(words, console_words()),
        "guarded": {row.id for row, ref in found["files"] if original_files.guarded(row, ref)},
        "unscanned": any(
            row.author == "reporter" and not ref.view and ref.scan != "clean" for row, ref in found["files"]
        ),
        "contact": contact,
        "duties": duties(clocks.standing(referral, tip, bool(unit and unit.remote)), core.clocks),
        "views": reading.views(found["history"]),
        "sent_at": _sent_at(request, found["entries"]),
        "services": services_near(directory, tip),
        "enrolled": directory.enrolled,
        "parts": support.PARTS,
        "answers": support_answers.possible,
        "refusals": support_answers.REASONS,
        "targets": _targets(directory, referral, found["involved"]),
        "offered": _offered(directory, referral, tip, words, correction),
        "place": core.gazetteer,
        "number": glimpses.number,
        "unit": unit,
        "reasons": {act.value: list(codes) for act, codes in REASONS.items()},
        "urgency_reasons": {name: list(codes) for name, codes in classify.REASONS.items()},
        "child_reasons": classify.CHILD_REASONS,
        "changes": lambda detail: told.changes(detail, console_words(), core.books["vi"], core.gazetteer),
        "findings": [finding.value for finding in Finding],
        "bases": BASES,
        "decision_kinds": [decision.value for decision in Decision],
        "people": correction.people if correction else words.get("people"),
        "wrote_after": _wrote_after(referral, found["entries"], found["history"]),
        "extensions": referrals.EXTENSION_REASONS,
        "keeping": retention.KEEP_REASONS,
        "keep_days": KEEP_DAYS,
        "quick": _quick_replies(core),
        "problem": problem,
        "told": told_code(request),
        "list_place": list_place.kept(request),
        "kept": _Kept(kept or {}),
        "nothing": _Kept(),
        "places": places or [],
        "place_words": place_words(core.gazetteer, tip),
    }
    return render(request, "referral.html", context, status)


def _sent_at(request: Request, entries: list[dict[str, Any]]) -> float:
    """When the answer was sent that led to this page, 0.0 when none did."""
    if request.query_params.get("sent") != "1" or not entries or entries[-1]["author"] == "reporter":
        return 0.0
    return float(entries[-1]["at"])


def _wrote_after(referral: Referral, entries: list[dict[str, Any]], history: list[reading.Done]) -> float:
    """When the reporter last wrote after the end of a referral, 0.0 if they did not or if somebody decided that it stays
    ended. Their times are whole minutes."""
    last = max((entry["at"] for entry in entries if entry["author"] == "reporter"), default=0.0)
    decided = max((line.at for line in history if line.action == "not_reopened"), default=0.0)
    return last if referral.closed_at and last >= referral.closed_at - 60 and last > decided else 0.0


@dataclass(frozen=True)
class Offer:
    """Where a tip with a corrected place belongs. receiver: that unit, or the first above it that can receive; None where
    nobody can, and somebody has to ring."""

    unit: Unit
    receiver: Unit | None


def _offered(
    directory: Directory, referral: Referral, tip: Tip, words: dict[str, Any], correction: classify.Corrected | None
) -> Offer | None:
    """What to do about a corrected place, when it is another unit's. The tip itself stays where it is."""
    if correction is None or referral.state in {state.value for state in FINAL}:
        return None
    machine = correction.machine
    if (machine.commune_code, machine.province_code) == (tip.commune_code, tip.province_code) or not tip.province_code:
        return None
    where = {"code": tip.commune_code, "province": tip.province_code}
    made = route(router.facts_of({**words, "where": where, "child": tip.child}), directory)
    if made.unit_id == referral.unit_id:
        return None
    nobody = not made.readers or made.reason is Reason.NO_UNIT_ENROLLED
    return Offer(directory.units[made.wanted], None if nobody else directory.units[made.unit_id])


def _targets(directory: Directory, referral: Referral, involved: Involved) -> list[tuple[str, list[Unit]]]:
    """Units a tip can go to, by province code; "" holds those of the whole country."""
    others = [directory.units[unit_id] for unit_id in sorted(directory.enrolled) if unit_id != referral.unit_id]
    found = [
        unit
        for unit in others
        if unit.kind not in SUPPORT_KINDS and not involved.bars(unit.id, unit.kind.value, unit.commune_code)
    ]
    found.sort(key=lambda unit: (unit.province_code, unit.commune_code))
    return [(code, list(group)) for code, group in groupby(found, key=lambda unit: unit.province_code)]


def _lines(core: Any, words: dict[str, Any], entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    book, traces = core.books["vi"], told.labelled(words, entries, console_words()["trace_kinds"])
    rows = "\n".join(f"{kind}: {trace}" if kind else trace for kind, trace in traces)
    return told.lines(book, words) + ([(book.labels["traces"], rows)] if traces else [])


def _quick_replies(core: Any) -> list[dict[str, str]]:
    path = core.settings.content_dir / "quick_replies.yml"
    return yaml_text.load(read_filled(path, path.parent))["replies"]


def words_of(form: FormData, name: str) -> str:
    """Words of an officer, as they are kept."""
    return written(str(form.get(name, ""))).replace("\r\n", "\n").strip()


def told_code(request: Request) -> str:
    """What the page should say was just done: a code of `told` in the console's words, "" for none."""
    code = request.query_params.get("told", "")
    return code if code in console_words()["told"] else ""


def back(request: Request, part: str = "") -> Response:
    """To the page of the tip whose form was sent; part: what follows its address."""
    return RedirectResponse(f"/referrals/{request.path_params['id']}{part}", 303)
