"""Every place that was told, with what it is in the story: where they meet, were taken, are at home. Pure; Python 3.10-compatible.

Where it happened is the draft's `where` and decides whose police it is for; these are shown beside it: draft["places"] holds
[role, words], the words as they were written, or a commune's full name.
"""

from __future__ import annotations

import re

from bot.core.text import CAPITAL, fold
from bot.dialogue.interview import landmarks, own_contact, routing
from bot.dialogue.interview.draft import Draft, Message
from bot.dialogue.reading.place_roles import HAPPENED, HELD, role_of
from bot.phrases.books import book

NAMED = "named"  # a landmark of the story, whatever it is in it
_MOST, _MOST_CHARS = 8, 120
_CAPITAL = rf"{CAPITAL}[^\W\d_]*"
# "3 chị còn kẹt ở Johor": a place in what is said of somebody.
_HELD_AT = re.compile(rf"(?i:{book('interview/places').part('held_at')})\s+({_CAPITAL}(?:\s+{_CAPITAL}){{0,3}})")


# "chạy hướng về Hà Nội", "người Mông ở Hà Giang": a name of two words or more where a place is named.
_LEADS_TO = re.compile(
    rf"(?<!\w)(?i:{book('interview/places').part('leads_to')})\s*(?<=\s)({_CAPITAL}(?:\s+{_CAPITAL}){{1,3}})(?!\w)"
)


_NO_PLACES = frozenset(book("interview/traces").entries("platforms")) | {"tet"}  # "nhắn qua Zalo Lan Anh"


def named_beside(text: str) -> list[str]:
    """Places with the word for where or whereto before their name, in words about something else: "hướng về Hà Nội"."""
    if text.isupper():
        return []
    return [match[0] for match in _LEADS_TO.finditer(text[:2_000]) if fold(match[1]).split()[0] not in _NO_PLACES]


def held_at(text: str) -> list[str]:
    """The names of places in which somebody is said to be held, in words about somebody."""
    return [] if text.isupper() else [match[1] for match in _HELD_AT.finditer(text[:2_000])]


def keep(draft: Draft, message: Message, asked: str = "") -> None:
    """Add the places a message tells beside where it happened."""
    told = [words for kind, words in routing.each(message, asked) if kind == "where"]
    found = [(role_of(words), words) for words in told]
    found += [(str(role), str(name)) for role, name in message.place.get("also") or ()]
    kept = list(draft.get("places") or ())
    known = fold(
        f"{(draft.get('where') or {}).get('text', '')} {' '.join(told)} {' '.join(words for _, words in kept)}"
    )
    story = own_contact.split(". ".join(words for kind, words in routing.each(message, asked) if kind != "where"))[0]
    found += [(NAMED, words) for words in landmarks.named_in(story) if fold(words) not in known]
    found += [(HELD, words) for words in held_at(story) if fold(words) not in known]
    found += [(NAMED, words) for words in named_beside(story) if fold(words) not in fold(f"{known} {found}")]
    for role, words in found:
        said = own_contact.split(words)[0][:_MOST_CHARS].strip(" ,.")
        if role != HAPPENED and said and [role, said] not in kept:
            kept.append([role, said])
    if kept:
        draft["places"] = kept[:_MOST]


def beside(rows: dict[str, str], draft: Draft) -> dict[str, str]:
    """The rows of a read-back with the other places right after the place, where it does not say them already."""
    if "where" not in rows:
        return rows
    places = {role: said for role, said in by_role(draft).items() if said not in rows["where"]}
    before = list(rows)[: list(rows).index("where") + 1]
    return {name: rows[name] for name in before} | places | rows


def by_role(draft: Draft) -> dict[str, str]:
    """Role -> the places with it, for reading."""
    found: dict[str, list[str]] = {}
    for role, words in draft.get("places") or ():
        found.setdefault(role, []).append(words)
    return {f"place_{role}": "; ".join(words) for role, words in found.items()}
