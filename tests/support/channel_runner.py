"""One runner for the tables of all channels: webhooks in, platform calls out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select

from bot.app import Core
from bot.channels.base import PushChannel
from bot.core.errors import SendError, SendPolicy
from bot.core.messages import InboundMessage, OutboundMessage
from bot.core.sending import Address
from bot.gateway.asgi import build, create_app
from bot.storage.tables import Inbox

SOMEBODY = Address("1001")


@dataclass(frozen=True)
class Incoming:
    """A delivery: what is posted, how it is answered, and the fields of what then lies in the inbox.

    body: bytes, or a value that becomes JSON. sign: makes the headers from the raw body. times: delivered so often.
    """

    name: str
    body: Any
    status: int = 200
    stored: Sequence[dict[str, Any]] = ()
    headers: dict[str, Any] | None = None
    times: int = 1


@dataclass(frozen=True)
class Outgoing:
    """A message sent through a client: the platform's answers, one a call, and what was asked of it.

    answers: (status, JSON) or an httpx exception. asked: (end of the path, fields of the body) of each call.
    """

    name: str
    message: OutboundMessage
    answers: Sequence[Any]
    asked: Sequence[tuple[str, dict[str, Any]]] = ()
    error: tuple[SendPolicy, str] | None = None
    address: Address = SOMEBODY
    retry_after: float | None = None


class NoEngine:
    """Stands where the engine would; nothing is thought in these tests."""

    async def turn(self, **request: Any) -> Any:
        raise AssertionError("no turn was expected")


def deliver(core: Core, path: str, case: Incoming, sign: Callable[[bytes], dict[str, str]]) -> list[InboundMessage]:
    """Post one case and return what the inbox holds afterwards."""
    raw = case.body if isinstance(case.body, bytes) else json.dumps(case.body, ensure_ascii=False).encode()
    headers = sign(raw) if case.headers is None else case.headers

    async def run() -> list[int]:
        app = create_app(build(core, engine=NoEngine()))
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            posts = [client.post(path, content=raw, headers=headers) for _ in range(case.times)]
            return [response.status_code for response in await asyncio.gather(*posts)]

    assert asyncio.run(run()) == [case.status] * case.times
    return inbox_of(core)


def check_incoming(core: Core, path: str, case: Incoming, sign: Callable[[bytes], dict[str, str]]) -> None:
    """Run one row of a table of webhooks."""
    stored = deliver(core, path, case, sign)
    assert len(stored) == len(case.stored), [message.kind for message in stored]
    for message, wanted in zip(stored, case.stored, strict=True):
        shown = {name: getattr(message, name) for name in wanted}
        assert shown == wanted


def inbox_of(core: Core) -> list[InboundMessage]:
    """Everything pending, opened."""
    with core.db.reading() as session:
        rows = session.execute(select(Inbox).where(Inbox.status == "pending").order_by(Inbox.id)).scalars().all()
    return [core.vault.open_inbound(row.conversation_id, row.channel, row.message_hash, row.payload) for row in rows]


@dataclass
class Platform:
    """Answers a client's calls from a list and keeps what was asked."""

    answers: list[Any]
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append((request.url.path, _body(request)))
        assert self.answers, f"one call more than expected: {request.url.path.rsplit('/', 1)[-1]}"
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, body = answer
        return (
            httpx.Response(status, json=body) if not isinstance(body, bytes) else httpx.Response(status, content=body)
        )

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self)


def _body(request: httpx.Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        return json.loads(request.content)
    if kind.startswith("application/x-www-form-urlencoded"):
        pairs = httpx.QueryParams(request.content.decode())
        return {name: _value(value) for name, value in pairs.items()}
    return {"multipart": request.content}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def check_outgoing(make: Callable[[httpx.AsyncBaseTransport], PushChannel], case: Outgoing) -> None:
    """Run one row of a table of sends. `make` builds the client around a transport."""
    platform = Platform(list(case.answers))

    async def run() -> SendError | None:
        channel = make(platform.transport())
        try:
            for part in channel.parts(case.message):
                await channel.send(case.address, part)
        except SendError as error:
            return error
        finally:
            await channel.close()
        return None

    error = asyncio.run(run())
    assert ((error.policy, error.code) if error else None) == case.error
    if error and case.retry_after is not None:
        assert error.retry_after == case.retry_after
    assert not platform.answers, "fewer calls than expected"
    for (path, body), (end, wanted) in zip(platform.asked, case.asked, strict=bool(case.asked)):
        assert path.endswith(end)
        assert_holds(body, wanted)


def assert_holds(body: Any, wanted: Any) -> None:
    """Every field of `wanted` is in `body`, to any depth."""
    if isinstance(wanted, dict):
        for name, value in wanted.items():
            assert name in body, name
            assert_holds(body[name], value)
    else:
        assert body == wanted
