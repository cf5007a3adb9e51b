"""How Zalo and Telegram are doing, and what could not be sent. Counts and reasons; never a message, never a person."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.channels.zalo_bot.limits import BULK_SHARE
from bot.channels.zalo_oa.limits import REFRESH_SECONDS
from bot.console.guard import ADMIN, CENTRAL, page
from bot.console.views import render
from bot.content.reasons import load_reasons
from bot.core.errors import InvalidInput
from bot.core.messages import Channel
from bot.services import audit
from bot.services.campaigns.acts import channels_on
from bot.services.messaging import channel_health
from bot.services.messaging.render import VIETNAM

WATCHERS = frozenset({CENTRAL, ADMIN})


@page("/channels", roles=WATCHERS)
async def show(request: Request) -> Response:
    core = request.app.state.core
    now, settings = core.now(), core.settings
    month = datetime.fromtimestamp(now, VIETNAM).strftime("%Y-%m")
    turned_on = channels_on(settings)

    def read(session: Session):
        health = [channel_health.look(session, channel, month, now) for channel in channel_health.on(turned_on)]
        return health, channel_health.set_aside(session, now)

    health, aside = await core.db.read(read)
    context = {
        "health": health, "aside": aside, "off": [c.value for c in channel_health.PUSHED if c.value not in turned_on],
        "reasons": load_reasons(settings.content_dir), "bot": settings.zalo_bot, "bulk_share": BULK_SHARE,
        "refresh_seconds": REFRESH_SECONDS, "again": request.query_params.get("again", ""),
        "polling": [c for c in ("telegram", "zalo_bot") if getattr(settings, c).mode == "polling"],
    }  # fmt: skip
    return render(request, "channels.html", context)


@page("/channels/again", roles=WATCHERS, method="POST")
async def again(request: Request) -> Response:
    """Put back into the queue what surely was not delivered, or may go twice."""
    core, officer, form = request.app.state.core, request.state.officer, await request.form()
    channel, code = str(form.get("channel", "")), str(form.get("code", ""))
    if channel not in {known.value for known in Channel}:
        raise InvalidInput("not_safe_again")

    def work(session: Session) -> int:
        count = channel_health.send_again(session, channel, code, core.now())
        if count:
            audit.record(session, core.now(), officer.officer_id, "sent_again", channel, f"{code} {count}")
        return count

    count = await core.db.run(work)
    if not count and code not in channel_health.MAY_SEND_AGAIN:
        raise InvalidInput("not_safe_again")
    return RedirectResponse(f"/channels?again={count}", 303)
