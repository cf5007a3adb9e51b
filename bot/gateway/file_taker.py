"""Takes one file of a citizen: the quota, the floor of the disk, the judging and sealing; whatever goes wrong costs that
file and nothing else of the message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from bot.core.errors import InvalidInput
from bot.core.messages import MAX_ATTACHMENT_BYTES, Attachment
from bot.services.tips import files, unsent
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.vault import Vault

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taken:
    """A file that was kept, and how many bytes of it were counted."""

    attachment: Attachment
    size: int


class FileTaker:
    """Two threads of its own: however many pictures wait to be drawn, nothing else waits for them, and only what they hold
    lies in memory whole."""

    def __init__(self, db: Database, vault: Vault, settings: Settings, now: Callable[[], float]) -> None:
        self._db, self._vault, self._settings, self._now = db, vault, settings, now
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="files")

    @property
    def floor(self) -> int:
        """Bytes of the disk that no file may take."""
        return self._settings.min_free_mb * 1024 * 1024

    async def take(self, conversation_id: str, size: int, read: Callable[[], bytes], *, original: bool) -> Taken:
        """Keep the file of `size` bytes that `read` gives, called in a thread.

        original: as it was sent too, not only the clean copy. Raises InvalidInput with the reason; then it counts for nothing.
        """
        if size > MAX_ATTACHMENT_BYTES:
            raise InvalidInput("file_too_large")
        if size:
            await self._db.run(lambda s: unsent.claim(s, self._vault, conversation_id, size, self._now()))
        blobs, clamav = self._settings.blobs_dir, self._settings.clamav_socket

        def keep() -> Attachment:
            return files.keep(blobs, read(), clamav, original=original, min_free=self.floor)

        try:
            kept = await only_this_file(asyncio.get_running_loop().run_in_executor(self._threads, keep))
        except InvalidInput:
            await self._uncount(conversation_id, size)
            raise
        return Taken(kept, size)

    async def undo(self, conversation_id: str, taken: Sequence[Taken]) -> None:
        """Let go of files that came with a repeated message: the first copies of them are the ones that count."""
        for one in taken:
            ref = files.FileRef.unpack(one.attachment.ref)
            await asyncio.to_thread(files.erase, self._settings.blobs_dir, ref.id)
            await self._uncount(conversation_id, one.size)

    async def _uncount(self, conversation_id: str, size: int) -> None:
        if size:
            await self._db.run(lambda s: unsent.give_back(s, self._vault, conversation_id, size))

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
