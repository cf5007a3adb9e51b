"""Fetches what came with a message, judges it and seals it, before anything else sees it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Mapping
from dataclasses import replace

from bot.channels.base import FETCH, PushChannel
from bot.core.errors import InvalidInput, TooLarge
from bot.core.lanes import Lanes
from bot.core.messages import MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, Attachment, Channel
from bot.dialogue.bursts import cries
from bot.dialogue.heard import TurnInput
from bot.gateway.file_taker import FileTaker, only_this_file
from bot.gateway.originals import wants_original
from bot.services.tips.files import PUT_BY

REMEMBERED = 500  # fetched files of turns that may have to be repeated
AT_ONCE = 4
LONGEST_SECONDS = 90.0  # for one file, however it trickles in


class Downloads:
    """Call it with a turn; it comes back with sealed files, and with the reasons why others were refused."""

    def __init__(self, channels: Mapping[Channel, PushChannel], taker: FileTaker) -> None:
        self._channels, self._taker = channels, taker
        self._lanes = Lanes(AT_ONCE)
        self._done: OrderedDict[tuple[int, str], Attachment] = OrderedDict()
        self._going: dict[tuple[int, str], asyncio.Task[Attachment]] = {}

    async def __call__(self, turn: TurnInput) -> TurnInput:
        kept, refused = [], list(turn.refused)
        for number, attachment in enumerate(turn.message.attachments[:MAX_ATTACHMENTS]):
            row = turn.file_rows[number] if turn.file_rows else turn.inbox_id
            try:
                kept.append(await self._once(turn, row, attachment))
            except InvalidInput as error:
                refused.append("file_too_large" if error.code == "too_large" else error.code)
        message = replace(turn.message, attachments=tuple(kept))
        return replace(turn, message=message, refused=tuple(dict.fromkeys(refused)))

    async def _once(self, turn: TurnInput, row: int, attachment: Attachment) -> Attachment:
        """The file of message `row`, kept once, whether its turn is repeated or goes on without it meanwhile."""
        if not attachment.ref.startswith((PUT_BY, FETCH)):
            return attachment
        key = (row, attachment.ref)
        if key in self._done:
            return self._done[key]
        going = self._going.get(key)
        if going is None:
            going = self._going[key] = asyncio.create_task(self._one(turn, attachment))
            going.add_done_callback(lambda task: self._ended(key, task))
        return await asyncio.shield(going)

    def _ended(self, key: tuple[int, str], task: asyncio.Task[Attachment]) -> None:
        del self._going[key]
        if task.cancelled() or task.exception() is not None:
            return
        # A turn that has to be repeated must not leave a second copy behind.
        self._done[key] = task.result()
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)

    async def _one(self, turn: TurnInput, attachment: Attachment) -> Attachment:
        # Beside words of danger, or after them.
        urgent = turn.message.after_words or bool(turn.state.card.near) or cries(turn.message)
        if attachment.ref.startswith(PUT_BY):
            original = wants_original(turn)
            return await self._taker.draw(turn.conversation_id, attachment, original=original, urgent=urgent)
        return await self._fetched(turn, attachment, urgent=urgent)

    async def _fetched(self, turn: TurnInput, attachment: Attachment, *, urgent: bool) -> Attachment:
        channel = self._channels.get(turn.channel)
        if channel is None:
            raise InvalidInput("file_gone")
        if attachment.size > MAX_ATTACHMENT_BYTES:
            raise TooLarge("file_too_large")
        # Each lies in memory whole: however many come, only so many do, of each conversation one, in turn.
        async with self._lanes.place(turn.conversation_id, urgent=urgent):
            data = await only_this_file(_in_time(channel.fetch(attachment.ref.removeprefix(FETCH))))
            taken = await self._taker.take(
                turn.conversation_id, len(data), lambda: data, original=wants_original(turn), urgent=urgent
            )  # fmt: skip
        return taken.attachment

    async def settled(self, turn: TurnInput) -> None:
        """The turn, as it came, is answered and stored: what was put by for it goes."""
        for attachment in turn.message.attachments:
            if attachment.ref.startswith(PUT_BY):
                await self._taker.forget(attachment)


async def _in_time(fetching: Awaitable[bytes]) -> bytes:
    """What is fetched. Raises InvalidInput('file_gone') when that takes too long."""
    try:
        return await asyncio.wait_for(fetching, LONGEST_SECONDS)
    except TimeoutError:
        raise InvalidInput("file_gone") from None
