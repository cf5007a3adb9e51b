"""Who writes, where the person in danger is, and what the writer can do: read once from a message. Pure; Python 3.10-compatible.

A relative is taken out of the words before the writer's own plight is looked for: "con em bị nhốt" is said by a mother,
"chồng em nhốt em" by whom it is done to. The words are content/danger/vi/person.yml and circumstances.yml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.text import excerpt, fold, nfc, normalise
from bot.dialogue.triage import circumstances
from bot.dialogue.triage.reading import no_deed
from bot.phrases.books import book

SELF, CHILD, RELATIVE, FRIEND, WITNESS = "self", "child", "relative", "friend", "witness"
PROFESSIONAL, TOOK_PART = "professional", "took_part"
SPEAKERS = (SELF, CHILD, RELATIVE, FRIEND, WITNESS, PROFESSIONAL, TOOK_PART)  # and "": not known
TRADES = ("teacher", "health", "hotel", "village")
VIET_NAM, SEA, ABROAD = "viet_nam", "sea", "abroad"
HOME = "home"  # said in so many words: back in Viet Nam, back ashore
COUNTRIES = ("cambodia", "myanmar", "china", "taiwan", "laos")
HEAD, TAIL = 1_400, 500  # characters read, as in the triage

_BOOK = book("danger/vi/person")
_RELATIONS = (
    "kin_child", "kin_younger", "kin_sister", "kin_brother", "kin_husband", "kin_wife", "kin_mother", "kin_father",
    "kin_nephew", "kin_other",
)  # fmt: skip
_KIN = {name.removeprefix("kin_"): _BOOK.words(name) for name in _RELATIONS}  # whom the words are about
FRIENDS = {"partner": _BOOK.words("partner"), "friend": _BOOK.words("friend")}
_STRANGERS, _NOT_ME, _SHORT = (_BOOK.words(name) for name in ("strangers", "not_me", "friend_short"))
_US = _BOOK.words("us")
_ONLY_NAMED, _BY_KIN = (re.compile(rf"\b{_BOOK.part(name)}") for name in ("only_named", "by_kin"))
_HAPPENS = re.compile(rf"^(?: (?!kinx)\w+){{0,9}}? {_BOOK.part('happens')}\b")
_ASKED_FOR = re.compile(rf"(?:{_BOOK.part('happens')}|\b{_BOOK.part('harm')})(?: \w+)? $")
_HARMS_ME = re.compile(rf"^(?: \w+){{0,3}} {_BOOK.part('harms_me')}")
_HARM = re.compile(rf"\b(?:{_BOOK.part('harm')}|{_BOOK.part('happens')})\b")
_TOGETHER = _BOOK.words("together")
_SELF_DONE, _NO_SUBJECT = _BOOK.words("self_done"), _BOOK.words("no_subject")
_SELF_IS = re.compile(
    rf"\b(?<!mot ){_BOOK.part('me')}(?: (?!(?:kinx|nguoix|noix|no|ho|chung|la|thay|nao|tieng|nghe|ay|do)\b)\w+){{0,7}}? {_BOOK.part('self_is')}\b"
)
_SELF_THERE = _BOOK.words("self_there")
_TO_STRANGERS = re.compile(rf"\bnguoix\b(?: (?!nguoix)\w+){{0,9}}? {_BOOK.part('happens')}\b")
_QUOTES, _CRY, _TOO = (_BOOK.words(name) for name in ("quotes", "cry", "too"))
_TRADES = {name: _BOOK.words(name) for name in TRADES}
_TOOK_PART, _WITNESS = _BOOK.words("took_part"), _BOOK.words("witness")
_CAN_CALL, _WATCHED, _MY_MUTE = (_BOOK.words(name) for name in ("can_call", "watched", "my_mute"))
_SEA, _ASHORE, _HOME = (_BOOK.words(name) for name in ("sea", "ashore", "home_again"))
_YOUNGER = re.compile(r"\b(?:em|chau|con)\b")
_AT_HOME = frozenset({"commune", "candidates", "province"})


@dataclass(frozen=True)
class Person:
    """What a message says of its writer; "" and None where it says nothing.

    speaker: one of SPEAKERS. trade: one of TRADES, of a professional. whom: of whom a relative or friend tells, a code of the
    phrasebook. place: where the person in danger is. mute: whether the writer cannot call. watched: somebody stands by.
    """

    speaker: str = ""
    trade: str = ""
    whom: str = ""
    place: str = ""
    mute: bool | None = None
    watched: bool = False


def read(
    message: str, kind: str = "", place: Mapping[str, Any] | None = None, *, before: str = "", in_form: bool = False
) -> Person:
    """Read a message. kind: the emergency found in it, or "". place: what the reader of places says of it. Never raises.

    before: the speaker known so far. Who told of another leaves the subject out ("bị giữ ở Bavet"), and says ages of theirs.

    in_form: a place in Viet Nam is then the answer to where the family lives, and says nothing of where the danger is.
    """
    words = _words(message)
    speaker, trade, whom = _speaker(words, before)
    other = (speaker or before) not in ("", SELF, CHILD)
    silent = _MY_MUTE.search(masked(words)[0]) is not None if other else circumstances.cannot_call(message, kind)
    watched = _WATCHED.search(words) is not None and not other
    mute: bool | None = True if silent or watched else None
    if _CAN_CALL.search(words):
        mute, watched = False, False
    where = _place(message, words, place or {}, in_form=in_form)
    return Person(speaker, trade, whom, where, mute, watched)


def _words(message: str) -> str:
    written = excerpt(nfc(message), HEAD, TAIL)
    return normalise(re.sub(r"\b[bB]n(?= )", "bạn", written) if _SHORT.search(fold(written)) else written)


def masked(words: str) -> tuple[str, list[str]]:
    """Normalised words with each relative or friend as "kinx", strangers as "nguoix" and places as "noix"; and who those relatives are."""
    words = _US.sub("bon em", words)
    spans = [
        (found.start(), -found.end(), name)
        for name, pattern in (*_KIN.items(), *FRIENDS.items(), ("nguoix", _STRANGERS), ("noix", _NOT_ME))
        for found in pattern.finditer(words)
    ]
    pieces, names, at = [], [], 0
    for start, end, name in sorted(spans):  # the first, and of those the longest
        if start < at:
            continue
        known = name in _KIN or name in FRIENDS
        pieces += [words[at:start], "kinx" if known else name]
        names += [name] if known else []
        at = -end
    return "".join([*pieces, words[at:]]), names


def _speaker(words: str, before: str) -> tuple[str, str, str]:
    """(speaker, trade, whom)."""
    text, names = masked(no_deed(words))
    victims = _victims(text, names)
    if _TOOK_PART.search(text):
        return TOOK_PART, "", "many"
    told = before not in ("", SELF, CHILD)
    own = _own(text, told=told)
    trade = trade_of(words)
    if trade and (own is None or _own(_YOUNGER.sub("nguoix", text), told=told) is None):  # "em" is whom they look after
        return PROFESSIONAL, trade, "pupil" if trade == "teacher" else ""
    if victims and own is None and _TOGETHER.search(_CRY.sub(" ", text)):
        return _oneself(text)
    if victims and before in (SELF, CHILD) and _TOO.search(text):
        return "", "", ""  # "bạn em cũng bị": whoever is in danger stays so
    if victims and (own is None or victims[0][0] < own):
        return (FRIEND if victims[0][1] in FRIENDS else RELATIVE), "", victims[0][1]
    if own is not None or (not told and not victims and _there_oneself(text)):
        return _oneself(text)
    if _WITNESS.search(words) or ("nguoix" in text and _HARM.search(text)):  # "phường Hải Châu" is nobody
        return WITNESS, "", "many" if "nguoix" in text else ""
    return _oneself(text) if not told and circumstances.is_child(text) else ("", "", "")


def _there_oneself(text: str) -> bool:
    """Whether the writer tells where they are or what they do, and of a harm that is not said to be done to others."""
    there, harm = _SELF_THERE.search(text), _HARM.search(text)
    return there is not None and harm is not None and not ("kinx" in text or _TO_STRANGERS.search(text))


def trade_of(words: str) -> str:
    """One of TRADES, where normalised words say what the writer does, or ""."""
    return next((name for name, pattern in _TRADES.items() if pattern.search(words)), "")


def _oneself(text: str) -> tuple[str, str, str]:
    return (CHILD if circumstances.is_child(text) else SELF), "", ""


def _own(text: str, *, told: bool) -> int | None:
    """Where the writer first says that something is done to them, or None. told: they told of another before."""
    if "kinx" in text or told:
        text = _QUOTES.sub("kinx", text)
    if "kinx" in text:
        text = _CRY.sub(lambda match: " " * len(match[0]), text)  # "cứu em với, con em bị bắt" asks for the child
    bare = _NO_SUBJECT.search(text)
    unsaid = bare is not None and not (told or "nguoix" in bare[0] or "noix" in bare[0])
    patterns = (_SELF_DONE, _SELF_IS, _NO_SUBJECT) if unsaid else (_SELF_DONE, _SELF_IS)
    found = [match.start() for pattern in patterns for match in (pattern.search(text),) if match]
    return min(found) if found else None


def _victims(text: str, names: list[str]) -> list[tuple[int, str]]:
    """Relatives and friends to whom something happens, not those who do it or are only named."""
    found = []
    for name, match in zip(names, re.finditer(r"\bkinx\b", text), strict=False):
        before, after = text[max(0, match.start() - 30) : match.start()], text[match.end() : match.end() + 90]
        if _HARMS_ME.search(after) or _BY_KIN.search(before):
            continue
        happens = _HAPPENS.search(after) is not None
        if happens or (_ASKED_FOR.search(before) and not _ONLY_NAMED.search(before)):
            found.append((match.start(), name))
    return found


def _place(message: str, words: str, place: Mapping[str, Any], *, in_form: bool) -> str:
    if circumstances.abroad(message) or (not words and place.get("status") == "foreign"):
        return circumstances.country(message) or ABROAD
    if _HOME.search(words) or _ASHORE.search(words):
        return HOME
    if _SEA.search(words):
        return SEA
    return VIET_NAM if place.get("status") in _AT_HOME and not in_form else ""


def foreign(place: str) -> bool:
    """Whether a place, as `Person.place` has it, is in another country."""
    return place == ABROAD or place in COUNTRIES
