"""From a Telegram update to messages. Only private chats are heard: a hotline does not talk where others listen.

{"update_id":10000,"message":{"message_id":1365,"date":1441645532,"chat":{"id":1111111,"type":"private"},
 "from":{"id":1111111,"is_bot":false,"first_name":"Test"},"text":"/start"}}
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels import base
from bot.core.messages import Attachment, Channel, InboundKind, InboundMessage

_COMMAND = re.compile(r"^/([a-z_]{1,32})(?:@\w+)?(?:\s+(\S{1,64}))?", re.IGNORECASE)
COMMANDS = {
    "baocao": "do:report_tip", "tracuu": "do:report_tip_status", "dangky": "do:subscribe", "huy": "ans:cancel",
    "dung": "do:unsubscribe",
}  # fmt: skip
_CHOICE = re.compile(r"^[a-z_]{2,12}:[A-Za-z0-9_:.\-]{1,60}$")


@dataclass(frozen=True)
class Heard:
    """What an update says. callback: id of the tap to acknowledge, or ""."""

    messages: tuple[InboundMessage, ...] = ()
    callback: str = ""


NOTHING = Heard()


def read(body: Any) -> Heard:
    """What a webhook's body says; nothing for what is unknown or broken."""
    if not isinstance(body, dict):
        return NOTHING
    try:
        update = Update.de_json(body, None)
    except (
        Exception
    ):  # the library raises whatever a wrong type causes; an update we cannot read is not ours to fail on
        return NOTHING
    return hear(update)


def hear(update: Update) -> Heard:
    """What an update says."""
    update_id = base.clean_id(update.update_id)
    if not update_id:
        return NOTHING
    try:
        if update.callback_query:
            return _tap(update.callback_query, update_id)
        if update.my_chat_member:
            return _door(update.my_chat_member, update_id)
        if update.message:
            return _message(update.message, update_id)
    except (AttributeError, TypeError, ValueError, OverflowError):
        return NOTHING  # fields of impossible types
    return NOTHING


def _made(person: Any, update_id: str, kind: InboundKind, at: float = 0.0, **more: Any) -> Heard:
    sender = base.clean_id(person)
    if not sender:
        return NOTHING
    return Heard((
        InboundMessage(channel=Channel.TELEGRAM, sender=sender, message_id=update_id, kind=kind, at=at, **more),
    ))  # fmt: skip


def _tap(query: CallbackQuery, update_id: str) -> Heard:
    chat = query.message.chat if query.message else None
    callback = base.clean_id(query.id)
    if (chat is not None and chat.type != ChatType.PRIVATE) or query.from_user.is_bot:
        return Heard(callback=callback)
    data = query.data if isinstance(query.data, str) else ""
    if not _CHOICE.match(data):
        return Heard(callback=callback)
    heard = _made(query.from_user.id, update_id, InboundKind.CHOICE, choice=data)
    return Heard(heard.messages, callback)


def _door(change: ChatMemberUpdated, update_id: str) -> Heard:
    """In a private chat this comes on blocking and unblocking only (core.telegram.org/bots/api#update)."""
    if change.chat.type != ChatType.PRIVATE:
        return NOTHING
    status = change.new_chat_member.status
    kind = InboundKind.STOPPED if status == ChatMemberStatus.BANNED else InboundKind.RESUMED
    return _made(change.chat.id, update_id, kind, _at(change))


def _message(message: Message, update_id: str) -> Heard:
    sender = message.from_user
    if message.chat.type != ChatType.PRIVATE or sender is None or sender.is_bot:
        return NOTHING
    if any(getattr(message, name, None) for name in _SERVICE):
        return NOTHING
    kind, more = _content(message)
    return _made(message.chat.id, update_id, kind, _at(message), **more)


def _content(message: Message) -> tuple[InboundKind, dict[str, Any]]:
    text = base.clean_words(message.text or message.caption)
    if message.text:
        return _words(text)
    spot = message.location or (message.venue.location if message.venue else None)
    if spot:
        found = base.clean_position(spot.latitude, spot.longitude)
        if found:
            return InboundKind.LOCATION, {"latitude": found[0], "longitude": found[1]}
    attachment = _attachment(message)
    if attachment:
        return InboundKind.ATTACHMENT, {"text": text, "attachments": (attachment,)}
    if message.contact:
        card = message.contact
        words = " ".join(
            base.clean_words(part) for part in (card.first_name, card.last_name, card.phone_number) if part
        )
        return InboundKind.TEXT, {"text": words}
    return InboundKind.UNSUPPORTED, {}


def _words(text: str) -> tuple[InboundKind, dict[str, Any]]:
    found = _COMMAND.match(text)
    if not found:
        return InboundKind.TEXT, {"text": text}
    name, argument = found.group(1).lower(), (found.group(2) or "").lower()
    # A link t.me/<bot>?start=baocao opens the chat with "/start baocao".
    choice = COMMANDS.get(argument if name == "start" else name)
    if choice:
        return InboundKind.CHOICE, {"choice": choice}
    return (InboundKind.FOLLOW, {}) if name in {"start", "help"} else (InboundKind.TEXT, {"text": text})


def _attachment(message: Message) -> Attachment | None:
    if message.photo:
        largest = max(message.photo, key=lambda size: size.width * size.height)
        return base.to_fetch(_file_id(largest.file_id), "image", largest.file_size or 0)
    for name, kind in _FILES:
        media = getattr(message, name)
        if media:
            return base.to_fetch(
                _file_id(media.file_id), kind, media.file_size or 0, getattr(media, "file_name", "") or ""
            )
    return None


# Telegram's own notes in a private chat: somebody who sets their messages to vanish has said nothing to be answered.
_SERVICE = (
    "message_auto_delete_timer_changed", "pinned_message", "chat_background_set", "write_access_allowed",
    "proximity_alert_triggered", "connected_website",
)  # fmt: skip
_FILES = (
    ("voice", "audio"), ("audio", "audio"), ("video", "video"), ("video_note", "video"), ("animation", "video"),
    ("document", "file"),
)  # fmt: skip


def _file_id(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 300 or not value.isascii():
        raise ValueError("file_id")
    return value


def _at(source: Message | ChatMemberUpdated) -> float:
    return source.date.timestamp() if source.date else 0.0
