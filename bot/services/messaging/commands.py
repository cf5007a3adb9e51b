"""The engine's commands, carried out: a slow part before the turn's transaction and a short part inside it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.clocks import Clocks
from bot.core.messages import Channel
from bot.core.referrals.states import State as ReferralState
from bot.core.text import fold
from bot.core.tips import receipt
from bot.core.units.routing import Route
from bot.dialogue import memory
from bot.dialogue.commands import (
    AddReporterMessage,
    AddToSentTip,
    CallHuman,
    CheckOffer,
    CloseTipView,
    Command,
    CreateTip,
    LookUpTip,
    ShowSentTip,
    Subscribe,
    Unsubscribe,
)
from bot.dialogue.interview import receipt_forms
from bot.dialogue.interview.extract import mentions_child
from bot.dialogue.interview.summary import summary
from bot.dialogue.kept import End
from bot.dialogue.reading import codes
from bot.dialogue.says import Say, say
from bot.dialogue.state import Clock, ConversationState, Sent, View
from bot.dialogue.triage import followup
from bot.services import audit, throttle
from bot.services.campaigns import subscribers
from bot.services.minutes import minute
from bot.services.tips import answering, files, record, replies, reporter_files, unsent
from bot.storage import sealing
from bot.storage.tables import Referral, Tip
from bot.storage.vault import ReceiptKeys, Vault


@dataclass
class Work:
    """One turn's commands. `state` is the state to be stored; commands may change it.

    code: the receipt code in the message, or "". code_wait: seconds this person has to wait with codes, asked before the
    slow hash. crowded: too many codes of others are being tried at this moment. keep_engine: a command failed in a way
    that the dialogue must not have moved on; what was said after it is dropped. danger: the classifier takes the message
    for a cry for help.
    """

    vault: Vault
    clocks: Clocks
    conversation_id: str
    channel: str
    language: str
    state: ConversationState
    route: Callable[[Session, Mapping[str, Any]], Route]
    cards: Callable[[tuple[str, ...]], list[Say]]
    check_offer: Callable[[str, str, str, Sequence[str]], list[Say]]
    code: str = ""
    code_wait: float = 0.0
    crowded: bool = False
    danger: bool = False
    now: float = field(default_factory=time.time)
    prepared: dict[int, Any] = field(default_factory=dict)
    keep_engine: bool = False


def prepare(work: Work, number: int, command: Command) -> None:
    """The slow part of command `number` (Argon2id, reading an offer). Runs on a worker thread, touches no database."""
    if isinstance(command, CreateTip):
        work.prepared[number] = record.prepare(work.vault, dict(command.draft))
    elif isinstance(command, AddToSentTip) and work.state.receipt.code and not work.state.sent:
        work.prepared[number] = work.vault.receipt_keys(work.state.receipt.code)
    elif tries_code(work, command):
        work.prepared[number] = work.vault.receipt_keys(work.code)
    elif isinstance(command, CheckOffer):
        work.prepared[number] = work.check_offer(
            command.text, command.topic, work.language, memory.pieces(work.state, work.now)
        )
    elif isinstance(command, AddReporterMessage):
        work.prepared[number] = followup.pressing(command.text)


def tries_code(work: Work, command: Command) -> bool:
    """Whether a command costs the slow hash of a receipt code: not for who has to wait, not for a slip of the finger."""
    return isinstance(command, LookUpTip) and work.code_wait <= 0 and receipt.is_well_formed(work.code)


def run(session: Session, work: Work, number: int, command: Command) -> list[Say]:
    """The short part, inside the turn's transaction. Returns what to say."""
    return _RUN[type(command)](session, work, work.prepared.get(number), command)


def _create_tip(session: Session, work: Work, prepared: record.PreparedTip, command: CreateTip) -> list[Say]:
    draft = prepared.draft
    to = work.route(session, draft)
    created = record.create(
        session,
        work.vault,
        prepared,
        to=to,
        category=command.category,
        urgent=command.urgent,
        channel=work.channel,
        language=work.language,
        clocks=work.clocks,
        now=work.now,
        notify_conversation=work.conversation_id if draft.get("notices") else "",
    )
    answering.tell_unit(session, created.tip_id, "urgent" if created.urgent else "new", work.now)
    for unit_id in to.copies:
        audit.record(session, minute(work.now), "system", "copy_advised", created.tip_id, f"unit={unit_id}")
    unsent.sent(session, work.vault, work.conversation_id)
    work.state.forget(End.TIP)
    work.state.receipt.code = prepared.code
    work.state.sent = Sent(created.tip_id, sealing.adding_half(prepared.key))
    work.state.clock = Clock(urgent=created.urgent, hours=created.hours)
    line = receipt_forms.SHOWN[command.as_words]
    shown = say(line, unit=created.unit_name, code=receipt_forms.shown(line, prepared.code))
    return [*work.cards(to.cards), shown]


def _look_up(session: Session, work: Work, keys: ReceiptKeys | None, command: LookUpTip) -> list[Say]:
    own = throttle.code_key(work.conversation_id)
    wait = max(work.code_wait, throttle.blocked_for(session, own, throttle.CODE_PER_PERSON, work.now))
    if wait > 0:
        work.keep_engine = True
        return [say("status_slow", minutes=max(1, round(wait / 60)))]
    if work.crowded:  # nothing was tried, so nothing is counted
        work.keep_engine = True
        return [say("status_busy")]
    opened = record.open_with_receipt(session, work.vault, keys.lookup, keys.pair) if keys else None
    if opened is None:
        throttle.count_failure(session, own, throttle.CODE_PER_PERSON, work.now)
        work.keep_engine = True
        return [say("status_not_opened")]
    # For as long as this conversation lasts the reporter may read and write without typing the code again.
    work.state.view = View(opened.tip_id, opened.key)
    shown, reason = _state_of(record.current_referral(session, opened.tip_id))
    return [
        say(
            "status_report",
            state=shown,
            reason=reason,
            entries=record.entries(session, opened),
            files=reporter_files.from_officers(session, opened),
            deliver=work.channel == Channel.WEB.value,
        )
    ]


def _show_sent(session: Session, work: Work, _prepared: None, command: ShowSentTip) -> list[Say]:
    """The rows that were read back before sending: whoever sees a fault there writes what is right."""
    view = work.state.view
    words = record.words(session, record.OpenTip(view.tip, view.key)) if view else None
    if words is None:  # never opened, or erased since
        work.state.view = None
        work.keep_engine = True
        return [say("status_not_opened")]
    return [say("status_tip", **summary(words))]


def _state_of(referral: Referral | None) -> tuple[str, str]:
    """(state, reason) for the reporter: a tip that was handed on and not read since is no new one to whoever sent it."""
    if referral is None:
        return ReferralState.NEW.value, ""
    if referral.state == ReferralState.NEW.value and referral.previous_id and not referral.reopened:
        return ReferralState.TRANSFERRED.value, referral.route_reason.removeprefix("transfer_")
    if referral.reopened and referral.state in _REOPENED:
        return _REOPENED[referral.state], ""
    return referral.state, referral.reason


_REOPENED = {ReferralState.NEW.value: "reopened", ReferralState.RECEIVED.value: "reopened_received"}


def _add_message(session: Session, work: Work, pressing: bool | None, command: AddReporterMessage) -> list[Say]:
    view = work.state.view
    tip = _locked(session, view.tip) if view else None
    if view is None or tip is None:  # never opened, or erased since
        work.state.view = None
        work.keep_engine = True
        return [say("status_not_opened")]
    opened = record.OpenTip(view.tip, view.key)
    how = _tell_officers(session, work, opened, tip, pressing, command)
    return [say("status_sent", how=how) if how else say("status_sent")]


def _add_to_sent(session: Session, work: Work, keys: ReceiptKeys | None, command: AddToSentTip) -> list[Say]:
    """What is told after sending, while the interview about the tip goes on: it follows the tip as its reporter's message."""
    sent = work.state.sent
    opened: record.OpenTip | record.ToAdd | None = record.ToAdd(sent.tip, sent.adding) if sent else None
    if opened is None and keys:  # a state of the version before has the code alone
        opened = record.open_with_receipt(session, work.vault, keys.lookup, keys.pair)
    tip = _locked(session, opened.tip_id) if opened else None
    if opened is None or tip is None:
        if command.quiet:  # gone since: nothing more is asked about it
            work.state.forget(End.SAID)
            work.keep_engine = True
            return [say("tip_sent_needs_code")]
        return [say("tip_sent_already")]
    _tell_officers(session, work, opened, tip, None, command)
    return [] if command.quiet else [say("tip_sent_added")]


def _locked(session: Session, tip_id: str) -> Tip | None:
    """Locked: an erasure or a reopening of the same tip must come before or after all that is done with it."""
    return session.execute(select(Tip).where(col(Tip.id) == tip_id).with_for_update()).scalar_one_or_none()


def _tell_officers(
    session: Session,
    work: Work,
    opened: record.OpenTip | record.ToAdd,
    tip: Tip,
    pressing: bool | None,
    told: AddReporterMessage | AddToSentTip,
) -> str:
    """Seal the reporter's further words and files; returns what it did to the tip, see `replies.note`."""
    text = codes.hide(told.text, known=work.state.receipt.code).strip()
    kept = files.attach(session, opened.tip_id, opened.seal, list(told.files), "reporter", work.now)
    answers = told if isinstance(told, AddToSentTip) else AddToSentTip()
    record.add_entry(
        session, opened, "reporter", text, work.now, tuple(kept), question=answers.question, facts=answers.facts
    )
    unsent.sent(session, work.vault, work.conversation_id)
    danger = bool(text) and ((followup.pressing(text) if pressing is None else pressing) or work.danger)
    child = danger and mentions_child(fold(text))
    return replies.note(session, work.clocks, tip, danger=danger, child=child, now=work.now)


def _close_view(session: Session, work: Work, _prepared: None, command: CloseTipView) -> list[Say]:
    work.state.view = None
    return []


def _check_offer(session: Session, work: Work, prepared: list[Say], command: CheckOffer) -> list[Say]:
    return prepared


def _subscribe(session: Session, work: Work, _prepared: None, command: Subscribe) -> list[Say]:
    """The classifier's guess signs nobody up: it asks, and the button of the question does."""
    if work.channel == Channel.WEB.value:
        return [say("subscribe_not_here")]
    known = subscribers.preferences(session, work.conversation_id)
    return [say("already_subscribed" if known is not None and known.active else "subscribe_offer")]


def _unsubscribe(session: Session, work: Work, _prepared: None, command: Unsubscribe) -> list[Say]:
    """A guess is enough to stop."""
    return [
        say("unsubscribed" if subscribers.from_chat(session, work.conversation_id, False) else "unsubscribe_not_on")
    ]


def _call_human(session: Session, work: Work, _prepared: None, command: CallHuman) -> list[Say]:
    return [say("ask_human")]


_RUN: dict[type[Command], Callable[[Session, Work, Any, Any], list[Say]]] = {
    CreateTip: _create_tip,
    LookUpTip: _look_up,
    ShowSentTip: _show_sent,
    AddReporterMessage: _add_message,
    AddToSentTip: _add_to_sent,
    CloseTipView: _close_view,
    CheckOffer: _check_offer,
    Subscribe: _subscribe,
    Unsubscribe: _unsubscribe,
    CallHuman: _call_human,
}
