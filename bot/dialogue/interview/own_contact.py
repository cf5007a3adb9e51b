"""The reporter's own number among the words of a tip: it is contact, sealed apart, and no trace of anybody else.

"Liên lạc với tôi qua 0912…", "số em 0912…", "em tên Hoa, sđt 0912…" are the reporter's. "Nó gọi em bằng số 0912…",
"số của em gái tôi 0912…" are not. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re

from bot.core.text import fold

PHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)[1-9]\d{0,2}(?:[ .\-]?\d){6,12}|(?:\+?84|0)(?:[ .\-]?\d){8,10})(?!\d)")
LINK = re.compile(
    r"(?i)\b(?:https?://|www\.|(?:t\.me|zalo\.me|fb\.com|facebook\.com|m\.me|tiktok\.com|wa\.me)/)[^\s<>\"]{2,200}"
)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{3,31}")
_MAIL = re.compile(r"[\w.+\-]{1,60}@[\w\-]{1,60}(?:\.[\w\-]{1,20}){1,3}")
HIDDEN = "…"

_ME = r"(?:toi|em|minh|tui|tao|to|con|chau|e|ban than|chinh minh|my|i)"
_KIN = (
    r"(?: (?:gai|trai|ay|do|kia|nay|ho|dau|re|chong|vo|ruot|be|cua (?:em|toi|minh|tui|con|chau)|ban|trong|hang xom"
    r"|nho|ut|hai|ba|tu|me|cha|bo|nguoi)\b)"
)
_NUMBER = (
    r"(?:so(?: (?:dien thoai|dt|phone|may|zalo|lien lac|lien he|di dong))?|sdt|sd|dt|dien thoai|zalo"
    r"|telegram|tele|facebook|fb|viber|mail|email|gmail|phone(?: number)?|number|whatsapp)"
)
_CALL = (
    r"(?:goi(?: dien| lai)?|lien lac(?: lai)?|lien he(?: lai)?|nhan(?: tin| lai)?|ket ban|alo|lh|ib|inbox"
    r"|phan hoi|tra loi|hoi lai|hoi them|tim|contact|call|text|reach|message|zalo)"
)
# What leads up to the reporter's own number; searched in the folded words of the same sentence before the number.
_OWN = re.compile(
    rf"(?:\b{_NUMBER}(?: cua)? {_ME}\b(?!{_KIN})"
    rf"|\b(?:call|contact|text|reach|message|whatsapp|phone) me\b|\b{_CALL}(?: (?:cho|voi|den|toi|qua|thang|nguoc|lai|giup"
    rf"|truc tiep))* {_ME}\b(?!{_KIN})"
    rf"|\b{_ME} (?:ten|la|ho ten)(?: la)? (?:\w+[ ,]+){{0,5}}?{_NUMBER}\b"
    rf"|\b{_ME} (?:dung|xai|co|de lai|gui lai|xin de lai|cho|muon de lai|muon gui)(?: lai)?(?: cai)? {_NUMBER}\b"
    rf"|\b(?:de lai|gui lai|xin gui) {_NUMBER}\b|\b(?:nguoi bao(?: tin)?|nguoi to giac)\b"
    r"|\bcan gi (?:thi )?(?:cu )?(?:goi|alo|nhan|lien lac|lien he)\b"
    r"|(?:^|[,.:] *|\b(?:can|co the|cu|xin|vui long|hay|muon|mong|nho) )(?:lien lac|lien he|lh) (?:qua|theo|so|sdt)\b"
    r"|\b(?:my (?:phone |zalo )?(?:number )?(?:is)?|(?:call|contact|reach|text) me)\b)"
)
# Somebody else is the one who calls or owns it.
_OTHERS = re.compile(
    r"\b(?:(?:chi|anh|co|chu|con|thang|bac|di|cau|me|ba|ong|em|dua) (?:ay|do|kia|nay|ta|no|te)|con me|me (?:ay|do)|so me|so thang"
    r"|so con|no|ho|tui no|tui nay|bon|bon no|tui kia|chung|chung no|thang|han|y|ke|nguoi la|nguoi ta|ba chu"
    r"|ong chu|ba ay|ba ta|ba do|ong ay|ong ta|ong do|anh ta|chi ta|co ta|ma mi|tu ba|chu quan|ba ay|"
    r"moi gioi|doi tuong|ai do|nguoi do|nguoi nay|co nguoi|mot nguoi|nguoi tuyen|nha tuyen dung|cong ty"
    r"|so la|nick|nhom|they|he|she|trafficker|someone|somebody|a man|a woman)\b"
)
_OFFICERS = re.compile(
    r"\b(?:cong an|can bo|cac anh|cac chi|anh chi|dong chi|ben minh|co quan|admin|ad|police|officer)\b"
)
_SENTENCE = re.compile(r"[.!?\n;]\s|\n|[!?;]")
_ELDERS = frozenset({"em", "con", "chau"})  # words that stand before names too
_WINDOW = 90  # characters before a number in which its owner is named
_SUSPECT = r"(?:no|han|ho|bon|tui no|chung|thang|ke|y|ba|ong|chi|anh|co|chu|mu|quan|nguoi|moi gioi|cong ty|ma mi|tu ba|doi tuong|lao|ga|ten)"
_BEYOND_DOUBT = (
    r"(?:no|han|bon|tui no|chung|thang|ke|chu quan|chu nha|chu(?= \W*\d)|ba chu|ong chu|moi gioi|ma mi|tu ba|doi tuong)"
)
# What is said of a number right after it.
_AFTER_MINE = re.compile(
    rf"^\W{{0,3}}(?:(?:thi|do|day|moi|chinh) )*(?:la )?(?:{_NUMBER} )?cua {_ME}\b(?!{_KIN})"
    rf"|^\W{{0,3}}(?:(?:thi|do|day|moi|chinh) )*la {_NUMBER} {_ME}\b(?!{_KIN})"
    rf"|\b(?:do|day|so do|so nay) (?:moi |chinh )?la (?:{_NUMBER} )?(?:cua )?{_ME}\b(?!{_KIN})"
    rf"|^\W{{0,3}}\(?(?:day )?{_NUMBER} (?:cua )?{_ME}\b(?!{_KIN})(?=\W*$|\s*[),.;])"
    rf"|^\W{{0,3}}(?:is (?:my|mine)\b|\(?{_ME}\)?\W*$)"
)
_AFTER_THEIRS = re.compile(
    rf"^\W{{0,3}}(?:(?:thi|do|day|moi|chinh|cung) )*(?:la )(?:{_NUMBER} )?cua (?!{_ME}\b(?!{_KIN}))\w"
    rf"|^\W{{0,3}}(?:(?:thi|do|day|moi) )*(?:la )?(?:{_NUMBER} )?cua {_SUSPECT}\b|^\W{{0,3}}la {_NUMBER} {_SUSPECT}\b"
)
_NOT_MINE = re.compile(rf"\bkhong phai (?:la )?(?:{_NUMBER} )?(?:cua )?{_ME}\b(?!{_KIN})")
_NOT_THEIRS = re.compile(rf"\bkhong phai (?:la )?(?:{_NUMBER} )?(?:cua )?{_SUSPECT}\b")
# And right before it.
_THEIRS = re.compile(
    rf"\b{_NUMBER}(?: cua)? (?!{_ME}\b(?!{_KIN})){_SUSPECT}(?: \w+){{0,3}}(?: (?:la|thi))?\W*$"
    rf"|\b(?:ba|ong|chi|thang|mu|ke|chu quan|ten) (?:\w+ ){{1,4}}{_NUMBER}(?: la)?\W*$"
)
_SURELY_THEIRS = re.compile(
    rf"\b{_NUMBER}(?: cua)? {_BEYOND_DOUBT}(?: \w+){{0,3}}\W*$|\b(?:thang|ke|mu|con mu) (?:\w+ ){{1,4}}{_NUMBER}(?: la)?\W*$"
)
_OWN_REFUSED = re.compile(rf"\b{_NUMBER}(?: cua)? {_ME} (?:thi )?(?:khong|ko|k|hong|hok|thoi|khoi|thui|mien|xin giu)\b")
_AM = re.compile(rf"\b{_ME} (?:ten|la|ho ten)(?: la)? (?!nguoi|nan nhan)(?:\w+ ?){{1,4}}\W*$")
MINE, THEIRS, UNCLEAR = "mine", "theirs", ""
_INTRODUCED = re.compile(
    rf"\b{_ME} (?:ten|ho ten)(?: la)? ([^\W\d_]+(?: [^\W\d_]+){{0,3}}?)(?:\W{{1,4}}"
    rf"|\W{{0,2}}\b{_NUMBER}\W{{0,4}}(?:la )?)+$"
)


def find(text: str) -> tuple[tuple[int, int], ...]:
    """Where the reporter's own numbers, addresses and handles stand in `text`: (start, end), in order."""
    return tuple((start, end) for start, end, whose in owners(text) if whose == MINE)


def owners(text: str) -> tuple[tuple[int, int, str], ...]:
    """Each number, address and handle in `text`, in order, and whose it is said to be: MINE, THEIRS or UNCLEAR."""
    found: list[tuple[int, int, str]] = []
    candidates = sorted({m.span() for pattern in (PHONE, _MAIL, LINK, HANDLE) for m in pattern.finditer(text)})
    if not candidates:
        return ()
    folded = fold(text)
    same = len(folded) == len(text)  # on text that was cleaned, always
    before = 0
    for start, end in candidates:
        if start < before:
            continue
        # A number right after an own one ("0912… hoặc 0987…") has the same owner.
        lead = folded[max(0, start - _WINDOW, before) : start] if same else ""
        cut = [m.end() for m in _SENTENCE.finditer(lead)]
        clause = lead[cut[-1] :] if cut else lead
        joined = (
            bool(found)
            and found[-1][1] == before
            and re.fullmatch(r"\s*(?:,|va|hoac|hay|or|/|-)?\s*(?:so|zalo|sdt)?\s*", clause) is not None
        )
        whose = found[-1][2] if joined else _whose(clause, text[start - len(clause) : start], _said_after(folded[end:]))
        name = _INTRODUCED.search(clause) if whose == MINE else None
        found.append((start - len(clause) + name.start(1) if name else start, end, whose))
        before = end
    return tuple(found)


def _said_after(rest: str) -> str:
    """Whose a number is by the words after it, up to the next number."""
    after = re.split(r"[.!?\n;]", rest[:_WINDOW], maxsplit=1)[0]
    following = re.search(rf"\d{{6}}|{HIDDEN}", after)
    if following:  # "…, con 0901… la cua Tuan": what begins a clause there is said of the next one
        after = re.split(r",|\bcon\b|\bva\b", after[: following.start()], maxsplit=1)[0]
    if _NOT_MINE.search(after):
        return THEIRS
    if _NOT_THEIRS.search(after) or _AFTER_MINE.search(after):
        return MINE
    return THEIRS if _AFTER_THEIRS.search(after) else UNCLEAR


def _whose(clause: str, written: str, after: str) -> str:
    if after:
        return after
    theirs = _THEIRS.search(clause)
    if _is_own(clause, written, theirs.start() if theirs else -1):
        return MINE
    return THEIRS if theirs else UNCLEAR


def _is_own(clause: str, written: str, theirs: int) -> bool:
    """clause: the folded words before a number in the same sentence, `written` the same as written; theirs: where words
    begin that say it is somebody else's, or -1."""
    leads = list(_OWN.finditer(clause))
    found = leads[-1] if leads else _AM.search(clause)
    if found is None or found.end() <= theirs:
        return False
    if theirs >= 0 and found.start() <= theirs:
        return False
    between = clause[found.end() :]
    if re.match(r"\s+[^\W\d_a-zà-ỹ]", written[found.end() :]) and found.group().split()[-1] in _ELDERS:
        return False  # "số em Lan": hers
    if len(between.split()) > 8 or _OTHERS.search(between):
        return False
    return not _OTHERS.search(clause[: found.start()].rsplit(",", 1)[-1]) or bool(
        _OFFICERS.search(clause[: found.start()])
    )


def split(text: str) -> tuple[str, str]:
    """(`text` with the reporter's own contact left out, the contact with the name beside it or '')."""
    spans = find(text)
    if not spans:
        return text, ""
    kept, own, at = [], [], 0
    for start, end in spans:
        kept += [text[at:start], HIDDEN]
        own.append(text[start:end].strip())
        at = end
    return "".join([*kept, text[at:]]), "; ".join(dict.fromkeys(own))


def sort_at_contact(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is written where the reporter's own number is asked for: (their own, somebody else's).

    "Số của bà là…" is an old woman's own there, unless she says that hers is not to be had.
    """
    found, folded = owners(text), fold(text)
    refused = bool(_OWN_REFUSED.search(folded))
    mine: list[str] = []
    theirs: list[str] = []
    for start, end, whose in found:
        said = text[start:end].strip()
        lead = folded[max(0, start - _WINDOW) : start]
        other = whose == THEIRS and (
            len(found) > 1 or _SURELY_THEIRS.search(lead) or _said_after(folded[end:]) == THEIRS
        )
        (theirs if other or (refused and whose != MINE) else mine).append(said)
    return tuple(mine), tuple(theirs)


def refuses_own(text: str) -> bool:
    """ "số tôi không cho", "số em thì thôi"."""
    return bool(_OWN_REFUSED.search(fold(text)))


def pointed(text: str) -> str:
    """Whose "this number" is, said without writing it again: MINE, THEIRS or UNCLEAR."""
    folded = fold(text)
    if PHONE.search(text) or not re.search(r"\b(?:so|sdt|cai do|zalo)\b", folded):
        return UNCLEAR
    if _NOT_MINE.search(folded):
        return THEIRS
    if re.search(r"\bcua\b", folded) and _NOT_THEIRS.search(folded):
        return MINE
    return (
        MINE
        if re.search(rf"\bso (?:do|nay|tren|kia)(?: moi)? la (?:so )?(?:cua )?{_ME}\b(?!{_KIN})", folded)
        else UNCLEAR
    )
