"""Raw Telex and VNI ("haf nooij", "ha2 noi65") turned into Vietnamese before places are looked for.

The general normaliser repairs to letters without marks; a place needs the marks too, for they tell Cẩm Giàng from
Cẩm Giang. Whether a message is raw keystrokes at all is decided by the same rules as there.
"""

from __future__ import annotations

import re
import unicodedata

from bot.core import syllables as legal
from bot.core.text import fold

_WORD = re.compile(r"[A-Za-z]+[0-9]?[A-Za-z0-9]*")
_TELEX_TONES = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"2": "\u0300", "1": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_MAX_WORD = 11


def repair(text: str) -> str:
    """The text with raw keystrokes resolved, or the text itself when it is not raw keystrokes. NFC in, NFC out."""
    if not text.isascii():
        return text
    words = [w for w in _WORD.findall(text) if len(w) <= _MAX_WORD]
    lowered = [w.lower() for w in words]
    if _looks_telex(lowered):
        return _WORD.sub(lambda m: _telex(m[0]), text)
    if _looks_vni(lowered):
        return _WORD.sub(lambda m: _vni(m[0]), text)
    return text


def _looks_telex(words: list[str]) -> bool:
    """One word no other language has, or two likely ones."""
    return "xax" in words or any(map(legal.is_strong_telex, words)) or sum(bool(legal.telex(w)) for w in words) >= 2


def _looks_vni(words: list[str]) -> bool:
    """A digit inside a word, or two words that end in a tone digit, one of which no number follows (not "quan1")."""
    if "xa4" in words or any(_INNER_DIGIT.match(w) and _legal(re.sub(r"\d", "", w)) for w in words):
        return True
    likely = [w for w in words if legal.vni(w) and w[-1] in "123456"]
    return len(likely) >= 2 and any(w[:-1] not in _NUMBERED for w in likely)


_INNER_DIGIT = re.compile(r"[a-z]+[1-9][a-z]+[1-9]?$|[a-z]+[1-9]+[a-z]+[1-9]+[a-z]*[1-9]?$|[a-z]{2,}[678][1-5]$")
_NUMBERED = frozenset(
    [
        "quan",
        "phuong",
        "to",
        "khu",
        "so",
        "lo",
        "ap",
        "thon",
        "duong",
        "ngo",
        "ngach",
        "hem",
        "kho",
        "toa",
        "nha",
        "tang",
        "khoi",
        "doi",
        "ca",
        "xa",
        "block",
        "zone",
        "sdt",
        "thang",
    ]
)


def _legal(word: str) -> bool:
    """A Vietnamese syllable, or one of the syllables of place names that are not."""
    folded = fold(word)
    return folded in legal.LEGAL or folded in _PLACE_SYLLABLES


_PLACE_SYLLABLES = frozenset(
    [
        "quynh",
        "kan",
        "kon",
        "lak",
        "dak",
        "rok",
        "ploong",
        "ea",
        "ia",
        "krong",
        "kroong",
        "buk",
        "mar",
        "pak",
        "chu",
        "tum",
    ]
)


def _finish(plain: str, tone: str, raw: str) -> str:
    """Put the tone on a vowel if the result is a Vietnamese syllable, else give the word back."""
    if not _legal(plain):
        return raw
    match = re.search(r"[aăâeêioôơuưy](?![aăâeêioôơuưy]*[ăâêôơư])", plain.lower())
    if tone and match:
        plain = plain[: match.end()] + tone + plain[match.end() :]
    return unicodedata.normalize("NFC", plain)


def _telex(raw: str) -> str:
    """ "Phongf" -> "Phòng". Doubled vowels, w and the tone letter may stand anywhere a typist puts them."""
    word, tone = raw, ""
    if len(word) > _MAX_WORD or len(word) < 2:
        return raw
    body = word.lower()
    if body[-1] in _TELEX_TONES or not _legal(_shapes(word)):
        for position in range(len(word) - 1, 0, -1):
            if body[position] in _TELEX_TONES and _legal(_shapes(word[:position] + word[position + 1 :])):
                tone = _TELEX_TONES[body[position]]
                word = word[:position] + word[position + 1 :]
                break
    shaped = _shapes(word)
    return raw if shaped == raw and not tone else _finish(shaped, tone, raw)


def _shapes(word: str) -> str:
    """aa -> â, dd -> đ, aw -> ă, uow -> ươ; a w or second vowel typed at the end of the syllable counts too."""
    for pattern, letter in _TELEX_SHAPES:
        word = pattern.sub(letter, word, count=1)
    return word


_TELEX_SHAPES = (
    (re.compile(r"^dd|^d(?=\w*d$)", re.IGNORECASE), "đ"),
    (re.compile(r"(?<=đ)(\w*)d$", re.IGNORECASE), r"\1"),
    (re.compile(r"uwow|uwo|uow", re.IGNORECASE), "ươ"),
    (re.compile(r"aa", re.IGNORECASE), "â"),
    (re.compile(r"ee", re.IGNORECASE), "ê"),
    (re.compile(r"oo", re.IGNORECASE), "ô"),
    (re.compile(r"aw", re.IGNORECASE), "ă"),
    (re.compile(r"ow", re.IGNORECASE), "ơ"),
    (re.compile(r"uw", re.IGNORECASE), "ư"),
    (re.compile(r"uo(\w*)w$", re.IGNORECASE), r"ươ\1"),
    (re.compile(r"a(\w*)w$", re.IGNORECASE), r"ă\1"),
    (re.compile(r"o(\w*)w$", re.IGNORECASE), r"ơ\1"),
    (re.compile(r"u(\w*)w$", re.IGNORECASE), r"ư\1"),
    (re.compile(r"a([a-z]+)a$", re.IGNORECASE), r"â\1"),
    (re.compile(r"e([a-z]+)e$", re.IGNORECASE), r"ê\1"),
    (re.compile(r"o([a-z]+)o$", re.IGNORECASE), r"ô\1"),
)


def _vni(raw: str) -> str:
    """ "noi65" -> "nội". A number after a unit word ("quan1", "p12") has no vowel mark and stays when not a syllable."""
    if not any(c.isdigit() for c in raw) or len(raw) > _MAX_WORD:
        return raw
    letters = "".join(c for c in raw if not c.isdigit())
    if (len(letters) < 2 and raw.lower()[:2] != "o7") or raw[0].isdigit():
        return raw
    tone = ""
    for digit in (c for c in raw if c.isdigit()):
        if digit in _VNI_TONES and not tone:
            tone = _VNI_TONES[digit]
        elif digit == "6":
            letters = re.sub(
                r"(?i)([aeo])(?![aeo]*[aeo])", lambda m: {"a": "â", "e": "ê", "o": "ô"}[m[1].lower()], letters, count=1
            )
        elif digit == "7":
            letters = (
                re.sub(r"(?i)uo", "ươ", letters)
                if re.search(r"(?i)uo", letters)
                else re.sub(r"(?i)[uo]", _horn, letters, count=1)
            )
        elif digit == "8":
            letters = re.sub(r"(?i)a", "ă", letters, count=1)
        elif digit == "9":
            letters = re.sub(r"(?i)^d", "đ", letters)
        else:
            return raw
    return _finish(letters, tone, raw)


def _horn(match: re.Match[str]) -> str:
    return "ư" if match[0].lower() == "u" else "ơ"
