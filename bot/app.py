"""The composition root: settings and adapters become the parts each process uses. Nothing connects at import."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import resource
import sys
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.content.clocks import load_clocks
from bot.content.files import ContentFiles
from bot.content.phrasebooks import Phrasebook, load_phrasebooks
from bot.content.places.built import load_gazetteer
from bot.core.clocks import Clocks
from bot.core.errors import ConfigError
from bot.core.places.gazetteer import Gazetteer
from bot.services.messaging.render import Renderer
from bot.settings import Settings
from bot.storage import marks
from bot.storage.database import Database
from bot.storage.vault import Vault

SLOW_AT_ONCE = 2  # slow hashes of one kind at once


@dataclass
class Core:
    """What every process shares. Built lazily: a command that needs no database opens none."""

    settings: Settings
    now: Callable[[], float] = time.time

    @cached_property
    def db(self) -> Database:
        return Database(self.settings.database_url, marks.key_for(self.settings.keys))

    @cached_property
    def vault(self) -> Vault:
        return Vault(self.settings.keys, kdf_ops=self.settings.kdf_ops, kdf_mem=self.settings.kdf_mem)

    @cached_property
    def content(self) -> ContentFiles:
        return ContentFiles(self.settings.content_dir)

    @cached_property
    def books(self) -> Mapping[str, Phrasebook]:
        return load_phrasebooks(self.settings.content_dir / "dialogue")

    @cached_property
    def clocks(self) -> Clocks:
        return load_clocks(self.settings.content_dir / "clocks.yml")

    @cached_property
    def gazetteer(self) -> Gazetteer:
        return load_gazetteer(content=self.settings.content_dir / "places")

    def province_of(self, commune: str) -> str:
        """The code of a commune's province; '' for a code nobody has."""
        found = self.gazetteer.communes.get(commune)
        return found.province if found else ""

    @cached_property
    def renderer(self) -> Renderer:
        return Renderer(
            lambda: self.content.library, lambda: self.books, lambda: self.content.checklist, date.today,
            self.settings.public_url,
        )  # fmt: skip

    @cached_property
    def slow(self) -> ThreadPoolExecutor:
        """Threads for Argon2id of tips and passwords: two, of low priority, so that a burst does not keep others waiting."""
        return ThreadPoolExecutor(SLOW_AT_ONCE, thread_name_prefix="slow", initializer=_yield_to_others)

    @cached_property
    def codes(self) -> ThreadPoolExecutor:
        """Threads for Argon2id of receipt codes. Strangers may try as many as they like; no tip waits behind them.

        In the console: of officers whose browser signed in before, who wait behind no stranger's passwords.
        """
        return ThreadPoolExecutor(2, thread_name_prefix="codes", initializer=_yield_to_others)

    def close(self) -> None:
        """Close what was opened."""
        if "db" in self.__dict__:
            self.db.close()
        for name in ("slow", "codes"):
            if name in self.__dict__:
                self.__dict__[name].shutdown(wait=False, cancel_futures=True)


def _yield_to_others() -> None:
    # On Linux a thread has a priority of its own; elsewhere the call may be refused, which only costs others time.
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


class EventFormatter(logging.Formatter):
    """level, logger, event code and content-free extras. Arguments and exception texts are never printed."""

    SHOWN = ("error", "path", "status", "channel", "count", "seconds", "worker", "code")

    def format(self, record: logging.LogRecord) -> str:
        event = record.msg if isinstance(record.msg, str) and record.name.startswith("bot.") else "external_event"
        extras = " ".join(f"{name}={record.__dict__[name]}" for name in self.SHOWN if name in record.__dict__)
        return (
            f"{self.formatTime(record, '%Y-%m-%dT%H:%M:%S')} {record.levelname} {record.name} {event} {extras}".rstrip()
        )


def share_with_group(folder: Path) -> None:
    """Files are for their owner only, unless the data directory belongs to a group on purpose (mode 2770): then gateway,
    console and jobs may run as users of their own, and what one writes the others read."""
    with contextlib.suppress(FileNotFoundError):
        if folder.stat().st_mode & 0o2070 == 0o2070:
            os.umask(0o007)


def hide_memory() -> None:
    """Memory and environment of this process hold keys and what people are writing: no other process may read them, not
    even one of the same user (PR_SET_DUMPABLE of prctl(2)). Elsewhere than on Linux nothing is done."""
    if sys.platform.startswith("linux"):
        zero = ctypes.c_ulong(0)
        ctypes.CDLL(None).prctl(4, zero, zero, zero, zero)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def configure_logging(level: int = logging.INFO) -> None:
    """One handler for everything. Libraries speak from WARNING up, and only their name and level are shown."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(EventFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level)
    logging.raiseExceptions = False
    sys.excepthook = _quiet_excepthook


def _quiet_excepthook(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    # A traceback's last line quotes the exception, which may quote a citizen; a ConfigError is a sentence of ours.
    if isinstance(error, ConfigError):
        print(f"lachan: {error.args[0] if error.args else 'ConfigError'}", file=sys.stderr)
        return
    logging.getLogger("bot.app").critical("crashed", extra={"error": kind.__name__})
