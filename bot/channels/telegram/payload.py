"""From a Telegram update to messages. Only private chats are heard: a hotline does not talk where others listen.

{"update_id":10000,"message":{"message_id":1365,"date":1441645532,"chat":{"id":1111111,"type":"private"},
 "from":{"id":1111111,"is_bot":false,"first_name":"Test"},"text":"/start"}}
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update
from telegram.constants import ChatMemberStatus, ChatType

from bot.channels import base
from bot.channels.telegram import beside
from bot.core.messages import Attachment, Channel, InboundKind, InboundMessage
from bot.core.text import fold

_COMMAND = re.compile(r"^/(\w{1,32})(?:@\w+)?(?:\s+(\S{1,64}))?")
COMMANDS = {
    "baocao": "do:report_tip", "tracuu": "do:report_tip_status", "dangky": "do:subscribe", "dung": "do:unsubscribe",
}  # fmt: skip
CANCEL = ("huy", "hủy")  # the command, and the word for it: what it ends, if anything, the conversation knows
_CHOICE = re.compile(r"^[a-z_]{2,12}:[A-Za-z0-9_:.\-]{1,60}$")


@dataclass(frozen=True)
class Heard:
    """What an update says. callback: id of the tap to acknowledge, or "".

    unreadable: "" when the library could build the update; "repaired" when only its plain parts could be read; "dropped"
    when not even they could.
    """

    messages: tuple[InboundMessage, ...] = ()
    callback: str = ""
    unreadable: str = ""


NOTHING = Heard()
_SAID = frozenset({InboundKind.TEXT, InboundKind.ATTACHMENT, InboundKind.UNSUPPORTED})
_MEDIA = (
    "media_group_id",
    "photo",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "document",
    "location",
    "venue",
    "contact",
)
# The library refuses a whole update for one nested part of another version of the Bot API. A cry for help may stand beside it.
_SHAPES = (None, ("text", "caption", *_MEDIA), ("text", "caption"))


def read(body: Any) -> Heard:
    """What an update (parsed JSON) says; nothing for what is unknown or broken."""
    if not isinstance(body, dict):
        return NOTHING
    note = _is_note(body.get("message"))
    for keys in _SHAPES:
        if note and keys is not None:
            break
        with suppress(Exception):  # the library raises whatever a wrong type causes
            heard = _hear(Update.de_json(body if keys is None else _lean(body, keys), None), body.get("message"))
            return heard if keys is None else replace(heard, unreadable="repaired")
    return Heard(unreadable="repaired" if note else "dropped")


def _is_note(message: Any) -> bool:
    """Whether a message is one of Telegram's own notes, with no words of the person's in it."""
    said = isinstance(message, dict) and any(message.get(key) for key in ("text", "caption", *_MEDIA))
    return isinstance(message, dict) and not said and any(message.get(name) is not None for name in _SERVICE)


def _lean(body: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """The update with nothing in it but what is needed to know who said what."""
    lean: dict[str, Any] = {"update_id": body.get("update_id")}
    for name in ("message", "edited_message"):
        if isinstance(message := body.get(name), dict):
            lean[name] = _who(message) | {key: message[key] for key in keys if key in message}
            return lean
    if isinstance(query := body.get("callback_query"), dict):
        below = query.get("message")
        lean["callback_query"] = {
            "id": query.get("id"), "from": _person(query.get("from")), "chat_instance": "", "data": query.get("data"),
        } | ({"message": _who(below)} if isinstance(below, dict) else {})  # fmt: skip
    elif isinstance(change := body.get("my_chat_member"), dict):
        new = change.get("new_chat_member")
        member = {"user": _person(None), "status": new.get("status") if isinstance(new, dict) else "", "until_date": 0}
        lean["my_chat_member"] = _who(change) | {"old_chat_member": member, "new_chat_member": member}
    return lean


def _who(part: dict[str, Any]) -> dict[str, Any]:
    chat, date = part.get("chat"), part.get("date")
    known = {key: chat.get(key) for key in ("id", "type")} if isinstance(chat, dict) else {}
    sane = date if isinstance(date, int) and 0 <= date < 1 << 34 else 0
    sender = {"from": _person(part["from"])} if part.get("from") else {}
    return {"message_id": part.get("message_id") or 0, "date": sane, "chat": known, **sender}


def _person(part: Any) -> dict[str, Any]:
    known = part if isinstance(part, dict) else {}
    return {"id": known.get("id", 0), "is_bot": known.get("is_bot") is True, "first_name": ""}


def _hear(update: Update | None, raw: Any) -> Heard:
    """What an update says. raw: its message as it came. Raises whatever fields of impossible types cause."""
    update_id = base.clean_id(update.update_id) if update else ""
    if update is None or not update_id:
        return NOTHING
    if update.callback_query:
        return _tap(update.callback_query, update_id)
    if update.my_chat_member:
        return _door(update.my_chat_member, update_id)
    if update.message:
        return _message(update.message, update_id, raw)
    if update.edited_message:
        return _edit(update.edited_message, update_id)
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


def _edit(message: Message, update_id: str) -> Heard:
    """Other words for something said before. Live locations come as edits without words."""
    words = base.clean_words(message.text or message.caption)
    if not (words and _is_from_a_person(message)):
        return NOTHING
    return _made(message.chat.id, update_id, InboundKind.EDITED, _at(message), text=words)


def _is_from_a_person(message: Message) -> bool:
    sender = message.from_user
    return message.chat.type == ChatType.PRIVATE and sender is not None and not sender.is_bot


def _message(message: Message, update_id: str, raw: Any) -> Heard:
    if not _is_from_a_person(message):
        return NOTHING
    if message.gift and (words := base.clean_words(message.gift.text)):
        return _made(message.chat.id, update_id, InboundKind.TEXT, _at(message), text=words)
    if any(getattr(message, name, None) is not None for name in _SERVICE):
        return NOTHING
    kind, more = _content(message, raw)
    shown = beside.lines(raw)
    if shown and kind in _SAID:
        more = more | {"text": f"{more.get('text', '')}\n{shown}".strip()}
    return _made(message.chat.id, update_id, kind, _at(message), **more)


def _content(message: Message, raw: Any) -> tuple[InboundKind, dict[str, Any]]:
    text = base.clean_words(message.text or message.caption)
    if message.text:
        return _words(text)
    spot = message.location or (message.venue.location if message.venue else None)
    if spot:
        found = base.clean_position(spot.latitude, spot.longitude)
        if found:
            return InboundKind.LOCATION, {"latitude": found[0], "longitude": found[1], "text": beside.place_name(raw)}
    attachment = _attachment(message)
    if attachment:
        album = base.clean_id(message.media_group_id)
        return InboundKind.ATTACHMENT, {"text": text, "attachments": (attachment,), "album": album}
    if message.contact:
        return InboundKind.TEXT, {"text": beside.card(raw)}
    return InboundKind.UNSUPPORTED, {"text": text}  # words below something unknown are answered as words


def _words(text: str) -> tuple[InboundKind, dict[str, Any]]:
    found = _COMMAND.match(text)
    if not found:
        return InboundKind.TEXT, {"text": text}
    name, argument = fold(found.group(1)), (found.group(2) or "").lower()  # people type it as it is spelt: "/hủy"
    if name == CANCEL[0]:
        return InboundKind.TEXT, {"text": CANCEL[1]}
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


# Telegram's own notes in a private chat: who sets their messages to vanish, gives a boost or opens a topic has said nothing to
# be answered.
_SERVICE = (
    "message_auto_delete_timer_changed", "pinned_message", "chat_background_set", "write_access_allowed",
    "proximity_alert_triggered", "connected_website", "gift", "unique_gift", "gift_upgrade_sent", "boost_added",
    "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden",
    "general_forum_topic_unhidden", "giveaway_created", "giveaway", "giveaway_winners", "giveaway_completed", "users_shared",
    "chat_shared", "refunded_payment", "successful_payment", "paid_message_price_changed", "direct_message_price_changed",
    "suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
    "suggested_post_refunded", "checklist_tasks_added", "checklist_tasks_done", "poll_option_added", "poll_option_deleted",
    "video_chat_scheduled", "video_chat_started", "video_chat_ended", "video_chat_participants_invited", "web_app_data",
    "chat_owner_changed", "chat_owner_left", "managed_bot_created",
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
