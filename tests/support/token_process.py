"""One process that wants a fresh token pair: token_process.py live|die.

It says "ready", waits for a line, renews, and prints the version it got. `die`: the process is killed the moment the platform has
answered, before the new pair is stored.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from bot import settings
from bot.app import Core
from bot.channels.http_calls import new_client
from bot.channels.zalo_oa import tokens
from bot.core.messages import Channel
from bot.services.messaging import channel_tokens


def killed(*arguments: object) -> bool:
    os.kill(os.getpid(), signal.SIGKILL)
    return False


async def renew(core: Core) -> int:
    async with new_client() as http:
        store = tokens.Tokens(core.db, core.vault, core.settings.zalo_oa, http, core.now)
        stale = await core.db.read(lambda s: channel_tokens.load(s, core.vault, Channel.ZALO_OA))
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        return (await store.renew(stale)).version


if sys.argv[1] == "die":
    channel_tokens.rotated = killed
product = Core(settings.load())
print(asyncio.run(renew(product)), flush=True)
