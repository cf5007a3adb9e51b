"""What came of a campaign, and ready-made words for media that people run by hand."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from bot.console import asked
from bot.console.guard import page
from bot.console.routes.campaigns import VIEWERS
from bot.console.views import render
from bot.core.campaigns.kit import BRISK, SLOW, Kit, speech_seconds
from bot.core.errors import NotAllowed
from bot.presentation import campaign_desk, campaign_files, posters
from bot.presentation.words import when, words
from bot.services.campaigns import acts
from bot.services.campaigns import report as campaign_report
from bot.services.campaigns.words import kit_problem, thaw
from bot.storage.tables import Campaign

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PICTURE = re.compile(r"[A-Za-z0-9_]{1,80}\.png")
_SANDBOX = "default-src 'none'; sandbox"
_ORDER = ("sent", "dry", "skipped", "failed", "unknown", "pending", "sending")
BY_HAND = ("loudspeaker", "sms", "fanpage")


@page("/campaigns/{id:int}/report", roles=VIEWERS)
async def report(request: Request) -> Response:
    core = request.app.state.core
    row, found, unknown = await _read(request)
    said = words()["campaign"]
    totals = campaign_report.totals(found)
    reasons: dict[tuple[str, str], int] = {}
    for entry in found["rows"]:
        if entry["status"] in {"failed", "skipped", "unknown"}:
            key = (entry["status"], campaign_files.reason(entry["code"]) or "Không rõ lý do")
            reasons[key] = reasons.get(key, 0) + entry["count"]
    names = campaign_files.button_names(row, thaw(row.frozen) if row.frozen else {})
    progress = await core.db.read(lambda s: campaign_report.progress(s, row, core.now()))
    return render(
        request,
        "campaign_report.html",
        {
            "row": row, "totals": totals, "unknown": unknown[:50], "unknown_count": len(unknown), "progress": progress,
            "outcomes": campaign_files.as_bars([(said["statuses"][s], s, totals[s]) for s in _ORDER if totals.get(s)]),
            "hours": campaign_files.as_bars([(_hour(e["at"]), "sent", e["count"]) for e in found["hours"][-48:]]),
            "taps": campaign_files.as_bars(
                [(names.get(e["choice"], e["choice"]), "tap", e["count"]) for e in found["taps"]]
            ),
            "reasons": sorted(reasons.items(), key=lambda pair: -pair[1]), "channels": _by_channel(found),
            "ended": found["ended"],
        },
    )  # fmt: skip


@page("/campaigns/{id:int}/report.csv", roles=VIEWERS)
async def as_csv(request: Request) -> Response:
    data = campaign_files.as_csv(await _sheets(request))
    return _download(data, f"chien-dich-{asked.number(request)}.csv", "text/csv; charset=utf-8")


@page("/campaigns/{id:int}/report.xlsx", roles=VIEWERS)
async def as_xlsx(request: Request) -> Response:
    data = await asyncio.to_thread(campaign_files.as_xlsx, await _sheets(request))
    return _download(data, f"chien-dich-{asked.number(request)}.xlsx", _XLSX)


@page("/campaigns/kits/{kit}", roles=VIEWERS)
async def by_hand(request: Request) -> Response:
    """Loudspeaker script, SMS and post of a ready-made campaign."""
    core = request.app.state.core
    kit = campaign_desk.kit_of(core, request.path_params["kit"])
    seconds = [round(speech_seconds(kit.loudspeaker, pace)) for pace in (BRISK, SLOW)]
    problem = kit_problem(kit, campaign_desk.today(core))
    return render(
        request,
        "campaign_kit.html",
        {"kit": kit, "seconds": seconds, "problem": problem}
        | {
            "papers": words()["campaign"]["papers"],
            "printable": posters.printable(core.settings.public_url),
            "unprintable": words()["campaign"]["problems"]["no_public_address"],
        },
    )


@page("/campaigns/kits/{kit}/{what}.txt", roles=VIEWERS)
async def as_text(request: Request) -> Response:
    kit, what = campaign_desk.kit_of(request.app.state.core, request.path_params["kit"]), request.path_params["what"]
    if what not in BY_HAND or kit_problem(kit, campaign_desk.today(request.app.state.core)):
        raise NotAllowed("file")
    return _download(_words(kit, what).encode(), f"{kit.id}-{what}.txt", "text/plain; charset=utf-8")


@page("/campaigns/kits/{kit}/{what}.pdf", roles=VIEWERS)
async def on_paper(request: Request) -> Response:
    """A poster or the leaflet of a campaign, drawn when it is asked for."""
    core = request.app.state.core
    kit, what = campaign_desk.kit_of(core, request.path_params["kit"]), request.path_params["what"]
    if what not in posters.FILES or kit_problem(kit, campaign_desk.today(core)):
        raise NotAllowed("file")
    made = await run_in_threadpool(posters.write, what, campaign_desk.sheet_of(core, kit))
    return _download(made, f"{kit.id}-{posters.FILES[what]}", "application/pdf")


@page("/campaigns/pictures/{name}", roles=VIEWERS)
async def picture(request: Request) -> Response:
    """A picture of the content library, the one people get."""
    name = request.path_params["name"]
    path = request.app.state.core.settings.content_dir / "pictures" / name
    if not _PICTURE.fullmatch(name) or not path.is_file():
        raise NotAllowed("picture")
    return FileResponse(path, media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def _words(kit: Kit, what: str) -> str:
    return {"loudspeaker": kit.loudspeaker, "sms": kit.sms, "fanpage": kit.fanpage}[what] + "\n"


async def _read(request: Request) -> tuple[Campaign, dict[str, Any], list[dict[str, Any]]]:
    number = asked.number(request)

    def read(session: Session) -> tuple[Campaign, dict[str, Any], list[dict[str, Any]]]:
        row = acts.get(session, number)
        return row, campaign_report.report(session, row), campaign_report.unknown(session, row.id)

    return await request.app.state.core.db.read(read)


async def _sheets(request: Request) -> list[campaign_files.Sheet]:
    row, found, unknown = await _read(request)
    names = campaign_files.button_names(row, thaw(row.frozen) if row.frozen else {})
    return campaign_files.sheets(row, found, unknown, names)


def _by_channel(found: dict[str, Any]) -> dict[str, dict[str, int]]:
    by: dict[str, dict[str, int]] = {}
    for entry in found["rows"]:
        counts = by.setdefault(entry["channel"], {})
        counts[entry["status"]] = counts.get(entry["status"], 0) + entry["count"]
    return by


def _hour(at: float) -> str:
    return when(at)[:5] + when(at)[10:]


def _download(data: bytes, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Security-Policy": _SANDBOX}
    return Response(data, media_type=kind, headers=headers)
