"""Who asked to be written to. A subscription is never linked to a tip."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class Subscriber(SQLModel, table=True):
    """One conversation that opted in. How to reach it is in the contact vault only."""

    __tablename__ = "subscriber"
    conversation_id: str = Field(primary_key=True, max_length=64)
    active: bool = Field(default=True, index=True)
    since: float = 0.0
