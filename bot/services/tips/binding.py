"""What is kept in clear about a tip is bound by the server's marks: whoever can only write to the database is seen.

Three things carry a mark (bot.storage.marks). A referral: whose tip, on which desk and why. A tip: its category, place, urgency,
the mark of a child and its channel. A line of the dialogue: its author, time and sealed words, and the mark of the line before it,
so that none can be taken out, repeated or moved; the tip keeps the mark of the last one and how many there are. The marks that
hold are in the audit log as well, so that an older row together with its older mark shows to `lachan audit verify`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from bot.services import audit
from bot.services.minutes import minute
from bot.services.units import hierarchy
from bot.services.units.notices import once, queue_once
from bot.storage import marks
from bot.storage.tables import Audit, Notice, Referral, Tip, TipEntry

# Entries of the audit log that say by `mark=` which mark a tip or its dialogue has from then on.
TIP_ACTS = ("tip_created", "reclassified", "urgency_raised", "child_marked", "tip_marked")
LINE_ADDED = "line_added"
_MARK = re.compile(r"\bmark=([0-9a-f]{16})\b")


def fingerprint(mark: bytes | None) -> str:
    """What names a mark in the audit log: 16 hex digits."""
    return hashlib.sha256(mark or b"").hexdigest()[:16]


def facts(tip: Tip) -> bytes:
    """Of a tip what its mark is made over."""
    said = (
        tip.category,
        tip.commune_code,
        tip.province_code,
        tip.urgency,
        str(int(tip.child)),
        tip.channel,
        tip.language,
    )
    return "\0".join((*said, f"{tip.created_at:.0f}")).encode()


def is_sound(session: Session, tip: Tip) -> bool:
    """Whether the server itself wrote what is kept in clear about a tip."""
    return marks.is_good(session, "tip", tip.id, facts(tip), tip.mark)


def desk(referral: Referral) -> bytes:
    """Of a referral what its mark is made over: whose desk a tip is on, by which way it came there and why."""
    return "\0".join((referral.tip_id, referral.unit_id, referral.route_reason, referral.previous_id)).encode()


def bind_desk(session: Session, referral: Referral) -> None:
    """Mark a referral when it is made; nothing of it changes after."""
    referral.mark = marks.mark(session, "desk", referral.id, desk(referral))


def _desks(session: Session, tip_id: str) -> list[Referral]:
    return list(
        session.execute(select(Referral).where(col(Referral.tip_id) == tip_id).order_by(col(Referral.id))).scalars()
    )


def desks_sound(session: Session, tip_id: str) -> bool:
    """Whether the server itself wrote on which desks a tip is and was."""
    return all(marks.is_good(session, "desk", row.id, desk(row), row.mark) for row in _desks(session, tip_id))


def bind(session: Session, tip: Tip) -> str:
    """Mark a tip as it is now. Returns what the caller's entry of the audit log, one of TIP_ACTS, has to end with."""
    if tip.lines_mark is None and tip.mark is None:  # a new one, of which nothing was said
        tip.lines_mark = marks.mark(session, "lines", tip.id, _head(0, None))
    tip.mark = marks.mark(session, "tip", tip.id, facts(tip))
    return f" mark={fingerprint(tip.mark)}"


def _line(before: bytes | None, author: str, at: float, body: bytes) -> bytes:
    said = f"{(before or b'').hex()}\0{author}\0{at:.0f}\0{hashlib.sha256(body).hexdigest()}"
    return said.encode()


def _head(count: int, last: bytes | None) -> bytes:
    return f"{count}\0{(last or b'').hex()}".encode()


def add_line(session: Session, line: TipEntry) -> None:
    """Put a line at the end of its tip's dialogue. The tip's row is locked by that: lines of one tip come one after the other."""
    tip = session.execute(
        select(Tip).where(col(Tip.id) == line.tip_id).with_for_update().execution_options(populate_existing=False)
    ).scalar_one_or_none()
    if tip is None:  # it is being erased; the line goes with it
        session.add(line)
        return
    lines = _lines(session, tip.id)
    holds = holds_together(session, tip, lines)
    last = lines[-1].mark if lines else None
    line.mark = marks.mark(session, "line", tip.id, _line(last, line.author, line.created_at, line.body))
    session.add(line)
    # A dialogue that was tampered with is not made good by the next line.
    if holds:
        tip.lines_mark = marks.mark(session, "lines", tip.id, _head(len(lines) + 1, line.mark))
        _note_lines(session, tip, len(lines) + 1, line.created_at)
    session.flush()


def _lines(session: Session, tip_id: str) -> list[TipEntry]:
    return list(
        session.execute(select(TipEntry).where(col(TipEntry.tip_id) == tip_id).order_by(col(TipEntry.id))).scalars()
    )


def holds_together(session: Session, tip: Tip, lines: Sequence[TipEntry]) -> bool:
    """Whether a dialogue has as many lines as it should and ends with the right one."""
    last = lines[-1].mark if lines else None
    return marks.is_good(session, "lines", tip.id, _head(len(lines), last), tip.lines_mark)


def complete(session: Session, tip: Tip) -> bool:
    """Whether no line is missing at the end of a tip's dialogue, and none stands there that the server did not put there."""
    return holds_together(session, tip, _lines(session, tip.id))


@dataclass(frozen=True)
class Checked:
    """Of the dialogue of a tip: for each line whether author, time, words and place are those the server wrote; and whether lines
    are missing at the end."""

    lines: tuple[bool, ...]
    complete: bool

    @property
    def ok(self) -> bool:
        return self.complete and all(self.lines)


def check(session: Session, tip_id: str, lines: Sequence[TipEntry]) -> Checked:
    """Read the marks of a dialogue, oldest line first."""
    tip, good, before = session.get(Tip, tip_id), [], None
    for line in lines:
        good.append(
            marks.is_good(session, "line", tip_id, _line(before, line.author, line.created_at, line.body), line.mark)
        )
        before = line.mark
    return Checked(tuple(good), tip is None or holds_together(session, tip, lines))


@dataclass(frozen=True)
class Doubtful:
    """Ids of tips of which what is in clear was changed, and of tips whose dialogue was."""

    tips: tuple[str, ...]
    dialogues: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.tips or self.dialogues)


def doubtful(session: Session, *, against_log: bool = True) -> Doubtful:
    """Walk all tips. against_log: compare with the audit log too, which shows an older row with its older mark."""
    tips, dialogues = [], []
    known = _noted(session, TIP_ACTS) if against_log else {}
    spoken = _noted(session, (LINE_ADDED,)) if against_log else {}
    for tip in session.execute(select(Tip).order_by(col(Tip.id))).scalars().all():
        if (
            not is_sound(session, tip)
            or not desks_sound(session, tip.id)
            or known.get(tip.id, fingerprint(tip.mark)) != fingerprint(tip.mark)
        ):
            tips.append(tip.id)
        end = fingerprint(tip.lines_mark)
        if not check(session, tip.id, _lines(session, tip.id)).ok or spoken.get(tip.id, end) != end:
            dialogues.append(tip.id)
    return Doubtful(tuple(tips), tuple(dialogues))


def mark_all(session: Session, now: float) -> int:
    """Mark every tip and line anew as it is: after the server's own key was lost or changed. For the command line only.

    What was changed before cannot be told from what was not any more. Returns how many tips.
    """
    tips = session.execute(select(Tip).order_by(col(Tip.id))).scalars().all()
    for tip in tips:
        audit.record(session, now, "system", "tip_marked", tip.id, bind(session, tip).strip())
        for referral in _desks(session, tip.id):
            bind_desk(session, referral)
        before, lines = None, _lines(session, tip.id)
        for line in lines:
            said = _line(before, line.author, line.created_at, line.body)
            before = line.mark = marks.mark(session, "line", tip.id, said)
        tip.lines_mark = marks.mark(session, "lines", tip.id, _head(len(lines), before))
        _note_lines(session, tip, len(lines), now)
    return len(tips)


def _note_lines(session: Session, tip: Tip, count: int, now: float) -> None:
    audit.record(
        session, minute(now), "system", LINE_ADDED, tip.id, f"lines={count} mark={fingerprint(tip.lines_mark)}"
    )


def watch(session: Session, now: float) -> int:
    """Tell the units of open tips that were changed behind the product's back, once for each tip and change. Returns how many."""
    found = 0
    for tip in session.execute(select(Tip).where(col(Tip.erase_at) == 0.0)).scalars().all():
        lines = _lines(session, tip.id)
        on_place = desks_sound(session, tip.id)
        if is_sound(session, tip) and on_place and check(session, tip.id, lines).ok:
            continue
        found += 1
        on_desk = select(Referral).where(col(Referral.tip_id) == tip.id).order_by(col(Referral.created_at).desc())
        referral = session.execute(on_desk.limit(1)).scalar()
        if referral is None:
            continue
        state = hashlib.sha256(
            b"".join(
                [
                    facts(tip),
                    *map(desk, _desks(session, tip.id)),
                    *(_line(None, row.author, row.created_at, row.body) for row in lines),
                ]
            )
        )
        # Where the desk itself is in doubt, the central one is told as well.
        told = {referral.unit_id} if on_place else {referral.unit_id, hierarchy.central_desk(session)}
        keys = {unit_id: once("changed", tip.id, state.hexdigest(), unit_id) for unit_id in sorted(told - {""})}
        fresh = {unit_id: key for unit_id, key in keys.items() if session.get(Notice, key) is None}
        for unit_id, key in fresh.items():
            queue_once(session, key, unit_id, referral.id, "changed", now)
        if fresh:
            audit.record(session, now, "system", "tip_doubtful", tip.id)
    return found


def _noted(session: Session, actions: Sequence[str]) -> dict[str, str]:
    """By tip, the mark that the newest entry names."""
    query = select(col(Audit.subject), col(Audit.detail)).where(col(Audit.action).in_(actions)).order_by(col(Audit.seq))
    return {tip_id: match[1] for tip_id, detail in session.execute(query) if (match := _MARK.search(detail))}
