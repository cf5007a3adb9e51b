"""How often a sign-in may be tried: by the place it comes from, before the slow hash, and after a right password by the account."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlmodel import Session

from bot.core.errors import NotAuthenticated
from bot.services import audit, throttle
from bot.services.units import notices
from bot.storage.tables import Officer
from bot.storage.vault import Vault

_KNOWN = "sign-in-device:"  # what the failures of a browser that signed in before are counted under
LOCK_AFTER = throttle.SIGN_IN.count


@dataclass(frozen=True)
class Origin:
    """Where a try comes from. source: the network, or "". device: what the browser was given when it last signed in."""

    source: str = ""
    device: str = ""


ANYWHERE = Origin()


def new_device(vault: Vault, login: str) -> str:
    """What a browser is given after a sign-in, so that strangers' failures elsewhere never keep it out."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{vault.device_mark(login, nonce)}"


def is_known(vault: Vault, login: str, origin: Origin) -> bool:
    """Whether this officer signed in from that browser before."""
    return _tries(vault, login, origin).startswith(_KNOWN)


def is_blocked(session: Session, vault: Vault, login: str, origin: Origin, now: float) -> bool:
    """Whether tries from there have to wait. Asked before the slow hash, for logins that do not exist too."""
    return throttle.blocked_for(session, _tries(vault, login, origin), throttle.SIGN_IN, now) > 0


def _tries(vault: Vault, login: str, origin: Origin) -> str:
    nonce, _, given = origin.device.partition(".")
    if given and secrets.compare_digest(given.encode(), vault.device_mark(login, nonce).encode()):
        return vault.attempt_key("sign-in-device", login, nonce)
    return vault.attempt_key("sign-in", login, origin.source)


@dataclass(frozen=True)
class Counted:
    """What a try is counted under, and whether codes have to wait: held."""

    tries: str
    codes: str
    held: bool

    @property
    def known(self) -> bool:
        return self.tries.startswith(_KNOWN)


def count(session: Session, vault: Vault, login: str, origin: Origin, now: float) -> Counted:
    """Raises NotAuthenticated('locked') after five failures from one place in a quarter of an hour."""
    tries, codes = _tries(vault, login, origin), vault.attempt_key("sign-in-code", login)
    if throttle.blocked_for(session, tries, throttle.SIGN_IN, now):
        raise NotAuthenticated("locked")
    held = throttle.blocked_for(session, codes, throttle.CODE_AFTER_PASSWORD, now) > 0
    return Counted(tries, codes, held and not tries.startswith(_KNOWN))


def refuse(session: Session, counted: Counted, officer: Officer | None, now: float, *, right_password: bool) -> None:
    """Count a failure, for the account as a whole too where the password was right."""
    if right_password and officer is not None and not counted.known and not counted.held:
        throttle.count_failure(session, counted.codes, throttle.CODE_AFTER_PASSWORD, now)
    _failed(session, (counted.tries, counted.codes), officer, now)


def _failed(session: Session, counted: tuple[str, str], officer: Officer | None, now: float) -> None:
    tries, codes = counted
    throttle.count_failure(session, tries, throttle.SIGN_IN, now)
    if officer is None:
        return
    officer.failures += 1
    audit.record(session, now, officer.id, "sign_in_failed", officer.id)
    wait = throttle.blocked_for(session, codes, throttle.CODE_AFTER_PASSWORD, now)
    if wait:
        officer.locked_until = now + wait
    if wait or throttle.blocked_for(session, tries, throttle.SIGN_IN, now):
        audit.record(session, now, officer.id, "account_locked", officer.id)
        if officer.unit_id:
            hour = f"{int(now // 3600)}"
            notices.queue_once(session, notices.once("locked", officer.id, hour), officer.unit_id, "", "locked", now)
