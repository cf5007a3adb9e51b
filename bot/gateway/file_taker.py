"""Takes one file of a citizen: the quota, the floor of the disk, the judging and sealing; whatever goes wrong costs that
file and nothing else of the message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bot.core.errors import InvalidInput
from bot.core.messages import Attachment
from bot.services.tips import files, unsent
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.vault import Vault

T = TypeVar("T")
log = logging.getLogger(__name__)


class FileTaker:
    """Two threads of its own: however many pictures wait to be drawn, nothing else waits for them."""

    def __init__(self, db: Database, vault: Vault, settings: Settings, now: Callable[[], float]) -> None:
        self._db, self._vault, self._settings, self._now = db, vault, settings, now
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="files")

    async def take(self, conversation_id: str, data: bytes, *, original: bool) -> Attachment:
        """Keep `data`. original: as it was sent too, not only the clean copy. Raises InvalidInput with the reason."""
        if data:
            await self._db.run(lambda s: unsent.claim(s, self._vault, conversation_id, len(data), self._now()))
        blobs, clamav = self._settings.blobs_dir, self._settings.clamav_socket
        floor = self._settings.min_free_mb * 1024 * 1024

        def keep() -> Attachment:
            return files.keep(blobs, data, clamav, original=original, min_free=floor)

        return await only_this_file(asyncio.get_running_loop().run_in_executor(self._threads, keep))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


async def only_this_file(work: Awaitable[T]) -> T:
    """What `work` gives. Raises InvalidInput: its own, or 'file_failed' for anything unforeseen."""
    try:
        return await work
    except InvalidInput:
        raise
    except Exception as error:  # its text may hold words or a name
        log.error("file_failed", extra={"error": type(error).__name__})
        raise InvalidInput("file_failed") from None
