"""Units, officers, their keys and sessions, and the hash-chained audit log."""

from __future__ import annotations

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel


class Unit(SQLModel, table=True):
    """A responsible unit. `public_key` is None until its first officer enrolled and the unit above said that it is them;
    until then the unit above receives."""

    __tablename__ = "unit"
    id: str = Field(primary_key=True, max_length=40)
    kind: str = Field(max_length=24, index=True)
    name: str
    commune_code: str = Field(default="", max_length=5, index=True)
    province_code: str = Field(default="", max_length=2, index=True)
    parent_id: str = Field(default="", max_length=40)
    phone: str = ""
    remote: bool = False  # remote communes and islands have the longer clock
    demo: bool = False
    public_key: bytes | None = None
    waiting_key: bytes | None = None  # the public key of a first officer whom nobody above has confirmed yet
    key_mark: bytes | None = None  # the server's mark on public_key or waiting_key (bot/storage/marks.py)
    post_mark: bytes | None = None  # on where it stands, name to demo (bot/services/units/posts.py)
    recovery_key: bytes | None = None  # the private key, sealed under the recovery key that was printed once
    old_key: bytes | None = None  # the private key before this one, sealed to it until everything is sealed anew
    rekey_after: str = Field(default="", max_length=64)  # how far that is (bot/services/units/rekey.py)


class Officer(SQLModel, table=True):
    """A person who signs in to the console. Their private key is locked by their password."""

    __tablename__ = "officer"
    id: str = Field(primary_key=True, max_length=32)
    login: str = Field(unique=True, max_length=60)
    name: str
    unit_id: str = Field(default="", max_length=40, index=True)
    role: str = Field(max_length=16)  # officer | supervisor | central | admin | auditor
    demo: bool = False
    active: bool = True
    salt: bytes = b""
    kdf: int = 2  # how the password becomes a key: 1 Argon2id alone, 2 with the server's pepper
    public_key: bytes | None = None
    key_mark: bytes | None = None  # the server's mark on public_key
    post_mark: bytes | None = None  # on login, name, unit, role and active (bot/services/units/posts.py)
    private_key: bytes | None = None  # sealed under the password
    totp: bytes | None = None  # sealed under the server key
    totp_last: int = -1  # last accepted time step: a code works once
    failures: int = 0
    locked_until: float = 0.0
    invite_hash: str = Field(default="", max_length=64)  # SHA-256 of the one-time enrolment token
    invite_until: float = 0.0
    invite_key: bytes | None = None  # the unit's private key sealed under the enrolment token, when a colleague invited
    notify_email: bytes | None = None  # sealed under the vault key
    notify_channel: bytes | None = None  # sealed: {"channel", "address"}


class UnitKey(SQLModel, table=True):
    """A unit's private key, sealed to one officer."""

    __tablename__ = "unit_key"
    __table_args__ = (UniqueConstraint("unit_id", "officer_id"),)
    id: int = Field(default=None, primary_key=True)
    unit_id: str = Field(max_length=40)
    officer_id: str = Field(max_length=32, index=True)
    sealed: bytes


class Passkey(SQLModel, table=True):
    """A passkey (WebAuthn) of an officer: the public half of a key that never leaves their phone or security key."""

    __tablename__ = "passkey"
    id: str = Field(primary_key=True, max_length=32)
    officer_id: str = Field(max_length=32, index=True)
    credential_id: bytes = Field(unique=True)
    public_key: bytes  # COSE
    mark: bytes  # the server's, over officer, credential and key
    sign_count: int = Field(
        default=0, sa_type=BigInteger
    )  # signatures the authenticator says it made; many always say 0
    transports: str = Field(default="", max_length=80)  # what the browser may look for it by, with spaces between
    name: str = Field(max_length=60)  # given by the officer
    created_at: float  # rounded to the day
    last_used: float = 0.0  # rounded to the day; 0.0 never


class ConsoleSession(SQLModel, table=True):
    """A signed-in officer. The cookie holds the token; the row holds its hash and the officer's key sealed under it."""

    __tablename__ = "console_session"
    id: str = Field(primary_key=True, max_length=64)  # SHA-256 of the token
    officer_id: str = Field(max_length=32, index=True)
    private_key: bytes
    csrf: str = Field(max_length=64)
    created_at: float
    seen_at: float


class Audit(SQLModel, table=True):
    """One entry of the chain: hash = SHA-256(previous hash + this entry)."""

    __tablename__ = "audit"
    seq: int = Field(primary_key=True)
    at: float
    actor: str = Field(max_length=60)  # officer id, unit id, "reporter", "system"
    action: str = Field(max_length=40, index=True)
    subject: str = Field(default="", max_length=60)  # tip or account id
    detail: str = ""  # codes and numbers only, never words
    previous: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class AuditHead(SQLModel, table=True):
    """The last link; updating it serialises writers."""

    __tablename__ = "audit_head"
    id: int = Field(primary_key=True)
    seq: int
    hash: str = Field(max_length=64)


class Notice(SQLModel, table=True):
    """A unit is to be told that something waits. Sent by the jobs process; carries a kind and nothing else."""

    __tablename__ = "notice"
    id: str = Field(primary_key=True, max_length=32)
    unit_id: str = Field(max_length=40, index=True)
    referral_id: str = Field(max_length=32)
    kind: str = Field(max_length=16)
    status: str = Field(default="pending", max_length=8, index=True)  # pending | sending | sent | failed
    attempts: int = 0
    next_at: float = 0.0
    created_at: float
