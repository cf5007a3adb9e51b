"""The audit log, for those who check and do not read tips."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import Session, col
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import ADMIN, AUDITOR, page
from bot.console.views import render
from bot.services import audit
from bot.services.tips import binding, notes
from bot.services.units import posts, public_keys
from bot.storage.tables import Audit, Officer

SHOWN = 100
WALKED_UNASKED = 20_000  # entries; about half a second


@page("/audit", roles=frozenset({AUDITOR, ADMIN}))
async def show(request: Request) -> Response:
    """The newest entries, or those before an entry. A long chain is walked when somebody asks for it, by `?check=1`."""
    core, action, before = request.app.state.core, request.query_params.get("action", "")[:40], _before(request)

    def look(session: Session) -> tuple[list[Audit], dict[str, str]]:
        query = select(Audit).order_by(col(Audit.seq).desc()).limit(SHOWN + 1)
        query = query.where(col(Audit.seq) < before) if before else query
        query = query.where(col(Audit.action) == action) if action else query
        names = {row.id: row.name for row in session.execute(select(col(Officer.id), col(Officer.name)))}
        return list(session.execute(query).scalars()), names

    rows, names = await core.db.read(look)
    short = bool(rows) and rows[0].seq <= WALKED_UNASKED and not before
    verdict = await core.db.read(audit.verify) if short or request.query_params.get("check") == "1" else None
    doubtful = await core.db.read(public_keys.doubtful) if verdict else []
    changed = await core.db.read(binding.doubtful) if verdict else None
    noted = await core.db.read(notes.doubtful) if verdict else ()
    standing = await core.db.read(posts.doubtful) if verdict else posts.Doubtful((), ())
    more = rows[SHOWN - 1].seq if len(rows) > SHOWN else 0
    context = {
        "rows": rows[:SHOWN],
        "names": names,
        "verdict": verdict,
        "doubtful": doubtful,
        "changed": sorted({*changed.tips, *changed.dialogues, *noted}) if changed else sorted(noted),
        "standing": standing,
        "more": more,
        "action": action,
        "before": before,
    }
    return render(request, "audit.html", context)


def _before(request: Request) -> int:
    raw = request.query_params.get("before", "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 12 else 0
