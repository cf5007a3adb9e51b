"""Copies of parts of a tip for services that support people, and what those answer."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class SupportCopy(SQLModel, table=True):
    """Chosen parts of a tip, sealed to one support unit, or printed as a letter (then key and body are empty). Erased with the tip."""

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
    # given | accepted | refused | done: what the service said, or, of a letter, what an officer heard from it
    state: str = Field(default="given", max_length=8)
    answered_at: float = 0.0  # when it was accepted or refused
    done_at: float = 0.0
    reason: str = Field(default="", max_length=24)  # code of a refusal
    answer: bytes | None = None  # the service's own words, which only officers who hold the tip's notes open
    tell: bool = False  # the reporter may be told
    recipient: bytes | None = (
        None  # of a letter to a service that is not on the system: its name, sealed under the tip's key
    )
