"""Short forms, teencode and regional words, written by hand. Keys are lower case; values are folded.

Three tables, because the same letters mean different things with and without diacritics: "hem" may be hẻm (alley),
"hẻm" never means không. `SLANG` applies to tokens typed without vowel marks, `MARKED` to tokens exactly as typed,
`PHRASES` to runs of folded words. Ambiguous short forms are left out unless one reading dominates in messages to a
hotline; names of places stay untouched, the places matcher has its own abbreviations.
"""

from __future__ import annotations


def _table(lines: str) -> dict[str, str]:
    """ "key key = value" lines to a dictionary."""
    table: dict[str, str] = {}
    for line in lines.strip().splitlines():
        keys, _, value = line.partition("=")
        table.update({key: value.strip() for key in keys.split()})
    return table


SLANG = _table("""
k ko kg kh hk hok hokk hem hog hongg khum khom kho0ng khg kog kkhong khonggg khong0 hok0 hnog kong khog hun0g = khong
dc duoc dk dx duok dcc duocc dz0c = duoc
j ji jj gj = gi
z zi zay dzay dzi v vs4 vayy z0 = vay
e iem emm = em
c cj ch chj = chi
b bann = ban
m mayy = may
t tui toy toii toi5 t0i = toi
taoo = tao
mk mik mih mh mjk mjh minhh mik2 = minh
r rui ruj roy roii roi2 goi2 oy rj = roi
vs voi2 w zoi zs = voi
ns nois noii nchuyen nc nch = noi
ng ngu0i nguoii nguoi2 nguj ngui = nguoi
ngta nta nguoita = nguoi ta
mn mng mnguoi moinguoi = moi nguoi
bn bnhieu baonhieu bnh = bao nhieu
bnl = bao nhieu lau
bh bjo bgio bg bayh bj0 bigio = bay gio
ntn nhtn nhuthenao ntnao nhu0 = nhu the nao
nhg nhug nhuq = nhung
nh nhju nhiu nhieuu = nhieu
trc trk truok trg2 = truoc
lm lamm = lam
lun luon2 luonn lunn = luon
cx cg cung2 cux cungz cuq = cung
cxg = cung khong
ik ikk dii di2 = di
wa qa wua quaa qaa = qua
wen = quen
wan = quan
bit bik bjk bitt bjt biet2 bek pit pik = biet
kbit kbik kbiet kobiet hokbit khongbiet kb2 = khong biet
kdc kduoc koduoc k0duoc kodc = khong duoc
kco koco = khong co
ms = moi
vk vky voo = vo
ck cky chongg = chong
ny nyeu = nguoi yeu
iu yeuu yew = yeu
thik thix thjk thik2 = thich
thui thoyy thoi2 thuii thoy thoj = thoi
chx chug chung2 chua2 chuaa = chua
hnay hnai homnay hnayy = hom nay
hqua homqua = hom qua
bme bme2 bm4 = bo me
dag dg = dang
dau2 = dau
nhma nma nhmak = nhung ma
mak ma2 = ma
vdu vd = vi du
vde = van de
lq lquan = lien quan
lienhe lh lhe = lien he
dthoai dt dienthoai phone = dien thoai
sdt sodt sodienthoai sdth = so dien thoai
stk = so tai khoan
ck2 ckhoan chuyenkhoan = chuyen khoan
tk = tai khoan
ctv = cong tac vien
cty cti ctyy congty = cong ty
xkld xkldong = xuat khau lao dong
hdld = hop dong lao dong
vlam vieclam = viec lam
cv cviec = cong viec
tdung = tuyen dung
nhvu nvu = nhiem vu
nvien = nhan vien
cccd = can cuoc
cmnd cmt cmtnd = chung minh
gt giayto = giay to
hchieu pp passport = ho chieu
lsq = lanh su quan
dsq = dai su quan
cax = cong an xa
congan copp cop = cong an
bocongan bca = bo cong an
csgt = canh sat giao thong
csat police = canh sat
kcn = khu cong nghiep
bv bvien = benh vien
gd gdinh = gia dinh
hs hsinh = hoc sinh
sv svien = sinh vien
gv = giao vien
dh = dai hoc
hnhu hinhu = hinh nhu
thg thag = thang
thx tks thks tksss tkss thanku thankss camon camonn cmon = cam on
sr sory sorry xl xloi xinloi = xin loi
pls plz please plss pleas = lam on
ok oke okie oki okla okela okee okay okii uki oce = ok
uk ukm uh uhm um umm uhh ukk uhuh = u
da2 daa vang2 vag vangg = vang
alo aloo alooo allo = alo
hi hii hello helo hallo heloo hey = xin chao
bye bai baii byee bb bye2 pp2 = tam biet
g9 = chuc ngu ngon
ad add adm admin = admin
ib inb inbox ibx = nhan tin
nt ntin tn = nhan tin
rep repl reply = tra loi
tl trloi trl = tra loi
fb fbook face facebook = facebook
zl zalo = zalo
tele tlg telegram = telegram
grp gr gruop = nhom
acc ac0 = tai khoan
onl = online
off = offline
tg tgian thoigian = thoi gian
ae = anh em
ace = anh chi em
ac = anh chi
ce = chi em
a/c = anh chi
ox bx = vo chong
vn vnam vietnam = viet nam
tq trungquoc china = trung quoc
cpc campuchia cambodia campodia cambot campuchea kampuchia = campuchia
myanmar mianma mianmar myanma mienma = myanmar
qt = quoc te
nn = nuoc ngoai
hq = han quoc
nb = nhat ban
dlm dkm dcm dmm dm vcl vkl vcll vl cc clgt dmcs cmm = chui the
loz lozz = chui the
haha hahaha hihi hihihi hehe hehehe kaka kkk kkkk kkkkk hjhj hihii = haha
huhu huhuhu hic hix hixx huhuu = huhu
suiside = tu tu
kidnap kidnapped = bat coc
bcoc batcoc bac0c = bat coc
sos help hepl hlep = cuu
bphat bidanh = bi danh
qtrong = quan trong
qtam = quan tam
bthg bthuong bt = binh thuong
tsao taisao = tai sao
vsao visao = vi sao
saoo = sao
gvay = gi vay
dchi diachi = dia chi
luog lg = luong
trieuu trd = trieu
nhah nhe2 nhee nha2 nhoa nho2 = nhe
nghen nhen = nhe
kbh kbhgio = khong bao gio
ks = khong sao
ksao = khong sao
ktin = khong tin
dko dkhong = duoc khong
dcko dck dchong dkhum = duoc khong
phk phko phaik fai hk2 = phai
fone = dien thoai
ckung = cung
cko = cho
hoj hoii = hoi
hjen hjn = hien
nhjeu = nhieu
tjen = tien
tjn = tin
gjup giup2 gip giupp jup zup dup = giup
gjup2 = giup
zuup = giup
zui = vui
zo dzo = vao
dzia = ve
tdoi = theo doi
dki dky = dang ky
hdan = huong dan
tvan = tu van
ttin = thong tin
cthe = cu the
ctrinh = chuong trinh
nhnghi = nha nghi
lviec lv = lam viec
xog xg = xong
trem = tre em
thag2 = thang
bame bm = bo me
bo2 = bo
bbi = bi
bihai = bi hai
""")

# English words dropped into Vietnamese sentences, as their Vietnamese: "friend em missing" reads like "bạn em mất tích".
ENGLISH = _table("""
missing disappeared = mat tich
friend friends = ban
sister = chi gai
brother = anh trai
mother mom mommy = me
father dad daddy = bo
wife = vo
husband = chong
baby = em be
kid kids child children = tre em
girl = co gai
locked trapped = bi nhot
kidnapper kidnappers = bon bat coc
release released = tha
rescue save saved = cuu
beat beaten = danh
emergency urgent = khan cap
danger dangerous = nguy hiem
safe safety = an toan
number numbers = so
call = goi
hotel = khach san
room = phong
salary = luong
job jobs = viec lam
work working = lam viec
company = cong ty
agency agent broker = moi gioi
contract = hop dong
legit trusted = uy tin
verify check = kiem tra
scam scammer scams = lua dao
deposit = dat coc
border = bien gioi
egg eggs = trung
donate = hien
kidney = than
adopt adoption = nhan con nuoi
surrogacy surrogate = mang thai ho
marry marriage = ket hon
cancel stop = huy
remove delete = xoa
unsubscribe = huy dang ky
subscribe register signup = dang ky
alert alerts warning = canh bao
notification notifications = thong bao
newsletter = ban tin
human = nguoi that
robot bot chatbot = bot
report = bao tin
anonymous = an danh
confidential private privacy = bao mat
weekend = cuoi tuan
plan = ke hoach
homework = bai tap
weather = thoi tiet
movie = phim
news = tin tuc
law legal = phap luat
jail prison = tu
victim victims = nan nhan
support = ho tro
status = tinh trang
code = ma
study = du hoc
abroad = nuoc ngoai
fishing = danh ca
boat = tau
cash money = tien
pay paid = tra
suicide suicidal = tu tu
""")

# Exactly as typed, with their marks. Northern readers of central and southern words, in the folded standard form.
MARKED = _table("""
zậy zị = vay
tôy = toi
gòi rùi = roi
zới = voi
ngừi = nguoi
nhưg = nhung
nhìu = nhieu
wá qá wuá = qua
wê = que
bít = biet
mớii = moi
nhmà = nhung ma
lhệ = lien he
đthoại = dien thoai
cảmơn = cam on
okê = ok
dạa = vang
alô = alo
hí = xin chao
lồn = chui the
hí = haha
tạisao = tai sao
vìsao = vi sao
gìvậy = gi vay
nhé2 = nhe
fải = phai
pải = phai
cũg = cung
gjúp júp giúpp = giup
zúp = giup
zô dzô = vao
zìa = ve
zề = ve
zợ = vo
dkí = dang ky
hdẫn = huong dan
tvấn = tu van
bbị = bi
hông hổng hẽm hêm khôm hơm hăm = khong
mô = dau
răng = sao
rứa = vay
nớ = do
chừ = bay gio
dzậy zậy dzạy zạy dzị = vay
dzầy zầy = vay
dzô zô vô dô = vao
dzới zới dới = voi
bển = ben do
ổng = ong ay
bả = ba ay
mày = may
hắn = no
tụi = bon
wá qá = qua
bít = biet
mún mứn = muon
iêu = yeu
bùn = buon
lừn = luon
hén = nhe
nè nì = nay
gòi ròi rùi = roi
ừ ừm ờ ừa ùa ừh = u
ạ = a
vâng dạ = vang
mạ mệ má = me
tía = bo
bọ = bo
nhứt = nhat
thiệt = that
bịnh = benh
nhơn = nhan
chánh = chinh
dìa dzìa zìa = ve
mần = lam
đàng = duong
hổm = hom do
trển = tren do
trỏng = trong do
ngoải = ngoai do
giề = gi
zề = ve
zợ = vo
""")

# Folded words in a row, after the tables above. Longest first at use.
PHRASES = _table("")
PHRASES.update(
    {
        "mien dien": "myanmar",
        "cam pu chia": "campuchia",
        "cam bot": "campuchia",
        "mi an ma": "myanmar",
        "mian ma": "myanmar",
        "bua ni": "hom nay",
        "bay chu": "bay gio",
        "lam rang": "lam sao",
        "noi chien": "noi chuyen",
        "face book": "facebook",
        "tele gram": "telegram",
        "za lo": "zalo",
        "pass port": "ho chieu",
        "on lai": "online",
        "o sin": "giup viec",
        "thank you": "cam on",
        "thank u": "cam on",
        "help me": "cuu toi",
        "years old": "tuoi",
        "year old": "tuoi",
        "real person": "nguoi that",
        "real human": "nguoi that",
        "sign up": "dang ky",
        "turn off": "tat",
        "opt out": "huy dang ky",
    }
)
