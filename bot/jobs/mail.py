"""Notices by e-mail. One connection a message: officers get few, and a fresh connection has no history."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, make_msgid, parseaddr

import aiosmtplib

from bot.content.notices import NoticeWords
from bot.core.errors import SendError, SendPolicy
from bot.services.units.notify import Parcel
from bot.services.units.officer_address import EMAIL
from bot.settings import MailSettings

IMPLICIT_TLS_PORT = 465  # RFC 8314; other ports use STARTTLS
TIMEOUT = 20.0  # seconds for each command
INTRODUCTION = 60.0  # seconds for all that comes before the message


class Mail:
    """An SMTP server that takes our messages."""

    route = EMAIL

    def __init__(self, settings: MailSettings, now: Callable[[], float]) -> None:
        self._settings, self._now = settings, now
        self._sender = parseaddr(settings.sender)[1]

    def compose(self, parcel: Parcel, words: NoticeWords) -> bytes:
        """The message as it goes over the wire: the same size for every kind of notice to one address."""
        message = EmailMessage(policy=WIRE)
        message["From"] = self._settings.sender
        message["To"] = parcel.address
        message["Subject"] = words.subject
        message["Date"] = format_datetime(datetime.fromtimestamp(self._now(), UTC))
        message["Message-ID"] = f"<{parcel.message_id}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers
        message.set_content(words.text(parcel.kind), cte="base64")
        return message.as_bytes()

    async def send(self, parcel: Parcel, words: NoticeWords, hand: Callable[[], Awaitable[bool]]) -> None:
        """Deliver one notice. Raises SendError; its codes are SMTP reply codes or names, never a server's text."""
        client = self._client()
        body = self.compose(parcel, words)
        try:
            await self._introduce(client, parcel.address)
            if not await hand():
                return
            await _hand_over(client, body)
        finally:
            client.close()

    async def post(self, address: str, subject: str, text: str) -> None:
        """A message to the operator. Raises SendError."""
        message = EmailMessage(policy=WIRE)
        message["From"], message["To"], message["Subject"] = self._settings.sender, address, subject
        message["Date"] = format_datetime(datetime.fromtimestamp(self._now(), UTC))
        message["Message-ID"] = make_msgid(domain=self._sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text, cte="base64")
        client = self._client()
        try:
            await self._introduce(client, address)
            await _hand_over(client, message.as_bytes())
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        implicit = settings.tls and settings.port == IMPLICIT_TLS_PORT
        return aiosmtplib.SMTP(
            hostname=settings.host, port=settings.port, timeout=TIMEOUT, use_tls=implicit,
            start_tls=settings.tls and not implicit, local_hostname="localhost",
            username=settings.user or None, password=settings.password or None,
        )  # fmt: skip

    async def _introduce(self, client: aiosmtplib.SMTP, address: str) -> None:
        """Everything that can be repeated."""
        try:
            async with asyncio.timeout(INTRODUCTION):
                await client.connect()
                await client.mail(self._sender)
                await client.rcpt(address)
        except aiosmtplib.SMTPAuthenticationError as error:
            raise SendError(SendPolicy.ALERT, f"auth_{error.code}") from None
        except aiosmtplib.SMTPRecipientRefused as error:
            raise SendError(_policy(error.code, SendPolicy.STOP), f"recipient_{error.code}") from None
        except aiosmtplib.SMTPResponseException as error:
            raise SendError(_policy(error.code, SendPolicy.ALERT), str(error.code)) from None
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise SendError(SendPolicy.RETRY, type(error).__name__) from None

    async def close(self) -> None:
        """Nothing stays open."""


async def _hand_over(client: aiosmtplib.SMTP, body: bytes) -> None:
    try:
        await client.data(body)
    except aiosmtplib.SMTPResponseException as error:  # a clear no
        raise SendError(_policy(error.code, SendPolicy.FIX), f"data_{error.code}") from None
    except (aiosmtplib.SMTPException, OSError) as error:  # no answer after the last dot
        raise SendError(SendPolicy.UNKNOWN, type(error).__name__) from None


def _policy(code: int, permanent: SendPolicy) -> SendPolicy:
    return permanent if 500 <= code < 600 else SendPolicy.RETRY
