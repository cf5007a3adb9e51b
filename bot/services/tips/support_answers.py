"""What a support service says to a copy: it accepts, cannot, or has done its part. Who gave the copy sees it, with the day.

The service opens nothing of the tip by it. Its words are added to what officers alone read; the reporter gets one plain sentence, and
only where the officer said, when giving the copy, that they may.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update
from sqlmodel import Session, col

from bot.core.errors import Conflict, InvalidInput, NotAllowed, TooLarge
from bot.services import audit
from bot.services.tips import answering, notes, record, referrals, support
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.database import changed
from bot.storage.tables import SupportCopy, Tip, Unit
from bot.storage.vault import Vault

GIVEN, ACCEPTED, REFUSED, DONE = "given", "accepted", "refused", "done"
ANSWERS = (ACCEPTED, REFUSED, DONE)
REASONS = ("not_our_task", "other_place", "no_capacity", "not_found", "declined")
MOST_CHARS = 2000
# From which states each answer is possible: a refusal pressed by mistake is taken back by accepting.
_FROM = {ACCEPTED: {GIVEN, REFUSED}, REFUSED: {GIVEN, ACCEPTED}, DONE: {ACCEPTED}}


def possible(state: str) -> tuple[str, ...]:
    """What can be answered now, in a stable order."""
    return tuple(answer for answer in ANSWERS if state in _FROM[answer])


def answer(
    session: Session, vault: Vault, officer: SignedIn, copy_id: str, what: str, reason: str, words: str,
    told: Mapping[str, str], notice: str, now: float,
) -> None:  # fmt: skip
    """An officer of the service answers. what: of ANSWERS. reason: of REASONS, for a refusal. words: for the officers who gave the
    copy, "" for none. told: by answer, the sentence for the reporter, with {unit} for the service's name; notice: see answering.

    Raises NotAllowed, InvalidInput('act_not_possible' | 'reason_needed'), TooLarge, Conflict.
    """
    copy = session.get(SupportCopy, copy_id)
    if copy is None or copy.recipient is not None or copy.unit_id not in officer.unit_keys:
        raise NotAllowed("copy")
    body = support.open_copy(officer, copy)
    _settle(session, copy, what, reason, words, bytes.fromhex(body.get("notes_adding") or ""), now)
    audit.record(session, now, officer.officer_id, f"copy_{what}", copy.tip_id, _detail(copy.unit_id, what, reason))
    unit = session.get(Unit, copy.unit_id)
    half = bytes.fromhex(body.get("tip_adding") or "")
    _tell(session, vault, copy, officer, record.ToAdd(copy.tip_id, half) if half else None,
          told[what].format(unit=unit.name if unit else ""), notice, now)  # fmt: skip
    referral = record.current_referral(session, copy.tip_id)
    if referral is not None:
        queue_notice(session, referral.unit_id, referral.id, "copy_answered", now)


def heard(
    session: Session, vault: Vault, officer: SignedIn, referral_id: str, copy_id: str, what: str, reason: str, words: str,
    told: Mapping[str, str], notice: str, now: float,
) -> None:  # fmt: skip
    """An officer who holds the tip writes down what a service answered to a letter. Parameters and errors: see `answer`."""
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    copy = session.get(SupportCopy, copy_id)
    if copy is None or copy.recipient is None or copy.tip_id != tip.id:
        raise NotAllowed("copy")
    _settle(session, copy, what, reason, words, bytes.fromhex(notes.adding_half(session, officer, tip.id)), now)
    detail = f"referral={referral.id} {_detail('letter', what, reason)}"
    audit.record(session, now, officer.officer_id, f"copy_{what}", tip.id, detail)
    name = sealing.unseal(opened.key, copy.recipient, f"letter:{copy.id}").decode()
    _tell(session, vault, copy, officer, opened if copy.tell else None, told[what].format(unit=name), notice, now)


def _detail(unit: str, what: str, reason: str) -> str:
    return f"unit={unit}" + (f" reason={reason}" if what == REFUSED else "")


def _settle(
    session: Session, copy: SupportCopy, what: str, reason: str, words: str, notes_half: bytes, now: float
) -> None:
    """Write the answer on the copy's row. notes_half: what adds words for officers, b"" where there is none."""
    if what not in ANSWERS or copy.state not in _FROM[what]:
        raise InvalidInput("act_not_possible")
    if what == REFUSED and reason not in REASONS:
        raise InvalidInput("reason_needed")
    if len(words) > MOST_CHARS:
        raise TooLarge("too_large")
    if (
        words and not notes_half
    ):  # the tip's notes are under a key that nobody here holds: nothing is taken that none would read
        raise InvalidInput("answer_unkept")
    values: dict[str, Any] = {"state": what, "reason": reason if what == REFUSED else ""}
    values |= {"done_at": now} if what == DONE else {"answered_at": now}
    if words and notes_half:
        values["answer"] = sealing.seal_added(notes_half, words, f"answer:{copy.id}")
    moved = update(SupportCopy).where(col(SupportCopy.id) == copy.id, col(SupportCopy.state) == copy.state)
    if changed(session, moved.values(**values).execution_options(synchronize_session=False)) != 1:
        raise Conflict("copy")


def _tell(
    session: Session, vault: Vault, copy: SupportCopy, officer: SignedIn, opened: record.OpenTip | record.ToAdd | None,
    text: str, notice: str, now: float,
) -> None:  # fmt: skip
    """The plain sentence for the reporter, who reads it by their code and is told that there is news if they asked for that."""
    tip = session.execute(select(col(Tip.id)).where(col(Tip.id) == copy.tip_id).with_for_update()).scalar_one_or_none()
    if opened is None or tip is None:
        return
    record.add_entry(session, opened, officer.officer_id, text, now)
    answering.tell_reporter(session, vault, copy.tip_id, notice, now)
