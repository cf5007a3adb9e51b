"""`make eval`, third part: the interview, played by reporters; writes docs/interview-report.md.

Arguments: files of tests/reporters (none: all of them). `--log FILE` writes the conversations; never read those of
the hands kept out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.eval_report import wilson  # noqa: E402
from tests.support import reporters  # noqa: E402
from tests.support.golden import Stage  # noqa: E402
from tests.support.reporters import Played  # noqa: E402
from tests.support.world import core_in  # noqa: E402

HANDS = ROOT / "tests" / "reporters"
REPORT = ROOT / "docs" / "interview-report.md"
KEPT_OUT = frozenset({"hand_7", "hand_9", "hand_10", "hand_12", "hand_13", "hand_14"})
_HEAD = """# How well the interview listens

Written by `make eval`; do not edit. Invented people of `tests/reporters` say what they would say to any question; the tip
is read as it was sealed. "Own section": the words of a fact stand where they belong (place, time, people, who is behind it,
traces, evidence, story); "only told": they stand in the story or in the verbatim record and nowhere else; "misplaced": in another
section only; "lost": nowhere. What is told after an urgent tip was sent counts under the label of its addition.
"Perfect": commune right, nothing lost or misplaced, the count right, nothing asked again. A fact counts as said where one message
says it; a correction at the question about the police is said to the read-back, where that question is put.
Hands 7, 9, 10, 12, 13 and 14 were never looked at while this was built, 1, 3 and 11 only after its first report; shares are
followed by 95 % Wilson intervals.

"""
_COLUMNS: dict[str, Callable[[list[Played]], str]] = {
    "people": lambda rows: str(len(rows)),
    "sent": lambda rows: str(sum(row.sent for row in rows)),
    "commune right": lambda rows: _of([row.commune == "right" for row in rows if row.commune != "none"]),
    "wrong": lambda rows: str(sum(row.commune == "wrong" for row in rows)),
    "own section": lambda rows: _facts(rows, "right"),
    "only told": lambda rows: _facts(rows, "story"),
    "misplaced": lambda rows: _facts(rows, "misplaced"),
    "lost": lambda rows: _facts(rows, "lost"),
    "never said, for nobody asked": lambda rows: str(sum(row.of("unsaid") for row in rows)),
    "asked again": lambda rows: str(sum(row.asked_again > 0 for row in rows)),
    "messages": lambda rows: f"{sum(row.turns for row in rows) / max(len(rows), 1):.1f}",
    "messages after sending": lambda rows: f"{sum(row.after for row in rows) / max(len(rows), 1):.1f}",
    "perfect": lambda rows: str(sum(row.perfect for row in rows)),
    "loops": lambda rows: str(sum(row.looped for row in rows)),
    "own number among traces": lambda rows: str(sum(row.own_in_traces for row in rows)),
    "count right": lambda rows: _of([row.count_right for row in rows]),
}


def _of(hits: list[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    return f"{sum(hits)} of {len(hits)} ({100 * low:.0f}-{100 * high:.0f} %)"


def _facts(rows: list[Played], verdict: str) -> str:
    total = sum(len(row.facts) - row.of("unsaid") for row in rows)
    return f"{100 * sum(row.of(verdict) for row in rows) / max(total, 1):.1f} %"


def table(groups: dict[str, list[Played]]) -> str:
    """Groups as columns, measures as rows."""
    lines = ["| | " + " | ".join(groups) + " |", "|---" * (len(groups) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(show(rows) for rows in groups.values()) + " |" for name, show in _COLUMNS.items()
    ]
    return "\n".join(lines)


def by_kind(rows: Iterable[Played]) -> str:
    """For each kind of fact where it ended up."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        for kind, _, verdict in row.facts:
            counts = found.setdefault(kind, dict.fromkeys(("right", "story", "misplaced", "lost", "unsaid"), 0))
            counts[verdict] += 1
    lines = ["| fact | own section | only told | misplaced | lost | never said |", "|---|---|---|---|---|---|"]
    return "\n".join(
        lines + [f"| {kind} | " + " | ".join(map(str, counts.values())) + " |" for kind, counts in found.items()]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--joined", action="store_true", help="what is written in one go arrives as one message")
    given = parser.parse_args()
    groups: dict[str, list[Played]] = {}
    log: list[str] = []
    with tempfile.TemporaryDirectory() as folder, core_in(
        Path(folder), LACHAN_ENGINE_WORKERS="1", LACHAN_ENGINE_TIMEOUT="30"
    ) as core:  # fmt: skip
        stage = Stage(core)
        for path in given.files or sorted(HANDS.glob("*.jsonl")):
            said: list[str] = []
            groups[path.stem] = [reporters.play(stage, row, said, joined=given.joined) for row in reporters.load(path)]
            log += said if path.stem not in KEPT_OUT else []
        stage.close()
    shown = {f"{name}{', kept out' if name in KEPT_OUT else ''}": rows for name, rows in groups.items()}
    everybody = [row for rows in groups.values() for row in rows]
    text = f"{table(shown)}\n\n## By kind of fact\n\n{by_kind(everybody)}\n"
    print(text)
    if given.log:
        given.log.write_text("\n".join(log), encoding="utf-8")
    if not given.files:
        REPORT.write_text(_HEAD + text, encoding="utf-8")


if __name__ == "__main__":
    main()
