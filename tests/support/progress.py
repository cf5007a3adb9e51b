"""How far a long test is, for whoever waits for it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

STEPS = 20  # lines a test says of itself at most


@dataclass
class Progress:
    """Prints "what: done of total, seconds" each time another twentieth is done; short forms say nothing."""

    what: str
    total: int
    least: int = 100  # fewer than so many are no long test
    said: int = 0
    began: float = field(default_factory=time.monotonic)

    def at(self, done: int) -> None:
        """So many are done."""
        step = done * STEPS // self.total
        if self.total >= self.least and step > self.said:
            self.said = step
            print(f"{self.what}: {done:,} of {self.total:,}, {time.monotonic() - self.began:.0f} s", flush=True)
