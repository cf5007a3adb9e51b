"""What `lachan check` says of the officers' side: whether a tip has somewhere to go, and who could sign in."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import Session, col

from bot.app import Core
from bot.checks.findings import Finding, Mark, bad, good
from bot.core.clocks import DAY
from bot.services import audit, audit_heads, heartbeat
from bot.services.keeping import backups
from bot.services.messaging import turned
from bot.services.tips import binding, notes
from bot.services.units import demo, hierarchy, posts, public_keys
from bot.services.units.register import staffed
from bot.storage.tables import Unit

TURNED_SHOWN = 30 * DAY
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def desks(core: Core) -> list[Finding]:
    """Units, accounts, the console's address, and the jobs process."""
    with core.db.reading() as session:
        return [
            _tips(core, session),
            _keys(session),
            _bound(session),
            _notes(session),
            _posts(session),
            _messages(core, session),
            *_accounts(core, session),
            _address(core),
            *_jobs(core, session),
            _heads(core, session),
            _backup(core, session),
        ]


def _tips(core: Core, session: Session) -> Finding:
    name = "Nơi nhận tin"
    number = len(session.execute(select(col(Unit.id)).where(staffed())).all())
    if hierarchy.central_desk(session):
        return good(name, f"{number} đơn vị có cán bộ mở được tin, có bàn trực trung tâm")
    words = "chưa có cán bộ nào của bàn trực trung tâm: tin chưa rõ nơi xảy ra không có nơi đến; chạy `lachan officers invite`"
    return Finding(Mark.WARN if core.settings.demo else Mark.BAD, name, words)


def _keys(session: Session) -> Finding:
    name = "Khóa đơn vị"
    units = [unit.id for unit in public_keys.doubtful(session)]
    logins = [officer.login for officer in public_keys.doubtful_officers(session)]
    if not units and not logins:
        return good(name, "khớp với nhật ký và dấu của máy chủ")
    whose = ", ".join([*units[:5], *logins[:5]])
    return bad(
        name,
        f"khóa của {len(units)} đơn vị, {len(logins)} cán bộ không khớp ({whose}): có người sửa cơ sở dữ liệu, hoặc máy chủ đang"
        " dùng bộ khóa khác; xem docs/runbook.md, mục Khóa đơn vị không khớp",
    )


def _bound(session: Session) -> Finding:
    name, found = "Tin và trao đổi", binding.doubtful(session)
    if not found:
        return good(name, "khớp với nhật ký và dấu của máy chủ")
    which = ", ".join([*found.tips[:5], *found.dialogues[:5]])
    return bad(
        name,
        f"{len(found.tips)} tin bị đổi loại, nơi, mức khẩn, dấu trẻ em hoặc đơn vị giữ, {len(found.dialogues)} phần trao đổi bị đổi người viết,"
        f" giờ hoặc thứ tự ({which}): có người sửa cơ sở dữ liệu; xem docs/runbook.md, mục Tin bị sửa ngoài hệ thống",
    )


def _notes(session: Session) -> Finding:
    name, found = "Ghi chú của cán bộ", notes.doubtful(session)
    if not found:
        return good(name, "khớp với nhật ký và dấu của máy chủ")
    return bad(
        name,
        f"ghi chú của {len(found)} tin bị sửa hoặc bị xóa ngoài hệ thống ({', '.join(found[:5])}): có người sửa cơ sở dữ liệu; xem"
        " docs/runbook.md, mục Tin bị sửa ngoài hệ thống",
    )


def _posts(session: Session) -> Finding:
    name, found = "Danh mục đơn vị và tài khoản", posts.doubtful(session)
    if not found:
        return good(name, "khớp với nhật ký và dấu của máy chủ")
    which = ", ".join([*found.units[:5], *found.accounts[:5]]) or "có dòng bị thêm, bớt hoặc trả lại bản cũ"
    return bad(
        name,
        f"{len(found.units)} đơn vị, {len(found.accounts)} tài khoản bị sửa ngoài hệ thống ({which}): chúng không nhận tin và không đăng"
        " nhập được; xem docs/runbook.md, mục Đơn vị hoặc tài khoản bị sửa ngoài hệ thống",
    )


def _messages(core: Core, session: Session) -> Finding:
    name, number = "Tin nhắn trong hàng đợi", turned.lately(session, core.now() - TURNED_SHOWN)
    if not number:
        return good(name, "không có tin nào bị chuyển sang người khác trong 30 ngày")
    words = (
        f"{number} tin nhắn hoặc câu trả lời bị chuyển sang người khác trong 30 ngày, đã bỏ mà không cho ai xem: có người sửa"
        " cơ sở dữ liệu; xem docs/runbook.md, mục Tin bị sửa ngoài hệ thống"
    )
    return bad(name, words)


def _heads(core: Core, session: Session) -> Finding:
    """Whether the end of the audit chain is kept elsewhere, and the log still has every end that was."""
    name, path = "Mã cuối nhật ký", core.settings.audit_head_file
    by_mail = bool(core.settings.audit_head_mail and core.settings.mail.host)
    if core.settings.audit_head_mail and not by_mail:
        return bad(name, "LACHAN_AUDIT_HEAD_MAIL cần LACHAN_MAIL_HOST mới gửi được")
    if path is None:
        if by_mail:
            return good(name, "gửi thư mỗi ngày")
        words = "chưa cất ở nơi khác (LACHAN_AUDIT_HEAD_FILE hoặc LACHAN_AUDIT_HEAD_MAIL): nhật ký bị viết lại cả chuỗi sẽ không ai biết"
        return Finding(Mark.WARN, name, words)
    try:
        kept = audit_heads.kept(path)
    except audit_heads.HeadsError:
        return bad(
            name, "không đọc được tệp LACHAN_AUDIT_HEAD_FILE, hoặc có dòng bị hỏng; so với thư hay bản chép khác"
        )
    if audit.contradicted(session, kept):
        return bad(
            name,
            "KHÔNG khớp với mã đã cất: nhật ký đã bị viết lại hoặc cắt bớt; `lachan audit head --verify` nêu mục nào",
        )
    if not os.access(path if path.exists() else path.parent, os.W_OK):
        return bad(name, "không ghi thêm được vào tệp LACHAN_AUDIT_HEAD_FILE; xem quyền và ổ đĩa")
    if not kept:
        return Finding(
            Mark.WARN, name, "tệp LACHAN_AUDIT_HEAD_FILE chưa có mã nào; việc chạy nền ghi vào phút 17 mỗi giờ"
        )
    return good(name, f"khớp {len(kept)} mã đã cất ở nơi khác")


def _backup(core: Core, session: Session) -> Finding:
    name, last = "Sao lưu", heartbeat.last(session, backups.DUTY)
    if not core.settings.backup_key:
        return Finding(
            Mark.WARN, name, "chưa có LACHAN_BACKUP_KEY: không có bản sao lưu nào; xem docs/runbook.md, mục Backups"
        )
    days = (core.now() - last) / 86_400
    if not last or days > 2:
        said = "chưa làm lần nào" if not last else f"lần cuối đã {days:.0f} ngày trước"
        return Finding(Mark.WARN, name, f"{said}; chạy `lachan backup run` mỗi đêm")
    return good(name, f"lần cuối cách đây {max(0.0, days) * 24:.0f} giờ")


def _accounts(core: Core, session: Session) -> list[Finding]:
    number = demo.demo_accounts(session)
    if number and not core.settings.demo:
        return [bad("Tài khoản", f"còn {number} tài khoản trình diễn; ngừng chúng ở trang Tài khoản")]
    return []


def _address(core: Core) -> Finding:
    address = urlsplit(core.settings.console_url)
    if address.scheme == "https" or address.hostname in LOOPBACK:
        return good("Trang cán bộ", "địa chỉ dùng được")
    return bad("Trang cán bộ", "LACHAN_CONSOLE_URL phải là https://, nếu không mật khẩu đi qua mạng không được che")


def _jobs(core: Core, session: Session) -> list[Finding]:
    late = heartbeat.late(session, core.now())
    if not late:
        return [good("Việc chạy nền", "đang chạy")]
    if len(late) == len(heartbeat.LATE):
        return [
            Finding(Mark.WARN, "Việc chạy nền", "chưa chạy; cần `lachan serve jobs` để đếm thời hạn và gửi lời báo")
        ]
    return [Finding(Mark.WARN, "Việc chạy nền", f"đang trễ: {', '.join(late)}")]
