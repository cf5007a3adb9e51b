"""Originals of what a reporter sent: opened by an act of their own, with a reason that the unit above can read.

A picture as the phone made it can name the reporter's home and phone, so officers look at the clean copy. Recordings, films and
documents have none; they are opened as they are, and every opening is in the audit log.
"""

from __future__ import annotations

from sqlmodel import Session

from bot.core.errors import InvalidInput
from bot.services import audit
from bot.services.tips import reading, referrals
from bot.services.tips.files import FileRef
from bot.services.tips.reporter_contact import told_above, written_reason
from bot.services.units.notices import queue_notice
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import ContactOpening, TipFile


def guarded(row: TipFile, ref: FileRef) -> bool:
    """Whether the bytes as they were sent are opened with a written reason only: pictures of the reporter."""
    return row.author == "reporter" and ref.kind == "image" and ref.original


def take(session: Session, officer: SignedIn, referral_id: str, file_id: str, now: float) -> tuple[FileRef, bool]:
    """A file for download without a reason, and whether its clean copy is what may be had. Audited.

    Raises NotAllowed, InvalidInput('reason_needed') for a picture that has no clean copy.
    """
    ref = reading.file_of(session, officer, referral_id, file_id, now, "file_downloaded")
    row = session.get(TipFile, file_id)
    if row is not None and guarded(row, ref) and not ref.view:
        raise InvalidInput("reason_needed")
    return ref, ref.view and row is not None and row.author == "reporter"


def reveal(session: Session, officer: SignedIn, referral_id: str, file_id: str, reason: str, now: float) -> FileRef:
    """Open an original; the unit above is told that it happened and reads the reason on the tip's page.

    The audit entry says that and when, the reason's words are kept under the tip's own key. Raises NotAllowed,
    InvalidInput('reason_needed' | 'file_gone'), TooLarge.
    """
    referral, tip, opened = referrals.open_tip(session, officer, referral_id)
    reason = written_reason(reason)
    ref = reading.file_of(session, officer, referral_id, file_id, now)
    if not ref.original:
        raise InvalidInput("file_gone")  # it was never kept
    sealed = sealing.seal(opened.key, reason.encode(), f"opening:{tip.id}")
    session.add(
        ContactOpening(tip_id=tip.id, officer_id=officer.officer_id, reason=sealed, created_at=now, file_id=file_id)
    )
    audit.record(session, now, officer.officer_id, "original_opened", tip.id, f"referral={referral.id} file={file_id}")
    above = told_above(session, referral.unit_id, officer.unit_id)
    if above:
        queue_notice(session, above, referral.id, "original", now)
    return ref
