"""Other tips that name the same number, account, plate, link or account on a platform. docs/adr/0011-linking-in-memory.md.

Compared in memory, among the tips that whoever asks can open anyhow, and forgotten with the answer: no hash of a number and no
index is kept, because telephone numbers can be counted through. The reporters' own numbers link nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlmodel import Session, col

from bot.core.text import fold
from bot.dialogue.interview import own_contact, traces
from bot.services import audit
from bot.services.tips import desk, glimpses, referrals
from bot.services.units.signin import SignedIn
from bot.storage.tables import Referral, Tip

# Names of people and of holders are too common to link by.
_LINKING = frozenset(traces.KINDS) - {traces.NAMES, traces.HOLDERS}
_NUMBERS = frozenset({traces.PHONES, traces.ACCOUNTS})
_LEAST_DIGITS, _LEAST_CHARS = 7, 5
MOST = 50


@dataclass(frozen=True)
class Linked:
    """Another tip, and what of this one it names as well, as written here."""

    referral: Referral
    tip: Tip
    shared: tuple[str, ...] = field(repr=False)


def linked(session: Session, officer: SignedIn, referral_id: str, now: float) -> list[Linked]:
    """Tips of the officer's units and of those below that share a trace with this one, the newest first; at most MOST.

    One entry in the audit log, without what was compared. Raises NotAllowed.
    """
    _, tip, _ = referrals.open_tip(session, officer, referral_id)
    query = desk.joined(select(Referral, Tip)).where(desk.visible(officer), col(Referral.state) != "transferred")
    rows = [
        (row[0], row[1]) for row in session.execute(query.order_by(col(Referral.created_at).desc(), col(Referral.id)))
    ]
    rows = rows[: glimpses.MOST_SEARCHED]
    bodies = {one.id: one.body for _, one in rows} | {tip.id: tip.body}
    read = glimpses.texts(session, officer, list(bodies.items()))
    audit.record(
        session, now, officer.officer_id, "links_looked_for", tip.id, f"referral={referral_id} tips={len(read)}"
    )
    keys = keys_of(read.get(tip.id, ""))
    found = []
    for referral, other in rows:
        if other.id == tip.id or other.id not in read or not keys:
            continue
        shared = shares(keys, read[other.id])
        if shared:
            found.append(Linked(referral, other, shared))
    return found[:MOST]


def keys_of(text: str) -> dict[tuple[str, str], str]:
    """What a tip can be linked by: (kind, normalised) -> as it was written. kind: 'digits', 'letters' or 'link'."""
    mine = {_plain(text[start:end]) for start, end, whose in own_contact.owners(text) if whose == own_contact.MINE}
    found: dict[tuple[str, str], str] = {}
    for trace in traces.read(text):
        if trace.kind not in _LINKING or _plain(trace.value) in mine:
            continue
        if trace.kind in _NUMBERS:
            key = ("digits", glimpses.home(re.sub(r"\D", "", trace.value)))
            enough = len(key[1]) >= _LEAST_DIGITS
        elif trace.kind in {traces.LINKS, traces.MAILS, traces.HANDLES}:
            key = ("link", _address(trace.value))
            enough = len(key[1]) >= _LEAST_CHARS
        else:
            key = ("letters", _plain(trace.value))
            enough = len(key[1]) >= _LEAST_CHARS
        if enough:
            found.setdefault(key, trace.value)
    return found


def shares(keys: dict[tuple[str, str], str], text: str) -> tuple[str, ...]:
    """Which of these another tip names too, in whatever spelling; not where it is that reporter's own."""
    numbers, squeezed, lower = glimpses.numbers(text), _plain(text), _address(text)
    places = {"digits": numbers, "letters": [squeezed], "link": [lower]}
    hits = [(key, value) for key, value in keys.items() if any(key[1] in piece for piece in places[key[0]])]
    if not hits:
        return ()
    mine = [_plain(text[start:end]) for start, end, whose in own_contact.owners(text) if whose == own_contact.MINE]
    return tuple(value for key, value in hits if not any(_plain(key[1]) in own for own in mine))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _address(text: str) -> str:
    return re.sub(r"https?://(?:www\.|m\.)?|\bwww\.", "", text.lower()).rstrip("/ ")
