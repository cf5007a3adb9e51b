"""Access to the Official Account (OAuth v4): the refresh token works once and rotates; losing it needs a person.

docs.zaloplatforms.com, OA, "Access token": the old pair is dead at once. No code is documented for a spent refresh
token, so every refusal but the rate limit counts as final.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import re
import secrets
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.channels.http_calls import call
from bot.channels.zalo_oa.limits import ACCESS_SECONDS
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import Channel
from bot.core.moments import SKEW
from bot.services.messaging import channel_tokens
from bot.services.messaging.channel_tokens import TokenPair
from bot.settings import ZaloOASettings
from bot.storage.database import Database
from bot.storage.vault import Vault

log = logging.getLogger(__name__)
LEASE_SECONDS = 40.0  # longer than an exchange may take; afterwards another process may try
WAIT_SECONDS = 5.0  # for the process that is exchanging
RATE_LIMITED = "-32"
STORE_WAITS = (0.5, 2.0, 5.0)  # seconds between tries to store a new pair, well within the lease
FINISH_SECONDS = 20.0  # an exchange has 15 to be answered
PATH = "/v4/oa/access_token"
_CODE = re.compile(r"-?[0-9]{1,6}")
CHANNEL = Channel.ZALO_OA


class Tokens:
    """One account's tokens, shared through the database by every process."""

    def __init__(
        self, db: Database, vault: Vault, settings: ZaloOASettings, http: httpx.AsyncClient,
        now: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._db, self._vault, self._settings, self._http, self._now = db, vault, settings, http, now
        self._owner = secrets.token_hex(16)
        self._here = asyncio.Lock()

    async def current(self) -> TokenPair:
        """A pair that is good to use; renewed first when it is old. Raises SendError(ALERT) when a person is needed."""
        pair = await self._load()
        age = (
            self._now() - pair.issued_at
        )  # below zero: a clock that ran ahead wrote it, and nobody knows how old it is
        if -SKEW <= age < ACCESS_SECONDS and self._now() < pair.expires_at - 60:
            return pair
        try:
            return await self.renew(pair)
        except SendError as error:
            if error.policy is SendPolicy.RETRY and self._now() < pair.expires_at - 60:
                return pair  # old, and perhaps still good
            raise

    async def renew(self, stale: TokenPair) -> TokenPair:
        """The pair after `stale`, exchanged by whichever process gets there first.

        Raises SendError: ALERT when the account must be connected anew, RETRY when the exchange has to wait.
        """
        async with self._here:
            end = time.monotonic() + WAIT_SECONDS
            while time.monotonic() < end:
                pair = await self._load()
                if pair.version != stale.version:
                    return pair
                if await self._lease(pair.version):
                    return await self._exchange(pair)
                await asyncio.sleep(0.2)
        raise SendError(SendPolicy.RETRY, "token_busy", retry_after=10.0)

    async def _lease(self, version: int) -> bool:
        now = self._now()
        return await self._db.run(lambda s: channel_tokens.lease(s, CHANNEL, version, self._owner, now, LEASE_SECONDS))

    async def _load(self) -> TokenPair:
        pair = await self._db.read(lambda s: channel_tokens.load(s, self._vault, CHANNEL))
        if pair is None:
            raise SendError(SendPolicy.ALERT, "no_token")
        if pair.failed:
            raise SendError(SendPolicy.ALERT, "token_refused")
        return pair

    async def _exchange(self, pair: TokenPair) -> TokenPair:
        form = {"refresh_token": pair.refresh, "app_id": self._settings.app_id, "grant_type": "refresh_token"}
        try:
            answer = await request_pair(self._http, self._settings, form)
        except SendError as error:
            # A bare 403 is a proxy's word, not Zalo's: the pair is as good as before.
            if error.policy is SendPolicy.ALERT and not error.code.startswith("http_"):
                code = error.code
                log.critical("zalo_token_refused", extra={"code": code})
                await self._db.run(lambda s: channel_tokens.refused(s, CHANNEL, pair.version, code))
                raise
            # Nobody knows whether the old token was spent: the lease runs out, then it is tried again.
            raise SendError(SendPolicy.RETRY, "token_exchange", retry_after=LEASE_SECONDS) from None
        stored = await self._store(pair.version, *answer)
        log.info("zalo_token_renewed", extra={"status": "stored" if stored else "replaced"})
        return await self._load()

    async def _store(self, version: int, access: str, refresh: str, life: float) -> bool:
        """Store the pair `version` was spent for; this is the only copy, so a database that is away is waited for."""
        for wait in (*STORE_WAITS, None):
            try:
                return await self._db.run(
                    lambda s: channel_tokens.rotated(
                        s, self._vault, CHANNEL, version, access, refresh, self._now(), life
                    )
                )
            except Exception as error:
                log.error("zalo_token_not_stored", extra={"error": type(error).__name__})
                if wait is None:
                    raise
                await asyncio.sleep(wait)
        return False

    async def finish(self) -> None:
        """Wait for an exchange under way, for as long as one may take: stopping in the middle would lose the pair."""
        try:
            async with asyncio.timeout(FINISH_SECONDS), self._here:
                return
        except TimeoutError:
            log.error("zalo_token_exchange_left", extra={"channel": CHANNEL.value})


async def request_pair(
    http: httpx.AsyncClient, settings: ZaloOASettings, form: dict[str, str]
) -> tuple[str, str, float]:
    """(access, refresh, seconds it lives) for a refresh token or an authorisation code.

    Raises SendError(ALERT) when Zalo refuses, otherwise RETRY or UNKNOWN.
    """
    body = await call(
        http,
        "POST",
        settings.oauth_base + PATH,
        data=form,
        headers={"secret_key": settings.app_secret},
        key="access_token",
    )
    access, refresh = body.get("access_token"), body.get("refresh_token")
    if isinstance(access, str) and isinstance(refresh, str) and access and refresh:
        return access, refresh, _life(body.get("expires_in"))
    given = body.get("error")
    code = str(given) if isinstance(given, int | str) else ""
    if code == RATE_LIMITED:
        raise SendError(SendPolicy.RETRY, code, retry_after=60.0)
    raise SendError(SendPolicy.ALERT, code if _CODE.fullmatch(code) else "refused")


def _life(value: Any) -> float:
    # "90000": documented as text
    try:
        return max(60.0, float(value))
    except (TypeError, ValueError):
        return 90_000.0


def new_verifier() -> str:
    """A PKCE verifier of 43 characters."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def consent_url(settings: ZaloOASettings, redirect: str, verifier: str, state: str) -> str:
    """Where the account's administrator agrees (PKCE S256)."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    query = {"app_id": settings.app_id, "redirect_uri": redirect, "code_challenge": challenge, "state": state}
    return f"{settings.oauth_base}/v4/oa/permission?{urlencode(query)}"
