"""What officers do with a referral, and what their unit is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.clocks import Clocks, receive_deadline
from bot.core.errors import Conflict, InvalidInput, NotAllowed
from bot.core.messages import OutboundMessage
from bot.core.referrals.states import FINAL, REOPENABLE, VERIFIABLE, Act, Finding, State, allowed, step
from bot.services import audit
from bot.services.tips import files, record, replies
from bot.services.tips.files import FileRef
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.database import changed
from bot.storage.tables import (
    Audit,
    Contact,
    Conversation,
    Officer,
    Outbox,
    Referral,
    Tip,
    TipFile,
    TipKey,
    TipNotice,
    Unit,
)
from bot.storage.vault import Vault

SAME_ANSWER_SECONDS = 120.0  # times of the dialogue are rounded to the minute
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
    for unit_id, private in officer.unit_keys.items():
        query = select(col(TipKey.sealed)).where(
            col(TipKey.tip_id) == tip_id, col(TipKey.holder) == f"{kind}:{unit_id}"
        )
        sealed = session.execute(query).scalar_one_or_none()
        if sealed is not None:
            return sealing.open_sealed(private, sealed)
    raise NotAllowed("referral")


def read(session: Session, officer: SignedIn, referral_id: str, now: float) -> dict[str, Any]:
    """The whole tip for its page; reading is audited, and what the reporter wrote meanwhile counts as seen by the unit."""
    referral, tip, opened = open_tip(session, officer, referral_id)
    unseen = replies.see(session, officer, referral)
    audit.record(session, now, officer.officer_id, "tip_read", tip.id, f"referral={referral.id}")
    return {
        "referral": referral,
        "tip": tip,
        "words": sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"],
        "entries": record.entries(session, opened),
        "files": files_of(session, opened),
        "history": history(session, tip.id),
        "acts": allowed(State(referral.state)),
        "unseen": unseen,
        "reopenable": State(referral.state) in REOPENABLE and record.current_referral(session, tip.id) is referral,
        "verifiable": State(referral.state) in VERIFIABLE,
        "responsible": referral.unit_id in officer.unit_keys,
    }


@dataclass(frozen=True)
class Done:
    """A line of a tip's history. who: an officer's name, 'reporter' or 'system'. detail: codes of what a correction changed."""

    at: float
    action: str
    who: str
    detail: str = ""


VIEW_SECONDS = 300.0  # a page with its pictures, and loading it anew, is one view


def views(found: Sequence[Done]) -> list[Done]:
    """The views among a tip's history, one a visit; the log itself has every single one."""
    last: dict[str, float] = {}
    seen = []
    for line in found:
        viewed = line.action in {"tip_read", "file_viewed"}
        if viewed and line.at - last.get(line.who, -VIEW_SECONDS) >= VIEW_SECONDS:
            seen.append(line)
            last[line.who] = line.at
    return seen


def history(session: Session, tip_id: str) -> list[Done]:
    """What was done with a tip, by whom and when, oldest first. The caller has opened the tip."""
    rows = list(session.execute(select(Audit).where(col(Audit.subject) == tip_id).order_by(col(Audit.seq))).scalars())
    query = select(col(Officer.id), col(Officer.name)).where(col(Officer.id).in_({row.actor for row in rows}))
    names = {row.id: row.name for row in session.execute(query)}
    return [
        Done(
            row.at, row.action, names.get(row.actor, "reporter" if row.actor == "reporter" else "system"),
            row.detail if row.action == "reclassified" else "",
        )
        for row in rows
    ]  # fmt: skip


def act(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, what: Act, reason: str, now: float
) -> State:
    """Take a step of the referral's life; a transfer is more than this step (services/tips/transfers).

    A message of danger has to be dealt with before the tip can end. Raises NotAllowed, InvalidInput, Conflict.
    """
    if what is Act.REOPEN:
        return reopen(session, officer, clocks, referral_id, now)
    referral, tip, _ = open_tip(session, officer, referral_id)
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
    values = replies.reopened_values(referral, seen=True, at=now)
    change(session, referral, values | {"next_clock_at": now + clocks.decide})
    replies.keep_open(tip)
    audit.record(session, now, officer.officer_id, "reopen", tip.id, f"referral={referral.id}")
    return State(values["state"])


def verified(
    session: Session, officer: SignedIn, clocks: Clocks, referral_id: str, result: str, victims: int, children: int,
    now: float,
) -> None:  # fmt: skip
    """Write down what the verification came to; that, and not its beginning, ends its clock.

    result: of Finding. victims: how many people, children: how many of them under 18; both only with Finding.VICTIM. The
    time of the first result counts; a later one corrects it. Raises NotAllowed, InvalidInput('act_not_possible' |
    'result_needed' | 'victims'), Conflict.
    """
    referral, tip, _ = open_tip(session, officer, referral_id)
    if State(referral.state) not in VERIFIABLE:
        raise InvalidInput("act_not_possible")
    if result not in {finding.value for finding in Finding}:
        raise InvalidInput("result_needed")
    found = result == Finding.VICTIM.value
    if found and not (1 <= victims <= MOST_VICTIMS and 0 <= children <= victims):
        raise InvalidInput("victims")
    change(session, referral, {})
    if not tip.verify_result:
        tip.verified_at, tip.verify_by = now, max(referral.received_at, referral.clock_from) + clocks.verify
    tip.verify_result = result
    tip.victims, tip.victims_child = (victims, children) if found else (0, 0)
    audit.record(session, now, officer.officer_id, "verified", tip.id, f"referral={referral.id} result={result}")


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


@dataclass(frozen=True)
class Ended:
    """The act with which an officer put a tip out of sight. unit: where it went, for a transfer. opens: the referral under which
    this officer can still open the tip, or ""."""

    act: str
    at: float
    reason: str
    unit: str
    opens: str


def ended(session: Session, officer: SignedIn, referral_id: str) -> Ended:
    """What this officer did last to end a referral. Known from the log, so that it can be shown when the tip no longer can.

    Raises NotAllowed where this officer did no such thing.
    """
    referral = session.get(Referral, referral_id)
    if referral is None or State(referral.state) not in FINAL:
        raise NotAllowed("referral")
    query = select(Audit).where(
        col(Audit.subject) == referral.tip_id, col(Audit.actor) == officer.officer_id,
        col(Audit.action).in_([Act.TRANSFER.value, Act.REFUSE.value, Act.CLOSE.value]),
        col(Audit.detail).startswith(f"referral={referral.id} "),
    )  # fmt: skip
    row = session.execute(query.order_by(col(Audit.seq).desc()).limit(1)).scalar_one_or_none()
    if row is None:
        raise NotAllowed("referral")
    following = select(col(Referral.id), col(Unit.name)).join(Unit, col(Unit.id) == col(Referral.unit_id))
    went = session.execute(following.where(col(Referral.previous_id) == referral.id)).first()
    holders = [f"unit:{unit_id}" for unit_id in officer.unit_keys]
    keyed = select(col(TipKey.id)).where(col(TipKey.tip_id) == referral.tip_id, col(TipKey.holder).in_(holders))
    opens = (went[0] if went else referral.id) if session.execute(keyed).first() else ""
    return Ended(row.action, row.at, referral.reason, went[1] if went else "", opens)


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


def files_of(session: Session, opened: record.OpenTip) -> list[tuple[TipFile, FileRef]]:
    """The attachments of an opened tip, oldest first."""
    rows = session.execute(
        select(TipFile).where(col(TipFile.tip_id) == opened.tip_id).order_by(col(TipFile.created_at))
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
    shown: int | None = None,
) -> None:
    """Write to the reporter. `notice` is sent if they asked to be told; it says that there is news and nothing more.

    refs: stored files that go with the words. shown: how many undecided messages the officer's page showed. The same form sent
    twice (a second press, a page loaded anew) is one answer.
    """
    referral, tip, opened = open_tip(session, officer, referral_id)
    if referral.state == State.TRANSFERRED.value:
        raise InvalidInput("act_not_possible")  # the live referral of the tip is another one
    session.execute(select(col(Tip.id)).where(col(Tip.id) == tip.id).with_for_update())
    if _said_just_now(session, opened, officer.officer_id, text, len(refs), now):
        return
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
            conversation_id=contact.conversation_id, channel=contact.channel, dedupe=dedupe, priority=1, created_at=now,
            payload=vault.seal_outbound(dedupe, OutboundMessage(text=text, meta={"item": "notice_news"})),
            status="sent" if contact.channel == "web" else "pending",
        )
    )  # fmt: skip


def tell_unit(session: Session, tip_id: str, kind: str, now: float) -> None:
    """Note for the jobs process that a unit has something new: 'new', 'urgent' or 'reply'. Never content."""
    referral = record.current_referral(session, tip_id)
    if referral is not None:
        queue_notice(session, referral.unit_id, referral.id, kind, now)
