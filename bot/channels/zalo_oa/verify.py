"""Is this webhook from Zalo? Plain SHA-256 over raw bytes, not an HMAC (docs.zaloplatforms.com, OA, Webhook)."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from typing import Any

from bot.core.errors import NotAuthenticated

log = logging.getLogger(__name__)

HEADER = "X-ZEvent-Signature"
_PREFIX = re.compile(r"^\s*mac\s*=\s*", re.IGNORECASE)  # with or without it: both seen, the literal is UNVERIFIED


def signature(raw: bytes, app_id: str, timestamp: str, secret: str) -> str:
    """sha256(appId + data + timeStamp + OAsecretKey), lower-case hex."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


def verified(raw: bytes, header: str, app_id: str, secret: str) -> dict[str, Any]:
    """The body as a JSON object. Raises NotAuthenticated; nothing of an unsigned body is looked at but its timestamp.

    Age is not judged here: Zalo repeats a delivery for up to two hours with the same body and signature. Repeats are
    recognised by the message id, older ones by bot.services.messaging.replays.
    """
    got = _PREFIX.sub("", header or "").strip().lower()
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    fields = body if isinstance(body, dict) else {}
    timestamp = fields.get("timestamp", "")
    stamp = str(timestamp) if isinstance(timestamp, str | int) else ""
    want = signature(raw, app_id, stamp.encode("utf-8", "replace").decode(), secret)
    # Compared even when hopeless, so that the time taken tells nothing.
    genuine = hmac.compare_digest(got.encode("utf-8", "replace"), want.encode())
    if not (genuine and secret and app_id and fields and str(fields.get("app_id", "")) == app_id):
        raise NotAuthenticated("bad_signature")
    return fields


def explain(raw: bytes, header: str, app_secret: str, oa_secret: str, app_id: str, oa_id: str) -> str:
    """Which other reading of Zalo's documents a refused signature fits: "oa_id", "app_secret" or "".

    Sources disagree on the first term and on the secret (UNVERIFIED). Only logged, as a hint for the operator: accepting
    several readings would let whoever holds the weaker secret sign.
    """
    got = _PREFIX.sub("", header or "").strip().lower().encode("utf-8", "replace")
    try:
        stamp = str(json.loads(raw).get("timestamp", "")).encode("utf-8", "replace").decode()
    except (ValueError, AttributeError, RecursionError):
        return ""
    for name, first, secret in (("oa_id", oa_id, oa_secret), ("app_secret", app_id, app_secret)):
        if first and secret and hmac.compare_digest(got, signature(raw, first, stamp, secret).encode()):
            log.warning("zalo_signature_fits_other_reading", extra={"code": name})
            return name
    return ""
