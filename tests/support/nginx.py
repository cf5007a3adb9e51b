"""The real nginx with the file from docs/nginx, in front of a gateway and a console on loopback."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.live import wait_for
from tests.support.product import ROOT, free_port

PUBLIC, OFFICERS = "lachan.example.vn", "can-bo.example.vn"


def program() -> str:
    """Where nginx is. Fails with what to do when it is not there."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    assert found, "nginx is missing: scripts/test_tools.sh installs it"
    return found


def configured(folder: Path, port: int, gateway: str, console: str) -> str:
    """docs/nginx/lachan.conf for `folder`: plain http on one loopback port, because certificates are another matter."""
    text = (ROOT / "docs/nginx/lachan.conf").read_text(encoding="utf-8")
    text = re.sub(r"^\s*listen \[::\].*\n", "", text, flags=re.M)
    text = re.sub(r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};", text)
    text = re.sub(r"listen 80;", f"listen 127.0.0.1:{free_port()};", text)
    text = re.sub(r"^\s*ssl_.*\n", "", text, flags=re.M)
    text = text.replace("/var/log/nginx/lachan-error.log", str(folder / "error.log"))
    text = text.replace("server 127.0.0.1:8000;", f"server {urlsplit(gateway).netloc};")
    return text.replace("server 127.0.0.1:8001;", f"server {urlsplit(console).netloc};")


@contextmanager
def proxied(folder: Path, gateway: str, console: str = "http://127.0.0.1:9") -> Iterator[str]:
    """Run nginx; yields its address. Requests choose the side by their Host header."""
    port = free_port()
    kept = "".join(
        f"    {kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off;\nworker_processes 1;\npid {folder / 'pid'};\nerror_log {folder / 'start.log'};\n"
        f"events {{ worker_connections 4096; }}\nhttp {{\n{kept}{configured(folder, port, gateway, console)}}}\n",
        encoding="utf-8",
    )
    process = subprocess.Popen(
        [program(), "-p", str(folder), "-c", str(conf)], stdout=subprocess.DEVNULL, stderr=(folder / "out").open("w")
    )

    def open_for_business() -> bool:
        assert process.poll() is None, (folder / "out").read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        wait_for(open_for_business)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(60)
