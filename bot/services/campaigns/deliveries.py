"""A row for each recipient of a campaign: planned in pages, claimed, sent, marked. Nothing is claimed twice.

A row that was claimed and never marked belongs to a process that died; whether its message arrived nobody knows. It is
listed as unknown and stays so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Float, Integer, and_, bindparam, delete, func, literal, or_, select, update
from sqlalchemy.sql import ColumnElement
from sqlmodel import Session, SQLModel, col

from bot.core.campaigns.params import Params
from bot.core.campaigns.states import State
from bot.services.campaigns import subscribers
from bot.services.moments import stale
from bot.storage.database import changed, insert_into
from bot.storage.tables import Campaign, Delivery, Subscriber

PAGE = 10_000  # recipients planned in one transaction: about a tenth of a second
STALE_SECONDS = 120.0  # a claim this old belongs to a process that died
COUNTED = ("sending", "sent", "unknown")  # what counts towards the weekly maximum: it reached them, or may have


@dataclass(frozen=True)
class Outcome:
    """What became of a claimed row. status: sent, dry, unknown, failed, or pending for another try from `at` on.

    claimed: the claim it is about; a row that somebody claimed anew since is left alone. 0.0 where there was none.
    """

    id: int
    status: str
    code: str
    at: float
    attempts: int
    parts: int
    claimed: float = 0.0


def plan_page(session: Session, campaign: Campaign, params: Params, channels: Sequence[str]) -> int:
    """Rows for the next page of recipients. Returns how many; a page is planned once, wherever the process stops."""
    session.refresh(campaign, with_for_update=True)  # another process may have planned this page meanwhile
    if campaign.planned or campaign.state != State.RUNNING.value:
        return 0
    chosen = subscribers.matching(params.audience, channels)
    after = and_(chosen, col(Subscriber.conversation_id) > campaign.plan_after)
    ordered = select(col(Subscriber.conversation_id)).where(after).order_by(col(Subscriber.conversation_id))
    last = session.execute(ordered.offset(PAGE - 1).limit(1)).scalar()
    page = and_(after, col(Subscriber.conversation_id) <= last) if last is not None else after
    status, zero = literal("pending"), literal(0, Integer)
    source = select(
        literal(campaign.id, Integer), col(Subscriber.conversation_id), col(Subscriber.channel), col(Subscriber.language), status,
        literal(""), literal(0.0), zero, zero,
    ).where(page)  # fmt: skip
    columns = ["campaign_id", "conversation_id", "channel", "language", "status", "code", "at", "attempts", "parts"]
    session.execute(
        # SQLite reads "ON" after a SELECT as a join without a WHERE clause; there is always one here.
        insert_into(session, Delivery)
        .from_select(columns, source.order_by(col(Subscriber.conversation_id)))
        .on_conflict_do_nothing()
    )
    # Counted afterwards: how many an INSERT ... SELECT made is not told by every driver.
    made = session.execute(select(func.count()).where(_page_rows(campaign, last))).scalar_one()
    campaign.total += made
    campaign.plan_after = last or campaign.plan_after
    campaign.planned = last is None
    session.add(campaign)
    return made


def _page_rows(campaign: Campaign, last: str | None) -> ColumnElement[bool]:
    mine = and_(col(Delivery.campaign_id) == campaign.id, col(Delivery.conversation_id) > campaign.plan_after)
    return and_(mine, col(Delivery.conversation_id) <= last) if last is not None else mine


def mark(session: Session, outcomes: Sequence[Outcome], before: Sequence[str] = ("sending", "unknown")) -> None:
    """Store what became of rows. A late word from a slow send corrects 'unknown'; nothing else is ever changed back."""
    plain: list[Outcome] = []
    rest: list[Outcome] = []
    for outcome in outcomes:
        (plain if outcome.status == "sent" and not outcome.attempts else rest).append(outcome)
    if plain:
        session.execute(
            update(Delivery)
            .where(col(Delivery.id).in_([outcome.id for outcome in plain]), col(Delivery.status).in_(before))
            .values(status="sent", code="")
            .execution_options(synchronize_session=False)
        )
    if rest:
        table = SQLModel.metadata.tables[str(Delivery.__tablename__)]
        statement = (
            update(table)
            # Not IN: its list cannot be part of a statement that is run many times.
            .where(table.c.id == bindparam("row"), or_(*(table.c.status == status for status in before)),
                   or_(bindparam("mine", type_=Float) == 0.0, table.c.at == bindparam("mine", type_=Float),
                       table.c.status != "sending"))
            .values(
                status=bindparam("to"), code=bindparam("why"), at=bindparam("when"), attempts=bindparam("tries"),
                parts=bindparam("done"),
            )
        )  # fmt: skip
        session.connection().execute(
            statement,
            [
                {
                    "row": o.id,
                    "to": o.status,
                    "why": o.code[:40],
                    "when": o.at,
                    "tries": o.attempts,
                    "done": o.parts,
                    "mine": o.claimed,
                }
                for o in rest
            ],
        )


def recover(session: Session, campaign_id: int, now: float) -> int:
    """Claims of a process that died become unknown. Returns how many."""
    return changed(
        session,
        update(Delivery)
        .where(
            col(Delivery.campaign_id) == campaign_id,
            col(Delivery.status) == "sending",
            stale(col(Delivery.at), now, STALE_SECONDS),
        )
        .values(status="unknown", code="process_lost")
        .execution_options(synchronize_session=False),
    )


def lost(session: Session, campaign_id: int, now: float) -> bool:
    """Whether `recover` would find anything."""
    query = select(col(Delivery.id)).where(
        col(Delivery.campaign_id) == campaign_id,
        col(Delivery.status) == "sending",
        stale(col(Delivery.at), now, STALE_SECONDS),
    )
    return session.execute(query.limit(1)).first() is not None


def open_rows(session: Session, campaign_id: int, channels: Sequence[str] = ()) -> bool:
    """Whether any recipient still waits or is under way, on any channel or on these. Looks at a row of the index only."""
    query = select(col(Delivery.id)).where(
        col(Delivery.campaign_id) == campaign_id, col(Delivery.status).in_(["pending", "sending"])
    )
    if channels:
        query = query.where(col(Delivery.channel).in_(channels))
    return session.execute(query.limit(1)).first() is not None


def drop_waiting(session: Session, campaign_id: int, code: str, limit: int = PAGE) -> int:
    """Rows of a stopped campaign that will never be sent, a page at a time. Returns how many."""
    page = (
        select(col(Delivery.id))
        .where(col(Delivery.campaign_id) == campaign_id, col(Delivery.status) == "pending")
        .limit(limit)
    ).scalar_subquery()
    return changed(
        session,
        update(Delivery)
        .where(col(Delivery.id).in_(page))
        .values(status="skipped", code=code)
        .execution_options(synchronize_session=False),
    )


def forget_page(session: Session, campaign_id: int, limit: int = PAGE) -> int:
    """Erase rows of a campaign that ended long ago; its report stays. Returns how many."""
    page = select(col(Delivery.id)).where(col(Delivery.campaign_id) == campaign_id).limit(limit).scalar_subquery()
    return changed(
        session, delete(Delivery).where(col(Delivery.id).in_(page)).execution_options(synchronize_session=False)
    )
