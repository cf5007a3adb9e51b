"""People who get the newsletter, and a platform of our own to send to, for tests of the campaign pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.app import Core
from bot.core.errors import SendError
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Address, Judgement, Pace
from bot.jobs.campaigns import CampaignDuty
from bot.settings import TelegramSettings
from bot.storage.tables import Contact, Conversation, Subscriber


def switch_on(core: Core) -> None:
    """Make the settings say that Telegram is connected."""
    core.settings = core.settings.model_copy(update={"telegram": TelegramSettings(token="1:stub")})


def people(core: Core, many: int, **columns: Any) -> list[str]:
    """Subscribers on Telegram. `columns` of the subscriber. Returns the platform ids."""
    ids = [f"person-{columns.get('commune_code', '')}-{number}" for number in range(many)]
    with core.db.transaction() as session:
        for person in ids:
            key = core.vault.conversation_id(Channel.TELEGRAM, person)
            session.add(Conversation(id=key, channel="telegram", updated_at=core.now()))
            address = core.vault.seal_contact(key, "telegram", {"sender": person, "reply_to": ""})
            session.add(Contact(conversation_id=key, channel="telegram", address=address))
            session.add(Subscriber(conversation_id=key, channel="telegram", since=core.now(), **columns))
    return ids


class Platform:
    """Remembers what it was given. `refuse`: person -> what sending to them raises."""

    channel, numbers, pauses = Channel.TELEGRAM, False, frozenset({"429"})

    def __init__(self, per_second: float = 1_000.0, refuse: Mapping[str, SendError] | None = None) -> None:
        self.pace = Pace(per_second=per_second, burst=5, per_chat=0.0, at_once=50)
        self.got: dict[str, OutboundMessage] = {}
        self.times: dict[str, int] = {}
        self._refuse = dict(refuse or {})

    def parts(self, message: OutboundMessage) -> Sequence[Any]:
        return [message]

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        return Judgement()

    async def send(self, address: Address, part: OutboundMessage) -> None:
        await asyncio.sleep(0)
        if address.person in self._refuse:
            raise self._refuse[address.person]
        self.got[address.person] = part
        self.times[address.person] = self.times.get(address.person, 0) + 1

    async def typing(self, address: Address) -> None:
        return None

    async def fetch(self, ref: str) -> bytes:
        return b""

    async def keep_alive(self) -> None:
        return None

    async def close(self) -> None:
        return None


def run(core: Core, platform: Platform, stopping: Callable[[], bool] = lambda: False) -> int:
    """One call of the campaigns' duty. Returns how many messages were sent."""
    return CampaignDuty(core, stopping=stopping, channels=lambda _: {platform.channel: platform}).run()
