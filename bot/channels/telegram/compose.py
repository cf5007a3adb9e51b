"""What one message becomes on Telegram: texts with an inline keyboard, a picture with its caption, a place button."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, KeyboardButton, ReplyKeyboardMarkup

from bot.channels.base import first_number, numbered, split_text
from bot.channels.telegram.limits import MAX_CALLBACK_BYTES, MAX_CAPTION, MAX_TEXT
from bot.channels.telegram.words import Words
from bot.core.messages import Choice, OutboundMessage
from bot.core.sending import ONCE

ONE_ROW = 20  # characters that two buttons together may have to stand side by side on a small phone


@dataclass(frozen=True)
class Part:
    """One call. image: path of a content picture, `text` being its caption; ask_location: with the place button.

    ornament: its words come in the next part, so it may be left out. once: a second copy is worse than none.
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    image: str = ""
    ask_location: bool = False
    ornament: bool = False
    once: bool = False


def parts(message: OutboundMessage, words: Words) -> list[Part]:
    """The calls for one message, in order."""
    choices, text = message.choices, message.text
    if any(len(choice.id.encode()) > MAX_CALLBACK_BYTES for choice in choices):
        text, choices = numbered(text, choices, first_number(message)), ()
    once = bool(message.meta.get(ONCE))
    if message.image and units(text) <= MAX_CAPTION:
        calls = [Part(text, choices, message.image, once=once)]
    else:
        calls = [Part(piece) for piece in split_units(text)]
        if choices and calls:
            calls[-1] = Part(calls[-1].text, choices)
        if message.image:
            calls.insert(0, Part(message.image_alt[: MAX_CAPTION // 2], (), message.image, ornament=True))
    if message.ask_location:
        calls.append(Part(words.location_hint, ask_location=True))
    return calls


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "replace")) // 2


def split_units(text: str) -> list[str]:
    """`text` in pieces Telegram takes."""
    pieces = split_text(text, MAX_TEXT)
    if all(units(piece) <= MAX_TEXT for piece in pieces):
        return pieces
    return split_text(text, MAX_TEXT // 2)  # full of emoji: two units each


def keyboard(part: Part, words: Words) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | None:
    """The keyboard below a part. Short buttons share a row."""
    if part.ask_location:
        place = KeyboardButton(words.location_button, request_location=True)
        return ReplyKeyboardMarkup([[place]], resize_keyboard=True, one_time_keyboard=True)
    rows: list[list[InlineKeyboardButton]] = []
    for choice in part.choices:
        button = InlineKeyboardButton(choice.title, callback_data=choice.id)
        if rows and len(rows[-1]) == 1 and len(rows[-1][0].text) + len(choice.title) <= ONE_ROW:
            rows[-1].append(button)
        else:
            rows.append([button])
    return InlineKeyboardMarkup(rows) if rows else None
