"""What the jobs process keeps: deliveries of notices, signs of life, and counts that outlive erased tips."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class NoticeDelivery(SQLModel, table=True):
    """One notice on its way to one address of one officer. The address itself stays sealed with the officer."""

    __tablename__ = "notice_delivery"
    __table_args__ = (UniqueConstraint("notice_id", "officer_id", "route"),)
    id: int = Field(default=None, primary_key=True)
    notice_id: str = Field(max_length=32, index=True)
    officer_id: str = Field(max_length=32)
    route: str = Field(max_length=16)  # email | telegram | zalo_bot
    # pending | sending (may be repeated) | handed (it may have arrived: never repeated) | sent | failed | unknown
    status: str = Field(default="pending", max_length=8, index=True)
    attempts: int = 0
    next_at: float = 0.0
    claimed_at: float = 0.0
    code: str = Field(default="", max_length=40)  # why it failed, never a text


class Statistic(SQLModel, table=True):
    """How many erased tips there were of each sort. No row is about one tip that could be told from the next."""

    __tablename__ = "statistic"
    month: str = Field(primary_key=True, max_length=7)  # "2026-11", when the tip was made, Vietnamese time
    province_code: str = Field(primary_key=True, max_length=2)
    category: str = Field(primary_key=True, max_length=40)
    outcome: str = Field(primary_key=True, max_length=40)  # reason of the last act, or the state it was left in
    urgency: str = Field(primary_key=True, max_length=8)
    count: int = 0
    verified: int = 0  # of them with a result of the victim's verification
    verified_in_time: int = 0
    victims: int = 0
    victims_child: int = 0
    prosecuted: int = 0  # by the last decision of each, core/referrals: Decision
    not_prosecuted: int = 0
    suspended: int = 0
    passed_on: int = 0


class Heartbeat(SQLModel, table=True):
    """When a duty last ran to its end."""

    __tablename__ = "heartbeat"
    duty: str = Field(primary_key=True, max_length=20)
    at: float = 0.0
