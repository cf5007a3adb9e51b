"""What says danger: the patterns of `frames`, in folded Vietnamese with abbreviations written out.

Gaps between words are bounded, so that reading stays linear in the text.
"""

from __future__ import annotations

import re

ME = r"(?:toi|em|minh|con|chau|tao|tui|bon em|tui em|chung toi|chung em)"
_KIN = (
    r"(?:me|ma|mam|ba|bo|cha|tia|u|bam|bo me|ba ma|ba me|cha me|ca nha|gia dinh|vo|chong|con|cac con|em|chi|anh|ong|ba noi|ba ngoai|"
    r"moi nguoi|tat ca|the gioi|cuoc doi|doi|ban be|cac ban)"
)


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern of whole words."""
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


# --- not about oneself, not now
STORY = any_of(
    r"phim|truyen|tieu thuyet|game|bai hat|loi nhac|kich ban|ban tin|thoi su|tren bao|doc bao|bai bao|bai tap|bai van|thuyet trinh|"
    r"nhan vat|hat karaoke|ca si|dien vien|nghien cuu"
)
ABOUT = any_of(
    r"la (?:gi|chieu gi|thu doan gi|sao|nhu the nao)(?: vay| a| ha)?$",
    r"(?:phong|phong ngua|phong tranh|tranh|ngan) (?:chong )?(?:bi|viec|nan|kieu|tinh trang)",
    r"(?:neu|lo|gia su|(?<!dua )(?<!thang )(?<!con )(?<!be )(?<!em )(?<!co )nho|vi du|truong hop)(?: \w+){0,2} bi",
    r"(?:xu|phat|tu|an) (?:may|bao nhieu) nam|(?:kiem tra|nhan ra|biet) (?:\w+ ){0,2}?(?:bang )?cach nao|la tu (?:dau|cam)",
    r"(?:tuyen truyen|bai giang|canh bao moi nguoi|day con|dan con|dau hieu|nhan biet|thu doan|pham toi gi|bi phat|phat tu|muc phat|may nam tu|"
    r"dieu luat)",
)
PENALTY = any_of(
    r"(?:phat|di tu|tu|xu ly|muc an|toi) (?:bao nhieu|may nam|the nao|gi)|bi (?:phat|xu ly) (?:sao|the nao|ra sao)|toi gi"
)

# A question about the matter: nobody of one's own is in it.
QUESTION_END = re.compile(
    r"\b(?:khong|khong a|phai khong|dung khong|sao a|sao|vay anh|vay chi|ha|ha ban|nao|lam gi|nhu the nao|may nam|the nao|gi)$"
)
CAPTIVE_ME = re.compile(rf"\b{ME}(?: \w+){{0,3}}? bi (?:ho |no |chu )?(?:nhot|giam|giu|khoa|troi|xich)\b")

# --- blackmail with pictures
_NAKED = (
    r"khoa than|nong|nhay cam|rieng tu|kin dao|ho hang|loa lo|sex|nude|nudes|nguoi lon|ho nguc|vung kin|do lot|noi y|tran truong|bay ba|kho coi|"
    r"khong (?:mac|manh)(?: \w+)? ?(?:do|ao|gi|vai)?|coi (?:do|ao|het|truong|tran)|tam|thay do|lam tinh|lam chuyen|quan he|cho kin|rieng cua|"
    r"hai dua|vo chong|cat ghep|ghep"
)
# "anh" is a brother more often than a picture: it counts only beside words that make it one.
_PICTURE = (
    r"(?:hinh|pics?|photos?|clip|video|tam anh|anh chup|hinh anh|buc anh|may anh|nude|doan phim|"
    r"anh(?= (?:rieng|nong|nhay cam|khoa|ho hang|nude|rieng tu|sex|cua (?:em|toi|con|minh|chau)|(?:em|con|toi|minh|chau) (?:len|cho|khoa|ho|"
    r"khong|luc|"
    r"ra|mac|tam|cho)|khong mac|khong manh|ghep|cat)))"
)
PRIVATE_PICTURE = any_of(
    rf"{_PICTURE} (?:\w+ ){{0,4}}?(?:{_NAKED})",
    rf"(?:{_NAKED}) (?:\w+ ){{0,3}}?{_PICTURE}",
    r"nude|nudes|sextape|deepfake|chat sex|call sex|goi (?:video |dien )?sex|video (?:call |goi )?sex|phim (?:sex|heo|nguoi lon|nong)|show hang|"
    r"sex chat|phim con heo|len (?:quay|chup)|(?:coi|xem|khoe|show|cho thay) (?:\w+ )?(?:nguc|vung kin|than the|co the)|ghi hinh (?:luc|khi)|"
    r"quay (?:len|trom)|chup (?:len|trom)|(?:quay|chup)(?: (?:lai|luc|khi|canh|trong|phong|em|dang|toi|con))* (?:tam|thay do|khoa than)",
    r"(?:ghep|cat ghep) (?:\w+ ){0,2}?(?:mat|hinh|anh|dau)|coi (?:do|ao|het|truong|tran)(?: \w+){0,8} (?:quay|chup|luu|video|cam)",
)
# A call with a picture is how blackmailers get theirs, and how kidnappers show whom they hold.
ON_CAMERA = any_of(
    r"goi video|video goi|video call|goi (?:zalo|mess|messenger)|chup (?:lai )?man hinh|quay (?:lai )?(?:man hinh|luc goi|phim)|quay lai|"
    r"app hen ho|hinh|clip|video|ghi hinh|bat cam"
)
HOLDS_PICTURE = any_of(
    rf"(?:giu|co|luu|nam|lay)(?: (?:duoc|het|may|cac|nhieu|tam|cai|doan|nhung))* {_PICTURE} (?:cua )?{ME}"
)
SPREAD_PICTURE = any_of(
    rf"(?:tung|phat tan|rai|leak|lan truyen|beu|boc phot|dang|up|post|share|chia se|public|gui|dua) (?:\w+ ){{0,3}}?{_PICTURE}",
    r"(?:tung|phat tan|leak|up|post|dang) (?:anh|hinh|clip|video)(?! (?:can cuoc|giay to|cccd|chung minh|the|mat truoc))",
    rf"{_PICTURE} (?:\w+ ){{0,4}}?(?:bi )?(?:tung|phat tan|rai|leak|dang|up|post|share)",
)
TO_WHOM = any_of(
    r"(?:gui|dua|ban|tag|khoe|cho xem|cho|up|dang|post|share|tung)(?: (?:het|hinh|anh|clip|video|no|do|cac|may|tat ca|ca|len|vao|ve|cho|toi|den|"
    r"cua|em|con|minh|lai))* "
    r"(?:ban be|truong|lop|co giao|thay co|bo me|ba ma|ba me|gia dinh|co quan|dong nghiep|vo|chong|moi nguoi|nhom|group|follower|facebook|fb|"
    r"mang|face|me|hoi nhom|danh ba)",
    r"cho (?:ca )?(?:truong|lop|lang|xom|khoa|cong ty|nha)(?: \w+)? (?:xem|coi|thay|biet)",
    r"(?:ca truong|ca lop|moi nguoi|bo me|ba ma|gia dinh|vo toi|chong toi) (?:se |deu |cung )?(?:xem|thay|biet|coi) (?:clip|video|hinh|het|duoc)",
)
THREAT = any_of(
    r"khong (?:nghe loi|nghe|chieu|theo|chiu|dong y|gap|di)(?: \w+){0,2} (?:thi|la|se|no|cho)",
    r"doa|ham doa|de doa|uy hiep|khong che|tong tien|blackmail|khong thi|neu khong|bat phai|cuong ep|moi (?:xoa|go)|giu (?:hinh|anh|clip|video)|"
    r"phat tan|tung (?:anh|hinh|clip|video)|"
    r"leak|rai (?:anh|hinh|clip)|(?:ep|bat) (?:em|con|toi|minh|chau|phai)|khong (?:\w+ ){1,6}(?:la|thi) (?:no |ho )?(?:se )?(?:tung|dang|"
    r"phat tan|gui|up|post)",
)
PRICE = any_of(
    r"voi tien|ra gia|doi \d+ (?:chai|lit|cu)|doi (?:dang|tung|gui|phat)|chuyen \d+|tra no|dua cho (?:thay|co|truong)|se (?:dua|gui) cho",
    r"doi (?:tien|\d+|them|no|gap|ngu|chia|xoa|phi)|tong tien|chuyen (?:tien|khoan|\d+)|tra tien|dua tien|nop tien|nap (?:the|card|tien)|"
    r"bitcoin|usdt|phi go|tien (?:go|xoa)|(?<!em )(?<!toi )(?<!minh )(?<!con )(?<!chau )gui them|chup them|quay them|doi$",
)
LONG_AGO = any_of(r"(?:da|ke|co lan|hoi do|hoi truoc|ngay xua) tung bi|tung bi (?:doa|tong)|nam ngoai|hoi truoc")
WAITS_OUTSIDE = any_of(r"(?:cho|doi|dung|dang) (?:o |san )?(?:ngoai|duoi|truoc) (?:cua|nha|hem|cong|duong|truong)")
SELLS_BODY = any_of(r"tiep khach|ban dam|di khach|ban than")
LOAN = any_of(r"vay (?:tien|no|nong|app|online|qua app)|app vay|tin dung den|khoan vay|no app|doi no|boc bat ho")

# --- a caller who says he is the police
AUTHORITY = any_of(
    r"sac phuc|canh phuc|duong day (?:ma tuy|rua tien|toi pham|lua dao)|lien quan (?:den |toi )?(?:mot )?(?:vu )?an|dinh (?:vu |mot )?an|"
    r"lay loi khai",
    r"cong an|canh sat|vien kiem sat|kiem sat vien|toa an|vien kiem soat|bo cong an|dieu tra vien|can bo dieu tra|co quan dieu tra|csdt|c02|c06|"
    r"hai quan|thanh tra|interpol|"
    r"lenh bat|quyet dinh khoi to|giay trieu tap|thieu ta|trung ta|thuong ta|dai uy|thuong uy|thieu uy|trung uy|cuc vien thong|buu dien|"
    r"ngan hang nha nuoc|can bo|hinh su|police|dac vu|thi hanh an",
)
PRETENDS = any_of(
    r"tu nhan(?! thuc)",
    r"mac (?:do )?(?:sac phuc|canh phuc)|(?:noi|bao) (?:la )?(?:o|ben|lam o|lam ben|tu|thuoc) (?:\w+ ){0,2}?(?:cong an|canh sat|vien kiem sat|"
    r"toa an)",
    r"(?:tu )?xung (?:la |minh la |danh )?|(?:tu )?nhan (?:la|minh la)|gia (?:danh|mao|lam|vo|bo|dang|danh la)?(?= ?(?:cong an|canh sat|vien|"
    r"toa|can bo|nguoi|dieu tra))|mao danh|"
    r"(?:cong an|canh sat|can bo) (?:gia|dom|dom dang|rom|online|qua mang|ao)|gioi thieu (?:la|minh la)|(?:noi|bao|keu|khai) (?:la |minh la |"
    r"ho la |no la |rang la )(?:cong an|canh sat|can bo|vien|toa|dieu tra|ben|nguoi ben|nguoi cua)|"
    r"noi lam (?:ben|o|trong)|bat coc (?:online|qua mang)|mac do (?:cong an|canh sat)|deo (?:quan ham|lon)",
)
REMOTE = any_of(
    r"goi|video|zalo|zoom|telegram|viber|skype|meet|online|dien thoai|dt|qua mang|nhan tin|tin nhan|messenger|webcam|camera|so la|may|link|app|"
    r"ung dung"
)
ORDER = any_of(
    r"chuyen (?:tien|khoan|het|so tien|vao|sang|\d+)|(?:phai )?nop (?:tien|phat|phi|\d+)|bi kien|dong (?:tien|phat|phi)|doi (?:tien|\d+|ma|toi|"
    r"em)|rut (?:tien|so)|so tiet kiem|tai khoan|ngan hang|otp|rua tien|ma tuy|duong day|lenh bat|"
    r"khoi to|trieu tap|dinh (?:an|vu|toi|ma|den|vao|liu|rua|duong)|lien quan|pham toi|tinh nghi|bao lanh|tam giu|trong sach|khach san|nha nghi|"
    r"phong tro|homestay|"
    r"(?:o|ra|thue|phong|di|ngoi) (?:ngoai )?(?:mot minh|rieng|phong)|ra khoi (?:nha|ky tuc|phong)|(?:khong|cam|dung) (?:duoc |dc )?(?:noi|ke|"
    r"bao|cho|cup|tat|ngat|roi|tiet lo)|"
    r"giu bi mat|tu troi|dien canh|quay (?:video|clip|canh)|ke khai|phong toa|cam xuat canh|dinh danh|vneid|cai (?:app|ung dung|dat)|phat nguoi|"
    r"lay loi khai|coi do|vay tien|gui tien|lua dao|doc (?:so )?can cuoc|bat (?:toi|em|con|chau|minh|me|ba|ban)"
)
# Real policemen work at their office. One who calls, on a screen, with orders about money, rooms or silence, is none.
_POLICE = (
    r"(?:cong an|canh sat|vien kiem sat|kiem sat vien|toa an|dieu tra vien|can bo|hai quan|thieu ta|trung ta|dai uy|thuong uy|c02|"
    r"cuc vien thong|buu dien|ngan hang nha nuoc)"
)
_VICTIM = r"(?:toi|em|con|minh|chau|me|ma|ba|bo|bo me|ban|vo|chong|ong|nguoi)"
AUTHORITY_ACTS = any_of(
    rf"{_POLICE} (?:\w+ ){{0,6}}?(?:goi (?!len|ra|moi)(?:\w+ )?(?:video|zalo|dien|cho|toi|em|den|bao|noi|keu|noi may)|video|zoom|bat {_VICTIM}|"
    rf"bao {_VICTIM}|keu {_VICTIM}|bieu {_VICTIM}|yeu cau|doi (?:tien|\d+)|gui (?:lenh|giay|quyet)|ep {_VICTIM}|noi {_VICTIM}|gi bat|gi do bat)",
    rf"(?:nghe (?:may|dien thoai)|noi may|chuyen may|lam viec|ban dien thoai|goi video|zoom) (?:\w+ ){{0,3}}?(?:voi|cua|cho|gap|tu) {_POLICE}",
    r"(?:lenh bat|quyet dinh khoi to|giay trieu tap) (?:\w+ ){0,9}?(?:qua |bang )?(?:zalo|dien thoai|mang|tin nhan|telegram|messenger)",
)
IN_PERSON = any_of(
    r"(?:len|ra|toi|den) (?:tru so|xa|phuong|don|lam (?:can cuoc|giay|viec|cccd)|nhan|gap|co quan)|goi len|moi len|giay moi"
)
# Who asks for the police is no victim of a false one.
WANTS_POLICE = any_of(
    r"(?:goi|bao|keu|nho|xin|can|kiu|moi|cuu|ra|len|toi|den|gap|kien) (?:cac |chu |anh |gap |ngay |giup |gium )?(?:cong an|canh sat|police|113)"
)

KIDNAPPED_ONLINE = any_of(
    r"tu (?:cot|troi) (?:\w+ ){0,4}?(?:quay|chup|gui)",
    r"(?:quay|dung|dien|gia vo) (?:\w+ ){0,3}?(?:gia|canh|nhu) (?:\w+ ){0,2}?bi (?:bat coc|troi|bat)",
    r"(?:ho|nguoi ta|cuoc goi|co nguoi|so la|nguoi la) (?:\w+ ){0,5}?(?:noi|bao|goi) (?:\w+ ){0,4}?(?:dinh|lien quan|"
    r"lenh bat) (?:\w+ ){0,10}?(?:bi mat|nha nghi|khach san|mot minh|nop|chuyen|phong tro|zoom|homestay|kiem tra)",
    r"(?:dang|toi|em|con|chau|ban toi|ban em|minh)(?: (?:dang|gai|trai|toi|em|minh|hinh nhu|chac))* bi bat coc (?:online|qua mang|tren mang)|"
    r"dang bi bat coc (?:online|qua mang|tren mang)",
)

# --- "an toàn", denied
NOT_SAFE = any_of(
    r"(?:lam sao|sao ma) (?:\w+ )?an toan (?:duoc|noi)|an toan (?:gi|cho nao|noi gi|cai gi) (?:dau|chu|ma|noi)",
    r"(?:khong|chua|chang|cha|het|dau (?=co |phai |thay |duoc )|khong con|chua he|khong he|dau co|mat) (?:(?:co|cam|thay|cam thay|minh|duoc|he|"
    r"con|phai|la|that su|that|biet|dang|o|noi|cho|ro|cai|nao|ai|he duoc|thuc su|day|trong|nay) ){0,4}an toan(?! ve| cho (?:suc|moi|nguoi dung|"
    r"tre)| (?:thuc pham|lao dong|giao thong|thong tin|tai khoan|ve sinh|khi (?:di|lam|dung|mua)|de (?:di|mua|dung)))",
)
NOT_SAFE_WITH_MYSELF = any_of(
    r"an toan voi (?:chinh )?(?:minh|ban than|toi|em|con|ban than minh)$", r"an toan voi chinh"
)
SAFETY_TOPIC = any_of(
    r"(?:trang )?web|website|trang (?:nay|mang|do)|link|duong (?:link|dan)|app|ung dung|mat khau|tai khoan|wifi|may tinh|thuc pham|do an|"
    r"an uong|thuoc|tiem|vac xin|xe|giao thong|lai xe|tinh duc|quan he tinh|bao cao su|"
    r"duong (?:nay|do|pho|ve)|di dem|di cu|di chui|xuat khau|lao dong|cong ty|viec (?:lam|nay)|cong viec|dau tu|mua hang|thanh toan|ngan hang|"
    r"du hoc|du lich|di (?:lam|lao|cam|"
    r"thai|han|nhat|dai|trung|nuoc|xuat|choi|bien|tau|qua|sang|du|hoc|xa)|sang (?:lao|cam|thai|trung|han)|"
    r"nuoc nao|mo (?:than|lay)|pha thai|sinh no|dich vu|san pham|hop dong|moi gioi|loi moi|tuyen dung|chuyen di"
)
SAFETY_QUESTION = any_of(
    r"an toan (?:khong|la gi|la sao|hay|phai khong|dung khong|chua|thi sao|the nao)(?! (?:chut|ti|mot|dau|gi|ca|em|toi|con|minh|vi))|"
    r"an toan hay (?:khong|chua)|(?<!khong )(?<!chua )(?<!dau )(?<!het )co an toan|the nao la|lam sao (?:biet|de)|(?:neu|lo|"
    r"khi) (?:\w+ ){0,3}khong an toan"
)

# --- told by somebody else, or from a boat
SELLS_KIN = any_of(
    r"(?:ba|bo|cha|tia|me|ma|duong|bo duong|cha duong|me ke|di ghe|chong|anh|chi|chu|bac|cau|di|ong|co|ba noi|ba ngoai|gia dinh|nha)(?: (?:ruot|"
    r"toi|em|con|chau|minh|ke|tui|no|ghe|ho|nha|cua|muon|nhat|dinh|hai|ban))* "
    r"(?:muon |dinh |doi |sap |se |tinh |dang |da |vua |nhat quyet |chuan bi |nhan tien |roi |de |lay tien )+(?:ban|ga ban|giao|"
    r"sang ten) (?:dut |luon |di |lai )?(?:em|con|chi|chau|toi|minh|dua|be|no|chinh|vo|tui)(?! (?:dat|nha|xe|than|vang|ruong|trau|bo|ga|heo|"
    r"hang|do|rau)\b)",
    r"(?:bo|ba|cha|me|ma|duong|chong|me ke|bo duong|anh|chu) (?:\w+ ){0,2}(?:nhan tien|nhan coc|lay tien|no tien|ga) (?:\w+ ){0,6}(?:bat|dat|"
    r"dua|giao|"
    r"ban|dan) (?:em|con|chi|chau|toi|minh|no|be) (?:\w+ ){0,2}(?:di|cho|sang|theo)",
    r"(?:doi|bat|ep|tinh|dinh|muon|sap) ga (?:em|con|chi|chau|toi|no|be)? ?(?:\w+ ){0,6}(?:lay tien|tru no|tra no|xiet no|thach cuoi)",
)
PUPIL_GONE = any_of(
    r"(?:hoc sinh|hoc tro|tro cua|nu sinh|nam sinh|ban (?:cung lop|con|chau|em))(?: \w+){0,10}? (?:nghi(?! (?:ngo|la|he|tet|le|phep))|bo hoc|"
    r"bo nha|vang|mat tich|bien mat|khong (?:den|toi) (?:lop|truong)|khong lien lac|di mat|di (?:theo|khoi)|bi dat|bi dua|tron)"
)
PLANS = any_of(r"dinh|co nen|muon|tinh|se|bao em|ru em|keu em")
CRIES_HEARD = any_of(
    r"(?:nghe|co) (?:\w+ ){0,4}?(?:khoc|keu|la het|van xin)(?: \w+){0,3} (?:xin ve|keu cuu|cuu|xin tha|doi ve|van xin)"
)
LURED = any_of(
    r"ru (?:\w+ ){0,3}(?:di|sang|qua|len|sang)|du do|du (?:di|sang|qua|len|ve)|lua (?:di|sang|qua|len|ban)|dat (?:di|sang|qua|len)|"
    r"di theo (?:nguoi|mot|ho|no|trai|ban|ong)|(?:sang|qua|di) (?:ben )?(?:trung quoc|lao|cam|campuchia|bien gioi|thai|myanmar)|cua khau|"
    r"bien gioi|quen (?:tren|qua) mang"
)
_PEOPLE = (
    r"(?:(?:mot|may|nhieu|vai|chuc|hai|ba|bon|nam|sau|muoi|co|mot so|\d+) (?:\w+ )?(?:nguoi|co|chi|anh|em|be|dua|ong|ba|ban|cong nhan|"
    r"thanh nien)|cong nhan|nhan vien|co gai|"
    r"con gai|con be|thang be|phu nu|thanh nien|lao dong|khach|nguoi(?! (?:nha|than|yeu|ta|minh)))"
)
WITNESS = any_of(
    r"(?:hang xom|nha (?:ben|ke|doi|sau|tro|nghi|kho)|ben canh|ke ben|nha do|nha nay|quan|xuong|trai|cong ty|khach san|can nha|can ho|ong chu|"
    r"ba chu|chu (?:quan|nha|tro|xuong|trai|vuon|ghe|tau)|o do|trong (?:do|nha|quan|xuong|kho)|khu)"
    + (
        rf" (?:\w+ ){{0,6}}?(?:nhot|giam|xich|khoa trai|nhot giu|giam giu|giam long|cam giu|bat nhot|giau)(?: (?:giu|lai|kin|cua|trai|"
        rf"ngoai))? (?:\w+ ){{0,2}}?{_PEOPLE}"
    ),
    rf"(?:thay|trong|o|tren) (?:\w+ ){{0,6}}?{_PEOPLE} (?:\w+ ){{0,3}}?bi (?:nhot|giam|xich|khoa|troi|danh dap|cam giu)",
    rf"{_PEOPLE} (?:\w+ ){{0,4}}?bi (?:nguoi ta |ho |chu |no |ong chu |ba chu )?(?:nhot|giam|xich|giam giu|bat nhot|khoa (?:cua|trai|ben|trong|"
    rf"ngoai)|bat giu|troi) (?:\w+ ){{0,3}}?(?:trong|o|tren|ngoai|ben|sau|duoi|tang|suot|may|ca|lai|may|\d)",
)
HOW_TO = any_of(r"(?:khi|neu|gap|thay|truong hop) (?:\w+ ){0,8}?thi (?:phai |nen )?(?:goi|bao|lam|lien he)")
STUCK = any_of(
    r"(?:khong|chua|cam|khong ai) (?:cho|duoc|duoc phep|the)(?: (?:ai|em|toi|tui|minh|con|anh em|tui em|bon em|thuyen vien|ban thuyen|nguoi|"
    r"chung toi|cho|het)){0,3} (?:len|vo|vao|cap|ve|tro vo|tro vao) (?:bo|ben|dat lien|cang)",
    r"(?:\w+ )?(?:thang|nam|tuan)(?: \w+){0,3} (?:khong|chua) (?:duoc |cho |biet |he )?(?:len bo|vo bo|vao bo|cap bo|thay dat lien)",
    r"(?:ai|dua nao|nguoi nao|thang nao|doi|xin|muon) (?:\w+ ){0,2}(?:ve|nghi|len bo|bo tau|roi tau|vo bo|vao bo|cap bo)(?: \w+){0,3} (?:la|thi|"
    r"no|bi|se|"
    r"chu)(?: \w+){0,3} (?:danh|giet|quang|nem|doa|chem|dim|ban)",
    rf"(?:{ME}|nguoi nha|chong|vo|ban|con|em|anh|chi) (?:\w+ ){{0,3}}?(?:dang |bi |con |van )+(?:mac )?ket (?:lai |o |trong |ben |"
    rf"tai )*(?:\w+ ){{0,3}}?(?:cong ty|khu|toa|casino|song bai|dac khu|trai|nha|campuchia|cam|lao|myanmar|thai|trung quoc|ben|cho)",
    r"(?:ket|mac ket|khong ra duoc|khong thoat duoc|khong ve duoc)(?: (?:o|trong|ben|tai|khoi|lai))* (?:\w+ ){0,2}?(?:cong ty lua dao|"
    r"khu lua dao|casino|song bai|dac khu|tam giac vang|kk park|svay rieng|bavet|ba vet|myawaddy|sihanouk\w*|poipet|campuchia|"
    r"cong ty (?:trung quoc|tau))",
)

# --- a wish to die, said quietly
OTHER_HOLDS_BLADE = any_of(
    r"(?:no|ho|han|chung|thang|chong|bo|ba|cha|duong|chu|ong|ke|bon|tui no|ong ta|bo duong|anh ta|nguoi yeu)(?: \w+){0,2} (?:dang )?(?:cam|ke|"
    r"vac|xach|cam theo) (?:\w+ )?(?:dao|keo|day|gay|sung)|phong than|tu ve|thai (?:rau|thit)|nau (?:an|com)|got (?:trai|hoa qua)|nha bep"
)
_PILLS = (
    r"(?:thuoc ngu|thuoc(?! (?:la|lao|nam|bac|ho|cam|bo|nhuom|danh|lao|nao|cho|chua|men|dau|tay toc|diet muoi))|vien(?: thuoc)?|lo thuoc|"
    r"vi thuoc)"
)
MEDICINE = any_of(
    r"het ho|chua khoi|chua het|khoi benh|bac si|khang sinh|don thuoc|toa thuoc|hieu thuoc|sot|cam cum|tai kham|thuoc (?:ho|cam|bo|bac|nam)|"
    r"moi ngay|theo lieu|dau (?:dau|bung|rang)"
)
FAREWELL = (
    any_of(
        rf"(?:de danh|danh dum|tich|tich tru|gom|gom gop|tru|giau|chuan bi|dem|mua)(?: (?:duoc|du|san|rieng|xong|ca|gan|hon|mot|may|nhieu|dong|"
        rf"tram|chuc|vai|\d+|het|dan|tung|roi|trong|o|ngan|keo|nam|lo|vi|hop|bich|goi|it|lau|nay|moi|ngay))* {_PILLS}(?! (?:cho|cua) (?:me|ba|bo|"
        rf"ong|con|chau|em|anh|chi|vo|chong|ca nha))(?= |$)(?:(?= (?:du|roi|xong|day|nay|trong|san|het|de|cho|o|ngu|no|\w+ (?:roi|day|xong)))|$)",
        rf"(?:ca |co |cam |nam )(?:\w+ )?(?:lo|vi|dong|hop|vai vi|mo) {_PILLS} (?:\w+ )?(?:\w+ ){{0,3}}?(?:trong tay|tren tay|day|roi|truoc mat|"
        rf"san|ben canh)",
        rf"{_PILLS} (?:\w+ ){{0,4}}?(?:du roi|xong roi|san roi|tren tay|trong tay|het roi thi|dem du|chuan bi (?:xong|san|du))",
        rf"(?:uong|nuot) (?:het |ca |nguyen |sach |mot luc )+(?:\w+ ){{0,2}}?(?:{_PILLS}|lo|vi|hop)(?! (?:nuoc|sua|bia|ruou|khang sinh))",
    ),
    any_of(
        rf"(?:toi nay|dem nay|lat nua|chut nua|bay gio|mai) (?:{ME} )?(?:se )?(?:uong|nuot|nhay|cat|treo)(?: \w+){{0,3}}? (?:ngu luon|la xong|"
        rf"la het|cho khoe|cho xong|cho nhe)",
        r"(?:chao|tam biet) \w+ lan cuoi",
        r"(?:nham|nhap) mat (?:\w+ ){0,4}?(?:dung|khong|khoi|chang) (?:\w+ )?(?:mo|day|thuc|tinh)",
        r"(?:cuoc song|cuoc doi|doi nay|song)(?: nay)? (?:\w+ ){0,2}?(?:chang|khong) con (?:gi|ai|dieu gi) (?:\w+ ){0,2}?(?:niu|giu|luyen)",
        rf"khong thay {ME} (?:\w+ ){{0,3}}?(?:thi )?dung (?:tim|buon)|thi dung tim(?: {ME})?$",
        rf"(?:do|do dac|sach vo|quan ao) {ME} (?:da )?cho het(?: \w+){{0,6}} (?:khong|chang) can",
        r"(?:tich|gom|de danh|gop)(?: \w+){0,3} (?:mot |nua )?(?:voc|nam|mo|lo|bich) (?:vien|thuoc)(?! (?:ho|bo|cam)\b)",
    ),
    any_of(
        rf"(?:^|{ME} |dang |cam |co |tay )(?:dang )?(?:cam|nam|ke|giu|co) (?:san |mot |cai |chiec |cay |manh |doan |soi )*(?:con dao|dao lam|"
        rf"luoi lam|dao rach|dao nho|manh (?:kinh|chai|guong|sanh)|kinh vo|day (?:thung|du|dien)|soi day|luoi dao)(?= |$)(?! (?:lam (?:viec|bep)|"
        rf"cho|bep|thai|cat rau))",
        r"(?:dao lam|luoi lam|con dao|dao|luoi dao|manh (?:kinh|chai|guong)|soi day|day thung|cay keo)(?: (?:\w+ ){0,2})?(?:tren|trong|o|ngay|"
        r"ke|de|dang) (?:tay|co|co tay|canh|ben canh|truoc mat)(?! (?:no|ho|han|chung|thang|chong|bo|ba|ong))",
        r"(?:day thung|soi day|cai day|thong long)(?: \w+){0,3} (?:xong|san|roi|buoc|treo|chuan bi)",
    ),
    any_of(
        rf"(?:tam biet|vinh biet|xin loi|cam on|gui loi|chao) (?:{_KIN})(?: \w+){{0,12}}? (?:lan cuoi|di day|di xa (?:lam|mai|roi)|di truoc|"
        rf"di nhe|khong (?:con )?(?:guong|chiu|co gang|gang|song|the tiep|o lai|lam phien|ai phai)|kiep sau|dung (?:buon|khoc|tim|trach)|o lai|"
        rf"met (?:roi|qua|lam)|giai thoat|song (?:tot|vui|khoe)|bao trong|het roi)",
        r"(?:tam biet|vinh biet) (?:the gioi|cuoc doi|doi nay|bo me|ba me|ba ma|me yeu|cac con|con yeu|moi nguoi than yeu|tat ca moi nguoi|"
        r"nhung nguoi)|vinh biet (?:moi nguoi|ca nha|bo|me|ba|ma|anh|chi|em|con|nhe|ban be)",
        r"(?:moi nguoi|ca nha|ban|ba me|bo me|me|con|cac con|anh|em|o nha|tat ca)(?: \w+){0,2} o lai (?:\w+ ){0,2}(?:manh khoe|manh gioi|khoe|"
        r"vui|binh an|"
        r"binh yen|song|nhe|giu gin)",
        rf"(?:lan cuoi|loi cuoi|tin (?:nhan )?cuoi)(?: (?:cung|ma|nay|cua|la))* {ME} (?:nhan|noi|viet|goi|lam phien|gui|chao|xin)|{ME} (?:nhan|"
        rf"noi|viet|goi|chao)(?: \w+){{0,4}} lan cuoi",
        rf"dung (?:ai )?(?:buon|khoc|tim|trach)(?: (?:vi|khi|cho|vi su ra di cua))? {ME}(?: nua| nhe| nha)",
        rf"(?:viet|de lai|viet san|viet xong|soan)(?: (?:xong|san|la|mot|buc))* thu(?: (?:tuyet menh|tu biet|de lai|lai|cuoi|vinh biet))+|"
        rf"(?:viet|de lai)(?: \w+){{0,3}} thu (?:\w+ )?(?:cho|lai cho) {_KIN}(?: \w+){{0,2}} roi",
        r"(?:sau|qua|het|xong) (?:dem|toi|hom) (?:nay|may) (?:\w+ ){0,3}(?:het|xong|khong con|nhe|giai thoat|la (?:het|xong))",
        r"(?:mai|ngay mai) (?:\w+ ){0,3}(?:khong (?:ai )?(?:con )?phai (?:lo|chiu|met|ganh)|khong con (?:em|toi|minh|con) (?:nua|tren doi)|"
        r"moi (?:thu|chuyen) (?:se )?(?:het|ket thuc|xong))",
    ),
    any_of(
        rf"(?:cho|tang|chia|phat|dem cho|gui lai)(?: {ME})? (?:het|bot|sach|toan bo) (?:\w+ ){{0,3}}?(?:do|do dac|quan ao|sach vo|tai san|tien|"
        rf"moi thu)(?: \w+){{0,8}}? (?:khong (?:can|dung|xai)|chang can|dau can|khoi can|di xa|het can|can gi)",
        r"(?:gui|cho|giao) (?:\w+ ){0,2}(?:cho|meo|con meo|con cho|ca|chim|cay|con)(?: \w+){0,4}? (?:nuoi|cham|giu|trong)(?: \w+){0,4}? (?:em|"
        r"toi|minh|con|to) (?:sap |se |chuan bi )?(?:di xa|di roi|khong (?:con|can|o)|khoi can|di mai)",
        r"(?:khong can|chang can|dau can|khoi can) (?:\w+ ){0,3}nua (?:dau )?(?:vi )?(?:em|toi|minh|con) (?:sap |se )?di",
    ),
    any_of(
        r"(?:ngu|nhap mat|nham mat)(?: (?:mot|giac|luon|mai|hoai|that|dai|lau|di|ngon|roi|va|ma|de|cho|sau|thoi|toi|lai))* (?:khong|khoi|dung|"
        r"chang|cha|khong bao gio|dung bao gio)(?: (?:phai|can|con|bao gio|muon|de|co|them))* (?:day|thuc|tinh|thuc day|tinh day|tinh lai|"
        r"tinh giac|mo mat)",
        r"(?:uoc|mong|gia ma|gia nhu|chi uoc|cau mong)(?: \w+){0,5}? (?:khong|dung|khoi) (?:\w+ )?(?:tinh day|tinh lai|thuc day|thuc nua|"
        r"day nua|sinh ra|ton tai|mo mat)",
        r"(?:khong|chang|het|khong con|dau con|chang con|cha con|chua thay)(?: (?:con|co|thay|tim thay|tim ra|biet|mot|bat ky|bat cu|chut|"
        r"them))* (?:ly do|y nghia|dong luc|le song|hy vong|hi vong|muc dich)(?: (?:gi|nao|de|gi de|nao de|ma|cua|trong))* (?:song|ton tai|"
        r"tren doi|cuoc doi|cuoc song|song tiep|o lai|tiep tuc|co gang|co nua|nua)",
        r"(?:song|doi|cuoc doi|cuoc song|su song)(?: (?:nay|minh|em|toi|cua|nua|tiep|the nay|the|thi|con|chang|cung|thay|that|"
        r"khong con))* (?:vo nghia|khong (?:con )?y nghia|chang (?:con )?y nghia|de lam gi|lam gi nua|lam chi nua|bang thua|khong bang chet)",
        r"(?:khong|chang|cha) (?:con )?ai (?:\w+ )?(?:can|thuong|quan tam|nho)(?: den| toi)? (?:em|toi|minh|con|chau|"
        r"tao)(?: \w+){0,2} (?:tren doi|nua|het|ca)|(?:em|toi|minh|con) (?:bien mat|khong con|chet di|ra di)(?: \w+){0,4} (?:nhe (?:nhom|long|"
        r"ganh)|do (?:kho|kho so)|vui|tot hon|bot)",
        r"(?:dung|leo|treo|ngoi) (?:\w+ )?(?:tren|o|ra|len|ngoai) (?:\w+ )?(?:san thuong|lan can|thanh cau|mep (?:cau|tuong)|cau(?! (?:ca|vuot|"
        r"thang))|noc nha|duong ray|ban cong)(?: \w+){0,4} (?:nay gio|mot minh|nhin xuong|nhay|buong)",
        r"quyet dinh (?:xong |roi )?(?:ra di|buong|ket thuc|giai thoat|se di)|khong (?:guong|gang|co) (?:\w+ )?(?:duoc|noi) nua|"
        r"thay (?:nhe long|thanh than) (?:\w+ ){0,4}(?:quyet dinh|sap (?:het|xong|di))",
    ),
)
IDIOM = re.compile(
    r"\b(?:doi(?= (?:qua|muon|bung|sap|gan|lam|that))|khat|nong|lanh|ret|buon ngu|cuoi|vui|ngai|nguong|xau ho|dau bung|dau rang|ngon|dep|"
    r"dang yeu|cute|de thuong|luoi|ngan|thi cu|di thi|hoc|hoc bai|bai tap|deadline|deadline di|kiem tra|lam bai|chay bai|met|chan|hoc met|"
    r"hoc hanh)"
    r"(?: (?:qua|that|thiet|vai|muon|sap|gan|den|toi|di|roi|su|bai|cu|hanh|may|cai|thi|qua troi|qua ma|lam|luon|kieu|nay|the|nhieu|"
    r"kho))*(?<!em)(?<!toi)(?<!con)(?<!minh) (?:chet|muon xiu|sap xiu|ngat xiu)\b(?: (?:mat|duoc|di duoc|luon|thoi|roi|qua|day|di mat|a|ne|"
    r"vay))*"
    r"|\b(?:nho|thuong|yeu|me|them|crush|thich|iu)(?: \w+){0,2}? (?:muon |den |gan |sap |toi |phat )?(?:chet|chet di duoc)\b(?! theo| di| cho|"
    r" quach| duoi)(?: (?:mat|duoc|di duoc|luon|thoi|roi|qua|day|di mat|a))*"
    r"|\bchet (?:cuoi|doi|ret|me|cha)\b"
)
DEATH = any_of(
    r"chet|tu tu|tu sat|tu van|song nua|muon song|ket thuc|bien mat|giai thoat|thuoc|dao|cat tay|nhay|treo co|buong"
)
DESPAIR = any_of(
    r"chet|tu tu(?! di|ng)|tu sat|tu van|tu hai|quyen sinh|song|cat|rach|dao|lam|thuoc|vien|nhay|treo|day thung|cau|san thuong|buong|ket thuc|"
    r"cham dut|bien mat|giai thoat|met|tuyet vong|bat luc|vo dung|vo nghia|ganh nang|y nghia|ly do|hy vong|hi vong|dau kho|dau don|"
    r"khoc|cuoc doi|doi nay|tren doi|ngu|tinh day|thuc day|tu tan|ra di|di luon|chiu|het suc|kiet|co don|mot minh|khong ai|khung hoang|tram cam|"
    r"lo au|so hai|kho so|kho tam|kho qua|chan (?:doi|song|nan|het|chuong|qua roi)|ghet (?:ban than|minh)|nhuc nha|xau ho|vinh biet|tam biet|"
    r"xin loi|lan cuoi|dai dot|nghi quan|nghi dai|lam lieu|suicid\w*|die|kill|harm|dau long|ton tai|mat het|het duong|het cach|be tac|tam than|"
    r"ap luc|suy sup|roi loan|guc|nga|mau|dau"
)

# --- money for a person
HELD_PERSON = any_of(
    r"ngon tay|cho giam|bao lanh (?:\w+ ){0,3}ra",
    r"(?:bat coc|bat giu|bat nhot|giu|giam|nhot|troi) (?:cua )?(?:con|vo|chong|em|chi|anh|chau|me|ba|bo|ban|toi|nguoi|no|be)|bat (?:con|vo|"
    r"chong|em|chi|anh|chau|nguoi) (?:\w+ ){0,3}?(?:o ben|o cam|ben|qua|lai|roi doi|doi|di roi|mat)|trong tay (?:no|ho|chung|tui|bon)|(?:con|vo|"
    r"chong|em|chi|anh|chau|ban) (?:\w+ ){0,4}(?:dang |con )?(?:o|ben|trong) (?:cam|campuchia|lao|myanmar|bavet|casino|tay|do|day)|"
    r"giet|chat|cat (?:tai|ngon|tay)|danh (?:con|no|em|chong|vo|anh|chi|chau)|moi (?:duoc )?(?:ve|tha|gap|cho)|muon ve|den hop dong|bat den|"
    r"bat coc|kidnap\w*|ransom|bi troi|qua ben|ban tiep|ban qua|con toi|chau toi|thang nho|con be",
)


# --- without these, an alarm of that kind is about something else
# Words that fold to "đó", "cũ", "vâng", "tí" count only after a number.
MONEY = re.compile(
    r"\b(?:tien|trieu|ty dong|usd|dollar|dola|chuoc|so do|cay vang|chi vang|luong vang|dong)\b"
    r"|(?:\d|\b(?:may|hai|ba|bon|nam|sau|bay|tam|chin|muoi|tram|chuc|nghin|ngan)) ?(?:tr|k|m|cu|chai|lit|ty|ti|do|te|usd|trieu|bang)\b|\d{3}"
)
SHOWN = any_of(
    r"hinh|clip|video|nude|nudes|sex|khoa than|man hinh|webcam|deepfake|(?<!camera co )(?<!camera )(?:quay|ghi hinh)"
    r"(?! (?:lai|ve|di|dau|xe|lung|qua|tro|mat|heo|vit))|"
    r"chup|tam anh|ghep|vao anh|anh bay ba|anh (?:nong|nhay cam|rieng|that|ghep|do|cua|em|minh|ho)|tung|phat tan|do lot|noi y|leak"
)
GONE = any_of(
    r"mat tich|mat lien lac|bien mat|khong (?:thay|con thay)(?: \w+){0,4} (?:dau|ve|nua|tin)|(?:khong|chua) (?:thay )?(?:ve|tro ve)|khong ve nha|"
    r"bo (?:nha|di)|theo (?:trai|nguoi|thang|ong|ba|chu|co|ban|bo|ny|ai)|khong (?:nghe may|bat may|tra loi|rep|nhan lai|lien lac)|tat may|thue bao|"
    r"khong goi duoc|im (?:re|lang|bat)|"
    r"tim (?:con|em|chi|anh|ban|vo|chong|chau|nguoi|no|me|khong|hoai|mai)|lac (?:mat|nguoi|con|me|duong)|dau roi|"
    r"o dau (?:roi|khong biet)|off|chan|may (?:ngay|hom|tuan|thang|nam) (?:nay|roi)|"
    r"\d+ (?:ngay|hom|tuan|thang|nam) (?:nay|roi)|tu (?:sang|trua|chieu|toi|hom qua)|khong biet (?:o|di) dau"
)
