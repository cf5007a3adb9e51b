"""What is done with several rows of the list at once; each row is an act of its own, so that one that fails holds up no other."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput
from bot.core.referrals.states import REOPENABLE, State
from bot.services import audit
from bot.services.tips import desk, referrals, replies
from bot.services.units.signin import SignedIn
from bot.storage.tables import Referral, Tip, TipKey

MOST = desk.PAGE_ROWS


def chosen(session: Session, officer: SignedIn, ids: Sequence[str]) -> list[tuple[Referral, Tip]]:
    """The rows that were ticked, of those the officer's own unit has and can open, the oldest first. Raises InvalidInput('nothing_chosen')."""
    query = (
        desk.joined(select(Referral, Tip))
        .where(
            col(Referral.id).in_(list(ids)[:MOST]), col(Referral.unit_id).in_(list(officer.unit_keys)),
            col(Referral.state) != State.TRANSFERRED.value, col(Tip.id).in_(_keyed(officer)),
        )
        .order_by(col(Referral.created_at), col(Referral.id))
    )  # fmt: skip
    found = [(row[0], row[1]) for row in session.execute(query)]
    if not found:
        raise InvalidInput("nothing_chosen")
    return found


def _keyed(officer: SignedIn) -> Select[str]:
    return select(col(TipKey.tip_id)).where(
        col(TipKey.holder).in_([f"unit:{unit_id}" for unit_id in officer.unit_keys])
    )


def by_number(session: Session, officer: SignedIn, number: str, among: Sequence[str]) -> Referral:
    """The tip of this number that the officer can open and that is none of `among`. Raises InvalidInput('number_unknown')."""
    plain = re.sub(r"\W", "", number).lower()
    if not re.fullmatch(r"[0-9a-f]{8}", plain):
        raise InvalidInput("number_unknown")
    query = desk.joined(select(Referral)).where(
        desk.visible(officer), col(Tip.id).in_(_keyed(officer)), col(Referral.id).startswith(plain),
        col(Referral.id).not_in(list(among)), col(Referral.state) != State.TRANSFERRED.value,
    )  # fmt: skip
    found = list(session.execute(query.limit(2)).scalars())
    if len(found) != 1:
        raise InvalidInput("number_unknown")
    return found[0]


def can_be_seen(referral: Referral) -> bool:
    """Whether the mark of a reporter's message goes by looking: neither danger nor a message to an ended tip does."""
    return bool(referral.reply_at) and not referral.reply_danger_at and State(referral.state) not in REOPENABLE


def see(session: Session, officer: SignedIn, referral_id: str, now: float) -> bool:
    """Take the mark of a reporter's message off without opening the tip. Returns whether there was one to take off."""
    referral, tip, _ = referrals.open_tip(session, officer, referral_id)
    if referral.unit_id not in officer.unit_keys or not can_be_seen(referral):
        return False
    replies.see(session, officer, referral)
    audit.record(session, now, officer.officer_id, "marked_seen", tip.id, f"referral={referral.id}")
    return True
