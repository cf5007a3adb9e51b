"""An officer's own account: another password, another authenticator, and an end to sessions elsewhere.

Both need the password and the six digits of now or a passkey, as signing in does: an unattended screen must not be enough to take an
account over. The private key stays the same and is only locked anew, so old tips stay readable.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass

import pyotp
from sqlalchemy import delete
from sqlmodel import Session, col

from bot.core.errors import InvalidInput
from bot.services import audit, throttle
from bot.services.units import enrolment, signin
from bot.services.units.signin import SignedIn, SignInTry, Unlocked
from bot.storage import sealing
from bot.storage.database import changed
from bot.storage.tables import ConsoleSession, Officer
from bot.storage.vault import Vault
from bot.storage.write_ahead import leave_no_trace

PROOF_LIFETIME = 900.0  # seconds between the first step and the new device's six digits


def find(session: Session, vault: Vault, by: SignedIn, now: float) -> SignInTry:
    """What the slow hash of the old password needs. Raises InvalidInput('too_many_tries') before it costs anything."""
    if throttle.blocked_for(session, _tries(vault, by), throttle.OWN_CHECK, now):
        raise InvalidInput("too_many_tries")
    officer = session.get(Officer, by.officer_id)
    return signin.find_login(session, officer.login if officer else "")


def prove(
    session: Session, vault: Vault, by: SignedIn, unlocked: Unlocked | None, code: str, now: float,
    instead: signin.SecondFactor | None = None,
) -> Officer | None:  # fmt: skip
    """The officer, if the old password and the six digits (or what is asked `instead`) are right.

    None after counting a failure: commit either way.
    """
    tries, officer = _tries(vault, by), session.get(Officer, by.officer_id)
    if officer is None or officer.totp is None or throttle.blocked_for(session, tries, throttle.OWN_CHECK, now):
        return None
    step: int | None = None
    if instead is None:
        secret = vault.open_staff(officer.id, officer.totp, "totp").decode()
        step = signin.code_step(secret, code, officer.totp_last, now)
    elif unlocked is not None and instead(session, officer):
        step = officer.totp_last
    if unlocked is None or step is None:
        throttle.count_failure(session, tries, throttle.OWN_CHECK, now)
        audit.record(session, now, officer.id, "own_check_failed", officer.id)
        return None
    throttle.clear(session, tries)
    officer.totp_last = step
    return officer


def check_new(session: Session, by: SignedIn, old: str, new: str, again: str) -> None:
    """Raises InvalidInput: not_equal, same_password, or why the new one is too easy."""
    if new != again:
        raise InvalidInput("not_equal")
    if new == old:
        raise InvalidInput("same_password")
    officer = session.get(Officer, by.officer_id)
    if officer is not None:
        enrolment.check_password(new, *enrolment.names_of(session, officer))


def change_password(session: Session, vault: Vault, by: SignedIn, officer: Officer, new: str, now: float) -> None:
    """Lock the private key with another password and end the officer's other sessions.

    The caller has called `check_new` and `prove`.
    """
    enrolment.set_password(vault, officer, new, by.private_key)
    leave_no_trace(session)  # the private key as the old password locked it
    audit.record(session, now, officer.id, "password_changed", officer.id)
    end_others(session, by, now)


def end_others(session: Session, by: SignedIn, now: float) -> int:
    """Sign the officer out everywhere but here. Returns how many sessions ended."""
    others = (col(ConsoleSession.officer_id) == by.officer_id, col(ConsoleSession.id) != by.session_id)
    ended = changed(session, delete(ConsoleSession).where(*others))
    if ended:
        audit.record(session, now, by.officer_id, "signed_out_elsewhere", by.officer_id, f"sessions={ended}")
    return ended


@dataclass(frozen=True)
class Opened:
    """A place where an officer is signed in: since when, when it was last used, and whether it is this one."""

    since: float
    seen: float
    here: bool


def sessions(session: Session, by: SignedIn, now: float) -> list[Opened]:
    """The officer's living sessions, this one first. Nothing of the place itself is kept, so only times can tell them apart."""
    rows = session.execute(signin.living(by.officer_id, now)).scalars()
    found = [Opened(row.created_at, row.seen_at, row.id == by.session_id) for row in rows]
    return sorted(found, key=lambda one: (not one.here, -one.seen))


@dataclass(frozen=True)
class Proof:
    """A device that is being tried out, kept sealed in the page's form. recovery: the unit's recovery key to show again."""

    officer_id: str
    login: str
    secret: str
    until: float
    recovery: str = ""
    enrolling: bool = False


def new_proof(officer: Officer, now: float) -> Proof:
    """A fresh secret for another device."""
    return Proof(officer.id, officer.login, pyotp.random_base32(), now + PROOF_LIFETIME)


def seal_proof(vault: Vault, proof: Proof) -> str:
    """What stands in the form; only the server can make or read it."""
    body = json.dumps(proof.__dict__).encode()
    return base64.urlsafe_b64encode(vault.seal_staff("form", body, "totp-proof")).decode()


def open_proof(vault: Vault, sealed: str, now: float) -> Proof:
    """Raises InvalidInput('too_late') for what is old or was not made here."""
    try:
        proof = Proof(**json.loads(vault.open_staff("form", base64.urlsafe_b64decode(sealed), "totp-proof")))
    except (ValueError, TypeError, sealing.CannotOpen):
        raise InvalidInput("too_late") from None
    if now > proof.until:
        raise InvalidInput("too_late")
    return proof


def is_right(proof: Proof, code: str, now: float) -> bool:
    """Whether the new device shows the right six digits."""
    return signin.code_step(proof.secret, code, -1, now) is not None


def change_device(session: Session, vault: Vault, by: SignedIn, proof: Proof, now: float) -> None:
    """From now on the new device counts, and the old one no more. Ends the officer's other sessions.

    The caller has called `is_right`. Raises InvalidInput('too_late') for somebody else's proof.
    """
    officer = session.get(Officer, by.officer_id)
    if officer is None or proof.officer_id != officer.id or proof.enrolling:
        raise InvalidInput("too_late")
    officer.totp = vault.seal_staff(officer.id, proof.secret.encode(), "totp")
    officer.totp_last = int(now // 30)
    audit.record(session, now, officer.id, "totp_changed", officer.id)
    end_others(session, by, now)


def _tries(vault: Vault, by: SignedIn) -> str:
    return vault.attempt_key("own-check", by.officer_id)
