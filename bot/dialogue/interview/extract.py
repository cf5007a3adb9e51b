"""Phones, accounts, links, vehicles and numbers of people in what a citizen wrote. Shown back to them, never logged.
The words are content/interview/counting.yml and common.yml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.disguise import plain
from bot.core.once import once
from bot.core.text import fold
from bot.dialogue.interview import own_contact, traces
from bot.dialogue.interview.police import conflicted
from bot.phrases.books import book
from bot.phrases.numbers import BARE, COMMON, INSIDE, NUMBERS, TENS, UNSURE, any_of

_BOOK, _COMMON = book("interview/counting"), book(COMMON)
# Exact numbers only, and no "một": "một người" is as often who lured them.
_LEAST = 2
_SPOKEN = {word: number for word, number in BARE.items() if word not in UNSURE}
_COUNT = re.compile(rf"\b(\d{{1,3}})\s+{_COMMON.bare('persons_told')}\b")
# After a number in words not every word for people: "ba em" is as often somebody's father.
_COUNT_IN_WORDS = re.compile(rf"\b({any_of(NUMBERS, _LEAST)})\s+{_COMMON.part('persons_after_words')}\b")
_COUNT_BARE = re.compile(rf"\b({any_of(_SPOKEN, _LEAST)})\s+{_COMMON.bare('persons_after_words')}\b")
_CHILD = _BOOK.begun("child")
_AGE = re.compile(rf"\b(?:{_BOOK.part('about_age')} )?(\d{{1,2}})\s*{_BOOK.part('age_after')}")
# "mười bảy", and not the end of "hai mươi bảy", "hăm bảy".
_TEENS = rf"{any_of(BARE, 10)} (?:{any_of(BARE | INSIDE, 1, 7)})"
_NO_TENS = "".join(rf"(?<!\b{word} )" for word, number in (BARE | TENS).items() if number >= _LEAST)
_OLD = _BOOK.part("years_old")
_AGE_IN_WORDS = re.compile(rf"{_NO_TENS}\b(?:(?:{_TEENS}|(?:{any_of(BARE, 5)})) {_OLD}\b|{_TEENS}(?= {_TEENS} {_OLD}))")
_NO_YEARS = {word: number for word, number in (BARE | INSIDE).items() if number != 5 or word in INSIDE}  # "mười năm"
# Bare, in a short answer: "một đứa, mười bảy", "chừng 16".
_AGE_BARE = re.compile(
    rf"{_NO_TENS}\b{any_of(BARE, 10)} (?:{any_of(_NO_YEARS, 1, 7)})\W*$"
    rf"|\b{_BOOK.part('guess')}(?: {_BOOK.part('guess_again')})? (?:1[0-7]|[5-9])\W*$"
    rf"|\b{_BOOK.part('child_before_age')}\W{{1,2}}(?:1[0-7]|[5-9])\W*$"
)
_SHORT_ANSWER = 7  # words
_STILL = _BOOK.words("still_held")


@dataclass(frozen=True)
class Found:
    """What was recognised, in the writer's own spelling; each tuple without repeats."""

    phones: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()
    people: int | None = None
    child: bool = False
    still_in_danger: bool = False
    own: str = ""  # the reporter's own number or address: contact, and no trace
    official_conflict: bool = False  # the local police are said to be involved, or must not read this

    @property
    def traces(self) -> tuple[str, ...]:
        """All that points at who is behind it."""
        return self.phones + self.accounts + self.links + self.vehicles


@once
def extract(text: str) -> Found:
    """Read `text` (any length up to the message cap) once. Linear time."""
    text, own = own_contact.split(text)
    text = plain(text)
    folded = fold(text)
    found = traces.read(text)

    def of(*kinds: str) -> tuple[str, ...]:
        return tuple(trace.value for trace in found if trace.kind in kinds)

    return Found(
        phones=of(traces.PHONES),
        links=of(traces.LINKS, traces.MAILS, traces.HANDLES, traces.WALLETS, traces.NAMES, traces.HOLDERS),
        accounts=of(traces.ACCOUNTS),
        vehicles=of(traces.VEHICLES),
        people=_people(*_uncounted(text, found)),
        child=mentions_child(folded),
        still_in_danger=bool(_STILL.search(folded)),
        own=own,
        official_conflict=conflicted(text),
    )


def mentions_child(folded: str) -> bool:
    """Whether folded text speaks of somebody under 18."""
    if _AGE_IN_WORDS.search(folded) or (len(folded.split()) <= _SHORT_ANSWER and _AGE_BARE.search(folded)):
        return True
    return bool(_CHILD.search(folded)) or any(0 < int(m.group(1)) < 18 for m in _AGE.finditer(folded))


def _uncounted(text: str, found: Iterable[traces.Trace]) -> tuple[str, str]:
    """`text` and the same folded, without numbers of people's phones, plates and accounts: their digits count nobody."""
    for trace in found:
        if any(char.isdigit() for char in trace.value):
            text = re.sub(re.escape(trace.value), "#", text, flags=re.IGNORECASE)
    return text, fold(text)


def _people(text: str, folded: str) -> int | None:
    if match := _COUNT.search(folded):
        return int(match.group(1)) or None
    if match := _COUNT_IN_WORDS.search(text.lower()):
        return NUMBERS[match.group(1)]
    match = _COUNT_BARE.search(folded) if text.isascii() else None  # typed without diacritics
    return _SPOKEN[match.group(1)] if match else None
