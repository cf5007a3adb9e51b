"""The audit log: every read and act, each entry chained to the one before by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, select, update
from sqlmodel import Session, col

from bot.storage.database import insert_ignore
from bot.storage.tables import Audit, AuditHead

GENESIS = "0" * 64


def entry_hash(seq: int, at: float, actor: str, action: str, subject: str, detail: str, previous: str) -> str:
    """SHA-256 over the canonical JSON of an entry and the hash before it."""
    body = json.dumps(
        [seq, round(at, 3), actor, action, subject, detail, previous], ensure_ascii=True, separators=(",", ":")
    )
    return hashlib.sha256(body.encode()).hexdigest()


def record(session: Session, at: float, actor: str, action: str, subject: str = "", detail: str = "") -> str:
    """Append an entry in the caller's transaction; returns its hash. `detail` holds codes and numbers only."""
    insert_ignore(session, AuditHead, [{"id": 1, "seq": 0, "hash": GENESIS}])
    # Updating the one head row first makes writers queue for it, so that the chain never forks.
    session.execute(update(AuditHead).where(col(AuditHead.id) == 1).values(seq=col(AuditHead.seq) + 1))
    head = session.execute(select(col(AuditHead.seq), col(AuditHead.hash)).where(col(AuditHead.id) == 1)).one()
    at = round(at, 3)
    digest = entry_hash(head.seq, at, actor, action, subject, detail, head.hash)
    session.add(
        Audit(
            seq=head.seq,
            at=at,
            actor=actor,
            action=action,
            subject=subject,
            detail=detail,
            previous=head.hash,
            hash=digest,
        )
    )
    session.execute(update(AuditHead).where(col(AuditHead.id) == 1).values(hash=digest))
    session.flush()
    return digest


@dataclass(frozen=True)
class Verdict:
    """entries: how many were read. broken_at: sequence number of the first that does not fit, or None."""

    entries: int
    broken_at: int | None
    head: str

    @property
    def ok(self) -> bool:
        return self.broken_at is None


def verify(session: Session) -> Verdict:
    """Walk the whole chain. Finds changed, missing, added and reordered entries, and a cut tail."""
    previous, expected = GENESIS, 1
    for row in session.execute(select(Audit).order_by(col(Audit.seq)).execution_options(yield_per=1000)).scalars():
        digest = entry_hash(row.seq, row.at, row.actor, row.action, row.subject, row.detail, row.previous)
        if row.seq != expected or row.previous != previous or row.hash != digest:
            return Verdict(expected - 1, expected, previous)
        previous, expected = row.hash, expected + 1
    head = session.get(AuditHead, 1)
    if head is not None and (head.hash != previous or head.seq != expected - 1):
        return Verdict(expected - 1, expected, previous)
    return Verdict(expected - 1, None, previous)


@dataclass(frozen=True)
class Head:
    """The chain's end at one moment: all that has to be kept elsewhere to notice a rewritten log. It names nobody."""

    seq: int
    hash: str


def head(session: Session) -> Head:
    """The end of the chain now."""
    row = session.get(AuditHead, 1)
    return Head(row.seq, row.hash) if row is not None else Head(0, GENESIS)


def end_of(connection: Connection) -> tuple[int, str]:
    """`head` of a database that may still be of an older revision."""
    row = connection.execute(select(col(AuditHead.seq), col(AuditHead.hash)).where(col(AuditHead.id) == 1)).first()
    return (row.seq, row.hash) if row is not None else (0, GENESIS)


def contradicted(session: Session, kept: Iterable[Head]) -> list[Head]:
    """Those of the kept ends that the log does not have any more: an entry up to there was rewritten or removed."""
    known = {0: GENESIS}
    wanted = list(kept)
    numbers = sorted({head.seq for head in wanted})
    for at in range(0, len(numbers), 500):
        page = numbers[at : at + 500]
        rows = session.execute(select(col(Audit.seq), col(Audit.hash)).where(col(Audit.seq).in_(page)))
        known.update({row.seq: row.hash for row in rows})
    return [head for head in wanted if known.get(head.seq) != head.hash]
