"""How many people are in danger, from what is said of them: "3 đứa", "em với 2 bạn nữa", "có mình nó". Pure; Python 3.10-compatible.

Read only in words about those in danger: "nhóm 5 thằng" are the others. A guess, shown at the read-back and put right there.
"""

from __future__ import annotations

import re

from bot.core.text import fold

_WORDS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_BARE = {fold(word): number for word, number in _WORDS.items()}
_WHO = (
    r"(?:người|nguoi|ng|đứa|dua|em|bé|be|cháu|chau|cô|co|chị|chi|anh|bạn|ban|bn|con|thằng|nhỏ|nho|nhóc|nhoc|thanh niên|thanh nien|"
    r"phụ nữ|phu nu|nạn nhân|nan nhan|nam|nữ|nu|mạng|mang|công nhân|cong nhan|học sinh|hoc sinh|trẻ|tre|lao động|lao dong|gái|gai|chị em|chi em|"
    r"mẹ|me|má|ma|mẹ con|me con|vợ chồng|vo chong|ông cháu|bà cháu|ba chau|anh em|ông|ong|bà)"
)
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join([*_WORDS, *_BARE])})"
_COUNT = re.compile(
    rf"(?<![\w.,/])(?P<lead>(?:[^\W\d]+[,;.]?\s+){{0,3}}?){_NUMBER}\s+{_WHO}(?!\w)(?P<tail>(?:\s+[^\W\d]\w*){{0,4}})"
)
_TOTAL = re.compile(
    rf"(?:tổng cộng|tong cong|tổng là|tong la|tất cả|tat ca|cả thảy|ca thay|hết thảy|het thay|hết cả|tính ra|tinh ra)\s+(?:là\s+"
    rf"|la\s+|có\s+|co\s+)?{_NUMBER}(?!\w)"
    rf"|(?:là|la|có|co|ba|mấy|may)?\s*(?<!\w)(?P<m>\d{{1,3}})\s+(?:\w+\s+)?(?:tất cả|tat ca|cả thảy|ca thay|tổng cộng|tong cong)"
)
_AND_MORE = re.compile(
    rf"(?:với|voi|vs|và|va|cùng|cung|còn|con)\s+{_NUMBER}\s+{_WHO}(?!\w)|{_NUMBER.replace('<n>', '<o>')}\s+{_WHO}\s+(?:\w+\s+)?(?:nữa|nua|khác|khac)"
)
_PART = re.compile(
    r"\b(?:trong do|trong so|gom|trong (?:\w+ ){0,2}nay)\b(?=\W*(?:co |la |thi |gom )*(?:\d|mot|hai|ba|bon)\b)"
)  # what follows is counted already
_MORE = re.compile(r"^(?:\W*\w+){0,3}?\W*(?:nua|khac)\b")
_AND = re.compile(r"(?:\b(?:voi|vs|va|cung|w|with|cong|them|co them)|\+)\s*(?:mot |1 )?$")
_ONE_WORD = frozenset({"một", "mot", "1"})
# "với thằng em họ", "có thêm chị gái nào", "đứa nữa": one more, without a number.
_PERSON = r"(?:dua|nguoi|em|ban|bn|thang|con|chi|co|anh|chau|be|me|ma|nho|nhoc|ng|ba|ong|chong|vo)"
_ONE_MORE = re.compile(
    rf"\b(?:(?:voi|vs|va|cung|cung voi|co them|them) (?:ca )?(?:mot |1 )?{_PERSON}\b(?! (?:em|minh|toi|tui|con) (?:di|o|lam)\b)"
    rf"|(?:co )?(?<!\d ){_PERSON} (?:nua|khac)\b|[.,;] (?:ma|me) (?:no|be|chau) ten\b)"
)
_ALONE = re.compile(
    r"\b(?:chi|moi|co|co moi|chi co|chi moi|co|duy nhat)\s+(?:co\s+)?(?:mot |1 )?minh (?:no|em|e|minh|toi|tui|con|chau|be|chi|anh"
    r"|co|ban|han|hon|lo|y|thang|ban e|bn e|nha)\b"
    r"|\bmot minh (?:no|em|e|minh|toi|tui|con|chau|be|chi|anh|co|ban|han)\b|\b(?:em|no|minh|toi|tui|e|con|chau|han) (?:mot minh|di mot minh)\b"
    r"|\bdi mot minh\b|\b(?:mot|1) (?:nguoi|dua|em|ban|ng|chau|be|con|co|chi|thang) (?:thoi|thui|thoy|duy nhat)\b|\bmoi minh(?: \w+)? (?:thoi|thui)\b"
    r"|\b(?:co|chi) (?:minh|moi|mot|1)(?: (?:minh|co))? \w+(?: \w+)? (?:thoi|thui|th)\b|^\W*(?:em|e|minh|toi|tui|con|chau) (?:thoi|thui)\b"
)
# One person, told by a name, an age, a kinship: "ten Lan, 19 tuoi", "con gái tui", "nó".
_ONE = re.compile(
    r"\b(?:no|em|ban|bn|chi|con|chau|anh|be|co|bestie|chong|vo|me|thang|dua|han)\b(?: \w+){0,4}? ten\b|\bten (?:la )?\w+"
    r"|\b\d{1,2} ?(?:tuoi|tui|t)\b|\bsinh nam\b"
    r"|\b(?:con|em|chau|ban|bn|chi|anh|me|vo|chong|di|co|cau) (?:gai|trai|dau|re|ho|ruot|toi|tui|em|minh|e|t|m|cua)\b|\b(?:thang"
    r"|con|dua|be|co|minh thang|minh con) \w+\b"
    r"|\btuoi (?:mot|muoi|hai)"
)
_AGE = re.compile(r"\b\d{1,2} ?(?:tuoi|tui|t)\b")
_SEVERAL = re.compile(
    r"\b(?:may|nhieu|cac|nhung|tui no|ca nhom|lu|dam|doi|cap|vo chong|chuc|moi dua|dua nao|ai cung|deu|\d+ (?:dua|nguoi|em|ban))\b"
)
_LEFT = re.compile(r"\b(?:gio|bay gio|hien|chi|nay)(?: (?:chi|thi|tai))? con(?: (?:chung|khoang|tam|co))?$")
# "con với thằng Tí": whoever writes is one of them, and all are named here.
_MYSELF_AND = re.compile(
    r"^\W*(?:da |thi |co |la |gom |chi )*(?:con|em|e|t|tui|toi|minh|chau|tao|mik) (?:voi|va|vs|cung)\b"
)
_MOST = 500


def count(words: str, known: int | None = None) -> int | None:
    """The number of people `words` speak of, given how many were spoken of before; None where they say nothing of it."""
    said = _without_parts(words.lower())
    folded = fold(said)
    if _ALONE.search(folded) and not (_ONE_MORE.search(folded) or _AND_MORE.search(said)):
        return 1
    if total := _TOTAL.search(said):
        return _in_bounds(_value(total["n"] or total["m"]))
    base, added = 0, 0
    for match in _COUNT.finditer(said):
        number, lead = _value(match["n"]), match["lead"].rstrip()
        one = match["n"] in _ONE_WORD
        if match["n"] in {"năm", "nam"} and lead.endswith(("sinh", "học")):
            continue  # "sinh năm"
        still, left = lead.endswith("còn"), bool(_LEFT.search(fold(lead)))
        before = fold(said[: match.start("n")])
        more = bool(_MORE.search(fold(match["tail"]))) or bool(_AND.search(fold(lead)))
        # "cháu tên Thắm, còn hai đứa bạn" are three, "11 đứa, giờ còn 7 đứa" are seven
        more = more or (still and not left and base <= 1 and bool(base or known == 1 or _named_one(before)))
        if one and not more and base:
            continue  # "10 người, có một bé gái"
        if more:
            added += number
        elif added and number == 1 + added:
            return number  # "thằng con tui với một đứa bạn nữa, 2 đứa": the sum, said again
        else:
            base = number if left else max(base, number)  # "chở 11 đứa, giờ còn 7 đứa"
    if not (base or added):
        return _singles(folded, known)
    if base == 1 and not added:
        added = len(_ONE_MORE.findall(folded))
    if base:
        return _in_bounds(base + added if not known or base + added > known else known)  # fewer: some of them
    return _in_bounds((1 if _named_one(folded) or not known else known) + added)


def _without_parts(words: str) -> str:
    """Without what is counted within the number said before: "8 người, trong đó 3 nữ"."""
    folded = fold(words)
    part = _PART.search(folded)
    if part is None or len(folded) != len(words) or not _COUNT.search(words[: part.start()]):
        return words
    return words[: part.start()]


def _singles(folded: str, known: int | None) -> int | None:
    """Nobody is counted: one person is spoken of, or one and another."""
    if _SEVERAL.search(folded):
        return None
    more = len(_ONE_MORE.findall(folded))
    if more and _MYSELF_AND.match(folded):
        return max(known or 0, 1 + more)
    if more:
        return _in_bounds((known or 1) + more) if not _named_one(folded) or known else 1 + more
    if not known and _named_one(folded):
        return 1
    return None


def _named_one(folded: str) -> re.Match[str] | None:
    return _ONE.search(folded) if len(_AGE.findall(folded)) <= 1 else None


def _in_bounds(number: int) -> int | None:
    return number if 0 < number <= _MOST else None


def _value(word: str) -> int:
    return int(word) if word.isdigit() else _WORDS.get(word) or _BARE[word]
