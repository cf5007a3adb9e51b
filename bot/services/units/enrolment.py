"""Enrolment: an invitation is redeemed once, by a password, a TOTP device and, for a unit's first officer, its key.

Each officer has a key pair; the private key is locked by Argon2id(password). A unit has a key pair; its private key is
sealed to each of its officers, and once more under a recovery key that is shown once. The server can open none of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass

import pyotp
from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.content.passwords import common_words
from bot.core.errors import InvalidInput, NotAuthenticated
from bot.core.passwords import judge
from bot.services import audit
from bot.services.units import hierarchy, posts, public_keys
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn, hash_token, token_key
from bot.storage import marks, sealing
from bot.storage.tables import Officer, Unit, UnitKey
from bot.storage.vault import KDF, Vault

INVITE_LIFETIME = 72 * 3600.0
_NONCE = 64  # hex digits of a token that are random; the rest is the mark


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
    if session.execute(select(col(Officer.id)).where(col(Officer.login) == login)).first():
        raise InvalidInput("login_taken")
    officer = Officer(id=secrets.token_hex(16), login=login, name=name, unit_id=unit_id, role=role, demo=demo)
    posts.set_officer(session, officer)
    token = new_token(session, officer, now)
    if by is not None and public_keys.fits(session, session.get(Unit, unit_id), by.unit_keys.get(unit_id, b"")):
        officer.invite_key = sealing.seal(token_key(token), by.unit_keys[unit_id], f"invite:{officer.id}")
    session.add(officer)
    session.flush()
    audit.record(
        session, now, by.officer_id if by else "system", "officer_invited", officer.id, f"unit={unit_id} role={role}"
    )
    return token


def new_token(session: Session, officer: Officer, now: float) -> str:
    """Give an account a one-time token that only the server can make: half of it is random, half the server's mark.

    Otherwise whoever can write to the database could put the hash of a token of their own there, and redeem that.
    """
    officer.invite_until = now + INVITE_LIFETIME
    nonce = secrets.token_hex(_NONCE // 2)
    token = nonce + _invite_mark(session, officer, nonce)
    officer.invite_hash = hash_token(token)
    return token


def _invite_mark(session: Session, officer: Officer, nonce: str) -> str:
    """Over whose invitation it is, for which unit and role, and until when."""
    said = f"{nonce}\0{officer.unit_id}\0{officer.role}\0{officer.invite_until:.0f}"
    return marks.mark(session, "invite", officer.id, said.encode()).hex()


def _invited(session: Session, token: str, now: float) -> Officer:
    """Whose invitation this is. Raises NotAuthenticated('invite') when it is unknown, used, too old or not the server's."""
    officer = session.execute(select(Officer).where(col(Officer.invite_hash) == hash_token(token))).scalar_one_or_none()
    if not token or officer is None or now > officer.invite_until or not posts.works(session, officer):
        raise NotAuthenticated("invite")
    if not hmac.compare_digest(token[_NONCE:].encode(), _invite_mark(session, officer, token[:_NONCE]).encode()):
        raise NotAuthenticated("invite")
    return officer


@dataclass(frozen=True)
class Enrolled:
    """Shown once: the TOTP secret, and the unit's recovery key when this officer is the unit's first."""

    login: str
    totp_secret: str
    recovery_key: str | None


def enrol(session: Session, vault: Vault, token: str, password: str, now: float, *, vouched: bool = False) -> Enrolled:
    """Redeem an invitation: set the password, make the keys. Raises NotAuthenticated, InvalidInput (see check_password).

    vouched: whoever runs the server answers for a unit's first officer; nobody above is asked.
    """
    officer = _invited(session, token, now)
    check_password(password, *names_of(session, officer))
    pair = sealing.new_pair()
    secret = pyotp.random_base32()
    public_keys.set_officer(session, officer, pair.public)
    set_password(vault, officer, password, pair.private)
    officer.totp = vault.seal_staff(officer.id, secret.encode(), "totp")
    recovery = None
    unit = session.get(Unit, officer.unit_id) if officer.unit_id else None
    if unit is not None and officer.role not in {"admin", "auditor"}:
        unit_private: bytes | None = None
        if officer.invite_key:
            unit_private = sealing.unseal(token_key(token), officer.invite_key, f"invite:{officer.id}")
        elif unit.public_key is None and unit.waiting_key is None:
            if public_keys.was_opened(session, unit):
                # It had a key once and nothing of the product takes one away: somebody wrote to the database.
                public_keys.alarm(session, unit, now)
            else:
                unit_private, recovery = found_unit(session, unit, now, vouched)
        if unit_private and public_keys.fits(
            session, unit, unit_private
        ):  # else an older one: a colleague gives the key
            give_unit_key(session, unit.id, officer, unit_private)
    officer.invite_hash, officer.invite_key, officer.invite_until = "", None, 0.0
    audit.record(session, now, officer.id, "officer_enrolled", officer.id, f"unit={officer.unit_id}")
    return Enrolled(officer.login, secret, recovery)


def found_unit(session: Session, unit: Unit, now: float, vouched: bool) -> tuple[bytes, str]:
    """Make the unit's key pair; returns the private key and the recovery key to print.

    Nothing is sealed to it before the unit above has confirmed who this first officer is: otherwise whoever manages
    accounts could invite themselves to a unit that nobody uses yet, and read its tips. Where nobody above can answer now,
    it waits until somebody can: switching them off opens nothing. Only an installation's very first unit opens at once.
    """
    pair = sealing.new_pair()
    detail = f"unit={unit.id} key={public_keys.fingerprint(pair.public)}"
    if vouched or not public_keys.any_opened(session):
        public_keys.set_unit(session, unit, pair.public)
        audit.record(session, now, "system", "unit_opened", "", detail)
    else:
        public_keys.set_waiting(session, unit, pair.public)
        asked = hierarchy.asked(session, unit.id) or (unit.parent_id if posts.is_unit_sound(session, unit) else "")
        if asked:
            queue_notice(session, asked, "", "unit", now)
        audit.record(session, now, "system", "unit_founded", "", detail)
    return pair.private, lock_with_recovery(session, unit, pair.private)


def open_unit(session: Session, unit: Unit) -> None:
    """Let tips be sealed to a unit whose first officer has been confirmed. Raises InvalidInput('key_doubtful')."""
    if unit.waiting_key is None:
        return
    if not public_keys.is_waiting_sound(session, unit) or public_keys.was_opened(session, unit):
        raise InvalidInput("key_doubtful")
    public_keys.set_unit(session, unit, unit.waiting_key)


def lock_with_recovery(session: Session, unit: Unit, private: bytes) -> str:
    """Seal the unit's private key under a fresh recovery key of 160 bits, which is returned for printing.

    Raises InvalidInput('key_doubtful') for any other key than the unit's own.
    """
    _check_own(session, unit, private)
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
    """Seal a unit's private key to an officer: the only way by which one is given on.

    Raises InvalidInput('key_doubtful') when the officer's key or account was changed, or when `unit_private` is not the unit's own: a
    row of `unit_key` that somebody wrote opens for its officer as a true one does.
    """
    _check_own(session, session.get(Unit, unit_id), unit_private)
    if not public_keys.is_officer_sound(session, officer) or not posts.is_officer_sound(session, officer):
        raise InvalidInput("key_doubtful")
    session.execute(delete(UnitKey).where(col(UnitKey.unit_id) == unit_id, col(UnitKey.officer_id) == officer.id))
    session.add(
        UnitKey(unit_id=unit_id, officer_id=officer.id, sealed=sealing.seal_to(public_keys.of(officer), unit_private))
    )


def _check_own(session: Session, unit: Unit | None, private: bytes) -> None:
    if not public_keys.fits(session, unit, private):
        raise InvalidInput("key_doubtful")


def check_password(password: str, *own: str) -> None:
    """Length and hardness over rules about kinds of characters (NIST SP 800-63B). own: login and names that belong to the officer.

    Raises InvalidInput with the reason: weak_short, weak_digits, weak_own, weak_common, weak_pattern, weak_guess...
    """
    why = judge(password, common_words(), own).why
    if why:
        raise InvalidInput(why)


def names_of(session: Session, officer: Officer) -> tuple[str, ...]:
    """What everybody who knows an officer would try first."""
    unit = session.get(Unit, officer.unit_id) if officer.unit_id else None
    return officer.login, officer.name, unit.name if unit else ""


def set_password(vault: Vault, officer: Officer, password: str, private: bytes) -> None:
    """Lock the private key with a (new) password."""
    officer.salt = secrets.token_bytes(16)
    officer.kdf = KDF
    key = vault.password_keys(password, officer.salt)[KDF]
    officer.private_key = sealing.seal(key, private, f"officer:{officer.id}")


def _chunks(text: str, size: int) -> list[str]:
    return [text[i : i + size] for i in range(0, len(text), size)]


def invited_name(session: Session, token: str, now: float) -> str:
    """Whose invitation this is. Raises NotAuthenticated('invite') when it is unknown, used or too old."""
    return _invited(session, token, now).name
