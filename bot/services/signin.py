"""Officers: enrolment, sign-in with password and TOTP, sessions that hold an officer's key only while signed in.

Each officer has a key pair; the private key is locked by Argon2id(password). A unit has a key pair; its private key is
sealed to each of its officers, and once more under a recovery key that is shown once. The server can open none of them.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import delete, select
from sqlmodel import Session

from bot.core.errors import InvalidInput, NotAuthenticated
from bot.services import audit, throttle
from bot.services.notices import queue_notice
from bot.storage import sealing
from bot.storage.tables import ConsoleSession, Officer, Unit, UnitKey
from bot.storage.vault import Vault

IDLE = 1800.0  # seconds a session lives without a request
LONGEST = 12 * 3600.0
TOUCH_AFTER = 30.0  # a look does not need a write each time
INVITE_LIFETIME = 72 * 3600.0
MIN_PASSWORD = 12
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


def _token_key(token: str) -> bytes:
    return sealing.subkey(hashlib.sha512(token.encode()).digest()[:32], "session-key")


def invite(
    session: Session,
    *,
    login: str,
    name: str,
    unit_id: str,
    role: str,
    by: SignedIn | None,
    now: float,
    demo: bool = False,
) -> str:
    """Create an account and return its one-time token (the end of an enrolment link).

    Invited by an officer who holds the unit's key, the newcomer gets it with the token; otherwise (an administrator
    invites) a colleague hands it over later. Raises InvalidInput('login_taken').
    """
    if session.execute(select(Officer.id).where(Officer.login == login)).first():
        raise InvalidInput("login_taken")
    token = secrets.token_urlsafe(32)
    officer = Officer(
        id=secrets.token_hex(16), login=login, name=name, unit_id=unit_id, role=role, demo=demo,
        invite_hash=hash_token(token), invite_until=now + INVITE_LIFETIME,
    )  # fmt: skip
    if by is not None and unit_id in by.unit_keys:
        officer.invite_key = sealing.seal(_token_key(token), by.unit_keys[unit_id], f"invite:{officer.id}")
    session.add(officer)
    session.flush()
    audit.record(
        session, now, by.officer_id if by else "system", "officer_invited", officer.id, f"unit={unit_id} role={role}"
    )
    return token


@dataclass(frozen=True)
class Enrolled:
    """Shown once: the TOTP secret, and the unit's recovery key when this officer is the unit's first."""

    login: str
    totp_secret: str
    recovery_key: str | None


def enrol(session: Session, vault: Vault, token: str, password: str, now: float) -> Enrolled:
    """Redeem an invitation: set the password, make the keys. Raises NotAuthenticated, InvalidInput('weak_password')."""
    officer = session.execute(select(Officer).where(Officer.invite_hash == hash_token(token))).scalar_one_or_none()
    if officer is None or now > officer.invite_until or not officer.active:
        raise NotAuthenticated("invite")
    check_password(password, officer.login)
    pair = sealing.new_pair()
    secret = pyotp.random_base32()
    officer.public_key = pair.public
    set_password(vault, officer, password, pair.private)
    officer.totp = vault.seal_staff(officer.id, secret.encode(), "totp")
    recovery = None
    unit = session.get(Unit, officer.unit_id) if officer.unit_id else None
    if unit is not None and officer.role not in {"admin", "auditor"}:
        unit_private: bytes | None = None
        if officer.invite_key:
            unit_private = sealing.unseal(_token_key(token), officer.invite_key, f"invite:{officer.id}")
        elif unit.public_key is None:
            unit_private, recovery = found_unit(unit)
        if unit_private:
            give_unit_key(session, unit.id, officer, unit_private)
    officer.invite_hash, officer.invite_key, officer.invite_until = "", None, 0.0
    audit.record(session, now, officer.id, "officer_enrolled", officer.id, f"unit={officer.unit_id}")
    return Enrolled(officer.login, secret, recovery)


def found_unit(unit: Unit) -> tuple[bytes, str]:
    """Make the unit's key pair; returns the private key and the recovery key to print."""
    pair = sealing.new_pair()
    unit.public_key = pair.public
    return pair.private, lock_with_recovery(unit, pair.private)


def lock_with_recovery(unit: Unit, private: bytes) -> str:
    """Seal the unit's private key under a fresh recovery key of 160 bits, which is returned for printing."""
    recovery = secrets.token_bytes(20)
    unit.recovery_key = sealing.seal(hashlib.sha256(recovery).digest(), private, f"recovery:{unit.id}")
    return "-".join(_chunks(base64.b32encode(recovery).decode(), 4))


def recover_unit(unit: Unit, recovery: str) -> bytes:
    """The unit's private key, by its recovery key. Raises CannotOpen."""
    try:
        raw = base64.b32decode(recovery.replace("-", "").replace(" ", "").upper())
    except ValueError:
        raise sealing.CannotOpen("cannot open") from None
    return sealing.unseal(hashlib.sha256(raw).digest(), unit.recovery_key or b"", f"recovery:{unit.id}")


def give_unit_key(session: Session, unit_id: str, officer: Officer, unit_private: bytes) -> None:
    """Seal a unit's private key to an officer."""
    session.execute(delete(UnitKey).where(UnitKey.unit_id == unit_id, UnitKey.officer_id == officer.id))
    session.add(
        UnitKey(unit_id=unit_id, officer_id=officer.id, sealed=sealing.seal_to(officer.public_key, unit_private))
    )


def check_password(password: str, login: str) -> None:
    """Length over rules (NIST SP 800-63B). Raises InvalidInput('weak_password')."""
    if len(password) < MIN_PASSWORD or password.lower() in {login.lower() * 2, "matkhau123456", "password1234"}:
        raise InvalidInput("weak_password")
    if len(password) > 200 or len(set(password)) < 5:
        raise InvalidInput("weak_password")


def set_password(vault: Vault, officer: Officer, password: str, private: bytes) -> None:
    """Lock the private key with a (new) password."""
    officer.salt = secrets.token_bytes(16)
    officer.private_key = sealing.seal(vault.password_key(password, officer.salt), private, f"officer:{officer.id}")


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
            private_key=sealing.seal(_token_key(token), private, "session"),
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
    for step in (current, current - 1, current + 1):
        if step > officer.totp_last and secrets.compare_digest(totp.at(step * 30), code):
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
    private = sealing.unseal(_token_key(token), row.private_key, "session")
    keys = session.execute(select(UnitKey).where(UnitKey.officer_id == officer.id)).scalars()
    return SignedIn(
        officer_id=officer.id, name=officer.name, role=officer.role, unit_id=officer.unit_id, csrf=row.csrf,
        session_id=row.id, seen_at=row.seen_at, private_key=private,
        unit_keys={key.unit_id: sealing.open_sealed(private, key.sealed) for key in keys},
    )  # fmt: skip


def touch(session: Session, session_id: str, now: float) -> None:
    """Note that the officer is still there."""
    row = session.get(ConsoleSession, session_id)
    if row is not None and now - row.seen_at > TOUCH_AFTER:
        row.seen_at = now


def sign_out(session: Session, session_id: str) -> None:
    """Forget the session and the key in it."""
    session.execute(delete(ConsoleSession).where(ConsoleSession.id == session_id))


def _chunks(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def invited_name(session: Session, token: str, now: float) -> str:
    """Whose invitation this is. Raises NotAuthenticated('invite') when it is unknown, used or too old."""
    officer = session.execute(select(Officer).where(Officer.invite_hash == hash_token(token))).scalar_one_or_none()
    if not token or officer is None or now > officer.invite_until or not officer.active:
        raise NotAuthenticated("invite")
    return officer.name
