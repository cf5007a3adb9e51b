"""The audit log, for those who check and do not read tips."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import ADMIN, AUDITOR, page
from bot.console.views import render
from bot.core.campaigns.schedule import VIETNAM
from bot.presentation import audit_words
from bot.presentation.words import when, words
from bot.services import audit, audit_view
from bot.services.audit_view import Names, Wanted
from bot.services.tips import binding, glimpses, notes
from bot.services.units import posts, public_keys
from bot.storage.tables import Audit

CHECKERS = frozenset({AUDITOR, ADMIN})
SHOWN = 100
MOST_EXPORTED = 50_000
WALKED_UNASKED = 20_000  # entries; about half a second
_HEAD = ("Số", "Lúc", "Ai", "Đơn vị", "Việc", "Phiếu, đối tượng", "Chi tiết")


@page("/audit", roles=CHECKERS)
async def show(request: Request) -> Response:
    """The newest entries, or those before an entry. A long chain is walked when somebody asks for it, by `?check=1`."""
    core, wanted = request.app.state.core, _wanted(request)

    def look(session: Session) -> tuple[list[Audit], Names, int]:
        found = audit_view.entries(session, wanted, SHOWN + 1)
        alarms = len(audit_view.entries(session, Wanted(alarms=True, since=core.now() - 30 * 86_400), SHOWN))
        return found, audit_view.names(session, found), alarms

    rows, names, alarms = await core.db.read(look)
    plainly = not wanted.before and wanted == Wanted()
    short = bool(rows) and rows[0].seq <= WALKED_UNASKED and plainly
    verdict = await core.db.read(audit.verify) if short or request.query_params.get("check") == "1" else None
    doubtful = await core.db.read(public_keys.doubtful) if verdict else []
    changed = await core.db.read(binding.doubtful) if verdict else None
    noted = await core.db.read(notes.doubtful) if verdict else ()
    standing = await core.db.read(posts.doubtful) if verdict else posts.Doubtful((), ())
    more = rows[SHOWN - 1].seq if len(rows) > SHOWN else 0
    context = {
        "rows": [_line(row, names) for row in rows[:SHOWN]], "names": names, "verdict": verdict, "doubtful": doubtful,
        "changed": sorted({*changed.tips, *changed.dialogues, *noted}) if changed else sorted(noted), "standing": standing, "more": more,
        "wanted": wanted, "asked": _asked(request), "alarms": alarms, "most_alarms": SHOWN, "is_alarm": audit_view.ALARMS,
        "link": lambda path="/audit", **changes: _link(request, path, changes),
    }  # fmt: skip
    return render(request, "audit.html", context)


@page("/audit.csv", roles=CHECKERS)
async def export(request: Request) -> Response:
    """The entries that the filters leave, in plain words, as a file; that it was taken is an entry itself."""
    core, officer, wanted = request.app.state.core, request.state.officer, _wanted(request)

    def take(session: Session) -> tuple[list[Audit], Names]:
        found = audit_view.entries(session, wanted, MOST_EXPORTED)
        audit.record(session, core.now(), officer.officer_id, "audit_exported", "", f"entries={len(found)}")
        return found, audit_view.names(session, found)

    rows, names = await core.db.run(take)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(_HEAD)
    for line in (_line(row, names) for row in rows):
        cells = (line["seq"], when(line["at"]), line["who"], line["unit"], line["what"], line["about"], line["detail"])
        writer.writerow([audit_words.cell(str(value)) for value in cells])
    return Response(
        out.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="nhat-ky.csv"', "Content-Security-Policy": "default-src 'none'; sandbox"},
    )  # fmt: skip


def _line(row: Audit, names: Names) -> dict[str, Any]:
    """An entry as it is read."""
    about = names.officers.get(row.subject) or row.subject[:8]
    if row.subject in names.numbers:
        about = glimpses.number(names.numbers[row.subject])
    return {
        "seq": row.seq, "at": row.at, "who": audit_words.actor(row.actor, names.officers), "action": row.action,
        "unit": names.units.get(names.unit_of.get(row.actor, ""), ""), "what": words()["audit"].get(row.action, row.action),
        "about": about, "detail": audit_words.plain(row.detail, names.units, names.officers, glimpses.number), "raw": row.detail,
    }  # fmt: skip


_FIELDS = ("action", "actor", "unit", "number", "since", "until", "alarms")


def _asked(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "")[:60] for name in _FIELDS}


def _wanted(request: Request) -> Wanted:
    asked, before = _asked(request), request.query_params.get("before", "")
    until = _day(asked["until"])
    return Wanted(
        asked["action"], asked["actor"], asked["unit"], asked["number"], _day(asked["since"]), until + 86_400 if until else 0.0,
        asked["alarms"] == "1", int(before) if before.isascii() and before.isdigit() and len(before) < 12 else 0,
    )  # fmt: skip


def _day(written: str) -> float:
    """Midnight of a day in Viet Nam, 0.0 for what is none."""
    try:
        day = datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=VIETNAM)
    except ValueError:
        return 0.0
    return day.timestamp() if day > datetime(2000, 1, 1, tzinfo=VIETNAM) - timedelta(days=1) else 0.0


def _link(request: Request, path: str, changes: dict[str, object]) -> str:
    """An address with the filters of this page, some of them changed."""
    kept = {name: value for name, value in {**_asked(request), **changes}.items() if value}
    return path + (f"?{urlencode(kept)}" if kept else "")
