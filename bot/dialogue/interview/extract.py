"""Phones, accounts, links, vehicles and numbers of people in what a citizen wrote. Shown back to them, never logged."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.text import fold
from bot.dialogue.interview import own_contact
from bot.dialogue.interview.own_contact import HANDLE, LINK, PHONE
from bot.dialogue.interview.police import conflicted

_PLATE = re.compile(r"\b\d{2}\s?-?\s?[A-Z]{1,2}\d?\s?[-. ]\s?(?:\d{3}[. ]?\d{2}|\d{4,5})\b")
_ACCOUNT_CUE = re.compile(r"(?:stk|so tai khoan|tai khoan|so tk|tk)[^\d\n]{0,30}(\d(?:[ .]?\d){6,18})")

# Exact numbers only, and no "một": "một người" is as often who lured them.
_NUMBER_WORDS = {"hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10}
_SPOKEN = {
    fold(word): number for word, number in _NUMBER_WORDS.items() if word != "sáu"
}  # "sau nguoi" may be "sau người"
_PEOPLE = (
    r"(?:nguoi|ng|dua|em|be|chau|co gai|con gai|co be|co|nho|nhoc|con nho|thang nhoc|thanh nien|ban|bn|chi em|chi|phu nu|nan nhan|lao dong"
    r"|cong nhan|hoc sinh|nam|nu|thieu nu|tre em|tre)"
)
# After a number in words not every word for people: "ba em" is as often somebody's father.
_COUNTED = (
    r"(?:người|đứa|cháu|cô gái|con gái|cô bé|bé gái|bé trai|em nhỏ|em gái|em bé|bạn nữ|bạn nam|chị em|thanh niên|phụ nữ|nạn nhân|"
    r"lao động|thiếu nữ|trẻ em)"
)
_COUNT = re.compile(rf"\b(\d{{1,3}})\s+{_PEOPLE}\b")
_COUNT_IN_WORDS = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)})\s+{_COUNTED}\b")
_COUNT_BARE = re.compile(rf"\b({'|'.join(_SPOKEN)})\s+{fold(_COUNTED)}\b")
_CHILD = re.compile(
    r"\b(?:tre em|tre con|tre nho|dua tre|em be|be gai|be trai|chau be|hoc sinh|hoc tro|tre vi thanh nien|vi thanh nien|"
    r"thieu nu|thieu nien|con nit|so sinh|bao thai|duoi 18|chua du 18|chua 18|lop [1-9]\b|lop 1[0-2]\b|con be|thang be|dua be|"
    r"(?<!gan truong )(?<!canh truong )(?<!truoc truong )(?<!cong truong )(?<!dien truong )(?<!sau truong )(?<!ben truong )"
    r"cap (?:2|3|hai|ba)|dua con gai|may dua nho)"
)
_AGE = re.compile(r"\b(?:moi |chi |khoang |tam |co |chung |hon |gan )?(\d{1,2})\s*(?:tuoi|t\b)")
_TEENS = r"muoi (?:mot|hai|ba|bon|tu|lam|nam|sau|bay)"
_NO_TENS = "".join(
    rf"(?<!\b{word} )" for word in ("hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi", "ham")
)
_AGE_IN_WORDS = re.compile(
    rf"{_NO_TENS}\b(?:{_TEENS}|(?:nam|sau|bay|tam|chin|muoi)) tuoi\b|{_NO_TENS}\b{_TEENS}(?= {_TEENS} tuoi)"
)
# Bare, in a short answer: "một đứa, mười bảy", "chừng 16".
_AGE_BARE = re.compile(
    rf"{_NO_TENS}\b(?:{_TEENS.replace('|nam|', '|')})\W*$|\b(?:chung|chac|tam|khoang|moi|gan|do|co le|hinh nhu)(?: moi| khoang| chung)? "
    r"(?:1[0-7]|[5-9])\W*$|\b(?:dua|be|chau|em|nhoc|con)\W{1,2}(?:1[0-7]|[5-9])\W*$"
)
_SHORT_ANSWER = 7  # words
_STILL = re.compile(
    r"\b(?:dang bi|dang nhot|dang giu|dang giam|dang o trong|van bi|van dang|van con|con bi|bay gio|hien (?:dang|gio|tai)|ngay luc nay|luc nay)\b"
)


# The name of an account, page or group: "acc fb tên Thùy Linh Cherry", "nhóm zalo Mẹ Bầu Yêu Thương".
_KEPT_BY = (
    r"(?:acc(?:ount)?|nick(?:name)?|fb|face(?:book)?|zalo|tiktok|tele(?:gram)?|insta(?:gram)?|ig|page|fanpage|trang|group|gr|nhóm|nhom|hội|hoi|"
    r"kênh|kenh|app|web|id|ingame|game|ytb|youtube)"
)
_NAMED = re.compile(
    rf"(?<!\w){_KEPT_BY}(?:\s+(?:{_KEPT_BY}|nó|no|hắn|bả|ổng|của|cua|kín|kin|chat))*"
    rf"(?:\s+(?:có\s+)?(?:tên|ten|là|la|ghi|để|de|kêu)(?:\s+(?:là|la|tên|ten))?\s+|\s*[:\"“']\s*|\s+)"
    rf"(?P<name>[^\s,.;:!?\"”'()]+(?:\s+[^\s,.;:!?\"”'()]+){{0,5}})",
    re.IGNORECASE,
)
_COMMON = frozenset({
    "gi", "nao", "ay", "do", "nay", "kia", "no", "minh", "em", "toi", "con", "de", "thi", "va", "voi", "ma", "la", "ru", "nhan", "cua", "co",
    "nguoi", "mot", "khong", "ko", "tuyen", "ai", "sao", "rieng", "chung", "lop", "dang", "bi", "lua", "den", "web", "kin", "viec", "cho", "nua",
})  # fmt: skip
_DIGIT = {"khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6", "bay": "7",
          "tam": "8", "chin": "9"}  # fmt: skip
_DIGITS_SAID = re.compile(rf"\bkhong(?: (?:{'|'.join(_DIGIT)})){{8,10}}\b")
_LETTER_O = re.compile(r"(?<![\w.])[oO](?=[ .\-]?\d(?:[ .\-]?\d){7,9}(?!\d))")


def _spoken_phones(folded: str) -> list[str]:
    """Numbers read out digit by digit: "không chín không tám ..."."""
    return ["".join(_DIGIT[word] for word in match.group().split()[0:]) for match in _DIGITS_SAID.finditer(folded)]


def _names(text: str) -> list[str]:
    """Names under which somebody is found on a platform: words written as names, after the word for the platform."""
    found = []
    for match in _NAMED.finditer(text[:2_000]):
        name = []
        for word in match["name"].split():
            if not (word[:1].isupper() or any(char.isdigit() or char == "_" for char in word)):
                break
            name.append(word)
        said = " ".join(name)
        if (
            len(said) > 2
            and fold(name[0]) not in _COMMON
            and said.lower() not in {"facebook", "zalo", "telegram", "tiktok"}
        ):
            found.append(said)
    return found


@dataclass(frozen=True)
class Found:
    """What was recognised, in the writer's own spelling; each tuple without repeats."""

    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    people: int | None = None
    child: bool = False
    still_in_danger: bool = False
    own: str = ""  # the reporter's own number or address: contact, and no trace
    official_conflict: bool = False  # the local police are said to be involved, or must not read this

    @property
    def traces(self) -> tuple[str, ...]:
        """All that points at who is behind it."""
        return self.phones + self.accounts + self.links + self.vehicles


def extract(text: str) -> Found:
    """Read `text` (any length up to the message cap) once. Linear time."""
    text, own = own_contact.split(text)
    text = _LETTER_O.sub("0", text)
    folded = fold(text)
    accounts = tuple(dict.fromkeys(m.group(1) for m in _ACCOUNT_CUE.finditer(folded)))
    phones = tuple(dict.fromkeys(m.group().strip() for m in PHONE.finditer(text) if m.group().strip() not in accounts))
    phones = tuple(dict.fromkeys([*phones, *_spoken_phones(folded)]))
    links = tuple(
        dict.fromkeys([m.group().rstrip(".,;)") for m in LINK.finditer(text)] + HANDLE.findall(text) + _names(text))
    )
    return Found(
        phones=phones,
        links=links,
        accounts=accounts,
        vehicles=tuple(dict.fromkeys(m.group() for m in _PLATE.finditer(text.upper()))),
        people=_people(text, folded),
        child=mentions_child(folded),
        still_in_danger=bool(_STILL.search(folded)),
        own=own,
        official_conflict=conflicted(text),
    )


def mentions_child(folded: str) -> bool:
    """Whether folded text speaks of somebody under 18."""
    if _AGE_IN_WORDS.search(folded) or (len(folded.split()) <= _SHORT_ANSWER and _AGE_BARE.search(folded)):
        return True
    return bool(_CHILD.search(folded)) or any(0 < int(m.group(1)) < 18 for m in _AGE.finditer(folded))


def _people(text: str, folded: str) -> int | None:
    if match := _COUNT.search(folded):
        return int(match.group(1)) or None
    if match := _COUNT_IN_WORDS.search(text.lower()):
        return _NUMBER_WORDS[match.group(1)]
    match = _COUNT_BARE.search(folded) if text.isascii() else None  # typed without diacritics
    return _SPOKEN[match.group(1)] if match else None
