"""The reporter's own number among the words of a tip: it is contact, sealed apart, and no trace of anybody else.

"Liên lạc với tôi qua 0912…", "số em 0912…", "em tên Hoa, sđt 0912…" are the reporter's. "Nó gọi em bằng số 0912…",
"số của em gái tôi 0912…" are not. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re

from bot.core.text import fold

PHONE = re.compile(r"(?<![\d.])(?:\+?84|0)(?:[ .\-]?\d){8,10}(?!\d)")
LINK = re.compile(
    r"(?i)\b(?:https?://|www\.|(?:t\.me|zalo\.me|fb\.com|facebook\.com|m\.me|tiktok\.com|wa\.me)/)[^\s<>\"]{2,200}"
)
HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{3,31}")
_MAIL = re.compile(r"[\w.+\-]{1,60}@[\w\-]{1,60}(?:\.[\w\-]{1,20}){1,3}")
HIDDEN = "…"

_ME = r"(?:toi|em|minh|tui|tao|to|con|chau|e|ban than|chinh minh|me|my|i)"
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
    rf"|\b{_CALL}(?: (?:cho|voi|den|toi|qua|thang|nguoc|lai|giup|truc tiep))* {_ME}\b(?!{_KIN})"
    rf"|\b{_ME} (?:ten|la|ho ten)(?: la)? (?:\w+[ ,]+){{0,5}}?{_NUMBER}\b"
    rf"|\b{_ME} (?:dung|xai|co|de lai|gui lai|xin de lai|cho|muon de lai|muon gui)(?: lai)?(?: cai)? {_NUMBER}\b"
    rf"|\b(?:de lai|gui lai|xin gui) {_NUMBER}\b|\b(?:nguoi bao(?: tin)?|nguoi to giac)\b"
    r"|\bcan gi (?:thi )?(?:cu )?(?:goi|alo|nhan|lien lac|lien he)\b|\b(?:lien lac|lien he|lh) (?:qua"
    r"|theo|so|sdt)\b|\b(?:my (?:phone |zalo )?(?:number )?(?:is)?|(?:call|contact|reach|text) me)\b)"
)
# Somebody else is the one who calls or owns it.
_OTHERS = re.compile(
    r"\b(?:no|ho|tui no|tui nay|bon|bon no|tui kia|chung|chung no|thang|han|y|ke|nguoi la|nguoi ta|ba chu"
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
_AFTER = re.compile(
    rf"^\W{{0,3}}(?:\(?(?:day )?(?:la )?{_NUMBER} (?:cua )?{_ME}\b(?!{_KIN})|cua {_ME}\b(?!{_KIN})"
    rf"|la so (?:cua )?{_ME}\b(?!{_KIN})|is (?:my|mine)|\(?{_ME}\)?\W*$)"
)
_INTRODUCED = re.compile(
    rf"\b{_ME} (?:ten|ho ten)(?: la)? ([^\W\d_]+(?: [^\W\d_]+){{0,3}}?)(?:\W{{1,4}}"
    rf"|\W{{0,2}}\b{_NUMBER}\W{{0,4}}(?:la )?)+$"
)


def find(text: str) -> tuple[tuple[int, int], ...]:
    """Where the reporter's own numbers, addresses and handles stand in `text`: (start, end), in order."""
    spans: list[tuple[int, int]] = []
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
            bool(spans)
            and spans[-1][1] == before
            and re.fullmatch(r"\s*(?:,|va|hoac|hay|or|/|-)?\s*(?:so|zalo|sdt)?\s*", clause) is not None
        )
        if joined or _is_own(clause, text[start - len(clause) : start], folded[end : end + 40]):
            name = _INTRODUCED.search(clause)
            spans.append((start - len(clause) + name.start(1) if name else start, end))
        before = end
    return tuple(spans)


def _is_own(clause: str, written: str, after: str) -> bool:
    """clause: the folded words before a number in the same sentence, `written` the same as written; after: what follows."""
    if _AFTER.match(after):
        return True
    leads = list(_OWN.finditer(clause))
    found = leads[-1] if leads else None
    if found is None:
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
