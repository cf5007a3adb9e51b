"""The job queue: a SQLite file by default, Redis or PostgreSQL for many machines. Jobs are names; they carry no data.

Everything that matters is decided and claimed in the product's own database, so a job that is lost, doubled or late does
no harm: the next one finds what is due.
"""

from __future__ import annotations

from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer

from bot.core.errors import ConfigError
from bot.settings import Settings
from bot.storage import sealing

NAME = "lachan"


def make_queue(settings: Settings) -> Huey:
    """The queue of this installation. Raises ConfigError for an unknown kind of address, or a missing client library."""
    common = {
        "name": NAME,
        "results": False,  # a stored result of a failed job would be its exception, which may quote somebody
        # Jobs are pickled: without our signature, whoever writes to the queue could run code here.
        "serializer": SignedSerializer(secret=sealing.subkey(settings.keys.server, "job-queue").hex(), salt=NAME),
    }
    scheme = settings.huey_url.partition("://")[0]
    try:
        if not settings.huey_url:
            settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
            return SqliteHuey(filename=str(settings.data_dir / "jobs.db"), timeout=30, **common)
        if scheme in {"redis", "rediss"}:
            return RedisHuey(url=settings.huey_url, **common)
        if scheme == "postgresql":
            return PostgresHuey(dsn=settings.huey_url, **common)
    except ConfigurationError:
        raise ConfigError("LACHAN_HUEY_URL: the client library for this queue is not installed") from None
    raise ConfigError("LACHAN_HUEY_URL must begin with redis://, rediss:// or postgresql://")
