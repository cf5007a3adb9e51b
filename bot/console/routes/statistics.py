"""Counts, never content."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import Response

from bot.console.guard import ADMIN, CENTRAL, SUPERVISOR, page
from bot.console.views import render
from bot.services import statistics
from bot.storage.tables import Referral, Tip


@page("/statistics", roles=frozenset({SUPERVISOR, CENTRAL, ADMIN}))
async def show(request: Request) -> Response:
    core = request.app.state.core

    def count(session) -> dict[str, list[tuple[str, int]]]:
        by = {
            "category": select(Tip.category, func.count()).group_by(Tip.category),
            "urgency": select(Tip.urgency, func.count()).group_by(Tip.urgency),
            "state": select(Referral.state, func.count()).group_by(Referral.state),
            "channel": select(Tip.channel, func.count()).group_by(Tip.channel),
        }
        found = {name: Counter({row[0]: row[1] for row in session.execute(query)}) for name, query in by.items()}
        for row in statistics.erased(session):  # tips that are gone still count
            found["category"][row.category] += row.count
            found["urgency"][row.urgency] += row.count
        return {name: counts.most_common() for name, counts in found.items()}

    return render(request, "statistics.html", {"counts": await core.db.read(count)})
