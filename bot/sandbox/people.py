"""What people do on the pretended Zalo, and the webhooks that tell the product about it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx

from bot.channels.zalo_oa.verify import HEADER as OA_HEADER
from bot.channels.zalo_oa.verify import signature
from bot.sandbox.world import World

RETRIES = (1.0, 2.0)  # seconds; Zalo waits from half a minute to an hour
_MANAGEMENT = {"follow", "unfollow", "user_click_chatnow", "user_withdraw"}


class People:
    """Their taps and words, turned into signed deliveries. `http` reaches the product."""

    def __init__(self, world: World, http: httpx.AsyncClient) -> None:
        self._world, self._http = world, http

    async def say(self, user: str, text: str, *, conversation: str = "") -> int:
        """Write to the Official Account; with `conversation` as an anonymous visitor. Returns the webhook's status."""
        return await self._event(user, "text", {"text": text}, conversation)

    async def photo(self, user: str, url: str, kind: str = "image", *, text: str = "", conversation: str = "") -> int:
        """Send media that lies at `url`. kind: image | gif | audio | video | file."""
        part = {"type": kind, "payload": {"url": url, "thumbnail": url, "name": "tep", "size": "1000"}}
        return await self._event(user, kind, {"attachments": [part], "text": text}, conversation)

    async def place(self, user: str, latitude: float, longitude: float) -> int:
        """Share a place."""
        spot = {"latitude": str(latitude), "longitude": str(longitude)}
        return await self._event(
            user, "location", {"attachments": [{"type": "location", "payload": {"coordinates": spot}}]}
        )

    async def sticker(self, user: str) -> int:
        return await self._event(user, "sticker", {"attachments": [{"type": "sticker", "payload": {"id": "1"}}]})

    async def _event(self, user: str, kind: str, message: dict[str, Any], conversation: str = "") -> int:
        world = self._world
        person = world.person(user)
        person.last_interaction, person.blocked = world.now(), False  # who writes can be answered
        if conversation:
            person.conversation = conversation
            message = {**message, "conversation_id": conversation}
        name = f"{'anonymous' if conversation else 'user'}_send_{kind}"
        body = {
            "app_id": world.config.app_id, "sender": {"id": user}, "user_id_by_app": f"app-{user}",
            "recipient": {"id": world.config.oa_id}, "event_name": name,
            "message": {**message, "msg_id": world.next_id("in")}, "timestamp": self._stamp(),
        }  # fmt: skip
        return await self.deliver_oa(body)

    async def manage(self, user: str, event: str) -> int:
        """follow | unfollow | user_click_chatnow | user_withdraw."""
        world = self._world
        person = world.person(user)
        if event not in _MANAGEMENT:
            return 400
        person.blocked = event == "unfollow"
        if event in {"follow", "user_click_chatnow"}:
            person.last_interaction = world.now()
        body: dict[str, Any] = {
            "app_id": world.config.app_id, "oa_id": world.config.oa_id, "event_name": event, "timestamp": self._stamp(),
        }  # fmt: skip
        body |= {"user_id": user} if event in {"user_withdraw", "user_click_chatnow"} else {"follower": {"id": user}}
        return await self.deliver_oa(body)

    async def operator(self, user: str, text: str) -> int:
        """A human operator writes in Zalo's own tool; the account's echo comes as a webhook."""
        world = self._world
        shown = {"id": world.next_id("op"), "text": text, "buttons": [], "image": "", "at": world.now()}
        world.person(user).seen.append(shown)
        body = {
            "app_id": world.config.app_id, "sender": {"id": world.config.oa_id, "admin_id": "7001"},
            "recipient": {"id": user}, "event_name": "oa_send_text", "message": {"text": text, "msg_id": shown["id"]},
            "timestamp": self._stamp(),
        }  # fmt: skip
        return await self.deliver_oa(body)

    async def bot_event(self, user: str, event: str, **fields: Any) -> int:
        """Something said to the Zalo bot. event: text (text=) | image (photo_url=) | voice (voice_url=) | sticker..."""
        world = self._world
        world.person(user, bot=True).last_interaction = world.now()
        if len(world.bot_people) > world.config.bot_users:
            return 403
        message = {
            "date": int(world.now() * 1000), "chat": {"chat_type": "PRIVATE", "id": user},
            "message_id": world.next_id("bin"), "from": {"id": user, "is_bot": False, "display_name": "Thử"}, **fields,
        }  # fmt: skip
        body: dict[str, Any] = {"event_name": f"message.{event}.received", "message": message}
        if not world.webhook_url:
            world.updates.append(body)
            return 200
        return await self.deliver_bot({"ok": True, "result": body} if world.wrapped else body)

    async def deliver_oa(self, body: dict[str, Any]) -> int:
        """Sign and post an event as Zalo does: SHA-256 over the exact bytes."""
        config = self._world.config
        raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        mac = signature(raw, config.app_id, str(body.get("timestamp", "")), config.oa_secret)
        return await self._post(f"{config.gateway}/webhooks/zalo-oa", raw, {OA_HEADER: f"mac={mac}"})

    async def deliver_bot(self, body: dict[str, Any]) -> int:
        raw = json.dumps(body, ensure_ascii=False).encode()
        return await self._post(self._world.webhook_url, raw, {"X-Bot-Api-Secret-Token": self._world.webhook_secret})

    async def _post(self, url: str, raw: bytes, headers: dict[str, str]) -> int:
        for number, pause in enumerate((0.0, *RETRIES)):
            await asyncio.sleep(pause)
            extra = {"num_retry": str(number)} if number else {}
            try:
                response = await self._http.post(
                    url, content=raw, headers={"content-type": "application/json", **headers, **extra}
                )
            except httpx.TransportError:
                continue
            return response.status_code
        return 0

    def _stamp(self) -> str:
        return str(int(self._world.now() * 1000))
