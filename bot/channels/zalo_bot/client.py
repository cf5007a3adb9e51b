"""Calls to the Zalo Bot Platform. The token is part of the URL, so no URL of this module may ever be logged."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx

from bot.channels import download
from bot.channels.http_calls import call
from bot.channels.zalo_bot import compose, errors, limits
from bot.channels.zalo_bot.compose import Part
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Address, Judgement, Pace
from bot.settings import ZaloBotSettings

# Counts one message of this month: (at most) -> whether there was one left.
Quota = Callable[[int], Awaitable[bool]]


class ZaloBot:
    """A bot for officers' notices and small communes: its Basic plan has few users and few messages."""

    channel = Channel.ZALO_BOT
    numbers = True
    pauses = frozenset({"429", "http_429"})
    pace = Pace(per_second=5.0, burst=5, per_chat=1.0, at_once=4)

    def __init__(
        self, settings: ZaloBotSettings, http: httpx.AsyncClient, public_url: str, quota: Quota,
        now: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._settings, self._http, self._quota, self._now = settings, http, quota, now
        self._public = public_url.rstrip("/")

    def parts(self, message: OutboundMessage) -> Sequence[Part]:
        return compose.parts(message, pictures=self._public.startswith("https://"))

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        return Judgement()

    async def send(self, address: Address, part: Part) -> None:
        if not await self._quota(self._settings.monthly_messages):
            raise SendError(SendPolicy.ALERT, "monthly_limit")
        if part.image:
            photo = f"{self._public}/pictures/{part.image}"
            try:
                await self.request("sendPhoto", chat_id=address.person, photo=photo, caption=part.text)
            except SendError as error:
                # Zalo fetches it itself, or cannot: the words, which come in the next part, must not be lost with it.
                if error.policy not in {SendPolicy.FIX, SendPolicy.UNKNOWN}:
                    raise
        else:
            await self.request("sendMessage", chat_id=address.person, text=part.text)

    async def request(self, name: str, *, wait: float = 15.0, **fields: Any) -> Any:
        """The `result` of one method. Raises SendError."""
        url = f"{self._settings.api_base}/bot{self._settings.token}/{name}"
        body = await call(self._http, "POST", url, json=fields, timeout=httpx.Timeout(wait, connect=8.0))
        error = errors.to_error(body)
        if error is not None:
            raise error
        return body.get("result")

    async def updates(self) -> Any:
        """The next update by long polling, or None when nothing came. It is consumed by reading. Raises SendError."""
        try:
            return await self.request("getUpdates", wait=limits.POLL_SECONDS + 10, timeout=limits.POLL_SECONDS)
        except SendError as error:
            if error.code == errors.POLL_TIMEOUT:
                return None
            raise

    async def typing(self, address: Address) -> None:
        try:
            await self.request("sendChatAction", wait=3.0, chat_id=address.person, action="typing")
        except SendError:
            return  # an ornament

    async def fetch(self, ref: str) -> bytes:
        return await download.download(self._http, ref, self._settings.media_hosts)

    async def keep_alive(self) -> None:
        """The token lives until it is reset."""

    async def close(self) -> None:
        await self._http.aclose()
