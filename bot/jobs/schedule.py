"""When each duty runs. A duty that fails is logged by the kind of its error and tried again at its next time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from huey import Huey, crontab

from bot.app import Core
from bot.jobs import audit_head, clocks, notices, retention
from bot.jobs.campaigns import CampaignDuty

log = logging.getLogger(__name__)
# An urgent tip is told within ten seconds, not within a minute; a campaign whose process died is taken up as soon.
BETWEEN_SECONDS = (10, 20, 30, 40, 50)
# Seconds after which a job that nobody took is dropped: a machine that comes back finds one of each, not a heap.
EXPIRES = 50

Duty = Callable[[Core], Any]


def register(queue: Huey, core: Core, *, stopping: Callable[[], bool] = lambda: False) -> dict[str, Callable[[], Any]]:
    """Put the duties on the queue's timetable. Returns what enqueues each of them at once.

    stopping: whether this process was told to stop; a campaign under way gives back what it has not sent.
    """
    campaigns = CampaignDuty(core, stopping=stopping)

    @queue.periodic_task(crontab(minute="*"), name="clocks", expires=EXPIRES)
    def run_clocks() -> None:
        _run("clocks", clocks.run, core)

    @queue.task(name="notices", expires=EXPIRES)
    def run_notices() -> None:
        _run("notices", notices.run, core)

    @queue.periodic_task(crontab(minute="*"), name="notices_each_minute", expires=EXPIRES)
    def run_notices_each_minute() -> None:
        for delay in BETWEEN_SECONDS:
            run_notices.schedule(delay=delay, expires=delay + EXPIRES)
        _run("notices", notices.run, core)

    @queue.task(name="campaigns", expires=EXPIRES)
    def run_campaigns() -> None:
        _run("campaigns", lambda _: campaigns.run(), core)

    @queue.periodic_task(crontab(minute="*"), name="campaigns_each_minute", expires=EXPIRES)
    def run_campaigns_each_minute() -> None:
        for delay in BETWEEN_SECONDS:
            run_campaigns.schedule(delay=delay, expires=delay + EXPIRES)
        _run("campaigns", lambda _: campaigns.run(), core)

    @queue.periodic_task(crontab(minute="*/10"), name="retention", expires=EXPIRES * 10)
    def run_retention() -> None:
        _run("retention", retention.run, core)

    @queue.periodic_task(crontab(minute="17"), name="audit_head", expires=EXPIRES * 10)
    def run_audit_head() -> None:
        _run("audit_head", audit_head.run, core)

    return {
        "clocks": run_clocks, "notices": run_notices, "campaigns": run_campaigns, "retention": run_retention,
        "audit_head": run_audit_head,
    }  # fmt: skip


def _run(name: str, duty: Duty, core: Core) -> None:
    try:
        duty(core)
    except Exception as error:  # the database may be away for a while
        log.error("duty_failed", extra={"code": name, "error": type(error).__name__})
