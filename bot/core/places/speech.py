"""What the words around a place do to it: a nationality is no place, a negated name is not meant, a later one corrects.

"người Trung Quốc"; "không phải An Phú mà là An Lão"; "An Lão chứ không phải An Phú"; "xã A, à nhầm, xã B"; "B mới đúng"
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from bot.core.places import lexicon as lex
from bot.core.places.grouping import Group
from bot.core.places.model import Kind
from bot.core.places.reading import Reading
from bot.core.places.syllables import Token, syllable


def _forms(words: str) -> frozenset[tuple[str, str, int]]:
    return frozenset(syllable(word) for word in words.split())


# Before a country they make it somebody's nationality.
_OF_PEOPLE = _forms(
    "người chủ gái khách dân dâu rể chồng vợ sếp tiếng thằng bọn tụi ông bà cô anh chị nữ trai hàng gốc tịch nhân lính lái"
    " đàn nhóm băng phụ lý đốc gia đứa con tên"
)
_OF_PEOPLE_BARE = frozenset(form[0] for form in _OF_PEOPLE) - {
    "co",
    "hang",
    "ly",
    "doc",
    "con",
    "ten",
    "dan",
    "gia",
    "nhan",
}
_WEDS = frozenset({"lay", "ga", "cuoi", "kiem"})  # "lấy chồng Trung Quốc" is also where she goes
_AND = frozenset({"va", "voi", "hay", "hoac", "cung"})
_NO = frozenset(
    {"khong", "ko", "k", "kg", "khg", "kh", "hong", "hok", "hem", "hop", "chang", "cha", "dau", "chua", "deo"}
)
_ON_THE_WAY = frozenset({
    "o", "tai", "la", "cho", "noi", "ben", "nguoi", "dan", "que", "thuoc", "gan", "di", "sang", "qua", "trong", "ve", "cai",
    "khu", "vung", "cua", "phia", "duoi", "tren", "xay", "ra",
})  # fmt: skip
_MARKERS = (
    ("a", "nham"), ("nham", "roi"), ("nham",), ("sai", "roi"), ("sai",), ("a", "lon"), ("lon", "roi"), ("noi", "lon"),
    ("ghi", "lon"), ("viet", "lon"), ("a", "khong"), ("a", "quen"), ("y", "em", "la"), ("y", "toi", "la"), ("y", "minh", "la"),
    ("y", "con", "la"), ("y", "chau", "la"), ("sua", "lai"), ("doi", "lai"), ("dung", "ra", "la"), ("chinh", "xac", "la"),
    ("phai", "la"), ("i", "mean"), ("sorry",),
)  # fmt: skip
_LATER = (("moi", "dung"), ("moi", "phai"), ("moi", "chinh", "xac"))
_BEGIN_LATER = frozenset(marker[0] for marker in (*_MARKERS, *_LATER)) | {"ma"}  # words at which one of them can begin
# Alone these are too many things: at the beginning of a phrase only.
_OPENING = frozenset({("nham",), ("sai",), ("sorry",), ("a", "quen"), ("phai", "la")})
_MARKED = {
    "nham": _forms("nhầm lầm"), "lon": _forms("lộn"), "sai": _forms("sai"), "dung": _forms("đúng"), "moi": _forms("mới"),
    "sua": _forms("sửa"), "lai": _forms("lại"), "quen": _forms("quên"), "phai": _forms("phải"), "khong": _forms("không"),
    "doi": _forms("đổi"),
}  # fmt: skip
# Around a place that was read wrongly.
_WRONGLY = frozenset({"lai", "ra", "la", "o", "thanh", "tinh", "pho", "ghi"})  # sao lại ra tỉnh ...
_WHENCE = frozenset({("dau", "ra"), ("hoi", "nao")})
_ASIDE = 2  # words beside it at most
# Said around a place by whoever says nothing else.
_FILLING = _ON_THE_WAY | lex.LINKS_BARE | frozenset(lex.POLITE) | _NO | frozenset({
    "do", "ma", "nhe", "dia", "diem", "xay", "ra", "chuyen", "nay", "day", "co", "thi", "viet", "sua", "lai", "nham", "sai",
    "roi", "phai", "chu", "moi", "dung", "ghi", "ten", "nao", "lon", "y", "i", "hinh", "nhu", "chac", "cu", "nha", "nhen", "hen",
    "vay", "cho", "nhung", "thanh", "tin", "nhan",
})  # fmt: skip


@dataclass(frozen=True)
class Heard:
    """groups: the addresses meant. denied: those said not to be it. corrects: something was put right."""

    groups: list[Group]
    denied: list[Group]
    corrects: bool
    whole: bool  # nothing but the place was said


def listen(reading: Reading, groups: list[Group]) -> Heard:
    """Sort the addresses of a text by what is said of them."""
    groups = _without_nationalities(reading, groups)
    denied: list[Group] = []
    kept: list[Group] = []
    for one in groups:
        between = _between(reading, denied[-1], one) if denied and not kept else set()
        also = bool(between) and between <= _AND  # "không phải A và B"; but "không phải A, B" is B
        (denied if _is_denied(reading, one) or also else kept).append(one)
    later = _later(reading, kept)
    corrects = bool(denied) or later is not None
    if later is not None:
        denied += [one for one in kept if one not in later]
        kept = later
    return Heard(kept, denied, corrects, _is_whole(reading, [*kept, *denied]) and bool(kept))


def _typed(token: Token, base: str) -> bool:
    """The word, with its own marks or none."""
    return token.base == base and (not token.marked or base not in _MARKED or lex.form(token) in _MARKED[base])


def _without_nationalities(reading: Reading, groups: list[Group]) -> list[Group]:
    kept: list[Group] = []
    last: Group | None = None  # the nationality right before
    for one in groups:
        abroad = all(e.kind is Kind.FOREIGN for span in one.spans for e in span.entries)
        chained = last is not None and _between(reading, last, one) <= _AND
        if abroad and (_is_of_people(reading, one) or chained):
            last = one
            continue
        last = None
        kept.append(one)
    return kept


def _is_of_people(reading: Reading, one: Group) -> bool:
    at = one.start - 1
    if at < 0 or reading.tokens[one.start].gap not in ("", " "):
        return False
    before = reading.tokens[at]
    if before.base == "chong" and at and reading.tokens[at - 1].base in _WEDS:
        return False
    if reading.accented or before.marked:
        return lex.form(before) in _OF_PEOPLE
    return before.base in _OF_PEOPLE_BARE


def _between(reading: Reading, left: Group, right: Group) -> set[str]:
    words = reading.tokens[left.end : right.start]
    if len(words) > 2 or any(word.gap == "." for word in words):
        return {"?"}
    return {word.base for word in words}


def _is_denied(reading: Reading, one: Group) -> bool:
    """ "không phải (ở) X", "đâu phải X", "không ở X"; but "không phải, ở X" denies what was said before."""
    tokens, at = reading.tokens, one.start
    if _is_wondered_at(reading, one):
        return True
    stayed = False
    for _ in range(4):
        if at == 0 or tokens[at].gap not in ("", " "):
            return False
        word = tokens[at - 1]
        if word.base == "phai" and at >= 2 and tokens[at - 1].gap in ("", " "):
            return tokens[at - 2].base in _NO
        if word.base == "not":
            return True
        if stayed and word.base in _NO and word.base not in {"cha", "dau", "k", "chua"}:
            return True
        if word.base not in _ON_THE_WAY:
            return False
        stayed = stayed or word.base in {"o", "tai"}
        at -= 1
    return False


def _is_wondered_at(reading: Reading, one: Group) -> bool:
    """ "ủa sao lại (ra) Vĩnh Long vậy", "Vĩnh Long đâu ra": said of a place that was read wrongly, and of nothing else."""
    tokens, at = reading.tokens, one.start
    after = tokens[one.end : one.end + 2]
    if tuple(t.base for t in after) in _WHENCE and all(t.gap in ("", " ") for t in after):
        return True
    ends = [k for k, t in enumerate(tokens) if k > one.end and t.gap in (",", ".")] or [len(tokens)]
    if min(ends) - one.end > _ASIDE:
        return False
    while at and tokens[at].gap in ("", " ") and tokens[at - 1].base in _WRONGLY:
        at -= 1
    if not at or tokens[at].gap not in ("", " ") or tokens[at - 1].base != "sao":
        return False
    opens = next(k for k in range(at - 1, -1, -1) if k == 0 or tokens[k].gap in (",", "."))
    return at - 1 - opens <= _ASIDE


def _found(reading: Reading, at: int, marker: tuple[str, ...]) -> bool:
    tokens = reading.tokens[at : at + len(marker)]
    if len(tokens) < len(marker) or not all(_typed(t, base) for t, base in zip(tokens, marker, strict=True)):
        return False
    if any(t.gap not in ("", " ") for t in tokens[1:]):
        return False
    if marker == ("phai", "la") and at and reading.tokens[at - 1].base in _NO:
        return False
    opens = at <= 2 or tokens[0].gap not in ("", " ")
    return opens or marker not in _OPENING


def _later(reading: Reading, groups: list[Group]) -> list[Group] | None:
    """The addresses that put right those before; None when nothing does."""
    if not groups:
        return None
    for at in range(len(reading.tokens) - 1, -1, -1):
        if reading.tokens[at].base not in _BEGIN_LATER:
            continue
        if any(_found(reading, at, marker) for marker in _LATER):
            right = [one for one in groups if 0 <= at - one.end <= 2]
            if right:
                return right
        hit = next((marker for marker in _MARKERS if _found(reading, at, marker)), None)
        if hit is None and reading.tokens[at].base == "ma" and _said_no(reading, at):
            hit = ("ma",)  # "khong phai an phu ma la an lao", where the first name was not made out
        after = [one for one in groups if hit and one.start >= at + len(hit)]
        if after:
            return after
    return None


def _said_no(reading: Reading, at: int) -> bool:
    words = [token.base for token in reading.tokens[max(0, at - 10) : at]]
    return any(first in _NO and second == "phai" for first, second in itertools.pairwise(words))


def _is_whole(reading: Reading, groups: list[Group]) -> bool:
    inside = {at for one in groups for at in range(one.start, one.end)}
    inside |= {at for one in groups for span in one.spans for at in range(span.head, span.end)}
    return all(at in inside or token.base in _FILLING for at, token in enumerate(reading.tokens))
