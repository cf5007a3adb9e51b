"""What the Zalo Bot Platform allows (docs.zaloplatforms.com, BOT). Basic plan as known in 2026-09; UNVERIFIED parts are settings."""

from __future__ import annotations

MAX_TEXT = 2_000  # sendMessage
MAX_CAPTION = 2_000  # sendPhoto
POLL_SECONDS = 30  # getUpdates: one update a call, consumed on reading
BULK_SHARE = 0.8  # campaign messages stop here, so that answers are left for the rest of the month
