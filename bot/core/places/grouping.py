"""Choosing among overlapping mentions, and joining those that together make one address."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.places.model import COMMUNE_LEVEL, PROVINCE_LEVEL, Kind
from bot.core.places.reading import MAX_LINK, Reading, Span, linked

_LINK_BONUS = 14
_MAX_GROUP = 5  # parts of one address


@dataclass(slots=True)
class Group:
    """Mentions that belong together, in order."""

    spans: list[Span]

    @property
    def start(self) -> int:
        return self.spans[0].head

    @property
    def end(self) -> int:
        return self.spans[-1].end


def _weight(reading: Reading, span: Span) -> int:
    """How much of the text a mention explains, and how surely."""
    tokens = reading.tokens[span.start : span.end]
    weight = 10 * len(tokens) - 6  # one long name explains more than two short ones
    weight += 12 if span.type else 0
    weight += len(tokens) if span.exact and reading.accented else 0
    weight += 3 if span.alone else 0
    weight += 4 if any(e.kind in PROVINCE_LEVEL for e in span.entries) else 0
    mixed = tokens[0].capital and any(not t.capital and not t.base.isdigit() for t in tokens)
    return weight - (12 if mixed and not reading.shouting else 0) - (6 if span.fuzzy else 0)


def supported(reading: Reading, spans: list[Span]) -> list[Span]:
    """Spans that can stand alone, and those a neighbour of the same address holds up."""
    by_head: dict[int, list[Span]] = {}
    for span in spans:
        by_head.setdefault(span.head, []).append(span)
    held = {id(span) for span in spans if span.alone}
    for _ in range(2):  # a district held up by its province then holds up a commune
        for left in spans:
            for gap in range(MAX_LINK + 1):
                for right in by_head.get(left.end + gap, ()):
                    if id(left) in held and id(right) in held:
                        continue
                    if (
                        _holds(reading, left, right, held)
                        and linked(reading, left, right)
                        and reading.join(left, right)
                    ):
                        held.update((id(left), id(right)))
    ends = {span.end for span in spans if id(span) in held}
    return [span for span in spans if id(span) in held and not (span.attached and span.head not in ends)]


def _holds(reading: Reading, left: Span, right: Span, held: set[int]) -> bool:
    """Two neighbours are an address only if one of them is beyond doubt, or is the name of something larger."""
    plain = (left.common or right.common) and not (left.type or right.type or _is_district(left) or _is_district(right))
    if plain and not _as_address(reading, left, right):
        return False
    for one, other in ((left, right), (right, left)):
        sure = id(one) in held
        if (sure or (_is_larger(one) and one.end - one.start > 1)) and (
            other.end - other.start > 1 or other.type or sure or _is_larger(other)
        ):
            return True
    return False


def _as_address(reading: Reading, left: Span, right: Span) -> bool:
    """A comma between the two, or nothing else said: "hòa bình, lai châu", not "biên giới tây ninh"."""
    return reading.tokens[right.head].gap == "," or len(reading.tokens) <= right.end - left.head + 2


def _is_district(span: Span) -> bool:
    """It is a district and no province: nobody writes one after an ordinary word by chance."""
    kinds = {e.kind for e in span.entries}
    return Kind.DISTRICT in kinds and not kinds & PROVINCE_LEVEL and not span.common


def _is_larger(span: Span) -> bool:
    """It can be a district or a province."""
    return any(e.kind in PROVINCE_LEVEL or e.kind is Kind.DISTRICT for e in span.entries)


def choose(reading: Reading, spans: list[Span]) -> list[Span]:
    """The set of non-overlapping spans with the greatest weight; neighbours that fit together count more."""
    order = sorted(spans, key=lambda s: (s.end, s.start))
    whole = {(s.start, s.end) for s in spans}  # two parts of one longer name are not an address
    longer: dict[int, int] = {}  # where a longer sure name with a unit word ends
    for span in spans:
        if span.type and span.exact and not span.fuzzy:
            longer[span.start] = max(longer.get(span.start, 0), span.end)
    best: list[tuple[int, int]] = []  # for each span: total of the best set ending with it, and the one before it
    by_end: dict[int, list[int]] = {}
    top: list[tuple[int, int]] = [(0, -1)] * (len(reading.tokens) + 1)  # best total of sets that end by a position
    filled = 0
    for number, span in enumerate(order):
        while filled < span.end:
            filled += 1
            top[filled] = max(top[filled], top[filled - 1])
        total, before = top[span.head]
        for gap in range(MAX_LINK + 1):
            for other in by_end.get(span.head - gap, ()):
                if (order[other].start, span.end) in whole:
                    continue
                if linked(reading, order[other], span) and reading.join(order[other], span):
                    option = best[other][0] + _LINK_BONUS
                    if option > total:
                        total, before = option, other
        total += _weight(reading, span) - (4 if span.start in longer and longer[span.start] > span.end else 0)
        best.append((total, before))
        by_end.setdefault(span.end, []).append(number)
        top[span.end] = max(top[span.end], (total, number))
    chosen: list[Span] = []
    at = max(top, default=(0, -1))[1]
    while at >= 0:
        chosen.append(order[at])
        at = best[at][1]
    return chosen[::-1]


def group(reading: Reading, spans: list[Span]) -> list[Group]:
    """Join neighbours that fit into addresses: small to large, or large to small.

    In "Hải Phòng, xã An Phú, Hà Nội" the commune goes with the neighbour it fits; when it fits both, with the one after.
    """
    groups: list[Group] = []
    for position, span in enumerate(spans):
        if groups and _joins(reading, groups[-1], span):
            following = spans[position + 1] if position + 1 < len(spans) else None
            if not (following is not None and _better_after(reading, groups[-1], span, following)):
                groups[-1].spans.append(span)
                continue
        groups.append(Group([span]))
    return groups


def _joins(reading: Reading, so_far: Group, span: Span) -> bool:
    last = so_far.spans[-1]
    if len(so_far.spans) >= _MAX_GROUP or not linked(reading, last, span):
        return False
    return all(reading.join(other, span) for other in so_far.spans)


def _better_after(reading: Reading, so_far: Group, span: Span, following: Span) -> bool:
    """The group before is already an address with its own small unit; this small one begins the next."""
    small = any(e.kind in COMMUNE_LEVEL for e in span.entries) and not any(
        e.kind in PROVINCE_LEVEL for e in span.entries
    )
    ended = len(so_far.spans) > 1 and any(e.kind in COMMUNE_LEVEL for e in so_far.spans[0].entries)
    return small and ended and linked(reading, span, following) and reading.join(span, following)
