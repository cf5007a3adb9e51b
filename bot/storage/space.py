"""Room on the disk: files from strangers must never take the last of it, because words need it."""

from __future__ import annotations

import shutil
from pathlib import Path

FULL = 8 * 1024 * 1024  # bytes; below, not even words can be counted on to be stored


def free(folder: Path) -> int:
    """Bytes that may still be written in `folder`, or where it would be made."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free
