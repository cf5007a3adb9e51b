"""The sheet and the original attachments in one ZIP file, with their check sums."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime

from bot.services.messaging.render import VIETNAM

SUMS = "SHA256SUMS.txt"


def write(parts: Sequence[tuple[str, bytes]], at: float) -> bytes:
    """The bytes of a .zip file. parts: (name, bytes); `sha256sum -c SHA256SUMS.txt` checks them. at: for all dates."""
    moment = datetime.fromtimestamp(at, VIETNAM).timetuple()[:6]
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in [*parts, (SUMS, sums.encode())]:
            # Stored as they are: pictures, sound and video do not get smaller.
            archive.writestr(zipfile.ZipInfo(name, moment), data)
    return out.getvalue()
