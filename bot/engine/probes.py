"""Probe messages: does the loaded model still understand what it must?

Rasa loads a logistic regression *untrained* if one of its parts is not trusted, with a DEBUG line for all warning. So
every start asks the model some dozens of messages with known intents, and refuses to serve below MIN_SHARE.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

MIN_PROBES = 30
MIN_SHARE = 0.9


@dataclass(frozen=True)
class ProbeResult:
    """`wrong` maps a probe to (expected, got)."""

    total: int
    wrong: dict[str, tuple[str, str]]

    @property
    def ok(self) -> bool:
        return self.total >= MIN_PROBES and (self.total - len(self.wrong)) / self.total >= MIN_SHARE

    def __str__(self) -> str:
        lines = [f"{self.total - len(self.wrong)} of {self.total} probe messages understood"]
        if self.total < MIN_PROBES:
            lines.append(f"at least {MIN_PROBES} are needed")
        lines += [f"  {text!r}: expected {want}, got {got}" for text, (want, got) in self.wrong.items()]
        return "\n".join(lines)


async def run(probes: Mapping[str, str], parse: Callable[[str], Awaitable[dict[str, Any]]]) -> ProbeResult:
    """Ask every probe. `parse` is Engine.parse."""
    wrong: dict[str, tuple[str, str]] = {}
    for text, want in probes.items():
        got = (await parse(text))["intent"]
        if got != want:
            wrong[text] = (want, got)
    return ProbeResult(len(probes), wrong)
