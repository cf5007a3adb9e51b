"""Calls to Telegram through python-telegram-bot; nothing of its Application, whose queues would lose messages."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
from telegram import Bot, BotCommand
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.channels import download
from bot.channels.telegram import compose, errors, limits
from bot.channels.telegram.compose import Part
from bot.channels.telegram.words import Words
from bot.core.errors import InvalidInput
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Address, Judgement
from bot.settings import TelegramSettings

# The library would rather build the updates itself, and then refuses a whole batch for one it cannot build.
warnings.filterwarnings("ignore", message=".*getUpdates", category=PTBUserWarning)


class Telegram:
    """A Telegram bot as a push channel."""

    channel = Channel.TELEGRAM
    numbers = False
    pauses = frozenset({"429"})

    def __init__(
        self,
        settings: TelegramSettings,
        pictures: Path,
        words: Words,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.pace = limits.pace_of(settings.per_second)
        kwargs: dict[str, Any] = {"transport": transport} if transport is not None else {}
        request = HTTPXRequest(
            connection_pool_size=self.pace.at_once + 8, connect_timeout=8, read_timeout=15, pool_timeout=5,
            httpx_kwargs=kwargs,
        )  # fmt: skip
        base = settings.api_base.rstrip("/")
        self.bot = Bot(settings.token, base_url=f"{base}/bot", base_file_url=f"{base}/file/bot", request=request)
        self._request = request
        self._files = httpx.AsyncClient(transport=transport)
        self._hosts = (download.host_of(base),)
        self._pictures, self._words = pictures, words
        self._known: dict[str, str] = {}  # picture -> Telegram's id of the file, so that it is uploaded once

    def parts(self, message: OutboundMessage) -> Sequence[Part]:
        return compose.parts(message, self._words)

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        return Judgement()

    async def send(self, address: Address, part: Part) -> None:
        markup = compose.keyboard(part, self._words)
        try:
            if not part.image or not await self._photo_or_not(address.person, part, markup):
                await self.bot.send_message(address.person, part.text, reply_markup=markup)
        except TelegramError as error:
            raise errors.to_error(error) from None

    async def _photo_or_not(self, chat: str, part: Part, markup: Any) -> bool:
        """As `_photo`, but a picture that is refused never takes its words with it: False, and they go as text."""
        try:
            return await self._photo(chat, part, markup)
        except TelegramError as error:
            if not errors.only_the_picture(error, once=part.once):
                raise
            self._known.pop(part.image, None)
            return part.ornament or not part.text

    async def _photo(self, chat: str, part: Part, markup: Any) -> bool:
        """Send a picture with its caption. False when there is no such file, and words that can go without it."""
        if known := self._known.get(part.image):
            try:
                await self.bot.send_photo(chat, known, caption=part.text or None, reply_markup=markup)
                return True
            except BadRequest as error:
                if not errors.file_forgotten(error):
                    raise
                self._known.pop(part.image, None)  # refused, so nothing was delivered: uploaded again
        picture = await asyncio.to_thread(_read, self._pictures, part.image)
        if not picture:
            return not part.text
        sent = await self.bot.send_photo(chat, picture, caption=part.text or None, reply_markup=markup)
        if sent.photo:
            self._known[part.image] = sent.photo[-1].file_id
        return True

    async def acknowledge(self, callback: str) -> None:
        """Stop the spinner on a tapped button. Never raises."""
        try:
            await self.bot.answer_callback_query(callback)
        except TelegramError:
            return  # an ornament; refused when older than a few minutes

    async def typing(self, address: Address) -> None:
        try:
            await self.bot.send_chat_action(address.person, "typing", read_timeout=3)
        except TelegramError:
            return  # an ornament

    async def fetch(self, ref: str) -> bytes:
        try:
            file = await self.bot.get_file(ref)
        except TelegramError as error:
            code = "too_large" if "too big" in str(error.message).lower() else "file_gone"
            raise InvalidInput(code) from None
        return await download.download(self._files, file.file_path or "", self._hosts)

    async def updates(self, offset: int | None) -> Sequence[Any]:
        """The updates from `offset` on by long polling, as JSON: one that the library cannot build must not hide the others.

        Raises SendError.
        """
        wanted = {"timeout": 25, "allowed_updates": list(limits.ALLOWED_UPDATES)} | (
            {"offset": offset} if offset else {}
        )
        try:
            found = await self.bot.do_api_request("getUpdates", api_kwargs=wanted, read_timeout=35)
        except TelegramError as error:
            raise errors.to_error(error) from None
        return found if isinstance(found, list) else []

    async def register(self, url: str, secret: str) -> None:
        """Tell Telegram where to deliver, and show the commands in its menu. Raises SendError."""
        try:
            await self.bot.set_webhook(
                url, secret_token=secret, allowed_updates=list(limits.ALLOWED_UPDATES),
                max_connections=limits.MAX_CONNECTIONS,
            )  # fmt: skip
            await self.show_menu()
        except TelegramError as error:
            raise errors.to_error(error) from None

    async def unregister(self) -> None:
        """Stop deliveries, so that updates can be fetched; what waits is kept. Raises SendError."""
        try:
            await self.bot.delete_webhook()
            await self.show_menu()
        except TelegramError as error:
            raise errors.to_error(error) from None

    async def show_menu(self) -> None:
        await self.bot.set_my_commands([BotCommand(name, title) for name, title in self._words.menu])

    async def keep_alive(self) -> None:
        """The token lives until it is revoked."""

    async def close(self) -> None:
        await self._request.shutdown()
        await self._files.aclose()


def _read(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    return path.read_bytes() if path.is_relative_to(folder.resolve()) and path.is_file() else b""
