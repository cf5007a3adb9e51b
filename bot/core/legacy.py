"""Vietnamese from before Unicode, or broken on the way: TCVN3, VNI and VIQR, and UTF-8 that was read as Western letters.

Old phones, forwarded files and gateways still bring it: "cøu em víi", "cöùu em vôùi", "cu+'u em vo+'i", "cá»©u em". What is
written today comes back unchanged: a reading counts only when it makes syllables of every word that had odd letters.
Standard library only, Python 3.10-compatible, linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata

from bot.core.syllables import LEGAL
from bot.core.text import fold

# The font encodings of TCVN 5712:1993 (ABC) and of VNI for Windows, as the Western letters that they show without their fonts.
_TCVN3 = dict(
    zip(
        "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
        "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_VNI_TONES = dict(zip("øùûõï", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_VNI_HATS = {
    **{mark: ("\u0302", tone) for mark, tone in zip("âàáåãä", ("", *_VNI_TONES.values()), strict=True)},
    **{mark: ("\u0306", tone) for mark, tone in zip("êèéúüë", ("", *_VNI_TONES.values()), strict=True)},
}
_VNI_ALONE = {"ñ": "đ", "ö": "ư", "ô": "ơ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI = re.compile(r"([aeouyöôAEOUYÖÔ])([øùûõïâàáåãäêèéúüëØÙÛÕÏÂÀÁÅÃÄÊÈÉÚÜË])|([ñöôíìæóòîÑÖÔÍÌÆÓÒÎ])")
_VIQR_SHAPES = {"^": "\u0302", "(": "\u0306", "+": "\u031b", "*": "\u031b"}
_VIQR_TONES = {"'": "\u0301", "`": "\u0300", "?": "\u0309", "~": "\u0303", ".": "\u0323"}
_VIQR = re.compile(r"([AaEeOo]\^|[Aa]\(|[OoUu][+*]|[AaEeOoUuIiYy])(['`?~.]?)(?![\^(+*'`])|([Dd])[Dd]")
_VIQR_SIGN = re.compile(r"[OoUu][+*]['`?~.]?|[AaEeOo]\^['`?~.]?|[Aa]\(['`?~.]")
_NOT_OURS = re.compile("[µ¸¶·¹¨»¾¼½Æ©ÇËÎÏÑªÖ×ØÜÞß«åæçë¬íîïñ®ö÷øûüþ\u00adäÐÊ]")
_TODAY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")  # who writes these writes Unicode
_BROKEN = re.compile("[ÃÂÄÆá][\u0080-\u00bf\u0152-\u2122]")
_WORD = re.compile(r"[^\s.,!?;:()\"/]+")
_LOST = "\ufffd"
_ROUNDS = 3  # times a text can have been read wrongly


def readable(text: str) -> str:
    """`text` as it was meant, where it is in one of these encodings; otherwise `text` itself."""
    text = _rejoined(text)
    if _TODAY.search(text):
        return text
    if _NOT_OURS.search(text):
        for read in (_from_tcvn3, _from_vni):
            made = read(text)
            if not _NOT_OURS.search(made) and _is_vietnamese(text, made):
                return made
    if _VIQR_SIGN.search(text):
        made = _from_viqr(text)
        if _is_vietnamese(text, made):
            return made
    return text


def _rejoined(text: str) -> str:
    """UTF-8 whose bytes were taken for Western letters, once or several times."""
    for _ in range(_ROUNDS):
        if not _BROKEN.search(text):
            break
        made = b"".join(_western(char) for char in text).decode("utf-8", "replace")
        if made.count(_LOST) * 10 > len(made):  # no broken text, or one of which too little is left
            break
        text = made
    return text


def _western(char: str) -> bytes:
    # Windows-1252 leaves five places empty, which programs fill with the byte itself, or lose.
    return char.encode("latin-1") if ord(char) < 0x100 else char.encode("cp1252", "replace")


def _from_tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(char, char) for char in text)


def _from_vni(text: str) -> str:
    def made(found: re.Match[str]) -> str:
        base, mark, alone = found.groups()
        if alone:
            return _cased(_VNI_ALONE[alone.lower()], alone)
        letter = _cased(_VNI_ALONE.get(base.lower(), base.lower()), base)
        shape, tone = _VNI_HATS.get(mark.lower(), ("", _VNI_TONES.get(mark.lower(), "")))
        return unicodedata.normalize("NFC", letter + shape + tone)

    return _VNI.sub(made, text)


def _from_viqr(text: str) -> str:
    def made(found: re.Match[str]) -> str:
        letter, tone, first = found.groups()
        if first:
            return _cased("đ", first)
        whole = letter[0] + _VIQR_SHAPES.get(letter[1:], "") + _VIQR_TONES.get(tone, "")
        return unicodedata.normalize("NFC", whole)

    return _VIQR.sub(made, text)


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def _is_vietnamese(before: str, made: str) -> bool:
    """Whether every word that the reading changed has become a syllable."""
    was, now = before.split(), made.split()
    changed = [new for old, new in zip(was, now, strict=True) if old != new] if len(was) == len(now) else []
    words = [fold(word) for new in changed for word in _WORD.findall(new)]
    return any(len(word) > 1 for word in words) and all(word in LEGAL for word in words)
