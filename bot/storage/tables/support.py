"""Copies of parts of a tip for services that support people: health, social affairs, legal aid, the child line."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class SupportCopy(SQLModel, table=True):
    """Chosen parts of a tip, sealed to one support unit. Erased together with the tip."""

    __tablename__ = "support_copy"
    id: str = Field(primary_key=True, max_length=32)
    tip_id: str = Field(max_length=32, index=True)
    unit_id: str = Field(max_length=40, index=True)  # who may open it
    given_by: str = Field(max_length=32)  # officer id
    parts: str = Field(max_length=60)  # codes, joined by commas
    consent: str = Field(max_length=8)  # recorded | override
    key: bytes  # of the body, sealed to the unit
    body: bytes
    created_at: float
