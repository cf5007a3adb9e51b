"""Copies for support services: only the parts an officer chose, sealed to the one unit that needs them.

A person is asked before others learn of them. Where nobody could be asked, an officer may decide otherwise and says why:
the words of that reason travel inside the sealed copy, the log keeps only that it happened.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput, NotAllowed
from bot.core.units.model import SUPPORT_KINDS
from bot.core.written import written
from bot.dialogue.interview.draft import place_text
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import classify, notes, record, referrals
from bot.services.units import posts, public_keys
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Audit, SupportCopy, Tip, Unit

PARTS = ("what", "where", "when", "who", "needs")
RECORDED, OVERRIDE = "recorded", "override"
MIN_REASON = 10  # characters
MOST_RECIPIENT = 200
# What each part carries of a tip's words; "needs" is written by the officer.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    "what": ("what",), "where": ("where",), "when": ("when",), "who": ("who", "people", "child"), "needs": (),
}  # fmt: skip
_PLACE = ("name", "text", "country")


@dataclass(frozen=True)
class Asked:
    """What an officer chose for a copy or a letter.

    parts: of PARTS. consent: RECORDED or OVERRIDE, then with a reason. needs: what the person needs, in the officer's words; part
    "needs". place: the place as an officer corrected it, "" if nobody did. tell: the reporter may read what the service answers.
    """

    parts: Sequence[str]
    consent: str
    reason: str = field(default="", repr=False)
    needs: str = field(default="", repr=False)
    place: str = field(default="", repr=False)
    tell: bool = False


def give_copy(session: Session, officer: SignedIn, referral_id: str, unit_id: str, asked: Asked, now: float) -> str:
    """Seal the chosen parts of a tip to a support unit. Returns the copy's id.

    With them goes what adds the unit's answer to the officers' notes and, where the reporter may be told, to the dialogue; neither
    opens anything. Raises NotAllowed,
    InvalidInput('unit_not_support' | 'unit_not_enrolled' | 'unit_key_doubtful' | 'parts_needed' | 'consent_needed' |
    'reason_needed' | 'empty'), TooLarge.
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    unit = session.get(Unit, unit_id)
    if unit is None or unit.kind not in SUPPORT_KINDS:
        raise InvalidInput("unit_not_support")
    if unit.public_key is None:
        raise InvalidInput("unit_not_enrolled")
    if not public_keys.is_sound(session, unit) or not posts.is_unit_sound(session, unit):
        raise InvalidInput("unit_key_doubtful")
    chosen = _choose(session, tip, opened, asked)
    giver = session.get(Unit, referral.unit_id)
    body = {
        "from": giver.name if giver else "", "words": chosen.words, "needs": chosen.needs, "reason": chosen.reason,
        "notes_adding": notes.adding_half(session, officer, tip.id),
        "tip_adding": sealing.adding_half(opened.key).hex() if asked.tell else "",
    }  # fmt: skip
    copy_id, key = secrets.token_hex(16), sealing.new_key()
    session.add(
        SupportCopy(
            id=copy_id, tip_id=tip.id, unit_id=unit.id, given_by=officer.officer_id, parts=",".join(chosen.parts),
            consent=asked.consent, key=sealing.seal_to(unit.public_key, key), tell=asked.tell,
            body=sealing.seal_json(key, body, f"copy:{copy_id}"), created_at=minute(now),
        )
    )  # fmt: skip
    detail = f"referral={referral.id} unit={unit.id} parts={','.join(chosen.parts)} consent={asked.consent}"
    audit.record(session, now, officer.officer_id, "copy_given", tip.id, detail)
    queue_notice(session, unit.id, referral.id, "copy", now)
    return copy_id


@dataclass(frozen=True)
class Letter:
    """What is printed for a service that is not on the system; never the reporter's contact."""

    referral_id: str
    unit_name: str
    officer_name: str
    recipient: str
    consent: str
    at: float
    audit_seq: int
    audit_hash: str
    words: Mapping[str, Any] = field(repr=False)
    needs: str = field(repr=False)
    reason: str = field(repr=False)


def give_letter(
    session: Session, officer: SignedIn, referral_id: str, unit_id: str, recipient: str, asked: Asked, now: float
) -> Letter:
    """Choose parts of a tip for a printed letter, and note that it was made, so that its answer can be written down.

    unit_id: a service of the directory, or "" and a recipient's name as an officer wrote it. Raises as `give_copy` does, and
    InvalidInput('recipient_needed').
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    unit = session.get(Unit, unit_id) if unit_id else None
    if unit_id and (unit is None or unit.kind not in SUPPORT_KINDS):
        raise InvalidInput("unit_not_support")
    recipient = unit.name if unit is not None else " ".join(written(recipient).split())
    if not 3 <= len(recipient) <= MOST_RECIPIENT:
        raise InvalidInput("recipient_needed")
    chosen = _choose(session, tip, opened, asked)
    giver, copy_id = session.get(Unit, referral.unit_id), secrets.token_hex(16)
    session.add(
        SupportCopy(
            id=copy_id, tip_id=tip.id, unit_id="", given_by=officer.officer_id, parts=",".join(chosen.parts),
            consent=asked.consent, key=b"", body=b"", tell=asked.tell, created_at=minute(now),
            recipient=sealing.seal(opened.key, recipient.encode(), f"letter:{copy_id}"),
        )
    )  # fmt: skip
    detail = f"referral={referral.id} unit={unit_id or 'other'} parts={','.join(chosen.parts)} consent={asked.consent}"
    digest = audit.record(session, now, officer.officer_id, "letter_made", tip.id, detail)
    return Letter(
        referral.id, giver.name if giver else "", officer.name, recipient, asked.consent, now,
        session.execute(select(col(Audit.seq)).where(col(Audit.hash) == digest)).scalar_one(), digest,
        chosen.words, chosen.needs, chosen.reason,
    )  # fmt: skip


@dataclass(frozen=True)
class _Chosen:
    parts: tuple[str, ...]
    words: dict[str, Any] = field(repr=False)
    needs: str = field(repr=False)
    reason: str = field(repr=False)


def _choose(session: Session, tip: Tip, opened: record.OpenTip, asked: Asked) -> _Chosen:
    """The parts of a tip that go out, as officers corrected them."""
    reason, needs = _checked(asked.parts, asked.consent, asked.reason, asked.needs)
    words = sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"]
    correction = classify.corrected(session, opened, words)
    if correction is not None and correction.people_changed:
        words = words | {"people": correction.people}
    if correction is not None:
        words = words | {"child": tip.child}
    if asked.place:
        words = words | {"where": (words.get("where") or {}) | {"name": asked.place}}
    parts = tuple(part for part in PARTS if part in asked.parts)
    told = _chosen(words, parts)
    if not told and not needs:
        raise InvalidInput("empty")
    return _Chosen(parts, told, needs, reason)


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
    """A copy or letter as who holds the tip sees it: that it was given and what came of it, not what is in it.

    state: see tables.SupportCopy. words: the service's own. letter: by paper; its answer is what an officer heard.
    """

    id: str
    unit_name: str
    parts: tuple[str, ...]
    consent: str
    at: float
    state: str
    answered_at: float
    done_at: float
    reason: str
    letter: bool
    words: str = field(default="", repr=False)


def given(session: Session, officer: SignedIn, opened: record.OpenTip) -> list[Given]:
    """Copies and letters given of a tip, oldest first."""
    query = (
        select(SupportCopy, col(Unit.name))
        .join(Unit, col(Unit.id) == col(SupportCopy.unit_id), isouter=True)
        .where(col(SupportCopy.tip_id) == opened.tip_id)
        .order_by(col(SupportCopy.created_at), col(SupportCopy.id))
    )
    key = notes.held_key(session, officer, opened.tip_id)
    return [
        Given(
            copy.id, name or _recipient(opened, copy), tuple(copy.parts.split(",")), copy.consent, copy.created_at, copy.state,
            copy.answered_at, copy.done_at, copy.reason, copy.recipient is not None, _answer(key, copy),
        )
        for copy, name in session.execute(query)
    ]  # fmt: skip


def _recipient(opened: record.OpenTip, copy: SupportCopy) -> str:
    try:
        return sealing.unseal(opened.key, copy.recipient or b"", f"letter:{copy.id}").decode()
    except sealing.CannotOpen:
        return ""


def _answer(key: bytes | None, copy: SupportCopy) -> str:
    if key is None or copy.answer is None:
        return ""
    try:
        return str(sealing.unseal_either(key, copy.answer, f"answer:{copy.id}"))
    except sealing.CannotOpen:
        return ""


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
    body = open_copy(officer, copy)
    audit.record(session, now, officer.officer_id, "copy_read", copy.tip_id, f"unit={copy.unit_id}")
    return copy, body


def open_copy(officer: SignedIn, copy: SupportCopy) -> dict[str, Any]:
    """The body of a copy to one of the officer's units. Raises CannotOpen."""
    return dict(sealing.unseal_json(officer.open(copy.unit_id, copy.key), copy.body, f"copy:{copy.id}"))
