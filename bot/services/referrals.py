"""What officers do with a referral, and what their unit is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session

from bot.core.clocks import Clocks
from bot.core.errors import Conflict, InvalidInput, NotAllowed
from bot.core.messages import OutboundMessage
from bot.core.referrals.states import FINAL, Act, State, allowed, step
from bot.services import audit, files, tips
from bot.services.files import FileRef
from bot.services.notices import queue_notice
from bot.services.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Audit, Contact, Conversation, Officer, Outbox, Referral, Tip, TipFile, TipKey, TipNotice
from bot.storage.vault import Vault

SAME_ANSWER_SECONDS = 120.0  # times of the dialogue are rounded to the minute
EXTENSION_REASONS = ("complex", "many_places", "abroad")


def open_tip(session: Session, officer: SignedIn, referral_id: str) -> tuple[Referral, Tip, tips.OpenTip]:
    """Open a referral with a key the officer holds. Raises NotAllowed for all others, existing or not."""
    referral = session.get(Referral, referral_id)
    if referral is None:
        raise NotAllowed("referral")
    key = key_of(session, officer, referral.tip_id, "unit")
    tip = session.get(Tip, referral.tip_id)
    if tip is None:
        raise NotAllowed("referral")
    return referral, tip, tips.OpenTip(tip.id, key)


def key_of(session: Session, officer: SignedIn, tip_id: str, kind: str) -> bytes:
    """The tip's key ('unit') or its contact's key ('contact'), by whichever unit key of the officer fits.

    Raises NotAllowed.
    """
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
        "history": history(session, tip.id),
        "acts": allowed(State(referral.state)),
    }


@dataclass(frozen=True)
class Done:
    """A line of a tip's history. who: an officer's name, 'reporter' or 'system'."""

    at: float
    action: str
    who: str


def history(session: Session, tip_id: str) -> list[Done]:
    """What was done with a tip, by whom and when, oldest first. The caller has opened the tip."""
    rows = list(session.execute(select(Audit).where(Audit.subject == tip_id).order_by(Audit.seq)).scalars())
    query = select(Officer.id, Officer.name).where(Officer.id.in_({row.actor for row in rows}))
    names = {row.id: row.name for row in session.execute(query)}
    return [
        Done(row.at, row.action, names.get(row.actor, "reporter" if row.actor == "reporter" else "system"))
        for row in rows
    ]


def act(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, what: Act, reason: str, now: float
) -> State:
    """Take a step of the referral's life; a transfer is more than this step (services/transfers). Raises NotAllowed, InvalidInput, Conflict."""
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


def files_of(session: Session, opened: tips.OpenTip) -> list[tuple[TipFile, FileRef]]:
    """The attachments of an opened tip, oldest first."""
    rows = session.execute(
        select(TipFile).where(TipFile.tip_id == opened.tip_id).order_by(TipFile.created_at)
    ).scalars()
    return [(row, files.open_ref(opened.key, row)) for row in rows]


def file_of(
    session: Session, officer: SignedIn, referral_id: str, file_id: str, now: float, action: str = ""
) -> FileRef:
    """One attachment, for its bytes. action: what is done with it, for the audit log. Raises NotAllowed."""
    _, tip, opened = open_tip(session, officer, referral_id)
    row = session.get(TipFile, file_id)
    if row is None or row.tip_id != tip.id:
        raise NotAllowed("file")
    if action:
        audit.record(session, now, officer.officer_id, action, tip.id, f"file={file_id}")
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

    refs: stored files that go with the words. The same form sent twice (a second press, a page loaded anew) is one answer.
    """
    referral, tip, opened = open_tip(session, officer, referral_id)
    session.execute(select(Tip.id).where(Tip.id == tip.id).with_for_update())
    if _said_just_now(session, opened, officer.officer_id, text, len(refs), now):
        return
    kept = files.attach(session, opened.tip_id, opened.key, list(refs), officer.officer_id, now)
    tips.add_entry(session, opened, officer.officer_id, text, now, tuple(kept))
    tip.reporter_news = True
    audit.record(session, now, officer.officer_id, "answered", tip.id, f"referral={referral.id} files={len(kept)}")
    tell_reporter(session, vault, tip.id, notice, now)


def _said_just_now(session: Session, opened: tips.OpenTip, author: str, text: str, files_sent: int, now: float) -> bool:
    said = tips.entries(session, opened)
    if not said or now - said[-1]["at"] > SAME_ANSWER_SECONDS:
        return False
    last = said[-1]
    return (last["author"], last["text"], len(last["files"])) == (author, text, files_sent)


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
