"""What a reporter told, as questions and answers in the order they were asked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.content.phrasebooks import Phrasebook
from bot.core.places.gazetteer import Gazetteer
from bot.dialogue.interview import added as answers
from bot.dialogue.interview import own_contact, places_told
from bot.dialogue.interview import traces as tracing
from bot.dialogue.interview.draft import place_text
from bot.dialogue.interview.summary import says_more

_ANYBODYS = frozenset({tracing.PHONES, tracing.MAILS, tracing.HANDLES})
QUESTIONS = ("what", "where", "when", "who", "behind", "evidence", "police")


def lines(book: Phrasebook, words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(question, answer) for whatever was answered; the number of people comes last, traces are apart (`traces`)."""
    where = words.get("where") or {}
    text = place_text(where, str(words.get("what") or ""))
    name = str(where.get("name") or "")
    text = text if not name or says_more(text, name) else ""
    told = {**words, "where": " · ".join(dict.fromkeys(filter(None, [where.get("name"), text, where.get("country")])))}
    beside = places_told.by_role(dict(words))
    found: list[tuple[str, str]] = []
    for name in QUESTIONS:
        if told.get(name):
            found.append((book.labels[name], book.values.get(str(told[name]), str(told[name]))))
        if name == "where":
            found += [(book.labels[role], said) for role, said in beside.items()]
    if words.get("people"):
        found.append((book.labels["people"], str(words["people"])))
    return found


def verbatim(words: Mapping[str, Any], asked: Mapping[str, str]) -> list[tuple[str, str]]:
    """(question, words) of all that was told, in order, as it was written. asked: a question's name -> its short title."""
    return [(asked.get(str(question), ""), str(text)) for question, text in words.get("said") or ()]


def notes(words: Mapping[str, Any], said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(title, text) of what the answers do not show: 111's own number of a call, what the reporter put right, what was asked
    in vain, what nobody asked."""
    righted = [f"{old} → {new}" for old, new in words.get("righted") or ()]
    found = [("reference", str(words.get("reference") or "")), ("righted", "; ".join(righted))]
    for name in ("unanswered", "unasked"):
        found.append((name, ", ".join(said["asked"].get(question, "") for question in words.get(name) or ())))
    return [(said["told_notes"][name], text) for name, text in found if text]


def added(entry: Mapping[str, Any], said: Mapping[str, Any], book: Phrasebook) -> tuple[str, list[tuple[str, str]]]:
    """(title, rows) of an answer that was given after sending: "Bổ sung · Khi nào", and what was read from it. ("", []) of others."""
    if not (entry.get("question") or entry.get("facts")):
        return "", []
    asked = said["asked"].get(str(entry.get("question") or "-"), "")
    title = " · ".join(filter(None, [said["added"], asked]))
    return title, [(book.labels[name], book.values.get(value, value)) for name, value in answers.rows(entry)]


UNCLEAR = "unclear"  # whose number it is, the words do not say


def traces(words: Mapping[str, Any], entries: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """Numbers, accounts, links and plates found in the tip and in what was written after it, one each."""
    later = [trace for entry in entries for trace, _ in _later(entry)]
    return list(dict.fromkeys(str(trace) for trace in [*(words.get("traces") or ()), *later]))


def _later(entry: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(trace, kind or UNCLEAR) of what the reporter wrote after sending. An answer to a question has its own; of other messages the
    reporter's own number is none, and one that nothing is said of may be anybody's."""
    if entry.get("facts"):
        return [(str(trace), "") for trace in entry["facts"].get("traces") or ()]
    text = str(entry.get("text") or "")
    if entry.get("author", "reporter") != "reporter" or not text:
        return []
    owned = {re.sub(r"\W", "", text[start:end]): whose for start, end, whose in own_contact.owners(text)}
    found = []
    for trace in tracing.read(text):
        whose = owned.get(re.sub(r"\W", "", trace.value), own_contact.THEIRS if trace.kind not in _ANYBODYS else "")
        if whose != own_contact.MINE:
            found.append((trace.value, trace.kind if whose == own_contact.THEIRS else UNCLEAR))
    return found


def labelled(
    words: Mapping[str, Any], entries: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]
) -> list[tuple[str, str]]:
    """(what it is, trace) of each of `traces`, read again from all that was told; "" where nothing says what it is. kinds: its words."""
    known = traces(words, entries)
    said = [str(text) for _, text in words.get("said") or ()] + [
        str(words.get(name) or "") for name in QUESTIONS if name != "where"
    ]
    said += [str(entry.get("text") or "") for entry in entries] + known
    read = {trace.value: trace.kind for text in reversed(said) for trace in tracing.read(text)} if known else {}
    first = set(map(str, words.get("traces") or ()))
    later = [pair for entry in entries for pair in _later(entry) if pair[0] not in first]
    read |= {trace: kind for trace, kind in later if kind == UNCLEAR}
    read |= {trace: kind for trace, kind in later if kind not in {"", UNCLEAR}}
    return [(kinds.get(read.get(trace, ""), ""), trace) for trace in known]


def changes(detail: str, words: Mapping[str, Any], book: Phrasebook, place: Gazetteer) -> list[str]:
    """A correction's codes ("urgency=urgent>normal:past") in words, one change each: what it was, what it is, and why."""
    found = []
    for name, _, change in (part.partition("=") for part in detail.split()):
        old, _, rest = change.partition(">")
        new, _, reason = rest.partition(":")
        if name not in words["changed"]:
            continue
        names = {"category": book.categories, "urgency": words["urgency"], "child": words["yes_no"]}.get(name)
        said = f"{_name(old, names, place)} → {_name(new, names, place)}" if new else ""
        why = f" ({words['reasons'].get(reason, reason).lower()})" if reason else ""
        found.append(f"{words['changed'][name]}{': ' if said else ''}{said}{why}")
    return found


def _name(code: str, names: Mapping[str, str] | None, place: Gazetteer) -> str:
    if names is not None:
        return names.get(code, code)
    if code in place.communes:
        return place.full_name(code)
    return place.provinces[code].full_name if code in place.provinces else "–"
