"""Tokens that rotate: one process spends the refresh token, and the new pair is safe before anybody uses it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import update
from sqlmodel import Session, col

from bot.core.messages import Channel
from bot.services.moments import due
from bot.storage.database import changed
from bot.storage.tables import ChannelToken
from bot.storage.vault import Vault


@dataclass(frozen=True)
class TokenPair:
    """A pair as stored. `failed`: the code of a refusal that only a person can mend, or ""."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    version: int
    issued_at: float
    expires_at: float
    failed: str


def load(session: Session, vault: Vault, channel: Channel) -> TokenPair | None:
    """The pair of a channel. Raises CannotOpen when the vault key changed."""
    row = session.get(ChannelToken, channel.value, populate_existing=True)
    if row is None:
        return None
    pair = vault.open_token(channel, row.sealed)
    return TokenPair(pair["access"], pair["refresh"], row.version, row.issued_at, row.expires_at, row.failed)


def enter(session: Session, vault: Vault, channel: Channel, access: str, refresh: str, now: float, life: float) -> None:
    """Put in a pair that a person obtained; whatever was there is replaced, and a failure is over."""
    row = session.get(ChannelToken, channel.value)
    if row is None:
        row = ChannelToken(channel=channel.value, sealed=b"")
        session.add(row)
    row.sealed = vault.seal_token(channel, {"access": access, "refresh": refresh})
    row.version += 1
    row.issued_at, row.expires_at = now, now + life
    row.failed, row.lease_owner, row.lease_until = "", "", 0.0


def lease(session: Session, channel: Channel, version: int, owner: str, now: float, seconds: float) -> bool:
    """Take the right to spend the refresh token of `version`. False when it is another's, or already spent."""
    taken = changed(
        session,
        update(ChannelToken)
        .where(
            col(ChannelToken.channel) == channel.value,
            col(ChannelToken.version) == version,
            col(ChannelToken.failed) == "",
            due(col(ChannelToken.lease_until), now, seconds),
        )
        .values(lease_owner=owner, lease_until=now + seconds),
    )
    return taken == 1


def rotated(
    session: Session, vault: Vault, channel: Channel, version: int, access: str, refresh: str, now: float, life: float
) -> bool:
    """Store the pair that `version` was exchanged for. False when a person entered another one meanwhile."""
    stored = changed(
        session,
        update(ChannelToken)
        .where(col(ChannelToken.channel) == channel.value, col(ChannelToken.version) == version)
        .values(
            sealed=vault.seal_token(channel, {"access": access, "refresh": refresh}),
            version=version + 1,
            issued_at=now,
            expires_at=now + life,
            failed="",
            lease_owner="",
            lease_until=0.0,
        ),
    )
    return stored == 1


def refused(session: Session, channel: Channel, version: int, code: str) -> None:
    """The platform will not exchange this pair any more: only a person can enter a new one."""
    session.execute(
        update(ChannelToken)
        .where(col(ChannelToken.channel) == channel.value, col(ChannelToken.version) == version)
        .values(failed=code[:40], lease_owner="", lease_until=0.0)
    )
