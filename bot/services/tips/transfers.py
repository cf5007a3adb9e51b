"""A referral goes to another desk: its tip is sealed anew to those who need it from now on, and to nobody else any more.

Whoever had it before keeps a line that says it went on. Otherwise a unit with somebody involved could go on reading what
the reporter writes, after it passed the tip on for that very reason.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.core.clocks import Clocks, receive_deadline
from bot.core.errors import InvalidInput
from bot.core.referrals.states import Act, State
from bot.core.units.model import SUPPORT_KINDS, UnitKind
from bot.services import audit
from bot.services.tips import binding, desks, notes, owners, record, referrals, router
from bot.services.units import posts, public_keys
from bot.services.units.notices import queue_notice
from bot.services.units.register import staffed
from bot.services.units.signin import SignedIn
from bot.storage.tables import Correction, Referral, Tip, TipKey, Unit
from bot.storage.write_ahead import leave_no_trace

CONFLICT = "conflict_of_interest"


def transfer(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, unit_id: str, reason: str, now: float,
    note: str = "",
) -> str:  # fmt: skip
    """Re-seal the tip to another unit and the first above it, and put it on that desk with fresh clocks.

    note: words to whoever has it next, for officers only; the notes written before go along. A tip that was turned to another desk
    in the database is put on its own again first, and stays there where that is `unit_id`.

    Only somebody who can open the tip can do it. Returns the new referral's id. Raises NotAllowed, Conflict,
    InvalidInput('unit_not_enrolled' | 'unit_not_support' | 'unit_involved' | 'act_not_possible' | 'reason_needed').
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    if not binding.desks_sound(session, tip.id):  # by its way so far it is known who must not get it
        desks.put_right(session, officer.officer_id, tip.id, now)
        if referral.unit_id == unit_id:  # its own desk
            return referral.id
    unit = _receiver(session, referral, unit_id)
    if note:
        notes.add(session, officer, referral_id, note, now, notes.HANDOVER)
        session.flush()
    notes_key = notes.held_key(session, officer, tip.id)
    held = notes.held_elsewhere(session, tip.id)
    contact_key = referrals.key_of(session, officer, tip.id, "contact") if tip.contact else None
    referrals.act(session, officer, clocks, referral_id, Act.TRANSFER, reason, now)
    # In a conflict of interest the unit that hands the tip on is no reader either, even where it is the unit above; the
    # next one up takes its place, so that escalation and a lost key still find somebody who can open the tip.
    readers = router.readers_of(session, unit.id, now, without=referral.unit_id if reason == CONFLICT else "")
    owners.leave(session, referral.id)
    fresh = _on_desk(session, clocks, tip, referral, unit, reason, now)
    _reseal(session, tip.id, "unit", opened.key, readers)
    if contact_key is not None:
        _reseal(session, tip.id, "contact", contact_key, readers)
    if notes_key is not None:
        _reseal(session, tip.id, "note", notes_key, readers)
    else:
        notes.leave_behind(session, tip.id, held)
    detail = f"referral={fresh.id} holders={','.join(reader.id for reader in readers)}"
    audit.record(session, now, officer.officer_id, "resealed", tip.id, detail)
    return fresh.id


def _receiver(session: Session, referral: Referral, unit_id: str) -> Unit:
    unit = session.get(Unit, unit_id)
    with_officer = session.execute(select(col(Unit.id)).where(col(Unit.id) == unit_id, staffed())).first()
    if unit is None or with_officer is None or unit.id == referral.unit_id:
        raise InvalidInput("unit_not_enrolled")
    if not public_keys.is_sound(session, unit) or not posts.is_unit_sound(session, unit):
        raise InvalidInput("unit_key_doubtful")
    if unit.kind in SUPPORT_KINDS:  # they get copies of parts
        raise InvalidInput("unit_not_support")
    if involved(session, referral.tip_id).bars(unit.id, unit.kind, unit.commune_code):
        raise InvalidInput("unit_involved")
    return unit


@dataclass(frozen=True)
class Involved:
    """Which units a tip must not reach. gave_up: those that passed it on because somebody of theirs is involved. unwanted: the
    reporter did not want the commune's police to read it; places: the communes it is about (none known: any commune's police).
    """

    gave_up: frozenset[str]
    unwanted: bool
    places: frozenset[str]

    def bars(self, unit_id: str, kind: str, commune: str) -> bool:
        here = kind == UnitKind.COMMUNE_POLICE.value and (not self.places or commune in self.places)
        return unit_id in self.gave_up or (self.unwanted and here)


def involved(session: Session, tip_id: str) -> Involved:
    """Who is kept from a tip, by the way it has gone so far."""
    past = list(session.execute(select(Referral).where(col(Referral.tip_id) == tip_id)).scalars())
    left = {row.previous_id for row in past if row.route_reason == f"{desks.TRANSFER}{CONFLICT}"}
    rows = (session.get(Tip, tip_id), session.get(Correction, tip_id))  # the place may have been put right since
    return Involved(
        gave_up=frozenset(row.unit_id for row in past if row.id in left),
        unwanted=any(row.route_reason == CONFLICT for row in past),
        places=frozenset(row.commune_code for row in rows if row is not None and row.commune_code),
    )


def _reseal(session: Session, tip_id: str, kind: str, key: bytes, readers: list[Unit]) -> None:
    """Make `readers` the only units that hold `key`; the reporter's own copy stays."""
    leave_no_trace(session)
    session.execute(delete(TipKey).where(col(TipKey.tip_id) == tip_id, col(TipKey.holder).startswith(f"{kind}:")))
    record.give_keys(session, tip_id, kind, key, readers)


def _on_desk(
    session: Session, clocks: Clocks, tip: Tip, before: Referral, unit: Unit, reason: str, now: float
) -> Referral:
    urgent = tip.urgency == "urgent"
    deadline = receive_deadline(clocks, urgent=urgent, remote=unit.remote, escalation=0)
    fresh = Referral(
        id=secrets.token_hex(16), tip_id=tip.id, unit_id=unit.id, state=State.NEW.value, route_reason=f"{desks.TRANSFER}{reason}",
        previous_id=before.id, created_at=now, next_clock_at=now + deadline, reply_at=before.reply_at, replies=before.replies,
        reply_danger_at=before.reply_danger_at, clock_from=before.reply_danger_at and now,
    )  # fmt: skip
    binding.bind_desk(session, fresh)
    session.add(fresh)
    before.reply_at, before.replies, before.reply_danger_at, before.reply_steps = 0.0, 0, 0.0, 0
    queue_notice(session, unit.id, fresh.id, "urgent" if urgent else "new", now)
    return fresh
