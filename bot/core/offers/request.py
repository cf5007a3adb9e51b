"""Whether somebody asks to have an offer checked, and whether the message already carries that offer.

Plain words, not the classifier: "kiểm tra một lời mời" stands close to a report ("kiểm tra quán này đi") and to a question
("kiểm tra công ty ở đâu"), and what follows differs much. Reads normalised words (bot.core.text.normalise), English as it
is written. Standard library only, Python 3.10-compatible; linear: every gap is bounded.
"""

from __future__ import annotations

import re

from bot.core.disguise import plain
from bot.core.text import excerpt, normalise

_HEAD, _TAIL = 700, 500  # characters; people ask before or after the advert
_STORY_WORDS = 40  # a longer message without an offer in it tells a story
_ADVERT_WORDS = 7  # words beside the request, with two kinds of an offer's words among them

_SURE = r"(?:kiem tra|kiem (?:chung|dinh)|ktra|kt|check|chek|cek|xac (?:minh|thuc|dinh)|tham (?:dinh|tra)|review)"
_LOOK = r"(?:xem|coi|ngo|ngam|nhin|dom|doc|soi|danh gia|phan tich|nhan xet|tu van|phan biet)"
_HELP = r"(?:giup|ho(?! (?:khau|chieu|ngheo|tich))|gium|dum|giup do|cho|lai|thu|qua|xem|coi)"
_ME = r"(?:em|minh|toi|chau|con|anh|chi|co|chu|bac|ban|tui|tao|to|bon em|chung (?:em|toi)|nha (?:em|minh|toi)|dua em|ban em)"
_FEW = r"(?:\w+ ){0,4}?"
# What is surely an offer.
_OFFER = (
    r"(?:(?:loi|thu|tin|cai|cuoc|giay) (?:de nghi|chao|moi|ru|hua|ru re|moi chao)|moi (?:di )?lam|(?:tin|bai|mau|mau tin|thong bao) "
    r"(?:dang )?(?:tuyen|viec|tim nguoi|tim viec)|tuyen dung|tuyen (?:nguoi|cong tac vien|lao dong)|viec lam|cong viec|"
    r"viec (?:nay|kia|do|ni|ay|moi)|cho lam|cho (?:moi|tuyen)|nha tuyen dung|ben tuyen|job|offer|quang cao|don hang (?:nay|di|nhat|han|dai))"
)
_THIS = (
    r"(?:nay|kia|do|ni|ay|no|day|nek|ne|ben tren|ben duoi|sau day|o tren|o duoi|vua (?:gui|nhan|roi)|moi (?:gui|nhan))"
)
# What may be one when it is pointed at.
_THING = (
    r"(?:cai|cho|tin|tin nhan|ben|cong ty|doan|bai|bai (?:dang|viet)|trang|nhom|hoi nhom|link|mau|hop dong|keo|moi|vu|thang|"
    r"nguoi|ong|ba|moi gioi|co so|xuong|shop|quan|tiem|app|anh|hinh)"
)
_POINTED = rf"(?:{_THING} (?:\w+ ){{0,3}}?{_THIS}|(?:cai|doan|tin|bai) (?:nay|kia|do|ni)|(?:{_THIS}))"
_DOUBT = (
    r"(?:lua(?: dao| gat| doi| tien)?|bip|bay|ao|gia|dang ngo|kha nghi|dang tin|tin (?:duoc|cay|noi|tuong)|that|uy tin|an toan|"
    r"on|xao|dom|scam|fake|legit|real|dang nghi|dang hoang|hop phap|nguy hiem|van de gi|gi mo am|sao)"
)
_IS = r"(?:(?:co|phai|la|cung|ve|nghe|thay|nhin|hinh nhu|chac|bi|di|lam|ma|tuyen|dung|nguoi|khu) ){0,4}?"
_NO = r"(?:khong|chua|ha|hay (?:gia|lua|khong|la|ao)|vay|the|ta|nhi|duoc khong)"
_ASK = (
    rf"\b{_SURE} (?:{_HELP} )?{_FEW}{_OFFER}\b",
    rf"\b{_OFFER} (?:\w+ ){{0,5}}?{_SURE} (?:{_HELP}|duoc|voi|khong)\b",
    rf"\b{_SURE} (?:{_HELP} ){{0,2}}(?:{_ME} )?(?:voi |xem )?{_POINTED}\b",
    rf"\b{_LOOK} {_HELP} (?:{_HELP} )?{_FEW}(?:{_OFFER}|{_POINTED})\b",
    rf"\b(?:giup|ho|nho) (?:{_ME} )?(?:{_SURE}|{_LOOK}) {_FEW}(?:{_OFFER}|{_POINTED})\b",
    rf"\b(?:{_LOOK}|hoi|muon biet) (?:\w+ ){{0,3}}?{_OFFER} (?:\w+ ){{0,4}}?{_DOUBT} (?:\w+ ){{0,2}}?{_NO}\b",
    rf"\b{_OFFER} {_THIS} {_IS}{_DOUBT} (?:\w+ ){{0,2}}?{_NO}\b",
    rf"\b{_OFFER} (?:\w+ ){{0,5}}?(?:can|muon|nho|{_LOOK}) (?:{_ME} )?(?:{_HELP}|{_SURE})\b",
    rf"\b(?:{_OFFER}|loi moi|tin tuyen) {_THIS} (?:thi )?(?:\w+ )?(?:sao|the nao|ra sao|on khong)\b",
    rf"\b(?:moi|ru|tuyen) (?:\w+ ){{0,8}}?(?:nho|muon|can) (?:\w+ ){{0,2}}?{_SURE}\b",
    rf"\b(?:moi|ru) (?:\w+ ){{0,2}}?(?:di|lam) (?:\w+ ){{0,4}}?(?:{_LOOK}|hoi) (?:\w+ ){{0,2}}?(?:co|phai) {_IS}{_DOUBT} (?:\w+ ){{0,2}}?{_NO}\b",
    rf"\b(?:loi|tin) (?:moi|ru|tuyen) (?:\w+ ){{1,6}}?(?:co|la) (?:phai )?{_DOUBT} (?:\w+ ){{0,2}}?{_NO}\b",
    rf"\b(?:loi|tin) (?:moi|ru|tuyen|tuyen dung) {_IS}{_DOUBT} (?:\w+ ){{0,2}}?{_NO}\b",
    rf"\b(?:viec|viec lam|cong viec|cho|ben|tin|keo|cai|tin nhan|bai|doan|nhom|shop) {_THIS} {_IS}{_DOUBT} (?:\w+ ){{0,2}}?{_NO}\b",
)
# The same words about something else: a report, a tip's state, the police at work, a question how to do it.
_OTHER = (
    r"\b(?:bao tin|to giac|to cao|trinh bao|bao cao|bao (?:cho )?cong an|tin (?:bao|to giac|toi|em|minh|da|cua|hom)|ma|phieu|"
    r"bien nhan|so bao danh|tra cuu|don (?:to|trinh|da|cua))\b",
    rf"\b(?:cong an|chinh quyen|co quan|cac (?:anh|chu|ong|bac)|dia phuong|bien phong|quan ly thi truong|doan|so|phuong|xa|ubnd)"
    rf"\b (?:\w+ ){{0,5}}?{_SURE}\b",
    r"\b(?:de nghi|yeu cau|mong|den|toi|xuong|vao|vo|qua|bi|da|dang|di) (?:kiem tra|xac minh) (?!mot|1|giup|ho|gium|loi|tin|cai|cong viec|viec|thu)",
    r"\bkiem tra (?:dien thoai|phong|nha|can|hanh chinh|dot xuat|giay to|xe|tau|suc khoe|nhan khau|tam tru|camera|hang)\b",
    r"\b(?:lam sao|lam the nao|cach(?: nao)?|bang cach nao|cach thuc)\b.{0,40}\b(?:cong ty|giay phep|truong|trung tam|uy tin)\b",
    r"\b(?:cong ty|giay phep|truong|trung tam)\b.{0,40}\b(?:o dau|the nao|kieu gi|cach nao|bang cach|trang nao|lam sao)\b",
    r"\b(?:de|cach|sao|lam sao) (?:nhan )?(?:biet|ra)\b",
    r"\b(?:tai sao|vi sao)\b",
    r"\b(?:nhu the nao|kieu gi|la gi|may nam|bao nhieu nam)$",
)
_ASK_RE = tuple(map(re.compile, _ASK))
_OTHER_RE = tuple(map(re.compile, _OTHER))

_EN_THING = r"(?:jobs?|offers?|advert\w*|ads?|vacanc\w+|recruit\w*|invitation|messages?|posting|position|employer|company|agency|gig|work)"
_EN_DOUBT = r"(?:real|legit\w*|genuine|scam\w*|fake|trustworthy|a trap|trap|fraud\w*|honest|suspicious|true|for real|safe|ok(?:ay)?)"
_ENGLISH = (
    rf"\b(?:check|verify|review|examine|assess|inspect|look (?:at|into|over)|take a look at|vet)\b.{{0,30}}\b{_EN_THING}\b",
    rf"\b(?:is|are|does|do you think|could|can you tell if|tell me if|whether|if|think)\b.{{0,24}}\b{_EN_THING}\b.{{0,40}}\b{_EN_DOUBT}\b",
    rf"\bis (?:this|it|that|he|she) (?:a |an |some )?(?:job )?{_EN_DOUBT}\b(?! to\b)",
    rf"\b(?:if|whether) (?:this|it|that) is (?:a |an )?{_EN_DOUBT}\b(?! to\b)",
    rf"\b{_EN_THING}\b.{{0,40}}\b{_EN_DOUBT}\s*\?",
)
_EN_OTHER = r"\b(?:report\w*|denounce|police|confidential|anonym\w+|licen[cs]\w*|how (?:do|can|to)|receipt|code|checklist|are you|talk to)\b"
_ENGLISH_RE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in _ENGLISH)
_EN_OTHER_RE = re.compile(_EN_OTHER, re.IGNORECASE)

# Kinds of words an offer has; two kinds beside the request make an advert.
_KINDS = (
    r"\b\d+ ?(?:trieu|nghin|usd|do|te|cu|phan tram|euro|won)\b|\d ?%|\$ ?\d|\b(?:luong|thu nhap|hoa hong|tien cong|tra cong|salary|wage|"
    r"per (?:month|week|day)|(?:trieu|nghin) (?:mot |1 |moi )?(?:thang|ngay|dem|tuan))\b",
    r"\b(?:tuyen|can (?:tim|them|gap|nguoi|\d+)|thieu nguoi|nhan (?:nguoi|nam|nu|ca)|hiring|recruit\w*|vacanc\w+|(?:moi|ru|gioi thieu|keo) "
    r"(?:em|minh|toi|con|chau|ban|di|sang|qua|vao)|duoc (?:moi|ru|gioi thieu))\b",
    r"\b(?:viec nhe|lam (?:viec|nhan vien|cong nhan|game|online|tai nha|them|phu|ban|ktv|nail|thue)|chot don|nhiem vu|cong tac vien|"
    r"phuc vu|nhan vien|giup viec|cong nhan|phu (?:quan|bep|ban)|danh may|go ban phim|goi dien|factory|waitress|data entry)\b",
    r"\b(?:sang|qua|di|ben|o|tai) (?:cam|campuchia|lao|thai|trung|han|nhat|dai|duc|my|uc|nuoc ngoai|malaysia|myanmar|mien|dubai|"
    r"singapore|ba lan|canada|sai gon|ha noi|binh duong|trung quoc|dai loan|han quoc)\b|\b(?:campuchia|myanmar|cambodia|laos|abroad|bien gioi)\b",
    r"\bbao (?:an|ve|xe|o|het|tron)\b|\b(?:ho|cong ty|chi|anh|ben) (?:\w+ )?lo (?:het|giay|ve|ho chieu|cho)\b|\b(?:free|accommodation|"
    r"flight|ticket|visa)\b|\b(?:an o|cho o|don tan)\b",
    r"\bkhong (?:can|yeu cau|doi hoi) (?:bang|ho chieu|kinh nghiem|giay|gi)\b|\b(?:ho chieu|passport|dat coc|nap|coc|phi|"
    r"chuyen (?:truoc|khoan)|deposit|fee|no experience)\b",
    r"\b(?:telegram|zalo|inbox|lien he|nhan tin|whatsapp|ket ban)\b|\bhop dong\b|\bphong van\b|\bkin\b",
    r"\b(?:lay chong|ket hon|mang thai ho|ban than|hien than|ban trung|cho thue tai khoan|xuat khau lao dong|du hoc|tau ca|di bien)\b",
)
# "có người rủ em..."; not "tại sao người ta hay rủ...", which asks about such offers.
_INVITED = (
    rf"\b(?:nguoi(?: \w+){{0,2}}|ban(?: \w+){{0,2}}|chi|anh|co|chu|ba|ong|ho|no|cty|cong ty|ben do|moi gioi|ai do) (?:\w+ ){{0,4}}?"
    rf"(?:ru|moi|keu|keo|goi|gioi thieu|tuyen|dan|nhan) (?:re )?(?:{_ME}|con (?:gai|trai)|dua) \w+|"
    rf"\b{_ME} (?:\w+ )?(?:duoc|dc|bi) (?:\w+ ){{0,3}}?(?:ru|moi|keu|keo|goi|gioi thieu|tuyen|nhan)\b"
)
_GENERAL = r"\b(?:tai sao|vi sao|lam sao|the nao|thuong|dau hieu|la gi|nhung ai|bao nhieu nam)\b"
_INVITED_RE, _GENERAL_RE = re.compile(_INVITED), re.compile(_GENERAL)
_TOLD_KINDS = 3  # kinds of an offer's words: pay, work, a far place...
_RECRUITS = (
    r"^(?:(?:ben (?:em|minh|chi)|cong ty|cty|quan|shop|nha hang|hot|gap|em|chi|minh|kho|xuong) ){0,2}"
    r"(?:tuyen (?!sinh)|can (?:gap|tuyen|tim|them|nguoi|\d+)|viec nhe|viec lam|ai can viec|hiring\b|job\b)"
)
_ANSWER = (
    r"\b(?:ib|inbox|lien he|lh|zalo|telegram|tele|nhan tin|alo|ket ban|dang ky|sdt|hotline|contact|dm)\b|\b0\d{8,10}\b"
)
_RECRUITS_RE, _ANSWER_RE = re.compile(_RECRUITS), re.compile(_ANSWER)
_KINDS_RE = tuple(map(re.compile, _KINDS))


def _read(text: str) -> tuple[str, str]:
    """The message in normal words and as it was written, both lower case and bounded."""
    visible = plain(excerpt(text, _HEAD, _TAIL))
    return normalise(visible), visible.lower()


def _request(words: str, raw: str) -> re.Match[str] | None:
    if not any(pattern.search(words) for pattern in _OTHER_RE):
        for pattern in _ASK_RE:
            found = pattern.search(words)
            if found:
                return found
    if raw.isascii() and not _EN_OTHER_RE.search(raw):
        return next((found for pattern in _ENGLISH_RE if (found := pattern.search(raw))), None)
    return None


def _kinds(words: str) -> int:
    return sum(pattern.search(words) is not None for pattern in _KINDS_RE)


def _advert(words: str, request: re.Match[str] | None) -> bool:
    """Whether an offer stands in the words beside the request."""
    left = words if request is None else f"{words[: request.start()]} , {words[request.end() :]}"
    return len(left.split()) > _ADVERT_WORDS and _kinds(left) >= 2


def asks_check(text: str) -> bool:
    """Whether the message asks to have an offer looked at, in Vietnamese or English, typed in any way."""
    words, raw = _read(text)
    found = _request(words, raw)
    if found is None:
        return False
    return len(words.split()) <= _STORY_WORDS or _advert(found.string, found)


def carries_offer(text: str) -> bool:
    """Whether the message contains an offer, so that there is something to check at once."""
    words, raw = _read(text)
    found = _request(words, raw)
    return _advert(words if found is None else found.string, found)


def tells_offer(text: str) -> bool:
    """Whether somebody tells of an offer made to them or theirs, with enough of it to be checked at once."""
    words, _ = _read(text)
    return _INVITED_RE.search(words) is not None and not _GENERAL_RE.search(words) and _kinds(words) >= _TOLD_KINDS


def is_advert(text: str) -> bool:
    """Whether the message is an advert's own words: it begins by recruiting, says how to answer, and has an offer's words."""
    words, _ = _read(text)
    return (
        _RECRUITS_RE.search(words) is not None and _ANSWER_RE.search(words) is not None and _kinds(words) >= _TOLD_KINDS
    )


def looks_like_offer(text: str) -> bool:
    """Whether the words alone, without any request, are those of an offer; short ones count too."""
    return _kinds(_read(text)[0]) >= 2
