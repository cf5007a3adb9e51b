"""Vietnamese text as people type it: the one normaliser. Standard library only, Python 3.10-compatible.

Used by the engine's tokenizer, the emergency triage and the places matcher. Every function is linear in the length of
its input and accepts any string, however broken.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bot.core import syllables, teencode
from bot.core.once import once

_MARKS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_HIDDEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e01ef"
)
_SCRIPTS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u19e0-\u19ff\ua9e0-\ua9ff\uaa60-\uaa7f\u0900-\u097f"
_HIDDEN_RUN = re.compile(f"[{_HIDDEN}]+")
# Marks of any script that normalising has to put in order: a pile of thousands of them would cost seconds.
_ORDERED = "".join(chr(code) for code in range(0x300, 0x1F000) if unicodedata.combining(chr(code)))
_MARK_PILE = re.compile(f"([{_MARKS}{_ORDERED}]{{3}})[{_MARKS}{_ORDERED}]+")
_MARK_LEFT = re.compile(f"[{_MARKS}]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]+")
_DIRT = re.compile(f"[{_HIDDEN}{_MARKS}]|{_CONTROL.pattern}")
_WORD = re.compile(f"(?:[^\\W_]|[{_MARKS}{_HIDDEN}{_SCRIPTS}])+")
_AMOUNT = re.compile(r"^(\d+)(tr|trieu|k|nghin|ngan|ty|cu|d|usd|tuoi|t|h|nam|thang|ngay|bn)(\d*)$")
_AMOUNT_WORDS = {"tr": "trieu", "k": "nghin", "ngan": "nghin", "cu": "trieu", "d": "dong", "t": "tuoi", "h": "gio"}
_LAUGH = re.compile(r"^(?:(?:h[aiey]){2,}h?|k{3,}|[hk]aha+)$")
_EMOJI = {
    "🆘": "cuu",
    "👍": "ok",
    "👌": "ok",
    "✅": "ok",
    "❌": "khong",
    "👎": "khong",
    "👋": "xin chao",
    "🙏": "lam on",
}
_EMOJI.update(dict.fromkeys("😭😢😿🥺😰😨😱😥", "buon"))
_EMOJI.update(dict.fromkeys("😂🤣😆😁😄😀🙂😊", "haha"))
_EMOJI_ONE = re.compile("[" + "".join(_EMOJI) + "]")
_KEEP_HONG = frozenset(re.findall(r"\w+", "hoa mau song ba chi co em thi tham do anh ban bac di ma la vang mai"))
LONG_TOKEN = 40  # nothing longer is a word; it is squeezed and looked up, never repaired


def _fold_table() -> dict[int, str]:
    """One character to one character: Latin letters, full-width and "mathematical" styled letters of adverts."""
    table: dict[int, str] = {}
    blocks = (
        range(0x41, 0x250),
        range(0x1E00, 0x1F00),
        range(0xFF01, 0xFF5F),
        range(0x1D400, 0x1D800),
        range(0x24B6, 0x24EA),
    )
    for code in (code for block in blocks for code in block):
        plain = unicodedata.normalize("NFKD", chr(code))[:1].lower()[:1] or chr(code)
        if plain != chr(code):
            table[code] = plain
    table.update({ord("đ"): "d", ord("Đ"): "d", ord("ð"): "d", ord("Ð"): "d"})
    return table


_FOLD = _fold_table()


# One capital letter, with or without marks, as a piece of a regular expression.
CAPITAL = f"[{''.join(chr(code) for code in range(0x41, 0x1EFA) if chr(code).isupper())}]"


def nfc(text: str) -> str:
    """Canonical composition; some phones send decomposed letters. Piles of marks, of any script, are cut first: linear."""
    return unicodedata.normalize("NFC", _MARK_PILE.sub(r"\1", text))


def fold(text: str) -> str:
    """Lower case, without diacritics, đ as d. Whitespace and punctuation stay.

    On cleaned (or merely NFC) text each character gives exactly one, so positions in the folded text are positions in
    `text`; only stray combining marks are dropped, and `clean` leaves none.
    """
    folded = text.translate(_FOLD)
    if folded.isascii():
        return folded
    lowered = folded.lower()
    if len(lowered) != len(folded):  # a few foreign capitals lower to two characters
        lowered = "".join(c if len(c.lower()) != 1 else c.lower() for c in folded)
    return _MARK_LEFT.sub("", unicodedata.normalize("NFD", lowered)) if _MARK_LEFT.search(lowered) else lowered


@once
def clean(text: str) -> str:
    """NFC without what the eye does not see: zero-width and direction marks, controls, zalgo. Case and words stay."""
    text = _CONTROL.sub(" ", _HIDDEN_RUN.sub("", text))
    return _MARK_LEFT.sub("", nfc(text))


def excerpt(text: str, head: int, tail: int) -> str:
    """The beginning and the end of a long text: what is wanted is said first or last. Short texts come back whole."""
    return text if len(text) <= head + tail else f"{text[:head]} {text[-tail:]}"


def shortened(text: str, most: int) -> str:
    """`text` on one line, cut at a word to at most `most` characters and the mark of a cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most].rpartition(' ')[0] or line[:most]}…"


def excerpt_words(text: str, head: int, tail: int) -> str:
    """`excerpt` that cuts no word: a word longer than 40 characters is cut all the same."""
    if len(text) <= head + tail:
        return text
    first, last = text[:head], text[-tail:]
    cut, begin = max(first.rfind(" "), first.rfind("\n")), re.search(r"\s", last[:40])
    first = first[:cut] if cut >= head - 40 else first
    return f"{first} … {last[begin.end() :] if begin else last}"


@dataclass(frozen=True)
class Token:
    """A word of the original text (`text[start:end]`) and its normal form: folded, expanded, maybe several words."""

    text: str
    start: int
    end: int
    norm: str


def _plain(folded: str, telex: bool, vni: bool) -> str:
    """One unmarked token to its standard folded form."""
    if len(folded) > LONG_TOKEN:
        return re.sub(r"(.)\1{2,}", r"\1", folded)
    known = teencode.SLANG.get(folded)
    if known is not None:
        return known
    if folded in syllables.LEGAL or folded.isdecimal():
        return folded
    english = teencode.ENGLISH.get(folded)
    if english is not None:
        return english
    amount = _AMOUNT.match(folded)
    if amount:
        unit = _AMOUNT_WORDS.get(amount[2], amount[2])
        return f"{amount[1]} {unit} {amount[3]}".rstrip()
    if _LAUGH.match(folded):
        return "haha"
    if folded.startswith("dd") and folded[1:] in teencode.SLANG:
        return teencode.SLANG[folded[1:]]
    if telex and (repaired := syllables.telex(folded)):
        return repaired
    if vni and (repaired := syllables.vni(folded)):
        return repaired
    squeezed = syllables.squeeze(folded)
    return teencode.SLANG.get(squeezed, squeezed)


def _marked(word: str, folded: str) -> bool:
    """True when a vowel mark or tone was typed; đ alone does not count (it is typed in otherwise bare words)."""
    return not word.isascii() and folded != word.lower().replace("đ", "d")


def _raw_keyboard(folded: list[str]) -> tuple[bool, bool]:
    """Whether the message as a whole looks like raw Telex, raw VNI: one sure token, or two likely ones."""
    short = [word for word in folded if len(word) <= 10]
    telex = any(map(syllables.is_strong_telex, short)) or sum(bool(syllables.telex(word)) for word in short) >= 2
    strong_vni = any(map(syllables.is_strong_vni, short))
    return telex, strong_vni and sum(bool(syllables.vni(word)) for word in short) >= 1


def _in_context(word: str, before: str, last: bool) -> str | None:
    """Short forms whose meaning hangs on their neighbours; None when the tables decide."""
    if word == "a":
        return "a" if last else "anh"  # "cuu em voi a" is ạ
    if word == "hong":
        return "hong" if before in _KEEP_HONG else "khong"
    if word == "h" and before.isdecimal():
        return "gio"
    if word == "k" and before.isdecimal():
        return "nghin"
    if word == "tr" and before.isdecimal():
        return "trieu"
    return None


@once
def tokens(text: str) -> tuple[Token, ...]:
    """The words of `text` with their places in it and their normal forms; emoji that mean something count as words."""
    spans = [(m.start(), m.end()) for m in _WORD.finditer(text)]
    spans += [(m.start(), m.end()) for m in _EMOJI_ONE.finditer(text)]
    spans.sort()
    words = [text[a:b] for a, b in spans]
    if _DIRT.search(text) or not unicodedata.is_normalized("NFC", text):
        words = [word if word in _EMOJI else clean(word).strip() for word in words]
    folded = [fold(word) for word in words]
    marked = [_marked(word, plain) for word, plain in zip(words, folded, strict=True)]
    bare = [plain for plain, typed in zip(folded, marked, strict=True) if not typed]
    telex, vni = _raw_keyboard(bare)
    out: list[Token] = []
    for i, (a, b) in enumerate(spans):
        if not words[i]:
            continue
        before = out[-1].norm if out else ""
        last = i + 1 == len(spans) or not text[b : spans[i + 1][0]].isspace()
        norm = _norm(words[i], folded[i], marked[i], before, last, telex, vni)
        out.append(Token(text[a:b], a, b, norm))
    return tuple(out)


def _norm(word: str, folded: str, marked: bool, before: str, last: bool, telex: bool, vni: bool) -> str:
    if word in _EMOJI:
        return _EMOJI[word]
    if word == "CA" and before not in ("", "ban"):
        return "cong an"
    if marked:
        known = teencode.MARKED.get(word.lower())
        return known if known is not None else syllables.squeeze(folded)
    return _in_context(folded, before, last) or _plain(folded, telex, vni)


_PHRASE = re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, teencode.PHRASES), key=len, reverse=True)) + r")\b")


@once
def normalise(text: str) -> str:
    """The message in standard words: folded, expanded, single spaces, no punctuation; for matching, never for showing.

    "Cứuuu e vs, bị nhốt ở cty k dc ra" -> "cuu em voi bi nhot o cong ty khong duoc ra"
    """
    return _PHRASE.sub(lambda m: teencode.PHRASES[m[0]], " ".join(token.norm for token in tokens(text)))
