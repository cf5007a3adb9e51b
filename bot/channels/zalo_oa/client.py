"""Calls to an Official Account. Errors come inside HTTP 200; every one leaves here as a SendError with its policy."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.channels import download
from bot.channels.http_calls import call
from bot.channels.zalo_oa import compose, errors, limits
from bot.channels.zalo_oa.compose import Part
from bot.channels.zalo_oa.tokens import Tokens
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel, OutboundMessage
from bot.core.sending import Address, Judgement, Pace
from bot.settings import ZaloOASettings

CS = "/v3.0/oa/message/cs"
ANONYMOUS = "/v2.0/oa/message"
UPLOAD_IMAGE = "/v2.0/oa/upload/image"
GET_OA = "/v2.0/oa/getoa"
CREATE_ARTICLE, VERIFY_ARTICLE = "/v2.0/article/create", "/v2.0/article/verify"
PROCESSING = "-214"


async def _nothing_known() -> bool:
    return False


async def _not_kept() -> None:
    return None


@dataclass(frozen=True)
class ButtonMemory:
    """That Zalo refused our buttons, shared by all processes: a number typed in answer may reach another one."""

    refused: Callable[[], Awaitable[bool]] = _nothing_known
    note: Callable[[], Awaitable[None]] = _not_kept


class ZaloOA:
    """The Official Account as a push channel."""

    channel = Channel.ZALO_OA
    # No token for the moment: every message waits, and none uses up its tries.
    pauses = frozenset({"-32", "http_429", "token_exchange", "token_busy"})

    def __init__(
        self, settings: ZaloOASettings, tokens: Tokens, http: httpx.AsyncClient, pictures: Path,
        now: Callable[[], float] = time.time, memory: ButtonMemory | None = None,
    ) -> None:  # fmt: skip
        self._settings, self._tokens, self._http, self._pictures, self._now = settings, tokens, http, pictures, now
        self._memory = memory or ButtonMemory()
        self.numbers = not settings.buttons
        self._uploads: dict[str, tuple[str, float]] = {}  # picture -> (attachment id, when)
        per_minute = settings.requests_per_minute
        # burst + one minute of refill stays below the package's limit
        burst = max(1, per_minute // 5)
        self.pace = Pace(per_second=(per_minute - burst) / 60, burst=burst, per_chat=0.3)

    def parts(self, message: OutboundMessage) -> Sequence[Part]:
        return compose.parts(message, buttons=not self.numbers)

    def judge(self, priority: int, last_heard: float, now: float) -> Judgement:
        return limits.judge(priority, last_heard, now, billed=self._settings.billed_messages)

    async def send(self, address: Address, part: Part) -> None:
        if part.image:
            await self._send_picture(address, part)
            return
        try:
            await self._send(address, part, "")
        except SendError as error:
            if part.choices and error.code in errors.BUTTONS_REFUSED:
                # Refused without buttons as well, it was something else, such as the recipient.
                await self._send(address, compose.as_numbers(part), "")
                self.numbers = True  # from now on; `lachan check` tells what to set
                await self._memory.note()
                return
            raise

    async def _send_picture(self, address: Address, part: Part) -> None:
        """A picture that cannot go is left out: the words, which come in the next part, must not be lost with it."""
        try:
            attachment = await self._picture(part.image)
            if attachment:
                await self._send(address, part, attachment)
        except SendError as error:
            if error.code == errors.UPLOAD_EXPIRED:
                self._uploads.pop(part.image, None)
            if not errors.only_the_picture(error):
                raise

    async def _send(self, address: Address, part: Part, attachment: str) -> None:
        body = compose.body(address, part, template_type=self._settings.template_type, attachment_id=attachment)
        await self.request("POST", ANONYMOUS if address.reply_to else CS, json=body)

    async def request(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        """One call with a good token; a token found dead is renewed once. Raises SendError."""
        pair, code = await self._tokens.current(), ""
        for attempt in (1, 2):
            body = await call(
                self._http, method, self._settings.api_base + path, headers=self._headers(pair.access), **request
            )
            error = errors.to_error(body)
            if error is None:
                return body
            if error.policy is not SendPolicy.REFRESH:
                raise error
            code = error.code
            if attempt == 1:
                pair = await self._tokens.renew(pair)
        raise SendError(SendPolicy.ALERT, code)

    def _headers(self, access: str) -> dict[str, str]:
        headers = {"access_token": access}
        if self._settings.appsecret_proof:
            proof = hmac.new(self._settings.app_secret.encode(), access.encode(), hashlib.sha256).hexdigest()
            headers["appsecret_proof"] = proof
        return headers

    async def _picture(self, name: str) -> str:
        """The attachment id of a content picture; "" when there is no file that fits."""
        known = self._uploads.get(name)
        if known and self._now() - known[1] < limits.UPLOAD_SECONDS:
            return known[0]
        data = await asyncio.to_thread(_read, self._pictures, name)
        if not 0 < len(data) <= limits.MAX_IMAGE_BYTES:
            return ""
        body = await self.request("POST", UPLOAD_IMAGE, files={"file": (Path(name).name, data, "image/png")})
        attachment = _inner(body, "attachment_id")
        if attachment:
            self._uploads[name] = (attachment, self._now())
        return attachment

    async def typing(self, address: Address) -> None:
        """Official Accounts have no typing indicator."""

    async def fetch(self, ref: str) -> bytes:
        return await download.download(self._http, ref, self._settings.media_hosts)

    async def account(self) -> dict[str, Any]:
        """Name, kind and package of the account: proof that the token works. Raises SendError."""
        inner = (await self.request("GET", GET_OA)).get("data")
        return inner if isinstance(inner, dict) else {}

    async def create_article(self, body: dict[str, Any], tries: int = 20, pause: float = 3.0) -> str:
        """Make an article and wait until Zalo has processed it. Returns its id, or "" if that takes too long.

        Raises SendError.
        """
        token = _inner(await self.request("POST", CREATE_ARTICLE, json=body), "token")
        for _ in range(tries):
            try:
                if made := _inner(await self.request("POST", VERIFY_ARTICLE, json={"token": token}), "id"):
                    return made
            except SendError as error:
                if error.code != PROCESSING:
                    raise
            await asyncio.sleep(pause)
        return ""

    async def keep_alive(self) -> None:
        self.numbers = self.numbers or await self._memory.refused()
        await self._tokens.current()

    async def close(self) -> None:
        await self._tokens.finish()
        await self._http.aclose()


def _inner(body: dict[str, Any], name: str) -> str:
    inner = body.get("data")
    return str(inner.get(name) or "") if isinstance(inner, dict) else ""


def _read(folder: Path, name: str) -> bytes:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        return b""
    return path.read_bytes()
