"""What `lachan check` says of the officers' side: whether a tip has somewhere to go, and who could sign in."""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlmodel import Session, col

from bot.app import Core
from bot.checks.findings import Finding, Mark, bad, good
from bot.services import heartbeat
from bot.services.tips import binding
from bot.services.units import demo, hierarchy, public_keys
from bot.services.units.register import staffed
from bot.storage.tables import Unit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def desks(core: Core) -> list[Finding]:
    """Units, accounts, the console's address, and the jobs process."""
    with core.db.reading() as session:
        return [
            _tips(core, session),
            _keys(session),
            _bound(session),
            *_accounts(core, session),
            _address(core),
            *_jobs(core, session),
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
        f"{len(found.tips)} tin bị đổi loại, nơi, mức khẩn hoặc dấu trẻ em, {len(found.dialogues)} phần trao đổi bị đổi người viết,"
        f" giờ hoặc thứ tự ({which}): có người sửa cơ sở dữ liệu; xem docs/runbook.md, mục Tin bị sửa ngoài hệ thống",
    )


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
