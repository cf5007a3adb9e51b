"""One referral: read, act, answer, pass on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlmodel import Session
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.console import told
from bot.console.guard import MAX_UPLOAD_BYTES, READERS, page
from bot.console.routes.copies import services_near
from bot.console.views import render
from bot.content import yaml_text
from bot.content.placeholders import read_filled
from bot.core.errors import InvalidInput, NotAllowed
from bot.core.places.gazetteer import Gazetteer
from bot.core.referrals.duties import duties
from bot.core.referrals.states import FINAL, REASONS, Act, Finding, State
from bot.core.units.model import SUPPORT_KINDS, Directory, Unit
from bot.core.units.routing import Reason, route
from bot.core.written import written
from bot.presentation.words import words as console_words
from bot.services.keeping import retention
from bot.services.tips import (
    answering,
    classify,
    clocks,
    files,
    glimpses,
    notes,
    original_files,
    owners,
    reading,
    record,
    referrals,
    reporter_contact,
    router,
    support,
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
    return await _page(request)


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
    kept["form"] = parts[2]
    try:
        return await _page(request, problem=problem, kept=kept, status=status)
    except NotAllowed:
        return None


async def ask_place(request: Request, choices: list[tuple[str, str]]) -> Response:
    """The page again, with the places that what was written may mean."""
    form = await request.form()
    kept = {name: value for name, value in form.items() if isinstance(value, str) and name != "csrf"}
    return await _page(request, problem="place_unclear", kept=kept | {"form": "classify"}, places=choices, status=400)


def place_words(gazetteer: Gazetteer, tip: Tip) -> str:
    """A tip's place as it stands in the form that corrects it, "" if unknown."""
    if tip.commune_code in gazetteer.communes:
        return gazetteer.full_name(tip.commune_code)
    return gazetteer.provinces[tip.province_code].full_name if tip.province_code in gazetteer.provinces else ""


async def _page(
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
        found["copies"] = support.given(session, tip.id)
        found["openings"] = reporter_contact.openings(session, opened)
        found["correction"] = classify.corrected(session, opened, found["words"])
        found["opened_originals"] = reporter_contact.openings(session, opened, originals=True)
        found["notes"] = notes.read(session, officer, tip.id)
        found["owner"] = owners.owner(session, row.id)
        found["colleagues"] = owners.colleagues(session, row.unit_id) if found["responsible"] else []
        found["looking"] = owners.others(session, officer, row, core.now())
        found["draft"], found["draft_at"] = owners.draft(session, officer, row.id)
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
        "people": correction.people if correction else words.get("people"),
        "wrote_after": _wrote_after(referral, found["entries"], found["history"]),
        "extensions": referrals.EXTENSION_REASONS,
        "keeping": retention.KEEP_REASONS,
        "keep_days": KEEP_DAYS,
        "quick": _quick_replies(core),
        "problem": problem,
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


@page("/referrals/{id}/act", roles=READERS, method="POST")
async def act(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    try:
        what = Act(str(form.get("act", "")))
    except ValueError:
        raise InvalidInput("act_not_possible") from None
    reason, unit_id = str(form.get("reason", "")), str(form.get("unit", ""))
    note = words_of(form, "note")
    sure = form.get("sure") == "yes"
    if what in {Act.TRANSFER, Act.REFUSE, Act.CLOSE} and not sure:
        raise InvalidInput("sure_needed")

    def work(session: Session) -> None:
        if not sure and referrals.for_another(session, officer, request.path_params["id"]):
            raise InvalidInput("sure_needed")
        if what is Act.TRANSFER:
            transfers.transfer(
                session, officer, core.clocks, request.path_params["id"], unit_id, reason, core.now(), note
            )
        else:
            referrals.act(session, officer, core.clocks, request.path_params["id"], what, reason, core.now())

    await core.db.run(work)
    # These put the tip out of the officer's sight, or out of the list; a page of its own says that they worked.
    return _back(request, "/done" if what in {Act.TRANSFER, Act.REFUSE, Act.CLOSE} else "")


def words_of(form: FormData, name: str) -> str:
    """Words of an officer, as they are kept."""
    return written(str(form.get(name, ""))).replace("\r\n", "\n").strip()


@page("/referrals/{id}/done", roles=READERS)
async def done(request: Request) -> Response:
    """What an officer has just done with a tip, which they may not be able to open any more."""
    core, officer = request.app.state.core, request.state.officer
    ended = await core.db.read(lambda s: reading.ended(s, officer, request.path_params["id"]))
    return render(request, "done.html", {"ended": ended})


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
    return _back(request, "?sent=1#dialogue")


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
    return _back(request)


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


@page("/referrals/{id}/extend", roles=READERS, method="POST")
async def extend(request: Request) -> Response:
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    reason = str(form.get("reason", ""))
    await core.db.run(
        lambda s: referrals.extend(s, officer, core.clocks, request.path_params["id"], reason, core.now())
    )
    return _back(request)


@page("/referrals/{id}/keep", roles=READERS, method="POST")
async def keep(request: Request) -> Response:
    """Put off the erasure of a closed tip."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    reason, days = str(form.get("reason", "")), str(form.get("days", ""))
    number = int(days) if days in {str(choice) for choice in KEEP_DAYS} else 0

    def work(session: Session) -> None:
        _, tip, _ = referrals.open_tip(session, officer, request.path_params["id"])
        retention.keep_longer(session, officer.officer_id, tip.id, number, reason, core.now())

    await core.db.run(work)
    return _back(request)


@page("/referrals/{id}/contact", roles=READERS, method="POST")
async def contact(request: Request) -> Response:
    """Shown in the answer to this one request, kept nowhere."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    reason = str(form.get("reason", ""))
    opened = await core.db.run(
        lambda s: reporter_contact.reveal(s, officer, request.path_params["id"], reason, core.now())
    )
    return await _page(request, contact=opened)


@page("/referrals/{id}/files/{file}/view", roles=READERS)
async def view_file(request: Request) -> Response:
    """The clean copy of a picture, drawn anew without metadata; never the original."""
    ref = await _file(request, "file_viewed")
    if not ref.view:
        raise InvalidInput("file_gone")
    data = files.fetch(request.app.state.core.settings.blobs_dir, ref, view=True)
    return Response(data, media_type="image/jpeg", headers={"Content-Security-Policy": "default-src 'none'; sandbox"})


@page("/referrals/{id}/files/{file}/original", roles=READERS)
async def original_file(request: Request) -> Response:
    """What has no clean copy, and what officers sent, as a download; of the reporter's pictures the clean copy."""
    core, officer = request.app.state.core, request.state.officer
    ids = request.path_params["id"], request.path_params["file"]
    ref, clean = await core.db.run(lambda s: original_files.take(s, officer, *ids, core.now()))
    return _download(request, ref, clean=clean)


@page("/referrals/{id}/files/{file}/open", roles=READERS, method="POST")
async def open_original(request: Request) -> Response:
    """The original of a reporter's picture, as a download, after the officer wrote down why."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    ids, reason = (request.path_params["id"], request.path_params["file"]), str(form.get("reason", ""))
    ref = await core.db.run(lambda s: original_files.reveal(s, officer, *ids, reason, core.now()))
    return _download(request, ref, clean=False)


def _download(request: Request, ref: files.FileRef, *, clean: bool) -> Response:
    """Bytes under a name of ours."""
    data = files.fetch(request.app.state.core.settings.blobs_dir, ref, view=clean)
    ending = "jpg" if clean else files.EXTENSIONS[ref.mime]
    name = f"tep-{ref.id[:8]}.{ending}"
    return Response(
        data, media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": "default-src 'none'; sandbox"},
    )  # fmt: skip


async def _file(request: Request, action: str) -> files.FileRef:
    core, officer = request.app.state.core, request.state.officer
    ids = request.path_params["id"], request.path_params["file"]
    return await core.db.run(lambda s: reading.file_of(s, officer, *ids, core.now(), action))


def _back(request: Request, part: str = "") -> Response:
    return RedirectResponse(f"/referrals/{request.path_params['id']}{part}", 303)
