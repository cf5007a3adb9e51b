"""Erasing a tip: its words, dialogue, keys, files and referrals go; one count and the audit log's codes stay."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, select
from sqlmodel import Session, col

from bot.services import audit, heartbeat
from bot.services.reports import statistics
from bot.services.tips import files, record
from bot.services.units.notices import once, queue_once
from bot.storage.database import Database, changed
from bot.storage.tables import (
    AnswerDraft,
    Assignment,
    ContactOpening,
    Correction,
    DecisionMade,
    Notice,
    NoticeDelivery,
    PressedAct,
    Raised,
    Referral,
    SupportCopy,
    Tip,
    TipEntry,
    TipFile,
    TipKey,
    TipNote,
    TipNotice,
)
from bot.storage.vault import Vault
from bot.storage.wipe import TIP_TABLES, wipe
from bot.storage.write_ahead import leave_no_trace

RETENTION, REQUEST = "retention", "request"
ERASED, WIPED = "erased", "wiped"  # marks among the heartbeats: is there something to wipe?


def erase_tip(session: Session, tip_id: str, why: str, now: float, *, actor: str = "system") -> list[str] | None:
    """Erase one tip in the caller's transaction.

    why: RETENTION erases only what is due and was warned of; REQUEST erases in any case and tells the unit.
    Returns the ids of files to remove after the commit (`remove_files`), or None when there was nothing to erase.
    """
    tip = session.get(Tip, tip_id)
    if tip is None:
        return None
    gone = delete(Tip).where(col(Tip.id) == tip_id)
    if why == RETENTION:
        gone = gone.where(col(Tip.erase_at) > 0, col(Tip.erase_at) <= now, col(Tip.erase_warned))
    referral = record.current_referral(session, tip_id)
    if changed(session, gone.execution_options(synchronize_session=False)) != 1:
        return None  # kept longer meanwhile, or erased by another process
    session.expunge(tip)
    leave_no_trace(session)
    statistics.count(session, tip, referral)
    blobs = list(session.execute(select(col(TipFile.id)).where(col(TipFile.tip_id) == tip_id)).scalars())
    _erase_rows(session, tip_id)
    audit.record(session, now, actor, "tip_erased", tip_id, f"why={why}")
    heartbeat.beat(session, ERASED, now)
    if why == REQUEST and referral is not None:
        queue_once(session, once("erased", referral.id), referral.unit_id, referral.id, "erased", now)
    return blobs


def _erase_rows(session: Session, tip_id: str) -> None:
    referrals = select(col(Referral.id)).where(col(Referral.tip_id) == tip_id)
    notices = select(col(Notice.id)).where(col(Notice.referral_id).in_(referrals))
    for what in (
        delete(NoticeDelivery).where(col(NoticeDelivery.notice_id).in_(notices)),
        delete(Notice).where(col(Notice.referral_id).in_(referrals)),
        delete(Raised).where(col(Raised.referral_id).in_(referrals)),
        delete(Assignment).where(col(Assignment.referral_id).in_(referrals)),
        delete(AnswerDraft).where(col(AnswerDraft.referral_id).in_(referrals)),
        delete(PressedAct).where(col(PressedAct.referral_id).in_(referrals)),
        delete(Referral).where(col(Referral.tip_id) == tip_id),
        delete(TipKey).where(col(TipKey.tip_id) == tip_id),
        delete(TipEntry).where(col(TipEntry.tip_id) == tip_id),
        delete(TipNote).where(col(TipNote.tip_id) == tip_id),
        delete(TipFile).where(col(TipFile.tip_id) == tip_id),
        delete(TipNotice).where(col(TipNotice.tip_id) == tip_id),
        delete(SupportCopy).where(col(SupportCopy.tip_id) == tip_id),
        delete(ContactOpening).where(col(ContactOpening.tip_id) == tip_id),
        delete(Correction).where(col(Correction.tip_id) == tip_id),
        delete(DecisionMade).where(col(DecisionMade.tip_id) == tip_id),
    ):
        session.execute(what.execution_options(synchronize_session=False))


def remove_files(blobs: Path, ids: Iterable[str]) -> None:
    """Remove blobs of erased tips. What a crash leaves behind is removed by the sweep of orphans."""
    for file_id in ids:
        files.erase(blobs, file_id)


def wipe_erased(db: Database) -> bool:
    """Make erased tips unreadable in the database's files. Returns False when that has to be tried again later."""
    with db.reading() as session:
        erased, wiped = heartbeat.last(session, ERASED), heartbeat.last(session, WIPED)
    done = wipe(db, tables=TIP_TABLES if erased != wiped else ())
    if done and erased != wiped:
        with db.transaction() as session:
            heartbeat.beat(session, WIPED, erased)
    return done


def erase_by_code(session: Session, vault: Vault, code: str, now: float) -> list[str] | None:
    """Erase the tip whose receipt code this is, at the wish of whoever holds it. Slow (Argon2id).

    Returns the ids of its files, or None: a wrong code and an erased tip look the same.
    """
    keys = vault.receipt_keys(code)
    opened = record.open_with_receipt(session, vault, keys.lookup, keys.pair)
    return erase_tip(session, opened.tip_id, REQUEST, now, actor="reporter") if opened else None
