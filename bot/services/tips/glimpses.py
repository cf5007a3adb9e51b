"""What tells two rows of the desk apart, and the search over the officer's own tips.

Both open tips in memory, with the keys of who asks, and forget them with the answer: nothing of it is stored, no index is
kept, and a search leaves one entry in the audit log that says how many tips were looked through, and not for what.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from bot.core.campaigns.schedule import VIETNAM
from bot.core.errors import InvalidInput
from bot.core.text import fold
from bot.services import audit
from bot.services.tips import desk
from bot.services.units import posts
from bot.services.units.signin import SignedIn
from bot.storage import sealing
from bot.storage.tables import Assignment, Officer, Referral, Tip, TipEntry, TipFile, TipKey

FIRST_CHARS = 90
MOST_SEARCHED = 5000  # tips, the newest first
LEAST_CHARS = 2
_DIGITS = 6  # so many say that a number is meant
_HEX = 4
_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?")
_NOT_DIGITS, _NOT_ALNUM = re.compile(r"\D+"), re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Glimpse:
    """first: how the tip begins. files, lines: of the reporter's files, and of the dialogue. owner: who of the unit has it."""

    first: str = field(default="", repr=False)
    files: int = 0
    contact: bool = False
    lines: int = 0
    owner: str = ""
    mine: bool = False


def number(referral_id: str) -> str:
    """The number of a tip on paper, on the screen and over the telephone."""
    return f"{referral_id[:4]} {referral_id[4:8]}".upper()


def glimpses(session: Session, officer: SignedIn, rows: Sequence[tuple[Referral, Tip]]) -> dict[str, Glimpse]:
    """What to show of these rows, by referral; the words only of tips the officer holds a key of."""
    ids = [tip.id for _, tip in rows]
    keys = _keys(session, officer, ids)
    files = _counts(
        session, select(col(TipFile.tip_id), func.count()).where(col(TipFile.author) == "reporter"), TipFile, ids
    )
    lines = _counts(session, select(col(TipEntry.tip_id), func.count()), TipEntry, ids)
    owners = owners_of(session, [referral.id for referral, _ in rows])
    found = {}
    for referral, tip in rows:
        owner = owners.get(referral.id)
        readable = tip.id in keys
        found[referral.id] = Glimpse(
            _first(_words(keys[tip.id], tip.id, tip.body)) if readable else "",
            files.get(tip.id, 0) if readable else 0,
            readable and tip.contact is not None,
            lines.get(tip.id, 0) if readable else 0,
            owner.name if owner else "",
            owner is not None and owner.id == officer.officer_id,
        )
    return found


def owners_of(session: Session, referral_ids: Iterable[str]) -> dict[str, Officer]:
    """Who has each of these referrals, of those somebody has."""
    query = (
        select(col(Assignment.referral_id), Officer)
        .join(Officer, col(Officer.id) == col(Assignment.officer_id))
        .where(col(Assignment.referral_id).in_(list(referral_ids)), col(Officer.active))
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    officers = {one.id: one for one in found.values()}
    working = {one.id for one in officers.values() if posts.works(session, one)}
    return {referral_id: one for referral_id, one in found.items() if one.id in working}


def _counts(session: Session, query: Any, table: Any, ids: list[str]) -> dict[str, int]:
    rows = session.execute(query.where(col(table.tip_id).in_(ids)).group_by(col(table.tip_id)))
    return {row[0]: row[1] for row in rows}


def _keys(session: Session, officer: SignedIn, tip_ids: list[str] | None = None) -> dict[str, bytes]:
    """The keys of tips, of those the officer can open; of all of theirs where none are named."""
    units = {f"unit:{unit_id}": unit_id for unit_id in officer.unit_keys}
    query = select(col(TipKey.tip_id), col(TipKey.holder), col(TipKey.sealed)).where(
        col(TipKey.holder).in_(list(units))
    )
    if tip_ids is not None:
        query = query.where(col(TipKey.tip_id).in_(tip_ids))
    openers = {holder: sealing.opener(officer.unit_keys[unit_id]) for holder, unit_id in units.items()}
    found: dict[str, bytes] = {}
    for tip_id, holder, sealed in session.execute(query):
        if tip_id in found:
            continue
        try:
            found[tip_id] = openers[holder](sealed)
        except sealing.CannotOpen:  # sealed to the key before, while a change of it is under way
            with suppress(sealing.CannotOpen):  # neither opens it: a row that somebody else wrote
                found[tip_id] = officer.open(units[holder], sealed)
    return found


def _words(key: bytes, tip_id: str, body: bytes) -> dict[str, Any]:
    try:
        return dict(sealing.unseal_json(key, body, f"tip:{tip_id}")["words"])
    except sealing.CannotOpen:
        return {}


def _first(words: Mapping[str, Any]) -> str:
    told = str(words.get("what") or next((said for _, said in words.get("said") or () if said), ""))
    told = " ".join(told.split())
    return told if len(told) <= FIRST_CHARS else told[:FIRST_CHARS].rsplit(" ", 1)[0] + " …"


@dataclass(frozen=True)
class Asked:
    """A search as it is compared. words: each must stand in the tip, without diacritics; digits: a telephone or account number
    however it is written; squeezed: a plate; day: (day, month, year or 0) on which the tip came; number: of the tip."""

    words: tuple[re.Pattern[str], ...] = field(repr=False)
    digits: str = field(default="", repr=False)
    squeezed: re.Pattern[str] | None = field(default=None, repr=False)
    day: tuple[int, int, int] | None = None
    number: str = ""


def asked(text: str) -> Asked:
    """Read what was typed. Raises InvalidInput('search_short')."""
    folded = fold(text).strip()
    if len(_NOT_ALNUM.sub("", folded)) < LEAST_CHARS:
        raise InvalidInput("search_short")
    if date := _DATE.fullmatch(folded):
        return Asked((), day=(int(date[1]), int(date[2]), int(date[3] or 0)))
    squeezed, digits = _NOT_ALNUM.sub("", folded), _NOT_DIGITS.sub("", folded)
    number_ = squeezed if re.fullmatch(rf"[0-9a-f]{{{_HEX},8}}", squeezed) else ""
    if len(digits) >= _DIGITS and not re.search(r"[a-z]", folded):
        return Asked((), digits=home(digits), number=number_)
    plate = squeezed if re.search(r"\d", squeezed) and re.search(r"[a-z]", squeezed) else ""
    words = tuple(_loosely(word) for word in folded.split())
    return Asked(words, squeezed=_loosely(plate, r"[\W_]*") if len(plate) >= _HEX else None, number=number_)


def home(digits: str) -> str:
    """A number without what stands before it here or abroad: "+84 903…", "0084903…", "0903…" are one."""
    return re.sub(r"^(?:00)?84(?=\d{8})|^0", "", digits)


def matches(wanted: Asked, text: str, referral: Referral) -> bool:
    """Whether a tip is meant. text: all that can be read of it, as it was written."""
    if wanted.number and referral.id.startswith(wanted.number):
        return True
    if wanted.day is not None:
        came = datetime.fromtimestamp(referral.created_at, VIETNAM)
        day, month, year = wanted.day
        return (came.day, came.month) == (day, month) and year in {0, came.year}
    if wanted.digits:
        return any(wanted.digits in piece for piece in numbers(text))
    if wanted.squeezed is not None and wanted.squeezed.search(text):
        return True
    return bool(wanted.words) and all(word.search(text) for word in wanted.words)


@cache
def _letters() -> dict[str, str]:
    """Letter without marks -> every letter that is it with some: folding a thousand tips takes ten times as long as a search."""
    found: dict[str, str] = {}
    for code in (*range(0x41, 0x250), *range(0x1E00, 0x1F00)):
        if (plain := fold(chr(code))) != chr(code) and len(plain) == 1:
            found[plain] = found.get(plain, "") + re.escape(chr(code))
    return found


def _loosely(folded: str, between: str = "") -> re.Pattern[str]:
    """Finds folded words in words as they were written; between: what may stand between two characters."""
    return re.compile(between.join(f"[{re.escape(char)}{_letters().get(char, '')}]" for char in folded))


_NUMBER = re.compile(r"\d(?:[ .\-()·_]{0,3}\d){5,}")


def numbers(text: str) -> list[str]:
    """The digits of each number in a text."""
    return [_NOT_DIGITS.sub("", piece) for piece in _NUMBER.findall(text)]


def texts(session: Session, officer: SignedIn, rows: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """All that can be read of these tips ((id, body)): the reporter's words and the dialogue. The contact stays shut."""
    keys = _keys(session, officer)
    wanted = {tip_id: body for tip_id, body in rows if tip_id in keys}
    found = {tip_id: _strings(_words(keys[tip_id], tip_id, body)) for tip_id, body in wanted.items()}
    held = select(col(TipKey.tip_id)).where(
        col(TipKey.holder).in_([f"unit:{unit_id}" for unit_id in officer.unit_keys])
    )
    lines = (
        select(col(TipEntry.tip_id), col(TipEntry.body))
        .where(col(TipEntry.tip_id).in_(held))
        .order_by(col(TipEntry.id))
    )
    for tip_id, body in session.execute(lines):
        if tip_id in wanted:
            try:
                found[tip_id].append(str(sealing.unseal_either(keys[tip_id], body, f"entry:{tip_id}").get("text", "")))
            except sealing.CannotOpen:
                continue
    return {tip_id: "\n".join(pieces) for tip_id, pieces in found.items()}


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _strings(one)]
    return [text for one in value for text in _strings(one)] if isinstance(value, list | tuple) else []


@dataclass(frozen=True)
class Hits:
    """Referrals that were found, the newest first. searched: how many tips were looked through; all: whether those were all."""

    ids: tuple[str, ...]
    searched: int
    all: bool


def search(session: Session, officer: SignedIn, text: str, now: float) -> Hits:
    """Look through the tips that the officer can open. One audit entry, without the words.

    Raises InvalidInput('search_short').
    """
    wanted = asked(text)
    query = (
        desk.joined(select(Referral, col(Tip.body)))
        .where(desk.visible(officer))
        .order_by(col(Referral.created_at).desc(), col(Referral.id))
        .limit(MOST_SEARCHED + 1)
    )
    rows = [(row[0], row[1]) for row in session.execute(query)]
    searched = rows[:MOST_SEARCHED]
    read = texts(session, officer, [(referral.tip_id, body) for referral, body in searched])
    found = tuple(
        referral.id
        for referral, _ in searched
        if referral.tip_id in read and matches(wanted, read[referral.tip_id], referral)
    )
    audit.record(session, now, officer.officer_id, "searched", "", f"tips={len(read)}")
    return Hits(found, len(read), len(rows) <= MOST_SEARCHED)
