"""What Telegram marks apart from the words of a message and a person sees with it: the address behind a word or a button, whom a
message was forwarded from, a quotation of another chat, a place's name, a card, a poll.

For somebody who shows a hotline an advert these are the evidence, so they become lines of the message, each with what it is. Read
from the update as it came, because the library refuses whole updates for one part it does not know; whatever has an unexpected
shape is left out. Shapes: core.telegram.org/bots/api (MessageEntity, MessageOrigin, ExternalReplyInfo, TextQuote, Venue, Contact).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from bot.channels import base
from bot.content import yaml_text
from bot.settings import ROOT

MOST_LINES, MOST_CHARS = 20, 1_500
_ONE = 400  # characters of one address or name
Part = dict[str, Any]


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    found = yaml_text.load((ROOT / "content/channels.yml").read_text(encoding="utf-8"))["telegram"]["beside"]
    return {str(name): str(title) for name, title in found.items()}


def lines(message: Any) -> str:
    """The lines for a raw message (parsed JSON), or ""; nothing the words themselves say already."""
    whole = _part(message)
    said = _words(whole.get("text") or whole.get("caption"), base.MAX_INBOUND_TEXT)
    found: list[str] = []
    for name, value in _all(whole):
        line = f"{_titles()[name]}: {value}"
        if value and value not in said and line not in found:
            found.append(line)
    return "\n".join(found[:MOST_LINES])[:MOST_CHARS]


def place_name(message: Any) -> str:
    """Title and address of a place that was sent, or ""."""
    venue = _part(_part(message).get("venue"))
    return ", ".join(part for part in (_words(venue.get("title")), _words(venue.get("address"))) if part)


def card(message: Any) -> str:
    """Name, number and what else stands on a contact card, or ""."""
    contact = _part(_part(message).get("contact"))
    number, sender = _words(contact.get("phone_number")), _part(_part(message).get("from"))
    if contact.get("user_id") and contact.get("user_id") == sender.get("id"):
        return f"{_titles()['own_number']}: {number}"  # their own: contact, and no trace
    said = [_words(contact.get("first_name")), _words(contact.get("last_name")), number]
    written = contact.get("vcard")
    for row in (written if isinstance(written, str) else "")[:4_000].splitlines():
        name, _, value = row.partition(":")
        kind = name.partition(";")[0].rpartition(".")[2].upper()
        if kind in {"TEL", "EMAIL", "URL", "ORG", "NOTE", "ADR"}:
            said.append(_words(value.strip(" ;")))
    return " ".join(dict.fromkeys(part for part in said if part))


def _all(message: Part) -> Iterator[tuple[str, str]]:
    sender = _part(message.get("from"))
    for entities in (message.get("entities"), message.get("caption_entities")):
        yield from _of_entities(entities)
    yield "link", _words(_part(message.get("link_preview_options")).get("url"))
    yield from _of_buttons(message.get("reply_markup"))
    yield "forwarded", _origin(message.get("forward_origin"), sender)
    yield "forwarded", _chat(_part(message.get("story")).get("chat"))
    yield "by_bot", _person(message.get("via_bot"))
    yield from _of_reply(_part(message.get("external_reply")), message.get("quote"), sender)
    yield from _of_reply(_part(_part(message.get("reply_to_story"))), None, sender)
    yield "poll", _poll(message.get("poll"))
    checklist = _part(message.get("checklist"))
    tasks = (_words(_part(task).get("text")) for task in _list(checklist.get("tasks")))
    yield "poll", "; ".join(part for part in (_words(checklist.get("title")), *tasks) if part)
    for name in ("game", "invoice"):
        shown = _part(message.get(name))
        yield (
            "shown",
            " · ".join(part for part in (_words(shown.get("title")), _words(shown.get("description"))) if part),
        )


def _of_entities(entities: Any) -> Iterator[tuple[str, str]]:
    for entity in map(_part, _list(entities)):
        yield "link", _words(entity.get("url"))
        yield "person", _person(entity.get("user"))


def _of_buttons(markup: Any) -> Iterator[tuple[str, str]]:
    for row in _list(_part(markup).get("inline_keyboard")):
        for button in map(_part, _list(row)):
            inside = (button.get("url"), *(_part(button.get(name)).get("url") for name in ("web_app", "login_url")))
            for address in (*inside, _part(button.get("copy_text")).get("text")):
                if shown := _words(address):
                    yield "button", f"{_words(button.get('text'))} {shown}".strip()


def _origin(origin: Any, sender: Part) -> str:
    """Whom a message comes from; "" for the writer's own words."""
    known = _part(origin)
    if _part(known.get("sender_user")).get("id") == sender.get("id", ""):
        return ""
    own = " ".join(filter(None, (_words(sender.get("first_name")), _words(sender.get("last_name")))))
    hidden = _words(known.get("sender_user_name"))
    chat = _part(known.get("sender_chat")) or _part(known.get("chat"))
    post = f"/{known['message_id']}" if chat.get("username") and base.clean_id(known.get("message_id")) else ""
    parts = (
        _person(known.get("sender_user")), "" if hidden == own else hidden, _chat(chat, post), _words(known.get("author_signature")),
    )  # fmt: skip
    return " · ".join(part for part in parts if part)


def _of_reply(reply: Part, quote: Any, sender: Part) -> Iterator[tuple[str, str]]:
    """What is answered in another chat. A quotation of this chat is our own words or theirs, and was read before."""
    if not reply:
        return
    quoted = _part(quote)
    yield "quoted", _words(quoted.get("text"), 1_000)
    yield from _of_entities(quoted.get("entities"))
    yield "quoted_from", _origin(reply.get("origin"), sender) or _chat(reply.get("chat"))
    yield "link", _words(_part(reply.get("link_preview_options")).get("url"))
    yield "quoted", card(reply)
    yield "quoted", place_name(reply)
    yield "quoted", _poll(reply.get("poll"))


def _person(user: Any) -> str:
    known = _part(user)
    name = " ".join(part for part in (_words(known.get("first_name")), _words(known.get("last_name"))) if part)
    handle = _words(known.get("username"))
    return " ".join(part for part in (name, f"@{handle}" if handle else "") if part)


def _chat(chat: Any, post: str = "") -> str:
    known = _part(chat)
    title = _words(known.get("title")) or " ".join(
        part for part in (_words(known.get("first_name")), _words(known.get("last_name"))) if part
    )
    handle = _words(known.get("username"))
    return " · ".join(part for part in (title, f"t.me/{handle}{post}" if handle else "") if part)


def _poll(poll: Any) -> str:
    known = _part(poll)
    options = (_words(_part(option).get("text")) for option in _list(known.get("options")))
    return "; ".join(part for part in (_words(known.get("question")), *options) if part)


def _words(value: Any, most: int = _ONE) -> str:
    return " ".join(base.clean_words(value).split())[:most] if most == _ONE else base.clean_words(value)[:most]


def _part(value: Any) -> Part:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value[:50] if isinstance(value, list) else []
