"""What somebody says to "Lúc này bạn có đang an toàn để nhắn tin không?". Pure; Python 3.10-compatible.

Danger wins over safety: whoever says both ("em thì an toàn nhưng nó đang bị nhốt") is answered with the numbers to call.
"""

from __future__ import annotations

import re

import bot.phrases as phrases
from bot.core.text import normalise
from bot.dialogue.reading import questions

SAFE, DANGER, UNSURE = "safe", "danger", "unsure"

_NOT = r"(?:khong|chua|het|mat|dau|chang|cha|deo|kem|khong he|chua han|khong con|khong con duoc|lam gi|not|no|isn t|aren t|don t|don toi|doesn t)"
_BETWEEN = (
    r"(?:(?:co|duoc|thay|cam thay|cam giac|con|thuc su|that su"
    r"|han|hoan toan|he|lay gi lam|la|dang|that|cho|o|nhan tin|feel|very|really|so|at all) )*"
)
_WELL = r"(?:an toan|on|on dinh|binh yen|yen on|yen tam|yen|an tam|safe|ok|fine|secure|khoe)"
_NOT_SAFE = re.compile(
    rf"\b{_NOT} {_BETWEEN}{_WELL}\b(?! (?:thi|la) )|\b(?:sao|lam sao|the nao)(?: ma)? (?:(?:em|minh|toi"
    rf"|co the|co|duoc|noi) )*{_WELL}\b"
    rf"|\b{_WELL}(?: (?:noi|duoc|cai|cho))? (?:gi|sao|the nao|chi|mo|noi|cai gi|sao duoc|gi noi|dau ma"
    rf"|quai gi|lam sao duoc)\b|\bunsafe\b"
    rf"|\bco {_WELL} (?:dau|gi|lam dau|chi mo)\b|\b(?:khong|chua) duoc {_WELL}\b"
)
_DANGER = re.compile(
    r"(?<!khong )(?<!chua )(?<!het )(?<!khong co )(?<!khong con )(?<!khong thay )(?<!khong gap )(?<!khong bi )(?<!khoi )"
    r"(?<!thoat khoi )(?<!khong co gi )"
    r"\b(?:nguy hiem|nguy cap|bi de doa|bi theo doi|bi giam|bi nhot|in danger|not safe)\b"
    r"|^(?:(?:da|em|minh|toi|con|chau|dang|thay|cung|hoi|rat) )*(?:so|run|hoang|lo so|so hai|hoang so"
    r"|scared|afraid)(?: (?:lam|qua|chet|a|roi|di duoc|hai|nua|chi|anh|oi|muon chet|dang))*$"
    r"|\bi m (?:so )?(?:scared|afraid)\b|\bhelp me\b"
)
_NOT_SURE = re.compile(
    r"\b(?:khong|chua) (?:(?:biet|ro|chac|dam) )(?:(?:la|co|han|chac|minh|em|duoc|noi|nua"
    r"|lam) )*(?:an toan)?|\b(?:tam thoi|tam|luc nay|gio|bay gio) (?:thi )?(?:cung )?(?:tam )?(?:on"
    r"|an toan)\b.{0,20}\bnhung\b"
    r"|\b(?:hoi|tam tam|cung cung|binh thuong thoi nhung|nua nua|kho noi|hen xui|chac la|co le|hinh nhu"
    r"|not sure|i guess|maybe)\b"
)
_SAFE = re.compile(
    rf"\b{_WELL}\b|\b(?:binh thuong|bth|khong sao|khong co sao|khong bi sao|co sao dau|khoe manh|khoe"
    rf"|manh khoe|tot|tot lam|nhe nhang|vo tu|thoai mai|chua bi gi|khong bi gi|khong co gi|"
    r"khong (?:(?:co|gap|thay|con|bi) )?(?:(?:gi|ai) )?(?:nguy hiem|de doa)|het nguy hiem"
    r"|(?:dang )?o (?:trong )?nha(?: (?:minh|em|toi|roi|me|ba|ngoai|noi|rieng))*$|ve (?:den "
    r"|toi )?nha roi|ve nha|"
    r"thoat (?:duoc )?roi|khong ai (?:thay|biet|o day|o ben|canh|theo|xem|lam gi|giu)|mot minh|o mot minh"
    r"|alright|all right|good|at home)\b"
)
# "Răng mà không an toàn" (why should I not be), beside words that say the person is.
_RHETORIC = re.compile(
    rf"\b(?:rang|sao|lam sao|mac chi|can chi|lam chi|viec gi|gi)(?: ma| lai| phai)* {_NOT} {_BETWEEN}{_WELL}\b"
)
_BUSY = re.compile(r"^(?:da )?(?:vang|u|um|co a)\b(?: \w+){0,2} (?:dang|van|con|o)\b")
_SHORT = 14  # words
_HARM = re.compile(r"\b(?:chet|tu tu|tu sat|khong muon song|ket lieu|bi thuong|cuu)\b")


def read(text: str) -> str:
    """SAFE, DANGER, UNSURE, or '' where the words say nothing of it (a story, a greeting)."""
    said = normalise(text[:500])
    meant = _RHETORIC.sub(" ", said)
    if (
        meant != said
        and _SAFE.search(meant)
        and not (_NOT_SAFE.search(meant) or _DANGER.search(meant) or _HARM.search(meant))
    ):
        return SAFE
    if _NOT_SAFE.search(said) or _DANGER.search(said) or phrases.is_no(text):
        return DANGER
    if phrases.does_not_know(text) or (len(said.split()) <= 12 and _NOT_SURE.search(said)):
        return UNSURE
    if phrases.is_yes(text):
        return SAFE
    if _BUSY.search(said) and len(said.split()) <= 9 and not (_HARM.search(said) or phrases.contains(text, "event")):
        return SAFE
    if (
        _SAFE.search(said)
        and not _HARM.search(said)
        and any(_of_safety(clause) for clause in questions.clauses(text)[:2])
    ):
        return SAFE
    return ""


def calm(text: str) -> bool:
    """Whether a short answer says that the person is safe and tells of nothing done to anybody: no card belongs to it."""
    short = len(text.split()) <= _SHORT
    return short and read(text) == SAFE and not _HARM.search(normalise(text)) and not phrases.contains(text, "event")


def beside(text: str) -> str:
    """What the same message tells besides ("an toàn rồi, hàng xóm em nhốt một cô gái"), or ''."""
    told = [clause for clause in questions.told_in(text).split(", ") if clause and not _of_safety(clause)]
    return ", ".join(told)


def _of_safety(clause: str) -> bool:
    """Whether a clause speaks of being well and of little else."""
    said = normalise(clause)
    return len(said.split()) <= 10 and bool(
        _SAFE.search(said) or _NOT_SAFE.search(said) or _DANGER.search(said) or phrases.is_yes(clause)
    )
