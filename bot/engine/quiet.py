"""Silence. Stock Rasa prints citizens' words at WARNING and above in six ways; a worker prints nothing at all.

Three layers, because each of them alone has a hole: no telemetry and no warnings before Rasa is imported, logging off
once it is (its import configures structlog to print DEBUG to stdout), file descriptors 1 and 2 closed to the world
before the first message. Readiness and errors are told over the socket, as codes.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
import sys
import threading
import warnings
from typing import Any

_ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "PYTHONWARNINGS": "ignore",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


def _nothing(*_args: Any, **_kwargs: Any) -> None:
    return None


def before_import() -> None:
    """Telemetry off, warnings off, core dumps off, files private. Call before anything of Rasa is imported."""
    os.environ.update(_ENVIRONMENT)
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    warnings.showwarning = _nothing  # simplefilter is undone by libraries that set their own filters


def after_import() -> None:
    """Logging and structlog off, exception hooks mute. Call after Rasa was imported and before the first message."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.CRITICAL)  # without it structlog prints everything, at DEBUG, to stdout
    root = logging.getLogger()
    for handler in list(root.handlers):
        root.removeHandler(handler)
    root.addHandler(logging.NullHandler())
    logging.lastResort = None
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    warnings.showwarning = _nothing
    sys.excepthook = _nothing
    sys.unraisablehook = _nothing
    threading.excepthook = _nothing


def mute_streams() -> None:
    """Point file descriptors 1 and 2 at /dev/null, also for C code. There is no way back."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    os.close(null)


def mute_loop(loop: asyncio.AbstractEventLoop) -> None:
    """asyncio reports lost exceptions with the locals of the task: no report."""
    loop.set_exception_handler(_nothing)
