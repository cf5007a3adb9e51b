"""Typing errors in names, tolerated only where the text itself says that a name stands there.

Two places qualify: after a unit word or at the start of an address, when a province or district follows or precedes
(the names of that province are compared); and right after a commune or district, where a province is expected.
At most MAX_SLOTS places in one text are tried, so that the time stays linear.
"""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.core.places import lexicon as lex
from bot.core.places.gazetteer import Gazetteer
from bot.core.places.model import COMMUNE_LEVEL, PROVINCE_LEVEL, Entry, Kind
from bot.core.places.reading import Reading, Span, inside, linked, prefix_before, strayed
from bot.core.places.syllables import Token, agreement, conflicts

MAX_SLOTS = 8
_NO_NAME = frozenset(
    {"khong", "ko", "hong", "hok", "dau", "nham", "sai"}
)  # "không phải Hà Nội" is no Hồng Thái, Hà Nội
_MAX_WORDS = 5  # longest run taken for one misspelt name
_LONG = 9  # letters from which two slips are forgiven


def with_typos(reading: Reading, spans: list[Span], gazetteer: Gazetteer) -> list[Span]:
    """The spans plus those found by forgiving slips, in order of start."""
    extra = _provinces(reading, spans, gazetteer)
    spans = spans + extra
    extra = extra + _units(reading, spans, gazetteer)
    return sorted([*spans, *(s for s in extra if s not in spans)], key=lambda s: (s.start, s.end)) if extra else spans


def _anchors(spans: Iterable[Span]) -> list[Span]:
    """Provinces and districts one can rely on."""
    return [
        s
        for s in spans
        if any(
            e.kind in PROVINCE_LEVEL or (e.kind is Kind.DISTRICT and (s.alone or s.end - s.start > 1))
            for e in s.entries
        )
        and s.type not in lex.COMMUNE_TYPES
    ]


def _units(reading: Reading, spans: list[Span], gazetteer: Gazetteer) -> list[Span]:
    """Misspelt communes and districts beside an anchor."""
    anchors = _anchors(spans)
    if not anchors:
        return []
    by_head = {a.head: a for a in anchors}
    by_end = {a.end: a for a in anchors}
    starts: dict[int, list[Span]] = {}
    for span in spans:
        starts.setdefault(span.start, []).append(span)
    found: list[Span] = []
    tried = 0
    for start, head, word in _slots(reading):
        near = [by_head.get(start + step) for step in range(1, _MAX_WORDS + 1)] + [
            by_end.get(head),
            by_end.get(head - 1),
        ]
        for anchor in near:
            run = _run(reading, start, head, anchor) if anchor is not None else []
            settled = any(_settled(reading, s, anchor) for s in starts.get(start, ())) if anchor is not None else False
            if anchor is None or not run or settled:
                continue
            if tried >= MAX_SLOTS:
                return found
            tried += 1
            slip = _closest(reading, start, head, word, run, anchor, gazetteer)
            if slip is not None:
                found.append(slip)
                break
    return found


def _settled(reading: Reading, span: Span, anchor: Span) -> bool:
    """The name is already understood together with the anchor."""
    beside = linked(reading, span, anchor) or anchor.end <= span.head
    return beside and (reading.fit(span.entries, anchor.entries) or strayed(span, anchor))


def _slots(reading: Reading) -> Iterable[tuple[int, int, str]]:
    """(start, head, type): after each unit word; also the beginning of the text and what follows "ở", "tại"."""
    tokens = reading.tokens
    for start in range(len(tokens)):
        head, word = prefix_before(reading, start)
        if word and (word in lex.COMMUNE_TYPES or word in lex.DISTRICT_TYPES) and not tokens[start].base.isdigit():
            yield start, head, word
        elif _opens(reading, start) and prefix_before(reading, min(start + 1, len(tokens) - 1))[0] > start:
            yield start, start, ""


def _opens(reading: Reading, start: int) -> bool:
    """An address may begin here without a unit word."""
    tokens = reading.tokens
    if len(tokens) > lex.SHORT or lex.is_at(tokens[start], reading.accented) or tokens[start].base in _NO_NAME:
        return False
    return start == 0 or (tokens[start].gap in ("", " ") and lex.is_here(tokens[start - 1], reading.accented))


def _run(reading: Reading, start: int, head: int, anchor: Span) -> list[int]:
    """Possible ends of a name that begins at `start`: up to the anchor after it, or any few words when it is before."""
    tokens = reading.tokens
    if start < anchor.head <= start + _MAX_WORDS:
        inner = tokens[start + 1 : anchor.head]
        if any(t.gap not in ("", " ") for t in inner):
            return []
        return [anchor.head]
    if anchor.end <= head <= anchor.end + 1 and not (anchor.end < head and tokens[anchor.end].gap == "."):
        ends = []
        for end in range(start + 1, min(start + _MAX_WORDS, len(tokens)) + 1):
            if end > start + 1 and tokens[end - 1].gap not in ("", " "):
                break
            ends.append(end)
        return ends
    return []


def _closest(
    reading: Reading, start: int, head: int, word: str, run: list[int], anchor: Span, gazetteer: Gazetteer
) -> Span | None:
    """The nearest names inside the anchor; all of them when several are equally near."""
    best: tuple[int, int, tuple[Entry, ...]] | None = None
    for end in run:
        written = " ".join(t.base for t in reading.tokens[start:end])
        if len(written) < 4 or (not word and end - start < 2):
            continue
        distance, entries = _near(reading, start, end, written, anchor, gazetteer)
        entries = tuple(e for e in entries if _suits(e, word))
        if entries and (best is None or (distance, -end) < (best[0], -best[1])):
            best = (distance, end, entries)
    if best is None:
        return None
    typed = reading.tokens[start : best[1]]
    slip = not any(_as_typed(typed, entry) for entry in best[2])
    return Span(start, best[1], head, word, best[2], exact=False, alone=True, sure=False, fuzzy=True, slip=slip)


def _as_typed(written: list[Token], entry: Entry) -> bool:
    """The same letters, and no mark that contradicts the name's."""
    return " ".join(t.base for t in written) == entry.name.key and agreement(written, entry.name) is not None


def _suits(entry: Entry, word: str) -> bool:
    if not word:
        return True
    wanted = COMMUNE_LEVEL if word in lex.COMMUNE_TYPES else {Kind.DISTRICT}
    return entry.kind in wanted


def _near(
    reading: Reading, start: int, end: int, written: str, anchor: Span, gazetteer: Gazetteer
) -> tuple[int, tuple[Entry, ...]]:
    """(distance, entries) of the names of the anchor's provinces that are nearest to what was written."""
    provinces = {e.province for e in anchor.entries if e.province}
    limit = 2 if len(written) >= _LONG else 1
    best, kept = limit + 1, []
    for province in provinces:
        for key, distance, _ in process.extract(
            written, gazetteer.keys_in(province), scorer=OSA.distance, score_cutoff=min(limit, best), limit=8
        ):
            entries = [
                e for e in gazetteer.index[key] if e.province == province and any(inside(e, a) for a in anchor.entries)
            ]
            entries = [e for e in entries if _tolerable(reading, start, end, e)]
            cost = int(distance) or 1
            if entries and cost < best:
                best, kept = cost, entries
            elif entries and cost == best:
                kept += entries
    named = [e for e in kept if e.kind is not Kind.FORMER] or kept
    return best, tuple(named)


def _tolerable(reading: Reading, start: int, end: int, entry: Entry) -> bool:
    """With the same letters, at most one syllable's marks may contradict; with other letters marks are not compared."""
    tokens = reading.tokens[start:end]
    if " ".join(t.base for t in tokens) != entry.name.key or entry.name.loose:
        return True
    return agreement(tokens, entry.name) is not None or conflicts(tokens, entry.name) <= 1


def _provinces(reading: Reading, spans: list[Span], gazetteer: Gazetteer) -> list[Span]:
    """Misspelt provinces right after a commune or district: "xã An Phú, Hải Phogn"."""
    found: list[Span] = []
    starts = {s.start for s in _anchors(spans)}
    for span in [s for s in spans if s.type and not any(e.kind in PROVINCE_LEVEL for e in s.entries)][:MAX_SLOTS]:
        start = span.end
        if start >= len(reading.tokens) or start in starts or reading.tokens[start].gap == ".":
            continue
        while start < len(reading.tokens) and reading.tokens[start].base in ("tinh", "tp", "t", "o"):
            start += 1
        for end in range(min(start + 3, len(reading.tokens)), start + 1, -1):
            entries = _near_province(reading, start, end, gazetteer)
            candidate = Span(
                start, end, start, "", entries, exact=False, alone=False, sure=False, fuzzy=True, slip=True
            )
            if entries and reading.fit(span.entries, entries) and linked(reading, span, candidate):
                found.append(candidate)
                break
    return found


def _near_province(reading: Reading, start: int, end: int, gazetteer: Gazetteer) -> tuple[Entry, ...]:
    tokens = reading.tokens[start:end]
    if any(t.gap not in ("", " ") for t in tokens[1:]):
        return ()
    written = " ".join(t.base for t in tokens)
    if len(written) < 5:
        return ()
    hits = process.extract(written, gazetteer.province_keys, scorer=OSA.distance, score_cutoff=1, limit=3)
    entries = [e for key, _, _ in hits for e in gazetteer.index[key] if e.kind in PROVINCE_LEVEL and not e.weak]
    return tuple(e for e in entries if _tolerable(reading, start, end, e))
