"""Who is meant: oneself sold by the family, a pupil, a child next door, people held in a workshop. As in `phrases`."""

from __future__ import annotations

from bot.dialogue.triage.phrases import ME, any_of

_PARENT = r"(?:ba|bo|cha|tia|me|ma|duong|bo duong|cha duong|me ke|chu|bac|cau|di|ba noi|ba ngoai|gia dinh|nha)"
_OF_MINE = r"(?: (?:ruot|toi|em|con|chau|minh|ke|tui|ghe|no))?"
_NOT_THEIRS = r"(?! (?:gai|trai|toi|em|ho|ruot|minh|tui|chau|be|dau|nho|re|ut|cua|dat|nha|xe|hang|vang|trau|bo|ga|heo|than|do|ca|banh|rau)\b)"
SOLD_MYSELF = any_of(
    rf"{_PARENT}{_OF_MINE}(?: \w+){{0,4}}? (?:muon|dinh|doi|sap|se|tinh|dang|da|vua|nhat quyet|chuan bi|"
    rf"nhan tien|roi|de|lay tien|ga) "
    rf"(?:ga )?ban (?:dut |luon |di |lai )?{ME}{_NOT_THEIRS}",
    rf"(?:ba|bo|cha|tia|me|duong|bo duong|cha duong|me ke|gia dinh){_OF_MINE} (?:ga ban|ban dut|dem ban|"
    rf"ban) {ME}{_NOT_THEIRS}(?= |$)(?: \w+){{0,4}}(?: cho| di| sang| lay| qua| mai| roi|$)",
    rf"{_PARENT}{_OF_MINE}(?: \w+){{0,2}}? (?:nhan|lay|cam|an)(?: \w+){{0,3}} (?:tien|coc|"
    rf"\d+)(?: \w+){{0,12}}? (?:bat|ep|dat|dua|giao|ga) "
    rf"{ME}{_NOT_THEIRS}(?: \w+){{0,2}} (?:di|theo|cho|lay|sang|qua|cuoi|lam)(?! (?:an|choi|hoc|kham|dam|"
    rf"du lich|tam|boi))",
    rf"{_PARENT}{_OF_MINE}(?: \w+){{0,2}}? (?:nhan|lay|an)(?: \w+){{0,3}} (?:tien|coc|"
    rf"\d+)(?: \w+){{0,10}}? (?:bat|ep|giao|ga) {ME} (?:di|theo)(?! (?:an|choi|hoc|cho|kham|dam|ve|du lich|tam|boi))",
)
SOLD_ANOTHER = any_of(
    rf"ban (?:dut |luon )?(?:em|con|chi|chau) (?:gai|trai|toi|em|ho|ruot|minh|tui|be|ut|nho)|(?:bat|ep|"
    rf"giao) (?:em|con|chi|chau) (?:gai|trai|{ME})"
)
_SMALL = (
    r"(?:hoc sinh|hoc tro|con be|be gai|be trai|dua (?:nho|be|tre|con gai|con trai)|thang (?:be|nho)|"
    r"be (?:\w+ )?(?:giup viec)|em (?:nho|be)|nu sinh|nam sinh|"
    r"con (?:gai |trai )?(?:toi|tui|minh)|chau (?:gai|trai|toi|no|be)|chau(?= (?:bao|noi|ke))|"
    r"con (?:no )?(?=bao |noi |ke ))"
)
_DONE_TO = (
    r"(?:bi|dang bi) (?:\w+ ){0,4}?(?:danh|dap|xich|nhot|bo doi|lam bay|so mo|sam so|xam hai|hiep|dam o|"
    r"lam nhuc|hanh ha|troi|dung cham|cham vao|bat nat|"
    r"chich|cuong)"
)
CHILD_HURT = any_of(
    rf"{_SMALL}(?: \w+){{0,8}}? {_DONE_TO}",
    rf"{_SMALL}(?: \w+){{0,8}}? (?:di theo|bo di (?:voi|theo)|di voi|tron theo|bi du|"
    rf"bi dat) (?:\w+ )?(?:nguoi la|nguoi quen|mot nguoi|ban mang|ong|"
    r"thang|chu la)",
)
STEPFATHER = any_of(
    r"(?:bo duong|cha duong|duong|duong ghe|chu|bac|cau|ong|bo|ba|anh ho|chong me|bo ke|thay)(?: (?:em|con|"
    r"chau|minh|toi|noi|ngoai|ruot|ay))? (?:\w+ ){0,2}?"
    r"(?:hay|cu|thuong|dem nao cung|toi nao cung|hoai|toan|lai)(?: \w+){0,3} (?:vao phong|vo phong|"
    r"mo cua phong|so(?! (?:sanh|thich|lo))|so mo|nhin trom|rinh|dung cham|"
    r"cham vao|vuot ve|sam so)(?: \w+){0,2} ?(?:em|con|chau|minh|toi|nguoi|mo|(?:em|con|chau|minh|toi) (?:tam|ngu))"
)
HOLDS_PEOPLE = any_of(
    r"(?:xuong(?: \w+)?|quan(?: \w+)?|nha may|co so|tiem|trai|lo gach|khach san|nha nghi|hang xom|"
    r"nha ben canh|nha ke ben|karaoke|massage)(?: (?:gan|ben|canh|doi|"
    r"dien|nha|toi|em|minh|duong|cho|kia|dien|sau))* (?:\w+ )?(?:giu|nhot|giam|giu giay to cua) (?:nguoi|"
    r"cong nhan|nhan vien|tre em|may (?:nguoi|dua|co|em)|con nguoi ta)"
    r"(?! (?:nuoc ngoai )?(?:choi|lau nam|gioi))"
)
UNEASY = any_of(
    r"^(?:hu hu |da )?(?:toi|em|tui|minh|con|chau) (?:dang |thay |cam thay )?so(?: (?:lam|qua|hai|that|roi|a|thiet|hai qua))*$",
    r"(?:toi|em|tui|minh|con|chau) (?:\w+ )?thay (?:so so|on on|on lanh|gai gai|bat an|"
    r"rung minh)(?: \w+){0,3} (?:o|trong|tai|cho)(?: \w+){0,2} (?:phong|nha|xe|"
    r"khach san|day|nay|cho nay)",
)
IN_COMPOUND = any_of(
    r"(?:toi|em|tui|minh|con|chau)(?: \w+){0,2} (?:dang (?:o|trong|ben|tai|bi)|o trong|ket|"
    r"mac ket)(?: \w+){0,2} (?:kk ?park|shwe ?kokko|myawaddy|miawadi|casino lua dao|khu lua dao|"
    r"dac khu lua dao)",
    r"(?:^|bi |no |ho |chu |tui no |bon no )(?:giu|thu|tich thu|cam)(?: (?:het|mat|luon))* (?:ho chieu|"
    r"giay to|dien thoai|passport)(?: \w+){0,3} (?:bat|ep) "
    r"(?:lam|lua|go|ngoi)",
    r"bi ban (?:vao|sang|qua|cho)(?: \w+){0,2} (?:cong ty lua dao|khu lua dao|casino|cong ty)(?: \w+){0,4}",
)
SHORE_HE = any_of(r"(?:len|vo|vao|cap) bo no")
SUPPOSED = any_of(
    r"neu|gia su|lo nhu|truong hop|vi du|nho bi|phong khi|lam sao de|cach (?:nao )?(?:de )?(?:tranh|phong|nhan)"
)
ADULT_AGE = any_of(r"(?:1[89]|[2-9]\d) tuoi")
ASKS_IF = any_of(r"(?:co|roi|lieu|so) (?:\w+ )?bi ban(?: \w+){0,6} (?:khong|ha|sao)")
OUTING = any_of(rf"(?:dat|dua|cho|dan) {ME} di (?:an|choi|hoc|cho mua|kham|dam|du lich|tam|boi|xem)")
