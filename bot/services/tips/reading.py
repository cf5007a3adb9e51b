"""What officers read of a tip they can open: its words and files, what was done with it, how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import Session, col

from bot.core.errors import NotAllowed
from bot.core.referrals.states import FINAL, REOPENABLE, VERIFIABLE, Act, State, allowed
from bot.services import audit
from bot.services.tips import binding, files, record, replies
from bot.services.tips.files import FileRef
from bot.services.tips.referrals import open_tip
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Audit, Officer, Referral, TipFile, TipKey, Unit

_UNLISTED = (binding.LINE_ADDED, "links_looked_for")  # what every view or line brings with it; the log has them
VIEW_SECONDS = 600.0  # a page with its pictures, and loading it anew, is one view


def read(session: Session, officer: SignedIn, referral_id: str, now: float) -> dict[str, Any]:
    """The whole tip for its page; reading is audited, and what the reporter wrote meanwhile counts as seen by the unit."""
    referral, tip, opened = open_tip(session, officer, referral_id)
    unseen = replies.see(session, officer, referral)
    note_once(session, officer, "tip_read", tip.id, f"referral={referral.id}", now)
    return {
        "referral": referral,
        "tip": tip,
        "words": sealing.unseal_json(opened.key, tip.body, f"tip:{tip.id}")["words"],
        "entries": record.entries(session, opened),
        "sound": binding.is_sound(session, tip) and binding.desks_sound(session, tip.id),
        "lines_missing": not binding.complete(session, tip),
        "files": files_of(session, opened),
        "history": history(session, tip.id),
        "acts": allowed(State(referral.state)),
        "unseen": unseen,
        "reopenable": State(referral.state) in REOPENABLE and record.current_referral(session, tip.id) is referral,
        "verifiable": State(referral.state) in VERIFIABLE,
        "responsible": referral.unit_id in officer.unit_keys,
    }


def note_once(session: Session, officer: SignedIn, action: str, subject: str, detail: str, now: float) -> None:
    """One entry a sitting: a page loaded again within VIEW_SECONDS of the entry before is no second look, and a log full of those hides
    the looks that matter."""
    before = select(col(Audit.seq)).where(
        col(Audit.subject) == subject, col(Audit.action) == action, col(Audit.actor) == officer.officer_id,
        col(Audit.detail) == detail, col(Audit.at) > now - VIEW_SECONDS, col(Audit.at) <= now,
    )  # fmt: skip
    if session.execute(before.limit(1)).first() is None:
        audit.record(session, now, officer.officer_id, action, subject, detail)


@dataclass(frozen=True)
class Done:
    """A line of a tip's history. who: an officer's name, 'reporter' or 'system'. detail: codes of what a correction changed."""

    at: float
    action: str
    who: str
    detail: str = ""


def views(found: Sequence[Done]) -> list[Done]:
    """The views among a tip's history, one a visit."""
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
    query = select(Audit).where(col(Audit.subject) == tip_id, col(Audit.action).not_in(_UNLISTED))
    rows = list(session.execute(query.order_by(col(Audit.seq))).scalars())
    people = select(col(Officer.id), col(Officer.name)).where(col(Officer.id).in_({row.actor for row in rows}))
    names = {row.id: row.name for row in session.execute(people)}
    return [
        Done(
            row.at, row.action, names.get(row.actor, "reporter" if row.actor == "reporter" else "system"),
            row.detail if row.action == "reclassified" else "",
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class FromAbove:
    """The last step that another unit's officer took with a referral. act: of Act."""

    act: str
    at: float
    officer: str
    unit: str


_STEPS = [Act.RECEIVE.value, Act.ACCEPT.value, Act.VERIFY.value, Act.REFUSE.value, Act.CLOSE.value, Act.REOPEN.value]


def from_above(session: Session, referral: Referral) -> FromAbove | None:
    """Who of the unit above acted in the place of the unit that has the tip; None where the last step was its own."""
    query = (
        select(col(Audit.action), col(Audit.at), col(Officer.name), col(Officer.unit_id), col(Unit.name))
        .join(Officer, col(Officer.id) == col(Audit.actor))
        .outerjoin(Unit, col(Unit.id) == col(Officer.unit_id))
        .where(
            col(Audit.subject) == referral.tip_id, col(Audit.action).in_(_STEPS),
            or_(col(Audit.detail) == f"referral={referral.id}", col(Audit.detail).startswith(f"referral={referral.id} ")),
        )
    )  # fmt: skip
    row = session.execute(query.order_by(col(Audit.seq).desc()).limit(1)).first()
    return FromAbove(row[0], row[1], row[2], row[4] or "") if row and row[3] != referral.unit_id else None


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
    if action == "file_viewed":
        note_once(session, officer, action, tip.id, f"file={file_id}", now)
    elif action:
        audit.record(session, now, officer.officer_id, action, tip.id, f"file={file_id}")
    return files.open_ref(opened.key, row)
