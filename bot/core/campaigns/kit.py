"""A ready-made campaign: the same message in several lengths and for several media, with its sources and dates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.campaigns import rules
from bot.core.campaigns.audience import LANGUAGES, TOPICS
from bot.core.campaigns.params import LENGTHS
from bot.core.content import buttons as button_grammar
from bot.core.content import reading
from bot.core.content.checks import Banned
from bot.core.content.facts import phone_numbers
from bot.core.content.library import ContentLibrary
from bot.core.messages import MAX_CHOICES, Choice

MOST_CHARS = {"short": 300, "medium": 600, "long": 1_200}  # the long one leaves room in Zalo's 2,000
SMS_CHARS = 160  # one message of the GSM alphabet (3GPP TS 23.038)
# Read out slowly or briskly, 3.5 to 4 Vietnamese syllables a second, a script fits 60 to 90 seconds of a loudspeaker.
SLOW, BRISK = 3.5, 4.0
SPEECH_SECONDS = (60.0, 90.0)
FANPAGE_CHARS = 2_000


@dataclass(frozen=True)
class Kit:
    """texts: language -> length -> words. loudspeaker, sms, fanpage: Vietnamese, for channels people run by hand.

    period: id of the calendar's period it is meant for, or ''. topic: one of the subscribers' topics, or '' for all.
    """

    id: str
    title: str
    period: str
    topic: str
    texts: Mapping[str, Mapping[str, str]]
    buttons: Mapping[str, tuple[Choice, ...]]
    picture: str
    picture_alt: Mapping[str, str]
    loudspeaker: str
    sms: str
    fanpage: str
    sources: tuple[str, ...]
    author: str
    reviewer: str
    reviewed: date
    expires: date
    status: str

    @property
    def reviewed_status(self) -> bool:
        """Whether somebody else than its author has read it."""
        return self.status == "reviewed"


def speech_seconds(script: str, per_second: float = (SLOW + BRISK) / 2) -> float:
    """How long a Vietnamese script takes to read out; digits are read one by one."""
    syllables = 0
    for word in re.findall(r"[^\W_]+", script):
        syllables += len(word) if word.isdigit() else 1
    return syllables / per_second


def problems(kit: Kit, library: ContentLibrary, banned: tuple[Banned, ...], today: date) -> Iterator[str]:
    """What has to be corrected, in words for whoever writes content."""
    if kit.expires < today:
        yield f"expired on {kit.expires.isoformat()}"
    if kit.reviewed > today:
        yield "review date is in the future"
    if not kit.sources:
        yield "no source"
    if kit.topic and kit.topic not in TOPICS:
        yield f"unknown topic {kit.topic!r}"
    yield from _lengths(kit)
    yield from _hand(kit)
    yield from _buttons(kit, library)
    known = {hotline.dial for hotline in library.hotlines}
    for name, text in _all(kit):
        for number in phone_numbers(text):
            if number not in known:
                yield f"{name}: number {number} is not in hotlines.yml"
        lowered = text.lower()
        for rule in banned:
            at = lowered.find(rule.words)
            if at >= 0 and not any(lead in lowered[max(0, at - 40) : at] for lead in rule.unless_after):
                yield f"{name}: {rule.words!r}: {rule.why}"


def _all(kit: Kit) -> Iterator[tuple[str, str]]:
    for language, lengths in kit.texts.items():
        for length, text in lengths.items():
            yield f"texts.{language}.{length}", text
    yield from (("loudspeaker", kit.loudspeaker), ("sms", kit.sms), ("fanpage", kit.fanpage))


def _lengths(kit: Kit) -> Iterator[str]:
    for language in LANGUAGES:
        for length in LENGTHS:
            text = kit.texts.get(language, {}).get(length, "")
            if not text:
                yield f"texts.{language}.{length}: missing"
            elif len(text) > MOST_CHARS[length]:
                yield f"texts.{language}.{length}: {len(text)} characters, at most {MOST_CHARS[length]}"
            if text and "111" not in text:
                yield f"texts.{language}.{length}: names no hotline"
            if rules.reveals(text) == "personal":
                yield f"texts.{language}.{length}: would reveal that its reader reported something"
            if text and language == "vi":
                yield from _hard(f"texts.vi.{length}", text)


def _hard(name: str, text: str) -> Iterator[str]:
    measured = reading.measure(text, "vi")
    if measured.mean > reading.MAX_MEAN_SYLLABLES:
        yield f"{name}: hard to read: {measured.mean:.1f} syllables a sentence"
    if measured.longest > reading.MAX_LONGEST_SYLLABLES:
        yield f"{name}: a sentence of {measured.longest} syllables"


def _hand(kit: Kit) -> Iterator[str]:
    shortest, longest = speech_seconds(kit.loudspeaker, BRISK), speech_seconds(kit.loudspeaker, SLOW)
    if shortest < SPEECH_SECONDS[0] or longest > SPEECH_SECONDS[1]:
        yield f"loudspeaker: {shortest:.0f} to {longest:.0f} seconds, wanted {SPEECH_SECONDS[0]:.0f} to {SPEECH_SECONDS[1]:.0f}"
    if not kit.sms.isascii():
        yield "sms: has diacritics or other characters an old phone does not know"
    if not 0 < len(kit.sms) < SMS_CHARS:
        yield f"sms: {len(kit.sms)} characters, fewer than {SMS_CHARS} wanted"
    if not kit.fanpage or len(kit.fanpage) > FANPAGE_CHARS:
        yield f"fanpage: {len(kit.fanpage)} characters, at most {FANPAGE_CHARS}"
    if not kit.picture:
        yield "picture: a post needs one"


def _buttons(kit: Kit, library: ContentLibrary) -> Iterator[str]:
    for language in LANGUAGES:
        choices = kit.buttons.get(language, ())
        if not 1 <= len(choices) < MAX_CHOICES:
            yield f"buttons.{language}: one to {MAX_CHOICES - 1}; the last place is for the way out"
        for choice in choices:
            target = button_grammar.parse(choice.id)
            if target is None or (target.verb != "do" and not library.has(target.name)):
                yield f"buttons.{language}: {choice.id!r} leads nowhere"
            if len(choice.title) > button_grammar.MAX_TITLE:
                yield f"buttons.{language}: {choice.title!r} is over {button_grammar.MAX_TITLE} characters"
