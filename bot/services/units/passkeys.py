"""Passkeys (WebAuthn): a second factor beside the six digits, which no imitated page can ask for.

The password stays the first factor, because it unlocks the officer's key. A passkey answers a challenge that the server
made, for this act of this officer, for two minutes and once; the browser says to which address it was given. Rules:
https://www.w3.org/TR/webauthn-3/ , sections 7.1 and 7.2.
"""

from __future__ import annotations

import base64
import ipaddress
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import select
from sqlmodel import Session, col
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.core.clocks import HOUR
from bot.core.errors import InvalidInput
from bot.services import audit
from bot.services.units import notices, own_account, signin, signin_tries
from bot.services.units.signin import SignedIn, SignInTry, Unlocked
from bot.storage import marks, sealing
from bot.storage.database import insert_into
from bot.storage.tables import Attempt, Officer, Passkey
from bot.storage.vault import Vault

MOST = 10  # of one officer
ANSWER_WITHIN = 120.0  # seconds from the challenge to its answer
_DAY, _ZONE = 24 * HOUR, 7 * HOUR  # Viet Nam is seven hours ahead of UTC
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TRANSPORTS = frozenset(one.value for one in AuthenticatorTransport)
T = TypeVar("T")


@dataclass(frozen=True)
class Site:
    """Where the console is: rp_id is the name keys are bound to, origin the address a browser shows."""

    rp_id: str
    origin: str


@dataclass(frozen=True)
class Asked:
    """A challenge. options: for the browser; sealed: travels with the form, only the server can make or read it."""

    options: dict[str, Any]
    sealed: str


@dataclass(frozen=True)
class Answer:
    """What came back: the sealed challenge, and the browser's words (JSON) about the key's signature."""

    sealed: str
    credential: str
    site: Site | None


@dataclass(frozen=True)
class _Challenge:
    purpose: str  # "sign-in" | "prove" | "add"
    officer_id: str
    session_id: str  # of the session it was asked in; "" before there is one
    challenge: str
    until: float


def site_of(console_url: str, host: str) -> Site | None:
    """The console's site, if passkeys are possible there. host: what the browser calls the server.

    A key is bound to a name and needs https; on the machine itself plain http to "localhost" will do. None for an IP
    address, and for any other name than the one of the settings.
    """
    try:
        public, asked = urlsplit(console_url), urlsplit(f"//{host}")
        name, called, port = public.hostname or "", asked.hostname or "", public.port
    except ValueError:
        return None
    if name in _LOOPBACK:
        return Site(called, f"{public.scheme}://{host.lower()}") if called == "localhost" else None
    if public.scheme != "https" or called != name or "." not in name or _is_address(name):
        return None
    return Site(name, f"https://{name}" + (f":{port}" if port not in {None, 443} else ""))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def of(session: Session, officer_id: str) -> list[Passkey]:
    """An officer's passkeys that the server itself wrote down, the oldest first."""
    rows = session.execute(
        select(Passkey)
        .where(col(Passkey.officer_id) == officer_id)
        .order_by(col(Passkey.created_at), col(Passkey.name), col(Passkey.id))
    ).scalars()
    return [row for row in rows if _is_sound(session, row)]


def _said(row: Passkey) -> bytes:
    """What the mark is over, besides the officer. The length keeps the two parts apart."""
    return len(row.credential_id).to_bytes(4, "big") + row.credential_id + row.public_key


def _is_sound(session: Session, row: Passkey) -> bool:
    return marks.is_good(session, "passkey", row.officer_id, _said(row), row.mark)


def ask(
    session: Session, vault: Vault, officer_id: str, purpose: str, site: Site, now: float, session_id: str = ""
) -> Asked | None:
    """A challenge for any of the officer's passkeys; None when there are none. purpose: 'sign-in' | 'prove'."""
    rows = of(session, officer_id)
    if not rows:
        return None
    challenge, sealed = _new_challenge(vault, officer_id, purpose, session_id, now + ANSWER_WITHIN)
    options = webauthn.generate_authentication_options(
        rp_id=site.rp_id, challenge=challenge, timeout=int(ANSWER_WITHIN * 1000),
        allow_credentials=[_descriptor(row) for row in rows], user_verification=UserVerificationRequirement.PREFERRED,
    )  # fmt: skip
    return Asked(options_to_json_dict(options), sealed)


def offer(
    session: Session, vault: Vault, found: SignInTry, unlocked: Unlocked | None, site: Site, now: float,
    origin: signin_tries.Origin,
) -> Asked | None:  # fmt: skip
    """The challenge of a sign-in, after the right password only. None after counting a failure; see `signin.check_password`."""
    officer = signin.check_password(session, vault, found, unlocked, lambda s, row: bool(of(s, row.id)), now, origin)
    return None if officer is None else ask(session, vault, officer.id, "sign-in", site, now)


def factor(vault: Vault, answer: Answer, purpose: str, now: float, session_id: str = "") -> signin.SecondFactor:
    """What `signin.sign_in` and `own_account.prove` take in place of the six digits."""
    return lambda session, officer: _is_right(session, vault, officer, answer, (purpose, session_id), now)


def _is_right(
    session: Session, vault: Vault, officer: Officer, answer: Answer, asked: tuple[str, str], now: float
) -> bool:
    """Whether one of the officer's passkeys answered this challenge. Uses the challenge up, whatever the answer is."""
    challenge = _use(session, vault, answer, officer.id, asked, now)
    if challenge is None or answer.site is None:
        return False
    site, credential = answer.site, answer.credential
    given = _untrusted(lambda: webauthn.helpers.parse_authentication_credential_json(credential))
    row = next((one for one in of(session, officer.id) if given and one.credential_id == given.raw_id), None)
    if given is None or row is None:
        return False
    public_key = row.public_key
    # The count is compared below and not by the library: a count that went back has to be told, not only refused.
    done = _untrusted(
        lambda: webauthn.verify_authentication_response(
            credential=given, expected_challenge=challenge, expected_rp_id=site.rp_id, expected_origin=site.origin,
            credential_public_key=public_key, credential_current_sign_count=0,
        )
    )  # fmt: skip
    if done is None:
        return False
    if (done.new_sign_count or row.sign_count) and done.new_sign_count <= row.sign_count:
        _alarm(session, officer, now)
        return False
    row.sign_count, row.last_used = done.new_sign_count, _day(now)
    return True


def _alarm(session: Session, officer: Officer, now: float) -> None:
    """A key signed that counts less than before: there may be a copy of it (WebAuthn 7.2, step 22)."""
    audit.record(session, now, officer.id, "passkey_doubtful", officer.id)
    if officer.unit_id:
        once = notices.once("passkey", officer.id, f"{int(now // HOUR)}")
        notices.queue_once(session, once, officer.unit_id, "", "passkey", now)


def begin(session: Session, vault: Vault, by: SignedIn, site: Site, now: float) -> Asked:
    """The challenge for another passkey, after `own_account.prove`. Raises InvalidInput('passkeys_full')."""
    officer, rows = session.get_one(Officer, by.officer_id), of(session, by.officer_id)
    if len(rows) >= MOST:
        raise InvalidInput("passkeys_full")
    until = now + own_account.PROOF_LIFETIME
    challenge, sealed = _new_challenge(vault, by.officer_id, "add", by.session_id, until)
    options = webauthn.generate_registration_options(
        rp_id=site.rp_id, rp_name="Lá Chắn", user_name=officer.login, user_id=officer.id.encode(),
        user_display_name=officer.name, challenge=challenge, timeout=int(ANSWER_WITHIN * 1000),
        exclude_credentials=[_descriptor(row) for row in rows],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.DISCOURAGED, user_verification=UserVerificationRequirement.PREFERRED
        ),
    )  # fmt: skip
    return Asked(options_to_json_dict(options), sealed)


def add(session: Session, vault: Vault, by: SignedIn, answer: Answer, name: str, now: float) -> str:
    """Write another passkey down. Returns what is wrong, a code of the words, or "": commit either way."""
    challenge = _use(session, vault, answer, by.officer_id, ("add", by.session_id), now)
    if challenge is None or answer.site is None:
        return "too_late"
    site, credential = answer.site, answer.credential
    done = _untrusted(
        lambda: webauthn.verify_registration_response(
            credential=credential, expected_challenge=challenge, expected_rp_id=site.rp_id, expected_origin=site.origin
        )
    )
    if done is None:
        return "passkey_refused"
    if len(of(session, by.officer_id)) >= MOST:
        return "passkeys_full"
    if session.execute(select(Passkey).where(col(Passkey.credential_id) == done.credential_id)).first():
        return "passkey_refused"
    row = Passkey(
        id=secrets.token_hex(16), officer_id=by.officer_id, credential_id=done.credential_id, mark=b"",
        public_key=done.credential_public_key, sign_count=done.sign_count, transports=_transports(credential),
        name=clean_name(name), created_at=_day(now),
    )  # fmt: skip
    row.mark = marks.mark(session, "passkey", by.officer_id, _said(row))
    session.add(row)
    audit.record(session, now, by.officer_id, "passkey_added", by.officer_id)
    return ""


def clean_name(name: str) -> str:
    """What the officer calls a key. Raises InvalidInput('passkey_name')."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 60 or not name.isprintable():
        raise InvalidInput("passkey_name")
    return name


def rename(session: Session, by: SignedIn, passkey_id: str, name: str, now: float) -> None:
    """Call a passkey of one's own something else. Raises InvalidInput('passkey_gone' | 'passkey_name')."""
    _own(session, by, passkey_id).name = clean_name(name)
    audit.record(session, now, by.officer_id, "passkey_named", by.officer_id)


def remove(session: Session, by: SignedIn, passkey_id: str, now: float) -> None:
    """Take a passkey away and end the officer's other sessions: it may be in somebody else's hands.

    Raises InvalidInput('passkey_gone').
    """
    session.delete(_own(session, by, passkey_id))
    audit.record(session, now, by.officer_id, "passkey_removed", by.officer_id)
    own_account.end_others(session, by, now)


def _own(session: Session, by: SignedIn, passkey_id: str) -> Passkey:
    row = session.get(Passkey, passkey_id)
    if row is None or row.officer_id != by.officer_id:
        raise InvalidInput("passkey_gone")
    return row


def _new_challenge(vault: Vault, officer_id: str, purpose: str, session_id: str, until: float) -> tuple[bytes, str]:
    challenge = secrets.token_bytes(32)
    made = _Challenge(purpose, officer_id, session_id, challenge.hex(), until)
    body = vault.seal_staff("form", json.dumps(made.__dict__).encode(), "passkey-challenge")
    return challenge, base64.urlsafe_b64encode(body).decode()


def _use(
    session: Session, vault: Vault, answer: Answer, officer_id: str, asked: tuple[str, str], now: float
) -> bytes | None:
    """The challenge, if it was made here for this act of this officer, is not too old, and was never answered before."""
    try:
        body = vault.open_staff("form", base64.urlsafe_b64decode(answer.sealed), "passkey-challenge")
    except (ValueError, sealing.CannotOpen):
        return None
    made = _Challenge(**json.loads(body))
    if (made.officer_id, made.purpose, made.session_id) != (officer_id, *asked) or now > made.until:
        return None
    row = {"key": vault.attempt_key("passkey-used", made.challenge), "count": 1, "window_start": now}
    # One statement: of two answers at the same moment one is the first.
    first = insert_into(session, Attempt).values(row).on_conflict_do_nothing().returning(col(Attempt.key))
    return bytes.fromhex(made.challenge) if session.connection().execute(first).first() else None


def _untrusted(read: Callable[[], T]) -> T | None:
    """What the library makes of somebody's bytes. Every error is a refusal, and none of them may reach a log: they quote it."""
    try:
        return read()
    except Exception:
        return None


def _transports(credential: str) -> str:
    said = json.loads(credential).get("response", {}).get("transports")
    return " ".join(
        sorted(_TRANSPORTS & {one for one in said if isinstance(one, str)} if isinstance(said, list) else ())
    )


def _descriptor(row: Passkey) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(
        id=row.credential_id, transports=[AuthenticatorTransport(one) for one in row.transports.split()] or None
    )


def _day(now: float) -> float:
    """The beginning of the day in Viet Nam: a key's times say no more."""
    return now - (now + _ZONE) % _DAY
