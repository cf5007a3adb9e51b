"""What officers keep beside a tip: notes for themselves, who of the unit has it, an answer that is not sent yet."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class TipNote(SQLModel, table=True):
    """An officers' note, sealed under a key of its own that the reporter's code does not open (bot/services/tips/notes.py)."""

    __tablename__ = "tip_note"
    id: int = Field(default=None, primary_key=True)
    tip_id: str = Field(max_length=32, index=True)
    officer_id: str = Field(max_length=32)
    kind: str = Field(max_length=16)  # note | handover
    body: bytes
    created_at: float
    mark: bytes  # the server's, over who wrote it, when, and the sealed words


class Assignment(SQLModel, table=True):
    """The officer who has a referral, within its unit."""

    __tablename__ = "assignment"
    referral_id: str = Field(primary_key=True, max_length=32)
    officer_id: str = Field(max_length=32, index=True)
    by_id: str = Field(max_length=32)
    at: float


class AnswerDraft(SQLModel, table=True):
    """An answer that an officer has begun, sealed to that officer alone."""

    __tablename__ = "answer_draft"
    __table_args__ = (UniqueConstraint("referral_id", "officer_id"),)
    id: int = Field(default=None, primary_key=True)
    referral_id: str = Field(max_length=32)
    officer_id: str = Field(max_length=32)
    body: bytes
    saved_at: float


class PressedAct(SQLModel, table=True):
    """An act that was pressed and waits for its ten seconds (bot/services/tips/pressed.py). What it is stands sealed to the
    officer who pressed: nobody else, and no line in the database, can say what will be done."""

    __tablename__ = "pressed_act"
    referral_id: str = Field(primary_key=True, max_length=32)
    officer_id: str = Field(max_length=32, index=True)
    body: bytes
    pressed_at: float
    problem: str = Field(default="", max_length=32)  # why it could not be done; a code of the console's errors


class SavedReply(SQLModel, table=True):
    """A ready-made answer of an officer's own, sealed to that officer alone."""

    __tablename__ = "saved_reply"
    id: str = Field(primary_key=True, max_length=32)
    officer_id: str = Field(max_length=32, index=True)
    body: bytes
    created_at: float
