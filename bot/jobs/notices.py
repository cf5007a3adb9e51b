"""The duty of telling officers: plan deliveries, send what is due, note what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from sqlmodel import Session

from bot.app import Core
from bot.content.notices import NoticeWords, load_notice_words
from bot.core.errors import SendError, SendPolicy
from bot.jobs.messengers import Messenger, close_all, messengers
from bot.services import heartbeat
from bot.services.units import notify
from bot.services.units.notify import Parcel

log = logging.getLogger(__name__)
AT_ONCE = 4  # deliveries under way in one process
ROUNDS = 200  # of one call; what is left waits for the next


def run(core: Core) -> int:
    """One call of the duty. Returns how many deliveries were tried."""
    with core.db.reading() as session:
        due = notify.anything_due(session, core.now())
    tried = asyncio.run(deliver(core, messengers(core))) if due else 0
    with core.db.transaction() as session:
        heartbeat.beat(session, "notices", core.now())
    return tried


async def deliver(core: Core, open_ones: dict[str, Messenger]) -> int:
    """Send everything that is due, and close the messengers. Returns how many deliveries were tried."""
    words = load_notice_words(core.settings.content_dir / "notices.yml", core.settings.console_url)
    routes, tried = frozenset(open_ones), 0
    try:
        for _ in range(ROUNDS):
            planned, found = await core.db.run(lambda s: _take(core, s, routes))
            if not planned and not found:
                break
            tried += len(found)
            await asyncio.gather(*(_one(core, open_ones, words, parcel) for parcel in found))
    finally:
        await close_all(open_ones)
    return tried


def _take(core: Core, session: Session, routes: frozenset[str]) -> tuple[int, list[Parcel]]:
    now = core.now()
    if lost := notify.recover(session, now):
        log.warning("deliveries_recovered", extra={"count": lost})
    planned = notify.plan(session, core.vault, routes, now)
    if planned and not routes:
        log.warning("notices_not_configured", extra={"count": planned})
    return planned, notify.claim(session, core.vault, routes, now, AT_ONCE)


async def _one(core: Core, open_ones: Mapping[str, Messenger], words: NoticeWords, parcel: Parcel) -> None:
    handed = False

    async def hand() -> bool:
        nonlocal handed
        handed = True
        return await core.db.run(lambda s: notify.hand(s, parcel))

    try:
        await open_ones[parcel.route].send(parcel, words, hand)
    except SendError as error:
        await _settle(core, parcel, error)
    except Exception as error:  # its text may hold an address: only its kind is noted
        log.error("notice_crashed", extra={"channel": parcel.route, "error": type(error).__name__})
        await _settle(core, parcel, SendError(SendPolicy.UNKNOWN if handed else SendPolicy.RETRY, "crash"))
    else:
        await core.db.run(lambda s: notify.arrived(s, parcel, core.now()))


async def _settle(core: Core, parcel: Parcel, error: SendError) -> None:
    status = await core.db.run(lambda s: notify.settle(s, parcel, error, core.now()))
    if status != "pending":
        log.warning("notice_not_delivered", extra={"channel": parcel.route, "status": status, "code": error.code})
