"""What a tip is about, corrected by an officer of the unit that has it. What the machine had made of it stays beside.

The tip's own row always holds what counts, so that lists, clocks, statistics and exports follow without knowing of this.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.core.clocks import Clocks
from bot.core.errors import InvalidInput, NotAllowed
from bot.core.referrals.escalation import Kind, stages
from bot.core.referrals.states import State
from bot.core.tips.category import CODES
from bot.services import audit
from bot.services.tips import binding, record, referrals, replies
from bot.services.tips.clocks import standing
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Correction, Officer, Raised, Referral, Tip, Unit

URGENT, NORMAL = "urgent", "normal"
REASONS: Mapping[str, tuple[str, ...]] = {
    URGENT: ("danger_now", "moving_soon", "child_at_risk", "new_facts"),
    NORMAL: ("past", "safe_now", "no_danger"),
}
CHILD_REASONS = ("grown_up", "age_mistaken", "nobody_under_18")  # why a tip is marked as a child's no more
MOST_PEOPLE = 999


@dataclass(frozen=True)
class Classified:
    """What a tip is about. commune, province: codes, "" if unknown. people: how many are in danger, None if unknown. reason:
    one of REASONS, needed where the urgency changes. child_reason: one of CHILD_REASONS, needed where the mark goes."""

    category: str
    urgency: str
    child: bool
    commune: str
    province: str
    people: int | None
    reason: str = ""
    child_reason: str = ""


def classify(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, wanted: Classified, now: float
) -> bool:
    """Correct a tip. Returns whether anything changed; the place moves the tip nowhere, that is a transfer.

    Only officers of the unit that has the tip. A lower urgency stops the clock of minutes, a higher one starts it now.
    Raises NotAllowed, InvalidInput('category' | 'urgency_reason' | 'child_reason' | 'people' | 'act_not_possible'), Conflict.
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    if referral.unit_id not in officer.unit_keys:
        raise NotAllowed("referral")
    _check(referral, tip, wanted)
    before = session.get(Correction, tip.id)
    changes = _changes(tip, wanted, people_of(opened, before, _told_people(tip, opened)))
    if not changes and binding.is_sound(session, tip):
        return False
    referrals.change(session, referral, {})
    if before is None:
        before = Correction(
            tip_id=tip.id, category=tip.category, urgency=tip.urgency, commune_code=tip.commune_code,
            province_code=tip.province_code, child=tip.child, officer_id="", changed_at=0.0,
        )  # fmt: skip
        session.add(before)
    before.officer_id, before.changed_at = officer.officer_id, now
    if "people" in changes:
        body = json.dumps({"people": wanted.people}).encode()
        before.people = sealing.seal(opened.key, body, f"people:{tip.id}")
    if "urgency" in changes:
        before.reason = wanted.reason
    tip.category, tip.child = wanted.category, wanted.child
    tip.commune_code, tip.province_code = wanted.commune, wanted.province
    if tip.urgency != wanted.urgency:
        tip.urgency = wanted.urgency
        _follow(session, clocks, tip, referral, now)
    detail = " ".join(f"{name}={value}" for name, value in changes.items())
    bound = binding.bind(session, tip)  # an officer has said what holds, also where somebody had changed it before
    audit.record(session, now, officer.officer_id, "reclassified", tip.id, f"referral={referral.id} {detail}{bound}")
    return True


def _check(referral: Referral, tip: Tip, wanted: Classified) -> None:
    if State(referral.state) is State.TRANSFERRED:
        raise InvalidInput("act_not_possible")
    if wanted.category not in CODES or wanted.urgency not in REASONS:
        raise InvalidInput("category")
    if wanted.urgency != tip.urgency and wanted.reason not in REASONS[wanted.urgency]:
        raise InvalidInput("urgency_reason")
    if tip.child and not wanted.child and wanted.child_reason not in CHILD_REASONS:
        raise InvalidInput("child_reason")
    if wanted.people is not None and not 1 <= wanted.people <= MOST_PEOPLE:
        raise InvalidInput("people")


def _changes(tip: Tip, wanted: Classified, people: int | None) -> dict[str, str]:
    """What changes, as codes; of the number of people only that it does."""
    found: dict[str, str] = {}
    if tip.category != wanted.category:
        found["category"] = f"{tip.category}>{wanted.category}"
    if tip.urgency != wanted.urgency:
        found["urgency"] = f"{tip.urgency}>{wanted.urgency}:{wanted.reason}"
    if (tip.commune_code, tip.province_code) != (wanted.commune, wanted.province):
        before, after = tip.commune_code or tip.province_code, wanted.commune or wanted.province
        found["place"] = f"{before or '-'}>{after or '-'}"
    if tip.child != wanted.child:
        found["child"] = f"{int(tip.child)}>{int(wanted.child)}" + (f":{wanted.child_reason}" if tip.child else "")
    if people != wanted.people:
        found["people"] = "changed"
    return found


def _follow(session: Session, clocks: Clocks, tip: Tip, referral: Referral, now: float) -> None:
    """Let the clocks follow a changed urgency. Steps whose time would be over already are not taken after the fact."""
    if State(referral.state) is State.NEW and tip.urgency == URGENT:
        replies.start_receiving(session, clocks, tip, referral, now)
    elif tip.urgency == NORMAL:
        # A message of danger stays marked: calling the tip less urgent is no answer to its reporter.
        told = delete(Raised).where(col(Raised.referral_id) == referral.id, col(Raised.kind) == Kind.ESCALATION.value)
        session.execute(told.execution_options(synchronize_session=False))
        if State(referral.state) is State.NEW:
            unit = session.get(Unit, referral.unit_id)
            found = stages(standing(referral, tip, bool(unit and unit.remote)), clocks)
            referral.escalation = max((stage.number for stage in found if stage.due_at <= now), default=0)
            left = [stage.due_at for stage in found if stage.number > referral.escalation]
            referral.next_clock_at = min(left, default=0.0)


def _told_people(tip: Tip, opened: record.OpenTip) -> int | None:
    words = sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"]
    told = str(words.get("people") or "")
    return int(told) if told.isascii() and told.isdigit() else None


def people_of(opened: record.OpenTip, found: Correction | None, told: int | None) -> int | None:
    """How many people: the officer's number, else what the reporter told."""
    if found is None or found.people is None:
        return told
    try:
        return json.loads(sealing.unseal(opened.key, found.people, f"people:{opened.tip_id}"))["people"]
    except (CannotOpen, ValueError, KeyError):
        return told


@dataclass(frozen=True)
class Corrected:
    """A correction as a page shows it: what the machine said, who corrected it last, when, why, and the number of people now.
    people_changed: the number is the officer's own."""

    machine: Correction
    officer: str
    at: float
    reason: str
    people: int | None
    people_changed: bool


def corrected(session: Session, opened: record.OpenTip, words: Mapping[str, Any]) -> Corrected | None:
    """The correction of an opened tip, or None while nobody corrected it."""
    found = session.get(Correction, opened.tip_id)
    if found is None:
        return None
    officer = session.get(Officer, found.officer_id)
    told = str(words.get("people") or "")
    people = people_of(opened, found, int(told) if told.isascii() and told.isdigit() else None)
    return Corrected(
        found, officer.name if officer else "", found.changed_at, found.reason, people, found.people is not None
    )
