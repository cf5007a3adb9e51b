"""HEAD requests: answered by the headers alone, at once, whatever the GET route behind them would go on sending.

A proxy holds the answer to a HEAD for complete as soon as it has the headers, and sends the next person's request down
the same connection. A route that went on streaming there would make that person wait for minutes.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class HeadersOnly:
    """Ends the answer to a HEAD with its headers, and tells the route that nobody listens any more."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return

        async def headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"", "more_body": False})

        async def nobody() -> Message:
            return {"type": "http.disconnect"}

        await self.app(scope, nobody, headers)
