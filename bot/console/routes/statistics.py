"""Counts, never content."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import ADMIN, CENTRAL, SUPERVISOR, page
from bot.console.views import render
from bot.presentation.words import words
from bot.services.reports import statistics, targets
from bot.storage.tables import Unit

MOST_PLACES = 15


@page("/statistics", roles=frozenset({SUPERVISOR, CENTRAL, ADMIN}))
async def show(request: Request) -> Response:
    """A supervisor sees the own province, the others the country."""
    core, officer = request.app.state.core, request.state.officer

    def count(session: Session) -> tuple[str, Any, Any, Any]:
        unit = session.get(Unit, officer.unit_id) if officer.role == SUPERVISOR else None
        province = unit.province_code if unit is not None else ""
        measured = targets.targets(session, core.clocks, core.now(), province)
        return province, statistics.totals(session, province), measured, statistics.victims(session, province)

    province, counts, measured, victims = await core.db.read(count)
    named = _names(core, province)
    tables = {
        name: [(named[name](code), number) for code, number in _rows(name, counts[name])]
        for name in ("month", "category", "place", "state", "urgency", "channel", "verified", "decision")
    }
    where = core.gazetteer.provinces[province].full_name if province in core.gazetteer.provinces else "Cả nước"
    return render(
        request, "statistics.html",
        {"tables": tables, "where": where, "total": sum(counts["urgency"].values()), "targets": measured,
         "victims": victims},
    )  # fmt: skip


def _rows(name: str, counts: Any) -> list[tuple[str, int]]:
    if name == "month":
        return sorted(counts.items())[-statistics.MOST_MONTHS :]
    return counts.most_common(MOST_PLACES if name == "place" else None)


def _names(core: Any, province: str) -> dict[str, Callable[[str], str]]:
    table, book, gazetteer = words(), core.books["vi"], core.gazetteer

    def place(code: str) -> str:
        if province:
            return gazetteer.communes[code].full_name if code in gazetteer.communes else "Chưa rõ xã"
        return gazetteer.provinces[code].full_name if code in gazetteer.provinces else "Chưa rõ nơi"

    return {
        "month": lambda code: f"{code[5:]}/{code[:4]}",
        "place": place,
        "category": lambda code: book.categories.get(code, code),
        "state": lambda code: table["states"].get(code, code),
        "urgency": lambda code: table["urgency"].get(code, code),
        "decision": lambda code: table["decisions"].get(code, code),
        "verified": lambda code: table["findings"].get(code, code),
        "channel": lambda code: table["channels"].get(code, code),
    }
