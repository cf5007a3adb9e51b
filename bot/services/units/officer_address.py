"""Where an officer wants to be told of work: sealed at rest, opened only to send."""

from __future__ import annotations

import json
import re

from bot.core.errors import InvalidInput
from bot.core.messages import Channel
from bot.storage.sealing import CannotOpen
from bot.storage.tables import Officer
from bot.storage.vault import Vault

EMAIL = "email"
CHANNELS = frozenset({Channel.TELEGRAM.value, Channel.ZALO_BOT.value})
_EMAIL = re.compile(r"[A-Za-z0-9._%+=-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
_ID = re.compile(r"[A-Za-z0-9_-]{1,120}")
_WHAT_EMAIL, _WHAT_CHANNEL = "notify_email", "notify_channel"


def set_email(vault: Vault, officer: Officer, address: str) -> None:
    """Keep an e-mail address; "" forgets it. Raises InvalidInput('email')."""
    address = address.strip()
    if address and (len(address) > 254 or not _EMAIL.fullmatch(address)):
        raise InvalidInput("email")
    officer.notify_email = vault.seal_staff(officer.id, address.encode(), _WHAT_EMAIL) if address else None


def set_channel(vault: Vault, officer: Officer, channel: str, address: str) -> None:
    """Keep a chat id on Telegram or Zalo Bot; "" forgets it. Raises InvalidInput('notify_channel')."""
    address = address.strip()
    if address and (channel not in CHANNELS or not _ID.fullmatch(address)):
        raise InvalidInput("notify_channel")
    body = json.dumps({"channel": channel, "address": address}).encode()
    officer.notify_channel = vault.seal_staff(officer.id, body, _WHAT_CHANNEL) if address else None


def addresses(vault: Vault, officer: Officer) -> dict[str, str]:
    """Route ('email', 'telegram', 'zalo_bot') -> address. What was sealed under a lost key is left out."""
    found: dict[str, str] = {}
    try:
        if officer.notify_email:
            found[EMAIL] = vault.open_staff(officer.id, officer.notify_email, _WHAT_EMAIL).decode()
        if officer.notify_channel:
            body = json.loads(vault.open_staff(officer.id, officer.notify_channel, _WHAT_CHANNEL))
            found[body["channel"]] = body["address"]
    except (CannotOpen, ValueError, KeyError):
        return found
    return found
