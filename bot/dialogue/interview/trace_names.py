"""The names under which somebody is found on a platform or takes money. Words: content/interview/traces.yml. Pure; linear time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.text import fold
from bot.dialogue.interview.own_contact import PHONE
from bot.phrases.books import book
from bot.phrases.numbers import COMMON

_BOOK, _COMMON = book("interview/traces"), book(COMMON)
# "tài khoản … tên LE VAN QUAN": in whose name the money is taken.
_HOLDER = _BOOK.anywhere("holder")
_AFTER_ACCOUNT = re.compile(rf"\d{{6,19}}\W{{0,3}}{_BOOK.part('bank_between')}?\W{{0,3}}")
_MOST_OF_NAME = 6  # words

# The name of an account, page or group: "acc fb tên Thùy Linh Cherry", "nhóm zalo Mẹ Bầu Yêu Thương".
_THEIR = rf"(?:{_BOOK.part('their')}|(?:{_COMMON.part('persons_meant')}|{_COMMON.bare('persons_meant')})\s+{_BOOK.part('that')})"
_OF_NAME = r"[^\s,.;:!?\"”'()]+(?:\.[^\s,.;:!?\"”'()]+)*"  # "minhkhoa.dl99" is one
_NAMED = re.compile(
    rf"(?<!\w)(?P<on>{_BOOK.part('kept_by')}(?:\s+{_BOOK.part('kept_by')})*)(?:\s+(?:{_BOOK.part('kept_by')}|{_THEIR}))*"
    rf"(?:\s+(?P<cue>(?:{_BOOK.part('has')}\s+)?{_BOOK.part('named')}(?:\s+{_BOOK.part('being')})?)\s+[\"“']?|\s*[:\"“']\s*|\s+)"
    rf"(?P<name>{_OF_NAME}(?:\s+{_OF_NAME}){{0,5}})",
    re.IGNORECASE,
)
_JOINS = frozenset(_BOOK.entries("joins"))
_ORDINARY = frozenset(_BOOK.entries("common"))  # words that are no names
_PLATFORMS = frozenset(_BOOK.entries("platforms"))
_LEAST = 2  # characters of a name

_SURELY_NAMED = _BOOK.anywhere("surely_named")


def named(text: str) -> Iterator[str]:
    """Names on a platform: words written as names after the word for the platform; in small letters only after "tên"."""
    for match in _NAMED.finditer(text[:2_000]):
        cue = fold(match["cue"] or "")
        words = match["name"].split()
        name = list(_leading(words, small=False, lone=bool(cue)))
        if not name and _SURELY_NAMED.search(cue):
            name = list(_leading(words, small=True, lone=True))[:4]
        said = " ".join(name)
        if not cue and len(name) < 2 and not re.search(r"[\d_]", said):
            continue  # "Hội Phụ nữ"
        if len(said) > _LEAST and said[0] != "@" and said.lower() not in _PLATFORMS and not PHONE.search(said):
            yield f"{match['on']} {said}"  # a name alone does not say where it is to be looked for


def _leading(words: list[str], *, small: bool, lone: bool) -> Iterator[str]:
    shouted = all(word == word.upper() for word in words)
    for number, word in enumerate(words):
        plain = fold(word).strip("~") in _ORDINARY
        named = word[:1].isupper() or any(char.isdigit() or char == "_" for char in word)
        named = named or (0 < number < len(words) - 1 and word in _JOINS and words[number + 1][:1].isupper())
        if (small or shouted or (number == 0 and not lone)) and plain:
            return
        if not (small or named):
            return
        yield word


def holders(text: str, folded: str) -> Iterator[str]:
    """The names to which money goes, right after the account."""
    if len(folded) != len(text):
        return
    for match in _HOLDER.finditer(folded):
        yield from _full_name(text[match.end() : match.end() + 60], caps=False)
    for match in _AFTER_ACCOUNT.finditer(folded):
        yield from _full_name(text[match.end() : match.end() + 60], caps=True)


def _full_name(rest: str, *, caps: bool) -> Iterator[str]:
    name: list[str] = []
    for word in rest.split()[:_MOST_OF_NAME]:
        bare = word.strip("().,;:\"'“”")
        if not bare.isalpha() or not (bare.isupper() if caps else bare[:1].isupper()):
            break
        if len(bare) < _LEAST and not (name and (bare != word or word == rest.split()[-1])):  # "NGUYEN VAN A"
            break
        name.append(bare)
        if bare != word.lstrip("(\"'“"):
            break
    if len(name) >= _LEAST:
        yield " ".join(name)
