"""From a Zalo Bot update to messages. Real traffic is flat; the documentation shows a wrapper; both are read.

{"event_name":"message.text.received","message":{"date":1789033572455,"chat":{"chat_type":"PRIVATE","id":".."},
 "message_id":"..","from":{"id":"..","is_bot":false,"display_name":".."},"text":".."}}
"""

from __future__ import annotations

from typing import Any

from bot.channels import base
from bot.core.messages import SOME_ALBUM, Attachment, Channel, InboundKind, InboundMessage

_MEDIA = {"image": ("image", ("photo_url", "photo")), "voice": ("audio", ("voice_url", "voice"))}
_NOT_SAID = frozenset(
    {"reaction", "seen", "read", "delivered", "typing", "recalled", "deleted"}
)  # no message of theirs


def messages(body: Any) -> list[InboundMessage]:
    """None or one message. Groups and other bots are not heard: a hotline does not talk where others listen."""
    update = body.get("result", body) if isinstance(body, dict) else {}
    update = update if isinstance(update, dict) else {}
    message = _dict(update.get("message"))
    chat, sender = _dict(message.get("chat")), _dict(message.get("from"))
    if str(chat.get("chat_type") or "PRIVATE").upper() != "PRIVATE" or sender.get("is_bot") is True:
        return []
    person = base.clean_id(chat.get("id")) or base.clean_id(sender.get("id"))
    if not person:
        return []
    found = _content(_kind(update.get("event_name")), message)
    if found is None:
        return []
    kind, more = found
    made = InboundMessage(
        channel=Channel.ZALO_BOT, sender=person, message_id=base.clean_id(message.get("message_id")), kind=kind,
        at=_seconds(message.get("date")), **more,
    )  # fmt: skip
    return [made]


def _kind(name: Any) -> str:
    words = str(name or "").split(".")
    return words[1] if len(words) == 3 and words[0] == "message" and words[2] == "received" else ""


def _content(event: str, message: dict[str, Any]) -> tuple[InboundKind, dict[str, Any]] | None:
    text = base.clean_words(message.get("text") or message.get("caption"))
    if event == "text":
        # A person who starts the bot sends /start; Zalo has no other sign of it.
        return (InboundKind.FOLLOW, {}) if text.strip() == "/start" else (InboundKind.TEXT, {"text": text})
    if event == "link":
        link = message.get("link")
        parts = [link, *(_dict(link).get(name) for name in ("title", "description", "url"))]
        words = " ".join(dict.fromkeys(part for part in (text, *map(base.clean_words, parts)) if part))
        return (InboundKind.TEXT, {"text": words}) if words else (InboundKind.UNSUPPORTED, {})
    if event in _MEDIA:
        kind, names = _MEDIA[event]
        url = next((message[name] for name in names if isinstance(message.get(name), str)), "")
        if not url or len(url) > 4_000:
            return InboundKind.UNSUPPORTED, {}
        attachment: Attachment = base.to_fetch(base.clean_words(url), kind)
        album = (
            SOME_ALBUM if event == "image" else ""
        )  # an album comes as one event a picture, with nothing that says so
        return InboundKind.ATTACHMENT, {"text": text, "attachments": (attachment,), "album": album}
    # A sticker, a file, a video, and whatever Zalo thinks of next: somebody waits for an answer.
    return (InboundKind.UNSUPPORTED, {"text": text}) if event and event not in _NOT_SAID else None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _seconds(stamp: Any) -> float:
    text = base.clean_id(stamp)
    return int(text) / 1000 if text.isdecimal() and len(text) <= 15 else 0.0
