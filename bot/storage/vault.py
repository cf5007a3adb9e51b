"""The server's keys at work: pseudonyms, sealed conversations, sealed contacts, receipt keys.

Every key is derived for one purpose. What the server key opens is what is still being talked about; it never opens a
submitted tip.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

from bot.core.messages import Channel, InboundMessage, OutboundMessage
from bot.core.text import nfc
from bot.server_keys import Keys
from bot.storage import sealing

KDF = 2  # how passwords are turned into keys from now on


def queue_key(keys: Keys) -> bytes:
    """What waiting messages and answers are sealed with."""
    return sealing.subkey(keys.server, "inbox-outbox")


def outbound_place(conversation_id: str, channel: str, dedupe: str) -> str:
    """What the words of an answer are bound to."""
    return f"outbox:{channel}:{conversation_id}:{dedupe}"


@dataclass(frozen=True)
class ReceiptKeys:
    """What a receipt code turns into: where to look (hex) and the reporter's key pair."""

    lookup: str
    pair: sealing.KeyPair


class Vault:
    """All sealing that needs a server key."""

    def __init__(self, keys: Keys, *, kdf_ops: int, kdf_mem: int) -> None:
        self._names = sealing.subkey(keys.server, "conversation-names")
        self._ids = sealing.subkey(keys.server, "message-ids")
        self._states = sealing.subkey(keys.server, "conversation-states")
        self._queue = queue_key(keys)
        self._staff = sealing.subkey(keys.server, "staff-secrets")
        self._pepper = sealing.subkey(keys.server, "password-pepper")
        self._devices = sealing.subkey(keys.server, "known-devices")
        self._contacts = sealing.subkey(keys.vault, "contacts")
        self._tokens = sealing.subkey(keys.vault, "channel-tokens")
        self._salt = keys.receipt_salt
        self._ops, self._mem = kdf_ops, kdf_mem

    def conversation_id(self, channel: Channel, sender: str) -> str:
        """The keyed hash that stands for a person on a channel."""
        return sealing.keyed_hash(self._names, channel.value, sender)

    def message_hash(self, message: InboundMessage) -> str:
        """The keyed hash of a platform's message id. On the web the ids are the client's own, so the session counts too."""
        scope = message.sender if message.channel is Channel.WEB else ""
        return sealing.keyed_hash(self._ids, message.channel.value, scope, message.message_id)

    def seal_state(self, conversation_id: str, state: dict[str, Any]) -> bytes:
        return sealing.seal_json(self._states, state, f"state:{conversation_id}")

    def open_state(self, conversation_id: str, sealed: bytes) -> dict[str, Any]:
        return sealing.unseal_json(self._states, sealed, f"state:{conversation_id}")

    def seal_inbound(self, message_hash: str, message: InboundMessage) -> bytes:
        return sealing.seal_json(self._queue, message.to_json(), f"inbox:{message_hash}")

    def open_inbound(self, conversation_id: str, channel: str, message_hash: str, sealed: bytes) -> InboundMessage:
        """A message of exactly this conversation and channel. Raises CannotOpen for a row that was turned to another."""
        message = InboundMessage.from_json(sealing.unseal_json(self._queue, sealed, f"inbox:{message_hash}"))
        self._check_whose(conversation_id, channel, message.channel, message.sender)
        return message

    def seal_outbound(self, conversation_id: str, channel: str, dedupe: str, message: OutboundMessage) -> bytes:
        """An answer for one conversation on one channel: in another's row it opens to nobody."""
        return sealing.seal_json(self._queue, message.to_json(), outbound_place(conversation_id, channel, dedupe))

    def open_outbound(self, conversation_id: str, channel: str, dedupe: str, sealed: bytes) -> OutboundMessage:
        """Raises CannotOpen, also for a row that was turned to another conversation or channel."""
        place = outbound_place(conversation_id, channel, dedupe)
        return OutboundMessage.from_json(sealing.unseal_json(self._queue, sealed, place))

    def seal_contact(self, conversation_id: str, channel: str, address: dict[str, str]) -> bytes:
        """How to reach a person, on this channel and no other: ids of two platforms can be the same."""
        return sealing.seal_json(self._contacts, {**address, "channel": channel}, f"contact:{conversation_id}")

    def open_contact(self, conversation_id: str, channel: str, sealed: bytes) -> dict[str, str]:
        """Raises CannotOpen, also where the row names another channel than the address is for."""
        found = sealing.unseal_json(self._contacts, sealed, f"contact:{conversation_id}")
        said = found.pop("channel", None)
        if said is None:  # of an older release; the id is made of channel and sender
            self._check_whose(conversation_id, channel, Channel(channel), found["sender"])
        elif said != channel:
            raise sealing.CannotOpen("cannot open")
        return found

    def _check_whose(self, conversation_id: str, channel: str, said: Channel, sender: str) -> None:
        own = self.conversation_id(said, sender)
        if said.value != channel or not hmac.compare_digest(own, conversation_id):
            raise sealing.CannotOpen("cannot open")

    def seal_pointer(self, tip_id: str, conversation_id: str) -> bytes:
        """Which conversation to tell of news about a tip; written only when the reporter asked for notices."""
        return sealing.seal(self._contacts, conversation_id.encode(), f"notice:{tip_id}")

    def open_pointer(self, tip_id: str, sealed: bytes) -> str:
        return sealing.unseal(self._contacts, sealed, f"notice:{tip_id}").decode()

    def news_mark(self, tip_id: str, hour: int) -> str:
        """What recognises a second notice about one tip within an hour, without naming the tip."""
        return sealing.keyed_hash(self._ids, "news", tip_id, str(hour))[:40]

    def attempt_key(self, what: str, *names: str) -> str:
        """What counts failed tries under `names`, which may be anything somebody typed by mistake, without keeping them."""
        return f"{what}:{sealing.keyed_hash(self._ids, what, *names)[:40]}"

    def device_mark(self, login: str, nonce: str) -> str:
        """What proves that a browser signed in as `login` before; it opens nothing."""
        return sealing.keyed_hash(self._devices, login, nonce)

    def seal_staff(self, officer_id: str, secret: bytes, what: str) -> bytes:
        """An officer's TOTP secret or notice address."""
        return sealing.seal(self._staff, secret, f"{what}:{officer_id}")

    def open_staff(self, officer_id: str, sealed: bytes, what: str) -> bytes:
        return sealing.unseal(self._staff, sealed, f"{what}:{officer_id}")

    def seal_token(self, channel: Channel, pair: dict[str, str]) -> bytes:
        """A channel's access and refresh token."""
        return sealing.seal_json(self._tokens, pair, f"token:{channel.value}")

    def open_token(self, channel: Channel, sealed: bytes) -> dict[str, str]:
        return sealing.unseal_json(self._tokens, sealed, f"token:{channel.value}")

    def receipt_keys(self, code: str) -> ReceiptKeys:
        """Argon2id of a receipt code: slow on purpose, about a tenth of a second. The code itself is kept nowhere."""
        digest = sealing.slow_hash(code, self._salt, 64, ops=self._ops, mem=self._mem)
        return ReceiptKeys(digest[:32].hex(), sealing.pair_from_seed(digest[32:]))

    def password_keys(self, password: str, salt: bytes) -> dict[int, bytes]:
        """The key that locks an officer's private key, by way of making it (Officer.kdf); one slow hash for both.

        1: Argon2id alone, as older releases did. 2: with the server's pepper, so that a stolen database does not even
        allow to try passwords, and of the composed letters, because keyboards write one letter in two ways.
        """
        plain = sealing.slow_hash(password, salt, 32, ops=self._ops, mem=self._mem)
        composed = nfc(password)
        same = plain if composed == password else sealing.slow_hash(composed, salt, 32, ops=self._ops, mem=self._mem)
        return {1: plain, KDF: bytes.fromhex(sealing.keyed_hash(self._pepper, same.hex()))}
