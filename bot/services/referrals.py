"""What officers do with a referral, and what their unit is told."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select, update
from sqlmodel import Session

from bot.core.clocks import Clocks, receive_deadline
from bot.core.errors import Conflict, InvalidInput, NotAllowed
from bot.core.messages import OutboundMessage
from bot.core.referrals.states import FINAL, Act, State, allowed, step
from bot.core.units.model import SUPPORT_KINDS
from bot.services import audit, files, tips
from bot.services.files import FileRef
from bot.services.notices import queue_notice
from bot.services.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Audit, Contact, Conversation, Outbox, Referral, Tip, TipFile, TipKey, TipNotice, Unit
from bot.storage.vault import Vault

EXTENSION_REASONS = ("complex", "many_places", "abroad")


@dataclass(frozen=True)
class Row:
    """A line of the inbox: only what is in clear."""

    referral: Referral
    tip: Tip

    @property
    def overdue_at(self) -> float:
        return self.referral.next_clock_at


def holders(officer: SignedIn) -> list[str]:
    """The TipKey holders an officer can open: their unit, and so also tips of units below that were sealed to it."""
    return [f"unit:{unit_id}" for unit_id in officer.unit_keys]


def listing(session: Session, officer: SignedIn, *, open_only: bool = True) -> list[Row]:
    """Referrals the officer can open: urgent first, then by the clock that runs out soonest."""
    query = (
        select(Referral, Tip)
        .join(Tip, Tip.id == Referral.tip_id)
        .where(Tip.id.in_(select(TipKey.tip_id).where(TipKey.holder.in_(holders(officer)))))
        .order_by(Referral.created_at.desc())
        .limit(500)
    )
    if open_only:
        query = query.where(Referral.state.not_in([state.value for state in FINAL]))
    rows = [Row(referral, tip) for referral, tip in session.execute(query)]
    return sorted(
        rows, key=lambda r: (r.tip.urgency != "urgent", r.referral.next_clock_at or float("inf"), -r.tip.created_at)
    )


def open_tip(session: Session, officer: SignedIn, referral_id: str) -> tuple[Referral, Tip, tips.OpenTip]:
    """Open a referral with a key the officer holds. Raises NotAllowed for all others, existing or not."""
    referral = session.get(Referral, referral_id)
    if referral is None:
        raise NotAllowed("referral")
    key = _opened(session, officer, referral.tip_id, "unit")
    tip = session.get(Tip, referral.tip_id)
    if tip is None:
        raise NotAllowed("referral")
    return referral, tip, tips.OpenTip(tip.id, key)


def _opened(session: Session, officer: SignedIn, tip_id: str, kind: str) -> bytes:
    """The tip's key ('unit') or its contact's key ('contact'), by whichever unit key of the officer fits."""
    for unit_id, private in officer.unit_keys.items():
        query = select(TipKey.sealed).where(TipKey.tip_id == tip_id, TipKey.holder == f"{kind}:{unit_id}")
        sealed = session.execute(query).scalar_one_or_none()
        if sealed is not None:
            return sealing.open_sealed(private, sealed)
    raise NotAllowed("referral")


def read(session: Session, officer: SignedIn, referral_id: str, now: float) -> dict[str, Any]:
    """The whole tip for its page; reading is audited."""
    referral, tip, opened = open_tip(session, officer, referral_id)
    audit.record(session, now, officer.officer_id, "tip_read", tip.id, f"referral={referral.id}")
    return {
        "referral": referral,
        "tip": tip,
        "words": sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"],
        "entries": tips.entries(session, opened),
        "files": files_of(session, opened),
        "history": list(session.execute(select(Audit).where(Audit.subject == tip.id).order_by(Audit.seq)).scalars()),
        "acts": allowed(State(referral.state)),
    }


def act(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, what: Act, reason: str, now: float
) -> State:
    """Take a step of the referral's life; transfers have their own function. Raises NotAllowed, InvalidInput, Conflict."""
    referral, tip, _ = open_tip(session, officer, referral_id)
    following = step(State(referral.state), what, reason)
    values: dict[str, Any] = {"state": following.value, "reason": reason}
    if what is Act.RECEIVE:
        values |= {"received_at": now, "next_clock_at": now + clocks.decide, "escalation": 0}
    if what in {Act.ACCEPT, Act.REFUSE, Act.TRANSFER}:
        values["decided_at"] = now
    if following in FINAL:
        values |= {"closed_at": now, "next_clock_at": 0.0}
    _change(session, referral, values)
    if following in {State.CLOSED, State.REFUSED}:
        tip.closed_at, tip.erase_at = now, now + clocks.retention
    tip.reporter_news = True
    audit.record(session, now, officer.officer_id, what.value, tip.id, f"referral={referral.id} reason={reason}")
    return following


def _change(session: Session, referral: Referral, values: dict[str, Any]) -> None:
    changed = session.execute(
        update(Referral)
        .where(Referral.id == referral.id, Referral.version == referral.version)
        .values(**values, version=referral.version + 1)
    )
    if changed.rowcount != 1:
        raise Conflict("referral")


def transfer(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, unit_id: str, reason: str, now: float
) -> str:
    """Re-seal the tip to another unit and the first above it, and put it on that desk with fresh clocks.

    Only somebody who can open the tip can do it. Returns the new referral's id. Raises InvalidInput('unit_not_enrolled').
    """
    referral, tip, opened = open_tip(session, officer, referral_id)
    unit = session.get(Unit, unit_id)
    if unit is None or unit.public_key is None or unit.id == referral.unit_id:
        raise InvalidInput("unit_not_enrolled")
    if unit.kind in SUPPORT_KINDS:  # they get copies of parts
        raise InvalidInput("unit_not_support")
    act(session, officer, clocks, referral_id, Act.TRANSFER, reason, now)
    contact_key = _opened(session, officer, tip.id, "contact") if tip.contact else None
    readers = tips.readers_of(session, unit)
    if reason == "conflict_of_interest":  # also when the unit that gives it up stands above the new one
        readers = [reader for reader in readers if reader.id != referral.unit_id]
    # Who passes a tip on gives it up: after a conflict of interest the old desk must not read on, nor open the contact.
    kept = ["receipt", *(f"{kind}:{reader.id}" for kind in ("unit", "contact") for reader in readers)]
    session.execute(delete(TipKey).where(TipKey.tip_id == tip.id, TipKey.holder.not_in(kept)))
    for reader in readers:
        _give(session, tip.id, f"unit:{reader.id}", sealing.seal_to(reader.public_key, opened.key))
        if contact_key is not None:
            _give(session, tip.id, f"contact:{reader.id}", sealing.seal_to(reader.public_key, contact_key))
    deadline = receive_deadline(clocks, urgent=tip.urgency == "urgent", remote=unit.remote, escalation=0)
    fresh = Referral(
        id=secrets.token_hex(16), tip_id=tip.id, unit_id=unit.id, state=State.NEW.value, route_reason=f"transfer_{reason}",
        previous_id=referral.id, created_at=now, next_clock_at=now + deadline,
    )  # fmt: skip
    session.add(fresh)
    queue_notice(session, unit.id, fresh.id, "urgent" if tip.urgency == "urgent" else "new", now)
    return fresh.id


def _give(session: Session, tip_id: str, holder: str, sealed: bytes) -> None:
    if session.execute(select(TipKey.id).where(TipKey.tip_id == tip_id, TipKey.holder == holder)).first() is None:
        session.add(TipKey(tip_id=tip_id, holder=holder, sealed=sealed))


def extend(session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, reason: str, now: float) -> None:
    """Lengthen the decision clock to two months (BLTTHS Đ.147), once and with a reason. Raises InvalidInput."""
    referral, tip, _ = open_tip(session, officer, referral_id)
    if referral.extended_until or not referral.received_at or State(referral.state) in FINAL:
        raise InvalidInput("act_not_possible")
    if reason not in EXTENSION_REASONS:
        raise InvalidInput("reason_needed")
    until = referral.received_at + clocks.decide_extended
    _change(session, referral, {"extended_until": until, "next_clock_at": until})
    audit.record(session, now, officer.officer_id, "extended", tip.id, f"referral={referral.id} reason={reason}")


def reveal_contact(session: Session, officer: SignedIn, referral_id: str, reason: str, now: float) -> str:
    """Open what the reporter left to be reached by: an act of its own, with a reason, audited, told to the unit above.

    The audit entry holds the length of the reason, never its words. Raises InvalidInput('reason_needed' | 'no_contact').
    """
    referral, tip, _ = open_tip(session, officer, referral_id)
    if len(reason.strip()) < 10:
        raise InvalidInput("reason_needed")
    if tip.contact is None:
        raise InvalidInput("no_contact")
    key = _opened(session, officer, tip.id, "contact")
    audit.record(session, now, officer.officer_id, "contact_revealed", tip.id, f"referral={referral.id}")
    unit = session.get(Unit, referral.unit_id)
    if unit is not None and unit.parent_id:
        queue_notice(session, unit.parent_id, referral.id, "contact", now)
    return sealing.unseal(key, tip.contact, f"contact:{tip.id}").decode()


def files_of(session: Session, opened: tips.OpenTip) -> list[tuple[TipFile, FileRef]]:
    """The attachments of an opened tip, oldest first."""
    rows = session.execute(
        select(TipFile).where(TipFile.tip_id == opened.tip_id).order_by(TipFile.created_at)
    ).scalars()
    return [(row, files.open_ref(opened.key, row)) for row in rows]


def file_of(
    session: Session, officer: SignedIn, referral_id: str, file_id: str, now: float, *, original: bool
) -> FileRef:
    """One attachment, for its bytes; opening an original is audited. Raises NotAllowed."""
    _, tip, opened = open_tip(session, officer, referral_id)
    row = session.get(TipFile, file_id)
    if row is None or row.tip_id != tip.id:
        raise NotAllowed("file")
    if original:
        audit.record(session, now, officer.officer_id, "file_downloaded", tip.id, f"file={file_id}")
    return files.open_ref(opened.key, row)


def answer(
    session: Session,
    vault: Vault,
    officer: SignedIn,
    referral_id: str,
    text: str,
    notice: str,
    now: float,
    refs: Sequence[str] = (),
) -> None:
    """Write to the reporter. `notice` is sent if they asked to be told; it says that there is news and nothing more.

    refs: stored files that go with the words.
    """
    referral, tip, opened = open_tip(session, officer, referral_id)
    kept = files.attach(session, opened.tip_id, opened.key, list(refs), officer.officer_id, now)
    tips.add_entry(session, opened, officer.officer_id, text, now, tuple(kept))
    tip.reporter_news = True
    audit.record(session, now, officer.officer_id, "answered", tip.id, f"referral={referral.id} files={len(kept)}")
    tell_reporter(session, vault, tip.id, notice, now)


def tell_reporter(session: Session, vault: Vault, tip_id: str, text: str, now: float) -> None:
    """Queue a content-free notice, only for reporters who asked for it. One waits at a time."""
    row = session.get(TipNotice, tip_id)
    contact = session.get(Contact, vault.open_pointer(tip_id, row.pointer)) if row else None
    if contact is None or contact.stopped:
        return
    # A keyed hash: the row names a conversation, and must not name a tip beside it.
    dedupe = f"news:{vault.news_mark(tip_id, int(now // 3600))}"
    if session.execute(select(Outbox.id).where(Outbox.dedupe == dedupe)).first():
        return
    # As a turn does: ids of one conversation's messages then grow in the order they can be seen, and the page, which asks
    # for what came after the last one, misses none.
    session.execute(select(Conversation.id).where(Conversation.id == contact.conversation_id).with_for_update())
    session.add(
        Outbox(
            conversation_id=contact.conversation_id, channel=contact.channel, dedupe=dedupe, priority=1, created_at=now,
            payload=vault.seal_outbound(dedupe, OutboundMessage(text=text, meta={"item": "notice_news"})),
            status="sent" if contact.channel == "web" else "pending",
        )
    )  # fmt: skip


def tell_unit(session: Session, tip_id: str, kind: str, now: float) -> None:
    """Note for the jobs process that a unit has something new: 'new', 'urgent' or 'reply'. Never content."""
    referral = tips.current_referral(session, tip_id)
    if referral is not None:
        queue_notice(session, referral.unit_id, referral.id, kind, now)
