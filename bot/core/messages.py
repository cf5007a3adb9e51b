"""What goes in and what comes out, the same for every channel.

A channel turns a platform's payload into `InboundMessage`s and an `OutboundMessage` into platform calls; nothing else in
the product knows a platform's shapes. Everything here is plain data that survives JSON, because it is sealed into the
inbox and the outbox.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any

MAX_TEXT_CHARS = 4_000  # longest text accepted from a citizen, in code points after NFC
MAX_CHOICES = 5  # Zalo shows at most five buttons
MAX_CHOICE_TITLE = 100  # Zalo's limit for a button's title
MAX_ATTACHMENTS = 10  # per tip
MAX_ATTACHMENT_BYTES = 20 * 1024 * 1024
SOME_ALBUM = "?"  # a platform that sends an album as single pictures and does not say so


class Channel(str, Enum):
    WEB = "web"
    TELEGRAM = "telegram"
    ZALO_OA = "zalo_oa"
    ZALO_BOT = "zalo_bot"


class InboundKind(str, Enum):
    TEXT = "text"
    CHOICE = "choice"  # a tapped button; `choice` is its id
    LOCATION = "location"
    ATTACHMENT = "attachment"
    UNSUPPORTED = "unsupported"  # sticker, contact card...: answered kindly, not understood
    EDITED = "edited"  # a message said before, in other words: read for danger only
    FOLLOW = "follow"  # opened the conversation or came back
    STOPPED = "stopped"  # blocked or unfollowed: no more messages to this person
    RESUMED = "resumed"  # unblocked: may be written to again, nothing to answer
    ERASE = "erase"  # the platform passes on a data-subject request
    HUMAN = "human"  # an operator wrote in the channel's own tool: the bot stays quiet for a while


# About a person rather than from them: they change what we may do, and are not answered.
EVENT_KINDS = frozenset({InboundKind.STOPPED, InboundKind.RESUMED, InboundKind.ERASE, InboundKind.HUMAN})


@dataclass(frozen=True)
class Attachment:
    """A file a citizen sent. `ref` names the bytes where the channel put them (already encrypted), never a public URL."""

    ref: str
    kind: str  # image | audio | video | file
    size: int  # bytes
    name: str = ""  # as the sender called it; treated as their words


@dataclass(frozen=True)
class InboundMessage:
    """One event from one person.

    channel: where. sender: the platform's id of the person (a secret; web: the session token's hash).
    message_id: the platform's id, unique within the channel, used to take a repeated delivery once; "" when the platform
    gave none, and then the same content from the same person within four seconds is a repeat.
    at: seconds since the epoch by the platform's clock, or 0.0.
    refused: why files that came along were not taken, as codes of the phrasebook's errors.
    original: whether the person asked that their pictures are kept as they are, not only as clean copies.
    reply_to: extra addressing a channel needs to answer (for example an anonymous Zalo conversation id).
    language: of the page a button stands on, "vi" or "en", where the channel knows it; a tapped button has no words.
    after_words: whether it is the files of a message whose words went before as a message of their own.
    worded: whether its words were answered while its files were still on their way: these are what is left of it.
    album: what the platform calls the album a picture or film belongs to; SOME_ALBUM where it may belong to one and nothing
    says so; "" otherwise.
    """

    channel: Channel
    sender: str
    message_id: str
    kind: InboundKind
    text: str = ""
    choice: str = ""
    latitude: float | None = None
    longitude: float | None = None
    attachments: tuple[Attachment, ...] = ()
    at: float = 0.0
    reply_to: str = ""
    refused: tuple[str, ...] = ()
    original: bool = False
    language: str = ""
    album: str = ""
    after_words: bool = False
    worded: bool = False

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"channel": self.channel.value, "kind": self.kind.value}

    @staticmethod
    def from_json(data: dict[str, Any]) -> InboundMessage:
        fields = dict(data)
        fields["channel"] = Channel(fields["channel"])
        fields["kind"] = InboundKind(fields["kind"])
        fields["attachments"] = tuple(Attachment(**a) for a in fields.get("attachments", ()))
        fields["refused"] = tuple(fields.get("refused", ()))
        return InboundMessage(**fields)


@dataclass(frozen=True)
class Choice:
    """A button. `id` comes back when it is tapped; `title` is what the person reads."""

    id: str
    title: str


@dataclass(frozen=True)
class OutboundMessage:
    """One bubble. `ask_location` invites the person to share where they are, on channels that can.

    calls: numbers named in an alarm, to be dialled with one tap where a channel can; id: digits as dialled.
    """

    text: str
    choices: tuple[Choice, ...] = ()
    image: str = ""  # path of a picture below content/pictures, or ""
    image_alt: str = ""
    attachments: tuple[Attachment, ...] = ()
    ask_location: bool = False
    calls: tuple[Choice, ...] = ()
    meta: dict[str, str] = field(default_factory=dict)  # content-free facts for tests and metrics, such as the item id

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> OutboundMessage:
        fields = dict(data)
        fields["choices"] = tuple(Choice(**c) for c in fields.get("choices", ()))
        fields["calls"] = tuple(Choice(**c) for c in fields.get("calls", ()))
        fields["attachments"] = tuple(Attachment(**a) for a in fields.get("attachments", ()))
        return OutboundMessage(**fields)
