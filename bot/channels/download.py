"""Fetching what a person sent: only from hosts we know, never more than a file may be, never where a redirect leads."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from bot.core.errors import InvalidInput, TooLarge
from bot.core.messages import MAX_ATTACHMENT_BYTES

log = logging.getLogger(__name__)
_NOT_OF_A_HOST = re.compile(r"[^a-z0-9.\-]+")
TIMEOUT = httpx.Timeout(10.0, read=20.0)
MOST_REDIRECTS = 3
TRIES = 3


def allowed(url: str, hosts: Sequence[str]) -> str:
    """`url` as it may be fetched. Raises InvalidInput('file_host').

    An entry of `hosts` is a domain with all below it, over HTTPS on the usual port only (a plain http link of the vendor
    is upgraded); or, for test servers, an exact "host:port" that may be plain.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise InvalidInput("file_host") from None
    if parts.scheme not in {"http", "https"} or parts.username or parts.password or not host.isascii():
        raise InvalidInput("file_host")
    if port is not None and f"{host}:{port}" in hosts:
        return url
    if port not in {None, 443} or not any(host == known or host.endswith(f".{known}") for known in hosts):
        log.warning("file_host_refused", extra={"host": _NOT_OF_A_HOST.sub("", host)[-60:]})
        raise InvalidInput("file_host")
    return urlunsplit(("https", host, parts.path, parts.query, ""))


def host_of(base: str) -> str:
    """The entry of an allow-list that stands for a configured base URL."""
    parts = urlsplit(base)
    return f"{parts.hostname}:{parts.port}" if parts.port else (parts.hostname or "")


async def download(client: httpx.AsyncClient, url: str, hosts: Sequence[str]) -> bytes:
    """The bytes behind `url`.

    Raises InvalidInput('file_host') for a host that is not allowed, TooLarge over 20 MB, InvalidInput('file_gone') when
    it cannot be had after three tries.
    """
    for _ in range(TRIES):
        try:
            return await _follow(client, url, hosts)
        except (httpx.InvalidURL, ValueError):  # ValueError: a redirect to no address at all
            raise InvalidInput("file_host") from None
        except httpx.HTTPError:
            continue
    raise InvalidInput("file_gone")


async def _follow(client: httpx.AsyncClient, url: str, hosts: Sequence[str]) -> bytes:
    for _ in range(MOST_REDIRECTS + 1):
        target = allowed(url, hosts)
        async with client.stream("GET", target, timeout=TIMEOUT, follow_redirects=False) as response:
            if response.is_redirect:
                url = urljoin(target, response.headers.get("location", ""))
                continue
            if response.status_code >= 500:
                response.raise_for_status()
            if response.status_code != 200:
                raise InvalidInput("file_gone")
            return await _read(response)
    raise InvalidInput("file_gone")


async def _read(response: httpx.Response) -> bytes:
    chunks, size = [], 0
    async for chunk in response.aiter_bytes(1 << 16):
        size += len(chunk)
        if size > MAX_ATTACHMENT_BYTES:
            raise TooLarge("too_large")
        chunks.append(chunk)
    return b"".join(chunks)
