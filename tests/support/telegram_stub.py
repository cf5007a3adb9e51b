"""A small Bot API of our own, for what the ready-made test servers lack: the secret header, 403, 429, places, blocking."""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "424242:stub-telegram-token"
SECRET = "stub-hook-secret"


@dataclass
class TelegramStub:
    """What was asked of it and how it is to answer next. failures: (status, description, parameters), used up in order."""

    gateway: str = ""
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    updates: list[dict[str, Any]] = field(default_factory=list)  # for long polling
    poll_failures: list[tuple[int, str]] = field(default_factory=list)  # of getUpdates, used up in order
    webhook: str = ""
    serial: itertools.count = field(default_factory=lambda: itertools.count(1))

    def app(self) -> Starlette:
        return Starlette(routes=[
            Route("/file/bot{token}/{name}", self._file),
            Route("/bot{token}/{method}", self._method, methods=["POST"]),
        ])  # fmt: skip

    def texts(self, chat: int) -> list[str]:
        """What a chat was sent, oldest first."""
        sends = [
            body for name, body in self.calls if name in {"sendMessage", "sendPhoto"} and body["chat_id"] == str(chat)
        ]
        return [body.get("text") or body.get("caption") or "" for body in sends]

    def buttons(self, chat: int) -> list[str]:
        """The callback data of the last keyboard in a chat."""
        for name, body in reversed(self.calls):
            if name in {"sendMessage", "sendPhoto"} and body["chat_id"] == str(chat) and "reply_markup" in body:
                rows = json.loads(body["reply_markup"]).get("inline_keyboard", [])
                return [button["callback_data"] for row in rows for button in row]
        return []

    def say(self, chat: int, secret: str = SECRET, **fields: Any) -> int:
        """A message of a person; returns the webhook's status."""
        person = {"id": chat, "is_bot": False, "first_name": "An"}
        message = {
            "message_id": next(self.serial), "date": int(time.time()), "from": person,
            "chat": {"id": chat, "type": "private"}, **fields,
        }  # fmt: skip
        return self.deliver({"message": message}, secret)

    def tap(self, chat: int, data: str) -> int:
        person = {"id": chat, "is_bot": False, "first_name": "An"}
        message = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}, "text": "x"}
        query = {"id": f"cb{next(self.serial)}", "from": person, "chat_instance": "1", "data": data, "message": message}
        return self.deliver({"callback_query": query})

    def door(self, chat: int, status: str) -> int:
        """The person blocks ("kicked") or unblocks ("member") the bot."""
        bot = {"id": 424242, "is_bot": True, "first_name": "Bot"}
        new = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
        change = {
            "chat": {"id": chat, "type": "private"}, "from": {"id": chat, "is_bot": False, "first_name": "An"},
            "date": int(time.time()), "old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": new,
        }  # fmt: skip
        return self.deliver({"my_chat_member": change})

    def deliver(self, update: dict[str, Any], secret: str = SECRET) -> int:
        body = {"update_id": 1_000 + next(self.serial), **update}
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        return httpx.post(f"{self.gateway}/webhooks/telegram", json=body, headers=headers, timeout=30).status_code

    def photo(self, data: bytes) -> list[dict[str, Any]]:
        """A photo somebody can send."""
        name = f"photo{next(self.serial)}"
        self.files[name] = data
        return [{"file_id": name, "file_unique_id": name, "width": 100, "height": 100, "file_size": len(data)}]

    async def _file(self, request: Request) -> Response:
        data = self.files.get(request.path_params["name"])
        return Response(data) if data and request.path_params["token"] == TOKEN else Response(status_code=404)

    async def _method(self, request: Request) -> Response:
        name = request.path_params["method"]
        async with request.form() as form:
            body = {key: value if isinstance(value, str) else "<file>" for key, value in form.items()}
        self.calls.append((name, body))
        if request.path_params["token"] != TOKEN:
            return _failed(401, "Unauthorized")
        if name.startswith("send") and name != "sendChatAction" and self.failures:
            status, description, parameters = self.failures.pop(0)
            return _failed(status, description, parameters)
        if name == "getUpdates" and self.poll_failures:
            return _failed(*self.poll_failures.pop(0))
        return JSONResponse({"ok": True, "result": self._result(name, body)})

    def _result(self, name: str, body: dict[str, Any]) -> Any:
        if name == "getMe":
            return {"id": 424242, "is_bot": True, "first_name": "Lá Chắn", "username": "lachan_bot"}
        if name == "getFile":
            return {"file_id": body["file_id"], "file_unique_id": "x", "file_path": body["file_id"]}
        if name == "getUpdates":
            offset = int(body.get("offset") or 0)
            return [update for update in self.updates if update["update_id"] >= offset]
        if name == "getWebhookInfo":
            return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0}
        if name in {"setWebhook", "deleteWebhook"}:
            self.webhook = body.get("url", "")
        if name in {"sendMessage", "sendPhoto"}:
            chat = {"id": int(body["chat_id"]), "type": "private"}
            return {
                "message_id": next(self.serial),
                "date": int(time.time()),
                "chat": chat,
                "text": body.get("text", ""),
            }
        return True


def _failed(status: int, description: str, parameters: dict[str, Any] | None = None) -> Response:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters or {}}
    return JSONResponse(body, status_code=status)
