"""Subscribers by the thousand, campaigns ready to run, and a channel that remembers what it was given."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections import Counter
from collections.abc import Callable, MutableSequence, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlmodel import Session

from bot.app import Core
from bot.core.campaigns.audience import Audience
from bot.core.campaigns.params import Params
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Address, Judgement, Pace
from bot.core.units.model import UnitKind
from bot.jobs import campaign_line
from bot.jobs.campaigns import CampaignDuty
from bot.services.campaigns import acts
from bot.services.campaigns.words import sources
from bot.services.units import posts
from bot.settings import TelegramSettings, ZaloOASettings
from bot.storage.tables import Campaign, Contact, Conversation, Delivery, Officer, Subscriber, Unit

NOON = 1_785_387_600.0  # 30 July 2026, 12:00 in Viet Nam
NIGHT = NOON + 11 * 3_600
FAST = Pace(per_second=100_000.0, burst=1_000, per_chat=0.0, at_once=200)
ON = ("telegram", "zalo_oa")
AUTHOR, SECOND = "a" * 32, "b" * 32


def person(number: int) -> str:
    """The platform id of a made-up subscriber."""
    return f"person-{number}"


def subscribe(
    core: Core, many: int, *, channel: Channel = Channel.TELEGRAM, first: int = 0,
    name: Callable[[int], str] = person, **more: Any,
) -> list[str]:  # fmt: skip
    """Subscribers with contacts. Returns their conversations. `more`: columns of the subscriber, or callables of the number.

    name: the platform id of a number.
    """
    made: list[str] = []
    for page in range(first, first + many, 20_000):
        numbers = range(page, min(page + 20_000, first + many))
        ids = [core.vault.conversation_id(channel, name(number)) for number in numbers]
        with core.db.transaction() as session:
            _insert(core, session, channel, dict(zip(ids, map(name, numbers), strict=True)), more, page)
        if many <= 100_000:
            made += ids
    return made


def _insert(
    core: Core, session: Session, channel: Channel, ids: dict[str, str], more: dict[str, Any], first: int
) -> None:
    heard = core.now()
    session.execute(
        insert(Conversation.__table__),
        [
            {"id": c, "channel": channel.value, "version": 0, "updated_at": heard, "lease_owner": "", "lease_until": 0.0,
             "quiet_until": 0.0, "ended": False}
            for c in ids
        ],
    )  # fmt: skip
    session.execute(
        insert(Contact.__table__),
        [
            {"conversation_id": c, "channel": channel.value, "stopped": False,
             "address": core.vault.seal_contact(c, channel.value, {"sender": name, "reply_to": ""})}
            for c, name in ids.items()
        ],
    )  # fmt: skip
    base = {"channel": channel.value, "active": True, "since": heard, "language": "vi", "age_band": "",
            "province_code": "", "commune_code": "", "topics": 0}  # fmt: skip
    session.execute(
        insert(Subscriber.__table__),
        [
            base | {"conversation_id": c} | {k: v(n) if callable(v) else v for k, v in more.items()}
            for n, c in enumerate(ids, first)
        ],
    )


def desk(core: Core, on: Sequence[str] = ON) -> acts.Desk:
    return acts.Desk(sources(core), tuple(on), core.now(), core.province_of)


def params(core: Core, **more: Any) -> Params:
    base = {"title": "30/7", "source": "kit", "source_id": "ngay_30_7", "length": "short", "start_at": core.now()}
    return Params(**{**base, "audience": Audience(), **more})


def makers(session: Session) -> None:
    """Two officers of the central desk, who may write to the whole country."""
    if session.get(Officer, AUTHOR) is None:
        unit = Unit(id="central", kind=UnitKind.CENTRAL_DESK.value, name="Bàn trực trung tâm")
        posts.set_unit(session, unit)
        session.add(unit)
        for one in (AUTHOR, SECOND):
            officer = Officer(id=one, login=one[:3], name=one[:3], unit_id="central", role="central")
            posts.set_officer(session, officer)
            session.add(officer)
        session.flush()


def approved(core: Core, **more: Any) -> int:
    """A campaign that may start. Returns its id."""
    with core.db.transaction() as session:
        makers(session)
        row = acts.create(session, desk(core), params(core, **more), AUTHOR)
        acts.submit(session, desk(core), row.id, AUTHOR)
        if not acts.params_of(row).dry_run:
            acts.approve(session, desk(core), row.id, SECOND, row.digest)
        return row.id


class StubChannel:
    """A platform of our own. Remembers receivers in memory, or in a file that survives kill -9."""

    numbers = False
    pauses = frozenset({"429"})

    def __init__(
        self,
        kind: Channel = Channel.TELEGRAM,
        pace: Pace = FAST,
        latency: float = 0.0,
        behave: Callable[[str, int], None] | None = None,
        file: Path | None = None,
        judge: Callable[[int, float, float], Judgement] | None = None,
    ) -> None:
        self.channel, self.pace, self.latency = kind, pace, latency
        self.got: list[str] = []
        self.texts: list[str] = []
        self.moments: MutableSequence[float] = []
        self.tries: Counter[str] = Counter()
        self._behave, self._judge = behave, judge
        self.remember = True  # False: only the moments, for long measurements
        self._out = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if file else None

    def parts(self, message: OutboundMessage) -> Sequence[Any]:
        return [message.text]

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        return self._judge(priority, last_heard, now) if self._judge else Judgement()

    async def send(self, address: Address, part: Any) -> None:
        if self.remember:
            self.tries[address.person] += 1
        if self._behave:
            self._behave(address.person, self.tries[address.person])
        if self._out is not None:
            os.write(self._out, f"{address.person}\n".encode())
        if self.remember:
            self.got.append(address.person)
            self.texts.append(part)
        self.moments.append(time.monotonic())
        await asyncio.sleep(self.latency)

    async def typing(self, address: Address) -> None:
        return None

    async def fetch(self, ref: str) -> bytes:
        return b""

    async def keep_alive(self) -> None:
        return None

    async def close(self) -> None:
        if self._out is not None:
            os.close(self._out)
            self._out = None


def duty(core: Core, *channels: StubChannel, stopping: Callable[[], bool] = lambda: False) -> CampaignDuty:
    """The campaigns' duty with channels of our own."""
    return CampaignDuty(core, stopping=stopping, channels=lambda _: {c.channel: c for c in channels})


def under_way(pace: Pace) -> int:
    """The most that is claimed and not yet ended at any time, on however slow a machine: what a pause comes too late for."""
    calls = math.ceil(pace.per_second * campaign_line.SLOWER * campaign_line.FIRST_GUESS)
    ahead = math.ceil(pace.per_second * campaign_line.MOST_AHEAD)
    return campaign_line.LEAST_ROOM + min(max(pace.at_once, math.ceil(pace.per_second)), calls) + ahead


def configured(core: Core) -> None:
    """Make the settings say that Telegram and Zalo are on."""
    stubs = {"telegram": TelegramSettings(token="1:stub"), "zalo_oa": ZaloOASettings(app_id="1")}
    core.settings = core.settings.model_copy(update=stubs)


def statuses(core: Core, campaign_id: int) -> Counter[tuple[str, str]]:
    """(status, code) -> rows."""
    with core.db.reading() as session:
        query = select(Delivery.status, Delivery.code).where(Delivery.campaign_id == campaign_id)
        return Counter((row[0], row[1]) for row in session.execute(query))


def state(core: Core, campaign_id: int) -> Campaign:
    with core.db.reading() as session:
        return session.get(Campaign, campaign_id)


def set_state(core: Core, conversation: str, table: type, **values: Any) -> None:
    """Change one row of Contact or Subscriber."""
    with core.db.transaction() as session:
        session.execute(update(table).where(table.conversation_id == conversation).values(**values))
