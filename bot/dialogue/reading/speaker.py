"""Who speaks: somebody in danger, or somebody who tells of another. Standard library only, Python 3.10-compatible."""

from __future__ import annotations

import re

from bot.core.text import fold
from bot.dialogue.triage.reading import read

_OF_ANOTHER = frozenset({"emergency_other_person", "missing_person", "ransom_demand", "fake_police_call"})
_OF_ONESELF = frozenset({"emergency_in_danger", "self_harm_distress"})
# Whom people tell of, in the words a phone is typed with.
_ANOTHER = re.compile(
    r"\b(?:no|nha no|tui no|bon no|dua|nhoc|nho|may dua|tui nho|con nho|thang nho|may nho|nguoi ta|ng ta|hang xom|ban (?:em|toi|tui|minh|con|e|cung)"
    r"|bn (?:e|em|t|m)|(?:chi|anh|em|con|chau|me|ba|bo|cha|co|di|cau|chu|vo|chong) (?:gai|trai|ho|ruot|re|dau|cua|toi|tui|em|e|minh|con|chau)"
    r"|con be|thang be|co ay|chi ay|anh ay|ban ay|may (?:em|chau|ban|chi|anh|co|nguoi)|nhan vien|hoc sinh|hoc tro|benh nhan|khach|hai|ba|bon|nam|sau"
    r"|\d+) (?:\w+ ){0,8}?(?:bi|dang|van|chua|khong|ko|hok|k|mat|di|o|keu|khoc|cau|nho|tron|phai)\b"
)
_MYSELF = re.compile(
    r"\b(?:em|e|toi|tui|minh|mik|mk|con|chau|tao|tt|i|me) (?:\w+ ){0,3}?(?:bi|dang bi|dang o|so|khong ra|ko ra|khong ve|ko ve|khong thoat"
    r"|muon ve|muon tron|can cuu|am|m)\b|\b(?:cuu|giup) (?:em|e|toi|tui|minh|con|chau)\b|\b(?:help|save) me\b|\b(?:nhot|giu|danh|bat|ban) (?:em|e|toi"
    r"|tui|minh|con|chau)\b"
)


# Not "toi": without its marks it is "tới" too.
_CRY = re.compile(
    r"\b(?:cuu|giup|help|save) (?:em|e|tui|minh|con|chau|me)\b(?! (?:gai|trai|ay|ho|ban|chi|do|nho|be|xem|coi|tim|hoi|bao|gui|check))"
    r"|\b(?:nhot|giu|danh|bat|trung|xich) (?:em|e|tui|minh|chau)\b(?! (?:gai|trai|ay|ho|ban|chi|do|nho|be))"
)


def tells_of_myself(text: str, *, after_another: bool = False) -> bool:
    """Whether words say plainly that something is done to whoever writes them, and speak of nobody else.

    after_another: somebody else was told of before; then only a cry for oneself counts.
    """
    folded = fold(text)
    if after_another:
        return bool(_CRY.search(folded)) and not read(text).scan.has("KIN")
    return bool(_MYSELF.search(folded)) and not read(text).scan.has("KIN", "OTHER") and not _ANOTHER.search(folded)


def tells_of_another(text: str, intent: str = "") -> bool:
    """Whether a cry is for somebody else, so that whoever writes it has the time to tell everything.

    intent: the kind of emergency that was heard, or "". Unsure counts as oneself: then the interview stays short.
    """
    scan, folded = read(text).scan, fold(text)
    if intent in _OF_ANOTHER:
        return True
    if scan.has("SELF") and (intent in _OF_ONESELF or not scan.has("KIN", "OTHER")) and _MYSELF.search(folded):
        return False
    return scan.has("KIN", "OTHER") or bool(_ANOTHER.search(folded))
