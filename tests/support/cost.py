"""How the work for a text grows with its length, as a ratio: absolute times say more about the machine than about the code."""

from __future__ import annotations

import time
from collections.abc import Callable

LEAST = 0.002  # seconds of computing; below, the clock's grain would be measured


def of(work: Callable[[], object]) -> float:
    """The best of three, in computing time of this process, whatever else the machine does."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return max(min(times), LEAST)


def grows_linearly(work: Callable[[str], object], text: str, times: int = 4) -> bool:
    """Whether `text` costs about `times` as much as its first part of that share; quadratic work would cost times squared."""
    return of(lambda: work(text)) < times * 2.5 * of(lambda: work(text[: max(1, len(text) // times)]))
