"""The web chat's HTTP interface. Errors are JSON with a code and a Vietnamese sentence."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.core.content.model import MAIN_LANGUAGES
from bot.core.errors import InvalidInput, NotAuthenticated, TooLarge
from bot.core.messages import (
    MAX_ATTACHMENT_BYTES,
    MAX_ATTACHMENTS,
    Channel,
    InboundKind,
    InboundMessage,
    OutboundMessage,
)
from bot.core.written import written
from bot.dialogue.bursts import LONGEST_WAIT
from bot.gateway import originals, upload
from bot.gateway.bell import rung
from bot.gateway.conductor import CHOICE_SHAPE
from bot.gateway.file_taker import Taken
from bot.services.messaging import contacts, turns
from bot.services.messaging.inbox import Accepted
from bot.services.minutes import quarter
from bot.services.tips import files, reporter_files
from bot.storage.tables import Conversation

MAX_JSON_BYTES = 64 * 1024
MAX_MULTIPART_BYTES = MAX_ATTACHMENT_BYTES + 256 * 1024
WAIT_SECONDS = 12.0  # longest a POST waits for its turn; afterwards the answer is fetched
SESSION_BYTES = 32
STREAM_SECONDS = 600.0  # then the page opens another one
QUIET_SECONDS = 20.0  # between looks for what other processes wrote, such as an officer's answer


def routes() -> list[Route]:
    """The API's routes; each finds the application's parts in `request.app.state.parts`."""
    return [
        Route("/chat/api/sessions", start_session, methods=["POST"]),
        Route("/chat/api/sessions", end_session, methods=["DELETE"]),
        Route("/chat/api/messages", post_message, methods=["POST"]),
        Route("/chat/api/messages", get_messages, methods=["GET"]),
        Route("/chat/api/events", events, methods=["GET"]),
        Route("/chat/api/files/{name}", get_file, methods=["GET"]),
    ]


async def start_session(request: Request) -> Response:
    """A fresh session. The token is the only thing that leads back to the conversation."""
    parts = request.app.state.parts
    if not parts.limits.sessions.allow(request.client.host if request.client else ""):
        raise InvalidInput("too_many")
    token = secrets.token_urlsafe(SESSION_BYTES)
    conversation = parts.vault.conversation_id(Channel.WEB, token)

    def create(session: Session) -> None:
        session.add(Conversation(id=conversation, channel=Channel.WEB.value, updated_at=quarter(parts.now())))

    await parts.db.run(create)
    return JSONResponse({"session": token})


async def end_session(request: Request) -> Response:
    """Quick exit: forget everything of the conversation at once."""
    parts = request.app.state.parts
    _, conversation = await _session(request)
    await parts.db.run(lambda s: contacts.forget(s, conversation))
    return Response(status_code=204)


async def post_message(request: Request) -> Response:
    """Store the message, run its turn, answer with what was said. A repeated id gets the same answer."""
    parts = request.app.state.parts
    token, conversation = await _session(request)
    if not parts.limits.messages.allow(conversation):
        raise InvalidInput("too_many")
    message, taken = await _message(request, token, conversation)
    (accepted,) = await parts.intake.accept([message])
    if not accepted.fresh:
        await parts.taker.undo(conversation, taken)
    found = await _answered(parts, conversation, accepted)
    return JSONResponse({"messages": [_shape(number, reply) for number, reply in found]})


async def get_messages(request: Request) -> Response:
    """What came after `after` (an id), oldest first, at most 200."""
    parts = request.app.state.parts
    _, conversation = await _session(request)
    raw = request.query_params.get("after", "0")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 16):
        raise InvalidInput("bad_request")
    found = await parts.db.read(lambda s: turns.later_replies(s, parts.vault, conversation, int(raw)))
    return JSONResponse({"messages": [_shape(number, reply) for number, reply in found]})


async def events(request: Request) -> Response:
    """Later answers as server-sent events; a comment every 20 s keeps proxies awake.

    Starts after the id in `after`, or in the header with which a browser's EventSource takes up a stream that broke.
    """
    parts = request.app.state.parts
    _, conversation = await _session(request)
    raw = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    after = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 16 else 0

    async def stream(after: int):
        yield ": ok\n\n"
        end = time.monotonic() + STREAM_SECONDS
        with parts.limits.streams.opened(conversation) as (place, lost), parts.bell.listening(conversation) as bell:
            for other in lost:
                parts.bell.ring(other)
            while time.monotonic() < end and not place.ended and not await request.is_disconnected():
                found = await parts.db.read(
                    lambda s, seen=after: turns.later_replies(s, parts.vault, conversation, seen)
                )
                if found:
                    after = found[-1][0]
                    messages = [_shape(number, reply) for number, reply in found]
                    body = json.dumps({"messages": messages}, ensure_ascii=False)
                    yield f"event: messages\nid: {after}\ndata: {body}\n\n"
                elif not await rung(bell, QUIET_SECONDS):
                    yield ": still here\n\n"

    return StreamingResponse(stream(after), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def get_file(request: Request) -> Response:
    """A file an officer sent, for the session that has the tip open; of a picture the clean copy."""
    parts = request.app.state.parts
    _, conversation = await _session(request)
    if not parts.limits.messages.allow(conversation):
        raise InvalidInput("too_many")
    file_id = request.path_params["name"].partition(".")[0]
    ref = await parts.db.read(
        lambda s: reporter_files.for_reporter(s, parts.vault, conversation, file_id, parts.now())
    )  # fmt: skip
    data = await asyncio.to_thread(files.fetch, parts.settings.blobs_dir, ref, view=ref.view)
    return Response(
        data, media_type="image/jpeg" if ref.view else "application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="tep.{reporter_files.ending(ref)}"', "Cache-Control": "no-store"},
    )  # fmt: skip


async def _session(request: Request) -> tuple[str, str]:
    """(token, conversation id) of a live session. Raises NotAuthenticated."""
    parts = request.app.state.parts
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 20 <= len(token) <= 100 or not token.isascii():
        raise NotAuthenticated("unknown_session")
    conversation = parts.vault.conversation_id(Channel.WEB, token)
    query = select(col(Conversation.ended)).where(col(Conversation.id) == conversation)
    ended = await parts.db.read(lambda s: s.execute(query).scalar_one_or_none())
    if ended is None or ended:
        raise NotAuthenticated("unknown_session")
    return token, conversation


async def _answered(parts: Any, conversation: str, accepted: Accepted) -> list[tuple[int, OutboundMessage]]:
    """The answer to a message, once its turn is done or the hotline card stands in; what there is when time is up."""
    deadline = time.monotonic() + WAIT_SECONDS
    pending, until = accepted.status == "pending", accepted.due_at
    work: asyncio.Task[float] | None = None  # goes on when nobody waits for it any more: files follow their words
    with parts.bell.listening(conversation) as bell:
        while True:
            if pending and until <= parts.now() and work is None:
                work = parts.dispatcher.begin(accepted)
            if work is not None:
                await _first_of(work, bell)
                until, work = (work.result(), None) if work.done() else (until, work)
            found, done = await parts.db.read(lambda s: turns.outcome(s, parts.vault, conversation, accepted.inbox_id))
            if found or done or (work is None and time.monotonic() > deadline):
                return found
            if work is None:
                # Another process has the conversation, or the person may write more: a button or a cry ends that wait.
                await rung(bell, max(0.05, min(until - parts.now(), LONGEST_WAIT)))


async def _first_of(work: asyncio.Task[float], bell: asyncio.Event) -> None:
    """Wait for the work's end or the bell, whichever comes first."""
    waits = asyncio.create_task(bell.wait())
    try:
        await asyncio.wait({work, waits}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waits.cancel()
        bell.clear()


async def _message(request: Request, token: str, conversation: str) -> tuple[InboundMessage, list[Taken]]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _multipart(request, token, conversation)
    if kind != "application/json":
        raise InvalidInput("bad_request")
    return await _plain(request, token), []


async def _plain(request: Request, token: str) -> InboundMessage:
    raw = await read_body(request, MAX_JSON_BYTES)
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise InvalidInput("bad_request")
    text, choice, location = body.get("text"), body.get("choice"), body.get("location")
    given = [value for value in (text, choice, location) if value is not None]
    if len(given) != 1:
        raise InvalidInput("bad_request")
    message_id = _message_id(body.get("message_id"))
    made = partial(InboundMessage, channel=Channel.WEB, sender=token, message_id=message_id, at=time.time())
    if location is not None:
        latitude, longitude = _position(location)
        return made(kind=InboundKind.LOCATION, latitude=latitude, longitude=longitude)
    if choice is not None:
        if not isinstance(choice, str) or not CHOICE_SHAPE.match(choice):
            raise InvalidInput("unknown_choice")
        language = next((code for code in MAIN_LANGUAGES if code == body.get("language")), "")
        return made(kind=InboundKind.CHOICE, choice=choice, language=language)
    return made(kind=InboundKind.TEXT, text=_text(text))


async def _multipart(request: Request, token: str, conversation: str) -> tuple[InboundMessage, list[Taken]]:
    """Words and files. A file that cannot be taken costs only itself; the turn says why."""
    parts = request.app.state.parts
    declared = request.headers.get("content-length", "")
    if not declared.isdecimal():
        raise InvalidInput("bad_request")
    if int(declared) > MAX_MULTIPART_BYTES:
        raise TooLarge("files_too_large")
    async with upload.form(request, parts.settings.blobs_dir, parts.taker.floor, MAX_ATTACHMENTS) as form:
        message_id, text = _message_id(form.fields.get("message_id")), _text(form.fields.get("text", ""), empty_ok=True)
        if not form.files:
            raise InvalidInput("bad_request")
        original = form.fields.get("original") in {"1", "true", "on"} or originals.asks(text)
        asked, danger = await parts.db.read(lambda s: originals.before(s, parts.vault, conversation, parts.now()))
        take = partial(parts.taker.take, conversation, original=original or asked, urgent=danger)
        if text.strip():  # no words wait at the door until pictures are drawn: see Dispatcher
            take = partial(parts.taker.put_by, conversation)
        taken, refused = await _taken(take, form.files)
        refused += ["files_full"] if form.more_files else []
    if not taken and not text.strip():
        raise InvalidInput(refused[0])
    message = InboundMessage(
        channel=Channel.WEB, sender=token, message_id=message_id, kind=InboundKind.ATTACHMENT, text=text,
        attachments=tuple(one.attachment for one in taken), at=time.time(), refused=tuple(dict.fromkeys(refused)),
        original=original or asked,
    )  # fmt: skip
    return message, taken


async def _taken(
    take: Callable[[int, Callable[[], bytes]], Awaitable[Taken]], sent: list[upload.Waiting]
) -> tuple[list[Taken], list[str]]:
    """What was kept of the files of one form, and why others were not."""
    taken, refused = [], []
    for file in sent:
        try:
            taken.append(await take(file.size, file.read_all))
        except InvalidInput as error:
            refused.append(error.code)
        file.close()
    return taken, refused


async def read_body(request: Request, limit: int) -> bytes:
    """The raw body. Raises TooLarge as soon as it is longer than `limit` bytes."""
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge("too_large")
        chunks.append(chunk)
    return b"".join(chunks)


def _message_id(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= 100 or not value.isprintable():
        raise InvalidInput("bad_request")
    return value


def _text(value: Any, *, empty_ok: bool = False) -> str:
    if not isinstance(value, str):
        raise InvalidInput("bad_request")
    text = written(value)
    if not text.strip() and not empty_ok:
        raise InvalidInput("empty")
    return text


def _position(value: Any) -> tuple[float, float]:
    try:
        latitude, longitude = float(value["latitude"]), float(value["longitude"])
    except (TypeError, KeyError, ValueError, OverflowError):  # an integer of 400 digits is valid JSON
        raise InvalidInput("bad_request") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise InvalidInput("bad_request")
    return latitude, longitude


def _shape(number: int, reply) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": str(number),
        "text": reply.text,
        "choices": [{"id": choice.id, "title": choice.title} for choice in reply.choices],
    }
    if reply.calls:
        shape["calls"] = [{"dial": call.id, "title": call.title} for call in reply.calls]
    if reply.image:
        shape["image"] = {"src": f"/pictures/{reply.image}", "alt": reply.image_alt}
    if reply.attachments:
        shape["attachments"] = [
            {"href": f"/chat/api/files/{item.ref}", "kind": item.kind, "name": f"tep-{item.ref[:8]}.{item.ref.rpartition('.')[2]}"}
            for item in reply.attachments
        ]  # fmt: skip
    if reply.ask_location:
        shape["ask_location"] = True
    return shape
