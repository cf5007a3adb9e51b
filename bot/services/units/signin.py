"""Officers sign in with password and a second factor at once; a session holds an officer's key, and only while it lives."""

from __future__ import annotations

import contextlib
import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import Select, delete, select
from sqlmodel import Session, col

from bot.core.errors import NotAuthenticated
from bot.services import audit, throttle
from bot.services.units import posts, public_keys, signin_tries
from bot.services.units.signin_tries import ANYWHERE, Origin
from bot.storage import marks, sealing
from bot.storage.tables import ConsoleSession, Officer, Unit, UnitKey
from bot.storage.vault import KDF, Vault

IDLE = 1800.0  # seconds a session lives without a request
LONGEST = 12 * 3600.0
TOUCH_AFTER = 30.0  # a look does not need a write each time
MOST_SESSIONS = 5  # of one officer; another sign-in ends the one that was used longest ago


# What takes the place of the six digits: asked only when the password is right, in the transaction that opens the session.
SecondFactor = Callable[[Session, Officer], bool]


@dataclass(frozen=True)
class SignedIn:
    """A signed-in officer for one request. `unit_keys`: private keys of the units they serve, by unit id.

    old_keys: the ones before, of units where something is still sealed to them. doubtful: units of which the database names
    another key. own_key: False when that is so of the officer's own key.
    """

    officer_id: str
    name: str
    role: str
    unit_id: str
    csrf: str
    session_id: str
    seen_at: float
    private_key: bytes = field(repr=False)
    unit_keys: Mapping[str, bytes] = field(repr=False)
    old_keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    doubtful: tuple[str, ...] = ()
    own_key: bool = True

    def open(self, unit_id: str, sealed: bytes) -> bytes:
        """What was sealed to a unit of theirs, by its key or the one before. Raises CannotOpen."""
        try:
            return sealing.open_sealed(self.unit_keys[unit_id], sealed)
        except sealing.CannotOpen:
            if unit_id not in self.old_keys:
                raise
        return sealing.open_sealed(self.old_keys[unit_id], sealed)


def hash_token(token: str) -> str:
    """What the database keeps of a random token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_key(token: str) -> bytes:
    """The key that only the holder of a random token can make."""
    return sealing.subkey(hashlib.sha512(token.encode()).digest()[:32], "session-key")


def _session_key(session: Session, token: str, officer_id: str) -> bytes:
    """What a session's row is sealed with: it takes the token, and the server's key, so that nobody can write such a row."""
    return sealing.subkey(marks.mark(session, "session", officer_id, token.encode()), "session-key")


@dataclass(frozen=True)
class SignInTry:
    """What the slow hash needs; a dummy of the same cost for logins that do not exist."""

    login: str = field(repr=False)
    officer_id: str = ""
    salt: bytes = b"\x00" * 16
    sealed: bytes = b""
    kdf: int = KDF


@dataclass(frozen=True)
class Unlocked:
    """The officer's private key. again: it sealed anew under the newest way of making keys; b"" when it is so already."""

    private: bytes = field(repr=False)
    again: bytes = b""


def find_login(session: Session, login: str) -> SignInTry:
    """Read what `unlock` needs."""
    officer = session.execute(select(Officer).where(col(Officer.login) == login)).scalar_one_or_none()
    if officer is None or officer.private_key is None or not posts.works(session, officer):
        return SignInTry(login)
    return SignInTry(login, officer.id, officer.salt, officer.private_key, officer.kdf)


def unlock(vault: Vault, found: SignInTry, password: str) -> Unlocked | None:
    """The officer's private key, or None. Takes the same time for everybody."""
    keys = vault.password_keys(password, found.salt)
    if not found.sealed or found.kdf not in keys:
        return None
    context = f"officer:{found.officer_id}"
    try:
        private = sealing.unseal(keys[found.kdf], found.sealed, context)
    except sealing.CannotOpen:
        return None
    return Unlocked(private, b"" if found.kdf == KDF else sealing.seal(keys[KDF], private, context))


def check_password(
    session: Session, vault: Vault, found: SignInTry, unlocked: Unlocked | None, has: SecondFactor, now: float,
    origin: Origin = ANYWHERE,
) -> Officer | None:  # fmt: skip
    """The officer whose password is right, if `has` says that something else than the six digits may be asked for.

    Opens nothing. Everything else is a wrong sign-in, and counted as one: the right password of an account without that
    too, so that nobody learns more here than by wrong digits. Raises as `sign_in`; commit either way.
    """
    counted = signin_tries.count(session, vault, found.login, origin, now)
    officer = session.get(Officer, found.officer_id) if found.officer_id else None
    if officer is not None and unlocked is not None and not counted.held and has(session, officer):
        return officer
    signin_tries.refuse(session, counted, officer, now, right_password=unlocked is not None)
    return None


def sign_in(
    session: Session, vault: Vault, found: SignInTry, unlocked: Unlocked | None, code: str, now: float,
    origin: Origin = ANYWHERE, instead: SecondFactor | None = None,
) -> str | None:  # fmt: skip
    """Check the second factor and open a session. Returns its token, or None after counting the failure (commit either way).

    instead: what is asked in place of the six digits. Raises NotAuthenticated('locked') after five failures from one place
    in a quarter of an hour, for logins that do not exist too: an answer that told them apart would be a list of who works
    here. Other places are not held up: otherwise a stranger could keep an officer out for ever. Only who knows the password
    and fails at the code is counted for the account as a whole, and is told nothing that would show that the password was
    right.
    """
    counted = signin_tries.count(session, vault, found.login, origin, now)
    officer = session.get(Officer, found.officer_id) if found.officer_id else None
    step = None
    if officer is not None and not counted.held:
        if instead is None:
            step = _totp_step(vault, officer, code, now)
        elif unlocked is not None and instead(session, officer):
            step = officer.totp_last
    if officer is None or unlocked is None or step is None:
        signin_tries.refuse(session, counted, officer, now, right_password=unlocked is not None)
        return None
    tries, codes = counted.tries, counted.codes
    for key in (tries, codes):
        throttle.clear(session, key)
    officer.failures, officer.locked_until, officer.totp_last = 0, 0.0, step
    if unlocked.again:
        officer.private_key, officer.kdf = unlocked.again, KDF
    token = secrets.token_urlsafe(32)
    session.add(
        ConsoleSession(
            id=hash_token(token), officer_id=officer.id, csrf=secrets.token_urlsafe(24), created_at=now, seen_at=now,
            private_key=sealing.seal(_session_key(session, token, officer.id), unlocked.private, "session"),
        )
    )  # fmt: skip
    audit.record(session, now, officer.id, "signed_in", officer.id, "by=passkey" if instead else "")
    _end_surplus(session, officer.id, hash_token(token), now)
    _compare_keys(session, officer, unlocked.private, now)
    return token


def living(officer_id: str, now: float) -> Select[ConsoleSession]:
    """An officer's sessions that have not ended by themselves, the one that was used last first."""
    return (
        select(ConsoleSession)
        .where(
            col(ConsoleSession.officer_id) == officer_id, col(ConsoleSession.seen_at) > now - IDLE,
            col(ConsoleSession.created_at) > now - LONGEST,
        )
        .order_by(col(ConsoleSession.seen_at).desc())
    )  # fmt: skip


def _end_surplus(session: Session, officer_id: str, newest: str, now: float) -> None:
    session.flush()
    others = [row.id for row in session.execute(living(officer_id, now)).scalars() if row.id != newest]
    surplus = others[MOST_SESSIONS - 1 :]
    if surplus:
        session.execute(delete(ConsoleSession).where(col(ConsoleSession.id).in_(surplus)))
        audit.record(session, now, officer_id, "signed_out_elsewhere", officer_id, f"sessions={len(surplus)}")


def _compare_keys(session: Session, officer: Officer, private: bytes, now: float) -> None:
    """The officer's keys against what the database says: the one moment when somebody else's key in their place shows."""
    if not _is_own(session, officer, private):
        audit.record(session, now, "system", "officer_key_doubtful", officer.id)
    rows = session.execute(select(UnitKey).where(col(UnitKey.officer_id) == officer.id)).scalars()
    held = {row.unit_id: _unit_private(private, row) for row in rows}
    for unit_id in dict.fromkeys([officer.unit_id, *held]):
        unit = session.get(Unit, unit_id) if unit_id else None
        if unit is None:
            continue
        if public_keys.contradicted(session, unit) or (
            unit_id in held and not public_keys.fits(session, unit, held[unit_id])
        ):
            public_keys.alarm(session, unit, now)


def _is_own(session: Session, officer: Officer, private: bytes) -> bool:
    own = public_keys.is_officer_sound(session, officer)
    return own and officer.public_key == sealing.public_of(private)


def _unit_private(private: bytes, key: UnitKey) -> bytes:
    """A unit's private key; a changed row opens nothing and is as good as none."""
    try:
        return sealing.open_sealed(private, key.sealed)
    except sealing.CannotOpen:
        return b""


def _totp_step(vault: Vault, officer: Officer, code: str, now: float) -> int | None:
    if officer.totp is None:
        return None
    return code_step(vault.open_staff(officer.id, officer.totp, "totp").decode(), code, officer.totp_last, now)


def code_step(secret: str, code: str, last: int, now: float) -> int | None:
    """The accepted time step (30 s), one step of drift allowed, each step after `last` once; None when the code is wrong."""
    if not code.isascii() or not code.isdigit():
        return None
    totp = pyotp.TOTP(secret)
    current = int(now // 30)
    last = last if last <= current + 1 else -1  # later: noted by a clock that ran ahead
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
    if officer is None or not posts.works(session, officer):  # also where somebody wrote another role or unit there
        raise NotAuthenticated("session")
    try:
        private = sealing.unseal(_session_key(session, token, officer.id), row.private_key, "session")
    except sealing.CannotOpen:  # written by somebody else, or by an older release
        raise NotAuthenticated("session") from None
    rows = session.execute(select(UnitKey).where(col(UnitKey.officer_id) == officer.id)).scalars()
    keys = {row.unit_id: key for row in rows if (key := _unit_private(private, row))}
    units = {unit_id: session.get(Unit, unit_id) for unit_id in keys}
    return SignedIn(
        officer_id=officer.id, name=officer.name, role=officer.role, unit_id=officer.unit_id, csrf=row.csrf,
        session_id=row.id, seen_at=row.seen_at, private_key=private,
        unit_keys=keys, old_keys=_old_keys(keys, units), own_key=_is_own(session, officer, private),
        doubtful=tuple(unit_id for unit_id, key in keys.items() if not public_keys.fits(session, units[unit_id], key)),
    )  # fmt: skip


def _old_keys(keys: Mapping[str, bytes], units: Mapping[str, Unit | None]) -> dict[str, bytes]:
    found = {}
    for unit_id, private in keys.items():
        unit = units[unit_id]
        if unit is not None and unit.old_key is not None:
            with contextlib.suppress(sealing.CannotOpen):  # somebody wrote to the database
                found[unit_id] = sealing.open_sealed(private, unit.old_key)
    return found


def touch(session: Session, session_id: str, now: float) -> None:
    """Note that the officer is still there."""
    row = session.get(ConsoleSession, session_id)
    if row is not None and abs(now - row.seen_at) > TOUCH_AFTER:  # below zero: a clock that ran ahead
        row.seen_at, row.created_at = now, min(row.created_at, now)


def sign_out(session: Session, session_id: str) -> None:
    """Forget the session and the key in it."""
    session.execute(delete(ConsoleSession).where(col(ConsoleSession.id) == session_id))
