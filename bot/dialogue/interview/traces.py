"""What points at whoever is behind it: phones, accounts and their holders, vehicles and boats, names on platforms.

In the writer's own spelling, without repeats. Shown back to them, never logged. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bot.core.text import fold
from bot.dialogue.interview.own_contact import HANDLE, LINK, PHONE

_PLATE = re.compile(r"\b\d{2}\s?-?\s?[A-Z]{1,2}\d?\s?[-. ]\s?(?:\d{3}[. ]?\d{2}|\d{4,5})\b")
# Fishing boats: the province's letters, four to six digits, "TS" (Circular 23/2018/TT-BNNPTNT, annex VIII).
_BOAT_OF = r"(?:AG|BĐ|BD|BL|BTh|BTH|BTr|BTR|BT|BV|CM|CT|ĐNa|DNa|HT|HP|KH|KG|LA|NA|NĐ|ND|NB|NT|PY|QB|QNa|QNA|QNg|QNG|QN|QT|SG|ST|TB|TH|TTH|TG|TV)"
_BOAT = re.compile(rf"(?<!\w){_BOAT_OF}[ .\-]?\d{{4,6}}(?:[ .\-]?TS)?(?!\w)")
_BOAT_TS = re.compile(rf"(?<!\w){_BOAT_OF}[ .\-]?\d{{4,6}}[ .\-]?TS(?!\w)", re.IGNORECASE)
_OF_BOATS = re.compile(r"\b(?:ghe|tau|thuyen|xuong|so hieu)\b")

_BANK = (
    r"(?:vietcombank|vietcom|vcb|techcombank|techcom|tcb|mb ?bank|mb|bidv|agribank|vietinbank|viettinbank|vtb|acb|sacombank|scb|tpbank|tpb|vpbank"
    r"|vpb|hdbank|shb|vib|ocb|msb|eximbank|seabank|lienviet|lpbank|namabank|momo|zalopay|viettelpay)"
)
_ACCOUNT_CUE = re.compile(r"(?:stk|so tai khoan|tai khoan|so tk|tk)[^\d\n]{0,30}(\d(?:[ .]?\d){6,18})")
_AFTER_BANK = re.compile(rf"\b(?:ngan hang|{_BANK})\b[^\d\n.;]{{0,20}}(\d(?:[ .]?\d){{6,18}})")
_ACCOUNT_BEFORE_BANK = re.compile(rf"(?<![\d.])(\d(?:[ .]?\d){{6,18}})\W{{0,4}}(?:ngan hang |nh |ben )?{_BANK}\b")
# No phone, written in one piece, and no identity card, which is as often the victim's: an account.
_LONG_NUMBER = re.compile(r"(?<![\w.+\-/])\d{9,19}(?![\w/])")
_IDENTITY = re.compile(r"\b(?:cccd|cmnd|cmt|can cuoc|chung minh|ho chieu)\b[^\d]{0,20}$")
# "tài khoản … tên LE VAN QUAN": in whose name the money is taken.
_HOLDER = re.compile(
    rf"\b(?:stk|tk|tai khoan|\d{{6,19}}|{_BANK})\b[^\n;]{{0,40}}?\b(?:(?:dung |mang |de )?ten(?: la)?|nguoi nhan(?: la)?)\b[ :]*"
    r"|\b(?:chu tk|chu tai khoan|nguoi nhan|gd|giam doc|dung ten|mang ten)(?: (?:la|ten))*[ :]+"
)
_AFTER_ACCOUNT = re.compile(rf"\d{{6,19}}\W{{0,3}}(?:(?:ngan hang |nh |o |tai )?{_BANK})?\W{{0,3}}")
_MOST_OF_NAME = 6  # words

# The name of an account, page or group: "acc fb tên Thùy Linh Cherry", "nhóm zalo Mẹ Bầu Yêu Thương".
_KEPT_BY = (
    r"(?:acc(?:ount)?|nick(?:name)?|fb|face(?:book)?|zalo|zl|tiktok|tóp ?tóp|tik ?tok|tele(?:gram)?|insta(?:gram)?|ig|page|fanpage|trang|group|gr|"
    r"nhóm|nhom|hội|hoi|kênh|kenh|app|web|id|ingame|game|ytb|youtube|wechat|we ?chat|line|viber|whatsapp|wa|skype|imo|discord|signal|messenger|mess)"
)
_THEIR = (
    r"(?:nó|no|hắn|han|bả|ổng|ong|ông|bà|ba|của|cua|kín|kin|chat|(?:chị|chi|anh|cô|co|chú|chu|con|thằng|thang|đứa|dua|người|nguoi|em|bạn|ban)\s+"
    r"(?:ấy|ay|đó|do|này|nay|kia|ta|nớ|no|tê|ni))"
)
_NAMED = re.compile(
    rf"(?<!\w){_KEPT_BY}(?:\s+(?:{_KEPT_BY}|{_THEIR}))*"
    rf"(?:\s+(?P<cue>(?:có\s+)?(?:tên|ten|là|la|ghi|để|de|kêu|keu)(?:\s+(?:là|la|tên|ten))?)\s+|\s*[:\"“']\s*|\s+)"
    rf"(?P<name>[^\s,.;:!?\"”'()]+(?:\s+[^\s,.;:!?\"”'()]+){{0,5}})",
    re.IGNORECASE,
)
_COMMON = frozenset({
    "gi", "nao", "ay", "do", "nay", "kia", "no", "minh", "em", "toi", "con", "de", "thi", "va", "voi", "ma", "la", "ru", "nhan", "cua", "co",
    "nguoi", "mot", "khong", "ko", "tuyen", "ai", "sao", "rieng", "chung", "lop", "dang", "bi", "lua", "den", "web", "kin", "viec", "cho", "nua",
    "nhung", "hay", "thoi", "roi", "nhu", "ten", "e", "t", "m", "k", "hok", "hong", "chac", "cai", "tai", "vi", "neu", "so", "nick", "qua", "ben",
})  # fmt: skip
_PLATFORMS = frozenset(
    {"facebook", "zalo", "telegram", "tiktok", "messenger", "youtube", "viber", "wechat", "line", "whatsapp"}
)
_LEAST = 2  # characters of a name

_DIGIT = {"khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6", "bay": "7",
          "tam": "8", "chin": "9"}  # fmt: skip
_DIGITS_SAID = re.compile(rf"\bkhong(?: (?:{'|'.join(_DIGIT)})){{8,10}}\b")


def accounts(folded: str) -> tuple[str, ...]:
    """Account numbers: digits after the word for one or a bank, before a bank, or long and in one piece."""
    found = [m.group(1) for m in _ACCOUNT_CUE.finditer(folded)]
    banked = (m.group(1) for pattern in (_AFTER_BANK, _ACCOUNT_BEFORE_BANK) for m in pattern.finditer(folded))
    found += [number for number in banked if not PHONE.fullmatch(number)]
    known = {re.sub(r"\D", "", number) for number in found}
    phones = {re.sub(r"\D", "", m.group()) for m in PHONE.finditer(folded)}
    found += [
        m.group()
        for m in _LONG_NUMBER.finditer(folded)
        if m.group() not in known | phones and not _IDENTITY.search(folded[max(0, m.start() - 40) : m.start()])
    ]
    return tuple(dict.fromkeys(found))


def phones(text: str, folded: str, besides: Iterable[str]) -> tuple[str, ...]:
    """Telephone numbers, in digits or read out digit by digit, that are none of `besides`."""
    others = set(besides)
    written = [m.group().strip() for m in PHONE.finditer(text) if m.group().strip() not in others]
    spoken = ["".join(_DIGIT[word] for word in match.group().split()) for match in _DIGITS_SAID.finditer(folded)]
    return tuple(dict.fromkeys([*written, *spoken]))


def links(text: str, folded: str) -> tuple[str, ...]:
    """Addresses and handles, and the names under which somebody is found on a platform or takes money."""
    found = [m.group().rstrip(".,;)") for m in LINK.finditer(text)] + HANDLE.findall(text)
    return tuple(dict.fromkeys([*found, *_named(text), *_holders(text, folded)]))


def vehicles(text: str, folded: str) -> tuple[str, ...]:
    """Plates of cars and motorcycles, registrations of boats."""
    found = [m.group() for m in _PLATE.finditer(text.upper())] + [m.group() for m in _BOAT_TS.finditer(text)]
    if _OF_BOATS.search(folded):
        found += [m.group() for m in _BOAT.finditer(text) if not any(m.group() in known for known in found)]
    return tuple(dict.fromkeys(found))


def _named(text: str) -> Iterator[str]:
    """Names on a platform: words written as names after the word for the platform; in small letters only after "tên"."""
    for match in _NAMED.finditer(text[:2_000]):
        cue = fold(match["cue"] or "")
        words = match["name"].split()
        name = list(_leading(words, small=False, lone=bool(cue)))
        if not name and "ten" in cue:
            name = list(_leading(words, small=True, lone=True))[:4]
        said = " ".join(name)
        if not cue and len(name) < 2 and not re.search(r"[\d_]", said):
            continue  # "Hội Phụ nữ"
        if len(said) > _LEAST and said.lower() not in _PLATFORMS and not PHONE.search(said):
            yield said


def _leading(words: list[str], *, small: bool, lone: bool) -> Iterator[str]:
    shouted = all(word == word.upper() for word in words)
    for number, word in enumerate(words):
        plain = fold(word).strip("~") in _COMMON
        named = word[:1].isupper() or any(char.isdigit() or char == "_" for char in word)
        if (small or shouted or (number == 0 and not lone)) and plain:
            return
        if not (small or named):
            return
        yield word


def _holders(text: str, folded: str) -> Iterator[str]:
    """The names to which money goes, right after the account."""
    if len(folded) != len(text):
        return
    for match in _HOLDER.finditer(folded):
        yield from _full_name(text[match.end() : match.end() + 60], caps=False)
    for match in _AFTER_ACCOUNT.finditer(folded):
        yield from _full_name(text[match.end() : match.end() + 60], caps=True)


def _full_name(rest: str, *, caps: bool) -> Iterator[str]:
    name: list[str] = []
    for word in rest.split()[:_MOST_OF_NAME]:
        bare = word.strip("().,;:\"'“”")
        if not bare.isalpha() or not (bare.isupper() if caps else bare[:1].isupper()) or len(bare) < _LEAST:
            break
        name.append(bare)
        if bare != word.lstrip("(\"'“"):
            break
    if len(name) >= _LEAST:
        yield " ".join(name)
