"""`make eval`, second half: predictions to docs/nlu-report.md and its plots.

Pure arithmetic on the JSON of `bot/engine/evaluate.py`; languages are asked here, where langdetect lives.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from bot.core.text import fold
from bot.dialogue.triage import EMERGENCY_INTENTS
from bot.services.messaging.language_detect import detect

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "docs" / "nlu-report.md"
PLOTS = ROOT / "docs" / "nlu-report"
Row = dict[str, Any]


def wilson(hits: int, total: int) -> tuple[float, float]:
    """95 % Wilson score interval of a share."""
    if total == 0:
        return 0.0, 1.0
    z = 1.96
    share = hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z / (1 + z * z / total) * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def share(rows: list[Row], good: Callable[[Row], bool]) -> str:
    """A share in the form `97.3 % (292 of 300; 94.8-98.6)`."""
    hits = sum(map(good, rows))
    low, high = wilson(hits, len(rows))
    return f"{100 * hits / max(len(rows), 1):.1f} % ({hits} of {len(rows)}; {100 * low:.1f}-{100 * high:.1f})"


def right(row: Row) -> bool:
    return bool(row["got"]["intent"] == row["intent"])


def plain_right(row: Row) -> bool:
    return bool(row["plain"]["intent"] == row["intent"])


def f1_by_intent(rows: list[Row]) -> dict[str, tuple[float, float, float, int]]:
    """intent -> (precision, recall, F1, messages)."""
    out = {}
    for name in sorted({row["intent"] for row in rows}):
        hit = sum(right(row) for row in rows if row["intent"] == name)
        said = sum(row["got"]["intent"] == name for row in rows)
        total = sum(row["intent"] == name for row in rows)
        precision, recall = hit / max(said, 1), hit / max(total, 1)
        out[name] = (precision, recall, 2 * precision * recall / max(precision + recall, 1e-9), total)
    return out


def calibration(rows: list[Row]) -> tuple[list[tuple[float, float, int]], float]:
    """Bins of (mean confidence, accuracy, messages) and the expected calibration error."""
    bins: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        bins[min(int(row["got"]["confidence"] * 10), 9)].append(row)
    points = []
    for _, group in sorted(bins.items()):
        points.append(
            (statistics.mean(r["got"]["confidence"] for r in group), sum(map(right, group)) / len(group), len(group))
        )
    return points, sum(abs(c - a) * n for c, a, n in points) / len(rows)


def plot_calibration(points: list[tuple[float, float, int]]) -> None:
    figure, axis = plt.subplots(figsize=(4.5, 4))
    axis.plot([0, 1], [0, 1], color="#999999", linewidth=1)
    axis.plot([p[0] for p in points], [p[1] for p in points], marker="o", color="#0b6e4f")
    axis.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1), title="Calibration")
    _save(figure, "calibration")


def plot_styles(by_style: dict[str, list[Row]]) -> None:
    names = sorted(by_style)
    values = [100 * sum(map(right, by_style[n])) / len(by_style[n]) for n in names]
    figure, axis = plt.subplots(figsize=(6, 3.6))
    axis.barh(names, values, color="#0b6e4f")
    axis.axvline(80, color="#b3261e", linewidth=1)
    axis.set(xlabel="intent accuracy, %", xlim=(50, 100), title="By style (line: the floor of 80 %)")
    _save(figure, "styles")


def plot_confusions(pairs: list[tuple[tuple[str, str], int]]) -> None:
    figure, axis = plt.subplots(figsize=(7.5, 4.2))
    labels = [f"{a} → {b}" for (a, b), _ in pairs][::-1]
    axis.barh(labels, [n for _, n in pairs][::-1], color="#7a5195")
    axis.set(xlabel="messages", title="Most frequent confusions (meant → understood)")
    _save(figure, "confusions")


def _save(figure: Any, name: str) -> None:
    PLOTS.mkdir(parents=True, exist_ok=True)
    figure.tight_layout()
    figure.savefig(PLOTS / f"{name}.png", dpi=110, metadata={"Software": None})
    plt.close(figure)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(list(head))]
    return "\n".join([*lines, *("| " + " | ".join(map(str, row)) + " |" for row in rows)])


def _intents(rows: list[Row]) -> list[str]:
    scores = f1_by_intent(rows)
    unseen = [row for row in rows if not row["seen"]]
    macro = statistics.mean(s[2] for s in scores.values())
    by_style = defaultdict(list)
    for row in rows:
        by_style[row["style"]].append(row)
    pairs = Counter((r["intent"], r["got"]["intent"]) for r in rows if not right(r)).most_common(15)
    points, error = calibration(rows)
    plot_calibration(points)
    plot_styles(by_style)
    plot_confusions(pairs)
    second = [row for row in rows if right(row) or row["got"]["second"] == row["intent"]]
    return [
        "## Meanings (41)",
        table(
            ["what", "measured (95 % interval)", "wanted"],
            [
                ["accuracy", share(rows, right), ">= 88 %"],
                ["without the messages that also stand in the training data", share(unseen, right), ""],
                ["without diacritics", share(rows, plain_right), "at most 2 points less"],
                ["macro-F1", f"{100 * macro:.1f} %", ""],
                ["right among the two likeliest (the two buttons)", f"{100 * len(second) / len(rows):.1f} %", ""],
                ["expected calibration error", f"{100 * error:.1f} points", ""],
            ],
        ),
        "![calibration](nlu-report/calibration.png)",
        "### By style",
        table(
            ["style", "accuracy", "without diacritics"],
            [[n, share(g, right), share(g, plain_right)] for n, g in sorted(by_style.items())],
        ),
        "![styles](nlu-report/styles.png)",
        "### Asking back",
        "`nlu_data/config.yml` uses 0.4 and 0.1. An emergency is never asked back.",
        _asking_back(rows),
        "### Confusions",
        "![confusions](nlu-report/confusions.png)",
        table(["meant", "understood", "messages"], [[a, b, n] for (a, b), n in pairs]),
        "### By intent",
        table(
            ["intent", "precision", "recall", "F1", "messages"],
            [[n, f"{p:.2f}", f"{r:.2f}", f"{f:.2f}", t] for n, (p, r, f, t) in scores.items()],
        ),
    ]


def _asking_back(rows: list[Row]) -> str:
    """What thresholds of the last component would mean: messages asked back, and accuracy of the answered ones."""
    lines = []
    for threshold, lead in ((0.0, 0.0), (0.2, 0.02), (0.3, 0.04), (0.4, 0.1), (0.5, 0.2)):
        asked = [
            r for r in rows
            if not r["got"]["emergency"] and r["got"]["intent"] != "non_vietnamese"
            and (r["got"]["confidence"] < threshold or r["got"]["lead"] < lead)
        ]  # fmt: skip
        answered = [row for row in rows if row not in asked]
        helped = [row for row in asked if right(row) or row["got"]["second"] == row["intent"]]
        lines.append([threshold, lead, f"{100 * len(asked) / len(rows):.1f} %",
                      f"{100 * sum(map(right, answered)) / len(answered):.1f} %", f"{len(helped)} of {len(asked)}"])  # fmt: skip
    return table(
        ["threshold", "lead", "asked back", "accuracy of the rest", "right meaning among the two buttons"], lines
    )


def _emergency(rows: list[Row]) -> list[str]:
    kinds = {kind: [r for r in rows if r["kind"] == kind] for kind in ("emergency", "near_miss", "everyday", "intent")}
    calm = [r for r in kinds["intent"] if r["intent"] not in EMERGENCY_INTENTS and r["intent"] != "non_vietnamese"]
    loud = [r for r in kinds["intent"] if r["intent"] in EMERGENCY_INTENTS]
    right_kind = [r for r in kinds["emergency"] if r["intent"] in EMERGENCY_INTENTS]

    def quiet(row: Row) -> bool:
        return not row["got"]["emergency"]

    return [
        "## Emergencies",
        "Decided by the triage (`bot/dialogue/triage`), not by the likeliest of 41 meanings. The right column is what the gateway"
        " does alone, by rules, while no engine answers.",
        table(
            ["messages", "wanted", "engine", "engine, no diacritics", "rules alone"],
            [
                [name, goal, share(group, test), share(group, plain), share(group, alone)]
                for name, goal, group, test, plain, alone in (
                    ("cries for help: flagged", ">= 98 %", kinds["emergency"], lambda r: r["got"]["emergency"],
                     lambda r: r["plain"]["emergency"], lambda r: r["got"]["rules"] == "emergency"),
                    ("near misses: silent", ">= 90 %", kinds["near_miss"], quiet,
                     lambda r: not r["plain"]["emergency"], lambda r: r["got"]["rules"] != "emergency"),
                    ("everyday: silent", ">= 98 %", kinds["everyday"], quiet,
                     lambda r: not r["plain"]["emergency"], lambda r: r["got"]["rules"] != "emergency"),
                    ("six emergency meanings among the 41: flagged", ">= 98 %", loud, lambda r: r["got"]["emergency"],
                     lambda r: r["plain"]["emergency"], lambda r: r["got"]["rules"] == "emergency"),
                    ("the other 34 meanings: silent", "", calm, quiet,
                     lambda r: not r["plain"]["emergency"], lambda r: r["got"]["rules"] != "emergency"),
                )
            ],
        ),
        f"Which of the six it is: {share(right_kind, right)}.",
    ]  # fmt: skip


def _language(rows: list[Row]) -> list[str]:
    groups = defaultdict(list)
    for row in rows:
        if row["kind"] == "language":
            groups[row["language"]].append({**row, "detected": detect(row["text"]), "bare": detect(fold(row["text"]))})
    others = [(r, detect(fold(r["text"]))) for r in rows if r["kind"] != "language" and r["intent"] != "non_vietnamese"]
    vietnamese = [{"detected": detect(r["text"]), "bare": bare} for r, bare in others]
    lines = [[code, share(g, lambda r: r["detected"] == r["language"])] for code, g in sorted(groups.items())]
    return [
        "## Language",
        table(["language (language.jsonl)", "recognised"], lines),
        "",
        "All other Vietnamese messages of the evaluation: "
        f"{share(vietnamese, lambda r: r['detected'] == 'vi')}; without diacritics {share(vietnamese, lambda r: r['bare'] == 'vi')}.",
    ]


def _cost(about: Row, rows: list[Row]) -> list[str]:
    times = sorted(r["got"]["ms"] for r in rows)
    return [
        "## Cost",
        f"CPU time to understand a message: median {statistics.median(times):.2f} ms, 95th percentile {times[int(len(times) * 0.95)]:.2f} ms"
        " (wanted: median under 5 ms; measured around classifier and triage, Rasa's graph adds about 0.3 ms).",
        table(["characters", "ms"], [[size, f"{ms:.2f}"] for size, ms in about["long"].items()]),
        f"Training: {about['examples']} examples, {about['intents']} intents, {about['training_seconds']} s. "
        f"Chosen on held-out training messages: {json.dumps({k: round(v, 3) for k, v in about['chosen'].items()})}.",
    ]


def main(source: Path) -> None:
    data = json.loads(source.read_text(encoding="utf-8"))
    rows = data["rows"]
    labelled = [row for row in rows if row["kind"] == "intent"]
    parts = [
        "# How well Lá Chắn understands",
        "Written by `make eval`; do not edit. The messages of `tests/eval` were written by hand, apart from the training data,"
        " and are never trained on. Shares are followed by counts and 95 % Wilson intervals.",
        *_emergency(rows),
        *_intents(labelled),
        *_language(rows),
        *_cost(data["about"], rows),
    ]
    REPORT.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(f"▸ {REPORT.relative_to(ROOT)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
