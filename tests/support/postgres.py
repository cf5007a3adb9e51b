"""A PostgreSQL of our own on a Unix socket in a temporary folder; gone with the test session."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _tool(name: str) -> str:
    found = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}")) or (
        [shutil.which(name)] if shutil.which(name) else []
    )
    if not found:
        raise RuntimeError("PostgreSQL is not installed; run `make test`, which installs it, or scripts/test_tools.sh")
    return found[-1]


def _as_server(command: list[str], folder: Path) -> list[str]:
    # PostgreSQL refuses to run as root; root starts it as the user its package made.
    if os.geteuid() != 0:
        return command
    pwd.getpwnam("postgres")
    shutil.chown(folder, "postgres")
    return ["runuser", "-u", "postgres", "--", *command]


@contextmanager
def postgres(*, durable: bool = False) -> Iterator[str]:
    """URL of an empty database; the server listens on a Unix socket only. durable: as in production, for measurements."""
    folder = Path(tempfile.mkdtemp(prefix="lachan-pg-"))
    os.chmod(folder, 0o755)
    data = folder / "data"
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    options = f"-k {folder} -c listen_addresses='' -c max_connections=60"
    options += " -c shared_buffers=256MB -c max_wal_size=4GB" if durable else " -c fsync=off"
    try:
        subprocess.run(
            _as_server([_tool("initdb"), "-D", str(data), "-A", "trust", "-U", "lachan", "-E", "UTF8"], folder),
            check=True, capture_output=True, env=env, cwd=folder,
        )  # fmt: skip
        subprocess.run(
            _as_server([_tool("pg_ctl"), "-D", str(data), "-w", "-o", options, "-l", str(folder / "log"), "start"], folder),
            check=True, capture_output=True, env=env, cwd=folder,
        )  # fmt: skip
        yield f"postgresql:///postgres?host={folder}&user=lachan"
    finally:
        stop = [_tool("pg_ctl"), "-D", str(data), "-m", "immediate", "stop"]
        subprocess.run(_as_server(stop, folder), capture_output=True, env=env, cwd=folder, check=False)
        shutil.rmtree(folder, ignore_errors=True)
