"""JSON calls to a platform, with what went wrong told apart: never sent, refused, or nobody knows."""

from __future__ import annotations

from typing import Any

import httpx

from bot.core.errors import SendError, SendPolicy

TIMEOUT = httpx.Timeout(15.0, connect=8.0)
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)


def new_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """A client without cookies worth keeping; `transport` replaces the network in tests."""
    return httpx.AsyncClient(timeout=TIMEOUT, transport=transport, follow_redirects=False)


async def call(client: httpx.AsyncClient, method: str, url: str, *, key: str = "", **request: Any) -> dict[str, Any]:
    """The JSON object a platform answered with. `key`: a field that marks a success which has neither "error" nor "ok".

    Raises SendError: RETRY when the request never left, UNKNOWN for time-outs, broken answers and 5xx, whatever stands
    in them, since the message may have been delivered.
    """
    try:
        response = await client.request(method, url, **request)
    except _NEVER_SENT:
        raise SendError(SendPolicy.RETRY, "connect") from None
    except httpx.HTTPError as error:
        raise SendError(SendPolicy.UNKNOWN, type(error).__name__[:40]) from None
    try:
        body = response.json()
    except ValueError:
        body = None
    if isinstance(body, dict) and (body.keys() & {"error", "ok", key}) and not _of_a_proxy(response.status_code, body):
        return body
    raise status_error(response.status_code)


def _of_a_proxy(status: int, body: dict[str, Any]) -> bool:
    """{"error": "Too Many Requests"} with HTTP 429: the platforms' own errors are numbers, so the status counts.

    Neither platform answers its own refusals with a 5xx: whoever does stands before it, or it is falling over.
    """
    if status >= 500:
        return True
    return status >= 400 and "ok" not in body and not str(body.get("error")).lstrip("-").isdecimal()


def status_error(status: int) -> SendError:
    """What a bare HTTP status means when the platform said nothing else."""
    code = f"http_{status}"
    if status == 429:
        return SendError(SendPolicy.RETRY, code, retry_after=30.0)
    if status in {401, 403}:
        return SendError(SendPolicy.ALERT, code)
    if status >= 500 or status < 400:
        return SendError(SendPolicy.UNKNOWN, code)
    return SendError(SendPolicy.FIX, code)
