"""What officers do with a referral, and what their unit is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from bot.core.clocks import Clocks
from bot.core.errors import Conflict, NotAllowed
from bot.core.referrals.states import FINAL, Act, State, allowed, step
from bot.services import audit, tips
from bot.services.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Outbox, Referral, Tip, TipKey, TipNotice
from bot.storage.vault import Vault


@dataclass(frozen=True)
class Row:
    """A line of the inbox: only what is in clear."""

    referral: Referral
    tip: Tip

    @property
    def overdue_at(self) -> float:
        return self.referral.next_clock_at


def units_of(officer: SignedIn) -> tuple[str, ...]:
    """The units whose referrals an officer may read: those whose key they hold."""
    return tuple(officer.unit_keys)


def listing(session: Session, officer: SignedIn, *, open_only: bool = True) -> list[Row]:
    """Referrals on the officer's desks: urgent first, then by the clock that runs out soonest."""
    query = (
        select(Referral, Tip)
        .join(Tip, Tip.id == Referral.tip_id)
        .where(Referral.unit_id.in_(units_of(officer)))
        .limit(500)
    )
    if open_only:
        query = query.where(Referral.state.not_in([state.value for state in FINAL]))
    rows = [Row(referral, tip) for referral, tip in session.execute(query.order_by(Referral.created_at.desc()))]
    return sorted(
        rows, key=lambda r: (r.tip.urgency != "urgent", r.referral.next_clock_at or float("inf"), -r.tip.created_at)
    )


def open_tip(session: Session, officer: SignedIn, referral_id: str) -> tuple[Referral, Tip, tips.OpenTip]:
    """Open a referral of one of the officer's units. Raises NotAllowed for all others, existing or not."""
    referral = session.get(Referral, referral_id)
    if referral is None or referral.unit_id not in officer.unit_keys:
        raise NotAllowed("referral")
    tip = session.get(Tip, referral.tip_id)
    row = session.execute(
        select(TipKey).where(TipKey.tip_id == referral.tip_id, TipKey.holder == f"unit:{referral.unit_id}")
    ).scalar_one_or_none()
    if tip is None or row is None:
        raise NotAllowed("referral")
    return referral, tip, tips.OpenTip(tip.id, sealing.open_sealed(officer.unit_keys[referral.unit_id], row.sealed))


def read(session: Session, officer: SignedIn, referral_id: str, now: float) -> dict[str, Any]:
    """The whole tip for its page; reading is audited."""
    referral, tip, opened = open_tip(session, officer, referral_id)
    audit.record(session, now, officer.officer_id, "tip_read", tip.id, f"referral={referral.id}")
    return {
        "referral": referral,
        "tip": tip,
        "words": sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"],
        "entries": tips.entries(session, opened),
        "acts": allowed(State(referral.state)),
    }


def act(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, what: Act, reason: str, now: float
) -> State:
    """Take a step of the referral's life. Raises NotAllowed, InvalidInput, Conflict."""
    referral, tip, _ = open_tip(session, officer, referral_id)
    following = step(State(referral.state), what, reason)
    values: dict[str, Any] = {"state": following.value, "version": referral.version + 1, "reason": reason}
    if what is Act.RECEIVE:
        values |= {"received_at": now, "next_clock_at": now + clocks.decide, "escalation": 0}
    if what in {Act.ACCEPT, Act.REFUSE, Act.TRANSFER}:
        values["decided_at"] = now
    if following in FINAL:
        values |= {"closed_at": now, "next_clock_at": 0.0}
    changed = session.execute(
        update(Referral).where(Referral.id == referral.id, Referral.version == referral.version).values(**values)
    )
    if changed.rowcount != 1:
        raise Conflict("referral")
    if following in {State.CLOSED, State.REFUSED}:
        tip.closed_at, tip.erase_at = now, now + clocks.retention
    audit.record(session, now, officer.officer_id, what.value, tip.id, f"referral={referral.id} reason={reason}")
    return following


def answer(session: Session, vault: Vault, officer: SignedIn, referral_id: str, text: str, now: float) -> None:
    """Write to the reporter. The notice, if they asked for one, carries no content."""
    referral, tip, opened = open_tip(session, officer, referral_id)
    tips.add_entry(session, opened, officer.officer_id, text, now)
    tip.reporter_news = True
    audit.record(session, now, officer.officer_id, "answered", tip.id, f"referral={referral.id}")
    tell_reporter(session, vault, tip.id, now)


def tell_reporter(session: Session, vault: Vault, tip_id: str, now: float) -> None:
    """Queue a content-free notice, only for reporters who asked for it. One waits at a time."""
    from bot.core.messages import OutboundMessage
    from bot.storage.tables import Contact

    row = session.get(TipNotice, tip_id)
    contact = session.get(Contact, vault.open_pointer(tip_id, row.pointer)) if row else None
    if contact is None or contact.stopped:
        return
    dedupe = f"news:{tip_id[:16]}:{int(now // 3600)}"
    if session.execute(select(Outbox.id).where(Outbox.dedupe == dedupe)).first():
        return
    text = "Bạn có tin mới. Khi ở nơi an toàn, hãy gõ mã của bạn để xem."
    session.add(
        Outbox(
            conversation_id=contact.conversation_id, channel=contact.channel, dedupe=dedupe, priority=1, created_at=now,
            payload=vault.seal_outbound(dedupe, OutboundMessage(text=text, meta={"item": "notice_news"})),
            status="sent" if contact.channel == "web" else "pending",
        )
    )  # fmt: skip


def tell_unit(session: Session, tip_id: str, kind: str, now: float) -> None:
    """Note for the jobs process that a unit has something new: 'new', 'urgent' or 'reply'. Never content."""
    from bot.services.notices import queue_notice

    referral = tips.current_referral(session, tip_id)
    if referral is not None:
        queue_notice(session, referral.unit_id, referral.id, kind, now)
