"""The ways an officer can be told: e-mail, Telegram, Zalo Bot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Protocol

from bot.app import Core
from bot.channel_set import push_channels
from bot.channels.base import PushChannel, quiet_libraries
from bot.content.notices import NoticeWords
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Address
from bot.jobs.mail import Mail
from bot.services.messaging import pacing
from bot.services.units.notify import Parcel

# Called once, right before the step that cannot be taken back. False: the claim was lost, do not take it.
Hand = Callable[[], Awaitable[bool]]


class Messenger(Protocol):
    """One way to tell an officer."""

    route: str

    async def send(self, parcel: Parcel, words: NoticeWords, hand: Hand) -> None:
        """Deliver one notice, calling `hand` before the point of no return. Raises SendError."""

    async def close(self) -> None:
        """Close connections."""


class Push:
    """A notice through one of the product's own bots, at the pace the platform allows."""

    def __init__(self, core: Core, channel: PushChannel) -> None:
        self.route = channel.channel.value
        self._core, self._channel = core, channel

    async def send(self, parcel: Parcel, words: NoticeWords, hand: Hand) -> None:
        (part,) = self._channel.parts(OutboundMessage(text=words.text(parcel.kind)))
        await pacing.permit(self._core.db, self._channel.channel, self._channel.pace, self._core.now)
        if await hand():
            await self._channel.send(Address(parcel.address), part)

    async def close(self) -> None:
        await self._channel.close()


def messengers(core: Core) -> dict[str, Messenger]:
    """What this installation can send notices by; empty when nothing is configured. Nothing connects here."""
    quiet_libraries()
    found: dict[str, Messenger] = {}
    if core.settings.mail.host and core.settings.mail.sender:
        found[Mail.route] = Mail(core.settings.mail, core.now)
    for kind, channel in push_channels(core).items():
        if kind in {Channel.TELEGRAM, Channel.ZALO_BOT}:
            found[kind.value] = Push(core, channel)
    return found


async def close_all(open_ones: dict[str, Messenger]) -> None:
    """Close every messenger, whatever happens to the others."""
    async with AsyncExitStack() as stack:
        for messenger in open_ones.values():
            stack.push_async_callback(messenger.close)
