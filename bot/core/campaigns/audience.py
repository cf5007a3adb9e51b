"""Whom a campaign is for. An empty choice of a kind means everybody of that kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.errors import InvalidInput
from bot.core.messages import Channel

# What a subscriber can ask to hear about. The position is the bit in `Subscriber.topics`: append, never reorder.
TOPICS = ("jobs", "online", "family", "children")
AGES = ("under18", "18_24", "25_44", "45_plus")
UNKNOWN_AGE = "unknown"  # in a campaign's choice of ages: people who did not tell theirs
LANGUAGES = ("vi", "en")
# The web page has nobody to push to; everything else can be written to later.
CHANNELS = (Channel.TELEGRAM.value, Channel.ZALO_OA.value, Channel.ZALO_BOT.value)
_PROVINCE, _COMMUNE = re.compile(r"[0-9]{2}"), re.compile(r"[0-9]{5}")
MOST_PLACES = 500


@dataclass(frozen=True)
class Audience:
    """A filter over subscribers. provinces, communes: official codes; somebody matches by either."""

    topics: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    communes: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> Audience:
        return make(**{name: list(data.get(name, ())) for name in Audience.__dataclass_fields__})


def make(
    topics: Iterable[str] = (),
    provinces: Iterable[str] = (),
    communes: Iterable[str] = (),
    ages: Iterable[str] = (),
    languages: Iterable[str] = (),
    channels: Iterable[str] = (),
) -> Audience:
    """A checked audience, each choice sorted and without repeats. Raises InvalidInput('audience')."""
    return Audience(
        topics=_among(topics, TOPICS),
        provinces=_shaped(provinces, _PROVINCE),
        communes=_shaped(communes, _COMMUNE),
        ages=_among(ages, (*AGES, UNKNOWN_AGE)),
        languages=_among(languages, LANGUAGES),
        channels=_among(channels, CHANNELS),
    )


def lies_within(audience: Audience, province: str, province_of: Callable[[str], str]) -> bool:
    """Whether an audience can hold nobody but people of one province. province_of: a commune's code to its province's."""
    places = {*audience.provinces, *map(province_of, audience.communes)}
    return places == {province} if province else False


def topic_bits(topics: Iterable[str]) -> int:
    """The bits of `Subscriber.topics`. All topics together are 0: everything, also what is added later."""
    chosen = set(topics)
    return 0 if chosen >= set(TOPICS) else sum(1 << TOPICS.index(topic) for topic in sorted(chosen & set(TOPICS)))


def topics_of(bits: int) -> tuple[str, ...]:
    """The names of the bits; () for everything."""
    return tuple(topic for number, topic in enumerate(TOPICS) if bits >> number & 1)


def _among(values: Iterable[str], known: tuple[str, ...]) -> tuple[str, ...]:
    found = tuple(sorted(set(values)))
    if not set(found) <= set(known):
        raise InvalidInput("audience")
    return found


def _shaped(values: Iterable[str], shape: re.Pattern[str]) -> tuple[str, ...]:
    found = tuple(sorted(set(values)))
    if len(found) > MOST_PLACES or not all(shape.fullmatch(value) for value in found):
        raise InvalidInput("audience")
    return found
