"""The jobs process: `lachan serve jobs`. Any number may run; each step and each message is taken by one of them."""

from __future__ import annotations

import logging

from bot.app import Core
from bot.content.notices import load_notice_words
from bot.jobs.queue import make_queue
from bot.jobs.schedule import register
from bot.settings import Settings

log = logging.getLogger(__name__)
WORKERS = 4  # so that neither a campaign nor a long retention run holds up clocks and notices
STOP_SECONDS = 12  # for the duties under way: a campaign stores its results and gives back what it has not sent


def main(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises ConfigError before anything starts when a setting or file is wrong."""
    core = Core(settings)
    load_notice_words(settings.content_dir / "notices.yml", settings.console_url)
    queue = make_queue(settings)
    _ = (core.db, core.vault, core.clocks)  # made here once: the workers are threads
    consumer = queue.create_consumer(
        workers=WORKERS, worker_type="thread", periodic=True, initial_delay=0.2, max_delay=2.0,
        scheduler_interval=1, graceful_signal="TERM", shutdown_timeout=STOP_SECONDS,
    )  # fmt: skip
    duties = register(queue, core, stopping=consumer.stop_flag.is_set)
    for enqueue in duties.values():  # what was missed while nothing ran is due now
        enqueue()
    log.info("jobs_started")
    try:
        consumer.run()
    finally:
        core.close()
        log.info("jobs_stopped")
