"""Whether the commune's own police should not read a tip: asked of everybody at the read-back, and heard in words.

A choice that was made counts over what the words suggest. Pure; Python 3.10-compatible.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import bot.phrases as phrases
from bot.core.text import fold

ABOVE = "police:above"
COMMUNE = "police:commune"
_ANSWERS = {"ans:above": ABOVE, "ans:send_above": ABOVE, "ans:commune": COMMUNE}

# Folded text. "ca xa" alone is also "cả xã": it counts as the police only where the words around it make it so.
_SOMEWHERE = (
    r"(?:xa|phuong|thi tran|huyen|so tai|dia phuong|o day|o do|o que|cho nay|ngoai xa|trong xa|duoi xa|tren xa|vien|ben day|"
    r"khu vuc|minh|nha minh|toi|em|que em|day|do)"
)
_HERE = r"(?:xa|phuong|o day|o do|o que|dia phuong|thi tran|vien)"
_CHIEF = r"(?:truong|pho|sep|xep)(?: ban)? (?:cong an|ca)"
_OFFICE = (
    rf"(?:(?:cong an|cn an|cong ang|police)(?: (?:cap |o )?{_SOMEWHERE})?|\bca (?:xa|phuong|huyen|thi tran|dia phuong|o day|khu vuc)|"
    rf"can bo (?:xa|phuong|dia phuong|o day)|(?:ben|tren|duoi) (?:xa|phuong)|chinh quyen (?:xa|phuong|dia phuong)?|"
    rf"{_CHIEF}(?: xa| phuong)?|"
    r"chu tich (?:xa|phuong)|(?:may )?(?:ong|anh|chu) (?:cong an|ca xa)|local police|commune police|ward police)"
)
_KIN = (
    r"(?:anh|chi|em|con|chau|bo|ba|cha|me|chu|bac|cau|di|co|vo|chong|re|dau|nguoi nha|ba con|ho hang|nguoi than|than nhan|ban than|"
    r"ban nhau|nguoi quen|ruot|sui gia|thong gia|dong hao|be ban|chien huu|brother|cousin|uncle|relative|friend)"
)
_SURE_KIN = (
    rf"(?:{_KIN}(?= (?:ruot|ho|re|cua|voi|no|han|ba|ong|trai|gai|y)\b)|nguoi nha|ho hang|ba con|nguoi than|nguoi quen)"
)
_OF = r"(?: (?:ruot|ho|re|trai|gai|dau|cua|voi|la|cho|ong|ba|no|han|y|chu|chu quan|ket nghia)){0,4} (?:mot |may )?(?:ong |anh |chu |bac |thang )?"
_ONE_PARTY = r"(?:(?:mot|chung|cung(?: mot)?) (?:phe|bon|giuoc|duong day|hoi))"
_PAID = (
    r"(?:an (?:tien|hoi lo|chia|luong|dut lot|cua dut)|nhan (?:tien|hoi lo|phong bi|qua)|hoi lo|dut lot|dua phong bi|dua tien|lo lot|"
    r"mua chuoc|bi mua|dut (?:tien|cho)|bien tien|lo tien|lay tien|chung (?:chi|tien|chau|hang thang)|cong nap|"
    r"nop tien hang thang|paid off|bribed|corrupt)"
)
_HAND_IN_GLOVE = (
    r"(?:bao ke|cau ket|tiep tay|bao che|che cho|do dau|chong lung|dung sau|lien quan|dinh liu|dinh toi|lam ngo|nham mat|lo di|bat tay|"
    r"thong dong|moc noi|nuoi|(?:an )?nhau (?:chung|voi|tai|o)|than voi|than nhau|quen (?:het|biet)|choi (?:than|chung)|nguoi cua|tay trong|"
    r"bo qua cho|em luon|em nhem|em vu|im luon|dinh (?:vo|vao|dang)|co phan|noi gian|bao truoc|bao lai|"
    r"noi lai|mach|tiet lo|tuon tin|mat bao|(?:nguoi )?mot nha|cung nha|tham gia|involved)"
)
_DIRTY = rf"(?:{_ONE_PARTY}|{_PAID}|{_HAND_IN_GLOVE})"
_GAP = r"(?:\W+\w+){0,7}?\W+"
_NOT_TO = r"(?:dung|cho co|xin dung|lam on dung|(?:khong|ko|k|hong|hok|chang) (?:muon|dam|nen)|dung co|dung de|khoan|so|ngai|don'?t|do not)"
_TELLS = r"(?:gui|bao|chuyen|dua|cho|noi|de lo|noi voi|bao voi|bao len|gui cho|gui toi|gui ve|qua|len|dinh toi|send|tell|report|show|de)"
_UNITS = (
    r"(?:(?:cong an|ca) (?:xa|phuong|o day|o do|dia phuong|khu vuc|thi tran|vien|duoi xa|o que)|xa(?! hoi)|phuong|dia phuong|"
    r"local police|commune police)"
)
_NOT_MINE = r"(?! (?:em|toi|minh|tui|con|chau) )"
_LEAKS = r"(?:lo|bi lo|lo het|chet|bi tra thu|toi tai no|no biet|den tai|biet ngay|nhu khong|vo ich|khong an toan)"
_SUSPECT = r"(?:no|han|y|ong ta|ba ta|chu quan|chu nha|ong chu|ba chu|thang do|bon no|ong|ba)"
_LOCAL = (
    r"(?:(?:may )?(?:ong |anh |chu |thang )?(?:cong an|cn an|ca|can bo) (?:cap |o |duoi |cua )?(?:xa|phuong|thi tran|o day|day|dia phuong|"
    r"khu vuc|dia ban|que|que em|lang|thon|vien)|(?:local|commune|ward) police)"
)
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        # afraid of them, whatever the reason
        rf"\b(?:so|ngai|e ngai|lo ngai|ghe|ngan|ne|khong yen tam|khong an tam|afraid of|scared of|don'?t trust)"
        rf"(?: (?:lam|nhat|ca|may|luon|the|la|voi|ve|the|thang|ong|anh|chu|cai))* {_LOCAL}\b(?! (?:khong|ko|k|hong|hok|chua|lau|khac))",
        rf"\b{_LOCAL}(?: (?:thi|em|toi|minh|tui|con|chau|cung))* (?:so|ngai|khong tin|ko tin|k tin|hong tin|hok tin)\b",
        # one of theirs works there
        rf"\b{_KIN}(?: (?:ruot|ho|re|trai|gai|ho hang))* (?:cua )?(?:no|han|ke (?:do|ay|xau|kia)|y|ba (?:chu|do|ay)|ong (?:chu|do|ay)|"
        rf"thang (?:do|kia|ay)|bon no|tui no|chu quan|ho)(?: (?:thi|cung|dang|la|lam|co|o|nguoi))* (?:cong an|ca|can bo) (?:o |tren |duoi )?"
        rf"(?:{_HERE}|day|do|huyen)\b",
        # the police of here and what they do, both ways round
        rf"\b{_OFFICE}\b{_GAP}{_DIRTY}\b",
        rf"\b{_DIRTY}\b{_GAP}{_OFFICE}\b",
        # kin of the chief, of an officer of the commune; such an officer himself
        rf"\b{_KIN}\b{_OF}{_CHIEF}\b",
        rf"\b{_SURE_KIN}\b{_OF}(?:cong an|ca|can bo|chu tich) {_HERE}\b",
        rf"\b{_CHIEF}(?: xa| phuong)?(?: o (?:day|do))?(?: thi)? (?:la|chinh la|lai la) (?:\w+ ){{0,3}}?{_KIN}\b",
        rf"\b(?:cong an|ca|can bo|chu tich) {_HERE}(?: thi)? (?:toan |deu |cung )*(?:la|chinh la|lai la|toan) "
        rf"(?:\w+ ){{0,3}}?{_KIN}(?: \w+){{0,2}} (?:no|han|ong|ba|ho|chu quan|bon|thang|y|nhau)\b",
        r"\b(?:co|la) (?:nguoi nha|ba con|nguoi than|ho hang|anh em|con chau|nguoi quen) (?:lam |o |voi |trong |ben )*"
        rf"(?:cong an|ca|can bo|uy ban) (?:{_HERE}|huyen)\b",
        rf"\b{_SUSPECT}{_NOT_MINE}(?: \w+){{0,2}} (?:chinh )?la (?:cong an|ca|truong cong an|can bo) (?:xa|phuong|o day|vien xa)\b",
        rf"\b{_KIN}{_NOT_MINE}(?: \w+){{0,2}} (?:lam|dang lam) (?:truong |pho |sep )?(?:cong an|ca|can bo|chu tich) {_HERE}\b",
        r"\b(?:xa|phuong|uy ban)(?: \w+)? toan (?:la )?(?:ba con|ho hang|nguoi nha|anh em|nguoi)(?: \w+){0,2} (?:no|han|ong|ba|chu|ho)\b",
        r"\bco (?:\w+ ){1,2}?lam (?:tren|o|duoi|trong) (?:xa|phuong|uy ban)\b",
        r"\bla cong an vien\b",
        r"\b(?:xa|phuong|cong an (?:xa|phuong))(?: \w+)? (?:khong|ko|k) (?:dang|the) tin\b",
        r"\b(?:khong|ko|dung) (?:toi|den|lot|roi) (?:vao |toi )?tay (?:cong an|ca|can bo)? ?(?:xa|phuong)\b",
        # a wish in so many words, and why
        rf"\b(?:khong|ko|k|hong|dung|chang) (?:muon|de|cho) (?:\w+ )?{_UNITS}(?: \w+){{0,3}} (?:biet|doc|xem|thay|nhan)\b",
        rf"\b{_NOT_TO} (?:\w+ ){{0,2}}?{_TELLS} (?:\w+ ){{0,3}}?{_UNITS}\b(?! huyen khac)",
        rf"\b{_TELLS} (?:\w+ ){{0,2}}?{_UNITS}(?: \w+){{0,3}} (?:la |thi |se |lai )?{_LEAKS}\b",
        r"\bgui (?:thang )?(?:len )?(?:cap tren|tinh|cong an tinh|bo cong an)(?: \w+){0,3} (?:dung|khong|chu|thoi)\b",
        r"\b(?:khong|ko|k|hong|chang|het|mat) (?:con )?(?:tin|tin tuong|tin duoc|tin noi|tin vao) (?:\w+ ){0,2}?"
        rf"(?:cong an|ca|chinh quyen|can bo) {_HERE}\b",
        r"\b(?:cong an|ca) (?:xa|phuong|o day|dia phuong)\b(?:\W+\w+){0,4}?\W+"
        r"(?:biet ma|biet het|biet ro|khong lam gi|ko lam gi|lam ngo|cung so no|khong dam dong)\b",
    )
)
# Said of somewhere else or of the past, or to the credit of the police.
_HARMLESS = re.compile(
    rf"\b{_KIN} (?:trai |gai |ruot |ho )?(?:em|toi|minh|tui|chau|con) (?:la|lam|dang lam)\b|"
    r"\b(?:(?:xa|phuong|huyen|tinh|que) khac|cho khac|noi khac|hoi xua|rat tot|nhiet tinh|tan tinh|giup do|dang tin|tin tuong cong an|"
    r"(?:noi|keu|dan|doa|hu|bao|bat|cam)(?: (?:em|toi|minh|con|tui))?(?: la)? (?:dung|khong duoc|cam) (?:bao|noi|goi|keu)|"
    r"khong (?:he )?lien quan|khong ai lien quan|gia danh|gia lam|gia mao|mao danh|tu xung)\b"
)
_BARE = re.compile(r"^\W*(?:(?:da|vang|u|um) )?(?:co|khong|ko|k|hong|hok)(?: (?:a|nha|nhe|chi|anh|ban|em))*\W*$")
_DONT = re.compile(
    r"^\W*(?:da |a |thoi |oi |u |em |toi |minh |lam on |xin )*(?P<dont>dung|khong nen|so lam|em so|toi so|"
    r"don'?t|please don'?t|not them|khong phai cong an xa)\b(?! lo| so| ngai| quen| xoa| dung)"
)
# "dung" without its marks is "don't" only before what one is asked not to do.
_BARE_DONT = re.compile(
    r"^ (?:co |de |ma )?(?:gui|cho|bao|dua|chuyen|qua|noi|de) (?!di\b|luon\b|nhanh|ngay|lien|giup|gium|dum)\w"
)
_ABOVE = re.compile(
    r"\b(?:(?:khoi|mien|tranh|ne|bo qua|khong qua|khong can)(?: co| can| phai)*(?: gui| bao| qua| cho| chuyen| dua| de| toi| voi)*"
    r"|dung(?: co| can| phai)*(?: gui| bao| qua| cho| chuyen| dua| de| toi| voi)+) "
    r"(?:may )?(?:ong |anh |ben )?(?:(?:cong an|ca) )?(?:xa|phuong|dia phuong|cong an o day)\b(?! (?:khac|hoi))|"
    r"\b(?:khong|ko|k|hong|hok|khoi) (?:gui|bao|qua|chuyen) (?:\w+ )?(?:cong an|ca) (?:xa|phuong)\b(?: \w+){0,2} (?:duoc|dc|dk) (?:khong|ko|"
    r"k|hong|hok|hem)\b|"
    r"\b(?:gui|chuyen|bao|dua) (?:thang |luon |giup |gium |em |toi |minh |tin )*(?:len |toi |cho |qua )*"
    r"(?:tinh|cap tren|cong an tinh|bo cong an|trung uong|thanh pho)\b|"
    r"^\W*(?:da |thoi )*(?:khong|ko|k|hong|hok) (?:muon |nen )?(?:gui|bao|cho|chuyen)(?: \w+){0,2} (?:xa|phuong|ca|cong an)\b|"
    r"\b(?:khong|ko|k|hong) muon (?:\w+ )?(?:cong an|ca|xa|phuong)\b(?: \w+){0,4} (?:doc|biet|xem|thay|nhan)\b|\bsend it (?:higher|above)\b"
)
_DO = re.compile(
    r"^\W*(?:(?:da|a|u|thoi|em|toi|minh|thi|o|ua) )*(?:khong (?:sao|van de|co gi|ngai|can|so|gi)|ko sao|k sao|hong sao|hok sao|"
    r"sao cung (?:duoc|dc|dk)|"
    r"the nao cung duoc|gui dau cung duoc|(?:cu|cu viec) gui|gui (?:cong an|ca) (?:xa|phuong)|gui (?:binh thuong|luon|ca) |ai doc cung duoc|"
    r"cong an nao cung duoc|cong an xa cung duoc|xa cung duoc|duoc het|tuy|no problem|either is fine|any is fine|i don'?t mind|send (?:it )?anyway)"
)
# Taken back: the commune's police may read it after all.
_AFTER_ALL = re.compile(
    r"(?<!khong )(?<!ko )(?<!k )(?<!hong )(?<!dung )(?<!khoi )\b(?:(?:gui|bao|chuyen|dua|qua|cho) )+(?:\w+ )?(?:(?:cong an|ca) )?(?:xa|"
    r"phuong|o day|dia phuong)"
    r"(?: (?:thi|cung|van|doc|xem|biet|nay|do|la|minh|em))* (?:duoc|dc|dk|ok|oke|tot|on)\b(?! (?:khong|ko|k|hong|hok|chua|hem|gi|dau))|"
    r"\b(?:(?:cong an|ca) )(?:xa|phuong|o day|dia phuong|que)(?: (?:em|toi|minh|tui|nha|que|thi|o day|nay|do|cung|rat|van|kha))* "
    r"(?:duoc|tot|ok|oke|dang tin|nhiet tinh|on|tu te|hien|dang hoang|khong sao|ko sao|binh thuong|nghiem|tin duoc)"
    r"\b(?! (?:khong|ko|k|hong|hok|chua|hem|gi|dau|an|bao|lot|mua))"
)
_PRAISE = re.compile(r"\b(?:gui|chuyen|cu|duoc|dc|dk|sao|tuy|ngai|can|van de|co gi|mind|anyway|fine)\b")


def conflicted(text: str) -> bool:
    """Whether words say that police or officials of the commune are involved, or must not read this."""
    folded = " ".join(fold(text).split())
    return any(
        any(pattern.search(part) for pattern in _PATTERNS) and not _HARMLESS.search(part)
        for part in re.split(r"[.!?\n;]+", folded)
    )


def chosen(choice: str) -> str:
    """What a button of the read-back says of it: ABOVE, COMMUNE, or ''."""
    return _ANSWERS.get(choice, "")


def heard(text: str) -> str:
    """What free words at the read-back say of it: ABOVE, COMMUNE, or ''."""
    written = " ".join(text.split())
    folded = fold(written)
    if phrases.means(text, "yes", "send", beside=("small_talk",)):
        return ""  # "dạ đúng rồi", "đúng, gửi đi": no "đừng", with the marks or without
    if conflicted(text):
        return ABOVE
    if _AFTER_ALL.search(folded):
        return COMMUNE
    if _asks_above(written, folded):
        return ABOVE
    if _DO.match(folded):
        return COMMUNE
    found = _DONT.match(folded)
    return ABOVE if found and len(folded.split()) > 1 and _is_dont(written, folded, found) else ""


def distrusts(text: str) -> bool:
    """Whether words said to whatever question keep a tip away from the commune's police, or tell why."""
    written = " ".join(text.split())
    folded = fold(written)
    return conflicted(text) or (not _AFTER_ALL.search(folded) and _asks_above(written, folded))


def sends(text: str) -> bool:
    """Whether words that let the commune's police read it are more than praise of them: they say to send, too."""
    return bool(_PRAISE.search(fold(text)))


def _asks_above(written: str, folded: str) -> bool:
    found = _ABOVE.search(folded)
    return found is not None and not (
        len(written) == len(folded) and re.match(r"đúng|dừng|đứng", written[found.start() :].lower())
    )


def _is_dont(written: str, folded: str, found: re.Match[str]) -> bool:
    """Whether "dung" is "đừng": typed so, or without its marks and before what is not to be done."""
    if found["dont"] != "dung" or len(written) != len(folded):
        return True
    typed = written[found.start("dont") : found.end("dont")].lower()
    if typed in {"đừng", "đưng"}:
        return True
    return typed in {"dung", "đung"} and bool(_BARE_DONT.match(folded[found.end() :]))


def is_bare(text: str) -> bool:
    """Nothing but "có" or "không", to a read-back that puts two questions."""
    return bool(_BARE.match(fold(text)))


def goes_above(draft: Mapping[str, Any]) -> bool:
    """Whether a tip passes over the commune's police."""
    choice = draft.get("police")
    return choice == ABOVE or (bool(draft.get("conflict")) and choice != COMMUNE)
