"""Where somebody in danger is, and whether they can speak: what the first line of an emergency answer depends on.

113 and 111 cannot be reached from abroad, so a foreign place in the words brings the consular line first; who cannot
speak is told to write. Also who a frightened child is, so that it is spoken to like one. Standard library only.
"""

from __future__ import annotations

import re

from bot.core.text import excerpt, normalise

HEAD, TAIL = 1_400, 500  # characters read, as in the triage

_COUNTRY = (
    r"campuchia|cam pu chia|cambodia|kampuchea|cam bot|cambot|campot|thai lan|thailand|myanmar|mianma|my an ma|mien dien|burma|trung quoc|china|"
    r"dai loan|taiwan|han quoc|korea|nhat ban|japan|malaysia|ma lai|malay|singapore|indonesia|philippines?|phi luat tan|dubai|a rap|arap|"
    r"saudi|a rap xe ut|ai cap|kuwait|qatar|jordan|oman|an do|israel|tho nhi ky|rumani|romania|hungary|ba lan|belarus|ukraina|ukraine|angola|"
    r"nam phi|canada|anh quoc|hong kong|ma cao|macau|chau au|chau phi|trung dong|nuoc ngoai|xu nguoi|nuoc ban"
)
_TOWN = (
    r"ba ?vet|poi ?pet|sihanouk\w*|sihanuk\w*|xi ha nuc|phnom ?penh|pnom ?penh|nam vang|nong penh|svay ?rieng|kandal|ch[ra]+y ?th[ou]m|koh ?kong|"
    r"siem ?reap|xiem riep|kampot|battambang|o ?smach|bokor|pursat|tam thai tu|mya ?waddy|miawad[iy]|mya oa di|kk ?park|shwe ?kokko|lau[kc]?kai|"
    r"laukai|kokang|mandalay|yangon|tachileik|ta chi lec|mae ?sot|me sot|bang ?kok|bang coc|pattaya|chiang (?:mai|rai)|tam giac vang|bo keo|"
    r"vieng chan|vientiane|savannakhet|pakse|luang prabang|boten|kuala lumpur|johor|manila|dai bac|dai trung|cao hung|seoul|busan|tokyo|osaka|"
    r"riyadh|ri ?at|jeddah|dammam|doha|quang chau|quang dong|quang tay|van nam|dong hung|ha khau|bang tuong|con minh|nam ninh|thuong hai|"
    r"bac kinh|ha nam trung|matxcova|mat xco va|moscow|berlin|paris|london|warsaw|praha"
)
# Short names that mean something else, too: only after a word that makes them a place.
_SHORT = (
    r"(?:ben|sang|qua|tu|o|tai|vo|trong|nuoc|dat|tren|toi|den) (?:nuoc |dat |ben )?(?:cam|lao|thai|mien|trung|tau|han|nhat|dai|nga|duc|phap|anh|"
    r"uc|my|sing|mi|tq|tung cua)(?= |$)(?! (?:dong|hoc|tuoi|canh|on|nay|ba|em|chi|nha|ngu|vang|tro|anh|oi|trai|tho|khong|thanh|hang|gia|ranh|"
    r"lam|le|pha|giang|xuyen|thuy|lo|my|cai|bao|chai|binh|nguyen|hoa|loc|tu|an|lanh|son|hue|co|pho|linh|trong|dinh|duc|tan|chieu|van|thinh|"
    r"phong|re|bay|mau|nhat|yen|cuong))"
)
_BORDER = r"ben kia (?:bien|bien gioi|song|cua khau)|(?:qua|vuot) bien gioi roi|ben kia bien|ben bien ben kia|ben do khong ve duoc"
_FOREIGN = re.compile(rf"\b(?:{_COUNTRY}|{_TOWN}|{_SHORT}|{_BORDER})\b")
# A nationality is no place: "người Trung Quốc", "công ty Trung Quốc", "tiếng Thái".
_NATIONALITY = re.compile(
    r"\b(?:nguoi|tieng|chu|sep|ong|ba|bon|tui|dam|hang|phim|cong ty|ong chu|ba chu|khach|do|com|mon|gai|dan ong|dan|thang|may (?:ong|thang|dua))"
    rf" (?:goc )?(?:{_COUNTRY}|cam|lao|thai|trung|tau|han|nhat|dai|nga|my|anh|phap)\b"
)
# Not there yet: about to be taken, sold, sent.
_NOT_YET = re.compile(
    r"\b(?:sap|dinh|tinh|chuan bi|se|doi|muon|mai|ngay mai|toi nay|sang mai|dem nay|lat nua|hen|ru|du) (?:\w+ ){0,4}?"
    rf"(?:dua|ban|cho|chuyen|dan|dat|di|sang|qua|bat|day|giao)(?: \w+){{0,4}}? (?:{_COUNTRY}|{_TOWN}|{_SHORT}|{_BORDER})\b"
)

_DEAF = r"cam diec|cau cam|khiem thinh|bi (?:cam|diec)|diec(?: tai)?|khong nghe (?:duoc )?(?:gi|tieng|dien thoai)|khong noi duoc|mat giong"
_CANNOT_CALL = re.compile(
    rf"\b(?:{_DEAF}"
    r"|(?:khong|chua|dau|sao ma|khong co cach nao|khong tien|het duong)(?: (?:the|duoc|co|biet|dam|tien|cach|nao|may|de))* (?:goi|noi chuyen|"
    r"noi|nghe may|goi dien)"
    r"(?: (?:dien|dien thoai|duoc|noi|ra|tieng|to|lon|thanh|gi|ai|dau|luc|nay|bay|gio|thoai))*(?! (?:dien )?(?:thoai )?(?:duoc )?(?:cho|voi|no|"
    r"con|chi|anh|vo|chong|em gai|em trai|chau|ho|me|ban)\b)"
    r"|goi (?:dien )?(?:la|thi|se) (?:bi |no |chung |ho |bon no )?(?:lo|biet|danh|nghe|chet|giet|phat hien)"
    r"|(?:chi|con) (?:\w+ )?(?:nhan tin|nhan|viet|go)(?: (?:duoc|thoi|tin))|nhan tin thoi|chi nhan"
    r"|(?:dung|xin dung|cam|cho) (?:co )?goi(?= |$)(?! (?:cong an|113|111|ba|bo|me|no biet))(?: (?:lai|dien|cho))*"
    r"|(?:het|khong co|khong con) (?:tien dien thoai|sim|song|tai khoan dien thoai)|(?:may|dien thoai) (?:nay )?(?:chi|khong) (?:nhan tin|"
    r"goi)(?: duoc)?"
    r"|(?:no|ho|bon no|han) (?:dang )?(?:ngoi|dung|nam|o) (?:ngay )?(?:canh|ben|ke|sat)|khong duoc (?:noi|goi|len tieng)|noi nho)\b"
)
_DEAF_ONLY = re.compile(rf"\b(?:{_DEAF})\b")

_CHILD_SELF = re.compile(
    r"\b(?:con|chau|em)(?: \w+){0,3} (?:\d|1[0-7]) ?tuoi\b|\b(?:con|chau|em) (?:moi |dang )?(?:hoc )?lop (?:[1-9]|1[0-2]|mot|hai|ba|bon|nam|sau|"
    r"bay|tam|chin|muoi)\b"
)
_CHILD_VOICE = re.compile(
    r"^(?:da |a |nhung |nhung ma |ma |hu hu )*(?:con|chau|em) (?!gai|trai|toi|em|ho|dau|re|be|nho|minh)(?:\w+ )*?(?:so|khoc|khong dam|"
    r"khong biet|ngai|xau ho|lo|run|buon|dau|me|ba|bo|co giao|thay)"
)


def _words(message: str) -> str:
    return normalise(excerpt(message, HEAD, TAIL))


def abroad(message: str) -> bool:
    """Whether a foreign place is named as where somebody is: not a nationality, not where they are about to be taken."""
    text = _words(message)
    if not _FOREIGN.search(text):
        return False
    rest = _NOT_YET.sub(" ", _NATIONALITY.sub(" ", text))
    return _FOREIGN.search(rest) is not None


def cannot_call(message: str, kind: str = "") -> bool:
    """Whether the writer cannot call or speak. kind: the emergency found; "không gọi được" of somebody missing is theirs."""
    text = _words(message)
    return (_DEAF_ONLY if kind == "missing_person" else _CANNOT_CALL).search(text) is not None


def is_child(message: str) -> bool:
    """Whether a child speaks of itself, by age or class, or in a child's words."""
    text = _words(message)
    return bool(_CHILD_SELF.search(text) or _CHILD_VOICE.search(text))
