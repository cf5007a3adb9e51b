"""Officers sign in with password and TOTP at once; a session holds an officer's key, and only while it lives."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import delete, select
from sqlmodel import Session

from bot.core.errors import NotAuthenticated
from bot.services import audit, throttle
from bot.services.notices import queue_notice
from bot.storage import sealing
from bot.storage.tables import ConsoleSession, Officer, UnitKey
from bot.storage.vault import Vault

IDLE = 1800.0  # seconds a session lives without a request
LONGEST = 12 * 3600.0
TOUCH_AFTER = 30.0  # a look does not need a write each time
LOCK_AFTER = throttle.SIGN_IN_PER_LOGIN.count


@dataclass(frozen=True)
class SignedIn:
    """A signed-in officer for one request. `unit_keys`: private keys of the units they serve, by unit id."""

    officer_id: str
    name: str
    role: str
    unit_id: str
    csrf: str
    session_id: str
    seen_at: float
    private_key: bytes = field(repr=False)
    unit_keys: Mapping[str, bytes] = field(repr=False)


def hash_token(token: str) -> str:
    """What the database keeps of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_key(token: str) -> bytes:
    """The key that only the holder of a random token can make."""
    return sealing.subkey(hashlib.sha512(token.encode()).digest()[:32], "session-key")


@dataclass(frozen=True)
class SignInTry:
    """What the slow hash needs; a dummy of the same cost for logins that do not exist."""

    login: str = field(repr=False)
    officer_id: str = ""
    salt: bytes = b"\x00" * 16
    sealed: bytes = b""


def find_login(session: Session, login: str) -> SignInTry:
    """Read what `unlock` needs."""
    officer = session.execute(select(Officer).where(Officer.login == login)).scalar_one_or_none()
    if officer is None or officer.private_key is None or not officer.active:
        return SignInTry(login)
    return SignInTry(login, officer.id, officer.salt, officer.private_key)


def unlock(vault: Vault, found: SignInTry, password: str) -> bytes | None:
    """The officer's private key, or None. Takes the same time for everybody."""
    key = vault.password_key(password, found.salt)
    if not found.sealed:
        return None
    try:
        return sealing.unseal(key, found.sealed, f"officer:{found.officer_id}")
    except sealing.CannotOpen:
        return None


def sign_in(
    session: Session, vault: Vault, found: SignInTry, private: bytes | None, code: str, now: float
) -> str | None:
    """Check TOTP and open a session. Returns its token, or None after counting the failure (commit either way).

    Raises NotAuthenticated('locked') after five failures in a quarter of an hour, for logins that do not exist too: an
    answer that told them apart would be a list of who works here.
    """
    tries = vault.attempt_key("sign-in", found.login)
    if throttle.blocked_for(session, tries, throttle.SIGN_IN_PER_LOGIN, now):
        raise NotAuthenticated("locked")
    officer = session.get(Officer, found.officer_id) if found.officer_id else None
    step = _totp_step(vault, officer, code, now) if officer is not None else None
    if officer is None or private is None or step is None:
        _failed(session, tries, officer, now)
        return None
    throttle.clear(session, tries)
    officer.failures, officer.locked_until, officer.totp_last = 0, 0.0, step
    token = secrets.token_urlsafe(32)
    session.add(
        ConsoleSession(
            id=hash_token(token), officer_id=officer.id, csrf=secrets.token_urlsafe(24), created_at=now, seen_at=now,
            private_key=sealing.seal(token_key(token), private, "session"),
        )
    )  # fmt: skip
    audit.record(session, now, officer.id, "signed_in", officer.id)
    return token


def _failed(session: Session, tries: str, officer: Officer | None, now: float) -> None:
    throttle.count_failure(session, tries, throttle.SIGN_IN_PER_LOGIN, now)
    if officer is None:
        return
    officer.failures += 1
    audit.record(session, now, officer.id, "sign_in_failed", officer.id)
    wait = throttle.blocked_for(session, tries, throttle.SIGN_IN_PER_LOGIN, now)
    if wait:
        officer.locked_until = now + wait
        audit.record(session, now, officer.id, "account_locked", officer.id)
        if officer.unit_id:
            queue_notice(session, officer.unit_id, "", "locked", now)


def _totp_step(vault: Vault, officer: Officer, code: str, now: float) -> int | None:
    """The accepted time step (30 s), one step of drift allowed, each step once; None when the code is wrong."""
    if officer.totp is None or not code.isascii() or not code.isdigit():
        return None
    totp = pyotp.TOTP(vault.open_staff(officer.id, officer.totp, "totp").decode())
    current = int(now // 30)
    last = officer.totp_last if officer.totp_last <= current + 1 else -1  # later: noted by a clock that ran ahead
    for step in (current, current - 1, current + 1):
        if step > last and secrets.compare_digest(totp.at(step * 30), code):
            return step
    return None


def resume(session: Session, token: str, now: float) -> SignedIn:
    """The officer behind a session cookie. Raises NotAuthenticated."""
    row = session.get(ConsoleSession, hash_token(token)) if token else None
    if row is None or now - row.seen_at > IDLE or now - row.created_at > LONGEST:
        raise NotAuthenticated("session")
    officer = session.get(Officer, row.officer_id)
    if officer is None or not officer.active:
        raise NotAuthenticated("session")
    private = sealing.unseal(token_key(token), row.private_key, "session")
    keys = session.execute(select(UnitKey).where(UnitKey.officer_id == officer.id)).scalars()
    return SignedIn(
        officer_id=officer.id, name=officer.name, role=officer.role, unit_id=officer.unit_id, csrf=row.csrf,
        session_id=row.id, seen_at=row.seen_at, private_key=private,
        unit_keys={key.unit_id: sealing.open_sealed(private, key.sealed) for key in keys},
    )  # fmt: skip


def touch(session: Session, session_id: str, now: float) -> None:
    """Note that the officer is still there."""
    row = session.get(ConsoleSession, session_id)
    if row is not None and abs(now - row.seen_at) > TOUCH_AFTER:  # below zero: a clock that ran ahead
        row.seen_at, row.created_at = now, min(row.created_at, now)


def sign_out(session: Session, session_id: str) -> None:
    """Forget the session and the key in it."""
    session.execute(delete(ConsoleSession).where(ConsoleSession.id == session_id))
