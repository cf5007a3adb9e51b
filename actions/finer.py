"""Which of several items a meaning is answered with.

The classifier knows 46 meanings, the library has more items: "dấu hiệu" for a teacher is another page than for the owner
of a guest house. Plain words decide between the pages of one meaning; where the classifier was not sure at all, words that
leave no doubt find the page too. Patterns read folded text with abbreviations written out (`normalise`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.text import excerpt, normalise

UNSURE = "nlu_fallback"
_DOUBT = frozenset({UNSURE, "out_of_scope"})
_READ_CHARS = 300


@dataclass(frozen=True)
class Rule:
    """Messages of these meanings that match are answered with `item`.

    doubt: what must stand in the message besides, when the classifier was not sure of anything.
    """

    item: str
    intents: frozenset[str]
    pattern: re.Pattern[str]
    doubt: re.Pattern[str]


_TOPIC = (
    r"\b(?:mua ban nguoi|buon (?:ban )?nguoi|ban nguoi|bi (?:ban|du|lua|ep|hai|boc lot|bat coc|bao hanh)|boc lot|nan nhan|"
    r"lua dao|traffick\w+|exploit\w*|victims?)\b"
)


def _rule(item: str, intents: str, *patterns: str, doubt: str = _TOPIC) -> Rule:
    return Rule(item, frozenset(intents.split()), re.compile("|".join(patterns)), re.compile(doubt))


_SIGNS = "ask_signs_of_trafficking ask_what_happens_after_report"
_REPORTER = "ask_anonymity_confidentiality ask_what_happens_after_report ask_legal_penalty ask_victim_support_rights"
_WANTS_TO_KNOW = r"\b(?:dau hieu|nhan (?:ra|biet)|de y|nghi(?: ngo)?|phat hien|coi sao|luu y|signs?|notice|spot)\b"

# Order decides.
RULES: tuple[Rule, ...] = (
    _rule(
        "know_it_is_scam",
        "ask_scam_center_cambodia_myanmar ask_light_work_high_pay ask_legal_penalty ask_job_abroad_check ask_safe_migration",
        r"(?<!sao )(?<!cho )(?<!khong )(?<!muon )(?<!de )(?<!nhan )(?<!ai )(?<!nao )\b(?:biet|ro)\b.{0,25}\blua\b.{0,60}"
        r"\b(?:nhung|ma|van|it bua|it lau|(?:vai|may|mot|1|2|3) thang|mot thoi gian|mot nam|kiem von)\b",
        r"\bknow (?:it|this|that it) is a scam\b",
        doubt=r"\b(?:di|qua|sang|ben|lam|go)\b",
    ),
    _rule(
        "eps_korea", "ask_study_abroad_or_seasonal_work ask_job_abroad_check ask_safe_migration ask_online_collaborator_scam ask_legal_penalty",
        r"\beps\b|\bky quy\b.{0,40}\b(?:han|korea|hq)\b|\b(?:han quoc|korea)\b.{0,40}\b(?:ky quy|deposit)\b",
        doubt="",
    ),
    _rule(
        "kidnap_online_scam",
        "ask_signs_of_trafficking ask_online_collaborator_scam ask_hotline_number ask_job_abroad_check "
        "ask_scam_center_cambodia_myanmar",
        r"\bbat coc (?:online|qua mang|tren mang|ao)\b",
        r"\b(?:gia|gia danh|xung la|tu xung) (?:la )?(?:cong an|canh sat|vien kiem sat|toa an)\b",
        r"\bonline kidnap\w*|\bfake police\b",
        doubt="",
    ),
    _rule(
        "left_illegally", "ask_forced_to_offend ask_legal_penalty ask_safe_migration ask_victim_support_rights",
        r"(?=.*\b(?:phat|tu|bat|xu ly|sao|toi|truy cuu|gi)\b).*\b(?:di chui|vuot bien|(?:xuat|nhap) canh trai phep|tieu ngach|duong (?:mon|rung)|"
        r"o lau|qua han|khong (?:co )?(?:ho chieu|giay to|visa)|(?:ho chieu|giay to) gia)\b(?!.*\b(?:bi )?(?:ep|bat) (?:\w+ ){0,3}(?:lua|gat|lam)\b)",
        r"\b(?:left|crossed|came) (?:\w+ )?illegally\b|\bwithout (?:a passport|papers)\b|\boverstay\w*\b",
        doubt=r"\b(?:phat|bat|tu|fine|punish\w*)\b",
    ),
    _rule(
        "signs_for_teachers", _SIGNS,
        rf"(?=.*{_WANTS_TO_KNOW}).*\b(?:giao vien|thay co|co giao|thay giao|hoc sinh|hoc tro|teacher|student)s?\b",
    ),
    _rule(
        "signs_for_hotels", _SIGNS,
        rf"(?=.*{_WANTS_TO_KNOW}).*\b(?:khach san|nha nghi|nha tro|le tan|chu quan|chu tro|hotel|guest ?house|landlord)s?\b",
    ),
    _rule(
        "signs_for_health_workers", _SIGNS,
        rf"(?=.*{_WANTS_TO_KNOW}).*\b(?:y te|bac si|y ta|dieu duong|ho sinh|benh nhan|phong kham|doctor|nurse|health worker|patient)s?\b",
        r"\b(?:benh nhan|thai phu|san phu|nguoi benh)\b",
    ),
    _rule(
        "signs_for_neighbours", _SIGNS,
        rf"(?=.*{_WANTS_TO_KNOW}).*\b(?:hang xom|lang gieng|loi xom|xom gieng|ben canh nha|nha ben|neighbou?r)s?\b",
    ),
    _rule(
        "trafficking_inside_vietnam",
        "ask_signs_of_trafficking ask_30_7_day ask_legal_penalty",
        r"\b(?:trong (?:nuoc|noi)(?! (?:thanh|bo|that))|noi dia|ngay tai viet nam|o viet nam minh|khong (?:can )?(?:qua|ra) (?:bien gioi|nuoc ngoai)|"
        r"inside viet ?nam)\b",
    ),
    _rule(
        "erase_traces", f"{_REPORTER} ask_safe_migration",
        r"\bxoa\b.{0,25}\b(?:tin nhan|tro chuyen|noi chuyen|chat|dau vet|lich su|kieu|het|sao)\b",
        r"\b(?:erase|delete)\b.{0,20}\b(?:chat|trace|history|message)s?\b",
        doubt="",
    ),
    _rule(
        "reporter_rights", _REPORTER,
        r"\b(?:nguoi )?(?:to giac|bao tin|bao an|to cao)\b.{0,25}\b(?:quyen|bao ve|tra thu|de doa|thuong)\b",
        r"\b(?:quyen (?:cua|gi)|bao ve)\b.{0,20}\b(?:to giac|bao tin|to cao)\b",
        r"\b(?:bat buoc|phai) (?:phai )?(?:bao|to giac)\b.{0,12}\b(?:khong|ha)\b|\bkhong (?:bao|to giac)\b.{0,10}\b(?:toi|phat|sao)\b",
        r"\breporter'?s? rights?\b|\bprotect\w* (?:if|when) i report\b",
        doubt="",
    ),
    _rule(
        "returnee_support", "ask_victim_support_rights",
        r"\b(?:moi|vua|da|di|tro|quay|duoc) (?:\w+ ){0,3}ve\b|\bhoi huong\b|\bvay (?:von|ngan hang)\b",
        r"\b(?:came|come|got) (?:back|home)\b|\breturned?\b",
        doubt=r"\b(?:vay|ho tro|hoc nghe|giay to|loan|support|vocational)\b",
    ),
    _rule("hotline_111", "ask_hotline_number ask_what_happens_after_report", r"\b111\b", doubt=""),
    _rule(
        "menu", "bot_challenge",
        r"\b(?:lam|giup) (?:duoc|dc|nhung) (?:gi|nhung gi|viec gi)\b|\bbiet lam gi\b|\bwhat can you do\b",
        doubt="",
    ),
    _rule(
        "digital_safety",
        "ask_safe_migration ask_online_collaborator_scam ask_anonymity_confidentiality ask_signs_of_trafficking",
        r"\b(?:an toan|bao mat|bao ve|khoi bi (?:du|lua))\b.{0,25}\b(?:mang|facebook|fb|zalo|tai khoan|internet|dien thoai)\b",
        r"\b(?:len|dung|xai|tren) (?:mang|facebook|fb|zalo|internet)\b.{0,25}\b(?:an toan|khoi bi)\b",
        r"\b(?:hack|mat khau|ma otp|lo anh|tung anh)\b|\b(?:safe online|password|online safety)\b",
        doubt=r"\b(?:mang|facebook|fb|zalo|internet|mat khau|hack|online)\b",
    ),
)  # fmt: skip


def item_of(intent: str, text: str) -> str:
    """The finer item for a message of this meaning (`UNSURE`: of none), or ''."""
    read = normalise(excerpt(text, _READ_CHARS, _READ_CHARS))
    for rule in RULES:
        fits = rule.doubt.search(read) is not None if intent in _DOUBT else intent in rule.intents
        if fits and rule.pattern.search(read):
            return rule.item
    return ""
