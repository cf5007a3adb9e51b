"""What points at whoever is behind it: phones, accounts and their holders, links, wallets, vehicles and boats, names on platforms.

Each with its kind, in the writer's own spelling, without repeats. Shown back to them, never logged.
The words are content/interview/traces.yml. Pure; Python 3.10-compatible; linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.disguise import plain
from bot.core.text import fold
from bot.dialogue.interview import trace_marks, trace_names
from bot.dialogue.interview.own_contact import PHONE
from bot.dialogue.interview.plates import vehicles
from bot.dialogue.interview.trace_marks import TAKEN
from bot.phrases.books import book, data
from bot.phrases.numbers import DIGITS

PHONES, ACCOUNTS, LINKS, MAILS, HANDLES, WALLETS, NAMES, HOLDERS, VEHICLES = (
    "phone", "account", "link", "mail", "handle", "wallet", "name", "holder", "vehicle",
)  # fmt: skip
KINDS = (PHONES, ACCOUNTS, LINKS, MAILS, HANDLES, WALLETS, NAMES, HOLDERS, VEHICLES)
_BOOK = book("interview/traces")
_ACCOUNT = r"\d(?:[ .\-]?\d){6,18}"
_PLATFORM = _BOOK.words("platforms")
_ACCOUNT_CUE = re.compile(rf"\b{_BOOK.part('account')}\b(?P<between>[^\d\n]{{0,30}})(?P<number>{_ACCOUNT})")
_CUED = re.compile(rf"\b{_BOOK.part('account')}\b[^\d\n]{{0,30}}$")
_PAID = re.compile(
    rf"\b{_BOOK.part('paid')}\b[^\d\n]{{0,12}}\b{_BOOK.part('bank')}\b(?P<between>[^\d\n.;]{{0,12}})(?P<number>{_ACCOUNT})"
)
_AFTER_BANK = re.compile(rf"\b{_BOOK.part('at_bank')}\b(?P<between>[^\d\n.;]{{0,20}})(?P<number>{_ACCOUNT})")
_ACCOUNT_BEFORE_BANK = re.compile(rf"(?<![\d.])(?P<number>{_ACCOUNT})\W{{0,4}}{_BOOK.part('bank_after')}\b")
# What is remembered of an account: "tài khoản của Ngà, 4 số đuôi 6612".
_TAIL_BEFORE = re.compile(
    rf"\b{_BOOK.part('account')}\b[^\d\n]{{0,40}}\b(?P<tail>{_BOOK.part('account_tail')}\s+\d{{3,6}})(?![\d.,]?\d)"
)
_TAIL_AFTER = re.compile(
    rf"(?<!\d)(?P<tail>{_BOOK.part('account_tail')}\b[^\d\n]{{0,12}}\b{_BOOK.part('account')}\b[^\d\n]{{0,12}}\d{{3,6}})(?![\d.,]?\d)"
)
# No phone, written in one piece, and no identity card, which is as often the victim's: an account.
_LONG_NUMBER = re.compile(r"(?<![\w.+\-/])\d{9,19}(?![\w/])")
_IDENTITY = re.compile(rf"\b{_BOOK.part('identity')}\b[^\d]{{0,20}}$")
_MONEY_AFTER = re.compile(rf"\s?{_BOOK.part('money')}(?!\w)")
_ROUND, _MOST_OF_MONEY = "000", 12  # "150000000": a sum, and no account
_NOUGHT = next(word for word, digit in DIGITS.items() if digit == "0")
_DIGITS_SAID = re.compile(rf"\b(?:0|{_NOUGHT})(?:[ ,.\-]{{1,2}}(?:\d|{'|'.join(DIGITS)})){{8,10}}\b")
# 1900 and 1800: only where it is said to be somebody's, as nobody but a firm has one.
_FIRM = re.compile(rf"\b{_BOOK.part('firm_number')}\b[^\d\n]{{0,15}}(1[89]00[ .\-]?\d{{2,3}}[ .\-]?\d{{2,3}})(?!\d)")
_HOTLINES = frozenset(
    [re.sub(r"\D", "", str(row["number"])) for row in data("hotlines")["hotlines"]]
    + list(_BOOK.entries("public_numbers"))
)


@dataclass(frozen=True)
class Trace:
    """value: as it was written. kind: one of KINDS."""

    kind: str
    value: str


def read(text: str) -> tuple[Trace, ...]:
    """All traces in `text`, as the eye reads it: phones first, then accounts, links and names, vehicles. No own number is told apart."""
    text = trace_marks.harmless_undone(plain(text))
    codes, text = trace_marks.qr_accounts(text)
    purses, text = trace_marks.wallets(text)
    letters, text = trace_marks.mails(text)
    sites, text = trace_marks.sites(text)
    handles = list(trace_marks.handles(text))
    known = vehicles(text, fold(text))
    rest = text
    for plate in known:
        rest = re.sub(re.escape(plate), TAKEN * len(plate), rest, flags=re.IGNORECASE)
    found = {*sites, *letters, *handles, *purses}
    named = [name for name in trace_names.named(text) if not any(one in name for one in found)]
    called, rest = _abroad(rest)
    cued, rest = _cued(rest)
    called += _phones(rest)
    cued += _tails(rest)
    long = [number for number in _long(rest) if number not in called]
    kinds = (
        (PHONES, called), (ACCOUNTS, [*cued, *long, *codes]), (LINKS, sites), (MAILS, letters), (HANDLES, handles), (WALLETS, purses),
        (NAMES, named), (HOLDERS, trace_names.holders(text, fold(text))), (VEHICLES, known),
    )  # fmt: skip
    return _once(Trace(kind, value) for kind, values in kinds for value in values)


def _once(found: Iterable[Trace]) -> tuple[Trace, ...]:
    return tuple({trace.value: trace for trace in reversed(list(found))}.values())[::-1]


def _abroad(text: str) -> tuple[list[str], str]:
    """(numbers with their country before them, the text without them)."""
    found: list[str] = []

    def taken(match: re.Match[str]) -> str:
        of_bank = match[0].startswith("00") and _CUED.search(fold(text[max(0, match.start() - 40) : match.start()]))
        if of_bank or (match[0][0] != "+" and not match[0].startswith("00")):
            return match[0]
        found.append(match[0].strip())
        return TAKEN * len(match[0])

    left = PHONE.sub(taken, text)
    return [number for number in found if re.sub(r"\D", "", number) not in _HOTLINES], left


def _cued(text: str) -> tuple[list[str], str]:
    """(accounts that are called so or stand beside a bank, the text without them)."""
    folded = fold(text)
    spans: list[tuple[int, int]] = []
    for pattern in (_ACCOUNT_CUE, _PAID, _AFTER_BANK, _ACCOUNT_BEFORE_BANK):
        for match in pattern.finditer(folded):
            start, end = match.span("number")
            platform = pattern is _ACCOUNT_CUE and _PLATFORM.search(match["between"])
            phone = pattern not in (_ACCOUNT_CUE, _PAID) and PHONE.fullmatch(match["number"])
            if not (platform or phone or any(start < last and first < end for first, last in spans)):
                spans.append((start, end))
    found = []
    for start, end in sorted(spans):
        found.append(folded[start:end])
        if len(folded) == len(text):
            text = text[:start] + TAKEN * (end - start) + text[end:]
    return found, text


def _tails(text: str) -> list[str]:
    """The last digits of accounts of which no more is known, as they were written."""
    folded = fold(text)
    if len(folded) != len(text):
        return []
    return [
        text[slice(*m.span("tail"))].strip()
        for pattern in (_TAIL_BEFORE, _TAIL_AFTER)
        for m in pattern.finditer(folded)
    ]


def _phones(text: str) -> list[str]:
    """Telephone numbers, in digits or read out digit by digit."""
    folded = fold(text)
    found = [m.group().strip() for m in PHONE.finditer(text)]
    found = [number for number in found if re.sub(r"\D", "", number) not in _HOTLINES]
    found += [m[1] for m in _FIRM.finditer(folded) if re.sub(r"\D", "", m[1]) not in _HOTLINES]
    spoken = [m.group() for m in _DIGITS_SAID.finditer(folded) if any(c.isalpha() for c in m.group())]
    return found + ["".join(DIGITS.get(word, word) for word in re.findall(r"\w+", said)) for said in spoken]


def _long(text: str) -> list[str]:
    """Numbers in one piece that are long enough for an account, and no sum of money."""
    folded = fold(text)
    phones = {re.sub(r"\D", "", m.group()) for m in PHONE.finditer(folded)}
    found = []
    for match in _LONG_NUMBER.finditer(folded):
        number = match.group()
        money = number.endswith(_ROUND) and len(number) <= _MOST_OF_MONEY
        if number in phones or money or _MONEY_AFTER.match(folded, match.end()):
            continue
        if not _IDENTITY.search(folded[max(0, match.start() - 40) : match.start()]):
            found.append(number)
    return found
