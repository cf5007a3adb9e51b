"""Two `lachan serve jobs` processes over one database and one queue, to be killed and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from bot.settings import ROOT

PROCESSES = 2


class Jobs:
    def __init__(self, env: dict[str, str]) -> None:
        self.env = os.environ | env
        self.running = [self.start() for _ in range(PROCESSES)]

    def start(self) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "jobs"], cwd=ROOT, env=self.env, stderr=subprocess.DEVNULL
        )

    def kill_one(self, which: int) -> None:
        os.kill(self.running[which].pid, signal.SIGKILL)
        self.running[which].wait(60)
        self.running[which] = self.start()

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(60)
