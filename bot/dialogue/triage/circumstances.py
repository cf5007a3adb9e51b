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
    r"siem ?reap|xiem riep|kampot|battambang|o ?smach|bokor|pursat|tam thai tu|mya ?wad\w*|mi ?a ?wad\w*|"
    r"(?:mi|my) ?(?:a|anh) ?oa ?di|kk ?park|shwe ?kokko|lau[kc]?kai|"
    r"laukai|kokang|mandalay|yangon|tachileik|ta chi lec|mae ?sot|me sot|bang ?kok|bang coc|pattaya|chiang (?:mai|rai)|tam giac vang|bo keo|"
    r"vieng chan|vientiane|savannakhet|pakse|luang prabang|boten|kuala lumpur|johor|manila|dai bac|dai trung|cao hung|seoul|busan|tokyo|osaka|"
    r"riyadh|ri ?at|jeddah|dammam|doha|quang chau|quang dong|quang tay|van nam|dong hung|ha khau|bang tuong|nam ninh|thuong hai|"
    r"bac kinh|ha nam trung|matxcova|mat xco va|moscow|berlin|paris|london|warsaw|praha|"
    r"pasay|cebu|jakarta|sydney|melbourne|manchester|leeds|riyad"
)
# Short names that mean something else, too: only after a word that makes them a place.
_AT = r"(?:ben|sang|qua|tu|o|tai|nuoc|dat|tren dat|toi|den) (?:nuoc |dat |ben )?"
# Towns, quarters and words of our own that begin like them: Cam Ranh, Lào Cai, Thái Nguyên, Trung Hòa, Đại Lộc, Anh Sơn.
_OURS = (
    r"(?! (?:dong|hoc|tuoi|canh|on|ngu|vang|tro|oi|tho|thanh|hang|gia|ranh|lam|le|pha|giang|xuyen|thuy|lo|my|cai|bao|chai|binh|nguyen|hoa|loc|"
    r"tu|an|"
    r"lanh|son|hue|co|pho|linh|trong|dinh|duc|tan|chieu|van|thinh|phong|re|bay|mau|nhat|yen|cuong|phuc|hung|khe|tin))"
)
_SHORT = (
    rf"{_AT}(?:cam|lao|thai|nhat|dai|sing|tq)(?= |$){_OURS}(?! (?:ky|nhi|san|phu|tam|cap|uong))"
    rf"|(?:ben|sang|nuoc|ve ben) (?:nuoc )?(?:trung|tau|mien|han)(?= |$){_OURS}(?! (?:tay|bac|nam|trung|nui|que|xuoi|tam|cap|uong|ca|chong))"
    rf"|(?:ben|nuoc) (?:nuoc )?(?:nga|duc|phap|anh|uc|my)(?= |$){_OURS}(?! (?:ba|em|chi|nha|nay|ay|ta|trai|ho|khong|kia|toi|no|van|hai|ruot|re|"
    rf"chong))"
)
# After the name of a country, not of a commune ("công an Đức Hòa") nor of an officer ("công an anh nói gì").
_THEN = r"(?= (?:bat|toi|thi|la|giu|tha|hoi|se|khong|co|den) |$)"
_BORDER = (
    r"(?:o|qua|sang|tu|ket|giu|nhot) (?:lai )?ben do(?! (?:duong|song|kia duong))|"
    r"(?:canh sat|cong an) (?:nuoc |ben )(?:anh|nga|phap|duc|thai|mien|cam|lao|tau|my|uc|nhat|han)(?= |$)|"
    rf"(?:canh sat|cong an) (?:nga|phap|duc|thai|mien|cam|lao|tau){_THEN}|bao (?:canh sat|cong an) anh{_THEN}|"
    r"ben kia (?:bien|bien gioi|song|cua khau)|(?:qua|vuot) bien gioi roi|ben kia bien|ben bien ben kia|ben do khong ve duoc"
)
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

_DEAF = (
    r"cam diec|cau cam|khiem thinh|(?:bi|toi|em|chau|con|minh) (?:\w+ ){0,2}?diec(?! tai ghe)|khong nghe (?:duoc )?(?:tieng|bang tai)|"
    r"(?:toi|em|chau|con|minh) (?:bi )?(?:khong noi duoc|mat giong|noi khong duoc)"
)
_NOT_THEM = r"(?! (?:duoc )?(?:cho|voi|no|con|chi|anh|vo|chong|em gai|em trai|chau|ho|me|ban)\b)"
_CANNOT_CALL = re.compile(
    rf"\b(?:{_DEAF}"
    rf"|(?:khong|chua|het duong)(?: (?:the|duoc|co|biet|dam|tien|cach|nao|may|de))* goi(?: dien(?: thoai)?)?(?: duoc| noi| luc nay|"
    rf" bay gio)*(?= |$){_NOT_THEM}"
    r"|khong (?:\w+ )?(?:dam|duoc|the) noi(?: chuyen)?(?! ten| voi)|khong noi (?:duoc|ra tieng|to|lon|thanh tieng|gi duoc)(?! (?:ten|gi))|"
    r"khong nghe may duoc"
    rf"|(?:goi(?: dien)?|noi) khong duoc(?! goi){_NOT_THEM}"
    r"|goi (?:dien )?(?:la|thi|se) (?:bi |no |chung |ho |bon no |em )?(?:bi )?(?:lo|biet|danh|nghe|chet|giet|phat hien)"
    r"|(?:chi|con)(?: moi)? (?:nhan tin|viet|go)(?: (?:duoc|thoi|tin|chu))*|nhan tin (?:duoc )?thoi|chi (?:con )?nhan (?:tin|duoc)"
    r"|(?:dung|xin dung|cam) (?:co )?goi(?= |$)(?! (?:cong an|113|111|ba|bo|me|no biet|em la|toi la|minh la))"
    r"|(?:het|khong co|khong con) (?:tien dien thoai|sim|song|tai khoan dien thoai)|(?:may|dien thoai) (?:nay )?(?:chi nhan tin|"
    r"khong goi)(?: duoc)?"
    r"|(?:no|ho|bon no|han) (?:dang )?(?:ngoi|dung|nam) (?:ngay )?(?:canh|ben|ke|sat)|khong duoc (?:len tieng|noi chuyen)|noi nho)\b"
)
# Not allowed to, no card in the telephone, only somebody else's wifi, or writing in secret.
_NO_LINE = re.compile(
    r"\b(?:(?:khong|cam)(?: \w+){0,2} cho(?: \w+){0,4} (?:goi|nghe may|noi chuyen)(?! (?:la|ten))"
    r"|khong (?:the )?noi(?: chuyen)?(?: (?:qua|bang))?(?: (?:dien thoai|may))? (?:duoc|noi)"
    r"|(?:giu|thu|lay|tich thu|be|vut|rut)(?: (?:het|mat|luon|cai|the))* sim|(?:khong|chua)(?: (?:co|con|gan))* sim|mat sim"
    r"|(?:xai|dung|bat|xin|hoc|cau)(?: (?:ke|nho|trom|duoc|chua))* wifi|(?:chi|moi) (?:co |con )?(?:duoc )?wifi"
    r"|(?:nhan|viet|go|chat|xai dien thoai|muon dien thoai)(?: tin)? (?:len|trom|lut|vung))\b(?! me)"
)
_DEAF_ONLY = re.compile(rf"\b(?:{_DEAF})\b")

_CHILD_SELF = re.compile(
    r"\b(?:con|chau|em)(?: \w+){0,3} (?:\d|1[0-7]) ?tuoi\b|\b(?:con|chau|em) (?:moi |dang )?(?:hoc )?lop (?:[1-9]|1[0-2]|mot|hai|ba|bon|nam|sau|"
    r"bay|tam|chin|muoi)\b"
)
_CHILD_VOICE = re.compile(
    r"^(?:da |a |nhung |nhung ma |ma |hu hu )*(con|chau|em) (?!gai|trai|toi|em|ho|dau|re|be|nho|minh)(?:\w+ )*?(?:so|khoc|khong dam|"
    r"khong biet|ngai|xau ho|lo|run|buon|dau|me|ba|bo|co giao|thay)"
)


# "em" is what every younger adult says, too.
_SCHOOL = re.compile(
    r"\b(?:co giao|thay giao|thay co|di hoc|lop|truong|ban hoc|bai tap|kiem tra|me mang|ba mang|bo mang|nhoc)\b"
)
_GROWN_UP = re.compile(
    r"\b(?:giao vien|chu nhiem lop|lop toi|truong toi|hoc (?:sinh|tro) (?:cua |lop )?(?:toi|minh|em)|(?:con|chau)(?: (?:gai|trai))? (?:toi|tui)"
    r"|(?:con|chau|be)(?: (?:gai|trai|nha|no|ay|be))* (?:bao|noi|ke)(?: (?:la|voi|rang|lai))*(?: (?:toi|em|minh|me|bo|no|chau|con))?"
    r" (?:bi|co nguoi|ong|thay)|nha hang xom|hang xom (?:toi|em|nha)|ben canh nha|con be|thang be|dua (?:nho|be|tre)|be gai|be trai)\b"
)


_TALK = re.compile(r"\b(?:phim|phong su|tieu thuyet|truyen|doc bao|thoi su|du lich|ti so|doi tien|dan so|ty gia)\b")
_RETURNED = re.compile(
    rf"\b(?:ve|tro ve|dua ve|thoat ve|tron ve) (?:nuoc )?(?:tu|khoi) (?:ben )?(?:{_COUNTRY}|{_TOWN}|cam|lao|thai)\b|\btu (?:ben )?(?:{_COUNTRY}|"
    rf"{_TOWN}) (?:\w+ ){{0,2}}?ve\b"
    rf"|\b(?:du lich|choi) (?:\w+ )?(?:{_COUNTRY}|{_TOWN}) (?:\w+ )?ve\b"
)


# With their marks these are no country: "cảm thấy" is not Cam, "Miến" (not the noodles) is Myanmar, "câm" cannot speak.
_NOT_CAM = re.compile(r"\b[Cc](?:ảm|ám|ầm|ấm|ằm|âm|ẩm|ậm)\b")
_MYANMAR = re.compile(r"\b(?:Miến|miến)\b(?! (?:gà|lươn|xào|trộn|dong|cua|ngan|vịt))")
_DUMB = re.compile(r"\b(?:bị câm|(?:em|tôi|mình|con|cháu|tui|e)(?: \w+)? câm)\b", re.IGNORECASE)
_FEELS = re.compile(
    r"\b(?:toi|em|minh|con|chau|tui|chi|anh) (?:\w+ )?cam (?:thay|giac|nhan|on|lanh|cum|dong|xuc|tinh|ket|dao|dien thoai|diec)\b"
)


def _words(message: str) -> str:
    return normalise(excerpt(message, HEAD, TAIL))


def abroad(message: str) -> bool:
    """Whether a foreign place is named as where somebody is: not a nationality, not where they are about to be taken."""
    text = _FEELS.sub(" ", _words(_MYANMAR.sub("myanmar", _NOT_CAM.sub("kam", message))))
    if not _FOREIGN.search(text) or _TALK.search(text):
        return False
    rest = _RETURNED.sub(" ", _NOT_YET.sub(" ", _NATIONALITY.sub(" ", text)))
    return _FOREIGN.search(rest) is not None


def cannot_call(message: str, kind: str = "") -> bool:
    """Whether the writer cannot call or speak. kind: the emergency found; "không gọi được" of somebody missing is theirs."""
    text = _words(message)
    if kind == "missing_person":
        return _DEAF_ONLY.search(text) is not None
    return bool(_CANNOT_CALL.search(text) or _NO_LINE.search(text) or _DUMB.search(message[: HEAD + TAIL]))


def is_child(message: str) -> bool:
    """Whether a child speaks of itself, by age or class, or in a child's words."""
    text = _words(message)
    if _GROWN_UP.search(text):
        return False
    voice = _CHILD_VOICE.search(text)
    return bool(_CHILD_SELF.search(text) or (voice and (voice[1] != "em" or _SCHOOL.search(text))))


def tells_of_child(message: str) -> bool:
    """Whether a grown-up (a teacher, a parent, a neighbour) writes about a child."""
    return _GROWN_UP.search(_words(message)) is not None
