"""What one message becomes on an Official Account: texts of at most 2,000 characters, buttons on the last, a picture first.

Bodies: docs.zaloplatforms.com, OA, message/cs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.channels.base import first_number, numbered, split_text
from bot.channels.zalo_oa.limits import MAX_BUTTON_PAYLOAD, MAX_BUTTON_TITLE, MAX_BUTTONS, MAX_TEXT
from bot.core.messages import Choice, OutboundMessage
from bot.core.sending import Address

# A tap comes back as a text message holding the payload; the sign tells it from what somebody typed.
_PAYLOAD = re.compile(r"^#([a-z_]{2,12}:[A-Za-z0-9_:.\-]{1,60})$")


@dataclass(frozen=True)
class Part:
    """One call. image: path of a content picture; choices: buttons; first: the first one's number if shown as numbers."""

    text: str = ""
    choices: tuple[Choice, ...] = ()
    image: str = ""
    first: int = 1


def read_payload(text: str) -> str:
    """The choice id in a button's payload, or ""."""
    found = _PAYLOAD.match(text)
    return found.group(1) if found else ""


def parts(message: OutboundMessage, *, buttons: bool) -> list[Part]:
    """The calls for one message, in order. `buttons` False writes the choices as numbered lines."""
    first = first_number(message)
    fitting = buttons and len(message.choices) <= MAX_BUTTONS
    text = message.text if fitting else numbered(message.text, message.choices, first)
    texts = split_text(text, MAX_TEXT)
    calls = [Part(text=piece) for piece in texts]
    if fitting and message.choices and calls:
        calls[-1] = Part(text=calls[-1].text, choices=message.choices, first=first)
    if message.image:
        calls.insert(0, Part(text=message.image_alt[:MAX_TEXT], image=message.image))
    return calls


def body(address: Address, part: Part, *, template_type: str, attachment_id: str = "") -> dict[str, Any]:
    """The request of one call."""
    message: dict[str, Any] = {"text": part.text}
    if attachment_id:
        element = {"media_type": "image", "attachment_id": attachment_id}
        message["attachment"] = {
            "type": "template",
            "payload": {"template_type": "media", "elements": [element]},
        }
    elif part.choices:
        payload: dict[str, Any] = {"buttons": [_button(choice) for choice in part.choices]}
        if template_type:
            payload["template_type"] = template_type
        message["attachment"] = {"type": "template", "payload": payload}
    if address.reply_to:
        return {"recipient": {"anonymous_id": address.person, "conversation_id": address.reply_to}, "message": message}
    return {"recipient": {"user_id": address.person}, "message": message}


def as_numbers(part: Part) -> Part:
    """The same part with its choices as numbered lines, for when Zalo refuses the buttons."""
    return Part(text=numbered(part.text, part.choices, part.first)[:MAX_TEXT])


def _button(choice: Choice) -> dict[str, str]:
    # `hide` keeps the payload out of the person's chat; they see the button they tapped.
    return {
        "title": choice.title[:MAX_BUTTON_TITLE],
        "type": "oa.query.hide",
        "payload": f"#{choice.id}"[:MAX_BUTTON_PAYLOAD],
    }
