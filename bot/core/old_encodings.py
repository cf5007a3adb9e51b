"""Vietnamese of the time before Unicode, and Unicode that was taken for something else, read as it was written.

Old machines and documents still give TCVN3 (".Vn" fonts), VNI for Windows and VIQR, and a wrong setting turns UTF-8 into
"cá»©u": "cøu t«i", "cöùu toâi", "cu+'u to^i" are all "cứu tôi". A line is read so only where nothing in it is Vietnamese as it
stands and everything in it is afterwards: French, German and ordinary Vietnamese stay what they are.

Tables: TCVN 5712:1993 (VN3), VNI-Win, RFC 1456 (VIQR). Standard library only, Python 3.10-compatible, linear time.
"""

from __future__ import annotations

import re
import unicodedata

from bot.core import syllables
from bot.core.text import fold

_LINE = re.compile(r"[^\n]+")
_LONGEST = 12  # characters of a word that may be one syllable
_LEAST = 2  # words that speak for an encoding
_MISTAKEN = 3  # times in a row that text is wrongly read on its way
_UNICODE = re.compile(r"[ăđĩũơưĂĐĨŨƠƯ\u0300-\u036f\u1ea0-\u1ef9]")  # what only Unicode Vietnamese has
_HIGH = re.compile(r"[\u00a1-\u00ff]")

_TCVN = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬­®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
_TONES = {"\u0300": "øØ", "\u0301": "ùÙ", "\u0303": "õÕ", "\u0309": "ûÛ", "\u0323": "ïÏ"}
_ROOFED = {"": "âÂ", "\u0300": "àÀ", "\u0301": "áÁ", "\u0303": "ãÃ", "\u0309": "åÅ", "\u0323": "äÄ"}
_CUPPED = {"": "êÊ", "\u0300": "èÈ", "\u0301": "éÉ", "\u0303": "üÜ", "\u0309": "úÚ", "\u0323": "ëË"}
_TCVN_WORD = re.compile("[A-Za-z" + re.escape("".join(_TCVN)) + "]+")
_VNI_WORD = re.compile("[A-Za-z\u00c0-\u00ff]+")
_VIQR_MARKS = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_VIQR_TONES = {"`": "\u0300", "'": "\u0301", "’": "\u0301", "~": "\u0303", "?": "\u0309", ".": "\u0323"}
_VIQR = re.compile(r"[dD][dD]|[aeouyiAEOUYI](?:[\^(+*][`'’~?.]?|[`'’~?.])")
_VIQR_WORD = re.compile(r"[A-Za-z][A-Za-z`'’~?.^(+*]*")
_VIQR_SURE = re.compile(r"[aeo]\^|a\(|[ou][+*]|[aeiouy][`~]|[aeiouy]['’][a-z]", re.IGNORECASE)


def _vni() -> dict[str, str]:
    table = {"ñ": "đ", "Ñ": "Đ", "î": "ỵ", "Î": "Ỵ", "æ": "ỉ", "Æ": "Ỉ", "ó": "ĩ", "Ó": "Ĩ", "ò": "ị", "Ò": "Ị"}
    table |= {"ô": "ơ", "Ô": "Ơ", "ö": "ư", "Ö": "Ư"}
    for bases, marks, sign in (("aeoAEO", _ROOFED, "\u0302"), ("aA", _CUPPED, "\u0306"), ("aeouyAEOUY", _TONES, "")):
        for base in bases:
            for tone, put in marks.items():
                table.update({base + mark: unicodedata.normalize("NFC", base + sign + tone) for mark in put})
    for horned, plain in zip("ôöÔÖ", "ơưƠƯ", strict=True):
        for tone, put in _TONES.items():
            table.update({horned + mark: unicodedata.normalize("NFC", plain + tone) for mark in put})
    return table


_VNI = _vni()
_VNI_UNIT = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))
_LATIN_1 = {chr(code): code for code in range(0x80, 0x100)}
_BYTES = _LATIN_1 | {
    bytes([code]).decode("cp1252"): code for code in range(0x80, 0xA0) if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_TRAIL = "[" + re.escape("".join(c for c, code in _BYTES.items() if 0x80 <= code <= 0xBF)) + "]"
# One letter of Vietnamese as the bytes of its UTF-8; "à" often loses its second, which looks like a space.
_BROKEN = re.compile(rf"[ÂÃÄÅÆÌÍ]{_TRAIL}|á[º»]{_TRAIL}|Ã(?=\s)")
_WHOLE = re.compile(r"[\u00c0-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")


def changes(text: str) -> dict[int, str]:
    """What stands in place of the characters of `text`, by their place: none where it is no such text."""
    found: dict[int, str] = {}
    if not (text.isascii() and not _VIQR_SURE.search(text)):
        for line in _LINE.finditer(text):
            found.update(_of_line(line[0], line.start()))
    return found


def repaired(text: str) -> str:
    """`text` in Unicode; the same text where it is that already."""
    text = _once_less(text)
    put = changes(text)
    return "".join(put.get(i, char) for i, char in enumerate(text)) if put else text


def _once_less(text: str) -> str:
    """Text whose bytes were taken for Western letters more than once: as it was before the last time."""
    for _ in range(_MISTAKEN):
        if not text.isascii() and all(char in _BYTES or char.isascii() for char in text):
            raw = bytes(_BYTES.get(char, ord(char) & 0x7F) for char in text)
            made = raw.decode("utf-8", "replace")
            if "\ufffd" not in made and len(_BROKEN.findall(made)) >= _LEAST:
                text = made
                continue
        break
    return text


def _of_line(line: str, start: int) -> dict[int, str]:
    found: dict[int, str] = {}
    if line.isascii():
        found = _viqr(line)
    elif _HIGH.search(line):
        found = _broken(line) or ({} if _UNICODE.search(line) else _fonts(line))
    return {start + place: put for place, put in found.items()}


def _legal(word: str) -> bool:
    return len(word) <= _LONGEST and fold(word) in syllables.LEGAL


def _broken(line: str) -> dict[int, str]:
    found: dict[int, str] = {}
    letters = 0
    for match in _BROKEN.finditer(line):
        raw = match[0] if len(match[0]) > 1 else "Ã\u00a0"
        letter = bytes(_BYTES[c] for c in raw).decode("utf-8", "replace")
        if not _WHOLE.fullmatch(letter):
            continue
        letters += len(match[0]) > 1
        found.update({match.start() + i: "" for i in range(1, len(match[0]))})
        found[match.start()] = letter
    return found if letters >= _LEAST else {}


def _fonts(line: str) -> dict[int, str]:
    """TCVN3 or VNI for Windows, whichever makes words of all."""
    for read in (_tcvn, _vni_words):
        found, odd, good = read(line)
        if odd >= _LEAST and 2 * odd >= good:
            return found
    return {}


# Each returns what changes, how many words were none before, and how many are words now.
def _tcvn(line: str) -> tuple[dict[int, str], int, int]:
    found: dict[int, str] = {}
    odd, good = 0, 0
    for match in _TCVN_WORD.finditer(line):
        word = match[0]
        if word.isascii():
            continue
        read = "".join(_TCVN.get(c, c) for c in word)
        if not _legal(read):
            if any(c.isalpha() for c in word):
                return {}, 0, 0
            continue  # a sign that stands alone: "25 ®"
        good += 1
        odd += not _legal(word)
        found.update({match.start() + i: _TCVN[c] for i, c in enumerate(word) if c in _TCVN})
    return found, odd, good


def _vni_words(line: str) -> tuple[dict[int, str], int, int]:
    found: dict[int, str] = {}
    odd, good = 0, 0
    for match in _VNI_WORD.finditer(line):
        word = match[0]
        if word.isascii():
            continue
        units = list(_VNI_UNIT.finditer(word))
        read = _VNI_UNIT.sub(lambda unit: _VNI[unit[0]], word)
        if not _legal(read):
            return {}, 0, 0
        good += 1
        odd += not _legal(word)
        for unit in units:
            at = match.start() + unit.start()
            found.update({at + i: "" for i in range(1, len(unit[0]))} | {at: _VNI[unit[0]]})
    return found, odd, good


def _viqr(line: str) -> dict[int, str]:
    found: dict[int, str] = {}
    sure = 0
    for match in _VIQR_WORD.finditer(line):
        word = match[0]
        if len(word) > 2 * _LONGEST or not _VIQR.search(word):
            continue
        read = _VIQR.sub(_viqr_letter, word)
        bare = read.rstrip("`'’~?.^(+*")
        if not _legal(bare):
            continue
        sure += len(bare) > 1 and bool(_VIQR_SURE.search(word))
        for unit in _VIQR.finditer(word):
            at = match.start() + unit.start()
            found.update({at + i: "" for i in range(1, len(unit[0]))} | {at: _viqr_letter(unit)})
    return found if sure >= _LEAST else {}


def _viqr_letter(unit: re.Match[str]) -> str:
    said = unit[0]
    if said.lower() == "dd":
        return "đ" if said[0] == "d" else "Đ"
    marks = "".join(_VIQR_MARKS.get(c) or _VIQR_TONES[c] for c in said[1:])
    letter = unicodedata.normalize("NFC", said[0] + marks)
    return letter if len(letter) == 1 else said
