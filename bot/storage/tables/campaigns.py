"""Who asked to be written to, campaigns, and a row for each recipient. Nothing here is linked to a tip."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Subscriber(SQLModel, table=True):
    """One conversation that opted in, and what it chose. How to reach it is in the contact vault only."""

    __tablename__ = "subscriber"
    __table_args__ = (Index("ix_subscriber_place", "province_code", "commune_code"),)
    conversation_id: str = Field(primary_key=True, max_length=64)
    channel: str = Field(default="", max_length=16)
    active: bool = True
    since: float = 0.0
    language: str = Field(default="vi", max_length=3)
    age_band: str = Field(default="", max_length=8)  # bot.core.campaigns.audience.AGES, or "" when not told
    province_code: str = Field(default="", max_length=2)
    commune_code: str = Field(default="", max_length=5)
    topics: int = 0  # bits of bot.core.campaigns.audience.TOPICS; 0 is everything


class Campaign(SQLModel, table=True):
    """A message to many. `params` and `frozen` do not change once it was submitted: `digest` is their hash."""

    __tablename__ = "campaign"
    id: int = Field(default=None, primary_key=True)
    title: str = Field(max_length=120)
    state: str = Field(default="draft", max_length=10, index=True)  # bot.core.campaigns.states.State
    reason: str = Field(default="", max_length=40)  # why it waits or ended, as a code
    params: str  # JSON of bot.core.campaigns.params.Params
    frozen: str = ""  # JSON: the messages by language, as they will be sent
    digest: str = Field(default="", max_length=64)  # of params and frozen, set when submitted
    approved_digest: str = Field(default="", max_length=64)  # what the second person agreed to
    created_by: str = Field(max_length=32)
    created_at: float = 0.0
    submitted_by: str = Field(default="", max_length=32)
    approved_by: str = Field(default="", max_length=32)
    approved_at: float = 0.0
    start_at: float = 0.0
    started_at: float = 0.0
    ended_at: float = 0.0
    planned: bool = False
    plan_after: str = Field(default="", max_length=64)  # the last subscriber that has a row
    total: int = 0  # rows planned
    summary: str = ""  # JSON of the report, kept when the rows are forgotten


class Delivery(SQLModel, table=True):
    """One recipient of one campaign. Claimed, sent, marked; never sent again once it was claimed."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("conversation_id", "campaign_id"),
        Index("ix_delivery_work", "campaign_id", "status", "channel", "at", "id"),
    )
    id: int = Field(default=None, primary_key=True)
    campaign_id: int
    conversation_id: str = Field(max_length=64)
    channel: str = Field(max_length=16)
    language: str = Field(default="vi", max_length=3)
    # pending | sending | sent | dry | unknown | failed | skipped
    status: str = Field(default="pending", max_length=8)
    code: str = Field(default="", max_length=40)  # why not, never a text
    at: float = 0.0  # pending: not before; later: when it was claimed
    attempts: int = 0
    parts: int = 0  # platform calls already made


class CampaignTap(SQLModel, table=True):
    """How often a button of a campaign was tapped. Who tapped is not kept."""

    __tablename__ = "campaign_tap"
    campaign_id: int = Field(primary_key=True)
    choice: str = Field(primary_key=True, max_length=64)
    count: int = 0


class CampaignTest(SQLModel, table=True):
    """A campaign's message on its way to the officer who wants to see it."""

    __tablename__ = "campaign_test"
    id: int = Field(default=None, primary_key=True)
    campaign_id: int = Field(index=True)
    officer_id: str = Field(max_length=32)
    status: str = Field(default="pending", max_length=8)  # pending | sending | sent | unknown | failed
    code: str = Field(default="", max_length=40)
    created_at: float = 0.0
