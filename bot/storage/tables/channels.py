"""What the channels of all processes share: rotating tokens and the pace of sending."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class ChannelToken(SQLModel, table=True):
    """A pair of access and refresh token that rotates; one row a channel.

    `version` grows with each pair. Whoever holds the lease is the only process that may spend the refresh token, which
    works once. `failed` is the code of a refusal that only a person can mend, or "".
    """

    __tablename__ = "channel_token"
    channel: str = Field(primary_key=True, max_length=16)
    sealed: bytes  # {"access", "refresh"} under the vault key
    version: int = 0
    issued_at: float = 0.0
    expires_at: float = 0.0  # of the access token
    lease_owner: str = Field(default="", max_length=40)
    lease_until: float = 0.0
    failed: str = Field(default="", max_length=40)


class ChannelMeter(SQLModel, table=True):
    """A bucket of sending rights or a count for a period: 'pace:telegram', 'month:zalo_bot:2026-11'."""

    __tablename__ = "channel_meter"
    key: str = Field(primary_key=True, max_length=60)
    tokens: float = 0.0
    at: float = 0.0
    paused_until: float = 0.0  # the platform asked for silence
    count: int = 0
