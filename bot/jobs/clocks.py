"""The duty of the clocks: whatever has run out climbs, each referral in a transaction of its own."""

from __future__ import annotations

import logging

from bot.app import Core
from bot.services import heartbeat
from bot.services.keeping import retention
from bot.services.tips import clocks
from bot.services.units import post_watch, posts, public_keys
from bot.storage.tables import Unit

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
    _watch_keys(core)
    _watch_posts(core)
    with core.db.transaction() as session:
        retention.forget_receivers(session, core.now())
        heartbeat.beat(session, "clocks", core.now())
    return steps


def _watch_keys(core: Core) -> None:
    """A unit's key that was changed behind the product's back is told at once, not when the next tip comes."""
    with core.db.reading() as session:
        found = [unit.id for unit in public_keys.unmarked(session)]
    if not found:
        return
    log.error("unit_keys_doubtful", extra={"count": len(found)})
    with core.db.transaction() as session:
        for unit_id in found:
            if (unit := session.get(Unit, unit_id)) is not None:  # taken out of the directory a moment ago
                public_keys.alarm(session, unit, core.now())


def _watch_posts(core: Core) -> None:
    """So is a unit put in another place of the directory, and an account made another's."""
    with core.db.reading() as session:
        if not posts.doubtful(session, against_log=False):
            return
    with core.db.transaction() as session:
        found = post_watch.alarm(session, core.now())
    log.error("posts_doubtful", extra={"count": found})


def _one(core: Core, referral_id: str) -> int:
    try:
        with core.db.transaction() as session:
            return clocks.escalate(session, core.clocks, referral_id, core.now())
    except Exception as error:  # one broken row must not stop the clocks of the others
        log.error("clock_failed", extra={"error": type(error).__name__})
        return 0
