"""The audit log, for those who check and do not read tips."""

from __future__ import annotations

from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import ADMIN, AUDITOR, page
from bot.console.views import render
from bot.services import audit
from bot.storage.tables import Audit, Officer

SHOWN = 200


@page("/audit", roles=frozenset({AUDITOR, ADMIN}))
async def show(request: Request) -> Response:
    core = request.app.state.core
    verdict = await core.db.read(audit.verify)
    query = select(Audit).order_by(Audit.seq.desc()).limit(SHOWN)
    rows = await core.db.read(lambda s: list(s.execute(query).scalars()))
    names = await core.db.read(lambda s: {row.id: row.name for row in s.execute(select(Officer.id, Officer.name))})
    return render(request, "audit.html", {"rows": rows, "verdict": verdict, "names": names})
