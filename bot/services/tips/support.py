"""Copies for support services: only the parts an officer chose, sealed to the one unit that needs them.

A person is asked before others learn of them. Where nobody could be asked, an officer may decide otherwise and says why:
the words of that reason travel inside the sealed copy, the log keeps only that it happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed
from bot.core.units.model import SUPPORT_KINDS
from bot.core.written import written
from bot.dialogue.interview.draft import place_text
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import classify, referrals
from bot.services.units import posts, public_keys
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import SupportCopy, Unit

PARTS = ("what", "where", "when", "who", "needs")
RECORDED, OVERRIDE = "recorded", "override"
MIN_REASON = 10  # characters
# What each part carries of a tip's words; "needs" is written by the officer.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "what": ("what",), "where": ("where",), "when": ("when",), "who": ("who", "people", "child"), "needs": (),
}  # fmt: skip
_PLACE = ("name", "text", "country")


def give_copy(
    session: Session, officer: SignedIn, referral_id: str, unit_id: str, parts: Sequence[str], consent: str, reason: str,
    now: float, *, needs: str = "", place: str = "",
) -> str:  # fmt: skip
    """Seal the chosen parts of a tip to a support unit. Returns the copy's id.

    parts: of PARTS. needs: what the person needs, in the officer's words; part "needs". place: the place as an officer
    corrected it, "" if nobody did. Raises NotAllowed,
    InvalidInput('unit_not_support' | 'unit_not_enrolled' | 'parts_needed' | 'consent_needed' | 'reason_needed' |
    'empty'), TooLarge.
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    unit = session.get(Unit, unit_id)
    if unit is None or unit.kind not in SUPPORT_KINDS:
        raise InvalidInput("unit_not_support")
    if unit.public_key is None:
        raise InvalidInput("unit_not_enrolled")
    if not public_keys.is_sound(session, unit) or not posts.is_unit_sound(session, unit):
        raise InvalidInput("unit_key_doubtful")
    reason, needs = _checked(parts, consent, reason, needs)
    words = sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"]
    correction = classify.corrected(session, opened, words)
    if correction is not None and correction.people_changed:
        words = words | {"people": correction.people}
    if correction is not None:
        words = words | {"child": tip.child}
    if place:
        words = words | {"where": (words.get("where") or {}) | {"name": place}}
    chosen = tuple(part for part in PARTS if part in parts)
    told = _chosen(words, chosen)
    if not told and not needs:
        raise InvalidInput("empty")
    giver = session.get(Unit, referral.unit_id)
    body = {"from": giver.name if giver else "", "words": told, "needs": needs, "reason": reason}
    copy_id, key = secrets.token_hex(16), sealing.new_key()
    session.add(
        SupportCopy(
            id=copy_id, tip_id=tip.id, unit_id=unit.id, given_by=officer.officer_id, parts=",".join(chosen), consent=consent,
            key=sealing.seal_to(unit.public_key, key), body=sealing.seal_json(key, body, f"copy:{copy_id}"),
            created_at=minute(now),
        )
    )  # fmt: skip
    detail = f"referral={referral.id} unit={unit.id} parts={','.join(chosen)} consent={consent}"
    audit.record(session, now, officer.officer_id, "copy_given", tip.id, detail)
    queue_notice(session, unit.id, referral.id, "copy", now)
    return copy_id


def _checked(parts: Sequence[str], consent: str, reason: str, needs: str) -> tuple[str, str]:
    """(reason, needs), trimmed; a reason only goes with an override, needs only with their part."""
    if not parts or not set(parts) <= set(PARTS):
        raise InvalidInput("parts_needed")
    if consent not in {RECORDED, OVERRIDE}:
        raise InvalidInput("consent_needed")
    reason = written(reason).strip() if consent == OVERRIDE else ""
    needs = written(needs).strip() if "needs" in parts else ""
    if consent == OVERRIDE and len(reason) < MIN_REASON:
        raise InvalidInput("reason_needed")
    if "needs" in parts and not needs:
        raise InvalidInput("empty")
    return reason, needs


def _chosen(words: Mapping[str, Any], parts: Sequence[str]) -> dict[str, Any]:
    told = {name: words[name] for part in parts for name in _FIELDS[part] if words.get(name)}
    if "where" in told:  # codes of places and what the resolver noted stay behind
        where = told["where"] | {"text": place_text(told["where"], str(words.get("what") or ""))}
        told["where"] = {name: where[name] for name in _PLACE if where.get(name)}
    return told


@dataclass(frozen=True)
class Given:
    """A copy as the unit that gave it sees it: that it was given, not what is in it."""

    unit_name: str
    parts: tuple[str, ...]
    consent: str
    at: float


def given(session: Session, tip_id: str) -> list[Given]:
    """Copies given of a tip, oldest first. The caller has opened the tip."""
    query = (
        select(SupportCopy, col(Unit.name))
        .join(Unit, col(Unit.id) == col(SupportCopy.unit_id), isouter=True)
        .where(col(SupportCopy.tip_id) == tip_id)
        .order_by(col(SupportCopy.created_at), col(SupportCopy.id))
    )
    return [
        Given(name or "", tuple(copy.parts.split(",")), copy.consent, copy.created_at)
        for copy, name in session.execute(query)
    ]


def received(session: Session, officer: SignedIn) -> list[SupportCopy]:
    """Copies the officer can open, newest first; still sealed."""
    query = select(SupportCopy).where(col(SupportCopy.unit_id).in_(list(officer.unit_keys)))
    return list(
        session.execute(query.order_by(col(SupportCopy.created_at).desc(), col(SupportCopy.id)).limit(500)).scalars()
    )


def read_copy(session: Session, officer: SignedIn, copy_id: str, now: float) -> tuple[SupportCopy, dict[str, Any]]:
    """Open a copy with the unit's key; audited. The body: {"from", "words", "needs", "reason"}. Raises NotAllowed."""
    copy = session.get(SupportCopy, copy_id)
    if copy is None or copy.unit_id not in officer.unit_keys:
        raise NotAllowed("copy")
    key = officer.open(copy.unit_id, copy.key)
    audit.record(session, now, officer.officer_id, "copy_read", copy.tip_id, f"unit={copy.unit_id}")
    return copy, sealing.unseal_json(key, copy.body, f"copy:{copy.id}")
