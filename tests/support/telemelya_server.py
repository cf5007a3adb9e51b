"""Runs telemelya, a Bot API test server written elsewhere, without the Redis and the object store it wants.

For telemelya's own Python: telemelya_server.py PORT SECRET. Redis is fakeredis; files lie in a dictionary; its deliveries
carry the secret header that it leaves out.
"""

from __future__ import annotations

import functools
import sys

import aiohttp
import fakeredis
import uvicorn
from telemelya.server import state
from telemelya.server.app import app
from telemelya.server.media import MediaManager

HEADER = "X-Telegram-Bot-Api-Secret-Token"
files: dict[str, bytes] = {}


async def connect_state(self) -> None:
    self._redis = fakeredis.FakeAsyncRedis(decode_responses=True)


async def nothing(self) -> None:
    pass


async def upload(self, session_id, file_id, filename, data, content_type="application/octet-stream") -> str:
    key = self._object_key(session_id, file_id, filename)
    files[key] = data
    return key


async def download_by_key(self, key):
    return files.get(key)


state.StateManager.connect = connect_state
MediaManager.connect, MediaManager.close = nothing, nothing
MediaManager.upload, MediaManager.download_by_key = upload, download_by_key
aiohttp.ClientSession = functools.partial(aiohttp.ClientSession, headers={HEADER: sys.argv[2]})

uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
