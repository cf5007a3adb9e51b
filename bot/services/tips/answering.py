"""What officers write to a reporter, what they decide on a reporter's message, and who is told that there is news."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.errors import InvalidInput
from bot.core.messages import OutboundMessage
from bot.core.referrals.states import State
from bot.services import audit
from bot.services.minutes import quarter
from bot.services.tips import files, owners, record, replies
from bot.services.tips.referrals import open_tip
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage.tables import Contact, Conversation, Outbox, Tip, TipNotice
from bot.storage.vault import Vault

SAME_ANSWER_SECONDS = 120.0  # times of the dialogue are rounded to the minute


def answer(
    session: Session,
    vault: Vault,
    officer: SignedIn,
    referral_id: str,
    text: str,
    notice: str,
    now: float,
    refs: Sequence[str] = (),
    shown: int | None = None,
    said: int | None = None,
) -> None:
    """Write to the reporter. `notice` is sent if they asked to be told; it says that there is news and nothing more.

    refs: stored files that go with the words. shown: how many undecided messages the officer's page showed. The same form sent
    twice (a second press, a page loaded anew) is one answer. said: how many lines of officers that page showed; raises
    InvalidInput('answered_meanwhile') when a colleague has written since.
    """
    referral, tip, opened = open_tip(session, officer, referral_id)
    if referral.state == State.TRANSFERRED.value:
        raise InvalidInput("act_not_possible")  # the live referral of the tip is another one
    session.execute(select(col(Tip.id)).where(col(Tip.id) == tip.id).with_for_update())
    if _said_just_now(session, opened, officer.officer_id, text, len(refs), now):
        return
    if said is not None and _a_colleague_wrote(session, opened, officer.officer_id, said):
        raise InvalidInput("answered_meanwhile")
    owners.drop_draft(session, officer, referral_id)
    kept = files.attach(session, opened.tip_id, opened.seal, list(refs), officer.officer_id, now)
    record.add_entry(session, opened, officer.officer_id, text, now, tuple(kept))
    replies.answered(session, officer, referral, shown)
    audit.record(session, now, officer.officer_id, "answered", tip.id, f"referral={referral.id} files={len(kept)}")
    tell_reporter(session, vault, tip.id, notice, now)


def settle(
    session: Session, vault: Vault, officer: SignedIn, referral_id: str, what: str, shown: int, said: str, notice: str,
    now: float,
) -> None:  # fmt: skip
    """Decide on what a reporter wrote. what: 'handled' (danger is dealt with) or 'closed' (the tip is not opened again).

    shown: how many undecided messages the officer's page showed. said: what the reporter then reads of a tip that is not
    opened again. Raises NotAllowed, InvalidInput, Conflict.
    """
    referral, tip, opened = open_tip(session, officer, referral_id)
    session.execute(select(col(Tip.id)).where(col(Tip.id) == tip.id).with_for_update())
    if what == "handled":
        replies.handled(session, officer, referral, shown, now)
        return
    replies.stay_closed(session, officer, referral, shown, now)
    record.add_entry(session, opened, officer.officer_id, said, now)
    tell_reporter(session, vault, tip.id, notice, now)


def _said_just_now(
    session: Session, opened: record.OpenTip, author: str, text: str, files_sent: int, now: float
) -> bool:
    said = record.entries(session, opened)
    if not said or now - said[-1]["at"] > SAME_ANSWER_SECONDS:
        return False
    last = said[-1]
    return (last["author"], last["text"], len(last["files"])) == (author, text, files_sent)


def _a_colleague_wrote(session: Session, opened: record.OpenTip, author: str, said: int) -> bool:
    ours = [line["author"] for line in record.entries(session, opened) if line["author"] != "reporter"]
    return any(name != author for name in ours[said:])


def tell_reporter(session: Session, vault: Vault, tip_id: str, text: str, now: float) -> None:
    """Queue a content-free notice, only for reporters who asked for it. One waits at a time."""
    row = session.get(TipNotice, tip_id)
    contact = session.get(Contact, vault.open_pointer(tip_id, row.pointer)) if row else None
    if contact is None or contact.stopped:
        return
    # A keyed hash: the row names a conversation, and must not name a tip beside it.
    dedupe = f"news:{vault.news_mark(tip_id, int(now // 3600))}"
    if session.execute(select(col(Outbox.id)).where(col(Outbox.dedupe) == dedupe)).first():
        return
    # As a turn does: ids of one conversation's messages then grow in the order they can be seen, and the page, which asks
    # for what came after the last one, misses none.
    session.execute(
        select(col(Conversation.id)).where(col(Conversation.id) == contact.conversation_id).with_for_update()
    )
    session.add(
        Outbox(
            conversation_id=contact.conversation_id, channel=contact.channel, dedupe=dedupe, priority=1, created_at=quarter(now),
            payload=vault.seal_outbound(
                contact.conversation_id, contact.channel, dedupe, OutboundMessage(text=text, meta={"item": "notice_news"})
            ),
            status="sent" if contact.channel == "web" else "pending",
        )
    )  # fmt: skip


def tell_unit(session: Session, tip_id: str, kind: str, now: float) -> None:
    """Note for the jobs process that a unit has something new: 'new', 'urgent' or 'reply'. Never content."""
    referral = record.current_referral(session, tip_id)
    if referral is not None:
        queue_notice(session, referral.unit_id, referral.id, kind, now)
