"""From an Official Account webhook to messages. Unknown events are nothing, not an error.

    {"app_id":"..","sender":{"id":"<user>"},"recipient":{"id":"<oa>"},"event_name":"user_send_text",
     "message":{"text":"..","msg_id":".."},"timestamp":"1543908534740"}

Shapes: docs.zaloplatforms.com, OA, Webhook. Ids and timestamps are strings; numbers are accepted.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from bot.channels import base
from bot.channels.zalo_oa.compose import read_payload
from bot.core.messages import SOME_ALBUM, Attachment, Channel, InboundKind, InboundMessage

_MEDIA = {"image": "image", "gif": "image", "audio": "audio", "video": "video", "file": "file"}
_ALBUMS = frozenset({"image", "video"})  # an album comes as one event each, with nothing that says so
_NOT_SAID = frozenset({"reaction", "seen", "read", "delivered", "typing"})  # no message of theirs
Body = dict[str, Any]


def messages(body: Body, oa_id: str = "") -> list[InboundMessage]:
    """What a verified webhook says: none or one message. `oa_id`: our account; what it sends itself is not heard."""
    name = str(body.get("event_name") or "")
    event = name.removeprefix("anonymous_send_").removeprefix("user_send_")
    if event != name:
        found = _from_person(body, event, oa_id)
    elif name.startswith("oa_send_"):
        found = _operator(body)
    else:
        reader = _MANAGEMENT.get(name)
        found = reader(body) if reader else None
    return [found] if found else []


def is_for_another(body: Body, oa_id: str) -> bool:
    """Whether an event names an Official Account that is not `oa_id`. One that names none is for whoever it was sent to.

    An app can serve several accounts. Sources disagree on which side of an echo the account stands, so either will do.
    """
    name = str(body.get("event_name") or "")
    sides = [base.clean_id(_dict(body.get(side)).get("id")) for side in ("recipient", "sender")]
    named = [base.clean_id(body.get("oa_id"))]
    if name.startswith("oa_send_"):
        named = sides if all(sides) else []
    elif not named[0] and name.startswith(("user_send_", "anonymous_send_")) and "_send_group" not in name:
        named = [sides[0]]
    return bool(oa_id and any(named)) and oa_id not in named


def signed_at(body: Body) -> float:
    """When the platform signed the event, in seconds since the epoch; 0.0 when it does not say."""
    return _seconds(body.get("timestamp"))


def _made(body: Body, sender: Any, kind: InboundKind, message_id: Any = "", **more: Any) -> InboundMessage | None:
    person = base.clean_id(sender)
    if not person:
        return None
    at = _seconds(body.get("timestamp"))
    return InboundMessage(
        channel=Channel.ZALO_OA, sender=person, message_id=base.clean_id(message_id), kind=kind, at=at, **more
    )


def _from_person(body: Body, event: str, oa_id: str) -> InboundMessage | None:
    message = _dict(body.get("message"))
    sender = _dict(body.get("sender")).get("id") or body.get("anonymous_id")  # some see it at the top level
    if oa_id and base.clean_id(sender) == oa_id:
        return None
    # Only who has no account is answered by a conversation; the id is not documented for others.
    anonymous = str(body.get("event_name")).startswith("anonymous_")
    reply_to = base.clean_id(message.get("conversation_id") or body.get("conversation_id")) if anonymous else ""
    common = {"message_id": message.get("msg_id"), "reply_to": reply_to}
    text = base.clean_words(message.get("text"))
    attached = _attachments(body, message)
    if event == "text":
        choice = read_payload(text)
        if choice:
            return _made(body, sender, InboundKind.CHOICE, choice=choice, **common)
        return _made(body, sender, InboundKind.TEXT, text=text, **common)
    if event in _MEDIA:
        files = _files(attached)
        if files:
            album = SOME_ALBUM if event in _ALBUMS else ""
            text = _described(text, attached)
            return _made(body, sender, InboundKind.ATTACHMENT, text=text, attachments=files, album=album, **common)
    if event == "location":
        spot = _position(attached)
        if spot:
            named = next((base.clean_words(_dict(part.get("payload")).get("address")) for part in attached), "")
            return _made(body, sender, InboundKind.LOCATION, latitude=spot[0], longitude=spot[1], text=named, **common)
    if event in {"link", "business_card"}:
        words = _link_words(text, attached)
        if words:
            return _made(body, sender, InboundKind.TEXT, text=words, **common)
    if event.startswith("group") or event in _NOT_SAID:
        return None
    # A sticker, a card that cannot be read, and whatever Zalo thinks of next: somebody waits for an answer.
    return _made(body, sender, InboundKind.UNSUPPORTED, text=text, **common)


def _operator(body: Body) -> InboundMessage | None:
    """An echo of the account's own message. With `admin_id` a person typed it in Zalo's tool: the bot falls silent."""
    sender = _dict(body.get("sender"))
    if not base.clean_id(sender.get("admin_id")):
        return None
    message = _dict(body.get("message"))
    message_id = message.get("msg_id") or f"op:{_stamp(body)}"
    return _made(body, _dict(body.get("recipient")).get("id"), InboundKind.HUMAN, message_id)


def _about(kind: InboundKind) -> Callable[[Body], InboundMessage | None]:
    def read(body: Body) -> InboundMessage | None:
        person = _dict(body.get("follower")).get("id") or body.get("user_id") or _dict(body.get("sender")).get("id")
        name = str(body.get("event_name"))
        # These events carry no id of their own: name, person and time make one.
        return _made(body, person, kind, f"{name}:{base.clean_id(person)}:{_stamp(body)}")

    return read


_MANAGEMENT: dict[str, Callable[[Body], InboundMessage | None]] = {
    "follow": _about(InboundKind.FOLLOW),
    "user_click_chatnow": _about(InboundKind.FOLLOW),
    "unfollow": _about(InboundKind.STOPPED),
    "user_withdraw": _about(InboundKind.ERASE),
}


def _attachments(body: Body, message: Body) -> list[Body]:
    found = message.get("attachments") or body.get("attachments")  # the top-level place has been seen too
    return [part for part in found[:10] if isinstance(part, dict)] if isinstance(found, list) else []


def _files(attached: list[Body]) -> tuple[Attachment, ...]:
    files = []
    for part in attached:
        payload, kind = _dict(part.get("payload")), _MEDIA.get(str(part.get("type")))
        url = payload.get("url")
        if kind and isinstance(url, str) and len(url) <= 4_000:
            files.append(base.to_fetch(base.clean_words(url), kind, payload.get("size"), payload.get("name") or ""))
    return tuple(files)


def _position(attached: list[Body]) -> tuple[float, float] | None:
    for part in attached:
        spot = _dict(_dict(part.get("payload")).get("coordinates"))
        found = base.clean_position(spot.get("latitude", spot.get("lat")), spot.get("longitude", spot.get("long")))
        if found:
            return found
    return None


def _described(text: str, attached: list[Body]) -> str:
    """The words of a picture or video with those the platform keeps beside it."""
    words = [text, *(base.clean_words(_dict(part.get("payload")).get("description")) for part in attached)]
    return "\n".join(dict.fromkeys(word for word in words if word.strip()))


def _link_words(text: str, attached: list[Body]) -> str:
    """A link or contact card as words: both may be what a tip is about."""
    words = [text]
    for part in attached:
        payload = _dict(part.get("payload"))
        described = payload.get("description")
        card = _card(described)
        link = [payload.get("title"), described, payload.get("url")]
        words += card or [base.clean_words(value) for value in link]
    return " ".join(dict.fromkeys(word for word in words if word)).strip()


def _card(described: Any) -> list[str]:
    """Name and number of a contact card, the number as it is dialled from abroad; [] of what is none."""
    try:
        card = json.loads(described) if isinstance(described, str) and described.startswith("{") else None
    except (ValueError, RecursionError):
        return []
    if not isinstance(card, dict):
        return []
    name = next((base.clean_words(card[key]) for key in ("caption", "name", "display_name") if card.get(key)), "")
    return [part for part in (name, base.clean_words(str(card.get("phone") or ""))) if part]


def _dict(value: Any) -> Body:
    return value if isinstance(value, dict) else {}


def _stamp(body: Body) -> str:
    return base.clean_id(body.get("timestamp"))


def _seconds(stamp: Any) -> float:
    """Milliseconds since the epoch, as text or number, in seconds; 0.0 when unreadable."""
    text = base.clean_id(stamp)
    return int(text) / 1000 if text.isdecimal() and len(text) <= 15 else 0.0
