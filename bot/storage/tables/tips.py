"""Tips, who can open them, and referrals. Only what clocks and statistics need is in clear."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel


class Tip(SQLModel, table=True):
    """A submitted tip. Times are rounded to the minute; no conversation, no contact."""

    __tablename__ = "tip"
    id: str = Field(primary_key=True, max_length=32)
    lookup: str = Field(unique=True, max_length=64)  # half of Argon2id(receipt code); the other half is a key
    receipt_key: bytes  # public key of the reporter's pair
    body: bytes  # sealed under the tip's own key
    contact: bytes | None = None  # the reporter's own contact, if left: under another key, opened by a separate act
    category: str = Field(max_length=40)
    commune_code: str = Field(default="", max_length=5)
    province_code: str = Field(default="", max_length=2)
    urgency: str = Field(max_length=8)  # urgent | normal
    child: bool = False
    channel: str = Field(max_length=16)
    language: str = Field(default="vi", max_length=8)
    created_at: float = Field(index=True)
    closed_at: float = 0.0
    erase_at: float = 0.0  # set on closing: 90 days later, unless an officer extends
    erase_warned: bool = False
    verify_result: str = Field(default="", max_length=16)  # core/referrals: Finding; "" while nobody has found anything
    verified_at: float = 0.0  # of the first result
    verify_by: float = 0.0  # until when it was due, as the clock stood then
    victims: int = 0
    victims_child: int = 0  # of them under 18
    verify_basis: str = Field(default="", max_length=80)  # core/referrals: BASES, joined by commas
    decision: str = Field(default="", max_length=16)  # core/referrals: Decision, the last one; "" while there is none
    decided_at: float = 0.0  # when that was written down; its date and number are with the decision
    mark: bytes | None = None  # the server's, over what is in clear (bot/services/tips/binding.py)
    lines_mark: bytes | None = None  # over the last line of the dialogue and how many there are


class Correction(SQLModel, table=True):
    """What the machine had classified, kept from the first time an officer corrected it. The tip's row holds what counts."""

    __tablename__ = "correction"
    tip_id: str = Field(primary_key=True, max_length=32)
    category: str = Field(max_length=40)
    urgency: str = Field(max_length=8)
    commune_code: str = Field(max_length=5)
    province_code: str = Field(max_length=2)
    child: bool
    officer_id: str = Field(max_length=32)  # of the last correction
    reason: str = Field(default="", max_length=40)  # code of why the urgency was changed
    people: bytes | None = None  # the officer's number of people, sealed under the tip's key
    changed_at: float


class DecisionMade(SQLModel, table=True):
    """A decision on a report of a crime. Its number and date are sealed under the tip's key; the tip's row has the last one's kind."""

    __tablename__ = "decision"
    id: int = Field(default=None, primary_key=True)
    tip_id: str = Field(max_length=32, index=True)
    officer_id: str = Field(max_length=32)
    kind: str = Field(max_length=16)  # core/referrals: Decision
    body: bytes
    created_at: float


# What may be sealed to a unit: the tip, the reporter's contact, the officers' notes, and those of a tip that went on without them.
TIP_KEYS = ("unit", "contact", "note", "left")


class TipKey(SQLModel, table=True):
    """A key of the tip, sealed to one holder: 'unit:<id>' or 'receipt'; 'contact:<unit id>' opens the contact only, 'note:<unit id>'
    the officers' notes, which 'receipt' never has."""

    __tablename__ = "tip_key"
    __table_args__ = (UniqueConstraint("tip_id", "holder"),)
    id: int = Field(default=None, primary_key=True)
    tip_id: str = Field(max_length=32, index=True)
    holder: str = Field(max_length=60, index=True)
    sealed: bytes
    mark: bytes | None = None  # the server's, over holder, sealed key and desk (bot/services/units/holders.py)


class TipEntry(SQLModel, table=True):
    """A line of the dialogue between reporter and officers, sealed under the tip's key."""

    __tablename__ = "tip_entry"
    id: int = Field(default=None, primary_key=True)
    tip_id: str = Field(max_length=32, index=True)
    author: str = Field(max_length=60)  # 'reporter' or the officer id
    body: bytes
    created_at: float
    mark: bytes | None = None  # the server's, over author, time, words and the line before


class TipFile(SQLModel, table=True):
    """An attachment. The bytes lie in a blob file, sealed under the tip's key; `meta` is sealed too."""

    __tablename__ = "tip_file"
    id: str = Field(primary_key=True, max_length=32)
    tip_id: str = Field(max_length=32, index=True)
    author: str = Field(max_length=60)
    meta: bytes  # sealed: {"name", "kind", "size", "scan"}
    view: bool = False  # a clean re-encoded copy exists beside the original
    created_at: float


class TipNotice(SQLModel, table=True):
    """Only if the reporter asked for notices: which conversation to tell, sealed under the vault key."""

    __tablename__ = "tip_notice"
    tip_id: str = Field(primary_key=True, max_length=32)
    pointer: bytes


class Referral(SQLModel, table=True):
    """A tip on the desk of one unit."""

    __tablename__ = "referral"
    id: str = Field(primary_key=True, max_length=32)
    tip_id: str = Field(max_length=32, index=True)
    unit_id: str = Field(max_length=40, index=True)
    state: str = Field(max_length=16)  # core/referrals: State
    route_reason: str = Field(max_length=40)
    previous_id: str = Field(default="", max_length=32)  # the referral this one was transferred from
    created_at: float
    received_at: float = 0.0
    decided_at: float = 0.0
    closed_at: float = 0.0
    reason: str = Field(default="", max_length=40)  # code of a refusal or outcome
    escalation: int = 0  # steps already taken
    next_clock_at: float = Field(default=0.0, index=True)
    extended_until: float = 0.0
    version: int = 0
    clock_from: float = 0.0  # reopened, or urgent only since then: its clocks count from here
    reopened: int = 0  # how often
    receive_by: float = 0.0  # until when it had to be received, as the clock stood when it was
    reply_at: float = 0.0  # of the reporter's last message that the unit has not dealt with; 0.0: none
    replies: int = 0  # how many wait so
    reply_danger_at: float = 0.0  # of the first of them that speaks of danger
    reply_steps: int = 0  # steps of its clock already taken
    mark: bytes | None = (
        None  # the server's, over whose tip it is, on which desk and why (bot/services/tips/binding.py)
    )


class Raised(SQLModel, table=True):
    """A unit above was told that another unit is late with a referral: what its first page shows until that unit acts."""

    __tablename__ = "raised"
    __table_args__ = (UniqueConstraint("referral_id", "unit_id", "kind"),)
    id: int = Field(default=None, primary_key=True)
    referral_id: str = Field(max_length=32, index=True)
    unit_id: str = Field(max_length=40, index=True)  # who was told
    kind: str = Field(max_length=16)  # escalation | reply_unread | overdue
    at: float


class Attempt(SQLModel, table=True):
    """Counts of wrong receipt codes and sign-ins per window; key is a keyed hash or 'all'."""

    __tablename__ = "attempt"
    key: str = Field(primary_key=True, max_length=80)
    count: int = 0
    window_start: float = 0.0
