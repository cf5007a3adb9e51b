"""Recipients taken for sending, each with its moment: who may be written to now, who has had enough, who is being answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlmodel import Session, col

from bot.core.campaigns.params import Params
from bot.core.campaigns.states import State
from bot.core.messages import Channel
from bot.core.sending import BULK, Address, Judgement, Pace
from bot.services.campaigns import subscribers
from bot.services.campaigns.deliveries import COUNTED, Outcome, mark
from bot.services.messaging import outbox, pacing
from bot.services.moments import due, within
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Campaign, Contact, Conversation, Delivery, Outbox, Subscriber
from bot.storage.vault import Vault

BUSY_SECONDS = 3.0  # somebody is being answered: the campaign comes later
LEAST_LOOK = 50
NIGHT_LONGEST = 86_400.0  # no recipient is told to wait longer
LOOKS = 4  # pages of candidates read for one claim, when many of them cannot be sent to
WEEK = 7 * 86_400.0
Judge = Callable[[int, float, float], Judgement]  # (priority, last heard, now), as PushChannel.judge


@dataclass(frozen=True)
class Due:
    """A claimed row and where it goes. at: the moment from which it may be sent. claimed: when it was claimed."""

    id: int
    campaign_id: int
    conversation_id: str
    language: str
    address: Address
    attempts: int
    parts: int
    at: float
    claimed: float


@dataclass(frozen=True)
class Line:
    """A channel as a campaign uses it. calls: language -> platform calls one message takes."""

    channel: Channel
    pace: Pace
    judge: Judge


def claim(
    session: Session,
    vault: Vault,
    line: Line,
    campaign: Campaign,
    params: Params,
    calls: Mapping[str, int],
    *,
    now: float,
    ahead: float,
    most: int,
) -> list[Due]:
    """Take up to `most` recipients that may be written to now, each with its moment.

    Nothing while a reply waits on this channel, or while the campaign is not running. Who opted out, is no longer
    reachable or has had enough this week is marked as skipped on the way.
    """
    if campaign.state != State.RUNNING.value or outbox.anything_due(session, line.channel, now):
        return []
    bucket = pacing.meter(session, pacing.channel_key(line.channel))
    per_message = max(calls.values(), default=1)
    rights = pacing.available(bucket, line.pace.per_second, float(line.pace.burst), now, ahead) // per_message
    own = None
    if params.spread and campaign.total:
        rate = campaign.total / (params.spread * 60.0)
        own = pacing.meter(session, pacing.campaign_key(campaign.id))
        rights = min(rights, pacing.available(own, rate, 1.0, now, ahead))
    rights = min(rights, most)
    if rights < 1:
        return []
    taken: list[Due] = []
    for _ in range(LOOKS):
        found = _look(session, vault, line, campaign, params, now, rights - len(taken))
        taken += found.ready
        if len(taken) >= rights or not found.seen:
            break
    if not taken:
        return []
    moments = pacing.take(bucket, len(taken) * per_message, line.pace.per_second, now)[::per_message]
    if own is not None:
        slow = pacing.take(own, len(taken), campaign.total / (params.spread * 60.0), now)
        moments = [max(pair) for pair in zip(moments, slow, strict=True)]
    return [Due(**{**due.__dict__, "at": moment}) for due, moment in zip(taken, moments, strict=True)]


@dataclass(frozen=True)
class _Look:
    seen: int
    ready: list[Due]


def _look(
    session: Session, vault: Vault, line: Line, campaign: Campaign, params: Params, now: float, room: int
) -> _Look:
    query = (
        select(
            col(Delivery.id), col(Delivery.conversation_id), col(Delivery.language), col(Delivery.attempts), col(Delivery.parts),
            col(Subscriber.active), col(Contact.stopped), col(Contact.address), col(Conversation.updated_at),
        )
        .outerjoin(Subscriber, col(Subscriber.conversation_id) == col(Delivery.conversation_id))
        .outerjoin(Contact, col(Contact.conversation_id) == col(Delivery.conversation_id))
        .outerjoin(Conversation, col(Conversation.id) == col(Delivery.conversation_id))
        .where(
            col(Delivery.campaign_id) == campaign.id, col(Delivery.status) == "pending", col(Delivery.channel) == line.channel.value,
            due(col(Delivery.at), now, NIGHT_LONGEST),
        )
        .order_by(col(Delivery.at), col(Delivery.id))
        .limit(max(room, LEAST_LOOK))
        .with_for_update(of=Delivery, skip_locked=True)
    )  # fmt: skip
    rows = session.execute(query).all()
    ids = [row.conversation_id for row in rows]
    tired, busy = _tired(session, ids, params.weekly, now), _busy(session, ids, line.pace, now)
    ready: list[Due] = []
    rest: list[Any] = []
    for row in rows:
        if len(ready) == room:
            break
        outcome = _verdict(row, line, tired, busy, now)
        if outcome is None and (address := _open(vault, row, line.channel)) is not None:
            ready.append(
                Due(row.id, campaign.id, row.conversation_id, row.language, address, row.attempts, row.parts, now, now)
            )
        else:
            rest.append(outcome or Outcome(row.id, "skipped", "sealed_otherwise", now, row.attempts, row.parts))
    if ready:
        _mark_claimed(session, [due.id for due in ready], now)
    mark(session, rest, before=("pending",))
    return _Look(len(rows), ready)


def _verdict(row, line: Line, tired: set[str], busy: set[str], now: float) -> Outcome | None:
    """Why this row cannot be sent now, or None."""

    def skip(code: str) -> Outcome:
        return Outcome(row.id, "skipped", code, now, row.attempts, row.parts)

    if not row.active:
        return skip(subscribers.OPTED_OUT)
    if row.address is None or row.stopped:
        return skip("gone")
    if row.conversation_id in tired:
        return skip("weekly")
    if row.conversation_id in busy:
        return Outcome(row.id, "pending", "", now + max(BUSY_SECONDS, line.pace.per_chat), row.attempts, row.parts)
    judged = line.judge(BULK, row.updated_at or 0.0, now)
    if judged.ok:
        return None
    if judged.wait is None:
        return skip(judged.code)
    return Outcome(row.id, "pending", judged.code, now + judged.wait, row.attempts, row.parts)


def _open(vault: Vault, row, channel: Channel) -> Address | None:
    try:
        found = vault.open_contact(row.conversation_id, channel.value, row.address)
    except CannotOpen:
        return None  # under a key that is gone
    return Address(found["sender"], found.get("reply_to", ""))


def _tired(session: Session, ids: Sequence[str], weekly: int, now: float) -> set[str]:
    """Who has had the most messages of a week already."""
    query = (
        select(col(Delivery.conversation_id))
        .where(col(Delivery.conversation_id).in_(ids), col(Delivery.status).in_(COUNTED), col(Delivery.at) > now - WEEK)
        .group_by(col(Delivery.conversation_id))
        .having(func.count() >= weekly)
    )
    return set(session.execute(query).scalars()) if ids else set()


def _busy(session: Session, ids: Sequence[str], pace: Pace, now: float) -> set[str]:
    """Who is being answered right now, or got something less than the pace of one chat ago."""
    if not ids:
        return set()
    recent = now - pace.per_chat
    answered = select(col(Outbox.conversation_id)).where(
        col(Outbox.conversation_id).in_(ids),
        or_(col(Outbox.status).in_(["pending", "sending"]), within(col(Outbox.claimed_at), recent, now)),
    )
    written = select(col(Delivery.conversation_id)).where(
        col(Delivery.conversation_id).in_(ids), col(Delivery.status).in_(COUNTED), within(col(Delivery.at), recent, now)
    )
    return {*session.execute(answered).scalars(), *session.execute(written).scalars()}


def _mark_claimed(session: Session, ids: Sequence[int], now: float) -> None:
    session.execute(
        update(Delivery)
        .where(col(Delivery.id).in_(ids))
        .values(status="sending", at=now)
        .execution_options(synchronize_session=False)
    )


def rehearse_page(session: Session, campaign: Campaign, params: Params, now: float, limit: int = 2_000) -> int:
    """A page of a dry run: everybody is judged as in a real one, except by channel, and nothing leaves. Returns how many."""
    query = (
        select(
            col(Delivery.id),
            col(Delivery.conversation_id),
            col(Subscriber.active),
            col(Contact.stopped),
            col(Contact.address),
        )
        .outerjoin(Subscriber, col(Subscriber.conversation_id) == col(Delivery.conversation_id))
        .outerjoin(Contact, col(Contact.conversation_id) == col(Delivery.conversation_id))
        .where(col(Delivery.campaign_id) == campaign.id, col(Delivery.status) == "pending")
        .limit(limit)
    )
    rows = session.execute(query).all()
    tired = _tired(session, [row.conversation_id for row in rows], params.weekly, now)
    results: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        result = ("dry", "")
        if not row.active:
            result = ("skipped", subscribers.OPTED_OUT)
        elif row.address is None or row.stopped:
            result = ("skipped", "gone")
        elif row.conversation_id in tired:
            result = ("skipped", "weekly")
        results.setdefault(result, []).append(row.id)
    for (status, code), ids in results.items():
        session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_(ids))
            .values(status=status, code=code, at=now)
            .execution_options(synchronize_session=False)
        )
    return len(rows)
