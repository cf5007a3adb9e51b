"""Erasing a tip: its words, dialogue, keys, files and referrals go; one count and the audit log's codes stay."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import delete, select
from sqlmodel import Session

from bot.services import audit, heartbeat
from bot.services.reports import statistics
from bot.services.tips import files, record
from bot.services.units.notices import once, queue_once
from bot.storage.database import Database
from bot.storage.tables import (
    ContactOpening,
    Correction,
    Notice,
    NoticeDelivery,
    Raised,
    Referral,
    SupportCopy,
    Tip,
    TipEntry,
    TipFile,
    TipKey,
    TipNotice,
)
from bot.storage.vault import Vault
from bot.storage.wipe import TIP_TABLES, wipe

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
    gone = delete(Tip).where(Tip.id == tip_id)
    if why == RETENTION:
        gone = gone.where(Tip.erase_at > 0, Tip.erase_at <= now, Tip.erase_warned)
    referral = record.current_referral(session, tip_id)
    if session.execute(gone.execution_options(synchronize_session=False)).rowcount != 1:
        return None  # kept longer meanwhile, or erased by another process
    session.expunge(tip)
    statistics.count(session, tip, referral)
    blobs = list(session.execute(select(TipFile.id).where(TipFile.tip_id == tip_id)).scalars())
    _erase_rows(session, tip_id)
    audit.record(session, now, actor, "tip_erased", tip_id, f"why={why}")
    heartbeat.beat(session, ERASED, now)
    if why == REQUEST and referral is not None:
        queue_once(session, once("erased", referral.id), referral.unit_id, referral.id, "erased", now)
    return blobs


def _erase_rows(session: Session, tip_id: str) -> None:
    referrals = select(Referral.id).where(Referral.tip_id == tip_id)
    notices = select(Notice.id).where(Notice.referral_id.in_(referrals))
    for what in (
        delete(NoticeDelivery).where(NoticeDelivery.notice_id.in_(notices)),
        delete(Notice).where(Notice.referral_id.in_(referrals)),
        delete(Raised).where(Raised.referral_id.in_(referrals)),
        delete(Referral).where(Referral.tip_id == tip_id),
        delete(TipKey).where(TipKey.tip_id == tip_id),
        delete(TipEntry).where(TipEntry.tip_id == tip_id),
        delete(TipFile).where(TipFile.tip_id == tip_id),
        delete(TipNotice).where(TipNotice.tip_id == tip_id),
        delete(SupportCopy).where(SupportCopy.tip_id == tip_id),
        delete(ContactOpening).where(ContactOpening.tip_id == tip_id),
        delete(Correction).where(Correction.tip_id == tip_id),
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
