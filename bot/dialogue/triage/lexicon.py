"""The words of danger, in normalised Vietnamese (folded, expanded), and the words that say it is not happening now.

Written by hand from what callers say; every phrase is a way of saying its concept. `(a|b)` offers a choice.
"""

from __future__ import annotations

_I = "(toi|em|minh|tao|con|chau|tui em|tui minh|tui con|bon em|bon toi|chung toi|chung em|chung con|chung minh)"
_KIN = (
    "(ban|chi|anh|vo|chong|me|ba|bo|cha|di|chu|co|bac|cau|mo|ong|em gai|em trai|em ho|chi ho|anh ho|chi gai|anh trai"
    "|chi dau|em dau|anh re|em re|nguoi yeu|nguoi nha|nguoi than|nguoi quen|nguoi ban|con gai|con trai|con dau|con re"
    "|chau gai|chau trai|dua chau|dua ban|thang ban|con ban|thang em|con em|dong nghiep|ban gai|ban trai|hang xom)"
)
_CAPTIVE = (
    "(nhot|giam|giu|giam giu|giam long|bat coc|bat giu|bat nhot|xich|troi|cam tu|khoa|khoa trai|quan thuc|giam lai)"
)

CONCEPTS: dict[str, tuple[str, ...]] = {
    # --- hides what it covers
    "MASK": (
        "(nghien|tra|tra cuu|phuc|khoi|hoi|lien|ho so luu|ky) cuu",
        "cuu (chien binh|tro|thuong|van|hoa|ho|ho giao thong|hoc sinh|sinh vien|giao vien|toi khoi dong|tui khoi dong)",
        "(cong tac|hoat dong|chien dich|luc luong|cong an) giai cuu",
        "gia dinh",
        "(hai|ba|bon|nam|sau|bay|tam|chin) muoi (mot|hai|ba|bon|tu|lam|sau|bay|tam|chin|) tuoi",
        "(hai|ba|bon|nam|sau|bay|tam|chin) (mot|hai|ba|bon|tu|lam|sau|bay|tam|chin) tuoi",
        "dien chau",
        "tim (viec|hieu|phong|nha|tro|phong tro|nguoi lam|cong viec|cho lam|duong|so|thong tin|kiem viec)",
        "(met|doi|ngon|vui|cuoi|nong|lanh|dat|re|ban|ghet|dep|them|buon ngu|chan|luoi|ngan|lau|kho|bun cuoi|nham|so|dau dau"
        "|xinh|cute|ham|nho|thuong|yeu) muon (chet|xiu)",
        "cuoi (chet|chet mat|muon chet)",
        "(met|doi|ngon|vui|cuoi|nong|lanh|dat|them|buon ngu|chan|ham|nho|thuong|ghet|so|lo|run|dau bung|voi|ban) (gan|sap|muon|"
        ") chet (di duoc|mat|luon|di|duoc|)",
        "(muon|sap|gan) (xiu|ngat|khoc|cuoi)",
        "(do|dang|chui) (cho|con|ma)? chet",
        "chet (me|cha|bo) may",
        "chet (tiet|cuoi|that)",
        "(giam|trai giam) (can|gia|stress|dau|mo|lo|nhe|an|thieu|bot|sut|xoc|thue)",
        "(bao|cho) dam",
        "bi giam (luong|gio|gia|can)",
        "giam doc",
        "giam sat",
        "tram giam",
        "ma so",
    ),
    # --- people
    "SELF": (_I,),
    "WE": ("(tui em|tui minh|tui con|bon em|bon toi|chung toi|chung em|chung con|chung minh|tui toi)",),
    "KIN": (
        f"{_KIN} {_I}",
        f"{_KIN} (no|ay|cua {_I.strip('()')})",
        f"{_KIN} (nha|ho|cung phong|cung lop|cung lang|cung xom|cung que|than|hoc|ben canh) {_I}",
        "(vo|chong|con gai|con trai|em trai|em gai|anh trai|chi gai|nguoi yeu|ban gai|dua chau|dua ban|thang ban)",
    ),
    "OTHER": (
        "(no|co ay|anh ay|chi ay|ong ay|ba ay|ban ay|nguoi ta|ho|nguoi kia|chi do|co do|anh do|nguoi do|ban do|may nguoi"
        "|may chi|may anh|may co|co gai|nguoi phu nu|thanh nien|nguoi dan ong|nguoi viet|nan nhan|cong nhan|phu nu|nhan vien)",
        "mot (nguoi|co|chi|anh|ba|ong|co gai|phu nu|thanh nien)",
        "co (nguoi|ai|tieng|may nguoi|mot nguoi|chi|co)",
        "hang xom",
    ),
    "CAPTORS": (
        "(bon|chung|tui|dam) (no|chung|lua dao|ay|do|nguoi|ho|buon nguoi|xau|bat coc|dau gau)",
        "(ong|ba|thang|con) (chu|trum|quan ly|moi gioi|ke|chu quan|chu tau)",
        "(chu|quan ly|bao ve|chu quan|chu tau|moi gioi|ke xau|nguoi la|xa hoi den|giang ho|dau gau|bao ke)",
    ),
    # --- under eighteen
    "CHILD": (
        "(tre em|tre con|tre nho|be gai|be trai|be so sinh|em be|chau be|con nit|dua be|dua tre|dua nho|thang be|con be|so sinh"
        "|tre so sinh|tre vi thanh nien|vi thanh nien|hoc sinh|may be|cac be|cac chau|may dua nho|may dua tre|may dua be|chau nho"
        "|be con|nhi dong|thieu nhi|thang nhoc|may nhoc|dua con nit|be nho|thang nho|con nho|con be|nu sinh|nam sinh)",
        "(be|tre|dua tre) (nha|con|bi|dang|moi|duoc|o)",
        "(chua|khong) (du|toi|den) (tuoi|18 tuoi|18|muoi tam|muoi tam tuoi|tuoi thanh nien)",
        "duoi (18|muoi tam|16|14) (tuoi|)",
        "hoc (lop|cap) (1|2|3|4|5|6|7|8|9|10|11|12|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|muoi mot|muoi hai)",
        "lop (1|2|3|4|5|6|7|8|9|10|11|12|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|muoi mot|muoi hai|mam non|mau giao)",
        "(mau giao|mam non|tieu hoc|trung hoc|lop truong|co giao chu nhiem|thieu nien)",
        "(hai|ba|bon|nam|sau|bay|tam|chin|muoi|muoi mot|muoi hai|muoi ba|muoi bon|muoi lam|muoi sau|muoi bay) tuoi",
        "moi (muoi ba|muoi bon|muoi lam|muoi sau|muoi bay|len muoi)",
        "(2k8|2k9|2k10|2k11|2k12|2k13|2k14|2k15)",
        "sinh nam (2009|2010|2011|2012|2013|2014|2015|2016|2017|2018)",
    ),
    # --- danger
    "CRY": (
        f"(cuu|giup|xin cuu|lam on cuu|hay cuu|nho cuu|den cuu|toi cuu|ai cuu) {_I}",
        "(cuu voi|cuu mang|cuu gap|cuu nguoi|cuu nguy|kiu em|kiu toi|kiu voi|ciu em|ciu toi|ciu ban|ciu minh|ciu me|ciu no|cau cuu|keu cuu|cuu cuu|cap cuu|ung cuu"
        "|giai cuu|can cuu|cuu help|duoc cuu)",
        "(cuu|giai cuu|giup) (chi|anh|ban|vo|chong|me|be|chau|no|ho|con gai|con trai|co ay|anh ay|chi ay|nguoi|may|tui|bon)",
        "cuu",
        "(keu|goi|la|het) cuu",
    ),
    "WEAK_CRY": (
        f"(giup|giup do|lam on giup|xin giup|hay giup|nho giup) {_I} (voi|di|gap|nhanh|a|lam on)",
        "(giup voi|nguy hiem|khan cap|gap lam|gap qua|nguy cap|nguy kich|so qua|so lam|hoang so|run qua|khong an toan)",
    ),
    "CAPTIVE": (
        f"(bi|dang bi|bi nguoi ta|bi ho|bi chung no|bi bon no|bi no|bi chu|dang|bi bon ho) {_CAPTIVE}",
        f"(no|ho|chung no|bon no|tui no|nguoi ta|chu|chong|bo duong|me ke) (dang|) (nhot|giam|xich|troi|khoa) {_I}",
        f"nhot {_I}",
        f"(giu|giam|bat|troi|xich) {_I} (lai|o|trong|ben|hai|ba|may|tu|roi)",
        "(khoa|chot|khoa trai|khoa chat) (cua|cong|trai|ngoai|trong|phong|trai cua|cua ngoai|cua phong|cua lai)",
        "(cua|cong|phong) (bi|deu|luc nao cung|khoa|co khoa) (khoa|ngoai|trong|trai|chat)",
        "khong (cho|duoc|the) (ra|ve|di|ra ngoai|ra khoi|ve nha|ve que|roi|di dau|nghi|lien lac|goi|goi dien|dung dien thoai|an|ngu|"
        "thoat|xuong|xuong xe|len bo)",
        f"khong cho {_I} (ra|ve|di|goi|an|ngu|nghi|lien lac|ra ngoai|xuong|noi|len bo|gap)",
        "khong (co|) cho (ai|) (ra|ve)",
        "(khong|k) (thoat|ra|tron|ve|di) duoc",
        "(thu|giu|lay|tich thu|cam) (het|mat|luon|) (dien thoai|ho chieu|giay to|can cuoc|the|dt|chung minh|giay to tuy than) (cua|"
        f"roi|het|{_I.strip('()')}|)",
        "(bi|dang bi) (canh|canh gac|canh giu|theo doi|giam sat|quan che)",
        "co (nguoi|bao ve|sung|may nguoi) (canh|gac|cam sung|canh gac|giu)",
        "(canh|gac) (cua|cong|ngay dem|24|suot)",
        "(dang|phai|lai) (tron|nup|nap|chay tron|bo tron|lan tron)",
        "(tron|nup|nap) (trong|duoi|o) (nha ve sinh|toilet|gam|tu|bui|rung|wc|nha tam|phong|day|ranh|hem)",
        "(nhan|goi|muon|giau) (len|trom|lut|vung|vung dien thoai)",
        "(dung|xin dung) goi (lai|)",
        "(bi ket|mac ket|ket) (o|ben|trong|lai)",
    ),
    "FORCED": (
        "(bi|dang bi|bi no|bi ho|bi chu|bi chung no) (ep|bat ep|cuong ep|bat|ep buoc|buoc) (phai|) (lam|tiep khach|lua|lua dao|ban dam|"
        "ban than|di|ban|nhan|goi|ngoi|uong|hut|cuoi|lay|lam vo|de|mang thai|an xin|lao dong|quay|ky|lai|dong|chup|di khach)",
        f"(ep|bat|bat ep|cuong ep) {_I} (lam|tiep khach|lua|di|ban|nhan|goi|ngoi|uong|cuoi|lay|phai|quay|ky|ban dam|an xin)",
        "(ep|bat) (tiep khach|ban dam|di khach|lam vo|lua dao|lam gai|an xin|di lua|lam viec)",
        "(bat|ep) (lam|ngoi|di) (viec|may tinh|lua|khach|tu sang)",
        "khong (du|dat) (chi tieu|kpi|diem|tien|so|doanh so) (la|thi|bi|no|)",
    ),
    "VIOLENCE": (
        "(bi|dang bi|bi no|bi ho|bi chu|bi chong|bi chung no|bi chong toi|bi chong em) (danh|danh dap|tra tan|chich dien|dien giat|"
        "bo doi|hanh ha|hanh hung|hiep|hiep dam|cuong hiep|xam hai|quat|dam|chem|bop co|de doa|doa giet|doa|lam nhuc|loi di|keo di|tat|"
        "lot do|cuong buc)",
        f"(danh|tra tan|chich dien|hanh ha|bop co|chem|dam|de doa|doa giet|doa danh|tat|da) {_I}",
        "(danh|danh dap|hanh ha) (dap|hang ngay|suot|hoai|moi ngay|toi|gay|chay mau|bam|tim)",
        "(chich|giat|di) dien",
        "an don",
        "(doa|dinh|se|sap|muon) (giet|ban|danh|chat|mo)",
        "(sung|dao|gay|roi dien) (canh|di|ke|dinh|doa)",
        "(gay tay|gay chan|chay mau|bam tim|bam dap|thuong nang|ngat xiu)",
        "(ho|no|chung|bon no|tui no) (dang|) (danh|danh dap|tra tan|giet|hiep)",
    ),
    "SOLD": (
        "(bi|sap bi|dang bi|se bi|bi nguoi ta|bi ho|bi chung no|bi me|bi chong|bi ban trai|da bi) (ban|ban sang|ban qua|ban cho|"
        "ban lai|ban di|sang tay|chuyen nhuong)",
        f"(ban|dinh ban|sap ban|muon ban|doi ban|doa ban|tinh ban|dem ban) {_I} (sang|qua|cho|di|vao|lai|)",
        f"(lua|gat|du|dua|cho|bat|dan|dat|bit mat) {_I} (sang|qua|len|vao|di|ra|toi) (campuchia|trung quoc|myanmar|lao|bien gioi|"
        "cua khau|bavet|thai|ben)",
        "(bi|) (lua|gat) (sang|qua|vao|ban|ra) (campuchia|trung quoc|myanmar|lao|bavet|day|ben|nuoc|bien gioi|dac khu|casino|tam giac|"
        "miawadi|myawaddy|)",
        "(sang|qua|ra|len) (bien gioi|cua khau)",
        "(dang|sap|se|mai) (cho|dua|chuyen|ban) (di|sang|qua|len|toi|em|con|chau|no|chi)",
        "(xe|tai xe|ghe|thuyen|tau) (dang|) (cho|dua|khong cho|chay)",
    ),
    "PLACE": (
        "(bavet|poipet|sihanouk|sihanoukville|kampot|koh kong|kk park|kkpark|myawaddy|shwe kokko|laukkai|tam giac vang|svay rieng"
        "|chrey thom|bokor|o smach|mandalay|miawadi|laukai|kokang|phnom penh|casino|song bai|dac khu)",
    ),
    # --- money for a person
    "RANSOM": ("(tien|) chuoc (nguoi|con|than|ve|em|toi|vo|chong|chi|anh|no|ban|lai|)", "ransom", "chuoc"),
    "MONEY_ASK": (
        "(doi|keu|bat|yeu cau|bao|ep|bao nha|bat nha|bao gia dinh|bat gia dinh) (dua|nop|chuyen|gui|tra|dong|nap|boi thuong|den|mang|"
        f"dem|den bu|chi|lo|{_I.strip('()')}) (tien|du|them|gap|them tien|vang|)",
        "(doi|ra gia|hoi|tong) (tien|them|vang|usd|do|den|boi thuong|)",
        "doi (1|2|3|4|5|6|7|8|9|10|15|20|25|30|35|40|45|50|60|65|70|80|90|100|110|120|130|140|150|160|180|200|250|300|350|400|450|500|"
        "600|800|1000|2000|3000|5000|muoi|tram|hai|ba|bon|nam|sau|bay|tam|chin|mot)",
        "(chuyen|gui|nop|dua|dong|tra|mang|kiem|dem|nap|lo|xoay|gop|bo) (du|gap|ngay|them|tien|khoan|cho no|cho ho|cho chung|1|2|3|5|"
        "10|20|30|40|50|60|70|80|90|100|120|150|200|300|500)",
        "(khong|neu khong|ma khong|chua) (chuyen|nop|dua|gui|tra|dong|co|du|chuoc) (tien|khoan|du|kip|)",
        "(trieu|ty|usd|do|dola|vang|dong|te|cay) (moi|thi moi|thi|roi moi|de|khong thi|neu khong)",
        "co (tien|du tien) moi",
        "(den|boi thuong|den bu) (hop dong|tien|du)",
    ),
    "RELEASE": (
        "(moi|thi|se|de|la|thi moi|roi moi|se moi|moi chiu|khong) (tha|cho ve|tra nguoi|tha nguoi|tha nguoi ra|tra ve|duoc ve|duoc tha|"
        "cho ve nuoc|cho ve nha|tra con|tra no|cho gap|giao nguoi|cho nguoi ve)",
        f"(moi|thi|se|de|moi chiu|chiu) (tha|cho|tra) ({_I.strip('()')}|no|con toi|chi toi|anh toi|vo|chong|chau|nguoi|be|ban|chi|anh)",
        "(tha|tha ra|tha nguoi|tha con|tha no|tha ve|bao lanh ve|muon ve|duoc tu do|tra tu do|thay xac|nhan xac|mat mang|khong con nguoi|lay mang)",
        "(khong thi|neu khong|khong co) (giet|chat|cat|ban|danh|mo|lay|quang|nem|chet|dem)",
        "(giet|chat tay|cat tai|cat ngon|chat ngon|lay than|mo lay|lay noi tang|ban tiep|ban noi tang)",
    ),
    # --- gone
    "MISSING": (
        "(mat tich|mat lien lac|mat tin|biet tich|biet tam|bat vo am tin|bat am vo tin|bat tin|mat tam|mat tieu|bien mat|mat dau|"
        "that lac|di lac|bi lac|lac duong|lac mat)",
        "khong (con|) (lien lac|goi|lien he|nhan|tim|thay) duoc (voi|cho|no|con|chi|anh|em|chau|nua|gi|ai)",
        "(khong|chua|khong thay|chua thay|mai khong|mai chua|van chua) (ve|ve nha|thay ve|thay dau|tin tuc|am tin|co tin|co tin tuc|"
        "thay no|ve den nha|den noi|toi noi|quay ve)",
        "(bo|roi|di khoi|ra khoi) nha (di|tu|)",
        "(bo|tron) di (tu|mat|dau|luon|roi)",
        "(di|dau) (dau khong biet|dau mat|dau roi|dau khong ai biet)",
        "(thue bao|tat may|tat nguon|khong bat may|khong nghe may|khoa may|dien thoai tat)",
        "(tim|kiem) (con|chau|vo|chong|me|bo|em|chi|anh|ban|nguoi|be|giup) (toi|em|gai|trai|that lac|mat tich|minh|lac|giup|nguoi|be|con|)",
        "khong (thay|biet) (o dau|dau|dau het|dau ca|tung tich|tin gi|song chet)",
        "(khong biet|chua biet|chang biet) (dang o dau|o dau|song chet|con song)",
    ),
    # --- a wish to die
    "SUICIDE": (
        "(tu sat|quyen sinh|tu thieu|tu ket lieu|ket lieu|tu lam hai|tu hai|lam dieu dai dot|lam dai|nghi quan|lam chuyen dai dot|nghi dai)",
        "(muon|dinh|se|nghi den|y dinh|tinh|doi|sap|vua|doa|nghi toi|co y|cach|da tung|toan|hay|de) tu tu",
        "tu tu (chet|di|cho roi|bang|luon|co|nhu the nao|that|o|tai)",
        "(muon|mun|thich|uoc|chi muon|chi mong|them|mong) (duoc|minh|) (chet|chet di|chet quach|bien mat|bien khoi|ngu luon|ngu mai|"
        "ngu mot giac|dung lai|buong xuoi|giai thoat|ra di mai mai|khong ton tai|tan bien|nam xuong)",
        "(khong|chang|chan|het|khong con|dau con|cha) (muon|thiet|con muon|muon|ham|thiet gi|muon tiep tuc) (song|song nua|ton tai|"
        "thuc day|song tiep)",
        "(chan song|het muon song|khong thiet song|khong the song|song khong noi|khong song noi|het duong song|khong con duong song)",
        "(ket thuc|cham dut) (tat ca|cuoc doi|cuoc song|moi thu|doi minh|doi nay|o day|dau kho|het)",
        "(nhay|gieo minh|lao|dam dau) (cau|lau|song|xuong|tu tang|xuong song|tu san thuong|tu cau|duong ray|vao xe|ham)",
        "(uong|mua|nuot|tich|cam|nuot het) (ca|het|nhieu|) (vi|lo|chai|nam|dong|) (thuoc ngu|thuoc sau|thuoc chuot|thuoc tru sau|"
        "thuoc diet co|thuoc doc|thuoc co|an la ngon)",
        "(treo co|that co|cat tay|rach tay|cat co tay|rach co tay|cua tay|cat mach|can luoi|an la ngon)",
        "chet (di|quach|cho xong|cho roi|di cho|cho nhe|cho ranh|cho khuat|luon cho|con hon|co dau khong|se do|di thi|roi thi|di con hon)",
        "(song|song nua|con song) (lam gi|de lam gi|lam chi|de lam chi|lam cai gi|khong duoc nua|khong noi|met qua|kho qua)",
        "(khong con|het|chang con|khong co) ly do (de|gi de) (song|ton tai)",
        f"(khong co|thieu|vang|mat) {_I} (chac|thi|moi nguoi|ca nha|se|cha ai)",
        "(ganh nang|nhe ganh) (cua|cho) (tat ca|ca nha|moi nguoi|bo me|con chau|con cai|gia dinh|me|)",
        "(vinh biet|loi tu biet|thu tuyet menh|thu tuyet benh|kiep sau|gap lai kiep sau|ngay cuoi cua|dem cuoi cua|loi cuoi)",
        "(khong (phai|muon) (thuc|day) (day|nua))",
        "khong (thuc day|day|tinh day|tinh lai) nua",
        "(dung|ngoi|dang) (tren|o) (cau|san thuong|lan can|mep cau|thanh cau|bo cau|noc nha|ban cong tang)",
        "(len san thuong|ra song|ra cau|ra duong ray)",
        "(dang chet|chet cho|chi con nuoc chet|chi con cach chet|chi con duong chet|chet moi het|chet la het|tong chet toi)",
        "(muon len troi|di gap (ba|me|bo|ong)|theo (me|ba|bo|ong|con) (luon|di|xuong))",
        "(khong an toan voi chinh minh|so chinh minh|buong xuoi|muon buong bo tat ca)",
        "(ket thuc|dung lai) (o day|tai day|o day thoi)",
    ),
    # --- it is happening now
    "NOW": (
        "(dang|bay gio|ngay bay gio|luc nay|hien tai|hien|vua|vua moi|moi nay|hom nay|sang nay|chieu nay|toi nay|dem nay|tu hom qua"
        "|toi qua|gio|nay|nua|van con|van dang|sap|mai|chut nua|ngay mai|lat nua|gap|khan|nhanh|lien|hien gio|dem qua|hom qua|con dang)",
    ),
    # --- it is not
    "PAST": (
        "(hoi truoc|ngay truoc|nam ngoai|nam truoc|hoi nho|hoi do|luc do|khi do|thoi do|ngay xua|hoi xua|truoc day|truoc kia|nam xua|"
        "hoi nam|lan truoc|hoi con|ho nam|nam kia)",
        "(may|2|3|4|5|6|7|8|9|10|hai|ba|bon|nam|sau|bay|tam|chin|muoi|nhieu|vai) nam (truoc|roi|ve truoc|)",
        "cach day (may|1|2|3|4|5|6|8|10|mot|hai|ba|bon|nam|sau|vai|nhieu) (nam|thang)",
        "(tung|da tung|tung co lan|co lan|co hoi|da co luc)",
        "(da|duoc|vua|moi) (ve nuoc|ve nha|ve toi nha|ve den nha|ve viet nam|tron ve|thoat|thoat ve|thoat duoc|tron thoat|tron duoc|"
        "duoc cuu|duoc giai cuu|giai cuu|duoc tha|duoc ve|chay thoat|an toan|hoi huong)",
        "(ve|tron|thoat|cuu|tha) (duoc|) roi",
        "(may qua|may ma|hu hon|da tim|tim duoc|tim thay|da thay) (tim thay|thay|duoc|roi|ve|khong sao|no ve|da ve)",
        "(da ve|ve) duoc (nua nam|may thang|may nam|1|2|3|4|5|6|mot|hai|ba|may tuan|may hom)",
        "(ve duoc|gio ve|nay ve|da ve|ve den nha|ve toi nha|tro ve|gio da on|gio on roi|gio an toan|nay an toan|da an toan|tu ngay ve|"
        "moi ve|da qua|duoc giai cuu ve|duoc dua ve|giai cuu ve|tron ve|thoat ve|ve que roi|ve nha roi)",
        "nam (2010|2011|2012|2013|2014|2015|2016|2017|2018|2019|2020|2021|2022|2023|2024|2025|19)",
    ),
    "IF": (
        "(neu|lo|nho|gia su|gia nhu|vi du|gia thu|nho dau|lo nhu|lo ma|lo dau|trong truong hop|truong hop|phong khi|de phong|"
        "nham phong|khi can|khi gap|sau nay|chang may|khong may|phong tranh|phong ngua)",
        "(neu|lo|nho|gia su|khi|truong hop|lo ma|neu nhu|nho ma|neu lo|chang may) (toi|em|minh|con|chau|ai|ai do|nguoi nha|nguoi than|"
        "ban|co ai|co nguoi|mot nguoi|) (bi|gap|khong may bi|lo bi|dinh)",
        "(co|lieu co|co khi nao|se|sau nay co|co the|roi co|lieu|de|hay|thuong|so|de tranh|tranh|khoi|khong|coi chung|ngai|e) bi (nhot|"
        "bat|ban|lua|giu|danh|ep|giam|bat coc|mat|lay|sang|dua)",
        "(lam sao|the nao|cach nao|cach|phai lam gi) (de|de khong|khong|tranh|phong) (bi|tranh|biet|nhan|phong)",
        "(so|lo|ngai) (sau nay|sau do|qua do|qua ben|sang ben|sang do|bi lua|bi gat)",
        "(chuan bi|tinh|dinh|sap|muon) (di|qua|sang) (campuchia|lam|han|nhat|dai|xuat khau|nuoc ngoai)",
        "co (that|dung|nguy hiem|an toan|phai|uy tin) (khong|la|khong a|hong)",
    ),
    "STORY": (
        "(xem|coi|trong|doc|nghe|theo doi|luot|thay) (phim|tin|video|clip|youtube|tiktok|thoi su|bao|truyen|tivi|mang|facebook|"
        "phong su|bai bao|tren bao|tren mang|tren tivi|tren tiktok|review|dai|radio|podcast|ke|noi|don|ban tin|bai viet|tieu thuyet|"
        "kich)",
        "(tren|trong) (bao|tivi|tv|phim|tiktok|youtube|truyen|game|sach|thoi su|mang|phong su|kich|tieu thuyet|vtv|dai)",
        "(phim|bo phim|truyen|game|tro choi|tap phim|kich ban|tieu thuyet|phong su|bai bao|thoi su|phim truong|dong phim|vo kich|"
        "nhan vat|dien vien|dien kich|trailer|bai hat|series|netflix|lien quan|free fire|pubg|lol|ff|rank|boss)",
        "(bai tap|thuyet trinh|tieu luan|khoa luan|luan van|de tai|bai van|nghien cuu|lam bao cao|du an truong|hoc bai|bai hoc|"
        "mon gdcd|bai kiem tra|chuyen de|khao sat)",
        "(dua thoi|noi dua|gion thoi|dua day|choi thoi|giau ten|dua xiu|noi choi|troll|dua ti|dua chut|giai tri|haha|nam mo|mo thay|"
        "giac mo|test|thu bot|kiem tra bot)",
        "(nghe noi|nghe don|nghe ke|nghe dai|tin don|tin nong|vu an|bao noi|bao dang|dai noi|ti vi noi|thay bao|nguoi ta noi|"
        "ai cung noi|hom truoc thay)",
    ),
    "ASK": (
        "(so may|so nao|goi so|so dien thoai|goi ai|hotline|duong day nong|tong dai|goi cho ai|bao cho ai|lien he ai|lien he dau)",
        "(bao nhieu nam|may nam|phat|di tu|toi gi|khung hinh phat|xu ly|hinh su|truy cuu|an phat|tu chung than|dieu luat|dieu may)",
        "(dau hieu|nhan biet|nhan ra|phan biet|lam sao biet|sao biet|the nao la|la gi|nghia la gi|la sao|khai niem)",
        "(ho tro|che do|quyen loi|tro cap|thu tuc|lam lai|giay to gi|vay von|chinh sach|duoc huong|boi thuong)",
        "(co phai|phai khong|dung khong|that khong|co khong|duoc khong|nhu the nao|bao lau|khi nao)",
        "(muon hoi|cho hoi|xin hoi|hoi chut|thac mac|muon biet|muon tim hieu|tim hieu|tham khao|cho em hoi|cho minh hoi)",
    ),
    "REPORT": (
        "(nghi|nghi ngo|kha nghi|dang ngo|la lam|bat thuong|khong binh thuong|ky la)",
        "(to giac|trinh bao|to cao|bao tin|cung cap thong tin|bao cao|toi muon bao|muon bao|bao cho|de cac anh biet|khai bao|cung cap tin)",
    ),
    "TRIVIAL": (
        "(bai tap|bai toan|bai van|bai hoa|bai ly|bai nay|bai kiem tra|cau nay|cau hoi nay|de cuong|de toan|de thi|mon toan|mon ly|"
        "mon hoa|phuong trinh|hinh hoc)",
        "(file|file word|word|excel|powerpoint|code|may tinh|may in|laptop|wifi|may giat|tivi|dieu khien|mat khau|internet|mat mang|"
        "mat dien|cup dien)",
        "(game|tro choi|choi tro|tron tim|choi do|dong vai|vo kich|kich lop|loi bai hat|lyrics|bai hat|phim|status|qua man|deadline)",
        "(thu cung|cun|boss|meo|chu cho|con meo|con bo|con heo|con lon|con ga|con vit|con trau|con chim|con vet|con gian|con ran|"
        "ca canh|chuot|dan ga|dan bo|dan vit|ga nha|heo nha|bo nha|trau|sau rieng|lua nha|cay)",
        "(tien tieu vat|rua chen|rua bat|noi com|tra sua|nau an|an kieng|giam can|chia khoa|cai vi|rot vi|cai dep|do an)",
        "con cho (nha|cua|con|vang|den|trang|bi|mat|di|nho|to)",
    ),
    "AD": (
        "(tuyen dung|tuyen gap|can tuyen|tuyen nguoi|tuyen nam nu|tuyen nhan vien|tuyen them|tuyen ctv|tuyen cong tac vien|viec nhe luong cao)",
        "(luong tu|luong cung|luong thang|thu nhap|hoa hong|thuong|bao an o|bao ve may bay|bao an|ho tro ve|lo ve|phu cap|chuyen can)",
        "(khong can kinh nghiem|khong yeu cau|khong can bang cap|khong can coc|khong coc|di lam ngay|nhan viec ngay|tuoi tu)",
        "(nhan tin|lien he|zalo|telegram|comment|cham|inbox) (ngay|de|qua|em|minh|de biet|tu van|zalo|so)",
    ),
}
