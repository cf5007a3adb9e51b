"""The end of the audit chain, written down where whoever can write to the database cannot: one line of JSON each time.

    {"lachan_audit": 1, "at": "2026-11-29T08:00:00Z", "seq": 4711, "hash": "<64 hexadecimal digits>"}

A line is only ever added. It names nobody and nothing that happened.
"""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from bot.services.audit import Head

# Found inside other text as well: a mail's body, a page of a notebook typed off.
_LINE = re.compile(r'\{[^{}]*"lachan_audit"[^{}]*\}')
_HASH = re.compile(r"[0-9a-f]{64}")


class HeadsError(Exception):
    """A file of heads cannot be read or written. Says why, without its content."""


def line(head: Head, now: float) -> str:
    """One end of the chain as it is kept."""
    at = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({"lachan_audit": 1, "at": at, "seq": head.seq, "hash": head.hash})


def read(text: str) -> list[Head]:
    """Every end in a text. Raises HeadsError for a line that was one and is damaged."""
    found = []
    for piece in _LINE.findall(text):
        try:
            said = json.loads(piece)
            seq, digest = said["seq"], said["hash"]
        except (ValueError, KeyError):
            raise HeadsError("damaged") from None
        if not isinstance(seq, int) or not isinstance(digest, str) or not _HASH.fullmatch(digest):
            raise HeadsError("damaged")
        found.append(Head(seq, digest))
    return found


def plain(data: bytes) -> str:
    """The text of a file of lines, or of a mail that was saved as it came (its body may be base64)."""
    if b"\nMIME-Version:" not in data and not data.startswith(b"MIME-Version:"):
        return data.decode("utf-8", errors="replace")
    message = message_from_bytes(data, policy=policy.default)
    parts = (part for part in message.walk() if part.get_content_type() == "text/plain")
    return "\n".join(str(part.get_content()) for part in parts)


def kept(path: Path) -> list[Head]:
    """The ends in a file; none where there is no file yet. Raises HeadsError."""
    try:
        return read(path.read_text(encoding="utf-8", errors="replace"))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise HeadsError(type(error).__name__) from None


def append(path: Path, head: Head, now: float) -> bool:
    """Add the end of the chain to the file, unless it stands there already. Raises HeadsError.

    Opened for appending only, so that a file marked so (`chattr +a`), or a share that refuses anything else, will do.
    """
    if head in kept(path)[-1:]:
        return False
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        with os.fdopen(handle, "a", encoding="utf-8") as out:
            out.write(line(head, now) + "\n")
    except OSError as error:
        raise HeadsError(type(error).__name__) from None
    return True
