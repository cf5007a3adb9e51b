"""Letters of other scripts and styles that a reader takes for Latin ones. One character to one.

Adverts are disguised with them so that a search does not find the words. The rows here are reviewed by hand and come first:
what Vietnamese disguises use and the Unicode table does not count (н for h, и for u) or counts otherwise (a capital і). All the
rest is that table (bot.core.confusables). Left out on purpose: letters that merely resemble a Latin one beside it (ж, л).
"""

from __future__ import annotations

import unicodedata

from bot.core.confusables import CONFUSABLES

_CYRILLIC = (
    "аa еe оo рp сc хx уy іi јj ѕs ԁd һh ԛq ԝw ӏl ґr гr вb нh кk мm тt пn иu ӕa ёe їi ўy үy ғf ԍg "
    "АA ВB ЕE КK МM НH ОO РP СC ТT ХX УY ІI ЈJ ЅS ԌG ԚQ ԜW ӀI ҮY ЁE ЇI ЎY"
)
_GREEK = (
    "αa οo ρp νv υu ιi κk χx γy ηn τt ωw εe σo ϲc ϳj ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ϹC άa έe ίi όo ύu ήn"
)
_OTHER = (
    "օo սu հh ոn ցg զq ՏS ՍU ՕO "  # Armenian
    "ᎪA ᏴB ᏟC ᎠD ᎬE ᎻH ᎫJ ᏦK ᏞL ᎷM ᏢP ᏚS ᎢT ᏙV ᎳW ᏃZ"  # Cherokee
)
# Other Latin letters: small capitals, turned and script forms. A style, so less of a sign than another script.
_LATIN = (
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz "
    "ɑa ɡg ıi ɩi ɭl ɾr ʋv ɯw ƙk ɓb ɗd ƈc ƒf ɦh ƥp ʠq ʂs ƭt ʐz ȷj ꞁl ǫq"
)


def _pairs(rows: str) -> dict[str, str]:
    return {pair[0]: pair[1:] for pair in rows.split()}


_CHANGED = ("LATIN", "SEGMENTED")  # forms of Latin letters and digits: a style, no other script
SMALL = _pairs(CONFUSABLES["LATIN"]) | _pairs(_LATIN)
OTHER_SCRIPTS = _pairs(" ".join(row for script, row in CONFUSABLES.items() if script not in _CHANGED))
OTHER_SCRIPTS |= _pairs(f"{_CYRILLIC} {_GREEK} {_OTHER}")
# Letters written upside down, to be read from the other end.
TURNED = _pairs(
    "ɐa ɔc ǝe ɟf ƃg ɓg ɥh ᴉi ıi ɾj ʞk ʅl ɯm ɹr ʇt ʌv ʍw ʎy ∀A ƆC ƎE ℲF ⅁G ˥L ԀP ┴T ΛV ⅄Y Ɩ1 ᄅ2 Ɛ3 ㄣ4 ϛ5 ㄥ7 "
    "qb pd dp bq un nu 69 96"
)


def _styled() -> dict[str, str]:
    """Full-width, "mathematical", superscript, circled and squared letters, and the digits of every script."""
    table = dict(SMALL)
    table.update({chr(0x1F150 + i): chr(0x41 + i) for i in range(26)})  # letters in dark circles
    table.update({chr(0x1F170 + i): chr(0x41 + i) for i in range(26)})  # and in dark squares
    blocks = (
        (0x00B2, 0x00B3, 0x00B9), range(0x02B0, 0x02B9), range(0x0660, 0x0F34), range(0x1040, 0x109A), range(0x17E0, 0x181A),
        range(0x1946, 0x1C5A), range(0x1D2C, 0x1D6B), range(0x2070, 0x209D), range(0x2102, 0x2120), range(0x2124, 0x2150),
        range(0x2160, 0x2180), range(0x2460, 0x2500), range(0x2776, 0x2794), range(0x3200, 0x3300), range(0xA620, 0xA62A),
        range(0xA8D0, 0xABFA), range(0xFF01, 0xFF5F), range(0x104A0, 0x104AA), range(0x11066, 0x11D5A),
        range(0x1D400, 0x1D800), range(0x1F100, 0x1F14A),
    )  # fmt: skip
    for code in (code for block in blocks for code in block):
        character = chr(code)
        digit = unicodedata.digit(character, None)
        plain = str(digit) if digit is not None else unicodedata.normalize("NFKC", character)
        bare = plain.strip("().,")
        if character != plain and plain.isascii() and bare.isalnum():
            table.setdefault(character, bare)
        elif code in range(0xFF01, 0xFF5F):
            table.setdefault(character, plain)
    for thousand in range(0x2776, 0x2794):  # dingbat digits: negative and sans-serif circles, 1 to 10
        table[chr(thousand)] = str((thousand - 0x2776) % 10 + 1)
    return table


STYLED = _styled()
CIRCLED = frozenset(
    c for c in STYLED if STYLED[c].isdecimal() and (0x2460 <= ord(c) <= 0x24FF or 0x2776 <= ord(c) <= 0x2793)
)
