"""What a reporter told, as questions and answers in the order they were asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.content.phrasebooks import Phrasebook
from bot.core.places.gazetteer import Gazetteer
from bot.dialogue.interview import added as answers
from bot.dialogue.interview import places_told
from bot.dialogue.interview import traces as tracing
from bot.dialogue.interview.draft import place_text
from bot.dialogue.interview.summary import says_more

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
    """(title, text) of what the answers do not show: what the reporter put right, what was asked in vain, what nobody asked."""
    righted = [f"{old} → {new}" for old, new in words.get("righted") or ()]
    found = [("righted", "; ".join(righted))]
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


def traces(words: Mapping[str, Any], entries: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """Numbers, accounts, links and plates found in the tip and in what was added to it, one each."""
    later = [trace for entry in entries for trace in (entry.get("facts") or {}).get("traces") or ()]
    return list(dict.fromkeys(str(trace) for trace in [*(words.get("traces") or ()), *later]))


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
