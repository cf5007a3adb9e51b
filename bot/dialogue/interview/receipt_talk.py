"""What people say about the code they were just shown, when it is not the code. Pure; Python 3.10-compatible.

Reads standard words (`normalise`): no marks, no punctuation, abbreviations written out.
"""

from __future__ import annotations

import re

from bot.core.text import fold, normalise

MOST_WORDS = 18  # more is a story, in which the words below mean something else
_CODE = r"(?:ma|day so|day|so tra cuu|21 (?:chu )?so|(?:bay|7|may) (?:tu|chu)|code)"
_KEEP = r"(?:chep|ghi|luu|viet|cat|giau|giu|note|save)"
_NOT = r"(?:khong|chua|chang|cha|dau co)"
_REST = (
    r"(?: (?:ma|cai|so|day|tin|gi|dau|het|ca|a|nua|ban|oi|luon|o|tren|duoi|ad|chi|anh|em|minh|toi|con|chau|nao|tra|cuu|do|roi|vay|"
    r"the|phia|van|hoai|co|duoc|thay|ra|voi|ne|nha|ha|ma|moi|hien|tai|sao))*"
)
# Who does not see it: the person who writes. "Hai đứa chưa thấy đâu" is about others, and told to the officers.
_SPEAKER = (
    r"(?:(?:da|oi|ua|u|sao|minh|em|toi|tui|con|chau|bac|co|chu|anh|chi|ban|ad|keo|len|xuong|hoai|ma|van|tim|mai|luot|o|tren|coi|"
    r"lai|nhin|cung|thi|nhung|day|nay|nhan|roi) ){0,8}"
)
MISSING = re.compile(
    rf"^{_SPEAKER}{_NOT} (?:he |co )?(?:nhan|thay|hien|xem|doc|tim){_REST}$"
    rf"|\b{_CODE}\b(?: \w+){{0,2}} {_NOT} (?:den|toi|ve|hien|co|thay|nhan)\b"
    rf"|\b{_NOT} (?:\w+ ){{0,3}}(?:nhan|thay|hien|co|tim)(?: \w+){{0,3}} {_CODE}\b"
    rf"|^(?:\w+ ){{0,2}}{_NOT} co(?: a| dau| het| gi)*$"
    rf"|\b{_CODE}\b(?: \w+){{0,4}} (?:dau|nao)\b|\bdau (?:roi )?(?:\w+ )?{_CODE}$"
    rf"|\b(?:gui|cho|dua|nhan|hien|doc|xin|lay|xem|coi|nhac|noi)\b(?: \w+){{0,5}} {_CODE}\b"
    rf"|\b(?:mat|quen|lac|troi|xoa|sot|lo tay|nham)\b(?: \w+){{0,4}} {_CODE}\b|\b{_CODE}\b(?: \w+){{0,3}} (?:mat|troi|xoa|lac)\b"
    rf"|\b{_CODE} (?:so )?(?:cua|cho) (?:\w+ ){{1,3}}(?:la gi|la may|bao nhieu|the nao)\b"
    r"|^(?:\w+ ){0,4}(?:gui|nhan|noi|viet|hien|nhac) lai(?: \w+){0,4}$"
    r"|\b(?:did not|didn t|haven t|have not|never|don t|do not|can t|cannot) (?:get|got|receive|received|see|seen|find|have) "
    r"(?:it|the|my|any|a)\b|\bwhere (?:is|s) (?:it|the code|my code)\b|\b(?:send|show)\b(?: \w+){0,4} again\b|\bresend\b"
    r"|\b(?:lost|forgot|deleted)\b(?: \w+){0,2} code\b"
    rf"|^{_SPEAKER}(?:(?:o|ba|ong|lo|bi|lam|tay|da) ){{0,4}}(?:mat|quen)(?: (?:tieu|luon|no|mat|cai|het))* (?:roi|r)\b(?! tich)(?: \w+){{0,7}}$"
    rf"|\b{_CODE}\b(?: \w+){{0,3}} (?:dai|kho|nhieu)\b(?: \w+){{0,6}}$"
    r"|^(?:\w+ ){0,2}(?:bua|hom|luc|ngay|khi|mai|lat|chut|ti|de sau|de mai|tuan)(?: \w+){0,3} (?:go|nhap|danh|viet|doc|bam|chep|ghi)(?: \w+){0,3}$"
)
NO_PLACE = re.compile(
    rf"\b{_NOT} (?:\w+ ){{0,3}}{_KEEP}(?: \w+){{0,3}} (?:dau|cho nao|kieu gi|the nao|sao|duoc|noi)\b"
    rf"|\b{_KEEP} (?:\w+ ){{0,3}}(?:o dau|cho nao|vao dau|vo dau|the nao|cach nao|sao)\b"
    rf"|\b{_NOT} (?:\w+ )?(?:co|san) (?:\w+ )?(?:giay|but|vo|so tay|dien thoai|cho|noi)\b"
    rf"|\bkhong (?:biet )?(?:viet chu|biet viet|biet doc|biet chu|chu)\b|\bmu chu\b"
    r"|\b(?:thay|doc|biet|phat hien|kiem tra|luc|xem|coi|bat)\b(?: \w+){0,5} (?:thi sao|lam sao|sao day|thi chet|the nao|thi nguy|sao gio)\b"
    r"|(?:^|\b(?:em|minh|con|toi|tui|chau|bac|vi|nhung|da) )(?:so|lo|ngai) (?:(?!khong|chua|chang)\w+ ){0,6}"
    r"(?:thay|biet|phat hien|doc|xem|coi|luc|kiem tra|danh|chui|lo)\b"
    r"|^(?:(?:da|vi|ma|nhung|em|minh|con|toi|day la|cai|dang|dung|xai) ){0,4}(?:dien thoai|may) (?:nay |dang )?(?:la )?"
    r"(?:cua|muon|chung|dung chung)\b"
    rf"|\bkhong (?:dam|nho|the)(?: \w+){{0,3}} (?:{_KEEP}|noi|het|{_CODE})\b"
    rf"|\bkhong {_KEEP}(?: \w+){{0,2}} (?:co sao|duoc khong|thi sao|co duoc)\b"
    r"|\bnowhere to\b|\bdon t know where to\b|\bno (?:pen|paper)\b|\b(?:someone|he|she|they|mom|mum|dad) (?:may|might|will|could) see\b"
    r"|\b(?:scared|afraid|worried)\b(?: \w+){0,6} (?:see|find|check)\b"
)
KEPT = re.compile(
    rf"^(?:\w+ ){{0,4}}(?:{_KEEP}|chup)(?: \w+){{0,5}} (?:roi|xong|day|do)(?: \w+){{0,2}}$"
    rf"|^(?:\w+ ){{0,2}}(?:da|vua) (?:{_KEEP}|chup|nho)(?: \w+){{0,4}}$"
    r"|^(?:\w+ ){0,2}(?:nho|thuoc)(?: ma| het| duoc| long| ki)* roi(?: \w+){0,2}$"
    r"|^(?:da |vang |u |ok |roi |em |minh )*(?:roi|xong|xong roi|ok|oke|duoc roi|da|vang|done)(?: (?:a|nha|nhe|ban|ad|roi))*$"
    r"|^(?:i (?:have |ve )?)?(?:saved|copied|wrote|written|kept|noted|got)(?: (?:it|that|the code|down))*$"
)
_NEGATED = re.compile(rf"\b{_NOT}\b|\bsao (?:ma )?(?:chep|luu|ghi)\b")


def said(text: str) -> str:
    """ "missing": wants to see the code (again); "no_place": cannot or dare not keep it; "kept": has it; "": none of these."""
    # Abbreviations of Vietnamese are written out in the one; the other is for English, which that would spoil.
    readings = [normalise(text), " ".join(re.findall(r"\w+", fold(text)))]
    if not readings[0] or len(readings[0].split()) > MOST_WORDS:
        return ""
    for pattern, meaning in ((NO_PLACE, "no_place"), (MISSING, "missing")):
        if any(pattern.search(words) for words in readings):
            return meaning
    kept = any(KEPT.search(words) for words in readings)
    return "kept" if kept and not any(_NEGATED.search(words) for words in readings) else ""
