"""The small words around place names: unit types, prepositions, links, and words that say "this is not a commune".

Given as letters without marks and, where the letters alone mean too many things, with marks as well.
"""

from __future__ import annotations

from bot.core.places.syllables import Token, syllable

# What is written before a name -> unit type. Longest first when matched.
PREFIXES: dict[tuple[str, ...], str] = {
    ("thi", "tran"): "thi tran",
    ("dac", "khu"): "dac khu",
    ("thi", "xa"): "thi xa",
    ("thanh", "pho"): "thanh pho",
    ("t", "p"): "thanh pho",
    ("t", "x"): "thi xa",
    ("t", "t"): "thi tran",
    ("xa",): "xa",
    ("phuong",): "phuong",
    ("huyen",): "huyen",
    ("quan",): "quan",
    ("tinh",): "tinh",
    ("x",): "xa",
    ("p",): "phuong",
    ("f",): "phuong",
    ("ph",): "phuong",
    ("phg",): "phuong",
    ("tt",): "thi tran",
    ("h",): "huyen",
    ("q",): "quan",
    ("tx",): "thi xa",
    ("tp",): "thanh pho",
    ("tpho",): "thanh pho",
    ("dk",): "dac khu",
    ("t",): "tinh",
}
_PREFIX_MARKS = {
    "xa": {"xã"},
    "phuong": {"phường"},
    "huyen": {"huyện"},
    "quan": {"quận"},
    "tinh": {"tỉnh"},
    "thi": {"thị"},
    "tran": {"trấn"},
    "thanh": {"thành"},
    "pho": {"phố"},
    "dac": {"đặc"},
    "khu": {"khu"},
}
SPELT_OUT = frozenset(_PREFIX_MARKS) - {"khu"}  # unit words that carry marks when written in full
COMMUNE_TYPES = frozenset({"xa", "phuong", "thi tran", "dac khu"})
DISTRICT_TYPES = frozenset({"huyen", "quan", "thi xa", "thanh pho"})
PROVINCE_TYPES = frozenset({"tinh", "thanh pho"})


def _words(text: str) -> frozenset[str]:
    """Letters between bars."""
    return frozenset(text.split("|"))


def _forms(words: str) -> frozenset[tuple[str, str, int]]:
    return frozenset(syllable(word) for word in words.split())


_PREFIX_FORMS = {key: {syllable(word) for word in words} for key, words in _PREFIX_MARKS.items()}

# A name right after one of these is somewhere one is, comes from or goes to.
_HERE = _forms(
    "ở tại về từ đến tới vào ra lên xuống qua sang gần quê ngoài bên vùng thuộc ngay ngụ trú an chỗ dân miệt ubnd ca"
)
_AT = _forms("ở tại")
_AT_BASES = frozenset(["o", "tai"])
HERE_BARE = frozenset(["o", "tai", "que"])  # the same without marks, where they mean little else
PROVINCE_BEFORE_BARE = _words("o|tai|que|ve|tu|ra|vao|len|xuong|tinh|ngoai|trong|gan|nguoi|dan")
# Provinces nobody is called after: behind a capitalised word they are where it is ("quán Hoa Mai Lạng Sơn").
NO_ONES_NAME = _words(
    "lang son|bac ninh|bac giang|quang ninh|quang ngai|quang tri|quang binh|nghe an|ha noi|ha tinh|lao cai|lai chau|dien bien|"
    "yen bai|tuyen quang|bac kan|vinh phuc|hung yen|nam dinh|da nang|dak lak|kon tum|dong nai|tay ninh|ben tre|"
    "tra vinh|can tho|soc trang|ca mau|bac lieu|vung tau|ba ria vung tau|hai phong|cao bang|dong thap"
)
ABROAD_BEFORE = _forms("sang qua bên nước ở về tại từ đi tới đến khỏi ngoài")
ABROAD_BEFORE_BARE = _words("sang|qua|ben|nuoc|o|tu|di|ve|toi|den")
# What may stand between the parts of one address.
_LINKS = _forms("ở tại thuộc của nay cũ là bên dưới trên trong ngoài vùng khu vực đó huyện tỉnh")
LINKS_BARE = frozenset(token[0] for token in _LINKS)
# Words that make the following name a street, a firm, a hamlet... rather than a commune.
_NOT_UNIT = _forms(
    "thôn bản ấp xóm buôn làng phố đường ngõ hẻm kiệt chợ cầu trường viện sạn nghỉ quán ty cty karaoke chùa hồ sông núi"
    " đảo cảng ga xe bến thác đèo suối kênh kcn kcx tiệm hãng hàng tổ đội nhóm shop gara xưởng spa massage cafe ngã"
    " tư bệnh homestay resort hotel tour"
)
_NOT_UNIT_BARE = _words("thon|ap|xom|duong|ngo|hem|kiet|ty|cty|karaoke|chua|truong|kcn|kcx|hang|tiem|xuong|spa|quan")
_PERSON = _forms(
    "anh chị em cô chú bác ông bà thằng con tên bạn cháu dì cậu mợ thầy họ đứa vợ chồng mr ms sếp mẹ má bố ba"
)
_PERSON_BARE = frozenset(form[0] for form in _PERSON) - {"ba"}
# Unmarked, these begin everyday words rather than name a unit: xã hội, phương án, quan hệ, tình hình...
COMPOUNDS = {
    "xa": frozenset(["hoi", "cach", "lanh"]),
    "phuong": _words("an|phap|tien|dien|huong|dong|tay|nam|bac|thuc|ngon"),
    "quan": _words("he|tam|ly|li|su|chung|doi|trong|diem|niem|sat|can|hai|ao|an|ba"),
    "tinh": _words("hinh|than|cam|yeu|trang|chat|tao|te|duc|ban|trong|toan|dung"),
    "huyen": frozenset(["thoai", "bi", "dieu", "ao"]),
}
# Names whose letters are everyday words without marks: cần thợ, phụ thợ, làm đồng, báo giá lại, hai phòng, diễn biến...
RISKY_PROVINCES = _words(
    "can tho|phu tho|lam dong|gia lai|hai phong|son la|ca mau|hoa binh|thai binh|da nang|an giang|"
    "hai duong|nam dinh|ben tre|long an|binh dinh|ha nam|hue|thanh hoa|dong nai|dien bien|cao bang"
)
RISKY_ABROAD = _words(
    "con minh|nam ninh|quang chau|tham quyen|ba lan|ma lai|an do|nam phi|cao hung|hoa ki|quang dong|quang tay|bac kinh|"
    "phuc kien|mien dien|dai bac|dai trung|bo keo|ba vet|cam bot|nam han|giang to|chiet giang|thuong hai|hong kong|"
    "van nam|dong hung"
)
ANSWER = 4  # words; no longer than an answer to "where?"
PLAIN_SHORT = frozenset({"hn", "hp", "sg"})  # abbreviations that can be a whole answer in small letters
SHORT = 9  # words; a message this short is about the place it names
HOME_OF = _forms("quê nhà chỗ làng")  # quê em, nhà cháu: a place follows, not a name
HOME_OF_BARE = frozenset({"que", "nha"})
# What "o" is followed by in everyday speech; without marks such names need more than "o": ở trong quán, ở căn hộ, ở gần nhà.
EVERYDAY_FIRST = _words(
    "trong|ngoai|tren|duoi|ben|gan|giua|can|nha|phong|day|do|dau|cho|nuoc|que|vung|mien|khu|truong|lop|cong|benh|khach|"
    "quan|tiem|xuong|kho|trai|cua|cau|hoi|pho|dinh|dong|tam|thang|nam|tang|cuoi|dai|trung|tinh|song|bien"
)
POLITE = _words("da|a|em|o|vang|oi|anh|chi|minh|toi|nha|u|thua|dung|roi|la|con|chau|co|chu|ban|ad|shop")


# Public places that towns give their names to: a market, a station, a hospital of that name is in that town.
_SITES = tuple(
    tuple(syllable(word) for word in site.split())
    for site in (
        "chợ", "ga", "bến xe", "bệnh viện", "sân bay", "bưu điện", "kcn", "khu công nghiệp",
        "cửa khẩu", "biên phòng", "đảo", "thpt", "thcs", "trung tâm",
    )
)  # fmt: skip
_SITE_ENDS = frozenset(site[-1][0] for site in _SITES)
_SMALL_SITES = frozenset(
    {("cua", "khau"), ("bien", "phong"), ("dao",)}
)  # border posts and islands are called after communes too


_HERE_BASES = frozenset(one[0] for one in _HERE)
_NOT_UNIT_BASES = frozenset(one[0] for one in _NOT_UNIT) | _NOT_UNIT_BARE


def form(token: Token) -> tuple[str, str, int]:
    """The token as the word lists hold words."""
    return token.base, token.shape, token.tone


def _listed(token: Token, marked: frozenset[tuple[str, str, int]], bare: frozenset[str], accented: bool) -> bool:
    """In the list as typed; unmarked text is compared without marks, and only with the safer words."""
    if accented or token.marked:
        return form(token) in marked
    return token.base in bare


def is_here(token: Token, accented: bool) -> bool:
    """ở, tại, về...: a place follows."""
    return token.base in _HERE_BASES and _listed(token, _HERE, HERE_BARE, accented)


def is_at(token: Token, accented: bool) -> bool:
    """ở, tại: whatever was named before, here comes where it is."""
    return token.base in _AT_BASES and _listed(token, _AT, _AT_BASES, accented)


def is_home(token: Token, accented: bool) -> bool:
    """quê, nhà, chỗ... before a word for a person."""
    return _listed(token, HOME_OF, HOME_OF_BARE, accented)


def is_not_unit(token: Token, accented: bool) -> bool:
    """thôn, đường, công ty...: what follows is no commune."""
    return token.base in _NOT_UNIT_BASES and _listed(token, _NOT_UNIT, _NOT_UNIT_BARE, accented)


def site_before(tokens: list[Token], at: int, accented: bool) -> tuple[bool, bool]:
    """Whether a market, station... stands right before position `at`, and whether it may be called after a commune.

    Without marks only what takes two words to say: "cho" is also "for".
    """
    if at == 0 or tokens[at - 1].base not in _SITE_ENDS:
        return False, False
    for site in _SITES:
        words = tokens[max(0, at - len(site)) : at]
        if len(words) != len(site) or any(word.gap not in ("", " ") for word in (*words[1:], tokens[at])):
            continue
        bases = tuple(word.base for word in words)
        marked = all(form(word) == known for word, known in zip(words, site, strict=True))
        bare = not accented and bases == tuple(known[0] for known in site) and (len(site) > 1 or bases[0] == "kcn")
        if marked or bare:
            return True, bases in _SMALL_SITES
    return False, False


def is_person(token: Token, accented: bool) -> bool:
    """anh, chị, tên...: what follows is somebody's name."""
    return _listed(token, _PERSON, _PERSON_BARE, accented)


def is_link(token: Token, accented: bool) -> bool:
    """May stand between two parts of one address."""
    return _listed(token, _LINKS, LINKS_BARE, accented)


def is_prefix_word(token: Token) -> bool:
    """The token, if it carries marks, carries those of the unit word it stands for."""
    return not token.marked or form(token) in _PREFIX_FORMS.get(token.base, ())
