"""What is said besides the kind of danger: pills already taken, a height, a friend, a caller still on the line, money paid.

The patterns decide both what `frames` takes for danger and which words the answer begins with. They read folded text with
abbreviations written out; `written` is the same message with its marks, for words that only look alike without them.
Standard library only; gaps are bounded, so that reading stays linear.
"""

from __future__ import annotations

import re

from bot.core.text import excerpt, normalise
from bot.dialogue.triage.phrases import IDIOM, ME, any_of

HEAD, TAIL = 1_400, 500  # characters read, as in the triage
_RELATIVE = (
    r"(?:(?:ban than|ban cung (?:lop|phong|lam)|ban|con ban|thang ban|dua ban|em gai|em trai|em ho|chi gai|"
    r"anh trai|chi|anh|em|me|ma|ba|bo|cha|vo|"
    r"chong|con gai|con trai|con|chau|nguoi yeu|ny|bo|thang em|con em|dua em|thang con|nguoi nha|dong nghiep)"
    r"(?: (?:gai|trai|ruot|ho|than|cu|nha|cua|cung lop))? (?:toi|em|minh|tui|chau|con|tao|may dua em|tui em))"
)
_OTHER = rf"(?:{_RELATIVE}|no|ban ay|ban do|co ay|anh ay|chi ay|em ay|ban than|nguoi yeu|thang ban|con ban)"

# --- quiet signs of a wish to die
_EVERYDAY = any_of(
    r"phoi|nuong|tuoi|trong rau|trong cay|chup|tiec|cafe|ca phe|hong gio|hong mat|tap|son (?:tuong|lan can)|"
    r"sua|lam viec|lap|view|ngam|hong mat|"
    r"du lich|choi|tha dieu|an lau|bbq|nam than|o cu|san phu|suoi am|rua|lau chui|don ve sinh|ban cho|"
    r"ho boi|ve que|ket xe|phim|truyen|game"
)
_HEIGHT = (
    r"(?:lan can|thanh cau|mep (?:cau|lau|toa|san|tang)|noc (?:nha|toa|chung cu)|san thuong|tang thuong|"
    r"bo vuc|mom da|ban cong|"
    r"(?:tren|giua|mep|thanh) (?:cay )?cau(?! (?:thang|long|truot|tau|vong)))"
)
HEIGHT = any_of(rf"(?:dang|ngoi|dung|treo|leo|o|len|ra|tren|troi)(?: \w+){{0,3}}? {_HEIGHT}")
_CHASED = any_of(
    r"duoi theo|duoi (?:em|toi|minh)|cuu (?:toi|em|minh|con|voi|chau)|nhot|giam|tron (?:o|tren|len)|khoa cua|bat coc"
)
_ROPE = any_of(
    r"(?:de|chuan bi|mua|tim|kiem|cot|buoc|that)(?: \w+){0,2} san (?:\w+ ){0,2}?(?:soi |cai )?day(?! (?:sac|"
    r"cap|cap|mang|giay|an toan|cot|phoi|"
    r"dien|du|hoc))",
    r"(?:soi|cai) day (?:\w+ ){0,3}?(?:san|treo|that|xong)|day (?:thung|du) (?:\w+ ){0,3}?(?:san|xong)",
)
_OTHER_DAY = re.compile(r"\b(?:đây|đấy|dạy|dậy|đẩy|đầy|đáy|dày|đay)\b")
_COAL = any_of(
    r"(?:dot than|than(?: \w+){0,4} dot|lo than|bep than)(?: \w+){0,5} (?:trong (?:phong|nha tam|xe)|"
    r"phong (?:ngu|kin|tro)|kin cua|dong cua|"
    r"khoa cua|bit cua)",
    r"(?:dong|bit|khoa|chan|dan)(?: \w+){0,3} (?:cua|phong|khe)(?: \w+){0,4} (?:dot than|than)",
)
_QUIET = any_of(
    rf"(?:gia|phai chi|uoc|biet vay|tha|le ra|dang le|dang ra)(?: \w+){{0,5}}? (?:chua|dung|khong|"
    rf"chang)(?: \w+){{0,2}} (?:sinh|de|dau thai)"
    rf"(?: {ME})? (?:ra|lam nguoi)",
    rf"(?:gia|phai chi|uoc|tha|le ra|dang le)(?: \w+){{0,4}}? {ME} (?:\w+ )?(?:chua|dung|khong|"
    rf"chang)(?: \w+){{0,2}} (?:co mat|ra doi|ton tai|"
    r"tren doi)",
    rf"{ME} (?:chua|khong|dang le khong)(?: \w+){{0,2}} (?:duoc )?(?:sinh ra|ra doi)(?: \w+){{0,2}} (?:thi|chac)",
    rf"(?:khong|chang|khoi)(?: con)? ai (?:con )?phai (?:lo|ganh|kho|phien|met|ban tam|"
    rf"cuc)(?: \w+){{0,2}} (?:cho |vi )?{ME}(?: nua)?",
    r"(?:khong con|khong thay|chang con|cung|het)(?: duong| loi thoat| loi)(?: (?:nao|thoat|di|song|lui|"
    r"ra))*(?: nua)(?: (?:roi|a|het|ca|that))*$",
    rf"(?:{ME}|het|cung) (?:that su |that |gio |da )?(?:het duong|cung duong|duong cung|"
    rf"het loi thoat)(?: (?:song|thoat|lui|di))?"
    r"(?: (?:roi|that|that roi|luon))*$",
    r"(?:khong con|chang con|cha con) (?:duong|loi|loi thoat)(?: nao)?(?: (?:de|song|thoat|lui|"
    r"ra))*(?: (?:roi|nua roi|het))*$",
    r"(?:nam xuong|nham mat|ngu)(?: \w+){0,4} (?:thoi|khoi|dung|khong|chang)(?: bao gio| phai)? (?:day|thuc|"
    r"tinh)(?: (?:nua|luon|lai))?$",
    rf"^(?:thoi |hay |hay la |chac )*(?:{ME} )?(?:di|chet|bien)(?: di| quach| luon| mat)? cho (?:ranh no|"
    rf"ranh|khuat mat|nhe no|nhe ganh|"
    r"moi nguoi (?:nhe|khoe|do kho))",
    r"(?:gui|cho|nho|tang|giao|dem)(?: \w+){0,5}? (?:con meo|con cho|cun|meo|thu cung|do dac|sach vo|"
    r"quan ao|cay dan|xe)(?: \w+){0,8} "
    r"(?:vuong ban|vuong gi|chac no se on|chac tui no se on|khong can (?:den |toi )?nua|thay (?:em|minh|"
    r"toi)|di xa (?:roi|lam)|khong con o day)",
    rf"(?:{ME} )?(?:chia|cho|tang)(?: di)? (?:het|sach|tat ca)(?: \w+){{0,3}} (?:do|do dac|quan ao|dt|"
    rf"dien thoai|tien)(?: \w+){{0,6}} (?:khong can|"
    r"giu lam gi|di xa|lan cuoi)",
    rf"{ME} (?:da |moi |vua )?(?:cot|treo|that|buoc) (?:soi |cai )?day (?:xong|san)(?: (?:roi|het|ca))*",
    r"(?:noi|nhan|bao)(?: \w+){0,2} (?:voi|cho|lai)(?: \w+){0,6} (?:thuong|yeu|xin loi|xl)(?: \w+){0,4} (?:khoi|dung)(?: ai)? tim",
    rf"{ME} (?:\w+ )?khong (?:con )?(?:muon|can|mong|thiet) (?:thay|den|co|gap)(?: \w+)? ngay mai(?! (?:di|thi|kiem|thu|lam|hop|nua))",
    r"(?:gia|phai chi|uoc gi|dang le)(?: \w+){0,4} chet (?:\w+ )?(?:luon|quach|cho roi|ben do|o do|di)(?: \w+){0,3}",
    r"(?:gap lai|ve voi|di theo|doan tu voi) (?:me|ba|bo|ong|noi|ngoai|con|anh|chi) (?:o )?(?:kiep sau|"
    r"tren troi|the gioi ben kia|suoi vang)",
)
_STABLE = any_of(r"viec lam|co luong|tot nghiep|di lam roi|lap gia dinh|du hoc|tu lap|tu lo duoc")

# --- pills or poison already taken
_COUNT = (
    r"(?:[1-9]\d|1\d\d|hai muoi|ba muoi|bon muoi|nam muoi|chuc|may chuc|hai chuc|ba chuc|ca chuc|ca tram|"
    r"gan tram|tram)"
)
_POISON = (
    r"(?:thuoc (?:sau|chuot|tru sau|diet co|co|doc|ray|diet con trung|diet chuot)|paraquat|nuoc (?:tay|"
    r"javen|thong cong)|thuoc tay|axit|"
    r"la ngon)"
)
_DOSE = any_of(
    rf"(?:uong|nuot|tong)(?: \w+){{0,3}}? {_COUNT} (?:\w+ )?(?:vien|vi|ong)",
    r"(?:uong|nuot|tong|xoi)(?: \w+){0,2}? (?:het|ca|nguyen|sach|mot|nua)(?: \w+){0,2}? (?:lo|vi|hop|bich|"
    r"dong|voc|nam|mo|cho)(?: \w+){0,2}? "
    r"(?:thuoc|vien|para\w*|panadol|an than|seduxen)",
    rf"(?:uong|nuot|lo uong)(?: \w+){{0,3}}? {_POISON}",
    r"(?:uong|nuot)(?: \w+){0,2}? (?:het|qua|rat) ?(?:nhieu )?thuoc (?:ngu|an than)|"
    r"qua lieu(?: \w+){0,2} (?:thuoc|roi)|uong thuoc qua lieu",
)
_DONE = any_of(r"roi|xong|vua|moi|da|lo|nay gio|luc nay|hoi nay|tu nay|buon ngu|chong mat|dau bung|oi|non")
_NOT_DONE = any_of(
    r"muon|dinh|se|tinh|neu|chac|di cho|cho roi|la xong|la nhe|la het|nghi toi|sap|co nen|moi ngay|mot ngay|"
    r"trong (?:thang|tuan)|theo (?:don|toa)|bac si ke|"
    r"thuoc (?:bo|sat|canxi|ho|cam|bac)|vitamin|lieu trinh|men|phim|truyen|duoc khong|co sao khong a$|phoi giong"
)
_BODY = any_of(
    r"oi (?:ra )?mau|non (?:ra )?mau|oi (?:lien tuc|hoai|mai|qua)|buon ngu (?:qua|lam|roi)|chong mat|mo mat|"
    r"mat mo|dau bung|kho tho|te (?:tay|het)|"
    r"lim dan|tim dap|sui bot"
)
_TOOK = any_of(
    r"(?:da |lo |vua |moi )(?:uong|nuot|cat|rach|lam)(?! (?:nuoc|sua|tra|ca phe|cafe|bia|com))(?: \w+){0,3}|"
    r"uong (?:het |xong |mat )*roi|nuot (?:het )?roi|"
    r"(?:cat|rach)(?: tay)? roi|chay mau(?: \w+)? (?:nhieu|qua|roi)"
)

# --- somebody else who may die
_FEAR_FOR = any_of(
    r"(?:so|lo)(?: la| rang)? (?:no|ban|ban ay|ban em|co ay|anh ay|chi ay|em ay|me|ba|con|chau|"
    r"em)(?: \w+){0,2} (?:lam (?:bay|dai|lieu|dieu dai|"
    r"chuyen dai|gi dai|gi bay)|nghi quan|nghi dai|tu tu|tu sat|co chuyen chang lanh)",
    rf"{_OTHER}(?: (?!{ME} )\w+){{0,4}} (?:nhan|noi|gui|viet|dang|de lai|up)(?: (?!{ME} )\w+){{0,5}} (?:tam biet|vinh biet|"
    rf"lan cuoi|thu tuyet menh|muon bien mat|"
    r"khong muon song)",
)
# Between them and what they mean to do no "em", "tôi" may stand: then it is the speaker who means it.
_THEIR_DEATH = any_of(
    rf"{_OTHER}(?: (?!{ME} )\w+){{0,6}}? (?:tu tu|tu sat|muon chet|doi chet|dinh chet|nhay (?:cau|lau|song)|"
    rf"nhay xuong|khong muon song|khong thiet song|rach tay|"
    rf"cat tay|cat mach|treo co|nghi quan|lam dai|chan song|vinh biet|uong (?:het|ca|"
    rf"{_COUNT})(?: \w+){{0,2}} (?:thuoc|vien))"
)
# Off a boat, by somebody else; or in a game, where whoever dies comes back. Everything else is meant as it is said.
_NO_DEATH = any_of(
    rf"(?:ghe|thuyen|tren tau|khoi tau|tau ca|tau cau|con tau)(?: (?!{ME} )\w+){{0,12}} nhay (?:xuong|qua|khoi)(?! cho)",
    r"hoi sinh (?:o|lai|cho le|le|lien|ve thanh)|cho hoi sinh",
)
_LOSS = any_of(rf"(?:khi|tu khi|vi|nhu|nho|theo|gap|voi|xin loi|tam biet|vinh biet|cam on) {_RELATIVE}|{_RELATIVE} mat")

# --- a false policeman on the line
_CALLERS = any_of(
    r"cong an|canh sat|vien kiem sat|toa an|dieu tra vien|can bo (?:dieu tra|cong an|vien)|co quan dieu tra|"
    r"thieu ta|trung ta|dai uy|thuong uy|"
    r"bo cong an|kiem sat vien"
)
_HELD_ON_LINE = any_of(
    r"(?:khong|cam|dung) (?:duoc |cho |de )?(?:\w+ )?(?:tat|cup|ngat|dap|gac) ?(?:may|dien thoai|cuoc goi|"
    r"video|cam|camera)?(?! (?:den|bep|quat))",
    r"(?:keu|bat|bao|bieu|yeu cau|ep|noi|doi)(?: \w+){0,4} (?:o|ra|vao|thue)(?: \w+){0,3} (?:khach san|"
    r"nha nghi|homestay|phong rieng|phong kin)",
    r"(?:giu may|mo (?:cam|camera|video)|bat (?:cam|camera))(?: \w+){0,2} (?:suot|lien tuc|ca ngay|24)|"
    r"cu nghe (?:tiep|may)",
    r"(?:o|ngoi)(?: \w+){0,2} (?:khach san|nha nghi|homestay)(?: \w+){0,4} (?:ngay|hom|dem|tuan)(?: nay)?",
)
_REAL_POLICE = any_of(
    r"goi (?:len|ra|toi) (?:phuong|xa|tru so|don)|giay moi|toi goi cong an|bao cong an|muon gap cong an|la cong an"
)

# --- a relative hurt on a film, and money
_HURT = any_of(
    r"(?:toi|em|minh|tui|chau|con|no|thang em|thang con|con be|thang nho|dua em|nguoi nha|anh ay|co ay|gai|"
    r"trai|chong|vo|ay)"
    r"(?: (?:dang|toi|em|tui|minh))? (?:bi|dang bi) (?:\w+ )?(?:troi|danh|tra tan|chich dien|giat dien|"
    r"danh dap|hanh ha|nhot|giam|xich|dap|"
    r"bop co|quat|di dien|cat|bo doi|lot)|mau me|chich dien|tra tan"
)
_SENT = any_of(
    r"video|clip|hinh|quay|anh chup|tam anh|buc anh|gui (?:ve|cho|qua|anh|hinh)|nhan duoc|ghi am|goi ve|"
    r"goi video|xem canh|cho xem|cho nghe"
)
_MONEY = any_of(
    r"(?:doi|keu|bao|bat|ep|yeu cau|bieu|can|phai|noi|ra gia)(?: \w+){0,5}? (?:chuyen|nop|dua|tra|gui|chuoc|"
    r"tien|\d+ ?(?:tr|trieu|do|dola|usd|k|cu|"
    r"chai|ty|van|nghin|ngan)?)",
    r"(?:moi|thi) (?:tha|cho ve)|tien chuoc|chuoc",
)
_THEIRS = any_of(
    rf"{_RELATIVE}|thang em|thang con|no bi|con be|thang nho|nguoi nha|dua em|chong|vo|con trai|con gai|"
    rf"em trai|em gai"
)
_STAGED = any_of(r"gia (?:bi|vo|canh)|tu (?:troi|cot|quay)|dien (?:canh|kich)|canh gia|clip gia|dong (?:canh|kich)")
_MYSELF = re.compile(r"\b(?:bat|ep|keu) (?:em|toi|minh|con|chau|tui) (?:\w+ ){0,3}?(?:tu )?quay\b")


def _words(message: str) -> str:
    return normalise(excerpt(message, HEAD, TAIL))


def quiet_despair(text: str, written: str = "") -> bool:
    """Means at hand, a height, a life wished away: in folded `text`; `written`: the same with its marks."""
    if _QUIET.search(text) and not _STABLE.search(text):
        return True  # a life wished away is meant beside a day's washing, too
    if _EVERYDAY.search(text):
        return False
    rope = _ROPE.search(text) and ("dây" in written or not _OTHER_DAY.search(written))
    high = HEIGHT.search(text) and not _CHASED.search(text)
    return bool(rope or _COAL.search(text) or high)


def taken(text: str) -> bool:
    """Whether pills or poison have already been swallowed, by whomever."""
    return bool(_DOSE.search(text) and _DONE.search(text) and not _NOT_DONE.search(text))


def friend_at_risk(text: str) -> bool:
    """Whether somebody else may take their life."""
    text = IDIOM.sub(" ", text)
    if _FEAR_FOR.search(text):
        return True
    return bool(_THEIR_DEATH.search(text)) and not (_LOSS.search(text) or _NO_DEATH.search(text))


def no_death(text: str) -> bool:
    """Whether a leap is off a boat, by somebody else, or a death in a game from which one comes back."""
    return bool(_NO_DEATH.search(text))


def on_the_line(text: str) -> bool:
    """Whether a "policeman" keeps somebody on the telephone or in a hotel room."""
    return bool(_CALLERS.search(text) and _HELD_ON_LINE.search(text)) and not _REAL_POLICE.search(text)


def filmed_ransom(text: str) -> bool:
    """Whether a film of a relative being hurt came with a demand for money."""
    if _STAGED.search(text) or _MYSELF.search(text):
        return False
    return all(pattern.search(text) for pattern in (_HURT, _SENT, _MONEY, _THEIRS))


def despair_of(message: str, *, after: bool = False) -> str:
    """What kind of despair a message tells of: "taken", "friend", "height", "no_call", or "".

    after: it follows a distress card, where "em buồn ngủ quá" or "uống rồi" says enough.
    """
    text = _words(message)
    if taken(text) or (after and (_BODY.search(text) or (_TOOK.search(text) and not _NOT_DONE.search(text)))):
        return "taken"
    if friend_at_risk(text):
        return "friend"
    if HEIGHT.search(text) and not _EVERYDAY.search(text):
        return "height"
    return "no_call" if _NO_CALL.search(text) else ""


_NO_CALL = any_of(
    r"(?:khong|chua|dung|chang|ngai|so) (?:\w+ )?(?:muon|thich|bat|dam|can|phai|keu)? ?(?:em |minh |"
    r"toi )?goi(?! (?:la|ten))|"
    r"(?:khong|chang) (?:muon|thich|dam) (?:noi|nghe) (?:dien thoai|may|chuyen)"
)
_PAID = any_of(
    r"(?:da |lo |vua |moi |dinh )?(?:chuyen|gui|nop|dua|bank|ck)(?: (?:cho|ho|no|het|mat|khoan|tien|tui|bon|"
    r"chung))* (?:\d+|may|mot|hai|ba|nam|muoi|"
    r"tram|het|tien|nua|roi)(?: \w+){0,3} roi",
    r"(?:chuyen|gui|nop|dua)(?: \w+){0,2} roi|mat (?:het )?(?:\w+ ){0,2}(?:tien|trieu|\d+ ?tr)|(?:lay|doi|"
    r"rut) lai (?:\w+ )?tien|"
    r"tien (?:\w+ ){0,3}(?:lay|doi) lai|"
    r"(?:da|lo|vua|moi) (?:chuyen|gui|nop|dua|doc) (?:tien|khoan|otp|ma|\d+)|bi tru tien",
)
_NOT_PAID = any_of(r"chua (?:chuyen|gui|nop|dua)|neu|co nen|sap|dinh|se")


def paid(message: str) -> bool:
    """Whether money has gone already, or is asked back."""
    text = _words(message)
    return bool(_PAID.search(text)) and not _NOT_PAID.search(text)


POLICE_TALK = any_of(
    r"tat may|cup|ho (?:noi|bao|keu|lai|goi|doa|se|bat|dang|cu|nhan|khong)|no (?:noi|bao|goi|doa|keu|bat)|"
    r"goi lai|goi nua|nghe tiep|nghe may|lenh bat|"
    r"bat (?:em|toi|con|minh|chau)|camera|khach san|cong an (?:that|gia)|dieu tra|tai khoan|chuyen|otp|dinh danh"
)
RANSOM_TALK = any_of(
    r"chuoc|chuyen|vay|tien|bao cong an|cong an|di qua|qua do|sang do|dem tien|no (?:noi|bao|goi|doa|keu|"
    r"doi|lai)|ho (?:noi|bao|goi|doa|keu|doi|lai)|"
    r"clip|video|danh (?:no|con|em)|giet|han|trieu|tha"
)
LURE_TALK = any_of(
    r"yeu|thuong|that long|that ma|tin (?:anh|a|no|ban)|mua ve|dat ve|mai (?:em |con |minh |toi )?(?:di|len|"
    r"qua)|toi nay|dung noi|khong (?:duoc )?noi|giau|"
    r"bi mat|(?:anh|a|ban|chi) (?:ay|ta|do) (?:noi|bao|hua|dan|keu|gui|cho|tot)|hua|cuoi|gap|lo hen|da hen|"
    r"nho|quen|me (?:khong )?biet"
)
_ON_BUS = any_of(
    r"(?:dang )?(?:ngoi|o|len|di) (?:tren )?(?:xe|tau|may bay)(?: \w+){0,3} (?:len|ra|di|qua|sang|toi|den|"
    r"ve)(?: \w+){0,3} (?:mong cai|lao cai|"
    r"lang son|cua khau|bien gioi|sapa|sa pa|ha giang|cao bang|moc bai|tay ninh|chau doc|ha tien|lao bao|"
    r"dien bien|tan thanh|trung quoc|campuchia)",
    r"(?:dang tren (?:xe|duong|tau)|len xe roi|xe (?:dang )?chay roi)(?: \w+){0,8} (?:gap|mong cai|lao cai|"
    r"lang son|cua khau|bien gioi|anh|ban|chu)",
)
_NET = any_of(
    r"quen (?:\w+ ){0,3}(?:mang|facebook|fb|zalo|tiktok|game|online)|(?:tren|qua) mang|ban mang|"
    r"nguoi yeu (?:\w+ )?(?:mang|online)|chua gap"
)


def on_the_way_to_a_stranger(text: str) -> bool:
    """Whether somebody sits in a bus to the border, to meet who is known from the net only."""
    return bool(_ON_BUS.search(text) and _NET.search(text))
