"""Whether a person answers for what this installation shows people."""

from __future__ import annotations

from bot.app import Core
from bot.checks.findings import Finding, Mark, bad, good
from bot.content.kits import read_kits
from bot.content.signatures import read_signatures, unsigned
from bot.core.content.model import Status
from bot.core.errors import ConfigError

_NAME = "Người duyệt nội dung"


def reviewers(core: Core) -> list[Finding]:
    """Not ready while a shown text has only a role behind it; a demonstration is told so and goes on."""
    items = [
        item for language in core.content.library.languages() for item in core.content.library.in_language(language)
    ]
    shown = [(item.reviewer, item.reviewed) for item in items if item.status is Status.REVIEWED]
    shown += [
        (kit.reviewer, kit.reviewed) for kit in read_kits(core.settings.content_dir).values() if kit.reviewed_status
    ]
    try:
        open_ = unsigned(shown, read_signatures(core.settings.reviewers_file))
        words = (
            f"{open_} bài chưa có người có tên ký duyệt: mới có vai trò, chưa có ai chịu trách nhiệm. Đọc, rồi ghi tên, đơn vị, ngày vào "
            "tệp LACHAN_REVIEWERS_FILE (docs/runbook.md)"
        )
    except ConfigError:
        open_, words = 1, "tệp LACHAN_REVIEWERS_FILE không đọc được, hoặc thiếu tên người, đơn vị, ngày"
    found = [good(_NAME, "mọi bài đã có người ký duyệt")]
    if open_:
        found = [Finding(Mark.WARN, _NAME, words) if core.settings.demo else bad(_NAME, words)]
    drafts = sorted({item.language for item in items if item.status is Status.DRAFT_EMERGENCY})
    if drafts:
        said = f"thẻ khẩn cấp do máy soạn, chờ người bản ngữ đọc, và nói rõ điều đó với người xem: {', '.join(drafts)}"
        found.append(Finding(Mark.WARN, "Thẻ tiếng nước ngoài", said))
    return found
