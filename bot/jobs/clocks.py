"""The duty of the clocks: whatever has run out climbs, each referral in a transaction of its own."""

from __future__ import annotations

import logging

from bot.app import Core
from bot.services import clocks, heartbeat

log = logging.getLogger(__name__)
ROUNDS = 50  # of one call: 10,000 referrals; the next call goes on


def run(core: Core) -> int:
    """One call of the duty. Returns how many steps were taken."""
    steps = 0
    with core.db.transaction() as session:
        clocks.put_right(session, core.now())
    for _ in range(ROUNDS):
        with core.db.reading() as session:
            due = clocks.due(session, core.clocks, core.now())
        taken = sum(_one(core, referral_id) for referral_id in due)
        steps += taken
        if not taken:
            break
    if steps:
        log.info("clocks_climbed", extra={"count": steps})
    with core.db.transaction() as session:
        heartbeat.beat(session, "clocks", core.now())
    return steps


def _one(core: Core, referral_id: str) -> int:
    try:
        with core.db.transaction() as session:
            return clocks.escalate(session, core.clocks, referral_id, core.now())
    except Exception as error:  # one broken row must not stop the clocks of the others
        log.error("clock_failed", extra={"error": type(error).__name__})
        return 0
