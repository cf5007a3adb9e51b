"""What only sounds like danger: the patterns of `frames` that calm, and the meanings they stand for. As in `phrases`."""

from __future__ import annotations

import re

from bot.dialogue.triage.phrases import ABOUT, ME, any_of

SURRENDER = any_of(
    r"(?:ra|len|toi|gap) cong an (?:de )?(?:noi|ke|khai) (?:het|that|ra)|nhan loi voi (?:co quan|cong an|phap luat)",
    r"(?:tung|da|lo) (?:\w+ ){0,2}?(?:dat moi|dan (?:nguoi|khach)|cho nguoi|du |ru |moi gioi|tuyen) ?(?:\w+ ){0,8}?(?:khai|tu thu|nhan toi)",
    r"tu thu(?! voi (?:ban|nguoi yeu|vo|chong|me|ba|bo|crush))(?= (?:o|thi|thoi|khai|di|nhu|the nao|co|duoc|va|voi|roi|a|tai|bang|luon|gi|khong|"
    r"hay|cho|ma|nua|xong)\b|$)",
    r"(?:muon|ra|xin|dinh|di|dam|nen|khuyen) (?:\w+ )?tu thu(?! voi (?:ban|nguoi yeu|vo|chong|me|ba|bo|crush))|dau thu(?! gian)|"
    r"muon (?:\w+ )?thu (?:toi|that)|thu toi voi|ra trinh dien|"
    r"tu nguyen khai|tu ra khai",
    r"(?:muon|xin|di|ra|de) (?:\w+ ){0,2}?(?:khai (?:bao (?:ve|viec|nhung|het|hanh)|ra|het|that|nhan))|(?:muon|de|xin) nhan toi|(?:hoi han|"
    r"an han|hoi loi) (?:\w+ ){0,6}?(?:khai|noi het|lam lai|dung lai)",
)
_LAW = (
    r"(?:bi |phai |co |se |lai |con |ma |duoc |cung |la )*(?:phat|di tu|tu toi|vao tu|o tu|ngoi tu|bat (?:em|toi|minh|con|chong toi|khong|luon|"
    r"giam|vi|khi)(?= |$)(?! (?:coc|lam|ep))|truy to|truy cuu|khoi to|xu (?:ly|phat|tu|an)|ket an|co an|co toi|bi toi|pham toi|dinh an|lien can|"
    r"lien luy|di trai)"
)
_DEED = (
    r"(?:(?:bi|duoc) (?:\w+ ){0,2}?(?:ep|bat|cuong ep|buoc|bat ep|danh|doa) (?:\w+ ){0,5}?(?:lua|gat|lam|tiep khach|ban dam|ban than|goi|nhan|"
    r"tuyen|ru|chuyen|van chuyen|trong|chan)|di chui|vuot bien|xuat canh trai phep|trai phep|duong (?:mon|tieu ngach|rung)|tieu ngach|"
    r"khong (?:co )?(?:ho chieu|giay to|visa)|o lau|qua han|giay to gia|ho chieu gia|(?:lam|o) (?:\w+ ){0,3}(?:cong ty|khu) lua dao|lam lua dao|"
    r"lua dao ben|trong (?:can sa|co)|bi ep|la nan nhan|phai (?:di )?lua|pham phap|da lua|lo lua|co lua)"
)
_DID = re.compile(rf"\b{_DEED}\b")
_PUNISHED = re.compile(rf"\b(?:co|so|lieu|lo|thi|ve|nen|roi|cong an|ho|moi|cung) (?:\w+ ){{0,2}}?{_LAW}\b")
_ASKS = re.compile(r"\b(?:khong|chua|hong|ha|sao|gi|nao|so|lo|may|bao nhieu)\b")


def fears_law(text: str) -> bool:
    """Somebody who was forced to do wrong, or left without papers, asks whether there is a punishment."""
    return all(pattern.search(text) for pattern in (_DID, _PUNISHED, _ASKS))


HELD_NOW = any_of(
    r"dang (?:bi |o trong |con bi )?(?:nhot|giam|giu|bat|khoa|danh|ep|troi|canh|ket)|(?:khong|chua) (?:cho|ra|the ra|the ve|duoc ra|thoat|"
    r"tron) (?:ra|ve|duoc|em|toi|di)|bi (?:nhot|giam|giu) (?:o|trong|ben|tai)|cuu (?:em|toi|con|minh|chau|voi)|van (?:dang |con )?(?:bi|"
    r"o trong)|bi nhot|bi giam|thu (?:het )?(?:dien thoai|ho chieu)"
)
PATIENT = any_of(
    r"benh nhan|thai phu|san phu|ca benh|nguoi benh|nguoi bi thuong (?:vao|den)|bac si|dieu duong|y ta|nu ho sinh|ho sinh|tram y te|phong kham|"
    r"khoa san|phong cap cuu"
)
BRUISES = any_of(
    r"bam|bam tim|tra loi (?:thay|ho|giup)|di cung|kem|ke ke|khong (?:co )?giay to|so (?:set|hai)|hoi rieng|noi chuyen rieng|vet thuong|seo|"
    r"khong phai nguoi than|khong cho noi|bau"
)
_ONLINE = (
    r"(?:tren|qua|o|o tren|bang) (?:mang|facebook|fb|face|zalo|tiktok|game|tinder|litmatch|app|instagram|ig|telegram|azar|bigo|mxh|mang xa hoi|"
    r"dien thoai|ung dung|web)|online|ao|qua mang|mang|facebook|fb|zalo|tiktok|telegram|instagram|litmatch|tinder"
)
_LOVER = (
    rf"(?:nguoi yeu|ban trai|ban gai|ny|bo|ban|anh|chi|chu|co|ai|nguoi|be|trai|gai|quen|lam quen)(?: (?:moi|la|bo doi|tai xe|ky su|hai|ba|may|"
    rf"tuan|thang|ay|nay|do|kia|ta|em|toi|con|chau|"
    rf"minh|"
    rf"cua|nao|quen|lam quen|ban|chua gap|mot|nguoi|biet))* ?(?:{_ONLINE})"
)
_STRANGER = (
    r"(?:nguoi la|chu la|anh la|co la|chi la|ba la|ong la|nguoi moi quen|moi quen|chua gap(?: mat| lan| bao gio)?|chua biet mat|"
    r"quen (?:duoc )?(?:may|\d+|vai|hai|ba|mot) (?:ngay|tuan|thang|hom)|lam quen o (?:cho|hoi)|trai ban ben)"
)
_INVITES = (
    r"(?:hen|ru|moi|don (?:em|con|chau|toi|minh) (?:ra|len|qua|sang|di)|dung (?:noi|cho|ke) (?:voi )?(?:me|ba|bo|ai|nha)|gap (?:ban trai|"
    r"ban gai|nguoi yeu)|mua ve|gui ve|bat xe|di gap|len gap|ra gap|qua gap|(?:keu|bao|doi|bieu|nho|xin) (?:em|con|toi|minh|chau|no|"
    r"em ay)? ?(?:len|"
    r"sang|qua|ra|di|bat xe|xuong|vo|toi|gap))"
)
_EDGE = (
    r"(?:cua khau|bien gioi|bien mau|mong cai|lao cai|lang son|dong dang|sapa|cao bang|ha giang|lai chau|dien bien|sa pa|ha khau|dong hung|"
    r"bang tuong|moc bai|"
    r"chau doc|ha tien|tay ninh|xa mat|lao bao|cau treo|na meo|huu nghi|tan thanh|ben kia|ben do|qua ben|sang ben|qua bien|trung quoc|tq|"
    r"campuchia|lao|thai lan|myanmar|cho (?:phien|tinh|bien|xa|ben|o|tq)|di cho|ra mat|gap (?:bo me|ba me|gia dinh|mat)|di choi xa|len (?:do|"
    r"choi|gap|tham|nha)|ve nha (?:anh|no|ban)|tron nha)"
)
_FROM_NET = re.compile(rf"\b(?:{_LOVER}|{_STRANGER})\b")
_INVITED = re.compile(rf"\b{_INVITES}\b")
_TO_EDGE = re.compile(rf"\b{_EDGE}\b")
_MARRY = any_of(r"muon cuoi vo|lay chong|cuoi vo viet|mai moi|moi gioi")
_MARKET = any_of(
    r"(?:ru|hen|moi|keu) (?:\w+ ){0,4}(?:di|sang|qua|len) (?:\w+ ){0,4}(?:cho|choi|hoi|an|chup hinh|mua (?:do|sam|quan)|sam tet|"
    r"check in) ?(?:\w+ ){0,4}(?:ben kia|bien gioi|cua khau|trung quoc|ben do|ben trung|ben lao|ben cam)",
    r"(?:ru|hen|moi|keu) (?:\w+ ){0,4}(?:sang|qua|len) (?:ben kia|bien gioi|cua khau|ben do|ben trung quoc) (?:\w+ ){0,4}(?:choi|cho|an|gap|mua|"
    r"chup)",
)
_WORK = any_of(
    r"viec|luong|lam(?! (?:quen|vo|sao|gi|dau|ban))|tuyen|cong ty|boc hang|xuat khau|cong trinh|dau tu|nap|khach thue"
)


def invited_by_stranger(text: str) -> bool:
    """Somebody met online, or hardly known, asks to come to the border, to a market beyond it, to a far home."""
    if _WORK.search(text) or ABOUT.search(text):
        return False
    if _MARKET.search(text):
        return True
    if _MARRY.search(text) and not _TO_EDGE.search(text):
        return False
    return bool(_FROM_NET.search(text) and _INVITED.search(text) and _TO_EDGE.search(text))


ON_THE_WAY = any_of(
    r"(?:dang|ngoi) (?:o )?tren (?:xe|tau|duong)|len xe roi|(?:toi|den) noi roi|dang (?:ngoi |dung )?(?:o |trong )(?:cua khau|bien gioi|ben kia|"
    r"trung quoc|nha|can nha|cho)|qua (?:day|ben nay) roi|o ben nay|mat tich|lien lac|bi ban|bi lua|"
    r"di (?:roi|mat|luon)|bien mat|giao cho|goi ve|nhan ve|dat di|dan di|khoc|nhot|da (?:di|qua|sang|len)|(?:hom qua|sang nay|"
    r"toi qua) (?:no )?(?:di|len|qua)"
)
SCARED = any_of(r"thu (?:dien thoai|giay to|ho chieu|can cuoc)|khoa cua|so qua|muon ve|khong cho")
SOLVED = any_of(
    r"(?:tim|kiem) (?:thay|duoc|ra) (?:\w+ ){0,4}?(?:roi|cam on)|(?:da|vua|moi) (?:tim|kiem) (?:thay|duoc|ra)(?! (?:dau|gi))|gap (?:lai |"
    r"duoc )+(?:\w+ ){0,3}roi",
    r"(?:con|chau|no|em|be|chong|vo|me|ba|anh|chi|ong)(?: (?:gai|trai|toi|em|minh|ay|nha))* (?:da )?(?:ve (?:nha |den nha |toi nha |"
    r"que )?(?:roi|an toan|binh an)|lien lac (?:duoc )?roi)",
    r"xin rut(?: lai)?(?: (?:tin|don|lai))|rut (?:lai )?tin|(?:giai quyet|xu ly|chuyen|viec|moi chuyen|moi viec)(?: (?:do|nay|da|"
    r"cung))* (?:xong|on|on thoa|on dinh)(?: xuoi)?(?: (?:roi|ca))|hieu lam (?:thoi|roi)|bao nham",
    r"het nguy hiem|(?:da|gio|hien) an toan roi|ve (?:den )?nha (?:an toan )?roi a?$|goi (?:lai )?ve (?:duoc )?roi|chi (?:het pin|mat song|"
    r"ngu quen)",
)
BUT_STILL = any_of(
    r"(?:nhung|ma|con|van|lai) (?:\w+ ){0,5}?(?:van|con|lai|chua|doa|so|theo|doi|ep|bi|giu|nhot|danh)|chua (?:tim|thay|ve)|(?:bi|dang) (?:doa|"
    r"theo doi|danh|giu|nhot|ep)|tim (?:den|toi) nha|cuu|so (?:lam|qua)|khong an toan|chua an toan|xac|chet"
)
STILL_WRITES = any_of(
    r"(?:van|deu|thuong xuyen)(?: (?:hay|con|thuong|deu|dang|co|thuong xuyen|moi|hang|ngay|tuan|thang))* (?:gui tien|goi (?:ve|dien|video)|"
    r"nhan tin ve|lien lac (?:deu|binh thuong|thuong)|binh thuong|khoe|on|di lam|ve (?:tham|tet))"
)
LOST = any_of(r"mat (?:lien lac|tich|tin)|khong (?:lien lac|goi|thay|nghe may)|biet tam|tat may|thue bao")
_UNWELL = r"(?!.*\b(?:khong (?:gap|con)|giu suc|xin loi|vinh biet|tam biet|lan cuoi)\b)"
WELL = re.compile(
    rf"^{_UNWELL}(?:\w+ ){{0,6}}?(?:{ME}|bac|co|chu|ba|ong|gia dinh)? ?(?:\w+ ){{0,3}}?(?:van |dang |rat |hoan toan |deu |cam thay |"
    rf"thay )*(?:an toan|binh an|khoe manh|khoe|on|binh thuong)(?: (?:va|khoe manh|khoe|binh an|an toan|vui|tinh tao|minh man|on|lam|nhe|a|ca|"
    rf"het|roi|thoi|day|o|nha|tai|que|trong|voi|con|chau|cam|cac|bac|ban|da|hoi|tham|moi|su|viec|khong|sao|gi))*$"
)
_END = r"(?: (?:roi|nua|ro|gi|a|do|kia|day|het|lam|nhe|nha|thoi|ma|truoc|nay|vay|dau))*$"
FRAGMENT = re.compile(
    rf"^(?:(?:da|thua|vang|u|uh|a|thi|ma|la) )*(?:"
    rf"(?:(?:nha|que) (?:cua )?)?{ME} (?:o|song o|que o|que|nguoi|tro o)(?: \w+){{1,6}}$"
    rf"|(?:{ME} )?(?:co )?(?:thay|nghe|biet|nho|nho la|khong nho|khong biet|khong ro|chua biet|nghe noi){_END}"
    rf"|(?:no|ho|co ay|anh ay|ban ay) (?:van )?o (?:do|day|kia|nha|ben|tren do|duoi do){_END}"
    rf"|(?:khoang|chac|tam|co|chung|gan)(?: \w+){{1,2}} (?:gio|tieng|nguoi|ngay|hom|tuan|thang|dua|ban){_END})"
)
DANGEROUS_WORD = any_of(
    r"cuu|giup|nhot|giam|bat|danh|ban|ep|khoa|chet|giet|mat|lac|giu|tron|thoat|so|nguy|hiep|dam|mau|sung|dao|ket|chuoc|doi|lua|chay|doa|canh|"
    r"troi|xich|khoc|dau|thuoc|nhay|"
    r"casino|cam|campuchia|lao|myanmar|trung quoc|bavet|tau|thuyen|ghe|rung|trong (?:phong|kho|ham|toa|cong ty)|dac khu|khu|tang|khong (?:ra|ve|"
    r"thoat)"
)
# Words of danger in everyday use: a class monitor, a fall, a lost dog, school punishments, roofs for laundry.
EVERYDAY = any_of(
    r"(?:bot|giam) (?:gia|\\d+ ?phan tram)(?: (?:cho|khi|neu|ve|manh))?",
    r"bi (?:co |thay |lop )?(?:bat|ep|chi dinh) (?:lam )?(?:lop truong|lop pho|to truong|truong nhom|bi thu|thu ky)",
    r"(?:bi |co |thay |me |giao vien )(?:\w+ )?(?:bat|phat) (?:\w+ )?(?:chep phat|chep bai|chep|truc nhat|"
    r"quet lop|hoc thuoc|viet ban kiem diem|dung goc)",
    r"(?:cho|meo|ga|vit|chim|cun)(?: con)?(?: (?:nha|cua))?(?: (?:em|toi|minh|tui|con|"
    r"chau))? bi (?:\w+ )?(?:bat|trom|mat|danh ba|xe can)",
    r"(?:te|nga|vap|dung|trat chan)(?: \w+){0,4} (?:bam|tray|gay|sung|chay mau)|(?:bam|tray|sung|"
    r"gay)(?: \w+){0,4} (?:do|vi|tai) (?:te|nga|vap|dung|da banh|"
    r"choi)",
    r"(?:bi )?(?:cong an|canh sat|csgt)(?: \w+){0,2} phat(?: \w+){0,6} (?:mu|den do|toc do|bang lai|nong do|"
    r"sai lan|qua toc)",
    r"(?:san thuong|ban cong|noc nha|lan can)(?: \w+){0,4} (?:phoi|tuoi|nuong|hong|chup|trong|tap|son|an|uong|ngam)",
    r"chan song(?: \w+){0,2} (?:di hoc|di lam|thi|bai tap|deadline|hoc)",
    r"(?:moi|vua)(?: \w+)? ve (?:tu )?(?:campuchia|lao|trung quoc|thai|"
    r"nuoc ngoai)(?: \w+){0,6} (?:khai sinh|ho khau|giay to|nhap hoc|can cuoc)",
    r"tu thu (?:voi|la|rang|voi ca nha)(?: \w+){{0,8}} (?:thich|an vung|an het|an mat|quay cop|copy|lam vo|"
    r"luoi|crush|ny|chua hoc|ngu quen)|tu thu voi "
    r"(?:crush|ny|ban gai|ban trai|me|lop)",
    rf"^(?:chi|anh|ban|em gai|em trai|me|ba|bo|vo|chong|con|chau|ong|co|chu)(?: (?:gai|trai|than|"
    rf"ho))? {ME}(?: a| day| ne| nha)?$",
)
DANGER_BESIDE = any_of(
    r"nhot|giam|xich|troi|cuu|chet|giet|danh dap|bi danh|tu tu|nhay|het duong|lan cuoi|xin loi|tam biet|"
    r"vinh biet|ban dam|hiep|so mo|tra tan|doa|"
    r"khong (?:cho|duoc) (?:ra|ve|di)|bi ban|mat tich"
)
