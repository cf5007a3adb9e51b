"""A campaign's message as each channel will show it: the calls a channel makes of it, with their lengths."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.telegram import compose as telegram
from bot.channels.telegram import limits as telegram_limits
from bot.channels.telegram.words import Words
from bot.channels.zalo_bot import compose as zalo_bot
from bot.channels.zalo_bot import limits as zalo_bot_limits
from bot.channels.zalo_oa import compose as zalo_oa
from bot.channels.zalo_oa import limits as zalo_oa_limits
from bot.core.campaigns import rules
from bot.core.messages import Choice, OutboundMessage
from bot.services.campaigns.words import as_sent
from bot.settings import Settings

_NO_WORDS = Words("", "")  # a campaign asks for no position


@dataclass(frozen=True)
class Bubble:
    """One message on the screen. chars, most: its length and the longest the channel takes, as the channel counts."""

    text: str
    chars: int
    most: int
    image: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Preview:
    """channel: its code. bubbles: in order. notes: codes of what is different on this channel."""

    channel: str
    bubbles: tuple[Bubble, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Locked:
    """What a locked phone shows first. channels: where it does. reveals: whether it gives something away."""

    text: str
    channels: tuple[str, ...]
    reveals: bool


def previews(message: OutboundMessage, settings: Settings) -> tuple[Preview, ...]:
    """The message on every channel that can be written to later."""
    return (_telegram(message), _zalo_oa(message, settings), _zalo_bot(message, settings))


def locked(shown: tuple[Preview, ...]) -> tuple[Locked, ...]:
    """The first words on each channel, as a notification shows them; where a picture comes first, its caption."""
    first: dict[str, list[str]] = {}
    for preview in shown:
        if preview.bubbles:
            words = next((bubble.text for bubble in preview.bubbles if bubble.text), "")
            first.setdefault(words[: rules.PREVIEW_CHARS], []).append(preview.channel)
    return tuple(Locked(text, tuple(channels), bool(rules.reveals(text))) for text, channels in first.items())


def _telegram(message: OutboundMessage) -> Preview:
    most = telegram_limits.MAX_TEXT
    bubbles = [
        Bubble(part.text, telegram.units(part.text), telegram_limits.MAX_CAPTION if part.image else most, part.image,
               part.choices)
        for part in telegram.parts(message, _NO_WORDS)
    ]  # fmt: skip
    return Preview("telegram", tuple(bubbles))


def _zalo_oa(message: OutboundMessage, settings: Settings) -> Preview:
    buttons = settings.zalo_oa.buttons
    shown = as_sent(message, numbers=not buttons)
    bubbles = [
        Bubble(part.text, len(part.text), zalo_oa_limits.MAX_TEXT, part.image, part.choices)
        for part in zalo_oa.parts(shown, buttons=buttons)
    ]
    return Preview("zalo_oa", tuple(bubbles), ("window",) if buttons else ("window", "no_buttons"))


def _zalo_bot(message: OutboundMessage, settings: Settings) -> Preview:
    pictures = settings.public_url.startswith("https://")
    bubbles = [
        Bubble(part.text, len(part.text), zalo_bot_limits.MAX_TEXT, part.image)
        for part in zalo_bot.parts(as_sent(message, numbers=True), pictures=pictures)
    ]
    return Preview("zalo_bot", tuple(bubbles), ("no_buttons",) if pictures else ("no_buttons", "no_picture"))
