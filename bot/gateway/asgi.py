"""The gateway as an ASGI application: chat page, web API, webhooks, health, metrics; dispatcher and sender inside."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlmodel import Session
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.app import Core
from bot.channel_set import push_channels
from bot.channels.base import PushChannel, load_again, quiet_libraries
from bot.core.errors import LaChanError
from bot.core.lines import Callers
from bot.core.messages import Channel
from bot.core.sending import Address
from bot.dialogue.bursts import Rule
from bot.dialogue.heard import TurnInput
from bot.dialogue.numbered import is_number
from bot.dialogue.reading.places import PlacesReader
from bot.engine_client.pool import EnginePool, PoolConfig, PoolStats
from bot.engine_client.trust import Place
from bot.gateway import http, originals, pages, security_txt, web_api, webhooks
from bot.gateway.bell import Bell
from bot.gateway.bodies import Bodies
from bot.gateway.conductor import Conductor
from bot.gateway.dispatcher import Dispatcher
from bot.gateway.downloads import Downloads
from bot.gateway.file_taker import FileTaker
from bot.gateway.helpers import Router, cards, check_offer, screening_context
from bot.gateway.intake import Intake
from bot.gateway.limits import Limits
from bot.gateway.metrics import METRICS
from bot.gateway.polling import pollers
from bot.gateway.sender import Sender
from bot.gateway.tools import Engine, Tools
from bot.gateway.webhooks import Background
from bot.head import HeadersOnly
from bot.services import heartbeat, soundness
from bot.services.messaging.language_detect import detect, warm
from bot.services.messaging.render import Renderer
from bot.services.messaging.replays import Replays
from bot.services.units import notice_health
from bot.settings import Settings
from bot.storage import space
from bot.storage.database import Database
from bot.storage.vault import Vault

CONTENT_RELOAD_SECONDS = 5.0


class RunningEngine(Engine, Protocol):
    """What the gateway starts, asks and stops; `EnginePool`, or what a test brings in its place."""

    @property
    def stats(self) -> PoolStats:
        """How many workers there are and are ready."""

    async def start(self) -> None:
        """Returns at once; workers need some seconds."""

    async def stop(self) -> None:
        """Ends the workers."""


@dataclass
class Parts:
    """What routes use; found as request.app.state.parts."""

    core: Core
    settings: Settings
    db: Database
    vault: Vault
    renderer: Renderer
    engine: RunningEngine
    intake: Intake
    dispatcher: Dispatcher
    bell: Bell
    limits: Limits
    now: Callable[[], float]
    sender: Sender
    pushes: Mapping[Channel, PushChannel]
    background: Background
    taker: FileTaker
    replays: Replays


def build(
    core: Core, engine: RunningEngine | None = None, pushes: Mapping[Channel, PushChannel] | None = None
) -> Parts:
    """Put the gateway together. `engine` and `pushes` are given by tests that bring their own."""
    settings = core.settings
    running: RunningEngine = engine or EnginePool(
        PoolConfig(
            models=settings.models_dir, workers=settings.engine_workers, python=settings.engine_python,
            answer_timeout=settings.engine_timeout, use_tensorflow=settings.engine_use_tensorflow,
            wall=settings.engine_wall,
            trust=Place(settings.models_dir, settings.model_key_file, settings.model_public_key),
        )
    )  # fmt: skip
    bell, background = Bell(), Background()
    quiet_libraries()
    warm()
    pushes = pushes if pushes is not None else push_channels(core)
    sender = Sender(core.db, core.vault, pushes.values(), now=core.now, again=load_again(settings.content_dir))
    tools = Tools(
        vault=core.vault, renderer=core.renderer, engine=running, clocks=lambda: core.clocks, detect=detect,
        places=PlacesReader(core.gazetteer), route=Router(), cards=cards,
        screening=lambda draft: screening_context(core.content.checklist, draft), check_offer=check_offer(core),
        slow=core.slow, codes=core.codes, now=core.now, numbers=lambda channel: channel in pushes and pushes[channel].numbers,
        notices=lambda: notice_health.configured(settings),
    )  # fmt: skip

    async def answered(channel: Channel, conversation: str) -> None:
        bell.ring(conversation)
        sender.kick(channel)

    def started(turn: TurnInput) -> None:
        push = pushes.get(turn.channel)
        if push is not None:
            background(push.typing(Address(turn.message.sender, turn.message.reply_to)))

    rule = Rule(settings.quiet_seconds, lambda message: is_number(message, tools.numbers) or originals.wished(message))
    taker = FileTaker(core.db, core.vault, settings, core.now)
    intake = Intake(core.db, core.vault, now=core.now, rule=rule)
    downloads = Downloads(pushes, taker)
    dispatcher = Dispatcher(
        core.db, core.vault, Conductor(tools), now=core.now, answered=answered, started=started,
        fetch=downloads, settled=downloads.settled, give_way=intake.busy, rule=rule,
    )  # fmt: skip
    return Parts(
        core=core, settings=settings, db=core.db, vault=core.vault, renderer=core.renderer, engine=running,
        intake=intake, dispatcher=dispatcher, bell=bell, limits=Limits.of(Callers(settings.proxies)), now=core.now,
        sender=sender, pushes=pushes, background=background, taker=taker, replays=Replays(core.db, Channel.ZALO_OA),
    )  # fmt: skip


def create_app(parts: Parts) -> Starlette:
    """The application around `parts`; workers and dispatcher live as long as it does."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await parts.engine.start()
        tasks = [asyncio.create_task(parts.dispatcher.serve()), asyncio.create_task(_reload_content(parts))]
        tasks += parts.sender.start()
        tasks += pollers(parts.settings, parts.pushes, parts.intake, parts.dispatcher)
        yield
        await parts.dispatcher.stop()
        await parts.sender.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.engine.stop()
        parts.taker.close()

    app = Starlette(
        routes=[
            *web_api.routes(),
            *webhooks.routes(parts.settings),
            Route("/healthz", _healthz),
            Route("/readyz", _readyz),
            Route("/metrics", _metrics),
            *pages.routes(parts.settings),
            *security_txt.routes(parts.settings, parts.now),
        ],
        middleware=[
            Middleware(HeadersOnly),
            Middleware(http.SecurityHeaders, ancestors=parts.settings.widget_origins),
            Middleware(Bodies),
        ],
        exception_handlers={
            LaChanError: http.on_error,
            HTTPException: http.on_http,
            ClientDisconnect: http.on_gone,
            Exception: http.on_crash,
        },
        lifespan=lifespan,
    )
    app.state.parts = parts
    return app


async def _reload_content(parts: Parts) -> None:
    while True:
        await asyncio.sleep(CONTENT_RELOAD_SECONDS)
        await asyncio.to_thread(parts.core.content.reload_if_changed)


async def _healthz(request: Request) -> Response:
    return JSONResponse({"ok": True})


async def _readyz(request: Request) -> Response:
    """Ready to answer with the engine. Says what is missing, never what was said."""
    parts = request.app.state.parts
    started = time.monotonic()
    trouble, late = await _trouble(parts)
    database = not trouble
    left = space.free(parts.settings.blobs_dir)
    full = left < space.FULL
    stats = parts.engine.stats
    problems = list(parts.core.content.problems)
    body = {
        "database": database,
        "engine": {"ready": stats.ready, "workers": stats.workers, "restarts": stats.restarts},
        "channels": {"on": sorted(c.value for c in parts.pushes), "alarms": parts.sender.alarms()},
        "content": {"problems": problems[:20]},
        "jobs": {"late": late},
        "disk": {"free_mb": left // 2**20, "takes_files": left >= parts.settings.min_free_mb * 2**20},
        "cause": trouble or ("disk_full" if full else "" if stats.ready else "engine"),
        "seconds": round(time.monotonic() - started, 3),
    }
    return JSONResponse(body, status_code=200 if database and stats.ready and not full else 503)


async def _trouble(parts: Parts) -> tuple[str, list[str]]:
    """Why the store cannot be served, as a code of soundness.WORDS, or ''; and which duties of the jobs process are late."""

    def written(session: Session) -> list[str]:
        heartbeat.beat(session, soundness.WRITTEN, parts.now())  # a store that can only be read takes no tip
        return heartbeat.late(session, parts.now())

    try:
        judged = asyncio.to_thread(soundness.judge, parts.db, parts.settings.keys, parts.vault)
        trouble = await asyncio.wait_for(judged, 3)
        if trouble is not None and trouble.code != "keys_unknown":
            return trouble.code, []
        return "", await asyncio.wait_for(parts.db.run_first(written), 3)
    except Exception as error:
        return soundness.cause(error) or "unreachable", []


async def _metrics(request: Request) -> Response:
    METRICS.engine_ready.set(request.app.state.parts.engine.stats.ready)
    return Response(generate_latest(METRICS.registry), media_type=CONTENT_TYPE_LATEST)
