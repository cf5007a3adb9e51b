"""Clean copies of pictures: drawn anew in a process of its own, one at a time, so that no picture costs the product more."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

from bot.core.errors import InvalidInput
from bot.services.tips import redraw

WALL_SECONDS = 25.0  # a killed child only costs the clean copy
_SCRIPT = Path(redraw.__file__)
_ONE = threading.Lock()


def clean_copy(data: bytes) -> bytes | None:
    """The picture drawn anew as JPEG: no metadata, no second file hidden inside, upright.

    None when it may well be a picture, but drawing it takes more pixels, memory or time than is allowed. Raises
    InvalidInput('file_broken') when nobody could open it.
    """
    with _ONE:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(_SCRIPT)], input=data, capture_output=True, timeout=WALL_SECONDS,
                env={"MALLOC_ARENA_MAX": "1"}, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return None
    if done.returncode == redraw.BROKEN:
        raise InvalidInput("file_broken")
    # A negative number is a signal: over the limit of computing time, or no memory left in the decoder.
    return done.stdout if done.returncode == redraw.GOOD and done.stdout else None
