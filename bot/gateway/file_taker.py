"""Takes one file of a citizen: the quota, the floor of the disk, the judging and sealing; whatever goes wrong costs that
file and nothing else of the message."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.core.errors import InvalidInput
from bot.core.lanes import Lanes
from bot.core.messages import MAX_ATTACHMENT_BYTES, Attachment
from bot.services.tips import files, unsent
from bot.settings import Settings
from bot.storage.database import Database
from bot.storage.vault import Vault

T = TypeVar("T")
log = logging.getLogger(__name__)
AT_ONCE = 2  # files that lie in memory whole


@dataclass(frozen=True)
class Taken:
    """A file that was kept, and how many bytes of it were counted."""

    attachment: Attachment
    size: int


class FileTaker:
    """Threads of its own: however many pictures wait to be drawn, nothing else waits for them, and only what the threads hold
    lies in memory whole.

    Each conversation has one file at a time under way, and they are taken in turn: whoever sends twenty large pictures waits
    for everybody's first. Those beside words of danger come first.
    """

    def __init__(self, db: Database, vault: Vault, settings: Settings, now: Callable[[], float]) -> None:
        self._db, self._vault, self._settings, self._now = db, vault, settings, now
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files")
        self._door = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="files-door")
        self._lanes, self._door_lanes = Lanes(AT_ONCE), Lanes(AT_ONCE)

    @property
    def floor(self) -> int:
        """Bytes of the disk that no file may take."""
        return self._settings.min_free_mb * 1024 * 1024

    async def take(
        self, conversation_id: str, size: int, read: Callable[[], bytes], *, original: bool, urgent: bool = False
    ) -> Taken:
        """Keep the file of `size` bytes that `read` gives, called in a thread.

        original: as it was sent too, not only the clean copy. urgent: before others. Raises InvalidInput with the reason; then
        it counts for nothing.
        """
        await self._count(conversation_id, size)
        return Taken(await self._keep(conversation_id, size, read, original=original, urgent=urgent), size)

    async def put_by(self, conversation_id: str, size: int, read: Callable[[], bytes]) -> Taken:
        """Store the file as it came, for `draw`: safe at once, however many pictures wait. Raises as `take` does."""
        await self._count(conversation_id, size)

        def store() -> Attachment:
            return files.put_by(self._settings.blobs_dir, read(), min_free=self.floor)

        async with self._counted(conversation_id, size), self._door_lanes.place(conversation_id):
            stored = await only_this_file(asyncio.get_running_loop().run_in_executor(self._door, store))
        return Taken(stored, size)

    async def draw(self, conversation_id: str, attachment: Attachment, *, original: bool, urgent: bool) -> Attachment:
        """Keep a file that was put by; what was put by stays until `forget`. Raises InvalidInput with the reason."""
        ref = files.FileRef.unpack(attachment.ref.removeprefix(files.PUT_BY))

        def read() -> bytes:
            return files.fetch(self._settings.blobs_dir, ref)

        return await self._keep(conversation_id, attachment.size, read, original=original, urgent=urgent)

    async def forget(self, attachment: Attachment) -> None:
        """Let go of a file that was put by: it was kept, or refused."""
        ref = files.FileRef.unpack(attachment.ref.removeprefix(files.PUT_BY))
        await asyncio.to_thread(files.erase, self._settings.blobs_dir, ref.id)

    async def _count(self, conversation_id: str, size: int) -> None:
        if size > MAX_ATTACHMENT_BYTES:
            raise InvalidInput("file_too_large")
        if size:
            await self._db.run(lambda s: unsent.claim(s, self._vault, conversation_id, size, self._now()))

    async def _keep(
        self, conversation_id: str, size: int, read: Callable[[], bytes], *, original: bool, urgent: bool
    ) -> Attachment:
        blobs, clamav = self._settings.blobs_dir, self._settings.clamav_socket

        def keep() -> Attachment:
            return files.keep(blobs, read(), clamav, original=original, min_free=self.floor)

        async with self._counted(conversation_id, size), self._lanes.place(conversation_id, urgent=urgent):
            return await only_this_file(asyncio.get_running_loop().run_in_executor(self._threads, keep))

    @asynccontextmanager
    async def _counted(self, conversation_id: str, size: int) -> AsyncIterator[None]:
        """What is refused inside counts for nothing."""
        try:
            yield
        except InvalidInput:
            await self._uncount(conversation_id, size)
            raise

    async def undo(self, conversation_id: str, taken: Sequence[Taken]) -> None:
        """Let go of files that came with a repeated message: the first copies of them are the ones that count."""
        for one in taken:
            await self.forget(one.attachment)
            await self._uncount(conversation_id, one.size)

    async def _uncount(self, conversation_id: str, size: int) -> None:
        if size:
            await self._db.run(lambda s: unsent.give_back(s, self._vault, conversation_id, size))

    def close(self) -> None:
        for threads in (self._threads, self._door):
            threads.shutdown(wait=False, cancel_futures=True)


async def only_this_file(work: Awaitable[T]) -> T:
    """What `work` gives. Raises InvalidInput: its own, or 'file_failed' for anything unforeseen."""
    try:
        return await work
    except InvalidInput:
        raise
    except Exception as error:  # its text may hold words or a name
        log.error("file_failed", extra={"error": type(error).__name__})
        raise InvalidInput("file_failed") from None
