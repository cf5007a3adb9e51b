"""The duty of keeping the end of the audit chain elsewhere: a line in a file each hour, a mail each day."""

from __future__ import annotations

import asyncio
import logging

from bot.app import Core
from bot.core.errors import SendError
from bot.jobs.mail import Mail
from bot.services import audit, audit_heads, heartbeat

log = logging.getLogger(__name__)
MAIL_EVERY = 24 * 3600.0 - 600.0  # seconds; a little less than a day, so that it does not wander around the clock
_CLAIM = "audit_mail"

SUBJECT = "Lá Chắn: mã cuối của nhật ký"
TEXT = """{line}

Dòng trên là mã cuối của nhật ký ở máy chủ lúc gửi thư. Xin giữ lại thư này, đừng xóa.
Khi cần đối chiếu, lưu thư thành tệp rồi chạy trên máy chủ: lachan audit head --verify TỆP
Nếu nhật ký từng bị viết lại, lệnh sẽ báo không khớp. Dòng này không nói về ai hay việc gì.
"""


def run(core: Core) -> None:
    """Write and send what is due. Raises what went wrong last, after everything was tried."""
    trouble: Exception | None = None
    with core.db.reading() as session:
        head = audit.head(session)
    for way in (_file, _mail):
        try:
            way(core, head)
        except (audit_heads.HeadsError, SendError) as error:
            log.error("audit_head_not_kept", extra={"code": way.__name__.strip("_"), "error": _kind(error)})
            trouble = error
    if trouble is not None:
        raise trouble


def _file(core: Core, head: audit.Head) -> None:
    if core.settings.audit_head_file is not None:
        audit_heads.append(core.settings.audit_head_file, head, core.now())


def _mail(core: Core, head: audit.Head) -> None:
    settings = core.settings
    if not settings.audit_head_mail or not settings.mail.host:
        return
    now = core.now()
    with core.db.transaction() as session:
        before = heartbeat.last(session, _CLAIM)
        due = heartbeat.claim(session, _CLAIM, now, MAIL_EVERY)
    if not due:
        return
    text = TEXT.format(line=audit_heads.line(head, now))
    try:
        asyncio.run(Mail(settings.mail, core.now).post(settings.audit_head_mail, SUBJECT, text))
    except SendError:
        with core.db.transaction() as session:  # the next hour tries again
            heartbeat.give_back(session, _CLAIM, now, before)
        raise


def _kind(error: Exception) -> str:
    return error.code if isinstance(error, SendError) else str(error)
