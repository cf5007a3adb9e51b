"""What kind of trafficking a tip speaks of: one code for statistics and routing, chosen from plain words."""

from __future__ import annotations

import re

from bot.core.text import fold

# Order decides: the first that matches names the tip. Codes have their Vietnamese names in content/dialogue.
_RULES: tuple[tuple[str, str], ...] = (
    ("organ", r"\b(?:ban than|mua than|ghep than|ban gan|noi tang|bo phan co the|hien than|ban mo)\b"),
    ("surrogacy", r"\b(?:mang thai ho|de thue|de ho|ban trung)\b"),
    (
        "child",
        r"\b(?:ban con|mua con|ban tre|mua tre|so sinh|con nuoi|bao thai|tre em|tre con|be gai|be trai|hoc sinh)\b",
    ),
    ("marriage", r"\b(?:lay chong|moi gioi hon nhan|ket hon|lam vo|co dau|lay vo)\b"),
    ("sexual", r"\b(?:mai dam|ban dam|tiep khach|karaoke|massage|mat xa|dong mai|di khach|gai goi|phuc vu quan)\b"),
    ("fishing", r"\b(?:tau ca|ngu phu|di bien|thuyen vien|danh ca|cau muc)\b"),
    (
        "scam_compound",
        # "cam" is also "cảm ơn", "lao" also "lao động": only after a word that leads there.
        r"\b(?:campuchia|cambodia|"
        r"(?:ben|qua|sang|di|o|tu|ve|dat) (?:cam|lao)(?! (?:dong|on|thay|giac|giu|do|tra|cong))|kampuchia|mien dien|myanmar|tam giac vang"
        r"|casino|bavet|sihanouk\w*|lua dao online|"
        r"myawaddy|kk park|bien gioi)\b",
    ),
    ("online_task", r"\b(?:cong tac vien|ctv|nhiem vu|chuyen tien|nap tien|dat coc|telegram)\b"),
    (
        "labour",
        r"\b(?:bat lam|cuong buc lao dong|boc lot|khong tra luong|lo gach|nong trai|xuong|viec nhe luong cao|xuat khau lao dong)\b",
    ),
)
_COMPILED = tuple((code, re.compile(pattern)) for code, pattern in _RULES)
CODES = (*(code for code, _ in _RULES), "other")


def categorise(text: str) -> str:
    """The first matching category of `text`, or 'other'."""
    folded = fold(text)
    return next((code for code, pattern in _COMPILED if pattern.search(folded)), "other")
