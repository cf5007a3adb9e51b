"""`make eval`, the offer check: sums by source to docs/offer-report.md.

Other files may be named as arguments (JSON lines like nlu_data/offers): a hand kept out is measured so, and only its sums are printed.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.content.offers import load_signal_book  # noqa: E402
from bot.core.offers.check import check_offer  # noqa: E402
from scripts.eval_report import wilson  # noqa: E402

REPORT = ROOT / "docs" / "offer-report.md"
FULL = 3  # marks from which an offer is a whole advert and no short turn
SOURCES = (
    *(ROOT / "nlu_data" / "offers" / f"hand_{number}.jsonl" for number in (1, 2, 3)),
    ROOT / "tests" / "eval_offers" / "scam.jsonl",
    ROOT / "tests" / "eval_offers" / "honest.jsonl",
    ROOT / "tests" / "eval_offers" / "kept_out.jsonl",
)
HEAD = """# How well offers are judged

`make eval` writes this. `kept_out` (a southern hand) was never read and never trained on: it is what a stranger meets, and only its sums are
looked at. All other texts also train the model (`nlu_data/offers/README.md` has their figures from before); a fall there says that something
broke. In brackets: texts, and the 95 % interval in percent.

| source | texts | called high | at least medium | low | no offer |
|---|---|---:|---:|---:|---:|
"""


def group(row: dict[str, Any], source: str) -> str:
    """What is measured apart from what."""
    if row.get("frame") in ("warning", "none"):
        return str(row["frame"])
    risk = row.get("risk") or {"scam": "high", "honest": "low"}.get(source, "?")
    kind = {"high": "dangerous", "low": "honest"}.get(str(risk), str(risk))
    marks = len(row.get("marks") or row.get("flags") or ())
    return f"{kind}, {FULL}+ marks" if kind == "dangerous" and marks >= FULL else kind


def share(hits: int, total: int) -> str:
    """`57.2 (190; 51.8-62.5)`."""
    low, high = wilson(hits, total)
    return f"{100 * hits / max(total, 1):.1f} ({hits}; {100 * low:.0f}-{100 * high:.0f})"


def rows(path: Path) -> list[str]:
    """The lines of one source."""
    book, counts = load_signal_book(), dict[str, Counter[str]]()
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        verdict = check_offer(row["text"], book)
        counts.setdefault(group(row, path.stem), Counter())[verdict.risk if verdict.kind == "offer" else "none"] += 1
    out = []
    for name, found in sorted(counts.items()):
        total = found.total()
        numbers = (found["high"], found["high"] + found["medium"], found["low"], found["none"])
        cells = " | ".join(share(hits, total) for hits in numbers)
        out.append(f"| {path.stem} | {name} ({total}) | {cells} |")
    return out


def main() -> None:
    others = [Path(name) for name in sys.argv[1:]]
    lines = [line for path in others or SOURCES for line in rows(path)]
    print("\n".join(lines))
    if not others:
        REPORT.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
