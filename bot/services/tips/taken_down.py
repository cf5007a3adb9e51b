"""A tip that was told to an officer: by telephone, on paper, or to the child line 111 that passed it on.

It becomes a tip like any other: sealed, numbered, routed by its place, with a receipt code for whoever told it. Its clocks count
from when it was told, not from when it was typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.clocks import DAY, MINUTE, Clocks
from bot.core.errors import InvalidInput, NotAllowed
from bot.core.referrals.states import Act
from bot.core.tips.category import CODES
from bot.core.tips.channel import HOTLINE, TOLD_TO_OFFICERS
from bot.core.units.model import Directory, UnitKind
from bot.dialogue.interview import police
from bot.dialogue.interview.extract import extract
from bot.services import audit
from bot.services.minutes import minute
from bot.services.tips import answering, owners, record, referrals, router
from bot.services.units import posts, unit_keys
from bot.services.units.signin import SignedIn
from bot.storage.tables import Referral, Tip, Unit
from bot.storage.vault import Vault

OLDEST = 90 * DAY  # how long ago something can have been told that is entered only now
MOST_PEOPLE = 999
MOST_CONTACT = 400  # characters, as of a citizen's own
_ANYWHERE = frozenset({UnitKind.CENTRAL_DESK.value, UnitKind.NATIONAL.value, UnitKind.CHILD_111.value})
_TOLD = ("what", "when", "who", "behind", "evidence", "reference")


@dataclass(frozen=True)
class TakenDown:
    """What an officer wrote down.

    channel: of TOLD_TO_OFFICERS. at: when it was told. told: words by the names of a draft, "reference": 111's own number of the
    call. place: {"code", "province", "name", "country"}, "" where unknown. above: the commune's own police must not read it.
    """

    channel: str
    at: float
    category: str
    urgent: bool
    child: bool
    people: int | None
    above: bool
    told: Mapping[str, str] = field(repr=False)
    place: Mapping[str, str] = field(repr=False)
    contact: str = field(default="", repr=False)


@dataclass(frozen=True)
class Done:
    """code: the receipt code, for whoever told it, to be shown once. referral_id, unit_name: where the tip is. own: with the unit
    of the officer who wrote it down, who has it already."""

    referral_id: str
    unit_name: str
    own: bool
    code: str = field(repr=False)


def may(session: Session, officer: SignedIn) -> Unit | None:
    """The officer's unit where it takes tips down, else None: police and desks whose key they hold, never a support service."""
    unit = session.get(Unit, officer.unit_id) if officer.unit_id else None
    kinds = {UnitKind.COMMUNE_POLICE.value, UnitKind.PROVINCE_POLICE.value, *_ANYWHERE}
    if unit is None or unit.kind not in kinds or unit.public_key is None or not posts.is_unit_sound(session, unit):
        return None
    return unit if unit_keys.holds_own(session, officer) else None


def draft_of(taken: TakenDown) -> dict[str, Any]:
    """The words as a draft, so that everything that reads a tip reads this one. The caller's own number is no trace."""
    draft: dict[str, Any] = {name: taken.told[name] for name in _TOLD if taken.told.get(name)}
    place = {name: value for name, value in taken.place.items() if value}
    if place:
        draft["where"] = {"text": "", **place}
    if taken.people:
        draft["people"] = taken.people
    draft |= {"child": True} if taken.child else {}
    draft |= {"police": police.ABOVE} if taken.above else {}
    found = extract("\n".join(str(draft.get(name) or "") for name in ("what", "behind", "evidence")))
    own = "".join(filter(str.isdigit, taken.contact))
    traces = [
        trace for trace in found.traces if not (digits := "".join(filter(str.isdigit, trace))) or digits not in own
    ]
    draft |= {"traces": traces} if traces else {}
    return draft | ({"contact": taken.contact, "reply": "contact"} if taken.contact else {})


def tip_id(officer: SignedIn, once: str) -> str:
    """Of the one tip that a form makes, however often it is sent. once: a random word that the form carries."""
    return hashlib.sha256(f"taken-down\0{officer.officer_id}\0{once}".encode()).hexdigest()[:32]


def check(session: Session, officer: SignedIn, taken: TakenDown, now: float) -> None:
    """Before anything slow is done. Raises NotAllowed for who takes no tips down, and InvalidInput('empty' | 'category' | 'channel' |
    'told_at' | 'people' | 'place_not_ours')."""
    unit = may(session, officer)
    if unit is None:
        raise NotAllowed("take_down")
    if not taken.told.get("what"):
        raise InvalidInput("empty")
    if taken.category not in CODES:
        raise InvalidInput("category")
    if taken.channel not in TOLD_TO_OFFICERS or (unit.kind == UnitKind.CHILD_111.value and taken.channel != HOTLINE):
        raise InvalidInput("channel")
    if not now - OLDEST <= taken.at <= now + MINUTE:
        raise InvalidInput("told_at")
    if taken.people is not None and not 1 <= taken.people <= MOST_PEOPLE:
        raise InvalidInput("people")
    if len(taken.contact) > MOST_CONTACT:
        raise InvalidInput("contact_long")
    here = {
        UnitKind.COMMUNE_POLICE.value: ("code", unit.commune_code),
        UnitKind.PROVINCE_POLICE.value: ("province", unit.province_code),
    }.get(unit.kind)
    if here is not None and taken.place.get(here[0]) != here[1]:
        raise InvalidInput("place_not_ours")


def take_down(
    session: Session, vault: Vault, officer: SignedIn, directory: Directory, clocks: Clocks, taken: TakenDown,
    prepared: record.PreparedTip, now: float,
) -> Done:  # fmt: skip
    """Store what was told as a tip. prepared: of `draft_of(taken)`, with the id `tip_id` gives.

    Where the officer's own unit is responsible, it has received the tip by hearing it: nobody is called to receive it again. Raises
    as `check` does, and InvalidInput('taken_down_already') for a form that was sent before.
    """
    check(session, officer, taken, now)
    if session.get(Tip, prepared.id) is not None:
        raise InvalidInput("taken_down_already")
    to = router.decide(session, directory, prepared.draft)
    created = record.create(
        session, vault, prepared, to=to, category=taken.category, urgent=taken.urgent, channel=taken.channel, language="vi",
        clocks=clocks, now=now, told_at=min(taken.at, now),
    )  # fmt: skip
    session.flush()
    referral = session.execute(select(Referral).where(col(Referral.tip_id) == created.tip_id)).scalar_one()
    detail = f"referral={referral.id} channel={taken.channel} told={int(minute(taken.at))}"
    audit.record(session, now, officer.officer_id, "tip_taken_down", created.tip_id, detail)
    for unit_id in set(to.copies) - {officer.unit_id}:
        audit.record(session, now, "system", "copy_advised", created.tip_id, f"unit={unit_id}")
    own = referral.unit_id in officer.unit_keys
    if own:
        _received_by_hearing(session, officer, clocks, referral, now)
    else:
        answering.tell_unit(session, created.tip_id, "urgent" if taken.urgent else "new", now)
    return Done(referral.id, created.unit_name, own, prepared.code)


def _received_by_hearing(session: Session, officer: SignedIn, clocks: Clocks, referral: Referral, now: float) -> None:
    """The unit has it since it was told: what it owes next counts from then."""
    told_at, referral_id = referral.created_at, referral.id
    referrals.act(session, officer, clocks, referral_id, Act.RECEIVE, "", now)
    session.refresh(referral)
    referral.received_at, referral.next_clock_at = told_at, told_at + clocks.decide
    owners.assign(session, officer, referral_id, officer.officer_id, now)
