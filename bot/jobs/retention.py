"""The duty of forgetting, in small transactions, and of making what was deleted unreadable."""

from __future__ import annotations

import logging

from bot.app import Core
from bot.services import heartbeat
from bot.services.keeping import erasure, retention
from bot.services.messaging import turned
from bot.services.tips import binding, blobs

log = logging.getLogger(__name__)
PAGES = 200  # of 300 conversations; what is left is done ten minutes later
ERASURES = 100


def run(core: Core) -> dict[str, int]:
    """One call of the duty. Returns how much of each kind was forgotten."""
    done = {"states": _states(core)}
    now = core.now()
    with core.db.transaction() as session:
        done["queues"] = retention.clear_queues(session, now)
        retention.blur_rested(session, now)
    with core.db.transaction() as session:
        done["web"] = retention.clear_web_sessions(session, now)
    with core.db.transaction() as session:
        done["wordless"] = retention.clear_wordless(session, now)
    with core.db.transaction() as session:
        done["console"] = retention.clear_console(session, now)
    with core.db.transaction() as session:
        done["warned"] = retention.warn_of_erasure(session, core.clocks, now)
    _watch_messages(core)
    _watch_tips(core)
    done["tips"] = _tips(core)
    done["files"] = _files(core)
    if not erasure.wipe_erased(core.db):
        log.warning("wipe_postponed")
    for kind in ("tips", "files", "warned"):
        if done[kind]:
            log.info(f"retention_{kind}", extra={"count": done[kind]})
    with core.db.transaction() as session:
        heartbeat.beat(session, "retention", core.now())
    return done


def _states(core: Core) -> int:
    after, forgotten = None, 0
    for _ in range(PAGES):
        with core.db.transaction() as session:
            page = retention.forget_states(session, core.vault, core.now(), after)
        after, forgotten = page.after, forgotten + page.forgotten
        if after is None:
            break
    return forgotten


def _watch_messages(core: Core) -> None:
    """A message or an answer that was turned to another conversation is emptied before anybody asks for it."""
    with core.db.reading() as session:
        found = turned.find(session, core.vault)
    for row in found:
        with core.db.transaction() as session:
            turned.refuse(session, row, core.now())


def _watch_tips(core: Core) -> None:
    """A tip or a line that was changed behind the product's back is told to the unit that has it."""
    with core.db.transaction() as session:
        found = binding.watch(session, core.now())
    if found:
        log.error("tips_doubtful", extra={"count": found})


def _tips(core: Core) -> int:
    with core.db.reading() as session:
        due = retention.due_erasures(session, core.now(), ERASURES)
    erased = 0
    for tip_id in due:
        with core.db.transaction() as session:
            ids = erasure.erase_tip(session, tip_id, erasure.RETENTION, core.now())
        if ids is not None:
            erased += 1
            erasure.remove_files(core.settings.blobs_dir, ids)
    return erased


def _files(core: Core) -> int:
    with core.db.reading() as session:
        left = blobs.orphans(session, core.vault, core.settings.blobs_dir, core.now())
    for path in left:
        path.unlink(missing_ok=True)
    blobs.blur(core.settings.blobs_dir, core.now())
    return len(left)
