"""Is this webhook from the Zalo Bot Platform? A plain shared secret in a header (docs.zaloplatforms.com, BOT, setWebhook)."""

from __future__ import annotations

import hmac

from bot.core.errors import NotAuthenticated

HEADER = "X-Bot-Api-Secret-Token"


def verify(header: str, secret: str) -> None:
    """Raises NotAuthenticated unless `header` is the secret; an empty secret matches nothing."""
    same = hmac.compare_digest((header or "").encode("utf-8", "replace"), secret.encode())
    if not (same and secret):
        raise NotAuthenticated("bad_signature")
