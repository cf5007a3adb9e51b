"""What officers do with a referral, and what their unit is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.clocks import Clocks, receive_deadline
from bot.core.errors import Conflict, InvalidInput, NotAllowed
from bot.core.referrals.states import BASES, FINAL, VERIFIABLE, Act, Finding, State, step
from bot.services import audit
from bot.services.tips import record, replies
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage.database import changed
from bot.storage.tables import (
    Referral,
    Tip,
    TipKey,
    Unit,
)

EXTENSION_REASONS = ("complex", "many_places", "abroad")
MOST_VICTIMS = 999


def open_tip(session: Session, officer: SignedIn, referral_id: str) -> tuple[Referral, Tip, record.OpenTip]:
    """Open a referral with a key the officer holds.

    Raises NotAllowed for all others, existing or not; 'handed_on' where it was this officer's unit that gave the tip away.
    """
    referral = session.get(Referral, referral_id)
    if referral is None:
        raise NotAllowed("referral")
    try:
        key = key_of(session, officer, referral.tip_id, "unit")
    except NotAllowed:
        given = referral.state == State.TRANSFERRED.value and referral.unit_id in officer.unit_keys
        raise NotAllowed("handed_on" if given else "referral") from None
    tip = session.get(Tip, referral.tip_id)
    if tip is None:
        raise NotAllowed("referral")
    return referral, tip, record.OpenTip(tip.id, key)


def key_of(session: Session, officer: SignedIn, tip_id: str, kind: str) -> bytes:
    """The tip's key ('unit') or its contact's key ('contact'), by whichever unit key of the officer fits.

    Raises NotAllowed.
    """
    for unit_id in officer.unit_keys:
        query = select(col(TipKey.sealed)).where(
            col(TipKey.tip_id) == tip_id, col(TipKey.holder) == f"{kind}:{unit_id}"
        )
        sealed = session.execute(query).scalar_one_or_none()
        if sealed is not None:
            return officer.open(unit_id, sealed)
    raise NotAllowed("referral")


def act(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, what: Act, reason: str, now: float
) -> State:
    """Take a step of the referral's life; a transfer is more than this step (services/tips/transfers).

    A message of danger has to be dealt with before the tip can end. Raises NotAllowed, InvalidInput, Conflict.
    """
    if what is Act.REOPEN:
        return reopen(session, officer, clocks, referral_id, now)
    referral, tip, _ = open_tip(session, officer, referral_id)
    _tell_whose_it_is(session, officer, referral, now)
    following = step(State(referral.state), what, reason)
    if what in {Act.REFUSE, Act.CLOSE} and referral.reply_danger_at:
        raise InvalidInput("danger_waits")
    values: dict[str, Any] = {"state": following.value, "reason": reason}
    if what is Act.RECEIVE:
        values |= _received(session, clocks, referral, tip, now)
    if what in {Act.ACCEPT, Act.REFUSE, Act.TRANSFER}:
        values["decided_at"] = now
    if following in FINAL:
        values |= {"closed_at": now, "next_clock_at": 0.0}
    change(session, referral, values)
    if following in {State.CLOSED, State.REFUSED}:
        tip.closed_at, tip.erase_at = now, now + clocks.retention
    audit.record(session, now, officer.officer_id, what.value, tip.id, f"referral={referral.id} reason={reason}")
    return following


def for_another(session: Session, officer: SignedIn, referral_id: str) -> bool:
    """Whether an act on this tip is done in the place of the unit that has it. Raises NotAllowed."""
    referral, _, _ = open_tip(session, officer, referral_id)
    return referral.unit_id not in officer.unit_keys


def _tell_whose_it_is(session: Session, officer: SignedIn, referral: Referral, now: float) -> None:
    """A unit below learns that the one above has acted in its place: its clocks are not what they were."""
    if referral.unit_id not in officer.unit_keys:
        queue_notice(session, referral.unit_id, referral.id, "taken", now)


def _received(session: Session, clocks: Clocks, referral: Referral, tip: Tip, now: float) -> dict[str, Any]:
    """The first receipt is what the plans measure, against the clock as it stood; a later one begins the duties anew."""
    values: dict[str, Any] = {"next_clock_at": now + clocks.decide, "escalation": 0}
    if referral.received_at:
        return values | {"clock_from": now}
    remote = bool(session.execute(select(col(Unit.remote)).where(col(Unit.id) == referral.unit_id)).scalar())
    wait = receive_deadline(clocks, urgent=tip.urgency == "urgent", remote=remote, escalation=0)
    return values | {"received_at": now, "receive_by": max(referral.created_at, referral.clock_from) + wait}


def reopen(session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, now: float) -> State:
    """Take back a closing or a refusal: the tip is on the desk again, received, with all its duties from now.

    Raises NotAllowed, InvalidInput('act_not_possible'), Conflict.
    """
    referral, tip, _ = open_tip(session, officer, referral_id)
    current = record.current_referral(session, tip.id)
    if current is None or current.id != referral.id:
        raise InvalidInput("act_not_possible")
    _tell_whose_it_is(session, officer, referral, now)
    values = replies.reopened_values(referral, seen=True, at=now)
    change(session, referral, values | {"next_clock_at": now + clocks.decide})
    replies.keep_open(tip)
    audit.record(session, now, officer.officer_id, "reopen", tip.id, f"referral={referral.id}")
    return State(values["state"])


def verified(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, result: str, victims: int, children: int,
    now: float, basis: Sequence[str] = (),
) -> None:  # fmt: skip
    """Write down what the verification came to; that, and not its beginning, ends its clock.

    result: of Finding. basis: of BASES, at least one unless there is not enough to say. victims: how many people, children: how
    many of them under 18; both only with Finding.VICTIM. The time of the first result counts; a later one corrects it.
    Raises NotAllowed, InvalidInput('act_not_possible' | 'result_needed' | 'basis_needed' | 'victims'), Conflict.
    """
    referral, tip, _ = open_tip(session, officer, referral_id)
    if State(referral.state) not in VERIFIABLE:
        raise InvalidInput("act_not_possible")
    if result not in {finding.value for finding in Finding}:
        raise InvalidInput("result_needed")
    if not set(basis) <= set(BASES) or (not basis and result != Finding.NOT_ENOUGH.value):
        raise InvalidInput("basis_needed")
    found = result == Finding.VICTIM.value
    if found and not (1 <= victims <= MOST_VICTIMS and 0 <= children <= victims):
        raise InvalidInput("victims")
    change(session, referral, {})
    if not tip.verify_result:
        tip.verified_at, tip.verify_by = now, max(referral.received_at, referral.clock_from) + clocks.verify
    tip.verify_result, tip.verify_basis = result, ",".join(code for code in BASES if code in basis)
    tip.victims, tip.victims_child = (victims, children) if found else (0, 0)
    audit.record(
        session,
        now,
        officer.officer_id,
        "verified",
        tip.id,
        f"referral={referral.id} result={result} basis={tip.verify_basis or '-'}",
    )


def change(session: Session, referral: Referral, values: dict[str, Any]) -> None:
    """Write to a referral's row as it was read. Raises Conflict when somebody else has changed it since."""
    # The tip's row first, as an erasure and a reporter's message do: two that lock in different order stop each other.
    session.execute(select(col(Tip.id)).where(col(Tip.id) == referral.tip_id).with_for_update())
    moved = changed(
        session,
        update(Referral)
        .where(col(Referral.id) == referral.id, col(Referral.version) == referral.version)
        .values(**values, version=referral.version + 1),
    )
    if moved != 1:
        raise Conflict("referral")


def extend(session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, reason: str, now: float) -> None:
    """Lengthen the decision clock to two months (BLTTHS Đ.147), once and with a reason. Raises InvalidInput."""
    referral, tip, _ = open_tip(session, officer, referral_id)
    if referral.extended_until or not referral.received_at or State(referral.state) in FINAL:
        raise InvalidInput("act_not_possible")
    if reason not in EXTENSION_REASONS:
        raise InvalidInput("reason_needed")
    until = max(referral.received_at, referral.clock_from) + clocks.decide_extended
    change(session, referral, {"extended_until": until, "next_clock_at": until})
    audit.record(session, now, officer.officer_id, "extended", tip.id, f"referral={referral.id} reason={reason}")
